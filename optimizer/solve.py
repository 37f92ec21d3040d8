"""From a problem to its plan."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TextIO

import numpy as np

from documents.errors import InputError
from documents.plan import Left, Plan, Status
from documents.problem import Problem
from optimizer.accounts import left_t, objective
from optimizer.allotment import Allotment, allot, small_visits
from optimizer.assemble import sail
from optimizer.choice import Choice
from optimizer.continuous import continuous_bound_cny
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.ledger import keep_books
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.reasons import reasons
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.shore import Flows
from optimizer.solvers import solver_name

MISSED_T = 1e-3
"""Less than this short of a contract is rounding."""
LEAST_VISIT_T = 0.05
"""示例. No boat rigs for less."""
CLOSED_GAP = 1e-4
"""What :attr:`documents.plan.Status.OPTIMAL` promises."""
SHORE_CLOCKS = ((36, 1.0, 2.0), (1_000_000, 2.0, 4.0))
"""Up to how many hours of horizon the network ashore steps by how many hours, and tells ages apart by how many."""
BOUND_OF = (
    "all plans in which boats collect whole quarter hours, a berth is held by the quarter hour for whole loads, all"
    " that happens ashore happens every {step:g} h, and what boats land is told apart by the {born:g} h of its"
    " collecting"
)
Progress = Callable[[str, float], None]


def solve(problem: Problem, problem_sha256: str, log: TextIO, progress: Progress, effort: Effort | None = None) -> Plan:
    """Return a plan for ``problem``, whose file's bytes have the hash ``problem_sha256``.

    ``log`` is told how the search goes, with wall times; ``progress`` what is being done and which share of it is.
    Without an ``effort`` the problem's own holds. Raise InputError where the problem cannot be posed, or a contract's
    minimum cannot be met.
    """
    effort = effort or Effort(problem.time_limit_s, problem.work)

    def say(text: str) -> None:
        log.write(f"{effort.spent_s:8.2f} s  {text}\n")
        log.flush()

    progress("海路 Sea distances", 0.0)
    grid, sea = Grid(problem), Sea(problem)
    network = Network(problem, *shore_clock(problem))
    pricing = Pricing(grid, sea, network)
    base = Base(grid, network, pricing.lots)
    say(
        f"{len(problem.patches)} patches, {len(grid.shifts)} shifts, {len(pricing.lots)} kinds of lots,"
        f" {base.model.getNumCol()} columns and {base.model.getNumRow()} rows ashore"
    )
    search = Search(
        base,
        pricing,
        effort,
        say,
        lambda share: progress("航线与分配 Routes and shares", share),
    )
    found = search.run()
    progress("定时与上界 Timing and bounds", 0.95)
    plan = write_out(base, sea, pricing, found, problem_sha256, effort)
    say(f"Plan: {plan.objective.total_cny:,.0f} CNY; {found.choice.value_cny:,.0f} CNY on the quarter-hour clock")
    ceiling = _told(plan.continuous_bound_cny)
    say(f"Bounds: {_told(plan.bound_cny)} on the quarter-hour clock, {ceiling} in continuous time")
    progress("", 1.0)
    return plan


def shore_clock(problem: Problem) -> tuple[float, float]:
    """Return by how many hours the network ashore steps and tells ages apart."""
    return next((step_h, born_h) for most_h, step_h, born_h in SHORE_CLOCKS if problem.horizon_h <= most_h)


def _settle(base: Base, sea: Sea, routes: Sequence[Route], effort: Effort) -> Allotment:
    """Return times and tonnes of ``routes``; what is not worth rigging for is left out."""
    counts: Mapping[str, float] = {}
    while True:
        allotment = allot(base.grid, base.network, sea, routes, effort, counts)
        counts = allotment.counts
        small = small_visits(allotment, LEAST_VISIT_T)
        if not any(small):
            return allotment
        routes = [
            rest
            for route, unwanted in zip(allotment.routes, small, strict=True)
            if (rest := route.without(unwanted)).trips
        ]


def write_out(base: Base, sea: Sea, pricing: Pricing, found: Found, problem_sha256: str, effort: Effort) -> Plan:
    """Return the plan that makes the best of the routes of ``found``; without bounds where that has none."""
    grid = base.grid
    problem = grid.problem
    order = sorted(
        found.choice.routes, key=lambda route: (grid.outings[route.outing].vessel, grid.outings[route.outing].first)
    )
    allotment = _settle(base, sea, order, effort)
    _check_contracts(problem, allotment.flows)
    times = allotment.routes
    sailed = sail(grid, base.network, sea, times, allotment.taken)
    books = keep_books(base.network, sailed.landings, allotment.flows)
    result = objective(problem, sailed.voyages, sailed.moorings, books)
    if result.total_cny < 0 and times:  # the clock's means flattered it: staying home is worth more
        return write_out(
            base,
            sea,
            pricing,
            replace(found, choice=Choice((), 0.0, (), np.zeros(base.columns))),
            problem_sha256,
            effort,
        )
    left = left_t(problem, sailed.voyages)
    why = reasons(grid, pricing, found.prices, left)
    is_bounded = math.isfinite(found.bound_cny)
    ceiling = continuous_bound_cny(grid, sea, found.likely, effort) if is_bounded else None
    # Without a bound in continuous time nothing vouches for one that the plan itself exceeds.
    is_vouched = is_bounded and (ceiling is not None or found.bound_cny >= result.total_cny)
    bound = round(found.bound_cny, 2) if is_vouched else None
    gap = None if bound is None else (bound - result.total_cny) / max(abs(bound), 1.0)
    is_closed = gap is not None and gap <= CLOSED_GAP
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=problem_sha256,
        status=Status.NOTHING_TO_DO if not times else Status.OPTIMAL if is_closed else Status.FEASIBLE,
        solver=solver_name(),
        voyages=sailed.voyages,
        moorings=sailed.moorings,
        parcels=tuple(books.parcels),
        batches=tuple(books.batches),
        hauls=tuple(books.hauls),
        sales=tuple(books.sales),
        disposals=tuple(books.disposals),
        left=tuple(Left(patch_id=name, tonnes=tonnes, reason=why[name]) for name, tonnes in left.items() if tonnes > 0),
        objective=result,
        bound_cny=bound,
        bound_of=BOUND_OF.format(step=base.network.step_h, born=base.network.born_h),
        gap=None if gap is None else round(gap, 6),
        continuous_bound_cny=None if ceiling is None else round(max(ceiling, found.bound_cny, 0.0), 2),
    )


def _check_contracts(problem: Problem, flows: Flows) -> None:
    """Raise InputError where a contract's minimum is missed."""
    for number, missed_t in flows.missed.items():
        if missed_t > MISSED_T:
            contract = problem.contracts[number]
            raise InputError(
                f"Contract {contract.id} asks for {contract.min_t:g} t of {contract.material} at {contract.place}, and"
                f" catch, stocks and lines of the problem make {contract.min_t - missed_t:.1f} t at most: lower its"
                " minimum or give it more time."
            )


def _told(bound: float | None) -> str:
    return "none" if bound is None else f"{bound:,.0f} CNY"
