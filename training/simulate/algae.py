"""Fields of floating algae: what fraction of each 10 m pixel they cover, before any optics.

A field is made of slicks. Each follows the flow along a curved spine and is drawn in its own coordinates (along,
across) at a third of a pixel, torn by noise that is stretched along the flow; its cells are then averaged into
pixels, which makes the fractions exact areas rather than blurred shapes. Strips are 10–200 m wide and up to tens of
kilometres long (Subei 2018, 海洋学报 42(8)); every other figure of shape here is 示例.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from training.simulate.texture import F32, fractal, smoothstep

PIXEL_M = 10.0
CELL_M = PIXEL_M / 3.0
"""Side of the cells in which a slick is drawn, m."""

SPINE_STEP_M = 20.0

FIELD_COVER = 0.04
"""Mean cover of a window at density 1: the inside of a field of slicks. 示例."""

MIN_COVER = 0.005
"""Less cover than this is set to 0: it is below what any sensor of this kind shows (1–2 %, Hu 2015)."""

Allowed = Callable[[F32, F32], npt.NDArray[np.bool_]]
"""Says at which rows, columns (pixels) algae may float."""


class Shape(NamedTuple):
    """The ranges one kind of slick is drawn from; lengths in metres."""

    share: float
    """How often it is drawn."""
    length: tuple[float, float]
    strands: tuple[int, int]
    spacing: tuple[float, float]
    half_width: tuple[float, float]
    core: tuple[float, float]
    """Cover where it is densest."""
    comet: bool
    """A head that tapers to a tail, rather than a strip of even width."""


SHAPES = (
    Shape(0.48, (2200, 9000), (1, 3), (25, 65), (11, 40), (0.45, 1.0), False),  # filament along a convergence
    Shape(0.06, (900, 3200), (3, 6), (40, 95), (9, 22), (0.35, 0.9), False),  # windrows of a Langmuir circulation
    Shape(0.33, (600, 2400), (1, 4), (35, 90), (40, 90), (0.7, 1.0), True),  # mat with a comet's tail
    Shape(0.13, (120, 450), (1, 1), (30, 60), (12, 30), (0.4, 0.95), True),  # scrap
)


@dataclass(frozen=True)
class Flow:
    """A smooth direction field: a mean direction with a few long waves on it."""

    mean_rad: float
    waves: npt.NDArray[np.float64]
    """(n, 4): wave number along x and y (rad/m), phase, amplitude (rad)."""

    def direction(self, x: float, y: float) -> float:
        """Return the direction in radians at ``x``, ``y`` metres (columns, rows)."""
        kx, ky, phase, amplitude = self.waves.T
        return self.mean_rad + float((amplitude * np.sin(kx * x + ky * y + phase)).sum())


def make_flow(rng: np.random.Generator, mean_rad: float | None = None) -> Flow:
    """Return a flow whose direction swings by some 30° over 4–25 km."""
    length = rng.uniform(4_000.0, 25_000.0, 5)
    angle = rng.uniform(0.0, 2.0 * math.pi, 5)
    k = 2.0 * math.pi / length
    amplitude = rng.uniform(0.08, 0.3, 5)
    waves = np.column_stack([k * np.cos(angle), k * np.sin(angle), rng.uniform(0.0, 2.0 * math.pi, 5), amplitude])
    return Flow(float(rng.uniform(0.0, 2.0 * math.pi)) if mean_rad is None else mean_rad, waves)


def cover_field(shape: tuple[int, int], rng: np.random.Generator, *, density: float) -> F32:
    """Return the cover fraction (rows, columns at 10 m; 0–1) of a window amid floating algae.

    ``density`` 1 aims at a mean cover of FIELD_COVER; the last slick may miss that by its own size. The field is that
    of the sea, before the sensor's point spread.
    """
    return fill(shape, rng, make_flow(rng), density * FIELD_COVER * shape[0] * shape[1])


def fill(
    shape: tuple[int, int],
    rng: np.random.Generator,
    flow: Flow,
    target_px: float,
    *,
    seeds: Callable[[], tuple[float, float]] | None = None,
    allowed: Allowed | None = None,
) -> F32:
    """Return a field of ``shape`` with slicks along ``flow`` until their cover adds up to about ``target_px`` pixels.

    ``seeds`` draws the row and column of the middle of a slick (anywhere by default); a slick ends where ``allowed``
    does.
    """
    cover = np.zeros(shape, np.float32)
    longest = 1.6 * math.hypot(*shape) * PIXEL_M
    total, tries = 0.0, 0
    odds = np.array([kind.share for kind in SHAPES])
    while total < target_px and tries < 200 + target_px / 20.0:
        tries += 1
        kind = SHAPES[rng.choice(len(SHAPES), p=odds / odds.sum())]
        row, col = seeds() if seeds else (rng.uniform(0.0, shape[0]), rng.uniform(0.0, shape[1]))
        # Near the target only small things still fit.
        scale = min(1.0, max(0.25, (target_px - total) / 2_000.0))
        length = min(float(np.exp(rng.uniform(*np.log(kind.length)))) * scale, longest)
        spine = _spine(flow, col * PIXEL_M, row * PIXEL_M, length, rng)
        if allowed is not None:
            spine = _longest_allowed(spine, allowed)
        if len(spine) >= 5:
            total += _deposit(cover, spine, _slick(kind, len(spine) * SPINE_STEP_M, rng))
    cover[cover < MIN_COVER] = 0.0
    return cover


def _spine(flow: Flow, x: float, y: float, length: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return points (n, 2) x, y in metres, SPINE_STEP_M apart, along the flow and centred at ``x``, ``y``."""
    steps = max(int(length / SPINE_STEP_M / 2.0), 3)
    meander, phase = rng.uniform(1_500.0, 6_000.0), rng.uniform(0.0, 2.0 * math.pi)
    swing = rng.uniform(0.05, 0.5)
    halves = []
    for sign in (-1.0, 1.0):
        px, py, points = x, y, []
        for step in range(1, steps + 1):
            along = sign * step * SPINE_STEP_M
            angle = flow.direction(px, py) + swing * math.sin(2.0 * math.pi * along / meander + phase)
            px += sign * SPINE_STEP_M * math.cos(angle)
            py += sign * SPINE_STEP_M * math.sin(angle)
            points.append((px, py))
        halves.append(points)
    return np.array([*halves[0][::-1], (x, y), *halves[1]])


