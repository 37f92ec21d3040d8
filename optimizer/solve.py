"""From a problem to its plan."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO

from documents.changes import changed_stops
from documents.errors import InputError
from documents.plan import Plan
from documents.problem import Problem
from optimizer.accounts import objective
from optimizer.ashore import Ashore
from optimizer.before import routes_before, stops_before
from optimizer.conflicts import check_kept, check_times, check_together, prepare
from optimizer.continuous import continuous_bound_cny
from optimizer.day import Made, as_before, best_day, or_before
from optimizer.effort import Effort
from optimizer.fallback import by_cbc
from optimizer.grid import Grid
from optimizer.kept import Kept
from optimizer.limits import check_capacity, check_limits
from optimizer.network import Network
from optimizer.pricing import Pricing, landable
from optimizer.refine import PER_H, Refined, refine
from optimizer.relaxation import Base
from optimizer.sea import Sea
from optimizer.search import Found, Say, Search
from optimizer.solvers import solvable
from optimizer.stops import Wishes
from optimizer.weighed import weighed
from optimizer.written import Solved, written

SHORE_CLOCKS = ((36, 1.0, 2.0), (1_000_000, 2.0, 4.0))
"""Up to how many hours of horizon the network ashore steps by how many hours, and tells ages apart by how many."""
Progress = Callable[[str, float], None]


def solve(
    problem: Problem,
    problem_sha256: str,
    log: TextIO,
    progress: Progress,
    effort: Effort | None = None,
    before: Plan | None = None,
    *,
    stands: bool = False,
    kept: Kept | None = None,
) -> Plan:
    """Return a plan for ``problem``, whose file's bytes have the hash ``problem_sha256``.

    ``log`` is told how the search goes, with wall times; ``progress`` what is being done and which share of it is.
    Without an ``effort`` the problem's own holds. The search starts from the plan ``before``, where there is one, and
    changes it only where a change is worth its cost; where it ``stands``, as it can still be done just so, it stays as
    it is unless another is worth the changes, and in any case where it was planned for the same problem. Sea distances
    are told once where they are ``kept``. Raise InputError where the problem cannot be posed, or what must be cannot
    be.
    """
    effort = effort or Effort(problem.time_limit_s, problem.work)

    def say(text: str) -> None:
        log.write(f"{effort.spent_s:8.2f} s  {text}\n")
        log.flush()

    # The rest of a plan that was rolled on names the problem too, but has no bound: it was not planned for it.
    if stands and before is not None and before.problem_sha256 == problem_sha256 and before.bound_cny is not None:
        say("Nothing has changed: the plan before stands")
        progress("", 1.0)
        return before.model_copy(update={"changed_stops": 0})
    problem = solvable(problem, say)
    stated, problem = problem, weighed(problem)
    progress("海路 Sea distances", 0.0)
    sea, network = Sea(problem, kept), Network(problem, *shore_clock(problem))
    made_by = by_cbc if problem.solver == "cbc" else _by_highs
    solved = made_by(network, sea, before, before if stands else None, effort, say, progress)
    made = solved.made
    total = objective(stated, made.voyages, made.moorings, made.books, stated.earned_share)
    plan = written(problem, solved, total, problem_sha256)
    say(f"Plan: {plan.objective.total_cny:,.0f} CNY")
    if before is not None:
        changed = changed_stops(before.voyages, plan.voyages, [vessel.id for vessel in problem.vessels])
        plan = plan.model_copy(update={"changed_stops": changed})
        cost_cny = changed * problem.orders.change_cost_cny
        say(f"Changed stops: {changed}, {cost_cny:,.0f} CNY, which the value leaves out")
    ceiling = _told(plan.continuous_bound_cny)
    say(f"Bounds: {_told(plan.bound_cny)} on the quarter-hour clock, {ceiling} in continuous time")
    progress("", 1.0)
    return plan


def _by_highs(
    network: Network,
    sea: Sea,
    before: Plan | None,
    still: Plan | None,
    effort: Effort,
    say: Say,
    progress: Progress,
) -> Solved:
    """Return what is made with HiGHS, and its bounds; ``still`` is the plan ``before`` where it stands as it is."""
    problem = network.problem
    grid, fine = Grid(problem), Grid(problem, PER_H)
    lots = sorted({*landable(grid, network), *landable(fine, network)})
    pricing = Pricing(grid, sea, network, lots)
    finer = Pricing(fine, sea, network, lots, rougher=pricing)
    wishes, fine_wishes = (Wishes(each, {} if before is None else stops_before(each, before)) for each in (grid, fine))
    prepare(pricing, sea, wishes)
    prepare(finer, sea, fine_wishes)
    base = Base(grid, network, lots, wishes)
    ashore = Ashore(network, lots)
    if still is None:  # what stands keeps all that must be, though perhaps between the steps of the clocks
        check_capacity(base)
        check_together(Base(grid, network, lots, ashore=ashore), pricing, effort)
    say(
        f"{len(problem.patches)} patches, {len(grid.shifts)} shifts, {len(pricing.lots)} kinds of lots,"
        f" {base.model.getNumCol()} columns and {base.model.getNumRow()} rows ashore"
    )
    search = Search(
        base,
        pricing,
        ashore,
        effort,
        say,
        lambda share: progress("航线与分配 Routes and shares", share),
        [] if before is None else routes_before(pricing, sea, wishes, before),
    )
    found = search.run()
    old = [] if before is None else routes_before(finer, sea, fine_wishes, before)
    refined = refine(finer, sea, ashore, found.prices, found.fleet, pricing, fine_wishes, old, effort, say)
    progress("定时与上界 Timing and bounds", 0.95)
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(continuous_bound_cny, grid, sea.again(), found.likely, effort)
        made = _made(base, pricing, fine_wishes, refined, sea, ashore, found, effort, still)
        ceiling_cny = told.result()
    if still is not None and ceiling_cny is not None:  # what stands may have a kilogram left over from batches before
        ceiling_cny = max(ceiling_cny, as_before(base.grid.problem, still).objective.total_cny)
    say(f"{found.choice.value_cny:,.0f} CNY on the quarter-hour clock")
    return Solved(pricing, found.prices, made, found.bound_cny, ceiling_cny)


def shore_clock(problem: Problem) -> tuple[float, float]:
    """Return by how many hours the network ashore steps, and tells ages apart."""
    return next((step_h, born_h) for most_h, step_h, born_h in SHORE_CLOCKS if problem.horizon_h <= most_h)


def _made(
    base: Base,
    pricing: Pricing,
    fine: Wishes,
    refined: Refined,
    sea: Sea,
    ashore: Ashore,
    found: Found,
    effort: Effort,
    before: Plan | None,
) -> Made:
    """Return what is made of what is ``refined``, or of ``before``, where that still stands, if it is no worse."""
    problem = base.grid.problem
    try:
        day = best_day(fine, refined, base.wishes, base.network, sea, ashore, found, effort)
        grid = day.wishes.grid
        check_kept(base, pricing, {grid.shifts[grid.shift_row[r.outing]] for r in day.allotment.routes}, effort)
        check_limits(base, day.allotment.flows)
        check_times(day.wishes, day.allotment.routes)
    except InputError:
        if before is None:
            raise
        return as_before(problem, before)
    return day.made if before is None else or_before(problem, day.made, before)


def _told(bound: float | None) -> str:
    return "none" if bound is None else f"{bound:,.0f} CNY"
