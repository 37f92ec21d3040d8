"""Which stops of a plan are the same in another."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from documents.changes import MOVED_H, changed_stops, unchanged
from documents.plan import Plan
from tests.optimizer.handmade import make_plan, make_problem, thaw

PLAN = make_plan(make_problem())
VESSELS = ["alpha", "beta"]
stops = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12).map(lambda n: n / 10)), max_size=5)


def most(before: list[tuple[str, float]], after: list[tuple[str, float]]) -> int:
    """Return how many can be the same at most, trying every order."""
    longer, shorter = (before, after) if len(before) >= len(after) else (after, before)
    return max(
        sum(a == b and abs(x - y) <= MOVED_H + 1e-9 for (a, x), (b, y) in zip(chosen, shorter, strict=False))
        for chosen in permutations(longer, len(shorter))
    )


@given(stops, stops)
def test_as_many_stops_as_can_be_are_the_same(before: list[tuple[str, float]], after: list[tuple[str, float]]):
    pairs = unchanged(before, after)
    assert len(pairs) == most(before, after) == len(unchanged(after, before))
    for index in (0, 1):
        assert len({pair[index] for pair in pairs}) == len(pairs)
    for old, new in pairs:
        assert before[old][0] == after[new][0]
        assert abs(before[old][1] - after[new][1]) <= MOVED_H + 1e-9


def later(minutes: float) -> Plan:
    """Return the plan with one stop moved."""
    data = thaw(PLAN)
    for key in ("arrive", "start", "end"):
        data["voyages"][0]["stops"][1][key] += timedelta(minutes=minutes)
    return Plan.model_validate(data)


def test_a_stop_may_move_a_quarter_of_an_hour():
    for minutes, changed in ((0, 0), (15, 0), (-15, 0), (16, 2)):
        assert changed_stops(PLAN.voyages, later(minutes).voyages, VESSELS) == changed


def test_what_is_given_up_and_what_is_added_both_count():
    assert changed_stops(PLAN.voyages, PLAN.voyages[:1], VESSELS) == 4
    assert changed_stops(PLAN.voyages[:1], PLAN.voyages, VESSELS) == 4
    assert changed_stops(PLAN.voyages, PLAN.voyages[:1], VESSELS[:1]) == 0, "a vessel that is lost keeps no stops"


def test_the_same_work_of_another_vessel_is_another_stop():
    data = thaw(PLAN)
    data["voyages"][0]["vessel_id"], data["voyages"][1]["vessel_id"] = "beta", "alpha"
    swapped = Plan.model_validate(data)
    assert changed_stops(PLAN.voyages, swapped.voyages, VESSELS) > 0
