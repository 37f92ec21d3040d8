"""A problem small enough to plan by hand, and a valid plan for it made with none of the project's own arithmetic.

At sea: a square island lies between two docks and one patch that drifts north; a platform lies off the island's far
side. Two boats make two trips each, the first to the platform, the second round the island's south side to a dock.
Ashore: wet algae are pressed (on the platform, or at the mill), dried and ground at the mill, and blended with oyster
shell into fertilizer at the works. Every boat, batch and haul is as early as it can be, so whatever is moved breaks
something. All figures are 示例.
"""

import itertools
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pydantic import BaseModel
from pyproj import Geod

from documents.base import LonLat, Window
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
from documents.plan import (
    Batch,
    Disposal,
    Draw,
    Haul,
    Left,
    Mooring,
    Objective,
    Origin,
    Parcel,
    Plan,
    Sale,
    Status,
    Stop,
    StopKind,
    Voyage,
)
from documents.problem import DockSpec, PatchState, PlatformSpec, Problem, StationSpec, VesselSpec

GEOD = Geod(ellps="WGS84")
START = datetime(2026, 6, 18, 20, tzinfo=UTC)
HOURS = 24
DOCK: LonLat = (122.0, 36.5)
PIER: LonLat = (122.0, 36.46)
LEE: LonLat = (122.085, 36.49)
"""Where the platform lies on its first day."""
CAPE: LonLat = (122.09, 36.53)
SOUTH_ROUTE: tuple[LonLat, ...] = ((122.015, 36.475), (122.065, 36.475))
ISLAND = ((122.02, 36.48), (122.06, 36.48), (122.06, 36.52), (122.02, 36.52), (122.02, 36.48))
SHA256 = "0" * 64


def at(hour: float) -> datetime:
    """Return the moment ``hour`` hours into the horizon, rounded up to a second."""
    return START + timedelta(seconds=math.ceil(hour * 3600 - 1e-6))


def hour_of(moment: datetime) -> float:
    """Return how many hours into the horizon ``moment`` is."""
    return (moment - START).total_seconds() / 3600


def window(first: float, last: float) -> Window:
    """Return the span between two hours of the horizon."""
    return Window(start=at(first), end=at(last))


def make_problem() -> Problem:
    """Return the problem."""
    return Problem(
        site_id="islet",
        day="2026-06-18",
        start=START,
        horizon_h=HOURS,
        patches=(_patch(),),
        left_out=(),
        vessels=(_vessel("alpha", capacity=40, speed=9, rate=20), _vessel("beta", capacity=25, speed=10, rate=15)),
        docks=(_dock("quay", DOCK), _dock("pier", PIER)),
        platforms=(_platform(),),
        landed_material="wet",
        materials=_materials(),
        places=(_quay(), _pier(), _mother(), _mill(), _works()),
        fleets=(
            FleetSpec(id="lorries", name="货车", number=2, windows=(window(2, 20),)),
            FleetSpec(id="barge", name="驳船", number=1, windows=(window(2, 8), window(9, 20))),
        ),
        links=(
            _link("quay", "mill", ("wet", "stale"), hours=0.5, turnaround=1.25),
            _link("pier", "mill", ("wet", "stale", "cake"), hours=0.5, turnaround=1.25),
            _link("mill", "works", ("powder",), hours=1.0, turnaround=2.5),
            _link("mother", "pier", ("cake",), hours=1.5, turnaround=3.0, fleet="barge"),
        ),
        supplies=(SupplySpec(id="beach", place="quay", material="wet", time=at(3), tonnes=6.0),),
        contracts=(
            _contract("grow", "works", "fertilizer", price=9000, least=1.0, most=6.0, hours=(7, 24)),
            _contract("fodder", "mill", "bran", price=400, least=0.0, most=1.0, hours=(8, 20)),
        ),
        wave_m=tuple(None if k < 5 else 0.8 if k < 10 else 2.0 for k in range(HOURS)),
        land=((ISLAND,),),
        time_limit_s=10,
    )


