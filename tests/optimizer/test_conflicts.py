"""Orders and contracts that cannot hold are refused, and what is in their way is named."""

import io
from typing import Any

import pytest

from documents.errors import InputError
from documents.orders import BatchLock, Forbidden, Lock, LockedStop, Orders
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import check
from optimizer.effort import Effort
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_problem, window

pytestmark = pytest.mark.usefixtures("rough_bounds")

PROBLEM = make_problem()
DOCKS_ALONE: dict[str, Any] = {
    "platforms": (),
    "places": tuple(place for place in PROBLEM.places if place.id != "mother"),
    "links": tuple(link for link in PROBLEM.links if "mother" not in (link.origin, link.target)),
}
"""Without a platform there are fewer ways to look for voyages."""


def posed(orders: Orders, **parts: Any) -> Problem:
    return Problem(**{**dict(PROBLEM), "orders": orders, **parts})


def plan_of(problem: Problem) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 0))


def refused(problem: Problem) -> str:
    with pytest.raises(InputError) as told:
        plan_of(problem)
    text = str(told.value)
    assert text.count(". ") == 0
    assert text.endswith(".")
    return text


def at_patch(first: float, last: float) -> LockedStop:
    return LockedStop(patch="patch-a", window=window(first, last))


def at_quay(quay: str, first: float, last: float) -> LockedStop:
    return LockedStop(quay=quay, window=window(first, last))


def lock(name: str, *stops: LockedStop, vessel: str = "alpha", shift: int = 0, whole: bool = False) -> Lock:
    return Lock(id=name, vessel=vessel, shift=shift, stops=stops, whole=whole)


ALONE = {
    "not collectable": (lock("one", at_patch(8.5, 9.5)), "patch patch-a may not be collected then"),
    "closed": (lock("one", at_quay("pier", 0.2, 0.4)), "quay pier may not be called at then"),
    "too far": (lock("one", at_patch(0.0, 0.1)), "vessel alpha, which makes 9 kn, is not at patch patch-a in time"),
    "rough": (lock("one", at_patch(18, 20), shift=1), "vessel alpha may not be out in that shift"),
    "before it is out": (lock("one", at_quay("quay", 14, 16)), "vessel alpha may not be out when it should be at quay"),
    "too soon after": (
        lock("one", at_patch(2, 2.2), at_quay("pier", 2.3, 2.4)),
        "vessel alpha, which makes 9 kn, is not at quay pier in time after patch patch-a",
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_lock_that_cannot_hold_is_told_why(name: str):
    wrong, told = ALONE[name]
    text = refused(posed(Orders(locks=(wrong,)), **DOCKS_ALONE))
    assert text.startswith("Lock one cannot be kept: ")
    assert told in text


def test_a_lock_at_a_forbidden_place_names_the_pair():
    orders = Orders(locks=(lock("one", at_patch(2, 4)),), forbidden=(Forbidden(vessel="alpha", patch="patch-a"),))
    assert "Lock one cannot be kept: patch patch-a is forbidden to vessel alpha" in refused(
        posed(orders, **DOCKS_ALONE)
    )


def test_two_locks_of_a_voyage_name_each_other():
    orders = Orders(
        locks=(
            lock("free", at_patch(1, 9)),
            lock("one", at_patch(3, 3.2)),
            lock("other", at_quay("pier", 3.3, 3.5)),
        )
    )
    assert refused(posed(orders, **DOCKS_ALONE)).startswith("Locks one and other of vessel alpha cannot both be kept")


def test_two_vessels_at_one_berth_name_each_other_and_the_quay():
    pier = PROBLEM.docks[1].model_copy(update={"berths": 1})
    stop = at_quay("pier", 3.5, 3.6)
    orders = Orders(locks=(lock("one", stop), lock("other", stop, vessel="beta")))
    wide = posed(orders, **DOCKS_ALONE)
    assert check(wide, plan_of(wide), SHA256) == [], "two berths do for both"
    text = refused(posed(orders, docks=(PROBLEM.docks[0], pier), **DOCKS_ALONE))
    assert text == (
        "Lock one of vessel alpha and lock other of vessel beta cannot both be kept: they need the berths of quay pier."
    )


@pytest.mark.parametrize("mooring_h", [0.05, 0.25])
def test_calls_that_follow_one_another_within_a_quarter_hour_are_kept(mooring_h: float):
    pier = PROBLEM.docks[1].model_copy(update={"berths": 1, "mooring_h": mooring_h})
    first, second = at_quay("pier", 3.5, 3.52), at_quay("pier", 3.55 + mooring_h, 3.57 + mooring_h)
    orders = Orders(locks=(lock("one", first), lock("other", second, vessel="beta")))
    problem = posed(orders, docks=(PROBLEM.docks[0], pier), **DOCKS_ALONE)
    assert check(problem, plan_of(problem), SHA256) == []


def test_more_batches_than_a_unit_can_run_name_it():
    pressed = BatchLock(id="much", place="mother", task="press", window=window(3, 4), number=8)
    text = refused(posed(Orders(batches=(pressed,))))
    assert text.startswith("Lock much asks for 8 batches of press at mother")
    assert "limited by unit press of mother" in text


def test_a_batch_without_anything_to_take_names_what_boats_land():
    pressed = BatchLock(id="early", place="mother", task="press", window=window(3, 6))
    text = refused(posed(Orders(batches=(pressed,)), patches=()))
    assert text == (
        "Lock early asks for 1 batches of press at mother, and 0 can start there in its window, limited by what boats"
        " land."
    )


def test_a_contract_beyond_what_a_unit_makes_names_it():
    contract = PROBLEM.contracts[0].model_copy(update={"min_t": 40.0, "max_t": 60.0})
    text = refused(posed(Orders(), contracts=(contract, PROBLEM.contracts[1])))
    assert text.startswith("Contract grow asks for 40 t of fertilizer at works")
    assert "limited by" in text
    assert text.endswith("lower its minimum or give it more time.")
