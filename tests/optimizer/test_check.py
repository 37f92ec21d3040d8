"""The checker accepts what is valid, tells the objective apart from the planner, and never falls over."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.plan import Plan
from documents.problem import Window
from optimizer.check import Rule, check, value
from optimizer.check.geometry import Obstacle, length_nm
from optimizer.check.register import Register
from optimizer.check.series import is_collectable, mean_reciprocal, mean_value, value_at
from tests.optimizer.handmade import HOURS, ISLAND, SHA256, at, make_plan, make_problem, thaw

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)


def test_valid_plan_has_no_violation() -> None:
    assert check(PROBLEM, PLAN, SHA256) == []
    again = Plan.from_json(PLAN.model_dump_json())
    assert check(type(PROBLEM).from_json(PROBLEM.model_dump_json()), again, SHA256) == []


def test_empty_plan_is_valid() -> None:
    zero = dict.fromkeys(PLAN.objective.model_dump(), 0.0)
    update = {"voyages": (), "lots": (), "batches": (), "bound_cny": None, "gap": None, "status": "nothing-to-do"}
    left = PLAN.left[0].model_copy(update={"tonnes": 76.0})
    plan = Plan.model_validate({**thaw(PLAN), **update, "objective": zero, "left": [thaw(left)]})
    assert check(PROBLEM, plan, SHA256) == []


def test_value_agrees_with_the_hand_made_sum() -> None:
    stated, own = PLAN.objective.model_dump(), value(PROBLEM, PLAN).model_dump()
    assert own == pytest.approx(stated, abs=1e-3)


def test_product_value_by_hand() -> None:
    own = value(PROBLEM, PLAN)
    assert own.product_value_cny == pytest.approx(20 * 900 + 25 * 260 + 25 * 480)
    assert own.hauling_cny == pytest.approx(70 * 20)
    assert own.disposal_cny == pytest.approx(5 * 60)


def _fields(value: Any, of: type, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of all fields of type ``of`` in a thawed document."""
    if isinstance(value, of):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in _fields(item, of, (*path, key))]


def _shifted(path: tuple[str | int, ...], by: Any) -> Plan:
    data = thaw(PLAN)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = place[path[-1]] + by
    return Plan.model_validate(data)


TIMES = _fields(thaw(PLAN), datetime)
TONNES = [path for path in _fields(thaw(PLAN), float) if path[-1] in ("tonnes", "load_t", "disposed_t")]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TIMES), st.integers(10, 3600), st.sampled_from([-1, 1]))
def test_any_time_moved_is_caught(path: tuple[str | int, ...], seconds: int, sign: int) -> None:
    assert check(PROBLEM, _shifted(path, timedelta(seconds=sign * seconds)), SHA256)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TONNES), st.floats(0.02, 20))
def test_any_tonnes_added_are_caught(path: tuple[str | int, ...], tonnes: float) -> None:
    assert check(PROBLEM, _shifted(path, tonnes), SHA256)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TIMES), st.sampled_from(TIMES), st.sampled_from(["1000-01-01", "9999-12-31", "2026-06-19"]))
def test_nonsense_is_reported_not_raised(one: tuple[str | int, ...], other: tuple[str | int, ...], day: str) -> None:
    data = thaw(PLAN)
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    for path in (one, other):
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = moment
    data["voyages"][0]["stops"][1]["patch_id"] = None
    data["voyages"][0]["stops"][2]["dock_id"] = None
    data["voyages"][0]["stops"][3]["waypoints"] = ((500.0, -95.0), (122.0, 36.5))
    data["voyages"][1]["vessel_id"] = "nobody"
    plan = Plan.model_validate(data)
    assert check(PROBLEM, plan, SHA256)
    assert math.isfinite(value(PROBLEM, plan).total_cny)