def _patch() -> PatchState:
    marks = range(HOURS + 1)
    return PatchState(
        id="patch-a",
        name="示例斑块",
        biomass=Biomass(low_t=50, mid_t=76, high_t=110),
        biomass_t=76,
        lon=tuple(122.10 for _ in marks),
        lat=tuple(round(36.50 + 0.003 * k, 6) for k in marks),
        remaining=tuple(round(1.0 + 0.01 * k, 4) for k in marks),
        value_cny_per_t=tuple(1000.0 + 20 * k for k in marks),
        collectable=tuple(k <= 8 for k in marks),
    )


def _vessel(name: str, *, capacity: float, speed: float, rate: float) -> VesselSpec:
    return VesselSpec(
        id=name,
        name=name,
        home_dock="quay",
        capacity_t=capacity,
        speed_kn=speed,
        collect_t_per_h=rate,
        rigging_h=0.25,
        cost_per_h_cny=600,
        cost_per_nm_cny=40,
        max_wave_m=1.5,
        shifts=(window(0, 12), window(18, 24)),
    )


def _dock(name: str, place: LonLat) -> DockSpec:
    return DockSpec(
        id=name,
        name="示例码头",
        lon=place[0],
        lat=place[1],
        berths=2,
        unload_t_per_h=40,
        mooring_h=0.25,
        windows=(window(2, 20),),
    )


def _platform() -> PlatformSpec:
    return PlatformSpec(
        id="mother",
        name="示例母船",
        stations=(
            StationSpec(id="lee", name="背风锚位", lon=LEE[0], lat=LEE[1]),
            StationSpec(id="cape", name="岬外锚位", lon=CAPE[0], lat=CAPE[1]),
        ),
        days=(window(0, 10), window(12, 22)),
        berths=2,
        unload_t_per_h=50,
        mooring_h=0.25,
        day_cost_cny=3000,
    )


def _materials() -> tuple[MaterialSpec, ...]:
    def material(name: str, cost: float, life: float | None = None, becomes: str | None = None) -> MaterialSpec:
        return MaterialSpec(id=name, name=name, shelf_life_h=life, becomes=becomes, disposal_cny_per_t=cost)

    return (
        material("wet", 60, 6, "stale"),
        material("stale", 85, 20),
        material("cake", 50, 36),
        material("juice", 5, 12),
        material("dry", 30),
        material("bran", 20),
        material("powder", 20),
        material("shell", 15),
        material("fertilizer", 30),
    )


def _quay() -> PlaceSpec:
    return PlaceSpec(id="quay", name="示例码头", stores=(StoreSpec(materials=("wet", "stale"), capacity_t=16),))


def _pier() -> PlaceSpec:
    stores = (StoreSpec(materials=("wet", "stale"), capacity_t=10), StoreSpec(materials=("cake",), capacity_t=8))
    return PlaceSpec(id="pier", name="示例栈桥", stores=stores)


def _mother() -> PlaceSpec:
    stores = (StoreSpec(materials=("wet", "stale"), capacity_t=35), StoreSpec(materials=("cake",), capacity_t=14))
    press = UnitSpec(id="press", name="压榨机", number=1, windows=(window(0, 10), window(12, 22)))
    return PlaceSpec(id="mother", name="示例母船", stores=stores, units=(press,), tasks=(_press(0.5),))


def _press(hours: float) -> TaskSpec:
    cake = OutputSpec(material="cake", yield_low=0.35, yield_mid=0.4, yield_high=0.5)
    juice = OutputSpec(material="juice", yield_low=0.0, yield_mid=0.0, yield_high=0.3)
    return _task("press", ("wet", "stale"), (juice, cake), sizes=(3, 20), hours=hours, costs=(200, 15))


