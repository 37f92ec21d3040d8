"""The planner end to end on small problems: what it plans holds, is the same twice, and stays below its bounds."""

import io
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.plan import Plan, Status, StopKind
from documents.problem import Problem
from optimizer import solvers
from optimizer.check import check, value
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_plan, make_problem
from tests.optimizer.random_problem import random_problem


def plan_of(problem: Problem) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(1_000, 100_000))
def test_plans_of_random_problems_pass_the_check(seed: int):
    problem = random_problem(seed).model_copy(update={"work": 0})
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    if plan.continuous_bound_cny is not None:
        assert plan.objective.total_cny <= plan.continuous_bound_cny + 1.0
    assert plan.objective.total_cny >= -1.0
    for part, told in value(problem, plan).model_dump().items():
        assert getattr(plan.objective, part) == pytest.approx(told, abs=1.0)


def test_the_planner_beats_the_hand():
    problem = make_problem()
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    assert plan.objective.total_cny > make_plan(problem).objective.total_cny
    assert plan.bound_cny is not None
    assert plan.gap is not None
    assert plan.gap < 0.1


def test_the_same_problem_gives_the_same_bytes():
    problem = random_problem(5)
    assert plan_of(problem).to_jsonable() == plan_of(problem).to_jsonable()


def test_more_work_never_gives_less():
    problem = random_problem(12, hours=16, most_patches=6, most_vessels=5)
    plans = [plan_of(problem.model_copy(update={"work": work})) for work in (0, 6)]
    assert plans[1].objective.total_cny >= plans[0].objective.total_cny * 0.995
    assert plans[0].bound_cny == plans[1].bound_cny


def test_cbc_plans_where_highs_is_not_installed(monkeypatch: pytest.MonkeyPatch):
    problem = random_problem(5)
    usual = plan_of(problem)
    monkeypatch.setattr(solvers, "HAS_HIGHS", False)
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    assert plan.solver.endswith("CBC")
    assert plan.objective.total_cny == pytest.approx(usual.objective.total_cny, rel=0.05)


def test_a_search_out_of_time_still_plans():
    problem = random_problem(5).model_copy(update={"time_limit_s": 1e-3})
    assert check(problem, plan_of(problem), SHA256) == []


@pytest.mark.parametrize("update", [{"patches": ()}, {"vessels": ()}, {"wave_m": (3.0,) * 24}])
def test_where_nothing_can_be_done_nobody_leaves(update: dict[str, object]):
    problem = make_problem().model_copy(update=update)
    plan = plan_of(problem)
    assert plan.status is Status.NOTHING_TO_DO
    assert not plan.voyages
    assert plan.bound_cny == 0
    assert check(problem, plan, SHA256) == []
    assert {left.patch_id for left in plan.left} == {patch.id for patch in problem.patches}


def test_nobody_leaves_for_what_is_worth_less_than_the_way():
    problem = make_problem()
    patch = problem.patches[0]
    worthless = patch.model_copy(update={"value_cny_per_t": (0.0,) * len(patch.lon), "biomass_t": 2.0})
    plan = plan_of(problem.model_copy(update={"patches": (worthless,)}))
    assert plan.status is Status.NOTHING_TO_DO
    assert "得不偿失" in plan.left[0].reason


def test_a_rough_hour_keeps_boats_home():
    problem = make_problem().model_copy(update={"wave_m": (0.5,) * 4 + (3.0,) * 3 + (0.5,) * 17})
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    for voyage in plan.voyages:
        left, back = voyage.stops[0].end - problem.start, voyage.stops[-1].arrive - problem.start
        assert back <= timedelta(hours=4) or left >= timedelta(hours=7)


def test_a_single_berth_is_shared_in_turn():
    problem = make_problem()
    dock = problem.docks[0].model_copy(update={"berths": 1, "unload_t_per_h": 15.0})
    problem = problem.model_copy(update={"docks": (dock,)})
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    calls = [stop for voyage in plan.voyages for stop in voyage.stops if stop.kind is StopKind.UNLOAD]
    assert len(calls) >= 2
    assert {stop.berth for stop in calls} == {0}
