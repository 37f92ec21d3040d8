"""Vessels, quays and waves of a benchmark instance."""

import math

import numpy as np

from benchmarks.instance_data import ChartData, DockData, SizeData, vessel_kinds
from benchmarks.instance_sea import TIDE_H
from benchmarks.instance_time import daily, windows
from documents.base import Window
from documents.problem import DockSpec, PlatformSpec, VesselSpec

SHIFT = (0, 16)
"""04:00 to 20:00, as in configs/rushan.yaml."""
RIGGING_H = 0.25
"""NOAA ROC."""
PLATFORM_DAY = (2, 16)
"""示例. It is towed out at 04:00 and leaves for harbour with the boats."""
TIDE_OPEN_H = 4
"""示例. A tidal dock has water this long before and after high water."""
CALM_M = (0.5, 0.9)
"""示例. Wave height of a calm hour."""
BLOW_CHANCE = 0.35
"""示例. Chance a day, up to one in an instance, that the wave rises over the limits of small boats, or of all."""
BLOW_M = (1.3, 1.8)
BLOW_H = (2.0, 3.5)
"""示例. How long it takes to rise and fall (standard deviation in time); at most a twelfth of the horizon."""
UNKNOWN_CHANCE = 0.25
"""示例. Chance that nobody forecast the last hours of a horizon of more than a day."""
UNKNOWN_H = 6


def make_vessels(size: SizeData, horizon_h: int, rng: np.random.Generator) -> tuple[VesselSpec, ...]:
    """Return vessels in the order of their kinds and home docks; those of one kind share a few of the docks."""
    number = int(rng.integers(size.fewest_vessels or size.vessels, size.vessels + 1))
    smallest, largest = size.capacities_t
    kinds = [kind for kind in vessel_kinds() if smallest <= kind.capacity_t <= largest]
    weights = np.array([kind.weight for kind in kinds])
    drawn = np.sort(rng.choice(len(kinds), number, p=weights / weights.sum()))
    docks = len(size.docks)
    homes = (drawn + rng.integers(size.homes_per_kind, size=number)) % docks
    pairs = sorted(zip(drawn.tolist(), homes.tolist(), strict=True))
    shifts = daily(SHIFT, horizon_h)
    return tuple(
        VesselSpec(
            id=f"vessel-{v + 1:03d}",
            name=f"{kinds[kind].name}-{v + 1:02d}",
            home_dock=size.docks[home],
            rigging_h=RIGGING_H,
            shifts=shifts,
            **kinds[kind].model_dump(exclude={"id", "name", "weight"}),
        )
        for v, (kind, home) in enumerate(pairs)
    )


def make_docks(size: SizeData, chart: ChartData, high_water_h: float, horizon_h: int) -> tuple[DockSpec, ...]:
    """Return the docks; the first high water after the start comes at ``high_water_h``."""
    known = {dock.id: dock for dock in chart.docks}
    return tuple(
        DockSpec(
            **known[name].model_dump(exclude={"open"}),
            windows=_open(known[name], high_water_h, horizon_h),
        )
        for name in size.docks
    )


def _open(dock: DockData, high_water_h: float, horizon_h: int) -> tuple[Window, ...]:
    if dock.open == "tide":
        # Whole even hours: what is lost at one end of a window is had at the other.
        middles = [2 * round((high_water_h + k * TIDE_H) / 2) for k in range(-1, math.ceil(horizon_h / TIDE_H) + 1)]
        return windows([(middle - TIDE_OPEN_H, middle + TIDE_OPEN_H) for middle in middles], horizon_h)
    return daily(None if dock.open == "always" else dock.open, horizon_h)


def make_platforms(size: SizeData, chart: ChartData, horizon_h: int) -> tuple[PlatformSpec, ...]:
    """Return the platforms, each with its days."""
    known = {platform.id: platform for platform in chart.platforms}
    days = daily(PLATFORM_DAY, horizon_h)
    return tuple(PlatformSpec(**known[name].model_dump(), days=days) for name in size.platforms)


def make_waves(horizon_h: int, rng: np.random.Generator) -> tuple[float | None, ...]:
    """Return wave heights by hour: a slow swing, at times a blow, at times a forecast that ends early."""
    hour = np.arange(horizon_h) + 0.5
    low, high = CALM_M
    wave = (low + high) / 2.0 + (high - low) / 2.0 * np.sin(2.0 * np.pi * (hour / rng.uniform(18, 48) + rng.random()))
    days = math.ceil(horizon_h / 24)
    if rng.random() < 1.0 - (1.0 - BLOW_CHANCE) ** days:
        peak, when = rng.uniform(*BLOW_M), rng.uniform(0.0, horizon_h)
        spread = min(rng.uniform(*BLOW_H), horizon_h / 12.0)
        wave = wave + (peak - wave) * np.exp(-(((hour - when) / spread) ** 2) / 2.0)
    known = horizon_h
    if days > 1 and rng.random() < UNKNOWN_CHANCE:
        known -= UNKNOWN_H
    return tuple(round(float(w), 2) if h < known else None for h, w in enumerate(wave))
