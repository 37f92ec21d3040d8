"""Training samples from simulated scenes, prepared just as detection prepares a product."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from rasterio.windows import Window

from detection.context import look_around
from detection.indices import fai
from documents.coast import Coast
from documents.cover import Observed
from documents.scene import Level
from documents.site import Site
from models.unet import BANDS
from training import endmembers
from training.array_scene import ArrayScene
from training.samples import CALLED_FAI, EMPTY_FAI, KIND_COVER, SIZE, Sample, finish
from training.simulate.camera import Camera
from training.simulate.extent import Extent, scene_grid
from training.simulate.scene import compose
from training.simulate.sensor import blur, resample
from training.simulate.texture import enlarge

MOMENT = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)

_RISE = fai(*(np.array(endmembers.ULVA[b] - endmembers.CLEAR_WATER[b], np.float32) for b in ("B04", "B08", "B11")))
CALLED_COVER, EMPTY_COVER = CALLED_FAI / float(_RISE), EMPTY_FAI / float(_RISE)
"""Cover at which Ulva raises the index as much as a sample must show (see :mod:`training.samples`)."""

THIN_CLOUD = 0.1
"""Opacity above which algae below are not to be learnt as seen."""


@dataclass(frozen=True)
class SimulatedPiece:
    """One simulated scene; arrays (rows, cols), reflectance and background (bands, rows, cols) in half precision."""

    reflectance: npt.NDArray[np.float16]
    background: npt.NDArray[np.float16]
    seen: npt.NDArray[np.float16]
    """Cover fraction as the sensor spreads it."""
    clear: npt.NDArray[np.bool_]
    veiled: npt.NDArray[np.bool_]
    centres: tuple[npt.NDArray[np.int64], ...]
    """(row, col) of pixels worth looking at: algae; rafts, foam and ships; land's edge and whatever else is bright."""


def simulated_piece(site: Site, coast: Coast, seed: int, level: Level) -> SimulatedPiece:
    """Return the scene of ``seed`` at the demonstration extent as ``level`` holds it."""
    _, grid = scene_grid(Extent.DEMO, site, coast)
    scene = compose(coast, grid, seed, MOMENT, lambda _m, _f: None)
    camera = Camera(scene, level)
    values = np.stack([resample(camera.reflectance(band), band) for band in BANDS])
    context = look_around(ArrayScene(values, grid, level), site, coast)
    whole = Window(0, 0, grid.shape[1], grid.shape[0])
    clear = context.codes_window(whole) == Observed.CLEAR
    seen = blur(scene.cover)
    marks = (scene.rafts + scene.foam + scene.hulls > 0.05) & clear
    background = context.background_of(whole)
    anomaly = values - background
    bright = (np.abs(anomaly[BANDS.index("B08")]) > 0.02) & (seen < EMPTY_COVER) & clear
    factor = grid.shape[0] // scene.clouds.opacity.shape[0]
    centres = tuple(
        places for mask in (seen > CALLED_COVER, marks, bright) if len(places := np.argwhere(mask & clear)[::5])
    )
    return SimulatedPiece(
        values.astype(np.float16),
        background.astype(np.float16),
        seen.astype(np.float16),
        clear,
        enlarge(scene.clouds.opacity, factor) > THIN_CLOUD,
        centres,
    )


def simulated_sample(piece: SimulatedPiece, rng: np.random.Generator) -> Sample:
    """Return a crop around a pixel worth looking at, or anywhere."""
    rows, cols = piece.clear.shape
    choice = int(rng.integers(len(piece.centres) + 1))
    if choice < len(piece.centres):
        row, col = piece.centres[choice][rng.integers(len(piece.centres[choice]))]
    else:
        row, col = rng.integers(rows), rng.integers(cols)
    top = int(np.clip(row - rng.integers(SIZE), 0, rows - SIZE))
    left = int(np.clip(col - rng.integers(SIZE), 0, cols - SIZE))
    window = np.s_[top : top + SIZE, left : left + SIZE]
    seen = piece.seen[window].astype(np.float32)
    clear, veiled = piece.clear[window], piece.veiled[window]
    called = seen >= CALLED_COVER
    weight = (clear & ((called & ~veiled) | (seen < EMPTY_COVER))).astype(np.float32)
    targets = {
        "called": called.astype(np.float32),
        "called_weight": weight,
        "cover": seen,
        "cover_weight": (clear & ~veiled).astype(np.float32),
        "ulva": np.ones(seen.shape, np.float32),
        "ulva_weight": ((seen >= KIND_COVER) & clear & ~veiled).astype(np.float32),
    }
    box = np.s_[:, window[0], window[1]]
    reflectance, background = (array[box].astype(np.float32) for array in (piece.reflectance, piece.background))
    return finish(reflectance, background, targets, rng)
