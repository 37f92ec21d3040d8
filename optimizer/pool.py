"""Voyages of a fixed pool, chosen by the program of :mod:`optimizer.master` as PuLP poses it: by CBC, without HiGHS.

The shore tells what landings would be worth; around these prices routes are drawn (:mod:`optimizer.scatter`), and no
more come in after. The program over all of them is solved with fractions of routes first, and in whole numbers over
those that it likes best: what it bounds are plans of its pool, and so no bound is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pulp

from optimizer.berths import Berths
from optimizer.column import column_of
from optimizer.conflicts import free
from optimizer.effort import Effort
from optimizer.master import Master
from optimizer.pricing import Prices, Pricing
from optimizer.route import Route
from optimizer.scatter import scattered
from optimizer.shore import Terms
from optimizer.solvers import SOLVED, solver
from optimizer.stops import Wishes

WORK = 2
"""As many draws as for so many rounds of annealing; some ten routes come of each."""
BEST = 300
"""Routes in whole numbers: over twice as many CBC takes longer than it gains on the Rushan day."""
NODES = 200
"""Branching: what it finds, it mostly finds at the root."""
GAP = 1e-3
"""Relative gap of the choice: the pool lacks more."""
DRAWN_SHARE, CHOSEN_SHARE = 0.25, 0.6
"""Of the time: when no more routes are drawn, and when they are chosen; times and whole batches follow."""
GUARD_S = 600.0
"""A program without whole numbers takes seconds; this is no limit but a guard."""
LEAST_SHARE = 1e-6
"""Less of a route than this is rounding."""


def prices_ashore(pricing: Pricing, effort: Effort) -> Prices:
    """Return prices at which each lot is worth what its first tonne is, and nothing else costs anything."""
    prices = free(pricing)
    master = Master(pricing.grid, pricing.network, pricing.lots, integral=False)
    master.model.solve(solver(0, min(effort.left_s(CHOSEN_SHARE), GUARD_S), GAP, "cbc"))
    if master.model.sol_status not in SOLVED:
        return prices
    worth = [master.rows[f"lot_{number}"].pi for number in range(len(pricing.lots))]
    return replace(prices, landed=np.array(worth, dtype=float))


def draw(pricing: Pricing, prices: Prices, effort: Effort) -> list[Route]:
    """Return different routes drawn around ``prices``, as many as there are time for."""
    pool: dict[Route, None] = {}
    for route in scattered(pricing, prices, WORK, np.random.default_rng(pricing.grid.problem.seed)):
        pool[route] = None
        if effort.left_s(DRAWN_SHARE) <= 0.0:
            break
    return list(pool)


def choose_of(pricing: Pricing, wishes: Wishes, pool: Sequence[Route], effort: Effort) -> list[Route]:
    """Return the routes of ``pool`` that are best made together, with fractions of batches.

    Where CBC finds none in its time, those that it likes best in fractions are made, as long as they fit.
    """
    master = Master(pricing.grid, pricing.network, pricing.lots, integral=False)
    cost: Terms = []
    go = [_add(master, cost, number, route, wishes) for number, route in enumerate(pool)]
    master.model.setObjective(master.model.objective + pulp.LpAffineExpression(cost))
    master.model.solve(solver(0, min(effort.left_s(CHOSEN_SHARE), GUARD_S), GAP, "cbc"))
    if master.model.sol_status not in SOLVED:
        return []
    likely = sorted((r for r in range(len(pool)) if go[r].varValue > LEAST_SHARE), key=lambda r: -go[r].varValue)
    for number in sorted(range(len(pool)), key=lambda r: (-go[r].varValue, go[r].dj))[BEST:]:
        go[number].upBound = 0.0
    for variable in (*go, *master.out):
        variable.cat = pulp.LpInteger
    master.model.solve(solver(NODES, effort.left_s(CHOSEN_SHARE), GAP, "cbc"))
    if master.model.sol_status in SOLVED:
        return [route for route, variable in zip(pool, go, strict=True) if variable.varValue > 0.5]
    return _fitting(pricing, [pool[number] for number in likely])


def _fitting(pricing: Pricing, routes: Sequence[Route]) -> list[Route]:
    """Return the first of ``routes`` of every shift that fits beside those before."""
    berths, made = Berths(pricing.grid, []), dict[int, Route]()
    for route in routes:
        shift = pricing.grid.shift_row[route.outing]
        if shift not in made and berths.admit(route):
            made[shift] = route
    return list(made.values())


def _add(master: Master, cost: Terms, number: int, route: Route, wishes: Wishes) -> Any:
    """Add the columns of ``route`` and of what its visits waive; return that which tells whether it is made."""
    go = master.model.add_variable(f"go_{number}", 0, 1)
    column = column_of(master.grid, master.network, route)
    cost.append((go, column.cost_cny + wishes.change_cost_cny(route)))
    _enter(master, go, dict(master.entries(column)))
    for v, (visit, cny, entries) in enumerate(master.lessened(route)):
        less = master.model.add_variable(f"less_{number}_{v}", 0)
        cost.append((less, cny))
        _enter(master, less, entries)
        master.model.addConstraint(less <= visit.total_t * go, f"visit_{number}_{v}")
    return go


def _enter(master: Master, variable: Any, entries: dict[str, float]) -> None:
    """Let ``variable`` stand in the rows of ``entries``; a berth that is no matter of the grid is free."""
    for name, entry in entries.items():
        if name in master.rows:
            master.rows[name].addInPlace(pulp.LpAffineExpression([(variable, entry)]))
