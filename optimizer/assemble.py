"""From times and tonnes to the stops, lots and batches of a plan; every figure is computed after rounding."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents.base import LonLat
from documents.errors import GreentideError
from documents.plan import Batch, Lot, Stop, StopKind, Voyage
from documents.problem import Problem
from optimizer.allotment import Landing
from optimizer.batches import Run
from optimizer.grid import Grid
from optimizer.sea import Sea, SeaPath
from optimizer.series import place_at
from optimizer.timing import STEP_S, Leg, Pilot, TimedRoute, TimedTrip

TONNE_DECIMALS = 3
DEGREE_DECIMALS = 6


@dataclass(frozen=True)
class Sailed:
    """All voyages with what they land, before the plants."""

    voyages: tuple[Voyage, ...]
    lots: tuple[Lot, ...]
    """All disposed of, as yet."""
    landings: tuple[Landing, ...]


def sail(grid: Grid, sea: Sea, routes: Sequence[TimedRoute], taken_t: Sequence[Sequence[Sequence[float]]]) -> Sailed:
    """Return the voyages of ``routes`` with the tonnes ``taken_t`` by route, trip and visit."""
    voyages: list[Voyage] = []
    lots: list[Lot] = []
    landings: list[Landing] = []
    for route, tonnes in zip(routes, taken_t, strict=True):
        skipper = _Skipper(grid, sea, route)
        for trip, amounts in zip(route.trips, tonnes, strict=True):
            lot, landing = skipper.make(trip, amounts)
            lots.append(lot)
            landings.append(landing)
        voyages.append(skipper.voyage())
    return Sailed(tuple(_with_berths(grid.problem, voyages)), tuple(lots), tuple(landings))


class _Skipper:
    """Sails one route stop by stop."""

    def __init__(self, grid: Grid, sea: Sea, route: TimedRoute) -> None:
        outing = grid.outings[route.outing]
        self.problem = grid.problem
        self.vessel = self.problem.vessels[outing.vessel]
        self.shift = outing.shift
        self.pilot = Pilot(grid.problem, sea, outing.vessel)
        self.home = grid.dock_of[self.vessel.home_dock]
        self.begins_s = outing.first * STEP_S
        self.place = self._quay(self.home)
        self.leave_s = -1
        self.stops: list[Stop] = []
        self.calls = 0

    def make(self, trip: TimedTrip, amounts: Sequence[float]) -> tuple[Lot, Landing]:
        """Sail one trip; return what it lands."""
        load = 0.0
        for visit, amount in zip(trip.visits, amounts, strict=True):
            if not self.stops:
                self._depart(visit.patch, visit.start_s)
            leg = self._sound(self.pilot.to_patch(self.place, self.leave_s, visit.patch, visit.start_s))
            patch = self.problem.patches[visit.patch]
            load = round(load + amount, TONNE_DECIMALS)
            self._add(StopKind.COLLECT, leg, visit.start_s, visit.end_s, tonnes=amount, load_t=load, patch_id=patch.id)
            self.place = _rounded(place_at(patch, visit.end_s / 3600))
        leg = self._sound(self.pilot.to_dock(self.place, self.leave_s, trip.call.dock))
        dock = self.problem.docks[trip.call.dock]
        start_s = max(leg.arrive_s, trip.call.start_s)
        end_s = start_s + math.ceil((dock.mooring_h + load / dock.unload_t_per_h) * 3600 - 1e-6)
        self.calls += 1
        lot_id = f"{self.vessel.id}-{self.shift + 1}-{self.calls}"
        self._add(StopKind.UNLOAD, leg, start_s, end_s, tonnes=load, dock_id=dock.id, berth=0, lot_id=lot_id)
        self.place = self._quay(trip.call.dock)
        landing = Landing(trip.call.dock, end_s, trip.visits[0].start_s)
        lot = Lot(
            id=lot_id,
            vessel_id=self.vessel.id,
            dock_id=dock.id,
            tonnes=load,
            available=moment(self.problem, end_s),
            oldest_collected=moment(self.problem, landing.oldest_s),
            disposed_t=load,
        )
        return lot, landing

    def voyage(self) -> Voyage:
        """Sail home and return the voyage."""
        leg = self._sound(self.pilot.to_dock(self.place, self.leave_s, self.home))
        self._add(StopKind.RETURN, leg, leg.arrive_s, leg.arrive_s)
        return Voyage(vessel_id=self.vessel.id, shift=self.shift, stops=tuple(self.stops))

    def _depart(self, patch: int, start_s: int) -> None:
        """Leave home as late as the first visit allows."""
        met = place_at(self.problem.patches[patch], (start_s - self.pilot.rigging_s) / 3600)
        path = self.pilot.path(self.place, met)
        latest = start_s - self.pilot.rigging_s
        leave_s = self.begins_s
        if path is not None:
            # The patch is met a little elsewhere than it was aimed at, by seconds of sailing.
            leave_s = max(self.begins_s, latest - math.ceil(path.miles / self.vessel.speed_kn * 3600))
            while leave_s > self.begins_s:
                leg = self.pilot.to_patch(self.place, leave_s, patch, start_s)
                if leg is not None and leg.arrive_s <= latest:
                    break
                leave_s = max(self.begins_s, leave_s - 10)
        now = moment(self.problem, leave_s)
        lon, lat = self.place
        self.stops.append(Stop(kind=StopKind.DEPART, arrive=now, start=now, end=now, lon=lon, lat=lat))
        self.leave_s = leave_s

    def _add(self, kind: StopKind, leg: Leg, start_s: int, end_s: int, **more: object) -> None:
        lon, lat = leg.path.waypoints[-1]
        arrive, start, end = (moment(self.problem, second) for second in (leg.arrive_s, start_s, end_s))
        stop = {"arrive": arrive, "start": start, "end": end, "lon": lon, "lat": lat, **more}
        path: SeaPath = leg.path
        self.stops.append(
            Stop.model_validate(
                {"kind": kind, "waypoints": path.waypoints, "distance_nm": round(path.miles, 3), **stop}
            )
        )
        self.leave_s = end_s

    def _quay(self, dock: int) -> LonLat:
        return self.problem.docks[dock].lon, self.problem.docks[dock].lat

    def _sound(self, leg: Leg | None) -> Leg:
        if leg is None:
            raise GreentideError(f"Vessel {self.vessel.id} has lost its way: a leg that was sailed before is blocked.")
        return leg


def _rounded(place: LonLat) -> LonLat:
    return round(place[0], DEGREE_DECIMALS), round(place[1], DEGREE_DECIMALS)


def moment(problem: Problem, second: int) -> datetime:
    """Return the moment ``second`` seconds after the problem's start."""
    return problem.start + timedelta(seconds=second)