def _task(
    name: str,
    takes: tuple[str, ...],
    outputs: tuple[OutputSpec, ...],
    *,
    sizes: tuple[float, float],
    hours: float,
    costs: tuple[float, float],
) -> TaskSpec:
    """Return a task of one input on the unit of its own name."""
    return TaskSpec(
        id=name,
        name=name,
        unit=name,
        inputs=(InputSpec(materials=takes, share=1.0),),
        outputs=outputs,
        batch_min_t=sizes[0],
        batch_max_t=sizes[1],
        hours=hours,
        cost_cny_per_batch=costs[0],
        cost_cny_per_t=costs[1],
    )


def _output(material: str, tonnes: float) -> OutputSpec:
    return OutputSpec(material=material, yield_low=0.8 * tonnes, yield_mid=tonnes, yield_high=1.1 * tonnes)


def _mill() -> PlaceSpec:
    return PlaceSpec(
        id="mill",
        name="示例厂",
        lon=121.9,
        lat=36.6,
        stores=(
            StoreSpec(materials=("wet",), capacity_t=12),
            StoreSpec(materials=("stale",), capacity_t=4),
            StoreSpec(materials=("cake",), capacity_t=20),
            StoreSpec(materials=("dry", "powder"), capacity_t=14),
            StoreSpec(materials=("bran",), capacity_t=2),
        ),
        units=(
            UnitSpec(id="press", name="压榨机", number=2, windows=(window(4, 8), window(8, 20))),
            UnitSpec(id="dry", name="烘干机", number=1, windows=(window(0, 24),)),
            UnitSpec(id="grind", name="磨粉机", number=1, windows=(window(6, 22),)),
        ),
        tasks=(
            _press(1.25),
            _task("dry", ("cake",), (_output("dry", 0.35),), sizes=(2, 6), hours=2, costs=(300, 120)),
            _task(
                "grind",
                ("dry",),
                (_output("powder", 0.885), _output("bran", 0.1)),
                sizes=(1, 4.5),
                hours=0.5,
                costs=(80, 40),
            ),
        ),
    )


def _works() -> PlaceSpec:
    blend = TaskSpec(
        id="blend",
        name="复配",
        unit="reactor",
        inputs=(InputSpec(materials=("powder",), share=0.8), InputSpec(materials=("shell",), share=0.2)),
        outputs=(_output("fertilizer", 0.5),),
        batch_min_t=2,
        batch_max_t=5,
        hours=2,
        cost_cny_per_batch=500,
        cost_cny_per_t=100,
    )
    return PlaceSpec(
        id="works",
        name="示例肥料厂",
        lon=121.8,
        lat=36.6,
        stores=(
            StoreSpec(
                materials=("powder", "shell"),
                capacity_t=13,
                stock={"powder": 2.0, "shell": 3.0},
                end_value_cny_per_t={"powder": 2500, "shell": 10},
            ),
            StoreSpec(materials=("fertilizer",), capacity_t=3, end_value_cny_per_t={"fertilizer": 5000}),
        ),
        units=(UnitSpec(id="reactor", name="反应釜", number=1, windows=(window(5, 23),)),),
        tasks=(blend,),
    )


def _link(
    origin: str, target: str, materials: tuple[str, ...], *, hours: float, turnaround: float, fleet: str = "lorries"
) -> LinkSpec:
    return LinkSpec(
        id=f"{origin}-{target}",
        origin=origin,
        target=target,
        fleet=fleet,
        materials=materials,
        hours=hours,
        turnaround_h=turnaround,
        payload_t=10,
        cost_cny_per_trip=150,
        cost_cny_per_t=8,
    )


def _contract(
    name: str, place: str, material: str, *, price: float, least: float, most: float, hours: tuple[float, float]
) -> ContractSpec:
    return ContractSpec(
        id=name,
        name=name,
        place=place,
        material=material,
        price_cny_per_t=price,
        min_t=least,
        max_t=most,
        window=window(*hours),
    )


def miles(path: tuple[LonLat, ...]) -> float:
    """Return the length of ``path`` in nautical miles."""
    return sum(float(GEOD.inv(*a, *b)[2]) for a, b in itertools.pairwise(path)) / 1852.0


