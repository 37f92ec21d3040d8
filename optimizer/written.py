"""The plan document of what was made, with its bounds."""

from dataclasses import dataclass

from documents.plan import Left, Objective, Plan, Status
from documents.problem import Problem
from optimizer.accounts import left_t
from optimizer.day import Made
from optimizer.pricing import Prices, Pricing
from optimizer.reasons import reasons
from optimizer.solvers import solver_name

CLOSED_GAP = 1e-4
"""What :attr:`documents.plan.Status.OPTIMAL` promises."""
BOUND_OF = (
    "all plans in which boats collect whole quarter hours, holds are told by quarters of what that gives, berths are"
    " held by the quarter hour, all that happens ashore happens every {step:g} h, and what boats land is told apart by"
    " the {born:g} h of its collecting"
)


@dataclass(frozen=True)
class Solved:
    """What is made, and what nothing exceeds."""

    pricing: Pricing
    prices: Prices
    """At which patches that are left are told why."""
    made: Made
    bound_cny: float | None = None
    """On the quarter-hour clock; None: none is stated."""
    continuous_bound_cny: float | None = None


def written(problem: Problem, solved: Solved, objective: Objective, problem_sha256: str) -> Plan:
    """Return the plan, whose ``objective`` is told at the problem's own prices."""
    network, made, books = solved.pricing.network, solved.made, solved.made.books
    left = left_t(problem, made.voyages)
    why = reasons(solved.pricing.grid, solved.pricing, solved.prices, left)
    bound, ceiling = solved.bound_cny, solved.continuous_bound_cny
    if bound is not None and ceiling is not None:
        ceiling = max(ceiling, bound)
    # Without a bound in continuous time nothing vouches for one that the plan itself exceeds.
    if bound is not None and ceiling is None and bound < objective.total_cny:
        bound = None
    bound = None if bound is None else round(bound, 2)
    gap = None if bound is None else (bound - objective.total_cny) / max(abs(bound), 1.0)
    is_closed = gap is not None and gap <= CLOSED_GAP
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=problem_sha256,
        status=Status.NOTHING_TO_DO if not made.voyages else Status.OPTIMAL if is_closed else Status.FEASIBLE,
        solver=solver_name(problem.solver),
        voyages=tuple(made.voyages),
        moorings=tuple(made.moorings),
        parcels=tuple(books.parcels),
        batches=tuple(books.batches),
        hauls=tuple(books.hauls),
        sales=tuple(books.sales),
        disposals=tuple(books.disposals),
        left=tuple(Left(patch_id=name, tonnes=tonnes, reason=why[name]) for name, tonnes in left.items() if tonnes > 0),
        objective=objective,
        bound_cny=bound,
        bound_of=BOUND_OF.format(step=network.step_h, born=network.born_h),
        gap=None if gap is None else round(gap, 6),
        continuous_bound_cny=None if ceiling is None else round(ceiling, 2),
    )
