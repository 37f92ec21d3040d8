"""A scene held in memory, for tests of what is done with a scene once it is read."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from affine import Affine
from odc.geo.geobox import GeoBox
from rasterio.windows import Window

from detection.scene import Reflectance, Scene
from documents.scene import Level, SceneInfo
from models.unet import BANDS

WATER = np.array([0.035, 0.03, 0.02, 0.011, 0.011, 0.006], np.float32)
ULVA = np.array([0.019, 0.07, 0.017, 0.423, 0.515, 0.06], np.float32)
FIELD = np.array([0.05, 0.08, 0.06, 0.25, 0.31, 0.22], np.float32)
CLOUD = np.array([0.5, 0.5, 0.5, 0.55, 0.55, 0.4], np.float32)


class ArrayScene(Scene):
    """A scene of reflectance (six bands, rows, cols) at 10 m, its upper left corner at ``x``, ``y`` in UTM 51N."""

    def __init__(self, values: npt.NDArray[np.float32], x: float = 400_000, y: float = 4_000_000, pixel: float = 10.0):
        self.values = values.astype(np.float32)
        shape = (values.shape[1], values.shape[2])
        self.grid = GeoBox(shape, Affine(pixel, 0, x, 0, -pixel, y), "epsg:32651")
        self.warnings = ()
        self.cloud: npt.NDArray[np.bool_] | None = None
        self.info = SceneInfo(
            id="array",
            sensor="S2A",
            level=Level.L1C,
            sensing_time=datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC),
            bands=BANDS,
            epsg=32651,
            shape=shape,
            pixel_size_m=pixel,
        )

    def read(self, bands: Sequence[str], window: Window | None = None, overview: int = 0) -> Reflectance:
        rows, cols = self._slices(window)
        step = 2**overview
        values = self.values[[BANDS.index(band) for band in bands], rows, cols]
        if overview:
            height, width = (n // step * step for n in values.shape[1:])
            blocks = values[:, :height, :width].reshape(len(bands), height // step, step, width // step, step)
            values = blocks.mean(axis=(2, 4))
        grid = GeoBox(values.shape[1:], self.grid.transform * Affine.scale(step), "epsg:32651")
        return Reflectance(values, tuple(bands), grid)

    def read_classification(self, window: Window | None = None, overview: int = 0) -> None:
        return None

    def read_cloud(self, window: Window | None = None, overview: int = 0) -> npt.NDArray[np.bool_] | None:
        if self.cloud is None:
            return None
        step = 2**overview
        return self.cloud[::step, ::step]

    def close(self) -> None:
        pass

    def _slices(self, window: Window | None) -> tuple[slice, slice]:
        if window is None:
            return slice(None), slice(None)
        return (
            slice(int(window.row_off), int(window.row_off + window.height)),
            slice(int(window.col_off), int(window.col_off + window.width)),
        )


def sea(rows: int, cols: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Return clear water with a little noise, (six bands, rows, cols)."""
    noise = np.random.default_rng(seed).normal(0, 0.0007, (len(BANDS), rows, cols))
    return (WATER[:, None, None] + noise).astype(np.float32)


def mix(values: npt.NDArray[np.float32], cover: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return ``values`` with Ulva of fraction ``cover`` (rows, cols) mixed in."""
    return values + cover * (ULVA[:, None, None] - values)
