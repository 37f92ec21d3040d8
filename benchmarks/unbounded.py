"""A plan document of what is done, without bounds."""

from documents.plan import Left, Plan, Status
from documents.problem import Problem
from optimizer.accounts import left_t
from optimizer.day import Made

NO_FILE = "0" * 64
"""In place of the hash of a problem's file."""


def unbounded(problem: Problem, made: Made) -> Plan:
    """Return the plan that ``made`` is."""
    left = left_t(problem, made.voyages)
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=NO_FILE,
        status=Status.FEASIBLE if made.voyages else Status.NOTHING_TO_DO,
        solver="",
        voyages=tuple(made.voyages),
        moorings=tuple(made.moorings),
        parcels=tuple(made.books.parcels),
        batches=tuple(made.books.batches),
        hauls=tuple(made.books.hauls),
        sales=tuple(made.books.sales),
        disposals=tuple(made.books.disposals),
        left=tuple(Left(patch_id=name, tonnes=tonnes, reason="") for name, tonnes in left.items() if tonnes > 0),
        objective=made.objective,
        bound_cny=None,
        bound_of="",
        gap=None,
    )
