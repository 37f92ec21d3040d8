"""A problem small enough to plan by hand, and a valid plan for it made with none of the project's own geometry.

A square island lies between one dock and one patch that drifts north. Two vessels go round the island's south side;
one of them makes two trips. Every time is as early as it can be, so whatever is moved breaks something.
"""

import itertools
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pydantic import BaseModel
from pyproj import Geod

from documents.base import LonLat
from documents.patches import Biomass
from documents.plan import Batch, Left, Lot, Objective, Plan, Status, Stop, StopKind, Voyage
from documents.problem import DockSpec, HaulSpec, LineSpec, PatchState, PlantSpec, Problem, VesselSpec, Window
from documents.site import LineKind

GEOD = Geod(ellps="WGS84")
START = datetime(2026, 6, 18, 20, tzinfo=UTC)
HOURS = 24
DOCK: LonLat = (122.0, 36.5)
SOUTH_ROUTE: tuple[LonLat, ...] = ((122.015, 36.475), (122.065, 36.475))
ISLAND = ((122.02, 36.48), (122.06, 36.48), (122.06, 36.52), (122.02, 36.52), (122.02, 36.48))
SHA256 = "0" * 64


def at(hour: float) -> datetime:
    """Return the moment ``hour`` hours into the horizon, rounded up to a second."""
    return START + timedelta(seconds=math.ceil(hour * 3600 - 1e-6))


def _window(first: float, last: float) -> Window:
    return Window(start=at(first), end=at(last))


def make_problem() -> Problem:
    """Return the problem."""
    marks = range(HOURS + 1)
    patch = PatchState(
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
    boats = {"alpha": (40, 9, 20), "beta": (25, 10, 15)}
    vessels = tuple(
        VesselSpec(
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
            shifts=(_window(0, 12), _window(18, 24)),
        )
        for name, (capacity, speed, rate) in boats.items()
    )
    dock = DockSpec(
        id="quay",
        name="示例码头",
        lon=DOCK[0],
        lat=DOCK[1],
        berths=2,
        unload_t_per_h=40,
        mooring_h=0.25,
        windows=(_window(2, 20),),
    )
    lines = (
        ("poly", LineKind.POLYSACCHARIDE, 8, 9, 900, 420),
        ("fertilizer", LineKind.FERTILIZER, 10, 36, 260, 90),
        ("feed", LineKind.FEED, 5, 11, 480, 180),
    )
    plant = PlantSpec(
        id="mill",
        name="示例厂",
        lon=121.9,
        lat=36.6,
        lines=tuple(
            LineSpec(
                id=name,
                name=name,
                kind=kind,
                capacity_t_per_h=capacity,
                max_age_h=age,
                value_cny_per_t=gain,
                cost_cny_per_t=cost,
                windows=(_window(0, 9), _window(9, 20)),
            )
            for name, kind, capacity, age, gain, cost in lines
        ),
        hauls=(HaulSpec(dock="quay", hours=0.5, cost_cny_per_t=20),),
    )
    return Problem(
        site_id="islet",
        day="2026-06-18",
        start=START,
        horizon_h=HOURS,
        patches=(patch,),
        left_out=(),
        vessels=vessels,
        docks=(dock,),
        plants=(plant,),
        wave_m=tuple(None if k < 5 else 0.8 if k < 10 else 2.0 for k in range(HOURS)),
        disposal_cny_per_t=60,
        land=((ISLAND,),),
        time_limit_s=10,
    )


def miles(path: tuple[LonLat, ...]) -> float:
    """Return the length of ``path`` in nautical miles."""
    return sum(GEOD.inv(*a, *b)[2] for a, b in itertools.pairwise(path)) / 1852.0


class _Boat:
    """A vessel sailed by hand: every stop as early as it can be."""

    def __init__(self, problem: Problem, name: str) -> None:
        self.spec = next(vessel for vessel in problem.vessels if vessel.id == name)
        self.dock, self.patch = problem.docks[0], problem.patches[0]
        self.load, self.oldest, self.lots = 0.0, START, []
        self.stops = [Stop(kind="depart", arrive=START, start=START, end=START, lon=DOCK[0], lat=DOCK[1])]

    def _patch_at(self, moment: datetime) -> LonLat:
        hour = (moment - START).total_seconds() / 3600
        marks = np.arange(HOURS + 1)
        lat = float(np.interp(hour, marks, self.patch.lat))
        return float(np.interp(hour, marks, self.patch.lon)), round(lat, 6)

    def _sail(self, path: tuple[LonLat, ...]) -> datetime:
        left = (self.stops[-1].end - START).total_seconds() / 3600
        return at(left + miles(path) / self.spec.speed_kn)

    def _add(self, kind: StopKind, path: tuple[LonLat, ...], start: datetime, end: datetime, **more: object) -> None:
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
        meeting = self.stops[-1].end
        for _ in range(5):
            path = (DOCK, *SOUTH_ROUTE, self._patch_at(meeting))
            meeting = self._sail(path)
        start = meeting + timedelta(hours=self.spec.rigging_h)
        self.oldest = start if self.load == 0 else self.oldest
        self.load += tonnes
        end = start + timedelta(seconds=math.ceil(3600 * tonnes / self.spec.collect_t_per_h))
        self._add(StopKind.COLLECT, path, start, end, tonnes=tonnes, patch_id=self.patch.id)

    def unload(self, berth: int) -> None:
        path = (self._patch_at(self.stops[-1].end), *SOUTH_ROUTE[::-1], DOCK)
        start = self._sail(path)
        tonnes, self.load = self.load, 0.0
        end = start + timedelta(hours=self.dock.mooring_h, seconds=math.ceil(3600 * tonnes / self.dock.unload_t_per_h))
        lot = f"{self.spec.id}-{len(self.lots)}"
        self.lots.append((lot, tonnes, end, self.oldest))
        self._add(StopKind.UNLOAD, path, start, end, tonnes=tonnes, dock_id="quay", berth=berth, lot_id=lot)

    def voyage(self) -> Voyage:
        moment = self.stops[-1].end
        self._add(StopKind.RETURN, (DOCK, DOCK), moment, moment)
        return Voyage(vessel_id=self.spec.id, shift=0, stops=tuple(self.stops))


SHARES = (
    ("alpha-0", "poly", 20.0, 8.0),
    ("alpha-0", "fertilizer", 15.0, 10.0),
    ("beta-0", "feed", 25.0, 5.0),
    ("alpha-1", "fertilizer", 5.0, 5.0),
    ("alpha-1", "fertilizer", 5.0, 5.0),
)
"""Lot, line, tonnes, tonnes an hour: the last two run side by side and fill their line."""


def make_plan(problem: Problem) -> Plan:
    """Return a valid plan for ``problem``; the objective is summed in steps of a second."""
    alpha, beta = _Boat(problem, "alpha"), _Boat(problem, "beta")
    alpha.collect(40.0)
    alpha.unload(0)
    alpha.collect(10.0)
    alpha.unload(1)
    beta.collect(25.0)
    beta.unload(1)
    voyages = (alpha.voyage(), beta.voyage())
    landed = {lot: (boat, tonnes, end, oldest) for boat in (alpha, beta) for lot, tonnes, end, oldest in boat.lots}
    batches = []
    for lot, line, tonnes, rate in SHARES:
        _, _, end, oldest = landed[lot]
        start = end + timedelta(hours=0.5)
        done = start + timedelta(seconds=math.ceil(3600 * tonnes / rate))
        batches.append(
            Batch(
                lot_id=lot,
                plant_id="mill",
                line_id=line,
                leave_dock=end,
                start=start,
                end=done,
                tonnes=tonnes,
                age_at_end_h=round((done - oldest).total_seconds() / 3600, 3),
            )
        )
    disposed = {lot: landed[lot][1] - sum(b.tonnes for b in batches if b.lot_id == lot) for lot in landed}
    lots = tuple(
        Lot(
            id=lot,
            vessel_id=boat.spec.id,
            dock_id="quay",
            tonnes=tonnes,
            available=end,
            oldest_collected=oldest,
            disposed_t=disposed[lot],
        )
        for lot, (boat, tonnes, end, oldest) in landed.items()
    )
    objective, used = _totals(problem, voyages, batches, sum(disposed.values()))
    bound = objective.total_cny + 500.0
    left = Left(patch_id="patch-a", tonnes=round(problem.patches[0].biomass_t - used, 3), reason="班次已满")
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=SHA256,
        status=Status.FEASIBLE,
        solver="by hand",
        voyages=voyages,
        lots=lots,
        batches=tuple(batches),
        left=(left,),
        objective=objective,
        bound_cny=bound,
        bound_of="the hand-made problem",
        gap=round(500.0 / bound, 6),
    )


