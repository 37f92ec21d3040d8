"""From a problem to its plan."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TextIO

from documents.plan import Left, Plan, Status
from documents.problem import Problem
from optimizer.accounts import left_t, objective
from optimizer.allotment import allot, feed
from optimizer.ashore import Ashore
from optimizer.assemble import batched, sail
from optimizer.batches import runs
from optimizer.continuous import continuous_bound_cny
from optimizer.grid import Grid
from optimizer.pricing import Pricing
from optimizer.reasons import reasons
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.solvers import solver, solver_name
from optimizer.timing import TimedRoute, timed

LEAST_VISIT_T = 0.05
"""示例. No boat rigs for less."""
CLOSED_GAP = 1e-4
"""What :attr:`documents.plan.Status.OPTIMAL` promises."""
BOUND_OF = (
    "all plans in which boats begin and end their work at quarter hours, berths are held by the quarter hour and plants"
    " are fed by the hour"
)
Progress = Callable[[str, float], None]


def solve(problem: Problem, problem_sha256: str, log: TextIO, progress: Progress) -> Plan:
    """Return a plan for ``problem``, whose file's bytes have the hash ``problem_sha256``.

    ``log`` is told how the search goes, with wall times; ``progress`` what is being done and which share of it is.
    Raise InputError where the problem cannot be posed.
    """
    started = time.monotonic()

    def say(text: str) -> None:
        log.write(f"{time.monotonic() - started:8.2f} s  {text}\n")
        log.flush()

    progress("海路 Sea distances", 0.0)
    grid, sea = Grid(problem), Sea(problem)
    pricing = Pricing(grid, sea, Ashore(grid))
    say(f"{len(problem.patches)} patches, {len(grid.shifts)} shifts, {len(pricing.ashore.classes)} lot classes")
    search = Search(
        grid,
        pricing,
        started + problem.time_limit_s,
        say,
        lambda share: progress("航线与分配 Routes and shares", share),
    )
    found = search.run(problem.work)
    progress("定时与上界 Timing and bounds", 0.95)
    ceiling = continuous_bound_cny(grid, sea, pricing, found.prices)
    plan = _write_out(grid, sea, pricing, found, ceiling, problem_sha256)
    say(f"Plan: {plan.objective.total_cny:,.0f} CNY; {found.value_cny:,.0f} CNY on the quarter-hour clock")
    say(f"Bounds: {_told(plan.bound_cny)} on the quarter-hour clock, {_told(ceiling)} in continuous time")
    progress("", 1.0)
    return plan


def _settle(
    grid: Grid, sea: Sea, routes: Sequence[Route], linear: Any
) -> tuple[list[TimedRoute], list[list[list[float]]]]:
    """Return the routes to the second and the tonnes of their visits; what is not worth rigging for is left out."""
    while True:
        times = [voyage for route in routes if (voyage := timed(grid, sea, route))]
        amounts = allot(grid, times, linear)
        routes, small = [], False
        for voyage, trips in zip(times, amounts, strict=True):
            unwanted = {
                (t, v) for t, trip in enumerate(trips) for v, tonnes in enumerate(trip) if tonnes < LEAST_VISIT_T
            }
            small = small or bool(unwanted)
            routes.append(voyage.without(unwanted))
        if not small:
            floors = [[[math.floor(tonnes * 1000) / 1000 for tonnes in trip] for trip in trips] for trips in amounts]
            return times, floors


def _write_out(
    grid: Grid, sea: Sea, pricing: Pricing, found: Found, ceiling: float | None, problem_sha256: str
) -> Plan:
    problem = grid.problem
    order = sorted(
        found.routes, key=lambda route: (grid.outings[route.outing].vessel, grid.outings[route.outing].first)
    )
    linear = solver(nodes=1, time_limit_s=problem.time_limit_s)
    times, taken = _settle(grid, sea, order, linear)
    sailed = sail(grid, sea, times, taken)
    fed = feed(problem, sailed.landings, [lot.tonnes for lot in sailed.lots], linear)
    lots, batches = batched(problem, sailed, runs(problem, sailed.landings, fed))
    result = objective(problem, sailed.voyages, lots, batches)
    if result.total_cny < 0:  # the clock's means flattered it: staying home is worth 0
        return _write_out(grid, sea, pricing, replace(found, routes=()), ceiling, problem_sha256)
    left = left_t(problem, sailed.voyages)
    why = reasons(grid, pricing, left)
    # Without a bound in continuous time nothing vouches for one that the plan itself exceeds.
    bound = found.bound_cny if ceiling is not None or found.bound_cny >= result.total_cny else None
    bound = None if bound is None else round(bound, 2)
    gap = None if bound is None else (bound - result.total_cny) / max(abs(bound), 1.0)
    is_closed = gap is not None and gap <= CLOSED_GAP
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=problem_sha256,
        status=Status.NOTHING_TO_DO if not times else Status.OPTIMAL if is_closed else Status.FEASIBLE,
        solver=solver_name(),
        voyages=sailed.voyages,
        lots=lots,
        batches=batches,
        left=tuple(Left(patch_id=name, tonnes=tonnes, reason=why[name]) for name, tonnes in left.items() if tonnes > 0),
        objective=result,
        bound_cny=bound,
        bound_of=BOUND_OF,
        gap=None if gap is None else round(gap, 6),
        continuous_bound_cny=None if ceiling is None else round(max(ceiling, found.bound_cny, 0.0), 2),
    )


def _told(bound: float | None) -> str:
    return "none" if bound is None else f"{bound:,.0f} CNY"
