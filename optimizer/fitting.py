"""Voyages that keep locks to the second where the clock of the boats is too rough for their windows."""

import threading
from collections.abc import Collection
from typing import Any

import pulp

from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.route import Route
from optimizer.schedule import add_times, add_wishes
from optimizer.schedule import timed as timed_by
from optimizer.sea import Sea
from optimizer.series import mean_value
from optimizer.shore import Terms
from optimizer.solvers import solver
from optimizer.stops import LOCKED_T, Wishes
from optimizer.timing import TimedRoute, on_the_grid, sailed, ways_s
from optimizer.to_the_second import route_of

ROUNDS = 2
"""Of telling times: the ways change a little with them."""
LIMIT_S = 60.0
"""A program of one voyage takes milliseconds; this is no limit but a guard."""
STRAY_CNY_PER_H = 1e5
"""What it costs to be at a berth beyond the steps that the clock has for it, where others may be: more than a boat
earns in an hour, and less than missing a lock."""
LEAST_CNY_PER_T = 1.0
"""What a tonne is worth at least, so that boats collect while they may."""


class Fitter:
    """Fits the times of a route to the locks of its shift."""

    _one = threading.Lock()
    """A sea is not for two threads at a time, and all fitters of a problem have the same."""

    def __init__(self, grid: Grid, network: Network, lots: Collection[Lot], sea: Sea, wishes: Wishes) -> None:
        self.grid, self.network, self.lots, self.sea, self.wishes = grid, network, frozenset(lots), sea, wishes

    def __call__(self, route: Route) -> Route | None:
        """Return the stops of ``route``, in their order, at times that keep all locks; None where there are none."""
        with self._one:
            return self._fitted(route)

    def _fitted(self, route: Route) -> Route | None:
        timed = on_the_grid(self.grid, route)
        for _ in range(ROUNDS):
            ways = ways_s(self.grid, self.sea, timed)
            after = None if ways is None else self._retimed(timed, ways)
            if after is None:
                return None
            timed = after
        made = sailed(self.grid, self.sea, timed)
        if made is None or self.wishes.unkept(made):
            return None
        return route_of(self.grid, self.network, self.lots, self.sea, made)

    def _retimed(self, route: TimedRoute, ways: list[list[int]]) -> TimedRoute | None:
        grid, cost = self.grid, Terms()
        vessel = grid.problem.vessels[grid.outings[route.outing].vessel]
        model = pulp.LpProblem("fitting", pulp.LpMinimize)
        taken: list[list[Any]] = []
        locked = self.wishes.locked(route)
        for t, trip in enumerate(route.trips):
            taken.append([])
            for v, visit in enumerate(trip.visits):
                least = LOCKED_T if (t, v) in locked else 0.0
                taken[-1].append(model.add_variable(f"take_{t}_{v}", least))
                span = visit.start_s / 3600, max(visit.end_s, visit.start_s + 1) / 3600
                worth = mean_value(grid.problem.patches[visit.patch], *span)
                cost.append((taken[-1][-1], -max(worth, LEAST_CNY_PER_T)))
            model += pulp.lpSum(taken[-1]) <= vessel.capacity_t
        times = add_times(grid, self.network, model, cost, [route], [ways], [taken], keep_lots=False)
        add_wishes(model, cost, 0, times[0], self.wishes.of(route))
        for t, (trip, (begin, end)) in enumerate(zip(route.trips, times[0].calls, strict=True)):
            sooner, later = (model.add_variable(f"{name}_{t}", 0) for name in ("sooner", "later"))
            model += sooner >= trip.planned.first * grid.step_h - begin
            model += later >= end - trip.planned.last * grid.step_h
            cost += [(sooner, STRAY_CNY_PER_H), (later, STRAY_CNY_PER_H)]
        model.setObjective(pulp.LpAffineExpression(cost))
        model.solve(solver(1, LIMIT_S, which=grid.problem.solver))
        return timed_by([route], times)[0] if model.sol_status == pulp.LpSolutionOptimal else None