def _with_berths(problem: Problem, voyages: Sequence[Voyage]) -> list[Voyage]:
    """Give every call the lowest berth that is free: enough are, as the calls fit their number at every moment."""
    calls = sorted(
        (stop.start, v, s)
        for v, voyage in enumerate(voyages)
        for s, stop in enumerate(voyage.stops)
        if stop.kind is StopKind.UNLOAD
    )
    free_from = {dock.id: [problem.start] * dock.berths for dock in problem.docks}
    stops = [list(voyage.stops) for voyage in voyages]
    for start, v, s in calls:
        stop = stops[v][s]
        assert stop.dock_id is not None
        berths = free_from[stop.dock_id]
        berth = next((b for b, free in enumerate(berths) if free <= start), None)
        if berth is None:
            raise GreentideError(f"Dock {stop.dock_id} has no free berth at {start:%H:%M}Z; the plan does not hold.")
        berths[berth] = stop.end
        stops[v][s] = stop.model_copy(update={"berth": berth})
    return [voyage.model_copy(update={"stops": tuple(stops[v])}) for v, voyage in enumerate(voyages)]


def batched(problem: Problem, sailed: Sailed, runs: Sequence[Run]) -> tuple[tuple[Lot, ...], tuple[Batch, ...]]:
    """Return the lots with what is disposed of, and the batches."""
    batches: list[Batch] = []
    disposed = [lot.tonnes for lot in sailed.lots]
    for run in runs:
        tonnes = round(run.tonnes, TONNE_DECIMALS)
        if tonnes <= 0 or run.end_s <= run.start_s:
            continue
        tonnes = min(tonnes, round(disposed[run.lot], TONNE_DECIMALS))
        if tonnes <= 0:
            continue
        disposed[run.lot] -= tonnes
        lot, plant = sailed.lots[run.lot], problem.plants[run.plant]
        haul = next(haul for haul in plant.hauls if haul.dock == lot.dock_id)
        batches.append(
            Batch(
                lot_id=lot.id,
                plant_id=plant.id,
                line_id=plant.lines[run.line].id,
                leave_dock=moment(problem, run.start_s - math.ceil(haul.hours * 3600)),
                start=moment(problem, run.start_s),
                end=moment(problem, run.end_s),
                tonnes=tonnes,
                age_at_end_h=round((run.end_s - sailed.landings[run.lot].oldest_s) / 3600, 3),
            )
        )
    lots = tuple(
        lot.model_copy(update={"disposed_t": max(round(left, TONNE_DECIMALS), 0.0)})
        for lot, left in zip(sailed.lots, disposed, strict=True)
    )
    return lots, tuple(batches)
