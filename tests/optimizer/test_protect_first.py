"""Protection first, money second: where the two disagree the plan protects, and only then earns."""

import io

import pytest

from benchmarks.hard_problem import changed
from benchmarks.random_problem import random_problem
from documents.plan import Plan, Status
from documents.problem import EARNED_SHARE, PatchState, Problem
from optimizer.check import check, value
from optimizer.check.rules import Rule
from optimizer.column import worth
from optimizer.effort import Effort
from optimizer.search import Found
from optimizer.solve import solve
from optimizer.weighed import weighed
from tests.optimizer.handmade import HOURS, SHA256, make_plan, make_problem, window
from tests.optimizer.test_brute_force import SAME, Everything, found_by_search, tiny

pytestmark = pytest.mark.usefixtures("rough_bounds")

NEAR, FAR = (121.97, 36.5), (121.85, 36.5)
"""1.5 and 7.3 nm off the dock, on its open side."""
LOAD_T = 20.0


def plan_of(problem: Problem) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 1))


def first(problem: Problem) -> Problem:
    return changed(problem, protect_first=True)


def either_or(near_cny: float, far_cny: float) -> Problem:
    """Return a problem of one boat that has time for one load, near or far, tonnes being worth so much there."""
    problem = make_problem()
    boat, dock = problem.vessels[0], problem.docks[0]
    marks = range(HOURS + 1)

    def patch(name: str, place: tuple[float, float], worth_cny: float) -> PatchState:
        still = {"lon": (place[0],) * len(marks), "lat": (place[1],) * len(marks), "remaining": (1.0,) * len(marks)}
        worth = {"value_cny_per_t": (worth_cny,) * len(marks), "collectable": (True,) * len(marks)}
        return problem.patches[0].model_copy(update={"id": name, "biomass_t": LOAD_T, **still, **worth})

    quay = next(place for place in problem.places if place.id == dock.id)
    store = quay.stores[0].model_copy(update={"capacity_t": 100.0, "end_value_cny_per_t": {"wet": 0.0, "stale": 0.0}})
    told = {"capacity_t": LOAD_T, "speed_kn": 10.0, "collect_t_per_h": 20.0, "shifts": (window(3, 6.75),)}
    return changed(
        problem,
        horizon_h=HOURS,
        patches=(patch("near", NEAR, near_cny), patch("far", FAR, far_cny)),
        vessels=(boat.model_copy(update=told),),
        docks=(dock,),
        platforms=(),
        places=(quay.model_copy(update={"stores": (store,)}),),
        materials=tuple(
            material.model_copy(update={"shelf_life_h": None, "becomes": None}) for material in problem.materials
        ),
        fleets=(),
        links=(),
        supplies=(),
        contracts=(),
        wave_m=(None,) * HOURS,
    )


def visited(plan: Plan) -> set[str]:
    return {stop.patch_id for voyage in plan.voyages for stop in voyage.stops if stop.patch_id is not None}


@pytest.mark.parametrize(
    ("near_cny", "far_cny", "plainly", "protecting"),
    [
        (1000.0, 1030.0, "near", "far"),  # 600 CNY more damage avoided for about 1,400 CNY of sailing
        (1000.0, 1000.0, "near", "near"),  # the same damage: money decides
        (1030.0, 1000.0, "near", "near"),
        (1000.0, 1500.0, "far", "far"),
    ],
)
def test_protection_decides_and_then_money(near_cny: float, far_cny: float, plainly: str, protecting: str):
    problem = either_or(near_cny, far_cny)
    for posed, best in ((problem, plainly), (first(problem), protecting)):
        plan = plan_of(posed)
        assert visited(plan) == {best}
        assert check(posed, plan, SHA256) == []
        told_cny = {"near": near_cny, "far": far_cny}[best]
        assert plan.objective.damage_avoided_cny == pytest.approx(told_cny * LOAD_T, rel=3e-3)


def test_what_costs_more_than_it_saves_is_done_where_protection_comes_first():
    problem = either_or(10.0, 0.0)
    assert plan_of(problem).status is Status.NOTHING_TO_DO
    plan = plan_of(first(problem))
    assert visited(plan) == {"near"}
    assert plan.objective.net_cny < 0 < plan.objective.total_cny


def damage_avoided_cny(everything: Everything, found: Found) -> float:
    grid, choice = everything.grid, found.choice
    return sum(
        (visit.total_t - less) * worth(grid, visit)
        for route, waived in zip(choice.routes, choice.less, strict=True)
        for visit, less in zip((v for trip in route.trips for v in trip.visits), waived, strict=True)
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_all_combinations_is_found_and_protects_no_less(seed: int):
    plain, protecting = Everything(tiny(seed)), Everything(weighed(first(tiny(seed))))
    best = protecting.best_cny(whole=False, free=False)
    assert best is not None
    near = SAME * max(abs(best), 1.0)
    found = found_by_search(protecting)
    assert found.choice.value_cny >= best - near
    assert damage_avoided_cny(protecting, found) >= damage_avoided_cny(plain, found_by_search(plain)) - 2 * near


@pytest.mark.parametrize("seed", [1_000, 1_003, 1_006])
def test_plans_hold_and_tell_their_parts_in_plain_money(seed: int):
    problem = first(random_problem(seed, most_vessels=2))
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    told = plan.objective
    earned = told.net_cny - told.damage_avoided_cny
    assert told.total_cny == pytest.approx(told.damage_avoided_cny + EARNED_SHARE * earned, abs=0.01)


def test_the_checker_tells_the_objective_by_itself():
    problem = first(make_problem())
    plan = make_plan(make_problem())
    assert {violation.rule for violation in check(problem, plan, SHA256)} >= {Rule.OBJECTIVE_MISSTATED}
    own = value(problem, plan)
    stated = plan.model_copy(update={"objective": own, "bound_cny": None, "gap": None, "continuous_bound_cny": None})
    assert check(problem, stated, SHA256) == []
    assert own.total_cny == pytest.approx(0.99 * own.damage_avoided_cny + 0.01 * own.net_cny)


def test_without_the_option_nothing_is_weighed():
    problem = make_problem()
    assert weighed(problem) is problem
