"""The master program of :mod:`optimizer.master` over a fixed pool of routes, as PuLP poses it, for CBC."""

from collections.abc import Sequence
from typing import Any

import pulp

from optimizer.choice import CHOSEN_GAP, Choice
from optimizer.master import Master
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.shore import Terms
from optimizer.solvers import SOLVED, solver


def choose_of_pool(
    base: Base, start: Choice, others: Sequence[Route], nodes: int, time_limit_s: float
) -> Choice | None:
    """Return the best choice among the routes of ``start`` and ``others``, batches in fractions; None for none found.

    Each run of CBC begins afresh, so that columns come in before it and not after.
    """
    master = Master(base.grid, base.network, base.lots, integral=True)
    for batches in master.flows.batches.values():
        batches.cat = pulp.LpContinuous
    model, routes = master.model, [*start.routes, *others]
    cost: Terms = []
    go: list[Any] = []
    less: list[list[Any]] = []
    for r, route in enumerate(routes):
        go.append(model.add_variable(f"go_{r}", 0, 1, pulp.LpInteger))
        column = base.column_of(route)
        cost.append((go[r], column.cost_cny))
        _enter(master, go[r], dict(master.entries(column)))
        less.append([])
        for v, (visit, cny, entries) in enumerate(master.lessened(route)):
            less[r].append(model.add_variable(f"less_{r}_{v}", 0))
            cost.append((less[r][v], cny))
            _enter(master, less[r][v], entries)
            model.addConstraint(less[r][v] <= visit.total_t * go[r], f"visit_{r}_{v}")
    model.setObjective(model.objective + pulp.LpAffineExpression(cost))
    model.solve(solver(nodes, max(time_limit_s, 1.0), CHOSEN_GAP, "cbc"))
    if model.sol_status not in SOLVED:
        return None
    made = [r for r, variable in enumerate(go) if variable.varValue > 0.5]
    return Choice(
        tuple(routes[r] for r in made),
        -float(pulp.value(model.objective)) - base.wishes.all_given_up_cny,
        tuple(tuple(float(variable.varValue) for variable in less[r]) for r in made),
        start.ashore,
    )


def _enter(master: Master, variable: object, entries: dict[str, float]) -> None:
    """Let ``variable`` stand in the rows of ``entries``; a berth that is no matter of the grid is free."""
    for name, entry in entries.items():
        if name in master.rows:
            master.rows[name].addInPlace(pulp.LpAffineExpression([(variable, entry)]))