class _Boat:
    """A vessel sailed by hand: every stop as early as it can be."""

    def __init__(self, problem: Problem, name: str, land: "_Land") -> None:
        self.spec = next(vessel for vessel in problem.vessels if vessel.id == name)
        self.problem, self.patch, self.land = problem, problem.patches[0], land
        self.load, self.born = 0.0, START
        self.stops = [Stop(kind=StopKind.DEPART, arrive=START, start=START, end=START, lon=DOCK[0], lat=DOCK[1])]

    def _patch_at(self, moment: datetime) -> LonLat:
        marks, hour = np.arange(HOURS + 1), hour_of(moment)
        return float(np.interp(hour, marks, self.patch.lon)), round(float(np.interp(hour, marks, self.patch.lat)), 6)

    def _sail(self, path: tuple[LonLat, ...]) -> datetime:
        return at(hour_of(self.stops[-1].end) + miles(path) / self.spec.speed_kn)

    def _add(self, kind: StopKind, path: tuple[LonLat, ...], start: datetime, end: datetime, **more: Any) -> None:
        self.stops.append(
            Stop(
                kind=kind,
                arrive=self._sail(path),
                start=start,
                end=end,
                lon=path[-1][0],
                lat=path[-1][1],
                waypoints=path,
                distance_nm=round(miles(path), 3),
                load_t=self.load,
                **more,
            )
        )

    def collect(self, tonnes: float) -> None:
        """Go to the patch from wherever the boat is, and collect."""
        last = self.stops[-1]
        meeting, ahead = last.end, SOUTH_ROUTE if last.kind is StopKind.DEPART else ()
        for _ in range(5):
            path = ((last.lon, last.lat), *ahead, self._patch_at(meeting))
            meeting = self._sail(path)
        start = meeting + timedelta(hours=self.spec.rigging_h)
        self.born = start if self.load == 0 else self.born
        self.load += tonnes
        end = start + timedelta(seconds=math.ceil(3600 * tonnes / self.spec.collect_t_per_h))
        self._add(StopKind.COLLECT, path, start, end, tonnes=tonnes, patch_id=self.patch.id)

    def unload(self, quay_id: str, berth: int, parcel_id: str) -> None:
        """Go from the patch to a quay, and land everything as one parcel."""
        quay = next(quay for quay in self.problem.quays if quay.id == quay_id)
        where = LEE if isinstance(quay, PlatformSpec) else (quay.lon, quay.lat)
        ahead = () if isinstance(quay, PlatformSpec) else SOUTH_ROUTE[::-1]
        path = (self._patch_at(self.stops[-1].end), *ahead, where)
        start, tonnes, self.load = self._sail(path), self.load, 0.0
        end = start + timedelta(hours=quay.mooring_h, seconds=math.ceil(3600 * tonnes / quay.unload_t_per_h))
        call = {"tonnes": tonnes, "quay_id": quay_id, "berth": berth, "parcel_id": parcel_id}
        self._add(StopKind.UNLOAD, path, start, end, **call)
        self.land.add(parcel_id, quay_id, "wet", tonnes, end, Origin.LANDING, self.spec.id, self.born)

    def voyage(self) -> Voyage:
        """Go home."""
        last = self.stops[-1]
        path = ((last.lon, last.lat), DOCK)
        home = self._sail(path)
        self._add(StopKind.RETURN, path, home, home)
        return Voyage(vessel_id=self.spec.id, shift=0, stops=tuple(self.stops))


