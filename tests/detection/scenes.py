"""Small seas, for tests of what is done with a scene once it is read."""

import numpy as np
import numpy.typing as npt
from affine import Affine
from odc.geo.geobox import GeoBox

from models.unet import BANDS
from training.array_scene import ArrayScene

WATER = np.array([0.035, 0.03, 0.02, 0.014, 0.011, 0.011, 0.011, 0.006], np.float32)
ULVA = np.array([0.019, 0.07, 0.017, 0.131, 0.423, 0.515, 0.518, 0.06], np.float32)
FIELD = np.array([0.05, 0.08, 0.06, 0.12, 0.25, 0.31, 0.32, 0.22], np.float32)
CLOUD = np.array([0.5, 0.5, 0.5, 0.52, 0.55, 0.55, 0.55, 0.4], np.float32)


def scene_at(values: npt.NDArray[np.float32], x: float = 400_000, y: float = 4_000_000) -> ArrayScene:
    """Return a scene of 10 m with its upper left corner at ``x``, ``y`` in UTM 51N."""
    return ArrayScene(values, GeoBox(values.shape[1:], Affine(10, 0, x, 0, -10, y), "epsg:32651"))


def sea(rows: int, cols: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Return clear water with a little noise, (bands, rows, cols)."""
    noise = np.random.default_rng(seed).normal(0, 0.0007, (len(BANDS), rows, cols))
    return (WATER[:, None, None] + noise).astype(np.float32)


def mix(values: npt.NDArray[np.float32], cover: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return ``values`` with Ulva of fraction ``cover`` (rows, cols) mixed in."""
    return values + cover * (ULVA[:, None, None] - values)
