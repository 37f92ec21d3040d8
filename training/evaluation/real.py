"""The real scenes with sparse labels: what is labelled, what can be judged, and the reflectance of it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.windows import Window
from scipy import ndimage

from detection.context import look_around
from detection.open_scene import open_scene
from documents.cover import Observed
from training.evaluation.imagery import BANDS, Found, Progress, find
from training.marida import ALGAE, Label, write_mosaic

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

Number = TypeVar("Number", bound=np.generic)

_EIGHT = np.ones((3, 3), int)


@dataclass(frozen=True)
class Labelled:
    """All labelled pixels of one scene, (n,) each, in the order of patch, row, column."""

    scene: str
    values: Float
    """(bands, n)."""
    label: npt.NDArray[np.uint8]
    clear: Mask
    """What the masks of detection leave; a pixel that is not clear is not called by any method."""
    cluster: npt.NDArray[np.int64]
    """Which connected component of labels the pixel belongs to, from 0."""
    place: npt.NDArray[np.int64]
    """(n, 3): patch, row, column."""

    @property
    def algae(self) -> Mask:
        """Return where Sargassum is labelled."""
        return np.isin(self.label, ALGAE)


@dataclass(frozen=True)
class RealScene:
    """The patches of a scene as one stack; their reflectance is read when it is asked for."""

    name: str
    folder: Path
    files: tuple[Path, ...]
    corners: tuple[tuple[int, int], ...]
    """Row and column of each patch in the mosaic."""
    labels: npt.NDArray[np.uint8]
    """(patches, rows, cols)."""
    clear: Mask
    labelled: Labelled

    @property
    def has_algae(self) -> bool:
        """Return whether any algae are labelled."""
        return bool(self.labelled.algae.any())

    def values(self) -> Float:
        """Return the reflectance of all patches, (bands, patches, rows, cols), NaN where there is none."""
        return np.stack([_reflectance(path) for path in self.files], axis=1)

    def read_patch(self, patch: int) -> Float:
        """Return the reflectance of one patch, (bands, rows, cols), NaN where there is none."""
        return _reflectance(self.files[patch])

    def grid(self, patch: int) -> GeoBox:
        """Return the grid of a patch."""
        with rasterio.open(self.files[patch]) as source:
            return GeoBox((source.height, source.width), source.transform, source.crs)

    def stack(self, mosaic: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Return the patches (patches, rows, cols) cut out of an array on the mosaic's grid."""
        height, width = self.labels.shape[1:]
        return np.stack([mosaic[row : row + height, col : col + width] for row, col in self.corners])


def read_real(folder: Path, name: str) -> RealScene:
    """Return the scene ``name`` of the data set in ``folder``, with the masks of detection; nothing is detected."""
    files = tuple(path for path in sorted((folder / name).glob("*.tif")) if not path.stem.endswith("_cl"))
    with tempfile.TemporaryDirectory() as temporary:
        mosaic, labels = write_mosaic(folder, name, Path(temporary))
        with open_scene(mosaic) as scene:
            context = look_around(scene, None, None)
            corners = tuple(_corner(path, scene.grid) for path in files)
    with rasterio.open(files[0]) as first:
        height, width = first.shape
    windows = [Window(col, row, width, height) for row, col in corners]
    clear = np.stack([context.codes_window(window) == Observed.CLEAR for window in windows])
    stack = np.stack([labels[row : row + height, col : col + width] for row, col in corners])
    pieces, places, clusters, first_cluster = [], [], [], 0
    for index, path in enumerate(files):
        values = _reflectance(path)
        clear[index] &= np.isfinite(values).all(axis=0)
        known = stack[index] != Label.NONE
        components, count = ndimage.label(known, structure=_EIGHT)
        place = np.argwhere(known)
        pieces.append(values[:, known])
        places.append(np.insert(place, 0, index, axis=1))
        clusters.append(components[known].astype(np.int64) - 1 + first_cluster)
        first_cluster += count
    place = np.concatenate(places)
    at = tuple(place.T)
    labelled = Labelled(name, np.concatenate(pieces, axis=1), stack[at], clear[at], np.concatenate(clusters), place)
    return RealScene(name, folder, files, corners, stack, clear, labelled)


def find_real(scene: RealScene, weights: Path, progress: Progress) -> Found:
    """Detect in the mosaic of ``scene``; what is found lies on the mosaic's grid."""
    with tempfile.TemporaryDirectory() as temporary:
        mosaic, _ = write_mosaic(scene.folder, scene.name, Path(temporary))
        return find(mosaic, weights, progress)


def _reflectance(path: Path) -> Float:
    with rasterio.open(path) as source:
        indexes = [source.descriptions.index(band) + 1 for band in BANDS]
        numbers = source.read(indexes)
        values = numbers.astype(np.float32) * np.float32(source.scales[0])
        if source.nodata is not None:
            values[numbers == source.nodata] = np.nan
    return np.asarray(values, np.float32)


def _corner(path: Path, grid: GeoBox) -> tuple[int, int]:
    with rasterio.open(path) as source:
        col, row = ~grid.transform * (source.bounds.left, source.bounds.top)
    return round(row), round(col)
