"""Tiled inference: a scene, strip by strip, through the segmenter; a tile sees all that can count for its pixels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from odc.geo.geobox import GeoBox
from rasterio.windows import Window

from detection.context import Context
from detection.indices import fai
from detection.scene import Scene
from documents.cover import Observed
from models.unet import BANDS, REACH, STRIDE, both_ways, inputs_of
from models.weights import Weights

Float = npt.NDArray[np.float32]

CORE = 768
"""Side of what a tile is kept of, in pixels; a multiple of the network's stride."""

OUTPUTS = 3  # logit of floating, cover, logit of ulva

LEAST = np.float32(0.001)
"""Cover of a called pixel in whose own bands nothing rises: it is called for its neighbours."""

BOTTOM_COVER = np.float32(0.2)
"""Cover from which algae are called where the sea floor shows through. Below 20 % a spectrum does not tell one floating
plant from another (Hu 2015), the less so from weed that grows on the floor."""


@dataclass(frozen=True)
class CoverMap:
    """What was seen of a scene. The sparse arrays list the called pixels in the order of their flat index."""

    grid: GeoBox
    cover: Float
    """(rows, cols): cover fraction, 0 where clear and nothing is called, NaN where not observed or land."""
    observed: npt.NDArray[np.uint8]
    """(rows, cols): codes of :class:`documents.cover.Observed`."""
    called: npt.NDArray[np.int64]
    """Flat indices of the called pixels."""
    probability: Float
    """Calibrated: of the pixels called with this value, this share are algae."""
    sure: npt.NDArray[np.bool_]
    """Where a pixel is algae by itself; the others are called only beside such a one."""
    fai_anomaly: Float
    """Floating algae index above that of clear water."""
    ulva: Float
    """Probability of Ulva against Sargassum."""


def segment(scene: Scene, context: Context, weights: Weights, progress: Callable[[str, float], None]) -> CoverMap:
    """Run the segmenter over ``scene``; memory is that of the outputs and of one strip.

    Bands of :data:`models.unet.OPTIONAL` that the scene lacks are told to the network as lacking.
    """
    rows, cols = scene.grid.shape
    present = tuple(band for band in BANDS if band in scene.info.bands)
    cover = np.empty((rows, cols), np.float32)
    observed = np.empty((rows, cols), np.uint8)
    called, probability, sure, anomalies, ulva = [], [], [], [], []
    strips = _Strips(scene, present)
    for top in range(0, rows, CORE):
        core = slice(top, min(top + CORE, rows))
        first, reflectance = strips.around(core)
        window = Window(0, first, cols, reflectance.shape[1])
        codes = context.codes_window(window)
        missing = ~np.isfinite(reflectance).all(axis=0)
        codes[missing & (codes != Observed.LAND)] = Observed.NO_DATA
        inside = slice(core.start - first, core.stop - first)
        told = _outputs(weights, context, first, reflectance, present, codes, inside)
        floating, kind = _sigmoid(told[0]), _sigmoid(told[2])
        clear = codes[inside] == Observed.CLEAR
        fraction = np.maximum(told[1], LEAST)
        unclear = context.bottom_window(Window(0, core.start, cols, core.stop - core.start)) & (fraction < BOTTOM_COVER)
        hit = clear & (floating >= weights.threshold) & ~unclear
        cover[core] = np.where(clear, np.where(hit, fraction, np.float32(0)), np.float32(np.nan))
        observed[core] = codes[inside]
        flat = np.flatnonzero(hit)
        called.append(flat + top * cols)
        slope, intercept = weights.calibration
        probability.append(_sigmoid(slope * told[0].ravel()[flat] + intercept))
        sure.append(floating.ravel()[flat] >= weights.sure)
        anomalies.append(told[OUTPUTS].ravel()[flat])
        ulva.append(kind.ravel()[flat])
        progress("detecting", core.stop / rows)
    return CoverMap(
        scene.grid,
        cover,
        observed,
        np.concatenate(called),
        np.concatenate(probability),
        np.concatenate(sure),
        np.concatenate(anomalies),
        np.concatenate(ulva),
    )


class _Strips:
    """Whole rows of a scene, read once each: a strip keeps what the next one needs as well."""

    def __init__(self, scene: Scene, present: tuple[str, ...]) -> None:
        self._scene, self._present = scene, present
        self._first = 0
        rows, cols = scene.grid.shape
        self._rows, self._held = rows, np.zeros((len(BANDS), 0, cols), np.float32)

    def around(self, core: slice) -> tuple[int, Float]:
        """Return the first row and the reflectance (bands, rows, cols) of ``core`` with REACH about it.

        Bands that the scene lacks are 0; cores are asked for in order.
        """
        first, last = max(core.start - REACH, 0), min(core.stop + REACH, self._rows)
        known = self._first + self._held.shape[1]
        parts = [self._held[:, first - self._first :]]
        if last > known:
            window = Window(0, known, self._held.shape[2], last - known)
            fresh = np.zeros((len(BANDS), last - known, self._held.shape[2]), np.float32)
            fresh[[BANDS.index(band) for band in self._present]] = self._scene.read(self._present, window).values
            parts.append(fresh)
        self._first, self._held = first, np.concatenate(parts, axis=1)
        return first, self._held


def _outputs(
    weights: Weights,
    context: Context,
    top: int,
    reflectance: Float,
    present: tuple[str, ...],
    codes: npt.NDArray[np.uint8],
    inside: slice,
) -> Float:
    """Return outputs and FAI anomaly (OUTPUTS + 1, rows, cols) of the rows ``inside`` a strip that begins at ``top``.

    Where nothing is clear they are −20.
    """
    rows, cols = codes.shape
    result = np.full((OUTPUTS + 1, inside.stop - inside.start, cols), -20.0, np.float32)
    for left in range(0, cols, CORE):
        right = min(left + CORE, cols)
        if not (codes[inside, left:right] == Observed.CLEAR).any():
            continue
        first, last = max(left - REACH, 0), min(right + REACH, cols)
        background = context.background_of(Window(first, top, last - first, rows))
        anomaly = reflectance[:, :, first:last] - background
        anomaly[:, ~np.isfinite(anomaly).all(axis=0)] = 0.0
        core = np.s_[:, inside, left - first : right - first]
        result[:OUTPUTS, :, left:right] = _tile(weights, inputs_of(anomaly, background, present))[core]
        red, nir, swir = (anomaly[BANDS.index(band)][core[1:]] for band in ("B04", "B08", "B11"))
        result[OUTPUTS, :, left:right] = fai(red, nir, swir)
    return result


def _tile(weights: Weights, inputs: Float) -> Float:
    """Return the outputs (OUTPUTS, rows, cols) of one tile, padded at its edge to what the network takes."""
    rows, cols = inputs.shape[1:]
    bottom, right = (max(-n % STRIDE, 2 * STRIDE - n) for n in (rows, cols))
    padded = np.pad(inputs, ((0, 0), (0, bottom), (0, right)), mode="edge")
    batch = torch.from_numpy(padded[None]).to(memory_format=torch.channels_last)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        out = both_ways(weights.network, batch)
    stack = torch.stack([out.floating[0], out.cover[0], out.ulva[0]])
    return np.asarray(stack.numpy()[:, :rows, :cols])


def _sigmoid(logit: Float) -> Float:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))), dtype=np.float32)
