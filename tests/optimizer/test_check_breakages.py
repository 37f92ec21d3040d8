"""Every deliberate breakage of a valid plan is refused under its own name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import Rule, check
from tests.optimizer.handmade import DOCK, SHA256, make_plan, make_problem, thaw

Break = Callable[[dict[str, Any]], None]
PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
HOUR = timedelta(hours=1)


def broken(change: Break) -> Plan:
    data = thaw(PLAN)
    change(data)
    return Plan.model_validate(data)


def stop(data: dict[str, Any], boat: int, index: int) -> dict[str, Any]:
    found: dict[str, Any] = data["voyages"][boat]["stops"][index]
    return found


def shift_voyage(data: dict[str, Any], boat: int, by: timedelta, first: int = 0) -> None:
    for each in data["voyages"][boat]["stops"][first:]:
        for key in ("arrive", "start", "end"):
            each[key] += by


def shift_batch(data: dict[str, Any], index: int, by: timedelta) -> None:
    for key in ("leave_dock", "start", "end"):
        data["batches"][index][key] += by


def set_(path: str, value: object) -> Break:
    """Return a change that sets the field at a dotted path."""
    *steps, last = path.split(".")

    def change(data: Any) -> None:
        for step in steps:
            data = data[int(step)] if isinstance(data, list | tuple) else data[step]
        data[last] = value

    return change


def overload(data: dict[str, Any]) -> None:
    stop(data, 1, 1).update(tonnes=30.0, load_t=30.0)


def collect_all_twice(data: dict[str, Any]) -> None:
    stop(data, 0, 3).update(tonnes=15.0, load_t=15.0)
    stop(data, 0, 3)["end"] += HOUR / 4


def unload_part(data: dict[str, Any]) -> None:
    stop(data, 1, 2).update(tonnes=20.0, load_t=5.0)


def skip_the_dock(data: dict[str, Any]) -> None:
    stops = data["voyages"][1]["stops"]
    home = {**stops[3], "arrive": stops[2]["arrive"], "start": stops[2]["arrive"], "end": stops[2]["arrive"]}
    data["voyages"][1]["stops"] = [*stops[:2], {**home, "waypoints": stops[2]["waypoints"], "load_t": 25.0}]


def through_the_island(data: dict[str, Any]) -> None:
    there = stop(data, 0, 1)
    there["waypoints"] = (there["waypoints"][0], there["waypoints"][-1])


def second_voyage(data: dict[str, Any]) -> None:
    data["voyages"] = [*data["voyages"], data["voyages"][1]]


def late_second_voyage(data: dict[str, Any]) -> None:
    second_voyage(data)
    data["voyages"][2] = {**data["voyages"][2], "shift": 1}


def return_into_the_storm(data: dict[str, Any]) -> None:
    home = stop(data, 0, 5)
    home.update({key: home[key] + 3 * HOUR for key in ("arrive", "start", "end")})


def start_after_age(data: dict[str, Any]) -> None:
    shift_batch(data, 2, 3 * HOUR)


def after_hours(data: dict[str, Any]) -> None:
    shift_batch(data, 1, 14 * HOUR)


def collect_late(data: dict[str, Any]) -> None:
    shift_voyage(data, 0, 2 * HOUR, first=3)


def waits_for_nobody(data: dict[str, Any]) -> None:
    data["lots"] = [*data["lots"], {**data["lots"][0], "id": "ghost"}]


def two_lots_of_one_name(data: dict[str, Any]) -> None:
    data["lots"] = [*data["lots"], data["lots"][0]]


def half_a_line_faster(data: dict[str, Any]) -> None:
    batch = data["batches"][0]
    batch["end"] -= (batch["end"] - batch["start"]) / 3


def away_from_the_dock(data: dict[str, Any]) -> None:
    for index in (2, 3):
        stop(data, 1, index).update(lon=DOCK[0] - 0.01)
    stop(data, 1, 2)["waypoints"] = (*stop(data, 1, 2)["waypoints"], (DOCK[0] - 0.01, DOCK[1]))


BREAKAGES: dict[str, tuple[Break, Rule]] = {
    "overload": (overload, Rule.OVER_CAPACITY),
    "teleport to the patch": (set_("voyages.0.stops.1.waypoints", (DOCK, (122.0, 36.49))), Rule.TELEPORT),
    "teleport from the dock": (set_("voyages.0.stops.2.waypoints", ((122.0, 36.49), DOCK)), Rule.TELEPORT),
    "no waypoints": (set_("voyages.0.stops.1.waypoints", ()), Rule.TELEPORT),
    "two voyages at once": (late_second_voyage, Rule.TELEPORT),
    "patch missed": (lambda d: stop(d, 0, 1).update(lat=36.51), Rule.OFF_PATCH),
    "dock missed": (away_from_the_dock, Rule.OFF_DOCK),
    "more than is there": (collect_all_twice, Rule.MORE_THAN_IS_THERE),
    "two boats at one berth": (set_("voyages.1.stops.2.berth", 0), Rule.BERTH_TAKEN),
    "no such berth": (set_("voyages.1.stops.2.berth", 2), Rule.NO_SUCH_BERTH),
    "no berth": (set_("voyages.1.stops.2.berth", None), Rule.NO_SUCH_BERTH),
    "over the shift": (lambda d: shift_voyage(d, 0, 5 * HOUR, first=5), Rule.OUTSIDE_SHIFT),
    "before the shift": (lambda d: shift_voyage(d, 0, -HOUR / 10), Rule.OUTSIDE_SHIFT),
    "unknown shift": (set_("voyages.0.shift", 2), Rule.OUTSIDE_SHIFT),
    "two voyages in a shift": (second_voyage, Rule.SECOND_VOYAGE),
    "waves": (return_into_the_storm, Rule.WAVES_TOO_HIGH),
    "line over capacity": (half_a_line_faster, Rule.LINE_OVER_CAPACITY),
    "two batches over capacity": (lambda d: d["batches"][4].update(tonnes=8.0), Rule.LINE_OVER_CAPACITY),
    "stale": (start_after_age, Rule.STALE),
    "age misstated": (set_("batches.2.age_at_end_h", 3.0), Rule.AGE_MISSTATED),
    "line closed": (after_hours, Rule.LINE_CLOSED),
    "crossing land": (through_the_island, Rule.CROSSES_LAND),
    "too fast": (lambda d: shift_voyage(d, 1, -HOUR / 20, first=1), Rule.TOO_FAST),
    "collecting too fast": (
        lambda d: stop(d, 1, 1).update(end=stop(d, 1, 1)["end"] - HOUR / 2),
        Rule.COLLECTING_TOO_FAST,
    ),
    "collecting in no time": (lambda d: stop(d, 1, 1).update(end=stop(d, 1, 1)["start"]), Rule.COLLECTING_TOO_FAST),
    "no rigging": (lambda d: stop(d, 1, 1).update(start=stop(d, 1, 1)["arrive"]), Rule.RIGGING_CUT_SHORT),
    "not collectable": (collect_late, Rule.NOT_COLLECTABLE),
    "unloading before mooring ends": (
        lambda d: stop(d, 1, 2).update(end=stop(d, 1, 2)["end"] - HOUR / 4),
        Rule.UNLOADING_TOO_FAST,
    ),
    "dock closed": (lambda d: shift_voyage(d, 1, 17 * HOUR, first=2), Rule.DOCK_CLOSED),
    "load not landed": (skip_the_dock, Rule.NOT_LANDED),
    "part landed": (unload_part, Rule.NOT_LANDED),
    "more landed than on board": (lambda d: stop(d, 1, 2).update(tonnes=26.0), Rule.LOAD_MISSTATED),
    "load misstated": (lambda d: stop(d, 1, 1).update(load_t=24.0), Rule.LOAD_MISSTATED),
    "landed as no lot": (set_("voyages.1.stops.2.lot_id", None), Rule.LOT_MISMATCH),
    "lot landed by nobody": (waits_for_nobody, Rule.LOT_MISMATCH),
    "lot made fresher": (lambda d: d["lots"][0].update(oldest_collected=d["lots"][0]["available"]), Rule.LOT_MISMATCH),
    "lot of another vessel": (set_("lots.0.vessel_id", "beta"), Rule.LOT_MISMATCH),
    "lot not balanced": (set_("lots.0.disposed_t", 1.0), Rule.LOT_NOT_BALANCED),
    "left twice": (lambda d: d.update(left=[*d["left"], *d["left"]]), Rule.DUPLICATE_ID),
    "optimal without bound": (lambda d: d.update(bound_cny=None, gap=None, status="optimal"), Rule.STATUS_MISSTATED),
    "departure from another dock": (set_("voyages.0.stops.0.dock_id", "pier"), Rule.OFF_DOCK),
    "lot twice": (two_lots_of_one_name, Rule.DUPLICATE_ID),
    "batch before its haul": (
        lambda d: d["batches"][3].update(start=d["batches"][3]["start"] - HOUR / 4),
        Rule.BEFORE_ARRIVAL,
    ),
    "batch before its lot": (lambda d: shift_batch(d, 0, -HOUR), Rule.LEAVES_BEFORE_LANDED),
    "unknown vessel": (set_("voyages.0.vessel_id", "gamma"), Rule.UNKNOWN_ID),
    "unknown patch": (set_("voyages.0.stops.1.patch_id", "patch-z"), Rule.UNKNOWN_ID),
    "unknown dock": (set_("voyages.0.stops.2.dock_id", "pier"), Rule.UNKNOWN_ID),
    "unknown plant": (set_("batches.0.plant_id", "works"), Rule.UNKNOWN_ID),
    "unknown line": (set_("batches.0.line_id", "bricks"), Rule.UNKNOWN_ID),
    "unknown lot": (set_("batches.0.lot_id", "alpha-9"), Rule.UNKNOWN_ID),
    "lot not listed": (set_("voyages.0.stops.2.lot_id", "alpha-9"), Rule.UNKNOWN_ID),
    "no return": (set_("voyages.0.stops.5.kind", "unload"), Rule.MALFORMED_STOP),
    "lingering departure": (lambda d: stop(d, 0, 0).update(end=stop(d, 0, 0)["end"] + HOUR / 60), Rule.MALFORMED_STOP),
    "tonnes at the return": (set_("voyages.0.stops.5.tonnes", 3.0), Rule.MALFORMED_STOP),
    "off the globe": (set_("voyages.0.stops.1.waypoints", (DOCK, (122.1, 91.0))), Rule.MALFORMED_STOP),
    "arrives before it ended": (lambda d: shift_voyage(d, 0, -HOUR, first=2), Rule.TIME_ORDER),
    "batch backwards": (lambda d: d["batches"][0].update(end=d["batches"][0]["start"] - HOUR), Rule.TIME_ORDER),
    "beyond the horizon": (lambda d: shift_voyage(d, 0, 20 * HOUR, first=4), Rule.OUTSIDE_HORIZON),
    "batch beyond the horizon": (lambda d: shift_batch(d, 0, 20 * HOUR), Rule.OUTSIDE_HORIZON),
    "distance": (set_("voyages.0.stops.1.distance_nm", 6.0), Rule.DISTANCE_MISSTATED),
    "left tonnes": (set_("left.0.tonnes", 9.0), Rule.LEFT_MISSTATED),
    "left in silence": (set_("left", ()), Rule.LEFT_MISSTATED),
    "left unknown": (set_("left.0.patch_id", "patch-z"), Rule.UNKNOWN_ID),
    "objective": (lambda d: d["objective"].update(total_cny=d["objective"]["total_cny"] + 5), Rule.OBJECTIVE_MISSTATED),
    "objective part": (set_("objective.sailing_cny", 0.0), Rule.OBJECTIVE_MISSTATED),
    "bound below value": (set_("bound_cny", 80_000.0), Rule.BOUND_BELOW_VALUE),
    "gap": (set_("gap", 0.0), Rule.GAP_MISSTATED),
    "gap without bound": (set_("bound_cny", None), Rule.GAP_MISSTATED),
    "not optimal": (set_("status", "optimal"), Rule.STATUS_MISSTATED),
    "nothing to do": (set_("status", "nothing-to-do"), Rule.STATUS_MISSTATED),
    "wrong hash": (set_("problem_sha256", "f" * 64), Rule.WRONG_PROBLEM),
    "wrong day": (set_("day", "2026-06-19"), Rule.WRONG_PROBLEM),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_breakage_is_refused_by_name(name: str) -> None:
    change, rule = BREAKAGES[name]
    violations = check(PROBLEM, broken(change), SHA256)
    named = [violation for violation in violations if violation.rule is rule]
    assert named, sorted({violation.rule for violation in violations})
    assert all(violation.message.endswith(".") and violation.where for violation in named)


def test_every_rule_is_broken_once() -> None:
    # The two left need another problem and have tests of their own below.
    rest = {Rule.CROSSES_CLOSED_AREA, Rule.NO_HAUL}
    assert {rule for _, rule in BREAKAGES.values()} == set(Rule) - rest


def test_closed_area() -> None:
    closed = ((121.99, 36.47), (122.03, 36.47), (122.03, 36.478), (121.99, 36.478), (121.99, 36.47))
    problem = PROBLEM.model_copy(update={"closed_areas": ((closed,),)})
    found = [v for v in check(problem, PLAN) if v.rule is Rule.CROSSES_CLOSED_AREA]
    assert {v.where for v in found} == {
        f"voyages[{a}].stops[{b}]" for a, b in ((0, 1), (0, 2), (0, 3), (0, 4), (1, 1), (1, 2))
    }


def test_no_haul() -> None:
    plant = PROBLEM.plants[0].model_copy(update={"hauls": ()})
    problem: Problem = PROBLEM.model_copy(update={"plants": (plant,)})
    found = [v for v in check(problem, PLAN) if v.rule is Rule.NO_HAUL]
    assert [v.where for v in found] == [f"batches[{i}]" for i in range(5)]
    assert "mill" in found[0].message
    assert "quay" in found[0].message


def test_messages_name_who_value_and_limit() -> None:
    over = next(v for v in check(PROBLEM, broken(overload)) if v.rule is Rule.OVER_CAPACITY)
    assert over.where == "voyages[1].stops[1]"
    assert over.message == "Vessel beta carries 30.000 t, its capacity being 25 t."
    assert str(over.rule) == "over-capacity"
