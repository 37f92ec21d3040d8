"""What people put on the sea: ships with their wakes, and rafts for oysters and laver."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.simulate.shore import COARSE, Shore
from training.simulate.texture import F32, shrink, smoothstep

F16 = npt.NDArray[np.float16]

PIXEL_M = 10.0
FINER = 3
"""Marks are drawn on pixels this many times finer and then averaged."""

Draw = Callable[[F32, F32], F32]
"""From metres ahead of and to the right of a mark's middle to a fraction 0–1."""

SHIPS_PER_KM2 = 0.06
"""示例: vessels that show at 10 m, off a fishing coast."""

RAFT_FIELDS_PER_KM2 = 0.05
"""示例: raft fields per km² of sea within 4 km of land."""

KELVIN_DEG = 19.47
"""Half angle of a ship's wake, arcsin(1/3) (Kelvin 1887)."""


def stamp(layer: F16 | F32, row: float, col: float, heading: float, reach_m: float, draw: Draw, *, cut: bool) -> None:
    """Draw a mark into ``layer`` (10 m): the greater of both, or with ``cut`` what the mark leaves of the layer.

    ``heading`` is in radians clockwise from up the rows; ``reach_m`` is half the side of the window.
    """
    reach = math.ceil(reach_m / PIXEL_M) + 1
    top, left = max(int(row) - reach, 0), max(int(col) - reach, 0)
    bottom, right = min(int(row) + reach + 1, layer.shape[0]), min(int(col) + reach + 1, layer.shape[1])
    if bottom <= top or right <= left:
        return
    y = ((np.arange((bottom - top) * FINER) + 0.5) / FINER + top - row) * PIXEL_M
    x = ((np.arange((right - left) * FINER) + 0.5) / FINER + left - col) * PIXEL_M
    sin, cos = math.sin(heading), math.cos(heading)
    ahead = np.asarray(x[None, :] * sin - y[:, None] * cos, np.float32)
    aside = np.asarray(x[None, :] * cos + y[:, None] * sin, np.float32)
    mark = shrink(draw(ahead, aside), FINER)
    old = layer[top:bottom, left:right]
    np.copyto(old, old * (1.0 - mark) if cut else np.maximum(old, mark), casting="same_kind")


@dataclass(frozen=True)
class Ship:
    """A vessel: position in 10 m pixels, heading in radians clockwise from up, lengths in metres."""

    row: float
    col: float
    heading: float
    length: float
    beam: float
    wake: float
    """Length of the wake; 0 at anchor."""

    def hull(self, ahead: F32, aside: F32) -> F32:
        """Return where the hull is."""
        bow = np.clip((self.length / 2.0 - np.abs(ahead)) / (0.25 * self.length), 0.0, 1.0)
        return ((np.abs(aside) < self.beam / 2.0 * np.sqrt(bow)) & (bow > 0)).astype(np.float32)

    def churn(self, ahead: F32, aside: F32) -> F32:
        """Return how much of the surface the propeller has torn up, 0–1."""
        astern = -self.length / 2.0 - ahead
        half = self.beam * 0.6 + 0.012 * np.maximum(astern, 0.0)
        inside = smoothstep(half - np.abs(aside), 0.0, 6.0) * (astern > 0)
        return np.asarray(inside * smoothstep(self.wake - astern, 0.0, 0.6 * self.wake), np.float32)

    def foam(self, ahead: F32, aside: F32) -> F32:
        """Return the foam of the wake: a bright core that fades, and the two faint arms of Kelvin's wedge."""
        astern = np.maximum(-self.length / 2.0 - ahead, 0.0)
        core = self.churn(ahead, aside) * (0.45 * np.exp(-astern / (0.12 * self.wake)) + 0.035)
        arm = np.abs(np.abs(aside) - np.tan(np.radians(KELVIN_DEG)) * astern)
        arms = 0.05 * np.exp(-((arm / 9.0) ** 2)) * np.exp(-astern / (0.25 * self.wake)) * (astern > 0)
        return np.asarray(np.maximum(core, arms), np.float32)


