"""Planning instances for the benchmarks, each told by its size and its seed alone.

Run: ``python -m benchmarks.instances rushan 0 /tmp/problem.json``.

Patches drift by a simulated current off a schematic coast; the shore is sized to the fleet. With an even seed algae are
*scarce*: what can be caught (:func:`catchable_t`) is 0.6 to 1.2 times what the fleet can carry (:func:`carriable_t`).
With an odd one they are *rich*: 3 to 6 times. The ``static`` instances are what a vehicle router can express as well:
patches that lie still, no larger than a load, and docks that take whatever comes; rich is 1.5 to 2.5 times there.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from benchmarks.instance_data import charts, size_named, sizes
from benchmarks.instance_fleet import make_docks, make_platforms, make_vessels, make_waves
from benchmarks.instance_measures import carriable_t, catchable_t, scarcity
from benchmarks.instance_patches import make_patches, scaled, stilled
from benchmarks.instance_sea import Current, waters
from benchmarks.instance_shore import make_shore
from benchmarks.instance_time import DAY, START, daily
from documents.errors import InputError
from documents.network import MaterialSpec, PlaceSpec, StoreSpec
from documents.problem import DockSpec, PlatformSpec, Problem

__all__ = ["carriable_t", "catchable_t", "make", "scarcity", "static"]

LANDED = "ulva"
SCARCE, RICH, RICH_STATIC = (0.6, 1.2), (3.0, 6.0), (1.5, 2.5)
"""Catchable over carriable tonnes, drawn between these."""
STATIC_VALUE_CNY_PER_T = 200.0
"""示例. Of a tonne landed, in the ``static`` instances."""
STATIC_SPEED_KN, STATIC_COLLECT_T_PER_H, STATIC_UNLOAD_T_PER_H = 9.0, 20.0, 50.0
"""示例, within the ranges of the trade: a router has one travel time and one service time a client."""


def make(size: str, seed: int) -> Problem:
    """Return the instance of ``size`` and ``seed`` (at least 0); raise InputError where there is no such size."""
    if size == "static":
        return static(seed)
    data, rng = size_named(size), _rng(size, seed)
    bare = _bare(size, seed, rng)
    carried = carriable_t(bare)
    factor = rng.uniform(*(RICH if seed % 2 else SCARCE)) * carried / catchable_t(bare)
    shore = make_shore(data, bare, carried, rng)
    return _changed(
        bare,
        patches=tuple(scaled(patch, factor) for patch in bare.patches),
        materials=shore.materials,
        places=tuple(shore.places),
        fleets=tuple(shore.hauling.fleets),
        links=tuple(shore.hauling.links),
        supplies=tuple(shore.supplies),
        contracts=tuple(shore.contracts),
    )


def static(seed: int) -> Problem:
    """Return an instance that a state-of-the-art vehicle router can express; raise InputError for a seed below 0.

    Patches lie still, keep their mass and worth, and are at most one load of the smallest vessel. Vessels differ in
    their holds and costs alone, the sea is calm, there is a berth for every vessel at all hours, and a tonne landed is
    worth the same everywhere.
    """
    rng = _rng("static", seed)
    moving = _bare("static", seed, rng)
    vessels = tuple(
        vessel.model_copy(update={"speed_kn": STATIC_SPEED_KN, "collect_t_per_h": STATIC_COLLECT_T_PER_H})
        for vessel in moving.vessels
    )
    alike = {
        "berths": len(vessels),
        "unload_t_per_h": STATIC_UNLOAD_T_PER_H,
        "windows": daily(None, moving.horizon_h),
    }
    still = _changed(
        moving,
        patches=tuple(stilled(patch) for patch in moving.patches),
        vessels=vessels,
        docks=tuple(dock.model_copy(update=alike) for dock in moving.docks),
        wave_m=(0.0,) * moving.horizon_h,
    )
    wanted = rng.uniform(*(RICH_STATIC if seed % 2 else SCARCE)) * carriable_t(still)
    load = min(vessel.capacity_t for vessel in vessels)
    relative = np.array([patch.biomass_t for patch in still.patches])
    factor = brentq(lambda f: np.minimum(f * relative, load).sum() - wanted, 0.0, load / relative.min())
    factors = np.minimum(factor, load / relative)
    return _changed(still, patches=tuple(scaled(p, float(f)) for p, f in zip(still.patches, factors, strict=True)))


def _rng(size: str, seed: int) -> np.random.Generator:
    if seed < 0:
        raise InputError(f"There is no instance of seed {seed}; give 0 or more.")
    return np.random.default_rng([*size.encode(), seed])


def _bare(size: str, seed: int, rng: np.random.Generator) -> Problem:
    """Return the sea of an instance, its patches right relative to one another, with quays that take whatever comes."""
    data = size_named(size)
    chart, current = charts()[data.chart], Current(rng)
    horizon_h = int(rng.choice(data.horizons_h))
    vessels = make_vessels(data, horizon_h, rng)
    docks = make_docks(data, chart, current.first_high_water_h, horizon_h)
    platforms = make_platforms(data, chart, horizon_h)
    quays: tuple[DockSpec | PlatformSpec, ...] = (*docks, *platforms)
    waves = make_waves(horizon_h, rng)
    store = StoreSpec(materials=(LANDED,), capacity_t=1e6, end_value_cny_per_t={LANDED: STATIC_VALUE_CNY_PER_T})
    return Problem(
        site_id=f"{size}-{seed}",
        day=DAY,
        start=START,
        horizon_h=horizon_h,
        patches=make_patches(data, chart, waters(data.chart), current, horizon_h, rng),
        left_out=(),
        vessels=vessels,
        docks=docks,
        platforms=platforms,
        landed_material=LANDED,
        materials=(MaterialSpec(id=LANDED, name="鲜浒苔", disposal_cny_per_t=0.0),),
        places=tuple(PlaceSpec(id=quay.id, name=quay.name, stores=(store,)) for quay in quays),
        wave_m=waves,
        land=tuple(((*ring, ring[0]),) for ring in chart.land),
        closed_areas=tuple(((*ring, ring[0]),) for ring in chart.closed),
        time_limit_s=data.time_limit_s,
        seed=seed,
    )


def _changed(problem: Problem, **parts: Any) -> Problem:
    """Return ``problem`` with other ``parts``, validated."""
    return Problem(**{**dict(problem), **parts})


def main() -> None:
    """Write the instance that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instances", description=__doc__)
    parser.add_argument("size", choices=sizes())
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    try:
        problem = make(arguments.size, arguments.seed)
    except InputError as error:
        parser.error(str(error))
    problem.write(arguments.out)
    print(
        f"{problem.site_id}: {len(problem.patches)} patches, {len(problem.vessels)} vessels, {problem.horizon_h} h;"
        f" catchable {catchable_t(problem):.0f} t, carriable {carriable_t(problem):.0f} t"
    )


if __name__ == "__main__":
    main()