class _Land:
    """What happens ashore, noted down as it happens."""

    def __init__(self, problem: Problem) -> None:
        self.tasks = {(place.id, task.id): task for place in problem.places for task in place.tasks}
        self.links = {link.id: link for link in problem.links}
        self.parcels: dict[str, Parcel] = {}
        self.batches: list[Batch] = []
        self.hauls: list[Haul] = []
        self.sales: list[Sale] = []
        self.disposals: list[Disposal] = []

    def add(
        self,
        name: str,
        place: str,
        material: str,
        tonnes: float,
        available: datetime,
        origin: Origin,
        of: str,
        born: datetime | None = None,
    ) -> None:
        """Note a parcel, born when it is available unless told otherwise."""
        self.parcels[name] = Parcel(
            id=name,
            place_id=place,
            material=material,
            tonnes=tonnes,
            available=available,
            born=born or available,
            origin=origin,
            of=of,
        )

    def ready(self, *names: str) -> datetime:
        """Return when the last of some parcels is available."""
        return max(self.parcels[name].available for name in names)

    def batch(self, name: str, place: str, task_id: str, start: datetime, takes: Mapping[str, float]) -> datetime:
        """Run a batch called ``name`` on the unit told by its last letter; return its end. Outputs: name-material."""
        task, tonnes = self.tasks[place, task_id], round(sum(takes.values()), 3)
        end = start + timedelta(hours=task.hours)
        made = {output.material: round(output.yield_mid * tonnes, 3) for output in task.outputs}
        made = {material: amount for material, amount in made.items() if amount > 0}
        for material, amount in made.items():
            self.add(f"{name}-{material}", place, material, amount, end, Origin.BATCH, name)
        self.batches.append(
            Batch(
                id=name,
                place_id=place,
                task_id=task_id,
                unit=1 if name.endswith("b") else 0,
                start=start,
                end=end,
                draws=_draws(takes),
                tonnes=tonnes,
                outputs=tuple(f"{name}-{material}" for material in made),
            )
        )
        return end

    def haul(
        self, name: str, link_id: str, material: str, vehicle: int, leave: datetime, takes: Mapping[str, float]
    ) -> datetime:
        """Make a trip called ``name`` with ``material``; return its arrival. It brings name-load, name-load-2, …"""
        link = self.links[link_id]
        arrive = leave + timedelta(hours=link.hours)
        loads = [f"{name}-load" if i == 0 else f"{name}-load-{i + 1}" for i in range(len(takes))]
        for load, (source, tonnes) in zip(loads, takes.items(), strict=True):
            born = self.parcels[source].born
            self.add(load, link.target, material, tonnes, arrive, Origin.HAUL, name, born)
        self.hauls.append(
            Haul(
                id=name,
                link_id=link_id,
                vehicle=vehicle,
                leave=leave,
                arrive=arrive,
                draws=_draws(takes),
                tonnes=round(sum(takes.values()), 3),
                parcels=tuple(loads),
            )
        )
        return arrive

    def sell(self, contract: str, time: datetime, parcel: str, tonnes: float) -> None:
        """Sell some of a parcel."""
        self.sales.append(Sale(contract_id=contract, time=time, draw=Draw(parcel_id=parcel, tonnes=tonnes)))

    def dispose(self, time: datetime, parcel: str, tonnes: float) -> None:
        """Dispose of some of a parcel."""
        self.disposals.append(Disposal(time=time, draw=Draw(parcel_id=parcel, tonnes=tonnes)))


def _draws(takes: Mapping[str, float]) -> tuple[Draw, ...]:
    return tuple(Draw(parcel_id=parcel, tonnes=tonnes) for parcel, tonnes in takes.items())


