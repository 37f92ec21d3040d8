"""Plans made again from the plan before."""

from io import StringIO

import pytest

from benchmarks.random_problem import random_problem
from documents.changes import MOVED_H, changed_stops
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check, stands
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.route import Route, Trip, Visit
from optimizer.solve import solve
from optimizer.stops import LATER_H, MARGIN_H, Wishes
from optimizer.timing import on_the_grid


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


@pytest.mark.parametrize("late_h", [-MOVED_H, -0.2, -0.1, 0.1, 0.2, MOVED_H])
def test_a_stop_is_free_to_move_where_it_is_the_same_and_no_further(late_h: float):
    grid = Grid(random_problem(4, hours=7))
    route = Route(0, (Trip((Visit(0, (2, 3), (1.0, 1.0)),), 0, 6, 8),), 0.0)
    told = on_the_grid(grid, route)
    shift = grid.shift_row[0]
    patch, quay = grid.problem.patches[0].id, grid.quays[0].spec.id
    hours = {f"collect {patch}": 2 * grid.step_h, f"unload {quay}": 6 * grid.step_h}
    wishes = Wishes(grid, {shift: [(name, hour - late_h) for name, hour in hours.items()]})
    found = wishes.of(told)
    assert len(found) == len(hours)
    for (_, wish), hour in zip(found, hours.values(), strict=True):
        off_h = max(abs(late_h) - (MOVED_H - MARGIN_H), 0.0)
        assert wish.off_h(hour) == pytest.approx(off_h)
        assert wish.off_h(hour - late_h + MOVED_H + LATER_H) * wish.cny_per_h >= wishes.change_cny
