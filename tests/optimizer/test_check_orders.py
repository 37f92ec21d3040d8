"""The checker and the orders: locks drawn from a plan hold, and every deliberate breakage of one is found."""

from datetime import timedelta
from typing import Any

import pytest

from documents.locks import lock_batch, lock_stop, lock_trip, lock_voyage
from documents.orders import BatchLock, Forbidden, Lock, LockedStop, Orders
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import Rule, check
from tests.optimizer.handmade import SHA256, at, make_plan, make_problem, thaw, window

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
ALPHA, BETA = PLAN.voyages
SECOND = timedelta(seconds=1)


def told(orders: Orders, plan: Plan = PLAN) -> list[tuple[Rule, str]]:
    """Return what the checker says of the orders."""
    problem = Problem(**{**dict(PROBLEM), "orders": orders})
    rules = (Rule.LOCK_BROKEN, Rule.FORBIDDEN_STOP)
    return [(each.rule, each.where) for each in check(problem, plan, SHA256) if each.rule in rules]


def locked(*locks: Lock) -> Orders:
    return Orders(locks=locks)


HELD = {
    "a visit": lock_stop("order", ALPHA, 0, 0.01),
    "a call": lock_stop("order", ALPHA, 1, 0.01),
    "a trip": lock_trip("order", BETA, 1, 0.01),
    "a voyage": lock_voyage("order", BETA, 0.01),
    "two visits alike": Lock(
        id="order", vessel="alpha", shift=0, stops=(LockedStop(patch="patch-a", window=window(0, 12)),)
    ),
    "in harbour": Lock(id="order", vessel="alpha", shift=1, whole=True),
}


@pytest.mark.parametrize("name", HELD)
def test_what_the_plan_does_is_kept(name: str):
    assert told(locked(HELD[name])) == []


def moved(lock: Lock, stop: int, hours: float) -> Lock:
    stops = list(lock.stops)
    by, span = timedelta(hours=hours), stops[stop].window
    shifted = {"start": span.start + by, "end": span.end + by}
    stops[stop] = LockedStop(**{**dict(stops[stop]), "window": shifted})
    return lock.model_copy(update={"stops": tuple(stops)})


def placed(lock: Lock, stop: int, **place: str) -> Lock:
    stops = list(lock.stops)
    stops[stop] = LockedStop(window=stops[stop].window, **place)
    return lock.model_copy(update={"stops": tuple(stops)})


BROKEN = {
    "too soon": moved(HELD["a visit"], 0, -0.02),
    "too late": moved(HELD["a call"], 0, 0.02),
    "another quay": placed(HELD["a call"], 0, quay="pier"),
    "one of a trip moved": moved(HELD["a trip"], 1, 0.5),
    "another order": HELD["a trip"].model_copy(update={"stops": HELD["a trip"].stops[::-1]}),
    "another vessel": HELD["a visit"].model_copy(update={"vessel": "beta"}),
    "another shift": HELD["a visit"].model_copy(update={"shift": 1}),
    "one stop more than the whole": HELD["a trip"].model_copy(update={"whole": True}),
    "one stop fewer": HELD["a voyage"].model_copy(update={"stops": HELD["a voyage"].stops * 2}),
    "not in a row": Lock(
        id="order", vessel="alpha", shift=0, stops=(HELD["a visit"].stops[0], lock_stop("order", ALPHA, 2).stops[0])
    ),
    "out of harbour": Lock(id="order", vessel="alpha", shift=0, whole=True),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_lock_is_named(name: str):
    assert told(locked(BROKEN[name])) == [(Rule.LOCK_BROKEN, "lock order")]


def test_a_window_holds_to_the_second():
    start = ALPHA.stops[1].start
    for off, found in ((SECOND, []), (3 * SECOND, [(Rule.LOCK_BROKEN, "lock order")])):
        stop = LockedStop.model_validate({"patch": "patch-a", "window": {"start": at(0), "end": start - off}})
        assert told(locked(Lock(id="order", vessel="alpha", shift=0, stops=(stop,)))) == found


def test_a_visit_that_takes_nothing_is_no_stop():
    data: dict[str, Any] = thaw(PLAN)
    data["voyages"][1]["stops"][1]["tonnes"] = 0.0
    assert told(locked(lock_stop("order", BETA, 0)), Plan.model_validate(data)) == [(Rule.LOCK_BROKEN, "lock order")]


@pytest.mark.parametrize(
    ("number", "hours", "found"), [(1, 0.01, 0), (2, 0.01, 1), (2, 2.1, 0), (5, 24, 0), (6, 24, 1)]
)
def test_batches_are_counted_within_the_window(number: int, hours: float, found: int):
    second = next(batch for batch in PLAN.batches if batch.id == "dry-2")
    drawn = lock_batch("order", second, hours).model_copy(update={"number": number})
    assert len(told(Orders(batches=(drawn,)))) == found


def test_batches_of_another_place_do_not_count():
    first = next(batch for batch in PLAN.batches if batch.id == "sea-1")
    drawn = lock_batch("order", first)
    elsewhere = BatchLock(**{**dict(drawn), "place": "mill"})
    assert told(Orders(batches=(drawn,))) == []
    assert told(Orders(batches=(elsewhere,))) == [(Rule.LOCK_BROKEN, "lock order")]


def test_forbidden_stops_are_named_one_by_one():
    pairs = (Forbidden(vessel="alpha", patch="patch-a"), Forbidden(vessel="beta", quay="pier"))
    stops = ("voyages[0].stops[1]", "voyages[0].stops[3]", "voyages[1].stops[4]")
    assert told(Orders(forbidden=pairs)) == [(Rule.FORBIDDEN_STOP, stop) for stop in stops]


def test_leaving_from_home_is_no_stop():
    assert told(Orders(forbidden=(Forbidden(vessel="beta", quay="quay"),))) == []
