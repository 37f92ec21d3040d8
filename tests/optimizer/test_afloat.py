"""A platform works on the days that it lies out, and lies out where that pays, whether a boat calls or not."""

import io

import pytest

from benchmarks.hard_problem import changed
from benchmarks.random_problem import at, random_problem, window
from documents.network import StoreSpec, SupplySpec
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check
from optimizer.effort import Effort
from optimizer.network import Network
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256

WITH_PLATFORM = next(problem for seed in range(20) if (problem := random_problem(seed)).platforms)


def aboard(day_cost_cny: float) -> Problem:
    """Return a problem without boats: 12 t of wet algae lie on a platform, and cake is worth 500 CNY/t at the dock."""
    platform = WITH_PLATFORM.platforms[0].model_copy(
        update={"days": (window(0.5, 5.5), window(6.5, 11.5)), "day_cost_cny": day_cost_cny}
    )
    dock = StoreSpec(materials=("cake",), capacity_t=30.0, end_value_cny_per_t={"cake": 500.0})
    places = []
    for place in WITH_PLATFORM.places:
        if place.id == "quay-0":
            places.append(place.model_copy(update={"stores": (dock,)}))
        elif place.id == platform.id:
            task = place.tasks[0].model_copy(update={"batch_min_t": 0.0, "batch_max_t": 6.0, "hours": 1.0})
            unit = place.units[0].model_copy(update={"windows": (window(0, 12),)})
            places.append(place.model_copy(update={"tasks": (task,), "units": (unit,)}))
    wet, *others = WITH_PLATFORM.materials
    barge = WITH_PLATFORM.fleets[1].model_copy(update={"windows": (window(0, 12),)})
    docks = WITH_PLATFORM.docks[:1]
    return changed(
        WITH_PLATFORM,
        docks=docks,
        platforms=(platform,),
        patches=(),
        vessels=(),
        contracts=(),
        materials=(wet.model_copy(update={"shelf_life_h": None, "becomes": None}), *others),
        places=tuple(places),
        fleets=(barge,),
        links=tuple(link for link in WITH_PLATFORM.links if link.origin == platform.id),
        supplies=(SupplySpec(id="tow", place=platform.id, material="wet", time=at(4.0), tonnes=12.0),),
    )


def plan_of(problem: Problem) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 2))


@pytest.mark.parametrize(("day_cost_cny", "days"), [(50.0, True), (50_000.0, False)])
def test_a_platform_lies_out_for_its_press_where_that_pays(day_cost_cny: float, days: bool):
    problem = aboard(day_cost_cny)
    plan = plan_of(problem)
    assert check(problem, plan, SHA256) == []
    assert bool(plan.moorings) is bool(plan.batches) is bool(plan.hauls) is days
    assert plan.objective.platform_cny == len(plan.moorings) * day_cost_cny
    assert plan.bound_cny is not None
    assert plan.objective.total_cny <= plan.bound_cny + 1.0


def test_a_press_starts_where_a_batch_ends_within_the_day():
    network = Network(aboard(1.0), 1.0, 2.0)
    assert network.works[0].starts == (1, 2, 3, 4, 7, 8, 9, 10)
    assert network.ways[0].leaves == (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)
    hoped = Network(aboard(1.0), 1.0, 2.0, optimistic=True)
    assert set(network.works[0].starts) <= set(hoped.works[0].starts)
    assert set(network.ways[0].leaves) <= set(hoped.ways[0].leaves)


def test_days_that_touch_are_two():
    """A batch that begins in one and ends in the other lies within neither."""
    problem = aboard(1.0)
    days = (window(0.0, 5.5), window(5.5, 12.0))
    problem = problem.model_copy(update={"platforms": (problem.platforms[0].model_copy(update={"days": days}),)})
    network = Network(problem, 1.0, 2.0)
    assert network.works[0].starts == (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11)
    place = network.place_of[problem.platforms[0].id]
    assert (network.days_around(place, 4.5, 5.5), network.days_around(place, 5.5, 5.5)) == ([0], [0, 1])
