"""The plan before, as far as the problem still lets it: its voyages as routes, and its stops by shift.

A voyage keeps its order of stops and their times. A visit is cut to when its patch may be collected, and begins later
where its boat is there later; what cannot be done any more is left out.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from documents.changes import Stop, stop_name
from documents.plan import Plan, StopKind, Voyage
from documents.plan import Stop as PlannedStop
from optimizer.clock import hour_of, joined, span_of
from optimizer.course import is_forbidden
from optimizer.grid import Grid
from optimizer.pricing import Pricing
from optimizer.route import LEAST_T, Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.stops import Wishes
from optimizer.timing import TimedCall, TimedRoute, TimedTrip, TimedVisit, sailed, ways_s
from optimizer.to_the_second import route_of

WORKED = (StopKind.COLLECT, StopKind.UNLOAD)


def stops_before(grid: Grid, plan: Plan) -> Mapping[int, Sequence[Stop]]:
    """Return by shift the stops that ``plan`` has in it."""
    problem = grid.problem
    spans = {k: span_of(problem, problem.vessels[v].shifts[s]) for k, (v, s) in enumerate(grid.shifts)}
    found: dict[int, list[Stop]] = defaultdict(list)
    for voyage in plan.voyages:
        for stop in voyage.stops:
            hour = hour_of(problem, stop.start)
            for k, (start_h, end_h) in spans.items():
                is_own = problem.vessels[grid.shifts[k][0]].id == voyage.vessel_id
                if is_own and stop.kind in WORKED and start_h <= hour <= end_h:
                    found[k].append((stop_name(stop.kind, stop.patch_id or stop.quay_id), hour))
    return dict(found)


def routes_before(pricing: Pricing, sea: Sea, wishes: Wishes, plan: Plan) -> list[Route]:
    """Return the voyages of ``plan`` as routes, of every shift the one with the most stops that still can be made."""
    grid = pricing.grid
    best: dict[int, Route] = {}
    for voyage in plan.voyages:
        for number, outing in enumerate(grid.outings):
            if grid.problem.vessels[outing.vessel].id != voyage.vessel_id:
                continue
            timed = _Adopted(grid, sea, number).run(voyage)
            route = None if timed is None else route_of(grid, pricing.network, set(pricing.lots), sea, timed)
            shift = grid.shift_row[number]
            if route is None or timed is None or wishes.unkept(timed):
                continue
            if shift not in best or len(route.visits) > len(best[shift].visits):
                best[shift] = route
    return [best[shift] for shift in sorted(best)]


class _Adopted:
    """One voyage within one outing."""

    def __init__(self, grid: Grid, sea: Sea, number: int) -> None:
        self.grid, self.sea, self.number = grid, sea, number
        self.outing = grid.outings[number]
        self.patch_of = {patch.id: p for p, patch in enumerate(grid.problem.patches)}
        self.never = is_forbidden(grid, self.outing.vessel)

    def run(self, voyage: Voyage) -> TimedRoute | None:
        trips = list(self._trips(voyage.stops))
        while trips:
            timed = sailed(self.grid, self.sea, TimedRoute(Route(self.number, (), 0.0), tuple(trips)))
            if timed is None or self._is_back(timed):
                return timed
            trips = list(timed.trips[:-1])
        return None

    def _is_back(self, timed: TimedRoute) -> bool:
        ways = ways_s(self.grid, self.sea, timed)
        return ways is not None and timed.trips[-1].call.end_s + ways[-1][0] <= self.outing.end_h * 3600

    def _trips(self, stops: Sequence[PlannedStop]) -> Iterator[TimedTrip]:
        visits: list[TimedVisit] = []
        step_s = self.grid.step_s
        for stop in stops:
            start_s, end_s = (round(hour_of(self.grid.problem, at) * 3600) for at in (stop.start, stop.end))
            if stop.kind is StopKind.COLLECT and stop.patch_id in self.patch_of:
                visit = self._visit(self.patch_of[stop.patch_id], start_s, end_s)
                visits += [] if visit is None else [visit]
            elif stop.kind is StopKind.UNLOAD:
                quay = self._quay(stop, start_s, end_s)
                if visits and quay is not None:
                    planned = Trip(tuple(visit.planned for visit in visits), quay, start_s // step_s, end_s // step_s)
                    yield TimedTrip(planned, tuple(visits), TimedCall(quay, start_s, end_s))
                visits = []

    def _visit(self, patch: int, start_s: int, end_s: int) -> TimedVisit | None:
        """Return the visit within the first stretch in which the patch may be collected."""
        workable, step_s = self.grid.workable[patch], self.grid.step_s
        first = max(start_s // step_s, self.outing.first, 0)
        most = min(-(-end_s // step_s), self.outing.last)
        while first < most and not workable[first]:
            first += 1
        last = first
        while last < most and workable[last]:
            last += 1
        if first >= last or self.never[patch]:
            return None
        planned = Visit(patch, (first,), (LEAST_T,))
        return TimedVisit(planned, max(start_s, first * step_s), min(end_s, last * step_s))

    def _quay(self, stop: PlannedStop, start_s: int, end_s: int) -> int | None:
        """Return the quay at which a call may still be made, a platform where it lay."""
        places = [
            (math.hypot(quay.lon - stop.lon, quay.lat - stop.lat), q)
            for q, quay in enumerate(self.grid.quays)
            if quay.spec.id == stop.quay_id and not self.never[len(self.patch_of) + q]
        ]
        if not places:
            return None
        quay = min(places)[1]
        windows = [span_of(self.grid.problem, window) for window in self.grid.quays[quay].windows]
        spans = windows if self.grid.quays[quay].platform is not None else joined(windows)
        is_open = any(opens * 3600 <= start_s and end_s <= closes * 3600 for opens, closes in spans)
        return quay if is_open else None
