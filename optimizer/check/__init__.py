"""The checker: replays a plan against its problem, apart from everything that made the plan.

It keeps to the rules that stand in :mod:`documents.problem` and :mod:`documents.plan`, in continuous time and with its
own geometry and arithmetic, and imports ``documents`` alone.
"""

from collections.abc import Iterator

from documents.plan import Objective, Plan
from documents.problem import Problem
from optimizer.check.batches import check_batches
from optimizer.check.books import check_bound, check_left
from optimizer.check.hauls import check_hauls
from optimizer.check.ledger import Ledger, check_draws
from optimizer.check.legs import check_legs
from optimizer.check.moorings import check_moorings
from optimizer.check.objective import check_objective, objective
from optimizer.check.orders import check_orders
from optimizer.check.parcels import check_parcels
from optimizer.check.register import Register
from optimizer.check.rules import STATED, Rule, Violation
from optimizer.check.stores import check_stores
from optimizer.check.trade import check_disposals, check_sales
from optimizer.check.voyages import check_voyages
from optimizer.check.work import check_collecting, check_quays

__all__ = ["Rule", "Violation", "check", "stands", "value"]


def check(problem: Problem, plan: Plan, problem_sha256: str | None = None) -> list[Violation]:
    """Return every rule that ``plan`` breaks, in a fixed order; an empty list means that it can be done as it stands.

    ``problem_sha256`` is the hash of the problem file's bytes; where it is given, the plan must name it.
    """
    register = Register(problem)
    ledger = Ledger(register, plan)
    return [
        *_check_belongs(problem, plan, problem_sha256),
        *check_voyages(register, plan),
        *check_legs(register, plan),
        *check_collecting(register, plan),
        *check_moorings(register, plan),
        *check_quays(register, plan),
        *check_parcels(ledger),
        *check_draws(ledger),
        *check_stores(ledger),
        *check_batches(ledger),
        *check_hauls(ledger),
        *check_sales(ledger),
        *check_disposals(ledger),
        *check_orders(register, plan),
        *check_left(register, plan),
        *check_objective(ledger),
        *check_bound(plan, objective(ledger).total_cny),
    ]


def stands(problem: Problem, plan: Plan) -> bool:
    """Return whether all that ``plan`` does can be done in ``problem``, whichever it was made for."""
    return all(violation.rule in STATED for violation in check(problem, plan))


def value(problem: Problem, plan: Plan) -> Objective:
    """Return the objective of ``plan``, recomputed from what it does alone."""
    return objective(Ledger(Register(problem), plan))


def _check_belongs(problem: Problem, plan: Plan, problem_sha256: str | None) -> Iterator[Violation]:
    pairs = (("site_id", plan.site_id, problem.site_id), ("day", plan.day, problem.day))
    for what, stated, given in pairs:
        if stated != given:
            text = f"The plan is for the {what} {stated}, the problem for {given}."
            yield Violation(Rule.WRONG_PROBLEM, what, text)
    if problem_sha256 is not None and plan.problem_sha256 != problem_sha256:
        text = (
            f"The plan was made from a problem with the hash {plan.problem_sha256[:12]}…, not {problem_sha256[:12]}…."
        )
        yield Violation(Rule.WRONG_PROBLEM, "problem_sha256", text)
