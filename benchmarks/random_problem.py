"""Small random problems: an island, docks, perhaps a mother ship, drifting patches, boats, and a plant or two."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from documents.base import Window
from documents.network import (
    ContractSpec,
    FleetSpec,
    InputSpec,
    LinkSpec,
    MaterialSpec,
    OutputSpec,
    PlaceSpec,
    StoreSpec,
    SupplySpec,
    TaskSpec,
    UnitSpec,
)
from documents.patches import Biomass
from documents.problem import DockSpec, PatchState, PlatformSpec, Problem, StationSpec, VesselSpec

START = datetime(2026, 6, 18, 20, tzinfo=UTC)
ISLAND = ((122.03, 36.47), (122.05, 36.46), (122.07, 36.50), (122.05, 36.53), (122.04, 36.50), (122.03, 36.47))
DOCK_PLACES = ((122.0, 36.5), (122.10, 36.44))
STATION_PLACES = ((122.085, 36.49), (122.10, 36.50))
WET, GOODS = ("wet", "stale"), ("cake", "powder", "shell", "fertilizer")


def at(hour: float) -> datetime:
    """Return the moment ``hour`` hours into the horizon, in whole seconds."""
    return START + timedelta(seconds=round(hour * 3600))


def window(first: float, last: float) -> Window:
    """Return a span of whole seconds within the two hours."""
    return Window(
        start=START + timedelta(seconds=math.ceil(first * 3600)), end=START + timedelta(seconds=math.floor(last * 3600))
    )


def random_problem(seed: int, *, hours: int = 12, most_patches: int = 4, most_vessels: int = 3) -> Problem:
    """Return the problem of ``seed``: some patches and vessels, one or two docks and plants, perhaps a platform."""
    rng = np.random.default_rng(seed)
    docks = tuple(_dock(rng, d, hours) for d in range(int(rng.integers(1, 3))))
    platforms = (_platform(rng, hours),) if rng.random() < 1 / 3 else ()
    quays = [*(dock.id for dock in docks), *(platform.id for platform in platforms)]
    mills = [_mill(rng, f"mill-{p}", hours) for p in range(int(rng.integers(1, 3)))]
    return Problem(
        site_id="islet",
        day="2026-06-18",
        start=START,
        horizon_h=hours,
        patches=tuple(_patch(rng, p, hours) for p in range(int(rng.integers(1, most_patches + 1)))),
        left_out=(),
        vessels=tuple(_vessel(rng, v, hours, len(docks)) for v in range(int(rng.integers(1, most_vessels + 1)))),
        docks=docks,
        platforms=platforms,
        landed_material="wet",
        materials=_materials(rng),
        places=(*(_quay(rng, quay, hours) for quay in quays), *mills),
        fleets=(
            FleetSpec(id="lorries", name="货车", number=int(rng.integers(1, 4)), windows=_windows(rng, hours)),
            FleetSpec(id="barge", name="驳船", number=1, windows=_windows(rng, hours)),
        ),
        links=tuple(_links(rng, quays, [mill.id for mill in mills])),
        supplies=_supplies(rng, hours),
        contracts=tuple(contract for mill in mills for contract in _contracts(rng, mill, hours)),
        wave_m=tuple(
            None if rng.random() < 0.5 else float(rng.choice([0.5, 1.0, 1.4, 2.0], p=[0.4, 0.3, 0.2, 0.1]))
            for _ in range(hours)
        ),
        land=((ISLAND,),),
        time_limit_s=60.0,
        work=1,
        seed=seed,
    )


def _windows(rng: np.random.Generator, hours: int) -> tuple[Window, ...]:
    if rng.random() < 0.6:
        return (window(0, hours),)
    return window(0.9, hours * 0.6), window(hours * 0.65, hours)


def _dock(rng: np.random.Generator, number: int, hours: int) -> DockSpec:
    return DockSpec(
        id=f"quay-{number}",
        name=f"码头{number}",
        lon=DOCK_PLACES[number][0],
        lat=DOCK_PLACES[number][1],
        berths=int(rng.integers(1, 3)),
        unload_t_per_h=float(rng.choice([20.0, 45.0])),
        mooring_h=float(rng.choice([0.1, 0.25])),
        windows=_windows(rng, hours),
    )


def _platform(rng: np.random.Generator, hours: int) -> PlatformSpec:
    return PlatformSpec(
        id="mother",
        name="母船",
        stations=tuple(
            StationSpec(id=f"station-{s}", name=f"锚位{s}", lon=lon, lat=lat)
            for s, (lon, lat) in enumerate(STATION_PLACES)
        ),
        days=(window(0.5, hours - 0.5),) if rng.random() < 0.5 else (window(0, hours / 2), window(hours / 2, hours)),
        berths=int(rng.integers(1, 3)),
        unload_t_per_h=50.0,
        mooring_h=0.25,
        day_cost_cny=float(rng.choice([200.0, 3000.0])),
    )


def _patch(rng: np.random.Generator, number: int, hours: int) -> PatchState:
    marks = np.arange(hours + 1)
    lon, lat = rng.uniform(122.08, 122.14), rng.uniform(36.42, 36.52)
    biomass = float(rng.uniform(5, 80))
    first = int(rng.integers(0, 3))
    last = int(rng.integers(hours // 2, hours + 1))
    value = np.interp(marks, np.arange(0, hours + 4, 4), rng.uniform(200, 2500, len(np.arange(0, hours + 4, 4))))
    return PatchState(
        id=f"patch-{number}",
        name=f"斑块{number}",
        biomass=Biomass(low_t=biomass * 0.6, mid_t=biomass, high_t=biomass * 2),
        biomass_t=biomass,
        lon=tuple((lon + rng.uniform(0, 0.05) / hours * marks).round(6).tolist()),
        lat=tuple((lat + rng.uniform(0, 0.05) / hours * marks).round(6).tolist()),
        remaining=tuple((1.0 + rng.uniform(-0.4, 0.4) / hours * marks).round(6).tolist()),
        value_cny_per_t=tuple(value.round(2).tolist()),
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


def _materials(rng: np.random.Generator) -> tuple[MaterialSpec, ...]:
    """Wet algae age, and perhaps become stale algae; cake spoils in some problems."""
    becomes = "stale" if rng.random() < 0.6 else None
    life = float(rng.choice([2.5, 4.0, 6.5, 30.0]))
    stale = None if rng.random() < 0.3 else life + float(rng.choice([1.5, 6.0]))
    cake = None if rng.random() < 0.5 else 5.0
    return (
        MaterialSpec(id="wet", name="鲜浒苔", shelf_life_h=life, becomes=becomes, disposal_cny_per_t=60.0),
        MaterialSpec(id="stale", name="陈浒苔", shelf_life_h=stale, disposal_cny_per_t=85.0),
        MaterialSpec(id="cake", name="饼", shelf_life_h=cake, disposal_cny_per_t=40.0),
        *(MaterialSpec(id=name, name=name, disposal_cny_per_t=20.0) for name in GOODS[1:]),
    )


def _quay(rng: np.random.Generator, name: str, hours: int) -> PlaceSpec:
    """Return a dock's yard, or the deck of the mother ship with its press."""
    wet = StoreSpec(materials=WET if rng.random() < 0.7 else WET[:1], capacity_t=float(rng.choice([25.0, 60.0, 200.0])))
    cake = StoreSpec(materials=("cake",), capacity_t=30.0)
    if name != "mother":
        return PlaceSpec(id=name, name=name, stores=(wet, cake))
    press = UnitSpec(id="press", name="压榨机", number=1, windows=_windows(rng, hours))
    return PlaceSpec(id=name, name=name, stores=(wet, cake), units=(press,), tasks=(_press(rng),))


