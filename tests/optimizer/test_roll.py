"""Rolling on: what is left of a plan is a plan for what is left of its problem, and what is planned anew no worse."""

from datetime import timedelta
from functools import cache
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.balance import imbalances
from benchmarks.hard_problem import hard_problem
from benchmarks.random_problem import at, random_problem
from documents.errors import InputError
from documents.orders import BatchLock, Forbidden, Lock, LockedStop, Orders
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check, stands, value
from optimizer.effort import Effort
from optimizer.roll import Rolled, roll
from optimizer.solve import solve
from tests.optimizer import handmade

SEEDS = range(12)
KILOGRAMS_CNY = 10.0
"""What some kilograms are worth at most."""


@cache
def planned(seed: int) -> tuple[Problem, Plan]:
    problem = random_problem(seed, hours=9).model_copy(update={"protect_first": seed % 3 == 2})
    return problem, again(problem, None)


def again(problem: Problem, before: Plan | None) -> Plan:
    still = before is not None and stands(problem, before)
    assert before is None or before.bound_cny is None  # else it would stay as it is
    return solve(problem, "1" * 64, StringIO(), lambda _what, _share: None, Effort(1e9, 0), before, stands=still)


def earned_cny(problem: Problem, plan: Plan, rolled: Rolled) -> float:
    """Return what was begun before comes to, by the checker, from the documents alone."""
    moment = rolled.problem.start
    lies = {(p.id, lying.day) for p in rolled.problem.platforms for lying in p.lies}
    over = {(p.id, day) for p in problem.platforms for day, window in enumerate(p.days) if window.end < moment}
    done = plan.model_copy(
        update={
            "voyages": tuple(v for v in plan.voyages if v.stops[0].end < moment),
            "moorings": tuple(m for m in plan.moorings if (m.platform_id, m.day) in lies | over),
            "batches": tuple(b for b in plan.batches if b.start < moment),
            "hauls": tuple(h for h in plan.hauls if h.leave < moment),
            "sales": tuple(s for s in plan.sales if s.time < moment),
            "disposals": tuple(d for d in plan.disposals if d.time < moment),
        }
    )
    worth = value(problem, done)
    return worth.total_cny - problem.earned_share * worth.stock_cny


def assert_holds(problem: Problem, plan: Plan, rolled: Rolled) -> None:
    assert check(rolled.problem, rolled.rest) == []
    assert imbalances(rolled.problem, rolled.rest) == []
    rest_cny = value(rolled.problem, rolled.rest).total_cny
    whole_cny = value(problem, plan).total_cny
    assert earned_cny(problem, plan, rolled) + rest_cny == pytest.approx(whole_cny, abs=0.02)
    assert Problem.from_json(rolled.problem.model_dump_json()) == rolled.problem


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(1, 8))
def test_what_is_left_of_a_plan_is_a_plan_for_what_is_left(seed: int, hour: int):
    problem, plan = planned(seed)
    assert check(problem, plan) == []
    assert_holds(problem, plan, roll(problem, plan, at(hour)))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(1, 7), st.data())
def test_rolling_twice_is_rolling_once(seed: int, hour: int, data: st.DataObject):
    problem, plan = planned(seed)
    later = data.draw(st.integers(hour + 1, 8))
    first = roll(problem, plan, at(hour))
    second = roll(first.problem, first.rest, at(later))
    assert_holds(first.problem, first.rest, second)
    once = roll(problem, plan, at(later))
    assert second.rest.voyages == once.rest.voyages
    assert value(second.problem, second.rest).total_cny == pytest.approx(value(once.problem, once.rest).total_cny)


@pytest.mark.parametrize(("seed", "hour"), [(0, 2), (1, 3), (2, 4), (4, 3), (5, 2), (5, 4), (7, 3)])
def test_what_is_planned_anew_holds_and_is_no_worse(seed: int, hour: int):
    problem, plan = planned(seed)
    rolled = roll(problem, plan, at(hour))
    made = again(rolled.problem, rolled.rest)
    assert check(rolled.problem, made) == []
    assert made.objective.total_cny >= rolled.rest.objective.total_cny - 0.02
    gained = made.objective.total_cny - rolled.rest.objective.total_cny
    assert made.changed_stops is not None
    assert made.voyages == rolled.rest.voyages or gained > problem.orders.change_cost_cny * made.changed_stops
    alone = again(rolled.problem, None)
    assert check(rolled.problem, alone) == []
    assert made.continuous_bound_cny is not None
    assert made.continuous_bound_cny >= made.objective.total_cny
    # Alone it does not see the kilogram that a batch may have left over for the next.
    assert alone.continuous_bound_cny is not None
    assert alone.continuous_bound_cny >= rolled.rest.objective.total_cny - KILOGRAMS_CNY


def test_what_no_clock_could_do_any_more_is_done_as_planned():
    """Boats and plants have too few steps left for a contract's minimum, which the rest of the plan keeps."""
    problem = hard_problem(10)
    rolled = roll(problem, again(problem, None), at(5))
    assert any(contract.min_t > 0 for contract in rolled.problem.contracts)
    with pytest.raises(InputError, match="Contract mill-1-powder asks for"):
        again(rolled.problem, None)
    made = again(rolled.problem, rolled.rest)
    assert check(rolled.problem, made) == []
    assert made.objective.total_cny >= rolled.rest.objective.total_cny


@pytest.mark.parametrize("hour", range(1, handmade.HOURS))
def test_a_plan_made_by_hand_rolls_on(hour: int):
    problem = handmade.make_problem()
    plan = handmade.make_plan(problem)
    assert_holds(problem, plan, roll(problem, plan, problem.start + timedelta(hours=hour)))


def test_a_moment_is_a_whole_hour_within_the_horizon():
    problem = handmade.make_problem()
    plan = handmade.make_plan(problem)
    for hours in (0.0, 1.5, float(handmade.HOURS)):
        with pytest.raises(InputError, match="lies no whole number of hours after the start of the problem"):
            roll(problem, plan, problem.start + timedelta(hours=hours))


def test_orders_that_are_over_are_dropped_and_those_to_come_are_kept():
    problem = handmade.make_problem()
    plan = handmade.make_plan(problem)
    first = min(plan.batches, key=lambda batch: batch.start)
    number = sum((b.place_id, b.task_id) == (first.place_id, first.task_id) for b in plan.batches)
    visited = LockedStop(patch="patch-a", window=handmade.window(0, 12))
    orders = Orders(
        locks=(
            Lock(id="begun", vessel="alpha", shift=0, stops=(visited,)),
            Lock(id="home", vessel="alpha", shift=1, whole=True),
        ),
        batches=(
            BatchLock(
                id="all", place=first.place_id, task=first.task_id, window=handmade.window(0, 24), number=number + 1
            ),
            BatchLock(id="one", place=first.place_id, task=first.task_id, window=handmade.window(0, 24)),
        ),
        forbidden=(Forbidden(vessel="beta", quay="pier"),),
    )
    ordered = problem.model_copy(update={"orders": orders})
    moment = first.start.replace(minute=0, second=0) + timedelta(hours=1)
    left = roll(ordered, plan, moment).problem.orders
    begun = sum((b.place_id, b.task_id) == (first.place_id, first.task_id) and b.start < moment for b in plan.batches)
    assert begun > 0
    assert [lock.id for lock in left.locks] == ["home"]
    assert [(lock.id, lock.number) for lock in left.batches] == [("all", number + 1 - begun)]
    assert left.forbidden == orders.forbidden
