"""Mass is kept from sea to product: in books of whatever is landed, and told where it is not."""

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.balance import ashore, imbalances
from benchmarks.random_problem import random_problem
from documents.plan import Plan
from documents.problem import Problem
from optimizer.effort import Effort
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256
from tests.optimizer.test_ledger import assert_books_hold

CASES = 1_000


@pytest.mark.no_cover
@settings(max_examples=CASES)
@given(seed=st.integers(0, 1_000_000))
def test_every_tonne_that_is_landed_is_accounted_for(seed: int):
    case = assert_books_hold(seed)
    assert list(ashore(case.problem, case.plan())) == []


@pytest.fixture(scope="module")
def planned() -> tuple[Problem, Plan]:
    """Return a problem and a plan in which boats collect, lorries drive and plants press and sell."""
    problem = random_problem(1, hours=9, most_patches=3, most_vessels=2)
    plan = solve(problem, SHA256, StringIO(), lambda *_: None, Effort(1e9, 0))
    assert plan.voyages
    assert plan.hauls
    assert plan.batches
    assert plan.sales
    return problem, plan


def test_every_tonne_that_is_collected_is_accounted_for(planned: tuple[Problem, Plan]):
    assert imbalances(*planned) == []


def less(plan: Plan, part: str) -> Plan:
    """Return ``plan`` without the last of its sales, hauls, batches …"""
    return plan.model_copy(update={part: getattr(plan, part)[:-1]})


@pytest.mark.parametrize("part", ["voyages", "hauls", "batches"])
def test_what_is_missing_is_told(planned: tuple[Problem, Plan], part: str):
    problem, plan = planned
    assert imbalances(problem, less(plan, part))


def test_two_grams_too_much_are_told(planned: tuple[Problem, Plan]):
    problem, plan = planned
    haul = plan.hauls[0]
    heavier = haul.draws[0].model_copy(update={"tonnes": haul.draws[0].tonnes + 2e-6})
    moved = haul.model_copy(update={"draws": (heavier, *haul.draws[1:])})
    assert imbalances(problem, plan.model_copy(update={"hauls": (moved, *plan.hauls[1:])}))
    voyage = plan.voyages[0]
    stops = tuple(stop.model_copy(update={"tonnes": stop.tonnes and stop.tonnes + 2e-6}) for stop in voyage.stops[:2])
    voyage = voyage.model_copy(update={"stops": (*stops, *voyage.stops[2:])})
    assert imbalances(problem, plan.model_copy(update={"voyages": (voyage, *plan.voyages[1:])}))


def test_what_stays_of_a_patch_is_told_right(planned: tuple[Problem, Plan]):
    problem, plan = planned
    left = tuple(each.model_copy(update={"tonnes": each.tonnes + 0.5}) for each in plan.left)
    assert left
    assert imbalances(problem, plan.model_copy(update={"left": left}))