def _press(rng: np.random.Generator) -> TaskSpec:
    return _task(rng, "press", {WET if rng.random() < 0.6 else WET[:1]: 1.0}, {"cake": 0.4}, hours=(0.4, 1.0, 1.5))


def _task(
    rng: np.random.Generator,
    name: str,
    inputs: dict[tuple[str, ...], float],
    outputs: dict[str, float],
    hours: tuple[float, ...],
) -> TaskSpec:
    most = float(rng.choice([2.0, 6.0, 15.0]))
    return TaskSpec(
        id=name,
        name=name,
        unit=name,
        inputs=tuple(InputSpec(materials=materials, share=share) for materials, share in inputs.items()),
        outputs=tuple(
            OutputSpec(material=material, yield_low=0.8 * tonnes, yield_mid=tonnes, yield_high=1.1 * tonnes)
            for material, tonnes in outputs.items()
        ),
        batch_min_t=float(rng.choice([0.0, 0.3, 0.7])) * most,
        batch_max_t=most,
        hours=float(rng.choice(hours)),
        cost_cny_per_batch=float(rng.choice([0.0, 80.0])),
        cost_cny_per_t=float(rng.uniform(5, 60)),
    )


def _mill(rng: np.random.Generator, name: str, hours: int) -> PlaceSpec:
    """Return a plant that presses, dries and blends, with some stock in hand."""
    worth = {"cake": 300.0} if rng.random() < 0.5 else {}
    cake, powder = ({"cake": 4.0}, {"powder": 3.5}) if rng.random() < 0.5 else ({}, {})
    tasks = (
        _press(rng),
        _task(rng, "dry", {("cake",): 1.0}, {"powder": 0.35}, hours=(0.75, 2.0)),
        _task(rng, "blend", {("powder",): 0.8, ("shell",): 0.2}, {"fertilizer": 0.9, "powder": 0.05}, hours=(1.0, 1.2)),
    )
    return PlaceSpec(
        id=name,
        name=name,
        lon=121.9,
        lat=36.6,
        stores=(
            StoreSpec(materials=WET if rng.random() < 0.5 else WET[:1], capacity_t=float(rng.choice([10.0, 40.0]))),
            StoreSpec(materials=("cake",), capacity_t=25.0, stock=cake, end_value_cny_per_t=worth),
            StoreSpec(
                materials=GOODS[1:],
                capacity_t=30.0,
                stock={"shell": 2.5, **powder},
                end_value_cny_per_t={"powder": 1500.0, "shell": 10.0},
            ),
        ),
        units=tuple(
            UnitSpec(id=task.unit, name=task.unit, number=int(rng.integers(1, 3)), windows=_windows(rng, hours))
            for task in tasks
        ),
        tasks=tasks,
    )


