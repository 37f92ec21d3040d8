"""Plans of one instance by every method: the planner, with and without a start, and the baselines."""

from collections.abc import Callable
from io import StringIO

from benchmarks.desk import NO_FILE, Desk, desk_of
from benchmarks.greedy import greedy
from benchmarks.replay import replayed
from benchmarks.time_indexed import time_indexed
from benchmarks.two_stage import two_stage
from documents.plan import Plan
from documents.problem import Problem
from optimizer.effort import Effort
from optimizer.pricing import Pricing
from optimizer.route import Route
from optimizer.search import Search
from optimizer.solve import solve, write_out

START_SHARE = 0.2
"""Of the time, up to when the router may go on whose routes the planner starts from."""
OURS, STARTED = "ours", "ours from PyVRP's"
Baseline = Callable[[Desk, Effort], list[Route] | None]
BASELINES: dict[str, Baseline] = {
    "greedy": greedy,
    "two-stage": two_stage,
    "time-indexed": time_indexed,
    "PyVRP": replayed,
}


def planned(method: str, problem: Problem, effort: Effort) -> Plan | None:
    """Return the plan of ``method``, None where it finds none."""
    if method == OURS:
        return solve(problem, NO_FILE, StringIO(), lambda _what, _share: None, effort)
    desk = desk_of(problem)
    if method == STARTED:
        return _started(desk, effort)
    routes = BASELINES[method](desk, effort)
    return None if routes is None else desk.plan(routes, effort)


def _started(desk: Desk, effort: Effort) -> Plan:
    """Return our plan where the search starts with the router's routes as well; they take a part of its time."""
    start = replayed(desk, effort, START_SHARE)
    pricing = Pricing(desk.grid, desk.sea, desk.network, desk.pricing.tables)
    found = Search(desk.base, pricing, effort, lambda _text: None, lambda _share: None, start).run()
    return write_out(desk.base, desk.sea, pricing, found, NO_FILE, effort)