def _totals(
    problem: Problem, voyages: tuple[Voyage, ...], batches: list[Batch], disposed: float
) -> tuple[Objective, float]:
    patch, marks = problem.patches[0], np.arange(HOURS + 1)
    damage = used = sailing = 0.0
    for voyage in voyages:
        out = voyage.stops[-1].arrive - voyage.stops[0].end
        sailing += 600 * out.total_seconds() / 3600 + 40 * sum(miles(stop.waypoints) for stop in voyage.stops)
        for stop in (stop for stop in voyage.stops if stop.kind is StopKind.COLLECT):
            first, last = ((moment - START).total_seconds() for moment in (stop.start, stop.end))
            middles = (np.arange(first, last) + 0.5) / 3600
            damage += stop.tonnes * float(np.interp(middles, marks, patch.value_cny_per_t).mean())
            used += stop.tonnes * float((1 / np.interp(middles, marks, patch.remaining)).mean())
    lines = {line.id: line for line in problem.plants[0].lines}
    product = sum(batch.tonnes * lines[batch.line_id].value_cny_per_t for batch in batches)
    processing = sum(batch.tonnes * lines[batch.line_id].cost_cny_per_t for batch in batches)
    hauling = 20 * sum(batch.tonnes for batch in batches)
    parts = {"product_value_cny": product, "processing_cny": processing, "hauling_cny": hauling}
    costs = processing + hauling + 60 * disposed + sailing
    total = damage + product - costs
    rest = {"damage_avoided_cny": damage, "disposal_cny": 60 * disposed, "sailing_cny": sailing, "total_cny": total}
    return Objective(**parts, **rest), used


def thaw(value: Any) -> Any:
    """Return a document as dicts and lists that can be changed, its times still datetimes."""
    if isinstance(value, BaseModel):
        return {name: thaw(field) for name, field in value}
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return [thaw(item) for item in value]
    return value
