"""Plans made again from the plan before."""

from io import StringIO

from benchmarks.random_problem import random_problem
from documents.changes import changed_stops
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check, stands
from optimizer.effort import Effort
from optimizer.solve import solve


def planned(problem: Problem, before: Plan | None = None) -> Plan:
    still = before is not None and stands(problem, before)
    return solve(problem, "0" * 64, StringIO(), lambda _what, _share: None, Effort(1e9, 1), before, stands=still)


def test_a_plan_changes_only_where_that_is_worth_it():
    problem = random_problem(4, hours=7)
    plan = planned(problem)
    again = planned(problem, plan)
    gained = again.objective.total_cny - plan.objective.total_cny
    assert check(problem, again) == []
    assert again.changed_stops == changed_stops(plan.voyages, again.voyages, [vessel.id for vessel in problem.vessels])
    assert again.voyages == plan.voyages or gained > problem.orders.change_cost_cny * again.changed_stops