def _longest_allowed(spine: npt.NDArray[np.float64], allowed: Allowed) -> npt.NDArray[np.float64]:
    """Return the longest run of ``spine`` in allowed water."""
    x, y = (spine / PIXEL_M).T.astype(np.float32)
    inside = np.concatenate([[False], allowed(y, x), [False]])
    starts = np.flatnonzero(~inside[:-1] & inside[1:])
    ends = np.flatnonzero(inside[:-1] & ~inside[1:])
    if not len(starts):
        return spine[:0]
    best = int(np.argmax(ends - starts))
    return spine[starts[best] : ends[best]]


def _slick(kind: Shape, length_m: float, rng: np.random.Generator) -> F32:
    """Return the cover of a slick in its own coordinates: (cells along, cells across), the spine in the middle."""
    rows = max(int(length_m / CELL_M), 8)
    s = np.linspace(0.0, 1.0, rows, dtype=np.float32)
    strands = int(rng.integers(kind.strands[0], kind.strands[1] + 1))
    spacing, width = rng.uniform(*kind.spacing), rng.uniform(*kind.half_width)
    core = rng.uniform(*kind.core)
    middle = (np.arange(strands) - (strands - 1) / 2.0) * spacing
    reach = spacing * strands / 2.0 + 3.0 * width + 30.0
    n = np.arange(-reach, reach, CELL_M, dtype=np.float32)
    level = np.full((rows, len(n)), -9.0, np.float32)
    lee = float(rng.uniform(1.4, 3.0))
    for strand in range(strands):
        begin, end = (0.0, 1.0) if strand == 0 or not kind.comet else (rng.uniform(0.2, 0.5), 1.0)
        if not kind.comet and strands > 2:
            begin, end = rng.uniform(0.0, 0.35), rng.uniform(0.65, 1.0)
        own = width if strand == 0 or not kind.comet else width * rng.uniform(0.15, 0.4)
        wander = _line_noise(rows, 600.0, rng) * 0.35 * spacing * (s if kind.comet else np.float32(1.0))
        swell = np.exp(0.35 * _line_noise(rows, 260.0, rng))
        w = np.maximum(own * _profile((s - begin) / (end - begin), kind.comet) * swell, 0.3)
        offset = n[None, :] - (middle[strand] + wander)[:, None]
        # The side that the wind blows on is sharp, the lee side runs out.
        reach_here = np.where(offset > 0.0, w[:, None] * np.float32(lee), w[:, None])
        level = np.maximum(level, 1.0 - np.abs(offset) / reach_here)
    torn = fractal((rows, len(n)), rng, largest=45.0, smallest=6.0, slope=1.3, stretch=float(rng.uniform(2.5, 6.0)))
    dense = smoothstep(level + 0.30 * torn, 0.0, 0.95)
    thin = 0.75 + 0.25 * smoothstep(level, -0.2, 0.8)
    return np.asarray(np.where(level > -1.5, core * dense * thin, 0.0), np.float32)


