"""The planner end to end on small problems: what it plans holds, is the same twice, and stays below its bounds."""

import io
from datetime import timedelta

import pytest

from documents.errors import InputError
from documents.plan import Plan, Status, StopKind
from documents.problem import Problem
from optimizer.check import check, value
from optimizer.effort import Effort
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_plan, make_problem
from tests.optimizer.random_problem import random_problem


def plan_of(problem: Problem, work: int = 0, limit_s: float = 1000.0) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(limit_s, work))


@pytest.mark.parametrize("seed", range(1000, 1040))
def test_plans_of_random_problems_pass_the_check(seed: int):
    problem = random_problem(seed)
    try:
        plan = plan_of(problem)
    except InputError as error:
        assert "lower its minimum" in str(error)
        return
    assert check(problem, plan, SHA256) == []
    if plan.continuous_bound_cny is not None:
        assert plan.objective.total_cny <= plan.continuous_bound_cny + 1.0
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
    assert plan_of(problem, work=3).to_jsonable() == plan_of(problem, work=3).to_jsonable()


def test_more_work_never_gives_less():
    problem = random_problem(12, hours=16, most_patches=6, most_vessels=5)
    plans = [plan_of(problem, work) for work in (0, 6)]
    assert plans[1].objective.total_cny >= plans[0].objective.total_cny * 0.995
    assert plans[0].bound_cny == plans[1].bound_cny


def test_a_search_out_of_time_still_plans():
    problem = random_problem(5)
    assert check(problem, plan_of(problem, limit_s=1e-3), SHA256) == []


def test_a_search_that_is_stopped_plans_with_what_it_has():
    problem = random_problem(5)
    plan = solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1000.0, 1000, lambda: True))
    assert check(problem, plan, SHA256) == []


def test_a_contract_beyond_all_means_is_named():
    problem = make_problem()
    contract = problem.contracts[0].model_copy(update={"min_t": 9_000.0, "max_t": 10_000.0})
    with pytest.raises(InputError, match=f"Contract {contract.id} asks for 9000 t"):
        plan_of(problem.model_copy(update={"contracts": (contract, *problem.contracts[1:])}))


@pytest.mark.parametrize("update", [{"patches": ()}, {"vessels": ()}, {"wave_m": (3.0,) * 24}])
def test_where_nothing_can_be_done_nobody_leaves(update: dict[str, object]):
    problem = make_problem().model_copy(update=update)
    plan = plan_of(problem)
    assert plan.status is Status.NOTHING_TO_DO
    assert not plan.voyages
    assert plan.objective.damage_avoided_cny == plan.objective.sailing_cny == 0
    assert plan.bound_cny is not None
    assert plan.bound_cny >= plan.objective.total_cny > 0, "what lies ashore is still made something of"
    assert check(problem, plan, SHA256) == []
    assert {left.patch_id for left in plan.left} == {patch.id for patch in problem.patches}


def test_nobody_leaves_for_what_is_worth_less_than_the_way():
    problem = make_problem()
    patch = problem.patches[0]
    worthless = patch.model_copy(update={"value_cny_per_t": (0.0,) * len(patch.lon), "biomass_t": 0.1})
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
    docks = tuple(dock.model_copy(update={"berths": 1, "unload_t_per_h": 15.0}) for dock in problem.docks)
    platforms = tuple(platform.model_copy(update={"berths": 1}) for platform in problem.platforms)
    problem = problem.model_copy(update={"docks": docks, "platforms": platforms})
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    calls = [stop for voyage in plan.voyages for stop in voyage.stops if stop.kind is StopKind.UNLOAD]
    assert len(calls) >= 2
    assert {stop.berth for stop in calls} == {0}