def make_plan(problem: Problem) -> Plan:
    """Return a valid plan for ``problem``; the objective is summed in steps of a second."""
    land = _Land(problem)
    land.add("beach", "quay", "wet", 6.0, at(3), Origin.SUPPLY, "beach")
    land.add("old-powder", "works", "powder", 2.0, START, Origin.STOCK, "")
    land.add("old-shell", "works", "shell", 3.0, START, Origin.STOCK, "")
    voyages = _voyages(problem, land)
    _press_at_sea(land)
    _press_ashore(land)
    _dry_and_grind(land)
    _blend_and_sell(land)
    moorings = (Mooring(platform_id="mother", day=0, station_id="lee"),)
    objective, used = _totals(problem, voyages, land)
    bound = objective.total_cny + 500.0
    left = Left(patch_id="patch-a", tonnes=round(problem.patches[0].biomass_t - used, 3), reason="班次已满")
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=SHA256,
        status=Status.FEASIBLE,
        solver="by hand",
        voyages=voyages,
        moorings=moorings,
        parcels=tuple(land.parcels.values()),
        batches=tuple(land.batches),
        hauls=tuple(land.hauls),
        sales=tuple(land.sales),
        disposals=tuple(land.disposals),
        left=(left,),
        objective=objective,
        bound_cny=bound,
        bound_of="the hand-made problem",
        gap=round(500.0 / bound, 6),
    )


def _voyages(problem: Problem, land: _Land) -> tuple[Voyage, ...]:
    alpha, beta = _Boat(problem, "alpha", land), _Boat(problem, "beta", land)
    alpha.collect(30.0)
    alpha.unload("mother", 0, "alpha-0")
    alpha.collect(10.0)
    alpha.unload("quay", 0, "alpha-1")
    beta.collect(25.0)
    beta.unload("mother", 1, "beta-0")
    beta.collect(10.0)
    beta.unload("pier", 0, "beta-1")
    return alpha.voyage(), beta.voyage()


def _press_at_sea(land: _Land) -> None:
    first = land.batch("sea-1", "mother", "press", land.ready("alpha-0"), {"alpha-0": 20.0})
    second = land.batch("sea-2", "mother", "press", first, {"alpha-0": 10.0, "beta-0": 10.0})
    land.batch("sea-3", "mother", "press", second, {"beta-0": 15.0})
    leave = first
    for trip, tonnes in ((1, 8.0), (2, 8.0), (3, 6.0)):
        land.haul(f"barge-{trip}", "mother-pier", "cake", 0, leave, {f"sea-{trip}-cake": tonnes})
        leave += timedelta(hours=land.links["mother-pier"].turnaround_h)


def _press_ashore(land: _Land) -> None:
    """Press what is fresh as soon as lorries bring it, and what was left at the pier when it is stale."""
    back = land.ready("barge-1-load") + timedelta(hours=land.links["pier-mill"].turnaround_h)
    land.haul("cake-1", "pier-mill", "cake", 0, land.ready("barge-1-load"), {"barge-1-load": 8.0})
    mixed = land.haul("mixed", "quay-mill", "wet", 1, land.ready("alpha-1"), {"alpha-1": 4.0, "beach": 6.0})
    fresh = land.haul("fresh", "pier-mill", "wet", 0, back, {"beta-1": 6.0})
    land.haul("cake-2", "pier-mill", "cake", 0, land.ready("barge-2-load"), {"barge-2-load": 8.0})
    land.haul("cake-3", "pier-mill", "cake", 1, land.ready("barge-3-load"), {"barge-3-load": 6.0})
    stale = land.haul("stale", "pier-mill", "stale", 0, at(12), {"beta-1": 4.0})
    land.batch("press-a", "mill", "press", mixed, {"mixed-load": 4.0, "mixed-load-2": 6.0})
    land.batch("press-b", "mill", "press", fresh, {"fresh-load": 6.0})
    land.batch("press-c", "mill", "press", stale, {"stale-load": 4.0})
    land.dispose(land.ready("alpha-1") + timedelta(hours=1), "alpha-1", 3.0)
    land.dispose(at(11), "alpha-1", 3.0)


