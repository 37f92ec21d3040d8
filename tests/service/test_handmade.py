"""The day made by hand keeps the rules, so that its papers are those of a plan that can be carried out."""

import pytest

from documents.base import dumps
from documents.patches import Patch
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check
from tests.service.handmade import OWN
from tests.service.handmade_plan import make_plan
from tests.service.handmade_problem import make_problem


@pytest.mark.parametrize("found", [OWN, ()])
def test_the_plan_made_by_hand_passes_the_check(found: tuple[Patch, ...]) -> None:
    problem = make_problem(found)
    plan = make_plan(problem)
    assert Problem.from_json(dumps(problem.to_jsonable())) == problem
    assert Plan.from_json(dumps(plan.to_jsonable())) == plan
    assert check(problem, plan) == []
