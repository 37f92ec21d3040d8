"""A scene held in memory: what training and tests hand to the code that otherwise reads products."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from rasterio.windows import Window

from detection.scene import Reflectance, Scene
from documents.geodesy import epsg_of
from documents.scene import Level, SceneInfo
from models.unet import BANDS


class ArrayScene(Scene):
    """Reflectance (bands of the segmenter, rows, cols) on ``grid``; overviews are block means."""

    def __init__(
        self,
        values: npt.NDArray[np.float32],
        grid: GeoBox,
        level: Level = Level.L1C,
        cloud: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self.values = values
        self.grid = grid
        self.warnings = ()
        self.cloud = cloud
        self.info = SceneInfo(
            id="array",
            sensor="S2A",
            level=level,
            sensing_time=datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC),
            bands=BANDS,
            epsg=epsg_of(grid),
            shape=(grid.shape[0], grid.shape[1]),
            pixel_size_m=abs(grid.transform.a),
        )

    def read(self, bands: Sequence[str], window: Window | None = None, overview: int = 0) -> Reflectance:
        """Return reflectance; see :meth:`detection.scene.Scene.read`."""
        rows, cols = self._slices(window)
        step = 2**overview
        values = self.values[[BANDS.index(band) for band in bands], rows, cols]
        if overview:
            height, width = (n // step for n in values.shape[1:])
            blocks = values[:, : height * step, : width * step].reshape(len(bands), height, step, width, step)
            values = blocks.mean(axis=(2, 4))
        transform = self.grid.transform * self.grid.transform.translation(cols.start or 0, rows.start or 0)
        grid = GeoBox(values.shape[1:], transform * transform.scale(step), self.grid.crs)
        return Reflectance(values, tuple(bands), grid)

    def read_classification(self, window: Window | None = None, overview: int = 0) -> None:
        """Return None: there is no scene classification."""

    def read_cloud(self, window: Window | None = None, overview: int = 0) -> npt.NDArray[np.bool_] | None:
        """Return the cloud mask it was made with."""
        if self.cloud is None:
            return None
        step = 2**overview
        rows, cols = self._slices(window)
        height, width = (n // step * step for n in self.cloud[rows, cols].shape)
        return self.cloud[rows, cols][:height:step, :width:step]

    def close(self) -> None:
        """Do nothing: there are no files."""

    def _slices(self, window: Window | None) -> tuple[slice, slice]:
        if window is None:
            return slice(None), slice(None)
        row, col = int(window.row_off), int(window.col_off)
        return slice(row, row + int(window.height)), slice(col, col + int(window.width))
