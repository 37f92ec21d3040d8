"""From the quarter-hour clock to the second: what the grid rounded away is given back to collecting.

A route's calls keep their slots at the berths, and a visit ends when the grid says; but a boat that is ready before
its quarter hour begins to collect at once. Times are whole seconds from the problem's start.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

from documents.base import LonLat
from documents.problem import Problem
from optimizer.clock import STEP_H, TINY_H
from optimizer.grid import Grid
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea, SeaPath
from optimizer.series import place_at

STEP_S = round(STEP_H * 3600)
MEETING_ROUNDS = 6
"""Rounds of moving the meeting place to where the patch is on arrival; each cuts the error twentyfold and more."""


@dataclass(frozen=True)
class TimedVisit:
    """Collecting at a patch from ``start_s`` to ``end_s``."""

    planned: Visit
    start_s: int
    end_s: int

    @property
    def patch(self) -> int:
        """Return the index of the patch."""
        return self.planned.patch


@dataclass(frozen=True)
class TimedCall:
    """A berth held from ``start_s`` to ``end_s``."""

    dock: int
    start_s: int
    end_s: int


@dataclass(frozen=True)
class TimedTrip:
    """Visits and the call that lands what they collected."""

    planned: Trip
    visits: tuple[TimedVisit, ...]
    call: TimedCall


@dataclass(frozen=True)
class TimedRoute:
    """A voyage to the second, but for its legs."""

    planned: Route
    trips: tuple[TimedTrip, ...]

    @property
    def outing(self) -> int:
        """Return the index of the outing."""
        return self.planned.outing

    def without(self, unwanted: Collection[tuple[int, int]]) -> Route:
        """Return the route less the visits named by trip and number."""
        trips: list[Trip] = []
        for t, trip in enumerate(self.trips):
            kept = tuple(visit.planned for v, visit in enumerate(trip.visits) if (t, v) not in unwanted)
            if kept:
                trips.append(replace(trip.planned, visits=kept))
        return replace(self.planned, trips=tuple(trips))


@dataclass(frozen=True)
class Leg:
    """A way by sea and when it ends."""

    path: SeaPath
    arrive_s: int


class Pilot:
    """Finds legs for one vessel."""

    def __init__(self, problem: Problem, sea: Sea, vessel: int) -> None:
        self._problem, self._sea = problem, sea
        self._speed_kn = problem.vessels[vessel].speed_kn
        self.rigging_s = math.ceil(problem.vessels[vessel].rigging_h * 3600 - TINY_H)

    def to_dock(self, origin: LonLat, leave_s: int, dock: int) -> Leg | None:
        """Return the way to a dock."""
        quay = self._problem.docks[dock]
        return self._along(self._sea.path(origin, (quay.lon, quay.lat)), leave_s)

    def to_patch(self, origin: LonLat, leave_s: int, patch: int, start_s: int | None) -> Leg | None:
        """Return the way to where the patch is first met.

        Where it cannot be met so early (it lies too near the shore), it is met in time to collect from ``start_s`` on.
        """
        leg = self._meet(origin, leave_s, patch)
        if leg is None and start_s is not None:
            met_s = start_s - self.rigging_s
            path = self._sea.path(origin, place_at(self._problem.patches[patch], met_s / 3600))
            leg = self._along(path, leave_s)
            leg = None if leg is None or leg.arrive_s > met_s else Leg(leg.path, met_s)
        return leg

    def path(self, origin: LonLat, target: LonLat) -> SeaPath | None:
        """Return the shortest way by sea."""
        return self._sea.path(origin, target)

    def _meet(self, origin: LonLat, leave_s: int, patch: int) -> Leg | None:
        arrive_s = leave_s
        leg: Leg | None = None
        for _ in range(MEETING_ROUNDS):
            leg = self._along(self._sea.path(origin, place_at(self._problem.patches[patch], arrive_s / 3600)), leave_s)
            if leg is None or abs(leg.arrive_s - arrive_s) <= 1:
                return leg
            arrive_s = leg.arrive_s
        return leg

    def _along(self, path: SeaPath | None, leave_s: int) -> Leg | None:
        if path is None:
            return None
        return Leg(path, leave_s + math.ceil(path.miles / self._speed_kn * 3600 - 1e-6))


def timed(grid: Grid, sea: Sea, route: Route) -> TimedRoute | None:
    """Return ``route`` to the second; None where nothing is left of it."""
    problem = grid.problem
    outing = grid.outings[route.outing]
    pilot = Pilot(problem, sea, outing.vessel)
    home = problem.docks[grid.dock_of[problem.vessels[outing.vessel].home_dock]]
    place, leave_s = (home.lon, home.lat), outing.first * STEP_S
    trips: list[TimedTrip] = []
    for trip in route.trips:
        visits: list[TimedVisit] = []
        for visit in trip.visits:
            start_s = _start(grid, pilot, visit, place, leave_s)
            end_s = visit.last * STEP_S
            if start_s is None or start_s >= end_s:
                continue
            visits.append(TimedVisit(visit, start_s, end_s))
            place, leave_s = place_at(problem.patches[visit.patch], end_s / 3600), end_s
        call = _call(problem, pilot, trip, place, leave_s) if visits else None
        if call is not None:
            trips.append(TimedTrip(trip, tuple(visits), call))
            dock = problem.docks[trip.dock]
            place, leave_s = (dock.lon, dock.lat), call.end_s
    return TimedRoute(route, tuple(trips)) if trips else None


def _start(grid: Grid, pilot: Pilot, visit: Visit, place: LonLat, leave_s: int) -> int | None:
    """Return when collecting begins: when the boat is ready, but less than a step before the grid has it."""
    planned_s = visit.first * STEP_S
    before = visit.first - 1
    earliest_s = before * STEP_S if before >= 0 and grid.workable[visit.patch, before] else planned_s
    leg = pilot.to_patch(place, leave_s, visit.patch, planned_s)
    return None if leg is None else max(leg.arrive_s + pilot.rigging_s, earliest_s)


def _call(problem: Problem, pilot: Pilot, trip: Trip, place: LonLat, leave_s: int) -> TimedCall | None:
    leg = pilot.to_dock(place, leave_s, trip.dock)
    if leg is None:
        return None
    start_s, end_s = max(leg.arrive_s, trip.first * STEP_S), trip.last * STEP_S
    mooring_s = problem.docks[trip.dock].mooring_h * 3600
    return TimedCall(trip.dock, start_s, end_s) if start_s + mooring_s < end_s else None