def _dry_and_grind(land: _Land) -> None:
    takes: tuple[dict[str, float], ...] = (
        {"cake-1-load": 6.0},
        {"cake-1-load": 2.0, "press-a-cake": 4.0},
        {"press-b-cake": 2.4, "cake-2-load": 3.6},
        {"cake-2-load": 4.4, "cake-3-load": 1.6},
        {"cake-3-load": 4.4, "press-c-cake": 1.6},
    )
    end = START
    for number, cakes in enumerate(takes, 1):
        end = land.batch(f"dry-{number}", "mill", "dry", max(end, land.ready(*cakes)), cakes)
    for number, dried in enumerate((("dry-1", "dry-2"), ("dry-3", "dry-4"), ("dry-5",)), 1):
        parcels = {f"{name}-dry": 2.1 for name in dried}
        end = land.batch(f"grind-{number}", "mill", "grind", land.ready(*parcels), parcels)
    powder = {f"grind-{number}-powder": land.parcels[f"grind-{number}-powder"].tonnes for number in (1, 2, 3)}
    land.haul("powder", "mill-works", "powder", 0, end, powder)
    land.sell("fodder", end, "grind-1-bran", 0.42)
    land.sell("fodder", end, "grind-2-bran", 0.42)
    land.dispose(end, "grind-3-bran", 0.21)


def _blend_and_sell(land: _Land) -> None:
    end = land.batch("blend-1", "works", "blend", at(5), {"old-powder": 2.0, "old-shell": 0.5})
    land.sell("grow", end, "blend-1-fertilizer", 1.25)
    end = land.ready("powder-load")
    for number, powder, tonnes in (
        (2, {"powder-load": 3.717, "powder-load-2": 0.283}, 2.5),
        (3, {"powder-load-2": 3.434, "powder-load-3": 0.566}, 2.0),
    ):
        end = land.batch(f"blend-{number}", "works", "blend", end, {**powder, "old-shell": 1.0})
        land.sell("grow", end, f"blend-{number}-fertilizer", tonnes)


def _totals(problem: Problem, voyages: Iterable[Voyage], land: _Land) -> tuple[Objective, float]:
    """Return the objective, and what is used up of the patch."""
    patch, marks = problem.patches[0], np.arange(HOURS + 1)
    damage = used = sailing = 0.0
    for voyage in voyages:
        sailing += 600 * (hour_of(voyage.stops[-1].arrive) - hour_of(voyage.stops[0].end))
        sailing += 40 * sum(miles(stop.waypoints) for stop in voyage.stops)
        for stop in (stop for stop in voyage.stops if stop.kind is StopKind.COLLECT):
            first, last = ((moment - START).total_seconds() for moment in (stop.start, stop.end))
            middles = (np.arange(first, last) + 0.5) / 3600
            damage += stop.tonnes * float(np.interp(middles, marks, patch.value_cny_per_t).mean())
            used += stop.tonnes * float((1 / np.interp(middles, marks, patch.remaining)).mean())
    tasks = [(land.tasks[batch.place_id, batch.task_id], batch.tonnes) for batch in land.batches]
    prices = {contract.id: contract.price_cny_per_t for contract in problem.contracts}
    powder_left = sum(land.parcels[f"grind-{number}-powder"].tonnes for number in (1, 2, 3)) - 8.0
    gains = {
        "damage_avoided_cny": damage,
        "sales_cny": sum(prices[sale.contract_id] * sale.draw.tonnes for sale in land.sales),
        "stock_cny": 0.5 * 5000 + powder_left * 2500 + 0.5 * 10,
    }
    costs = {
        "processing_cny": sum(task.cost_cny_per_batch + task.cost_cny_per_t * tonnes for task, tonnes in tasks),
        "hauling_cny": sum(150 + 8 * haul.tonnes for haul in land.hauls),
        "disposal_cny": 3.0 * 60 + 3.0 * 85 + 0.21 * 20,
        "platform_cny": 3000.0,
        "sailing_cny": sailing,
    }
    return Objective(**gains, **costs, total_cny=sum(gains.values()) - sum(costs.values())), used


def thaw(value: Any) -> Any:
    """Return a document as dicts and lists that can be changed, its times still datetimes."""
    if isinstance(value, BaseModel):
        return {name: thaw(field) for name, field in value}
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return [thaw(item) for item in value]
    return value
