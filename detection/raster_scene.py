"""A scene that can be read onto any grid of its CRS, and the one whose bands lie in files."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from rasterio.windows import Window

from detection.band import Band
from detection.bands import SCL_CLOUD
from detection.raster import RasterFile
from detection.scene import Reflectance, Scene
from documents.errors import InputError
from documents.scene import SceneInfo

Float = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

CloudReader = Callable[[GeoBox], Mask]
"""From a grid to the product's own cloud mask on it."""


def window_grid(grid: GeoBox, window: Window | None, overview: int) -> GeoBox:
    """Return the grid of ``window`` (pixels of ``grid``; None: all) halved ``overview`` times: ceil(size / 2^k) pixels.

    Pixel (r, c) lies over pixels [r 2^k, (r + 1) 2^k) of the window; the last may reach beyond it. Raise ValueError for
    a window that is empty or not inside the grid.
    """
    step = 2**overview
    if window is None:
        window = Window(0, 0, grid.shape[1], grid.shape[0])
    row, col, height, width = (int(v) for v in (window.row_off, window.col_off, window.height, window.width))
    if min(row, col) < 0 or min(height, width) < 1 or row + height > grid.shape[0] or col + width > grid.shape[1]:
        raise ValueError(f"{window} does not lie inside {grid.shape[0]} × {grid.shape[1]} pixels")
    transform = grid.transform * grid.transform.translation(col, row) * grid.transform.scale(step)
    return GeoBox((-(-height // step), -(-width // step)), transform, grid.crs)


class GridScene(Scene):
    """A scene that is read onto any grid of its CRS; a window and an overview are one such grid."""

    @abstractmethod
    def values_on(self, band: str, target: GeoBox) -> Float:
        """Return reflectance of ``band`` on ``target``; NaN where there is none, and beyond the scene undefined."""

    @abstractmethod
    def classes_on(self, target: GeoBox) -> Codes | None:
        """Return the class at the centre of each pixel of ``target``; None where the product has none."""

    @abstractmethod
    def cloud_on(self, target: GeoBox) -> Mask | None:
        """Return the product's cloud mask at the centre of each pixel of ``target``; None where it has none."""

    def read(self, bands: Sequence[str], window: Window | None = None, overview: int = 0) -> Reflectance:
        """Return reflectance; see :meth:`detection.scene.Scene.read`. Raise InputError for a band that is not there."""
        missing = [name for name in bands if name not in self.info.bands]
        if missing:
            raise InputError(f"{self.info.id} lacks {', '.join(missing)}; it has {', '.join(self.info.bands)}.")
        target = window_grid(self.grid, window, overview)
        values = np.empty((len(bands), *target.shape), np.float32)
        for position, name in enumerate(bands):
            values[position] = self.values_on(name, target)
        return Reflectance(values, tuple(bands), target)

    def read_classification(self, window: Window | None = None, overview: int = 0) -> Codes | None:
        """Return the scene classification; see :meth:`detection.scene.Scene.read_classification`."""
        return self.classes_on(window_grid(self.grid, window, overview))

    def read_cloud(self, window: Window | None = None, overview: int = 0) -> Mask | None:
        """Return the product's own cloud mask; see :meth:`detection.scene.Scene.read_cloud`."""
        return self.cloud_on(window_grid(self.grid, window, overview))


class RasterScene(GridScene):
    """Bands of files, read onto the grid of the finest; see :meth:`detection.band.Band.values` for the resampling."""

    def __init__(
        self,
        info: SceneInfo,
        grid: GeoBox,
        bands: Mapping[str, Band],
        classification: Band | None,
        cloud: CloudReader | None,
        warnings: Sequence[str],
        close: Callable[[], None],
    ) -> None:
        """Hold ``bands`` by name; without a ``cloud`` reader of its own, cloud comes from the classification."""
        self.info = info
        self.grid = grid
        self.warnings = tuple(warnings)
        self._bands = bands
        self._classification = classification
        self._cloud = cloud
        self._close = close
        self._agreed: set[RasterFile] = set()

    def values_on(self, band: str, target: GeoBox) -> Float:
        """Return reflectance; see :meth:`GridScene.values_on`."""
        return self._checked(self._bands[band]).values(target)

    def classes_on(self, target: GeoBox) -> Codes | None:
        """Return the scene classification; see :meth:`GridScene.classes_on`."""
        if self._classification is None:
            return None
        return self._checked(self._classification).nearest(target).astype(np.uint8)

    def cloud_on(self, target: GeoBox) -> Mask | None:
        """Return the cloud mask; see :meth:`GridScene.cloud_on`."""
        if self._cloud is not None:
            return self._cloud(target)
        classes = self.classes_on(target)
        return None if classes is None else np.isin(classes, SCL_CLOUD)

    def close(self) -> None:
        """Close all files."""
        self._close()

    def _checked(self, band: Band) -> Band:
        """Return ``band`` after its file, when first used, was found to cover the scene's grid."""
        if band.file not in self._agreed:
            require_same_extent(band.file, self.grid)
            self._agreed.add(band.file)
        return band


def require_same_extent(file: RasterFile, grid: GeoBox) -> None:
    """Raise InputError unless ``file`` covers the ground of ``grid``, to within one of its own pixels."""
    own, whole = file.grid.boundingbox, grid.boundingbox
    pixel = file.grid.transform.a
    apart = max(abs(a - b) for a, b in zip(own, whole, strict=True))
    if file.grid.crs != grid.crs or apart > pixel:
        raise InputError(f"{file.label} does not cover the same ground as the product's other images; fetch it again.")