def _links(rng: np.random.Generator, quays: list[str], mills: list[str]) -> Iterator[LinkSpec]:
    for quay in quays:
        targets = ["quay-0"] if quay == "mother" else [mill for mill in mills if rng.random() < 0.85]
        for target in targets:
            hours = float(rng.choice([0.1, 0.4, 1.0]))
            yield LinkSpec(
                id=f"{quay}-{target}",
                origin=quay,
                target=target,
                fleet="barge" if quay == "mother" else "lorries",
                materials=("cake",) if quay == "mother" else (*WET, "cake") if rng.random() < 0.7 else ("wet", "cake"),
                hours=hours,
                turnaround_h=hours + float(rng.choice([0.25, 1.0])),
                payload_t=float(rng.choice([5.0, 12.0])),
                cost_cny_per_trip=float(rng.choice([0.0, 150.0])),
                cost_cny_per_t=float(rng.choice([0.0, 8.0])),
            )


def _supplies(rng: np.random.Generator, hours: int) -> tuple[SupplySpec, ...]:
    if rng.random() < 0.6:
        return ()
    return (SupplySpec(id="beach", place="quay-0", material="wet", time=at(rng.uniform(0, hours / 2)), tonnes=6.25),)


def _contracts(rng: np.random.Generator, mill: PlaceSpec, hours: int) -> Iterator[ContractSpec]:
    """Yield what a plant may sell, and, of what it has in stock, must."""
    stock = {name for store in mill.stores for name in store.stock}
    prices = {"cake": (500, 900), "powder": (1500, 4000), "fertilizer": (3000, 6000)}
    for material, between in prices.items():
        if rng.random() < 0.7:
            yield ContractSpec(
                id=f"{mill.id}-{material}",
                name=material,
                place=mill.id,
                material=material,
                price_cny_per_t=float(rng.uniform(*between)),
                min_t=1.0 if material in stock and rng.random() < 0.5 else 0.0,
                max_t=float(rng.choice([1.0, 4.0, 20.0])),
                window=_windows(rng, hours)[0],
            )