def _profile(s: F32, comet: bool) -> F32:
    """Return the relative width along a strand, ``s`` from 0 to 1: a comet has its head near the start."""
    inside = np.clip(s, 0.0, 1.0)
    if comet:
        shape = smoothstep(inside, -0.02, 0.2) * (1.0 - inside) ** 1.3
    else:
        shape = np.minimum(smoothstep(inside, 0.0, 0.3), smoothstep(1.0 - inside, 0.0, 0.3))
    return np.asarray(np.where((s >= 0.0) & (s <= 1.0), shape, 0.0), np.float32)


def _line_noise(rows: int, scale_m: float, rng: np.random.Generator) -> F32:
    """Return smooth noise (variance about 1) along a line, with structures of ``scale_m``."""
    knots = max(int(rows * CELL_M / scale_m * 2.0), 3) + 1
    values = rng.standard_normal(knots).astype(np.float32)[None, :]
    return np.asarray(cv2.resize(values, (rows, 1), interpolation=cv2.INTER_CUBIC)[0], np.float32)


def _deposit(cover: F32, spine: npt.NDArray[np.float64], slick: F32) -> float:
    """Average the cells of ``slick`` along ``spine`` into the pixels of ``cover``; return the cover added (pixels)."""
    rows, across = slick.shape
    at = np.linspace(0.0, len(spine) - 1.0, rows)
    x, y = (np.interp(at, np.arange(len(spine)), spine[:, axis]) for axis in (0, 1))
    tx, ty = np.gradient(x), np.gradient(y)
    norm = np.hypot(tx, ty)
    n = (np.arange(across) - across / 2.0 + 0.5) * CELL_M
    col = np.floor((x[:, None] - n[None, :] * (ty / norm)[:, None]) / PIXEL_M).astype(np.int32)
    row = np.floor((y[:, None] + n[None, :] * (tx / norm)[:, None]) / PIXEL_M).astype(np.int32)
    top, left = max(int(row.min()), 0), max(int(col.min()), 0)
    bottom, right = min(int(row.max()) + 1, cover.shape[0]), min(int(col.max()) + 1, cover.shape[1])
    if bottom <= top or right <= left:
        return 0.0
    inside = (row >= top) & (row < bottom) & (col >= left) & (col < right)
    size = (bottom - top) * (right - left)
    index = ((row - top) * (right - left) + (col - left))[inside]
    amount = np.bincount(index, weights=slick[inside], minlength=size)
    cells = np.bincount(index, minlength=size)
    new = (amount / np.maximum(cells, 1)).reshape(bottom - top, right - left).astype(np.float32)
    old = cover[top:bottom, left:right]
    before = float(old.sum(dtype=np.float64))
    np.copyto(old, 1.0 - (1.0 - old) * (1.0 - new))
    return float(old.sum(dtype=np.float64)) - before