def test_a_voyage_of_two_returns_is_reported() -> None:
    data = thaw(PLAN)
    data["voyages"][1]["stops"] = [data["voyages"][1]["stops"][-1]] * 2
    assert Rule.MALFORMED_STOP in {v.rule for v in check(PROBLEM, Plan.model_validate(data))}


def test_series_means_are_exact() -> None:
    series = [1.0, 1.4, 0.7, 0.7, 2.0]
    fine = np.linspace(0.3, 3.6, 1_000_001)
    middles = np.interp((fine[1:] + fine[:-1]) / 2, range(5), series)
    assert mean_value(series, 0.3, 3.6) == pytest.approx(middles.mean(), rel=1e-9)
    assert mean_reciprocal(series, 0.3, 3.6) == pytest.approx((1 / middles).mean(), rel=1e-9)
    assert mean_reciprocal(series, 2.5, 2.5) == pytest.approx(1 / 0.7)
    assert value_at(series, 99.0) == 2.0
    assert value_at(series, -1.0) == 1.0


def test_collectable_counts_the_marks_on_both_sides() -> None:
    patch = PROBLEM.patches[0].model_copy(update={"collectable": (True, True, True, False, *[True] * (HOURS - 3))})
    assert is_collectable(patch, 0.2, 2.0)
    assert is_collectable(patch, 0.2, 2.0 + 0.5 / 3600)
    assert not is_collectable(patch, 0.2, 2.1)
    assert not is_collectable(patch, 3.5, 4.5)
    assert is_collectable(patch, 4.0, 5.5)


def test_windows_that_touch_are_one() -> None:
    register = Register(PROBLEM)
    windows = (Window(start=at(4), end=at(8)), Window(start=at(0), end=at(4)), Window(start=at(9), end=at(12)))
    assert register.covers(windows, (1.0, 7.5))
    assert not register.covers(windows, (7.0, 9.5))
    assert not register.covers(windows, (8.2, 8.5))
    assert not register.covers((), (1.0, 2.0))


class TestLand:
    island = Obstacle([(ISLAND,)])

    def test_through(self) -> None:
        inside = self.island.crossed_m([(122.0, 36.5), (122.1, 36.5)])
        assert inside == pytest.approx(0.04 * 89_600, rel=0.01)

    def test_along_the_shore_and_past_a_corner(self) -> None:
        assert self.island.crossed_m([(122.02, 36.47), (122.02, 36.53)]) == 0.0
        assert self.island.crossed_m([(122.0, 36.5), (122.02, 36.48), (122.1, 36.48)]) == 0.0

    def test_a_few_metres_inside_the_shore(self) -> None:
        assert self.island.crossed_m([(122.02005, 36.47), (122.02005, 36.53)]) > 4000

    def test_geodesic_bulge_counts(self) -> None:
        # Between points on one parallel the geodesic runs north of it: 0.7 km over this distance, so a leg that looks
        # clear on a plain chart does not clear a cape that reaches down to the parallel.
        cape = Obstacle([(((122.9, 36.501), (123.1, 36.501), (123.1, 36.6), (122.9, 36.6), (122.9, 36.501)),)])
        assert cape.crossed_m([(122.0, 36.5), (124.0, 36.5)]) > 10_000

    def test_no_land(self) -> None:
        assert Obstacle([]).crossed_m([(122.0, 36.5), (122.1, 36.5)]) == 0.0

    def test_length(self) -> None:
        # One minute of latitude at 36.5 N is 1.8497 km (meridian arc of WGS-84).
        assert length_nm([(122.0, 36.5), (122.0, 36.5 + 1 / 60)]) == pytest.approx(1849.3 / 1852, rel=1e-3)


def test_violations_come_in_a_fixed_order() -> None:
    data = thaw(PLAN)
    data["site_id"] = "elsewhere"
    data["left"] = []
    plan = Plan.model_validate(data)
    found = check(PROBLEM, plan)
    assert [v.rule for v in found] == [Rule.WRONG_PROBLEM, Rule.LEFT_MISSTATED]
    assert found == check(PROBLEM, plan)
