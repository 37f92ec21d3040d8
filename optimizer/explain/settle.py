"""Times of voyages that were planned anew, set free within the berths that they hold, so that no price is rounding.

Each voyage has a small program of its own: the times of :mod:`optimizer.schedule`, what each visit takes, and what a
tonne landed is worth by the plane that touches there. What it comes to is kept where the fleet is worth more with it.
"""

from collections import defaultdict
from collections.abc import Sequence

import pulp

from optimizer.allotment import SPARE_T
from optimizer.anneal import value_cny
from optimizer.column import lot_of
from optimizer.response import Fleet, Made, Responder
from optimizer.route import Route
from optimizer.schedule import Times, add_times, keep_near, timed
from optimizer.sea import Sea
from optimizer.series import mean_use, mean_value
from optimizer.shore import Terms
from optimizer.solvers import solver
from optimizer.timing import TimedRoute, TimedTrip, on_the_grid, ways_s
from optimizer.to_the_second import route_of

REACHES_H = (1.0, 0.25)
"""How far a visit may move each time that times are told."""
NODES, GUARD_S = 1, 60.0
"""There is nothing to branch on; it takes milliseconds."""


def settled(responder: Responder, sea: Sea, fleet: Fleet, kept: int | None = None) -> Fleet:
    """Return ``fleet`` with better times of the voyages that are not known to the second; of ``kept`` no less comes."""
    for shift in sorted(fleet.made):
        route = fleet.made[shift].route
        if responder.wishes.locks[shift] or all(trip.span_s is not None for trip in route.trips):
            continue
        others = {other: made for other, made in fleet.made.items() if other != shift}
        free = _Voyage(responder, sea, fleet, others, kept).run(route)
        if free is None:
            continue
        told = responder.fleet([*(made.route for made in others.values()), free], fleet.moorings)
        fleet = max(fleet, told, key=lambda each: value_cny(responder, each))
    return fleet


class _Voyage:
    """One voyage beside all others."""

    def __init__(self, responder: Responder, sea: Sea, fleet: Fleet, others: dict[int, Made], kept: int | None) -> None:
        self.responder, self.grid, self.sea, self.kept = responder, responder.grid, sea, kept
        self.lots = responder.ashore.lots
        self.mass_t, _ = responder.left(others)
        _, self.landed_cny = responder.ashore.below(responder.landed_t(fleet))

    def run(self, route: Route) -> Route | None:
        """Return ``route`` at better times, to the second; None where there are none."""
        times = on_the_grid(self.grid, route)
        tonnes = [[visit.total_t for visit in trip.visits] for trip in route.trips]
        network = self.responder.pricing.network
        for reach_h in REACHES_H:
            ways = ways_s(self.grid, self.sea, times)
            if ways is None:
                return None
            model, cost = pulp.LpProblem("voyage", pulp.LpMinimize), Terms()
            taken = self._taken(model, cost, times, tonnes)
            own = add_times(self.grid, network, model, cost, [times], [ways], [taken])
            self._keep_berths(times, own[0])
            keep_near(self.grid, cost, [times], own, [tonnes], reach_h)
            model.setObjective(pulp.LpAffineExpression(cost))
            model.solve(solver(NODES, GUARD_S))
            if model.sol_status != pulp.LpSolutionOptimal:
                return None
            times = timed([times], own)[0]
            tonnes = [[float(variable.varValue) for variable in trip] for trip in taken]
        return route_of(self.grid, network, frozenset(self.lots), self.sea, times)

    def _taken(
        self, model: pulp.LpProblem, cost: Terms, times: TimedRoute, tonnes: Sequence[Sequence[float]]
    ) -> list[list[pulp.LpVariable]]:
        """Add what each visit takes: within the hold, what others leave, and no less than so far where it is asked."""
        used: dict[int, Terms] = defaultdict(list)
        before: dict[int, float] = defaultdict(float)
        found: list[list[pulp.LpVariable]] = []
        vessel = self.grid.problem.vessels[self.grid.outings[times.outing].vessel]
        for t, trip in enumerate(times.trips):
            landed_cny = self._landed_cny(trip)
            found.append([model.add_variable(f"take_{t}_{v}", 0) for v in range(len(trip.visits))])
            model += pulp.lpSum(found[-1]) <= vessel.capacity_t - SPARE_T
            for v, visit in enumerate(trip.visits):
                patch = self.grid.problem.patches[visit.patch]
                span = visit.start_s / 3600, max(visit.end_s, visit.start_s + 1) / 3600
                cost.append((found[-1][v], -mean_value(patch, *span) - landed_cny))
                used[visit.patch].append((found[-1][v], mean_use(patch, *span)))
                before[visit.patch] += tonnes[t][v] * mean_use(patch, *span)
        for p, terms in used.items():
            most = float(self.mass_t[p])
            model += pulp.LpAffineExpression(terms) <= most
            if p == self.kept:
                model += pulp.LpAffineExpression(terms) >= min(before[p], most)
        return found

    def _landed_cny(self, trip: TimedTrip) -> float:
        lot = lot_of(self.grid, self.responder.pricing.network, trip.planned)
        return float(self.landed_cny[self.lots.index(lot)])

    def _keep_berths(self, times: TimedRoute, own: Times) -> None:
        """Let each call stay within the steps in which it holds its berth."""
        step_s = self.grid.step_s
        for trip, (begin, end) in zip(times.trips, own.calls, strict=True):
            first_s, last_s = trip.planned.first * step_s, trip.planned.last * step_s
            begin.lowBound = max(begin.lowBound, first_s / 3600)
            end.upBound = min(end.upBound, last_s / 3600)
