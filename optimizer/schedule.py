"""Times of voyages, set free: the order of stops stands, when each begins and ends is the last program's to say.

With the ways between stops as long as they are at the times so far, for every route:

    visit v:  ready_v ≥ end of the stop before + way + rigging,  end_v ≥ ready_v,  taken_v ≤ rate · (end_v − ready_v)
    call c:   begin_c ≥ end of the visit before + way,  end_c = begin_c + mooring + Σ taken / unloading rate
    berth:    begin of the next call there ≥ end_c
    home:     end of the last call + way home ≤ end of the shift

Where it is wished that a stop starts in a window, being off by an hour has its price (:mod:`optimizer.stops`).

A visit stays in the hours in which its patch may be worked throughout, a call in the opening of its quay, and what is
landed stays the lot that it is on the grid: neither born in another bucket nor there a step sooner or later.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulp

from optimizer.clock import span_of
from optimizer.column import lot_of
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.series import value_slopes
from optimizer.shore import Terms
from optimizer.stops import CALL, Place, Wish
from optimizer.timing import TimedCall, TimedRoute, TimedTrip, TimedVisit, visits_of

WAY_MARGIN_H = 15 / 3600
"""Added to every way: patches drift on while times move."""
SECOND_H = 1 / 3600


@dataclass
class Times:
    """The variables of one route, in hours from the problem's start."""

    leave: Any
    visits: list[list[tuple[Any, Any]]]
    """By trip: (ready, end)."""
    calls: list[tuple[Any, Any]]
    """By trip: (begin, end)."""


def add_times(
    grid: Grid,
    network: Network,
    model: Any,
    cost: Terms,
    routes: Sequence[TimedRoute],
    ways: Sequence[list[list[int]]],
    taken: Sequence[list[list[Any]]],
    *,
    keep_lots: bool = True,
) -> list[Times]:
    """Add the times of ``routes`` to ``model``; ``taken`` are the tonnes of their visits, ``ways`` their seconds.

    Unless ``keep_lots`` what is landed may be any lot.
    """
    found = []
    for number, (route, way, tonnes) in enumerate(zip(routes, ways, taken, strict=True)):
        found.append(_Voyage(grid, network, model, cost, number).add(route, way, tonnes, keep_lots=keep_lots))
    _add_berths(grid, model, routes, found)
    return found


class _Voyage:
    """Adds the times of one route."""

    def __init__(self, grid: Grid, network: Network, model: Any, cost: Terms, number: int) -> None:
        self.grid, self.network, self.model, self.cost, self.number = grid, network, model, cost, number

    def add(self, route: TimedRoute, ways: list[list[int]], taken: list[list[Any]], *, keep_lots: bool) -> Times:
        grid, model = self.grid, self.model
        outing = grid.outings[route.outing]
        vessel = grid.problem.vessels[outing.vessel]
        leave = model.add_variable(f"leave_{self.number}", outing.start_h, outing.end_h)
        times = Times(leave, [], [])
        free = leave
        for t, trip in enumerate(route.trips):
            times.visits.append([])
            for v, visit in enumerate(trip.visits):
                ready, end = self._visit(t, v, visit)
                model += ready >= free + _hours(ways[t][v]) + vessel.rigging_h
                model += end >= ready
                model += taken[t][v] <= vessel.collect_t_per_h * (end - ready - SECOND_H)
                times.visits[-1].append((ready, end))
                free = end
            begin, end = self._call(t, trip)
            model += begin >= free + _hours(ways[t][-1])
            spec = grid.quays[trip.call.quay].spec
            model += end - begin >= spec.mooring_h + SECOND_H + pulp.lpSum(taken[t]) / spec.unload_t_per_h
            if keep_lots:
                self._keep_lot(trip, times.visits[-1][0][0], end)
            times.calls.append((begin, end))
            free = end
        model += free + _hours(ways[-1][0]) <= outing.end_h
        self.cost += [(free, vessel.cost_per_h_cny), (leave, -vessel.cost_per_h_cny)]
        return times

    def _visit(self, t: int, v: int, visit: TimedVisit) -> tuple[Any, Any]:
        first, last = visit.planned.first, visit.planned.last
        workable = self.grid.workable[visit.patch]
        while first > 0 and workable[first - 1]:
            first -= 1
        while last < len(workable) and workable[last]:
            last += 1
        name = f"{self.number}_{t}_{v}"
        span = first * self.grid.step_h + SECOND_H, last * self.grid.step_h - SECOND_H
        return self.model.add_variable(f"ready_{name}", *span), self.model.add_variable(f"end_{name}", *span)

    def _call(self, t: int, trip: TimedTrip) -> tuple[Any, Any]:
        quay = self.grid.quays[trip.call.quay]
        begins_s, ends_s = trip.call.start_s, trip.call.end_s
        at = (begins_s + ends_s) / 7200
        spans = [span_of(self.grid.problem, window) for window in quay.windows]
        opens, closes = next((start, end) for start, end in spans if start <= at <= end)
        name = f"{self.number}_{t}"
        begin = self.model.add_variable(f"begin_{name}", max(opens, 0.0), closes)
        return begin, self.model.add_variable(f"done_{name}", max(opens, 0.0), closes - SECOND_H)

    def _keep_lot(self, trip: TimedTrip, ready: Any, end: Any) -> None:
        lot = lot_of(self.grid, self.network, trip.planned)
        born_h, step_h = self.network.born_h, self.network.step_h
        ready.lowBound = max(ready.lowBound, lot.born * born_h + SECOND_H)
        ready.upBound = min(ready.upBound, (lot.born + 1) * born_h - SECOND_H)
        end.upBound = min(end.upBound, lot.moment * step_h - SECOND_H)
        end.lowBound = max(end.lowBound, (lot.moment - 1) * step_h + 2 * SECOND_H)


