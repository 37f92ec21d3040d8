"""From a problem to its plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from documents.changes import changed_stops
from documents.errors import InputError
from documents.plan import Left, Mooring, Objective, Plan, Status, Voyage
from documents.problem import Problem
from optimizer.accounts import left_t, objective
from optimizer.allotment import Allotment, allot, small_visits
from optimizer.assemble import sail
from optimizer.before import routes_before, stops_before
from optimizer.conflicts import check_kept, check_times, prepare
from optimizer.continuous import continuous_bound_cny
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.ledger import Books, keep_books
from optimizer.limits import check_limits
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.reasons import reasons
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.solvers import solver_name
from optimizer.stops import Wishes

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


@dataclass(frozen=True)
class Made:
    """What is done at sea and ashore, and what it comes to."""

    voyages: Sequence[Voyage]
    moorings: Sequence[Mooring]
    books: Books
    objective: Objective


def solve(
    problem: Problem,
    problem_sha256: str,
    log: TextIO,
    progress: Progress,
    effort: Effort | None = None,
    before: Plan | None = None,
    *,
    stands: bool = False,
) -> Plan:
    """Return a plan for ``problem``, whose file's bytes have the hash ``problem_sha256``.

    ``log`` is told how the search goes, with wall times; ``progress`` what is being done and which share of it is.
    Without an ``effort`` the problem's own holds. The search starts from the plan ``before``, where there is one, and
    changes it only where a change is worth its cost; where it ``stands``, as it can still be done just so, it stays as
    it is unless another is worth the changes. Raise InputError where the problem cannot be posed, or what must be
    cannot be.
    """
    effort = effort or Effort(problem.time_limit_s, problem.work)

    def say(text: str) -> None:
        log.write(f"{effort.spent_s:8.2f} s  {text}\n")
        log.flush()

    progress("海路 Sea distances", 0.0)
    grid, sea = Grid(problem), Sea(problem)
    network = Network(problem, *_clock(problem))
    pricing = Pricing(grid, sea, network)
    wishes = Wishes(grid, {} if before is None else stops_before(grid, before))
    base = Base(grid, network, pricing.lots, wishes)
    prepare(pricing, sea, wishes)
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
        [] if before is None else routes_before(pricing, sea, wishes, before),
    )
    found = search.run()
    progress("定时与上界 Timing and bounds", 0.95)
    if before is not None and stands and before.problem_sha256 == problem_sha256 and search.keeps(found):
        made = _as_before(problem, before)
    else:
        made = _made(base, pricing, sea, found, effort, before if stands else None)
    plan = _written(base, sea, pricing, found, made, problem_sha256, effort)
    say(f"Plan: {plan.objective.total_cny:,.0f} CNY; {found.choice.value_cny:,.0f} CNY on the quarter-hour clock")
    if before is not None:
        changed = changed_stops(before.voyages, plan.voyages, [vessel.id for vessel in problem.vessels])
        plan = plan.model_copy(update={"changed_stops": changed})
        say(f"Changed stops: {changed}, {changed * wishes.change_cny:,.0f} CNY, which the value leaves out")
    ceiling = _told(plan.continuous_bound_cny)
    say(f"Bounds: {_told(plan.bound_cny)} on the quarter-hour clock, {ceiling} in continuous time")
    progress("", 1.0)
    return plan


def _clock(problem: Problem) -> tuple[float, float]:
    return next((step_h, born_h) for most_h, step_h, born_h in SHORE_CLOCKS if problem.horizon_h <= most_h)


def _settle(base: Base, sea: Sea, routes: Sequence[Route], effort: Effort) -> Allotment:
    """Return times and tonnes of ``routes``; what is not worth rigging for is left out."""
    counts: Mapping[str, float] = {}
    while True:
        allotment = allot(base.grid, base.network, sea, routes, effort, counts, base.wishes)
        counts = allotment.counts
        small = small_visits(allotment, LEAST_VISIT_T)
        if not any(small):
            return allotment
        routes = [
            rest
            for route, unwanted in zip(allotment.routes, small, strict=True)
            if (rest := route.without(unwanted)).trips
        ]


def _made(base: Base, pricing: Pricing, sea: Sea, found: Found, effort: Effort, before: Plan | None) -> Made:
    """Return what is made of the routes of ``found``, or of ``before``, where that still stands, if it is no worse."""
    problem = base.grid.problem
    try:
        check_kept(base, pricing, found.choice, effort)
        made = _timed(base, sea, found.choice.routes, effort)
    except InputError:
        if before is None:
            raise
        return _as_before(problem, before)
    if before is None:
        return made
    old = _as_before(problem, before)
    changed = changed_stops(before.voyages, made.voyages, [vessel.id for vessel in problem.vessels])
    gained = made.objective.total_cny - old.objective.total_cny
    return made if gained > base.wishes.change_cny * max(changed, 1) else old


def _as_before(problem: Problem, plan: Plan) -> Made:
    books = Books([*plan.parcels], [*plan.batches], [*plan.hauls], [*plan.sales], [*plan.disposals])
    return Made(plan.voyages, plan.moorings, books, objective(problem, plan.voyages, plan.moorings, books))


def _timed(base: Base, sea: Sea, routes: Sequence[Route], effort: Effort) -> Made:
    """Return what is made of ``routes``, times set free, tonnes to the kilogram."""
    grid = base.grid
    order = sorted(routes, key=lambda route: (grid.outings[route.outing].vessel, grid.outings[route.outing].first))
    allotment = _settle(base, sea, order, effort)
    check_limits(base, allotment.flows)
    check_times(grid, base.wishes, allotment.routes)
    sailed = sail(grid, base.network, sea, allotment.routes, allotment.taken)
    books = keep_books(base.network, sailed.landings, allotment.flows)
    result = objective(grid.problem, sailed.voyages, sailed.moorings, books)
    if result.total_cny < 0 and routes and not any(grid.must_go):
        return _timed(base, sea, [], effort)  # the clock's means flattered it: staying home is worth more
    return Made(sailed.voyages, sailed.moorings, books, result)


def _written(
    base: Base, sea: Sea, pricing: Pricing, found: Found, made: Made, problem_sha256: str, effort: Effort
) -> Plan:
    grid, books, result = base.grid, made.books, made.objective
    problem = grid.problem
    left = left_t(problem, made.voyages)
    why = reasons(grid, pricing, found.prices, left)
    ceiling = continuous_bound_cny(grid, sea, found.likely, effort)
    # Without a bound in continuous time nothing vouches for one that the plan itself exceeds.
    bound = found.bound_cny if ceiling is not None or found.bound_cny >= result.total_cny else None
    bound = None if bound is None else round(bound, 2)
    gap = None if bound is None else (bound - result.total_cny) / max(abs(bound), 1.0)
    is_closed = gap is not None and gap <= CLOSED_GAP
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=problem_sha256,
        status=Status.NOTHING_TO_DO if not made.voyages else Status.OPTIMAL if is_closed else Status.FEASIBLE,
        solver=solver_name(),
        voyages=tuple(made.voyages),
        moorings=tuple(made.moorings),
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


def _told(bound: float | None) -> str:
    return "none" if bound is None else f"{bound:,.0f} CNY"