def make_ships(shore: Shore, cover: F32, rng: np.random.Generator) -> list[Ship]:
    """Return vessels at sea; a third of them have just gone through algae."""
    sea_km2 = float((~shore.land).sum()) * 1e-4
    ships = []
    for _ in range(int(rng.poisson(SHIPS_PER_KM2 * sea_km2))):
        spot = _pixel(rng, shore.distance_m > 400.0)
        if spot is None:
            break
        heading = float(rng.uniform(0.0, 2.0 * math.pi))
        small = rng.random() < 0.7
        length = float(rng.uniform(18.0, 40.0) if small else rng.uniform(55.0, 120.0))
        wake = float(rng.uniform(350.0, 1_800.0)) if rng.random() < 0.75 else 0.0
        if wake and rng.random() < 0.45:
            algae = _pixel(rng, cover[::COARSE, ::COARSE] > 0.3)
            if algae is not None:
                past = rng.uniform(60.0, 250.0) / PIXEL_M
                spot = (algae[0] - past * math.cos(heading), algae[1] + past * math.sin(heading))
        row, col = int(spot[0]), int(spot[1])
        if not (0 <= row < shore.land.shape[0] and 0 <= col < shore.land.shape[1]) or shore.offshore_m[row, col] < 150:
            continue
        ships.append(Ship(*spot, heading, length, max(length / 5.5, 5.0), wake))
    return ships


def _pixel(rng: np.random.Generator, where: npt.NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return a random position (row, column at 10 m) inside the coarse mask ``where``."""
    flat = np.flatnonzero(where)
    if not len(flat):
        return None
    row, col = np.divmod(int(flat[rng.integers(len(flat))]), where.shape[1])
    return (row + float(rng.random())) * COARSE, (col + float(rng.random())) * COARSE


def draw_ships(ships: list[Ship], hulls: F16, foam: F16, cover: F32) -> None:
    """Draw ``ships`` into the layers; wakes part the algae, hulls replace them."""
    for ship in ships:
        near = ship.length / 2.0 + 20.0
        if ship.wake:
            reach = ship.length + ship.wake * 1.1
            stamp(foam, ship.row, ship.col, ship.heading, reach, ship.foam, cut=False)
            stamp(cover, ship.row, ship.col, ship.heading, reach, ship.churn, cut=True)
        stamp(hulls, ship.row, ship.col, ship.heading, near, ship.hull, cut=False)
        stamp(cover, ship.row, ship.col, ship.heading, near, ship.hull, cut=True)


def draw_rafts(rafts: F16, shore: Shore, rng: np.random.Generator) -> None:
    """Draw raft fields within 4 km of land: blocks of parallel, dotted lines with lanes between."""
    belt = (shore.distance_m > 350.0) & (shore.distance_m < 4_000.0)
    count = int(rng.poisson(RAFT_FIELDS_PER_KM2 * float(belt.sum()) * (COARSE * PIXEL_M / 1000.0) ** 2))
    for _ in range(count):
        spot = _pixel(rng, belt)
        assert spot is not None
        long, wide = float(rng.uniform(500.0, 1_500.0)), float(rng.uniform(300.0, 900.0))
        line_m, dot_m = float(rng.uniform(22.0, 50.0)), float(rng.uniform(28.0, 70.0))
        block_m, lane_m = float(rng.uniform(220.0, 420.0)), float(rng.uniform(30.0, 60.0))
        strength = float(rng.uniform(0.35, 0.8))
        missing = rng.random((64, 64)) < 0.18

        def draw(
            ahead: F32,
            aside: F32,
            long: float = long,
            wide: float = wide,
            line_m: float = line_m,
            dot_m: float = dot_m,
            block_m: float = block_m,
            lane_m: float = lane_m,
            strength: float = strength,
            missing: npt.NDArray[np.bool_] = missing,
        ) -> F32:
            inside = (np.abs(ahead) < long / 2.0) & (np.abs(aside) < wide / 2.0)
            block_a, block_b = np.floor(ahead / block_m).astype(int), np.floor(aside / block_m).astype(int)
            lanes = ((ahead % block_m) > lane_m) & ((aside % block_m) > lane_m) & ~missing[block_a % 64, block_b % 64]
            rows = np.abs((aside % line_m) - line_m / 2.0) < 5.0
            dots = np.abs((ahead % dot_m) - dot_m / 2.0) < 0.36 * dot_m
            return np.asarray(strength * (inside & lanes & rows & dots), np.float32)

        stamp(rafts, *spot, float(rng.uniform(0.0, math.pi)), math.hypot(long, wide) / 2.0, draw, cut=False)