def keep_near(
    grid: Grid,
    cost: Terms,
    routes: Sequence[TimedRoute],
    times: Sequence[Times],
    tonnes: Sequence[Sequence[Sequence[float]]],
    reach_h: float,
) -> None:
    """Let no visit begin or end further than ``reach_h`` from where ``routes`` have it.

    By how much ``tonnes`` are worth less for beginning, or ending, an hour later is added to ``cost``.
    """
    for route, own, by_trip in zip(routes, times, tonnes, strict=True):
        for t, v, visit in visits_of(route):
            span = visit.start_s / 3600, max(visit.end_s, visit.start_s + 1) / 3600
            gains = value_slopes(grid.problem.patches[visit.patch], *span)
            for variable, at_h, gain in zip(own.visits[t][v], span, gains, strict=True):
                cost.append((variable, -gain * by_trip[t][v]))
                variable.lowBound = max(variable.lowBound, at_h - reach_h)
                variable.upBound = min(variable.upBound, at_h + reach_h)


def add_wishes(model: Any, cost: Terms, number: int, times: Times, wishes: Sequence[tuple[Place, Wish]]) -> None:
    """Add to ``cost`` what it costs to miss the ``wishes`` of route ``number``."""
    for w, ((t, v), wish) in enumerate(wishes):
        start, _ = times.calls[t] if v == CALL else times.visits[t][v]
        off = model.add_variable(f"off_{number}_{w}", 0)
        model += off >= wish.first_h - start
        model += off >= start - wish.last_h
        cost.append((off, wish.cny_per_h))


def _hours(seconds: int) -> float:
    return seconds / 3600 + WAY_MARGIN_H


def _add_berths(grid: Grid, model: Any, routes: Sequence[TimedRoute], times: Sequence[Times]) -> None:
    """Let calls follow one another, and what is held from before, at the berths in the order of the grid."""
    calls: dict[int, list[tuple[float, float, tuple[Any, Any]]]] = defaultdict(list)
    for route, own in zip(routes, times, strict=True):
        for trip, pair in zip(route.trips, own.calls, strict=True):
            calls[trip.planned.quay].append((trip.planned.first, trip.planned.last, pair))
    for quay, there in calls.items():
        held = [span_of(grid.problem, window) for window in grid.quays[quay].spec.held]
        there += [(start_h * grid.per_h, (end_h - SECOND_H) * grid.per_h, (start_h, end_h)) for start_h, end_h in held]
        berths: list[tuple[float, Any]] = [(-math.inf, None)] * grid.quays[quay].spec.berths
        for first, last, (begin, end) in sorted(there, key=lambda call: call[:2]):
            free = next(b for b, (until, _) in enumerate(berths) if until <= first)
            before = berths[free][1]
            if before is not None and not (isinstance(before, float) and isinstance(begin, float)):
                model += before + SECOND_H <= begin
            berths[free] = (last, end)


def timed(routes: Sequence[TimedRoute], times: Sequence[Times]) -> list[TimedRoute]:
    """Return ``routes`` at the times of a solution, in whole seconds."""
    found = []
    for route, own in zip(routes, times, strict=True):
        trips = []
        for trip, visits, (begin, end) in zip(route.trips, own.visits, own.calls, strict=True):
            told = [
                TimedVisit(v.planned, _up(ready), _down(last))
                for v, (ready, last) in zip(trip.visits, visits, strict=True)
            ]
            trips.append(TimedTrip(trip.planned, tuple(told), TimedCall(trip.call.quay, _up(begin), _down(end))))
        found.append(TimedRoute(route.planned, tuple(trips)))
    return found


def _up(variable: Any) -> int:
    return -int(-(variable.varValue * 3600 - 1e-3) // 1)


def _down(variable: Any) -> int:
    return int((variable.varValue * 3600 + 1e-3) // 1)
