"""Plans of one instance by every method: the planner, with and without a start, and the baselines."""

import hashlib
from collections.abc import Callable
from io import StringIO

from benchmarks.desk import Desk, desk_of
from benchmarks.greedy import greedy
from benchmarks.replay import replayed
from benchmarks.time_indexed import time_indexed
from benchmarks.two_stage import two_stage
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import stands
from optimizer.effort import Effort
from optimizer.route import Route
from optimizer.solve import solve

START_SHARE = 0.1
"""Of the time: when the router's plan stands from which the planner starts."""
OURS, STARTED = "ours", "ours from PyVRP's"
BASELINES: dict[str, Callable[[Desk, Effort], list[Route]]] = {
    "greedy": greedy,
    "two-stage": two_stage,
    "time-indexed": time_indexed,
    "PyVRP": replayed,
}


def planned(method: str, problem: Problem, effort: Effort) -> Plan:
    """Return the plan of ``method``."""
    if method == OURS:
        return solved(problem, effort)
    desk = desk_of(problem)
    if method == STARTED:
        return _started(desk, effort)
    return desk.plan(BASELINES[method](desk, effort), effort)


def solved(problem: Problem, effort: Effort, before: Plan | None = None) -> Plan:
    """Return the planner's own plan."""
    still = before is not None and stands(problem, before)
    sha256 = hashlib.sha256(problem.model_dump_json().encode()).hexdigest()
    return solve(problem, sha256, StringIO(), lambda _what, _share: None, effort, before, stands=still)


def _started(desk: Desk, effort: Effort) -> Plan:
    """Return our plan that starts from the router's as from a plan before, of which changes cost nothing."""
    first = Effort(START_SHARE * effort.left_s(), effort.work)
    start = desk.plan(replayed(desk, first), first)
    orders = desk.problem.orders.model_copy(update={"change_cost_cny": 0.0})
    problem = desk.problem.model_copy(update={"orders": orders})
    return solved(problem, Effort(effort.left_s(), effort.work), start)
