"""Tiled inference: a scene, strip by strip, through the segmenter, with seams blended."""

from collections.abc import Callable, Iterator
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
from models.unet import BANDS, Segmenter
from models.weights import Weights

Float = npt.NDArray[np.float32]

TILE = 512
"""Side of a tile in pixels."""

OVERLAP = 64
"""Rows and columns that neighbouring tiles share; there they are blended linearly."""

STRIDE = TILE - OVERLAP

OUTPUTS = 3  # floating, cover, ulva


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
    fai_anomaly: Float
    """Floating algae index above that of clear water."""
    ulva: Float
    """Probability of Ulva against Sargassum."""


def segment(scene: Scene, context: Context, weights: Weights, progress: Callable[[str, float], None]) -> CoverMap:
    """Run the segmenter over ``scene``; memory is that of the outputs and of one strip."""
    rows, cols = scene.grid.shape
    cover = np.empty((rows, cols), np.float32)
    observed = np.empty((rows, cols), np.uint8)
    called, probability, anomalies, ulva = [], [], [], []
    starts = _starts(rows)
    carry: Float | None = None
    for index, top in enumerate(starts):
        height = min(TILE, rows - top)
        window = Window(0, top, cols, height)
        background = context.background_of(window)
        anomaly = scene.read(BANDS, window).values - background
        codes = context.codes_window(window)
        missing = ~np.isfinite(anomaly).all(axis=0)
        codes[missing & (codes != Observed.LAND)] = Observed.NO_DATA
        inputs = np.concatenate([np.where(missing, np.float32(0), anomaly), background])
        sums = _strip(weights.network, inputs, codes)
        if carry is not None:
            sums = _blend_rows(carry, sums)
        done = height if top + height >= rows else starts[index + 1] - top
        carry = sums[:, done:]
        floating, fraction, kind = (_sigmoid(sums[k, :done]) for k in range(OUTPUTS))
        clear = codes[:done] == Observed.CLEAR
        hit = clear & (floating >= weights.threshold)
        cover[top : top + done] = np.where(clear, np.where(hit, fraction, np.float32(0)), np.float32(np.nan))
        observed[top : top + done] = codes[:done]
        flat = np.flatnonzero(hit)
        called.append(flat + top * cols)
        probability.append(floating.ravel()[flat])
        red, nir, swir = (anomaly[BANDS.index(band), :done].ravel()[flat] for band in ("B04", "B08", "B11"))
        anomalies.append(fai(red, nir, swir))
        ulva.append(kind.ravel()[flat])
        progress("detecting", (top + done) / rows)
    return CoverMap(
        scene.grid,
        cover,
        observed,
        np.concatenate(called),
        np.concatenate(probability),
        np.concatenate(anomalies),
        np.concatenate(ulva),
    )


def _starts(length: int) -> list[int]:
    """Return the first row (or column) of each tile, so that tiles overlap and cover ``length``."""
    return list(range(0, max(length - OVERLAP, 1), STRIDE))


def _strip(network: Segmenter, inputs: Float, codes: npt.NDArray[np.uint8]) -> Float:
    """Return the blended logits (outputs, rows, cols) of one strip; tiles with nothing clear are skipped."""
    rows, cols = codes.shape
    total = np.zeros((OUTPUTS, rows, cols), np.float32)
    weight = np.zeros(cols, np.float32)
    for left, right in _columns(cols):
        ramp = _ramp(right - left, left > 0, right < cols)
        weight[left:right] += ramp
        if (codes[:, left:right] == Observed.CLEAR).any():
            total[:, :, left:right] += _logits(network, inputs[:, :, left:right]) * ramp
        else:
            total[0, :, left:right] -= 20.0 * ramp
    return total / weight


def _columns(cols: int) -> Iterator[tuple[int, int]]:
    return ((left, min(left + TILE, cols)) for left in _starts(cols))


def _ramp(length: int, rises: bool, falls: bool) -> Float:
    """Return blending weights that rise and fall over the overlap where there is a neighbour."""
    ramp = np.ones(length, np.float32)
    edge = (np.arange(min(OVERLAP, length), dtype=np.float32) + 0.5) / OVERLAP
    if rises:
        ramp[: len(edge)] = np.minimum(ramp[: len(edge)], edge)
    if falls:
        ramp[length - len(edge) :] = np.minimum(ramp[length - len(edge) :], edge[::-1])
    return ramp


def _blend_rows(above: Float, below: Float) -> Float:
    """Return ``below`` with its first rows blended into ``above``, the rows the strip before it saw as well."""
    shared = above.shape[1]
    share = ((np.arange(shared, dtype=np.float32) + 0.5) / shared)[:, None]
    blended = below.copy()
    blended[:, :shared] = above * (1 - share) + below[:, :shared] * share
    return blended


def _logits(network: Segmenter, inputs: Float) -> Float:
    """Return the logits (outputs, rows, cols) of one tile, padded at its edge to what the network takes."""
    rows, cols = inputs.shape[1:]
    bottom, right = max(-rows % 32, 32 - rows), max(-cols % 32, 32 - cols)
    padded = np.pad(inputs, ((0, 0), (0, bottom), (0, right)), mode="edge")
    batch = torch.from_numpy(padded[None]).to(memory_format=torch.channels_last)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        out = network(batch)
    stack = torch.stack([out.floating[0], out.cover[0], out.ulva[0]])
    return np.asarray(stack.float().numpy()[:, :rows, :cols])


def _sigmoid(logit: Float) -> Float:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))), dtype=np.float32)
