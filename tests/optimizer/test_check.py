"""The checker accepts what is valid, tells the objective apart from the planner, and never falls over."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.plan import Objective, Plan
from documents.problem import Problem
from optimizer.check import Rule, check, value
from tests.optimizer.handmade import SHA256, at, make_plan, make_problem, thaw

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
Steps = tuple[str | int, ...]
"""The way to a field of a thawed document."""


def test_valid_plan_has_no_violation() -> None:
    assert check(PROBLEM, PLAN, SHA256) == []
    again = Plan.from_json(PLAN.model_dump_json())
    assert check(Problem.from_json(PROBLEM.model_dump_json()), again, SHA256) == []


def test_a_plan_without_boats_is_valid() -> None:
    """What lies ashore still has to be dealt with: the contract from stock, the supply at a cost."""
    gains = {"damage_avoided_cny": 0.0, "sales_cny": 1.25 * 9000, "stock_cny": 2.5 * 10}
    costs = {"processing_cny": 500 + 2.5 * 100, "hauling_cny": 0.0, "disposal_cny": 6.0 * 60}
    rest = {"platform_cny": 0.0, "sailing_cny": 0.0, "total_cny": 11275.0 - 1110.0}
    kept = ("beach", "old-powder", "old-shell", "blend-1-fertilizer")
    update = {
        "voyages": (),
        "moorings": (),
        "parcels": [thaw(parcel) for parcel in PLAN.parcels if parcel.id in kept],
        "batches": [thaw(batch) for batch in PLAN.batches if batch.id == "blend-1"],
        "hauls": (),
        "sales": [thaw(sale) for sale in PLAN.sales if sale.draw.parcel_id == "blend-1-fertilizer"],
        "disposals": [{"time": at(4), "draw": {"parcel_id": "beach", "tonnes": 6.0}}],
        "left": [{**thaw(PLAN.left[0]), "tonnes": 76.0}],
        "objective": thaw(Objective(**gains, **costs, **rest)),
        "bound_cny": None,
        "gap": None,
        "status": "nothing-to-do",
    }
    assert check(PROBLEM, Plan.model_validate({**thaw(PLAN), **update}), SHA256) == []


def test_value_agrees_with_the_hand_made_sum() -> None:
    stated, own = PLAN.objective.model_dump(), value(PROBLEM, PLAN).model_dump()
    assert own == pytest.approx(stated, abs=1e-3)


def test_parts_of_the_objective_by_hand() -> None:
    own = value(PROBLEM, PLAN)
    assert own.sales_cny == pytest.approx(5.75 * 9000 + 0.84 * 400)
    assert own.stock_cny == pytest.approx(0.5 * 5000 + 1.293 * 2500 + 0.5 * 10)
    pressed, dried, ground, blended = 6 * 200 + 75 * 15, 5 * 300 + 30 * 120, 3 * 80 + 10.5 * 40, 3 * 500 + 12.5 * 100
    assert own.processing_cny == pytest.approx(pressed + dried + ground + blended)
    assert own.hauling_cny == pytest.approx(10 * 150 + (22 + 22 + 10 + 6 + 4 + 9.293) * 8)
    assert own.disposal_cny == pytest.approx(3 * 60 + 3 * 85 + 0.21 * 20)
    assert own.platform_cny == 3000


def _fields(value: Any, of: type, path: Steps = ()) -> list[Steps]:
    """Return the paths of all fields of type ``of`` in a thawed document."""
    if isinstance(value, of):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in _fields(item, of, (*path, key))]


def _shifted(path: Steps, by: Any) -> Plan:
    data = thaw(PLAN)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = place[path[-1]] + by
    return Plan.model_validate(data)


TIMES = _fields(thaw(PLAN), datetime)
SET_TIMES = [path for path in TIMES if path[0] not in ("sales", "disposals")]
"""Sales and disposals may wait."""
TONNES = [path for path in _fields(thaw(PLAN), float) if path[-1] in ("tonnes", "load_t")]
BALANCED = [path for path in TONNES if path[0] in ("voyages", "batches", "hauls")]
"""Figures that add up to others as they stand, with no yield and no end value between."""


@settings(max_examples=150)
@given(st.sampled_from(SET_TIMES), st.integers(10, 3600), st.sampled_from([-1, 1]))
def test_any_time_moved_is_caught(path: Steps, seconds: int, sign: int) -> None:
    assert check(PROBLEM, _shifted(path, timedelta(seconds=sign * seconds)), SHA256)


@settings(max_examples=150)
@given(st.sampled_from(TONNES), st.floats(0.02, 20))
def test_any_tonnes_added_are_caught(path: Steps, tonnes: float) -> None:
    assert check(PROBLEM, _shifted(path, tonnes), SHA256)


@settings(max_examples=150)
@given(st.sampled_from(BALANCED), st.floats(3e-6, 1e-3))
def test_any_gram_from_sea_to_product_is_caught(path: Steps, tonnes: float) -> None:
    assert check(PROBLEM, _shifted(path, tonnes), SHA256)


@settings(max_examples=100)
@given(st.sampled_from(["parcels", "batches", "hauls", "sales", "disposals", "voyages", "moorings"]), st.data())
def test_anything_left_out_is_caught(kind: str, data: st.DataObject) -> None:
    thawed = thaw(PLAN)
    del thawed[kind][data.draw(st.integers(0, len(thawed[kind]) - 1))]
    assert check(PROBLEM, Plan.model_validate(thawed), SHA256)


@settings(max_examples=150)
@given(st.sampled_from(TIMES), st.sampled_from(TIMES), st.sampled_from(["1000-01-01", "9999-12-31", "2026-06-19"]))
def test_nonsense_is_reported_not_raised(one: Steps, other: Steps, day: str) -> None:
    data = thaw(PLAN)
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    for path in (one, other):
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = moment
    data["voyages"][0]["stops"][1]["patch_id"] = None
    data["voyages"][0]["stops"][2]["quay_id"] = None
    data["voyages"][0]["stops"][3]["waypoints"] = ((500.0, -95.0), (122.0, 36.5))
    data["voyages"][1]["vessel_id"] = "nobody"
    data["batches"][0]["task_id"] = data["hauls"][0]["link_id"] = data["sales"][0]["contract_id"] = "nothing"
    data["parcels"][3]["material"] = data["parcels"][4]["place_id"] = data["moorings"][0]["platform_id"] = "nothing"
    data["disposals"][0]["draw"]["parcel_id"] = data["parcels"][1]["id"] = "nothing"
    plan = Plan.model_validate(data)
    assert check(PROBLEM, plan, SHA256)
    assert math.isfinite(value(PROBLEM, plan).total_cny)


def test_a_voyage_of_two_returns_is_reported() -> None:
    data = thaw(PLAN)
    data["voyages"][1]["stops"] = [data["voyages"][1]["stops"][-1]] * 2
    assert Rule.MALFORMED_STOP in {v.rule for v in check(PROBLEM, Plan.model_validate(data))}


def test_violations_come_in_a_fixed_order() -> None:
    data = thaw(PLAN)
    data["site_id"] = "elsewhere"
    data["left"] = []
    plan = Plan.model_validate(data)
    found = check(PROBLEM, plan)
    assert [v.rule for v in found] == [Rule.WRONG_PROBLEM, Rule.LEFT_MISSTATED]
    assert found == check(PROBLEM, plan)
