"""Small random problems for the planner: an island, docks, drifting patches, boats, a plant or two."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from documents.patches import Biomass
from documents.problem import DockSpec, HaulSpec, LineSpec, PatchState, PlantSpec, Problem, VesselSpec, Window
from documents.site import LineKind

START = datetime(2026, 6, 18, 20, tzinfo=UTC)
ISLAND = ((122.03, 36.47), (122.05, 36.46), (122.07, 36.50), (122.05, 36.53), (122.04, 36.50), (122.03, 36.47))
BERTH_PLACES = ((122.0, 36.5), (122.10, 36.44))


def window(first: float, last: float) -> Window:
    return Window(
        start=START + timedelta(seconds=math.ceil(first * 3600)), end=START + timedelta(seconds=math.floor(last * 3600))
    )


def random_problem(seed: int, *, hours: int = 12, most_patches: int = 4, most_vessels: int = 3) -> Problem:
    """Return the problem of ``seed``."""
    rng = np.random.default_rng(seed)
    docks = tuple(
        DockSpec(
            id=f"quay-{d}",
            name=f"码头{d}",
            lon=place[0],
            lat=place[1],
            berths=int(rng.integers(1, 3)),
            unload_t_per_h=float(rng.choice([20.0, 45.0])),
            mooring_h=float(rng.choice([0.1, 0.25])),
            windows=(window(0, hours),)
            if rng.random() < 0.6
            else (window(0.9, hours * 0.6), window(hours * 0.7, hours)),
        )
        for d, place in enumerate(BERTH_PLACES[: int(rng.integers(1, 3))])
    )
    return Problem(
        site_id="islet",
        day="2026-06-18",
        start=START,
        horizon_h=hours,
        patches=tuple(_patch(rng, p, hours) for p in range(int(rng.integers(1, most_patches + 1)))),
        left_out=(),
        vessels=tuple(_vessel(rng, v, hours, len(docks)) for v in range(int(rng.integers(1, most_vessels + 1)))),
        docks=docks,
        plants=tuple(_plant(rng, p, hours, len(docks)) for p in range(int(rng.integers(0, 3)))),
        wave_m=tuple(
            None if rng.random() < 0.5 else float(rng.choice([0.5, 1.0, 1.4, 2.0], p=[0.4, 0.3, 0.2, 0.1]))
            for _ in range(hours)
        ),
        disposal_cny_per_t=60.0,
        land=((ISLAND,),),
        time_limit_s=60.0,
        work=2,
        seed=seed,
    )


def _patch(rng: np.random.Generator, number: int, hours: int) -> PatchState:
    marks = np.arange(hours + 1)
    lon, lat = rng.uniform(122.08, 122.14), rng.uniform(36.42, 36.52)
    biomass = float(rng.uniform(5, 80))
    first = int(rng.integers(0, 3))
    last = int(rng.integers(hours // 2, hours + 1))
    return PatchState(
        id=f"patch-{number}",
        name=f"斑块{number}",
        biomass=Biomass(low_t=biomass * 0.6, mid_t=biomass, high_t=biomass * 2),
        biomass_t=biomass,
        lon=tuple((lon + rng.normal(0, 0.024) / hours * marks).round(6).tolist()),
        lat=tuple((lat + rng.uniform(0, 0.05) / hours * marks).round(6).tolist()),
        remaining=tuple((1.0 + rng.uniform(-0.4, 0.4) / hours * marks).round(6).tolist()),
        value_cny_per_t=tuple(rng.uniform(200, 2500, hours + 1).round(2).tolist()),
        collectable=tuple((first <= marks) & (marks <= last)),
    )


def _vessel(rng: np.random.Generator, number: int, hours: int, docks: int) -> VesselSpec:
    begin = float(rng.choice([0.0, 0.4, 1.0]))
    return VesselSpec(
        id=f"boat-{number}",
        name=f"船{number}",
        home_dock=f"quay-{rng.integers(docks)}",
        capacity_t=float(rng.choice([12.0, 30.0, 55.0])),
        speed_kn=float(rng.choice([7.0, 10.0])),
        collect_t_per_h=float(rng.choice([8.0, 20.0])),
        rigging_h=float(rng.choice([0.1, 0.25])),
        cost_per_h_cny=float(rng.uniform(100, 900)),
        cost_per_nm_cny=float(rng.uniform(10, 60)),
        max_wave_m=float(rng.choice([1.25, 1.5])),
        shifts=(window(begin, hours * 0.55), window(hours * 0.6, hours))
        if rng.random() < 0.3
        else (window(begin, hours),),
    )


def _plant(rng: np.random.Generator, number: int, hours: int, docks: int) -> PlantSpec:
    kinds = list(LineKind)
    return PlantSpec(
        id=f"mill-{number}",
        name=f"厂{number}",
        lon=121.9,
        lat=36.6,
        lines=tuple(
            LineSpec(
                id=f"line-{q}",
                name=f"线{q}",
                kind=kinds[int(rng.integers(3))],
                capacity_t_per_h=float(rng.uniform(2, 10)),
                max_age_h=float(rng.choice([3.0, 6.5, 30.0])),
                value_cny_per_t=float(rng.uniform(200, 900)),
                cost_cny_per_t=float(rng.uniform(50, 400)),
                windows=(window(0, hours),)
                if rng.random() < 0.5
                else (window(1.2, hours * 0.5), window(hours * 0.6, hours)),
            )
            for q in range(int(rng.integers(1, 3)))
        ),
        hauls=tuple(
            HaulSpec(dock=f"quay-{d}", hours=float(rng.choice([0.0, 0.4, 1.0])), cost_cny_per_t=15.0)
            for d in range(docks)
            if rng.random() < 0.8
        ),
    )
