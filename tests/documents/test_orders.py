"""Orders as documents: what they may name, and how they are drawn from a plan."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from documents.locks import lock_batch, lock_stop, lock_trip, lock_voyage
from documents.orders import BatchLock, Forbidden, Lock, LockedStop, Orders
from documents.plan import StopKind
from documents.problem import Problem
from tests.optimizer.handmade import make_plan, make_problem, window

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
ALPHA, BETA = PLAN.voyages
STOP = LockedStop(patch="patch-a", window=window(1, 2))
WHOLE = Lock(id="a", vessel="alpha", shift=0, stops=(STOP,), whole=True)


def posed(orders: Orders) -> Problem:
    return Problem(**{**dict(PROBLEM), "orders": orders})


def test_a_problem_without_orders_has_none():
    data = PROBLEM.to_jsonable()
    del data["orders"]
    assert Problem.model_validate(data) == PROBLEM
    assert PROBLEM.orders == Orders()


def test_orders_come_back_from_json():
    orders = Orders(
        locks=(WHOLE, Lock(id="b", vessel="beta", shift=1, whole=True)),
        batches=(BatchLock(id="c", place="mill", task="dry", window=window(5, 9), number=2),),
        forbidden=(Forbidden(vessel="beta", quay="pier"), Forbidden(vessel="alpha", patch="patch-a")),
        change_cost_cny=50.0,
    )
    assert Problem.model_validate(posed(orders).to_jsonable()).orders == orders


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"locks": (WHOLE, WHOLE)}, "lock a is there twice"),
        ({"locks": (WHOLE.model_copy(update={"vessel": "gamma"}),)}, "unknown vessel gamma"),
        ({"locks": (WHOLE.model_copy(update={"shift": 2}),)}, "names shift 2 of vessel alpha"),
        ({"locks": (WHOLE, WHOLE.model_copy(update={"id": "b"}))}, "both tell the whole voyage"),
        ({"locks": (Lock(id="a", vessel="alpha", shift=0, stops=(LockedStop(patch="p", window=window(1, 2)),)),)},
         "lock a names the unknown patch p"),
        ({"locks": (Lock(id="a", vessel="alpha", shift=0, stops=(LockedStop(quay="q", window=window(1, 2)),)),)},
         "lock a names the unknown quay q"),
        ({"batches": (BatchLock(id="a", place="moon", task="dry", window=window(1, 2)),)}, "unknown place moon"),
        ({"batches": (BatchLock(id="a", place="mill", task="fry", window=window(1, 2)),)}, "unknown task of mill fry"),
        ({"batches": (BatchLock(id="a", place="mill", task="dry", window=window(1, 2)),), "locks": (WHOLE,)}, "twice"),
        ({"forbidden": (Forbidden(vessel="gamma", quay="pier"),)}, "unknown vessel gamma"),
        ({"forbidden": (Forbidden(vessel="beta", quay="moon"),)}, "vessel beta names the unknown quay moon"),
    ],
)  # fmt: skip
def test_orders_name_what_there_is(parts: dict[str, Any], told: str):
    with pytest.raises(ValidationError, match=told):
        posed(Orders(**parts))


@pytest.mark.parametrize("place", [{}, {"patch": "patch-a", "quay": "quay"}])
def test_a_stop_is_at_one_place(place: dict[str, str]):
    with pytest.raises(ValidationError, match="either a patch or a quay"):
        LockedStop(window=window(1, 2), **place)
    with pytest.raises(ValidationError, match="either a patch or a quay"):
        Forbidden(vessel="alpha", **place)


def test_a_lock_without_stops_keeps_in_harbour_or_says_nothing():
    with pytest.raises(ValidationError, match="names no stop"):
        Lock(id="a", vessel="alpha", shift=0)
    orders = Orders(locks=(Lock(id="a", vessel="alpha", shift=1, whole=True),))
    assert [orders.keeps_home("alpha", shift) for shift in (0, 1)] == [False, True]


def test_locks_are_drawn_from_a_plan():
    stop, trip, voyage = lock_stop("s", ALPHA, 2), lock_trip("t", ALPHA, 1), lock_voyage("v", ALPHA)
    assert [at.patch or at.quay for at in stop.stops] == ["patch-a"]
    assert [at.patch or at.quay for at in trip.stops] == ["patch-a", "quay"]
    assert [at.patch or at.quay for at in voyage.stops] == ["patch-a", "mother", "patch-a", "quay"]
    assert voyage.whole
    assert not trip.whole
    assert trip.stops == voyage.stops[2:]
    assert stop.stops == trip.stops[:1]
    start = next(each.start for each in ALPHA.stops if each.kind is StopKind.COLLECT)
    leeway = timedelta(minutes=15)
    assert (voyage.stops[0].window.start, voyage.stops[0].window.end) == (start - leeway, start + leeway)
    batch = lock_batch("b", PLAN.batches[0])
    assert (batch.place, batch.task, batch.number) == (PLAN.batches[0].place_id, PLAN.batches[0].task_id, 1)
    assert batch.window.start == PLAN.batches[0].start - leeway
