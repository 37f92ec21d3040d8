"""From the quarter-hour clock to the second: the ways between stops, and a voyage sailed in its own time.

Times are whole seconds from the problem's start. A :class:`TimedRoute` says when every visit and call begins and ends;
by :func:`on_the_grid` these are the grid's quarter hours, which :mod:`optimizer.schedule` then sets free.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from documents.base import LonLat
from documents.problem import Problem
from optimizer.clock import TINY_H
from optimizer.grid import Grid, Quay
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea, SeaPath
from optimizer.series import place_at

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

    quay: int
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

    def without(self, unwanted: Collection[tuple[int, int]]) -> "TimedRoute":
        """Return the route less the visits named by trip and number."""
        trips: list[TimedTrip] = []
        for t, trip in enumerate(self.trips):
            kept = tuple(visit for v, visit in enumerate(trip.visits) if (t, v) not in unwanted)
            if kept:
                planned = replace(trip.planned, visits=tuple(visit.planned for visit in kept))
                trips.append(TimedTrip(planned, kept, trip.call))
        return TimedRoute(self.planned, tuple(trips))


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

    def to_quay(self, origin: LonLat, leave_s: int, quay: Quay) -> Leg | None:
        """Return the way to a quay."""
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

    def seconds(self, path: SeaPath) -> int:
        """Return how long a way takes."""
        return math.ceil(path.miles / self._speed_kn * 3600 - 1e-6)

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
        return None if path is None else Leg(path, leave_s + self.seconds(path))


def on_the_grid(grid: Grid, route: Route) -> TimedRoute:
    """Return ``route`` at the steps that the grid has for it, or at the seconds where they are known."""
    return TimedRoute(
        route,
        tuple(
            TimedTrip(
                trip,
                tuple(TimedVisit(visit, *_span_s(visit, grid.step_s)) for visit in trip.visits),
                TimedCall(trip.quay, *_span_s(trip, grid.step_s)),
            )
            for trip in route.trips
        ),
    )


def _span_s(part: Visit | Trip, step_s: int) -> tuple[int, int]:
    return part.span_s or (part.first * step_s, part.last * step_s)


def ways_s(grid: Grid, sea: Sea, route: TimedRoute) -> list[list[int]] | None:
    """Return how long each way takes at the times of ``route``, trip by trip: to every visit, then to the quay.

    The last list holds the way home. None where there is no way at these times.
    """
    outing = grid.outings[route.outing]
    pilot = Pilot(grid.problem, sea, outing.vessel)
    home = grid.quays[grid.dock_of[grid.problem.vessels[outing.vessel].home_dock]]
    place: LonLat = (home.lon, home.lat)
    leave_s: int | None = None
    found: list[list[int]] = []
    for trip in route.trips:
        found.append([])
        for visit in trip.visits:
            seconds = _way_to(grid, pilot, visit, place, leave_s)
            if seconds is None:
                return None
            found[-1].append(seconds)
            place, leave_s = place_at(grid.problem.patches[visit.patch], visit.end_s / 3600), visit.end_s
        quay = grid.quays[trip.call.quay]
        leg = pilot.to_quay(place, leave_s or 0, quay)
        if leg is None:
            return None
        found[-1].append(leg.arrive_s - (leave_s or 0))
        place, leave_s = (quay.lon, quay.lat), trip.call.end_s
    back = pilot.to_quay(place, leave_s or 0, home)
    return None if back is None else [*found, [back.arrive_s - (leave_s or 0)]]


def _way_to(grid: Grid, pilot: Pilot, visit: TimedVisit, place: LonLat, leave_s: int | None) -> int | None:
    """Return how long the way to a visit takes; the first way from home is told by when it must end."""
    if leave_s is None:
        met = place_at(grid.problem.patches[visit.patch], (visit.start_s - pilot.rigging_s) / 3600)
        path = pilot.path(place, met)
        return None if path is None else pilot.seconds(path)
    leg = pilot.to_patch(place, leave_s, visit.patch, visit.start_s)
    return None if leg is None else leg.arrive_s - leave_s


def sailed(grid: Grid, sea: Sea, route: TimedRoute) -> TimedRoute | None:
    """Return ``route`` as it comes about: a visit begins when its boat is ready, a call when it is there.

    Visits that are left no time are left out; None where nothing is left.
    """
    outing = grid.outings[route.outing]
    pilot = Pilot(grid.problem, sea, outing.vessel)
    home = grid.quays[grid.dock_of[grid.problem.vessels[outing.vessel].home_dock]]
    place, leave_s = (home.lon, home.lat), math.ceil(outing.start_h * 3600 - 1e-6)
    trips: list[TimedTrip] = []
    for trip in route.trips:
        visits: list[TimedVisit] = []
        for visit in trip.visits:
            leg = pilot.to_patch(place, leave_s, visit.patch, visit.start_s)
            start_s = None if leg is None else max(leg.arrive_s + pilot.rigging_s, visit.start_s)
            if start_s is None or start_s >= visit.end_s:
                continue
            planned = _begun(grid, visit.planned, start_s)
            visits.append(replace(visit, planned=planned, start_s=start_s))
            place, leave_s = place_at(grid.problem.patches[visit.patch], visit.end_s / 3600), visit.end_s
        call = _called(grid, pilot, trip.call, place, leave_s) if visits else None
        if call is not None:
            planned_trip = replace(trip.planned, visits=tuple(visit.planned for visit in visits))
            trips.append(TimedTrip(planned_trip, tuple(visits), call))
            quay = grid.quays[call.quay]
            place, leave_s = (quay.lon, quay.lat), call.end_s
    return TimedRoute(route.planned, tuple(trips)) if trips else None


def _begun(grid: Grid, visit: Visit, start_s: int) -> Visit:
    """Return ``visit`` from the step of ``start_s`` on: what is collected is as old as it is then."""
    first = start_s // grid.step_s
    kept = [(step, tonnes) for step, tonnes in zip(visit.steps, visit.tonnes, strict=True) if step >= first]
    steps, amounts = zip(*(kept or [(first, visit.tonnes[-1])]), strict=True)
    return replace(visit, steps=(first, *steps[1:]), tonnes=amounts)


def _called(grid: Grid, pilot: Pilot, call: TimedCall, place: LonLat, leave_s: int) -> TimedCall | None:
    quay = grid.quays[call.quay]
    leg = pilot.to_quay(place, leave_s, quay)
    if leg is None:
        return None
    start_s = max(leg.arrive_s, call.start_s)
    return replace(call, start_s=start_s) if start_s + quay.spec.mooring_h * 3600 < call.end_s else None


def visits_of(route: TimedRoute) -> Iterator[tuple[int, int, TimedVisit]]:
    """Yield (trip, number, visit)."""
    for t, trip in enumerate(route.trips):
        for v, visit in enumerate(trip.visits):
            yield t, v, visit
