"""The hand-made plan sits on its limits: each may be drawn up to it, and no closer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import Rule, check
from tests.optimizer.handmade import SHA256, at, make_plan, make_problem, thaw

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
ALPHA, BETA = (voyage.stops for voyage in PLAN.voyages)
BATCHES = {batch.id: batch for batch in PLAN.batches}
HAULS = {haul.id: haul for haul in PLAN.hauls}
SECONDS = timedelta(seconds=3)
KILOGRAMS = 0.02
END = at(24)


def problem_with(path: str, value: object) -> Problem:
    """Return the problem with the field at a dotted path changed; a step into a list is an index or an id."""
    data = thaw(PROBLEM)
    place: Any = data
    *steps, last = path.split(".")
    for step in steps:
        if not isinstance(place, list):
            place = place[step]
        elif step.isdigit():
            place = place[int(step)]
        else:
            place = next(each for each in place if each["id"] == step)
    place[last] = value
    return Problem.model_validate(data)


def broken(path: str, value: object) -> set[Rule]:
    """Return the rules that the plan breaks once the problem is changed, the price of it apart."""
    violations = check(problem_with(path, value), PLAN, SHA256)
    return {violation.rule for violation in violations} - {Rule.OBJECTIVE_MISSTATED}


def told(data: dict[str, Any]) -> set[Rule]:
    """Return the rules that a thawed plan breaks."""
    return {violation.rule for violation in check(PROBLEM, Plan.model_validate(data), SHA256)}


MOST: dict[str, tuple[float, Rule]] = {
    "vessels.beta.capacity_t": (25.0, Rule.OVER_CAPACITY),
    "vessels.alpha.max_wave_m": (0.8, Rule.WAVES_TOO_HIGH),
    "places.mother.stores.0.capacity_t": (35.0, Rule.STORE_OVER_CAPACITY),
    "places.mother.stores.1.capacity_t": (14.0, Rule.STORE_OVER_CAPACITY),
    "places.pier.stores.0.capacity_t": (10.0, Rule.STORE_OVER_CAPACITY),
    "places.pier.stores.1.capacity_t": (0.0, Rule.STORE_OVER_CAPACITY),
    "places.mill.stores.1.capacity_t": (0.0, Rule.STORE_OVER_CAPACITY),
    "places.mill.stores.2.capacity_t": (10.4, Rule.STORE_OVER_CAPACITY),
    "places.mill.tasks.press.batch_max_t": (10.0, Rule.BATCH_SIZE),
    "places.mill.tasks.dry.batch_max_t": (6.0, Rule.BATCH_SIZE),
    "links.quay-mill.payload_t": (10.0, Rule.OVER_PAYLOAD),
    "contracts.grow.max_t": (5.75, Rule.CONTRACT_QUANTITY),
}
"""What may not be less, its least value, and the rule that then breaks."""
LEAST: dict[str, tuple[float, Rule]] = {
    "places.mill.tasks.press.batch_min_t": (4.0, Rule.BATCH_SIZE),
    "places.works.tasks.blend.batch_min_t": (2.5, Rule.BATCH_SIZE),
    "contracts.grow.min_t": (5.75, Rule.CONTRACT_QUANTITY),
    "vessels.alpha.rigging_h": (0.25, Rule.RIGGING_CUT_SHORT),
    "platforms.mother.mooring_h": (0.25, Rule.UNLOADING_TOO_FAST),
    "links.mother-pier.turnaround_h": (3.0, Rule.VEHICLE_AWAY),
}
"""What may not be more, and its largest value."""


@pytest.mark.parametrize("path", MOST)
def test_room_may_shrink_to_what_is_used(path: str) -> None:
    least, rule = MOST[path]
    assert broken(path, least) == set()
    if least > 0:
        assert rule in broken(path, least - KILOGRAMS)


def test_a_patch_gives_what_it_has() -> None:
    used = 76.0 - PLAN.left[0].tonnes
    assert broken("patches.patch-a.biomass_t", used) == {Rule.LEFT_MISSTATED}
    assert Rule.MORE_THAN_IS_THERE in broken("patches.patch-a.biomass_t", used - KILOGRAMS)


@pytest.mark.parametrize("path", LEAST)
def test_demands_may_rise_to_what_is_met(path: str) -> None:
    most, rule = LEAST[path]
    assert broken(path, most) == set()
    assert broken(path, most + KILOGRAMS) == {rule}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("vessels.beta.speed_kn", Rule.TOO_FAST),
        ("vessels.beta.collect_t_per_h", Rule.COLLECTING_TOO_FAST),
        ("docks.pier.unload_t_per_h", Rule.UNLOADING_TOO_FAST),
        ("places.mill.tasks.dry.hours", Rule.BATCH_DURATION),
        ("links.mother-pier.hours", Rule.HAUL_DURATION),
        ("fleets.lorries.number", Rule.NO_SUCH_VEHICLE),
        ("places.mill.units.press.number", Rule.NO_SUCH_UNIT),
        ("platforms.mother.berths", Rule.NO_SUCH_BERTH),
    ],
)
def test_nothing_is_done_faster_or_by_more_than_there_is(path: str, rule: Rule) -> None:
    field: Any = PROBLEM
    for step in path.split("."):
        there = getattr(field, step, None)
        field = there if there is not None else next(each for each in field if each.id == step)
    slower = field - 1 if isinstance(field, int) else 0.99 * field
    assert broken(path, slower) == {rule}


WINDOWS: dict[str, tuple[Sequence[tuple[datetime, datetime]], Rule]] = {
    "vessels.beta.shifts": ([(BETA[0].end, BETA[-1].arrive)], Rule.OUTSIDE_SHIFT),
    "docks.quay.windows": ([(ALPHA[4].start, ALPHA[4].end)], Rule.QUAY_CLOSED),
    "platforms.mother.days": ([(ALPHA[2].start, ALPHA[2].end)], Rule.QUAY_CLOSED),
    "places.works.units.reactor.windows": ([(BATCHES["blend-1"].start, BATCHES["blend-3"].end)], Rule.UNIT_CLOSED),
    "places.mother.units.press.windows": ([(BATCHES["sea-1"].start, BATCHES["sea-3"].end)], Rule.UNIT_CLOSED),
    "fleets.barge.windows": ([(HAULS["barge-1"].leave, HAULS["barge-3"].leave)], Rule.FLEET_CLOSED),
}
"""The narrowest windows that do."""


@pytest.mark.parametrize("path", WINDOWS)
@pytest.mark.parametrize("late", [False, True])
def test_windows_may_close_to_what_is_used(path: str, late: bool) -> None:
    (span,), rule = WINDOWS[path]
    assert broken(path, [{"start": span[0], "end": span[1]}]) == set()
    narrow = {"start": span[0] + late * SECONDS, "end": span[1] - (not late) * SECONDS}
    assert broken(path, [narrow]) == {rule}


def test_the_window_of_a_contract_holds_to_the_second() -> None:
    first, last = PLAN.sales[2].time, PLAN.sales[4].time
    assert broken("contracts.grow.window", {"start": first, "end": last}) == set()
    assert broken("contracts.grow.window", {"start": first + SECONDS, "end": last}) == {Rule.OUTSIDE_CONTRACT}
    assert broken("contracts.grow.window", {"start": first, "end": last - SECONDS}) == {Rule.OUTSIDE_CONTRACT}


def test_shelf_lives_hold_to_the_second() -> None:
    """The last of the algae are pressed stale at hour 12.5; the mixed load is pressed wet as soon as it arrives."""
    oldest = next(parcel for parcel in PLAN.parcels if parcel.id == "mixed-load-2")
    kept_wet = (BATCHES["press-a"].start - oldest.born).total_seconds() / 3600
    assert broken("materials.wet.shelf_life_h", kept_wet + 1 / 3600) == set()
    stale = next(parcel for parcel in PLAN.parcels if parcel.id == "stale-load")
    kept_stale = (BATCHES["press-c"].start - stale.born).total_seconds() / 3600
    assert broken("materials.stale.shelf_life_h", kept_stale) == set()
    assert Rule.SPOILT in broken("materials.stale.shelf_life_h", kept_stale - 3 / 3600)


def test_the_horizon_holds_to_the_second() -> None:
    """All that the problem tells by the hour goes on to hour 22, the last batch to hour 21.5."""
    last = BATCHES["blend-3"].end
    assert at(21) < last < END
    assert Rule.OUTSIDE_HORIZON in {v.rule for v in check(_shorter(21), PLAN)}
    assert Rule.OUTSIDE_HORIZON not in {v.rule for v in check(_shorter(22), PLAN)}


def _shorter(hours: int) -> Problem:
    data = thaw(PROBLEM)
    for name in ("lon", "lat", "remaining", "value_cny_per_t", "collectable"):
        data["patches"][0][name] = data["patches"][0][name][: hours + 1]
    return Problem.model_validate({**data, "horizon_h": hours, "wave_m": data["wave_m"][:hours]})


def test_a_berth_changes_hands_to_the_second() -> None:
    wait = ALPHA[2].end - BETA[2].start

    def second_at_berth(by: timedelta) -> dict[str, Any]:
        data: dict[str, Any] = thaw(PLAN)
        data["voyages"][1]["stops"][2]["berth"] = 0
        for stop in data["voyages"][1]["stops"][2:]:
            stop.update({key: stop[key] + by for key in ("arrive", "start", "end")})
        return data

    assert Rule.BERTH_TAKEN not in told(second_at_berth(wait))
    assert Rule.BERTH_TAKEN in told(second_at_berth(wait - SECONDS))


def test_a_boat_is_back_before_it_leaves_again() -> None:
    def in_two_places(by: timedelta) -> bool:
        data, second = thaw(PLAN), thaw(PLAN.voyages[1])
        for stop in second["stops"]:
            stop.update({key: stop[key] + by for key in ("arrive", "start", "end")})
        data["voyages"].append({**second, "shift": 1})
        found = check(PROBLEM, Plan.model_validate(data), SHA256)
        return (Rule.TELEPORT, "voyages[2]") in {(violation.rule, violation.where) for violation in found}

    trip = BETA[-1].arrive - BETA[0].end
    assert not in_two_places(trip)
    assert in_two_places(trip - SECONDS)


@pytest.mark.parametrize(("stop", "rule"), [(1, Rule.OFF_PATCH), (2, Rule.OFF_QUAY), (4, Rule.OFF_QUAY)])
def test_a_stop_lies_within_the_tolerance(stop: int, rule: Rule) -> None:
    """50 m of the problem and 3 m of rounding; 0.0001 degrees of latitude are 11.1 m."""
    for degrees, off in ((0.00047, False), (0.00048, True)):
        data = thaw(PLAN)
        there = data["voyages"][1]["stops"][stop]
        there["lat"] -= degrees
        there["waypoints"] = (*there["waypoints"][:-1], (there["lon"], there["lat"]))
        assert (rule in told(data)) is off


@pytest.mark.parametrize(("off", "rule"), [(-0.001, Rule.NOT_LANDED), (0.001, Rule.LOAD_MISSTATED)])
def test_a_call_lands_what_is_on_board_to_the_gram(off: float, rule: Rule) -> None:
    data = thaw(PLAN)
    data["voyages"][1]["stops"][2]["tonnes"] += off
    assert told(data) == {rule, Rule.PARCEL_MISMATCH}


def test_a_bound_may_lie_at_the_value() -> None:
    total = PLAN.objective.total_cny
    for below, rules in ((0.0, set()), (0.5, set()), (2.0, {Rule.BOUND_BELOW_VALUE})):
        bound = total - below
        assert told({**thaw(PLAN), "bound_cny": bound, "gap": (bound - total) / bound}) == rules


def test_the_parts_make_up_the_total() -> None:
    """Each part may be off by a yuan, but not their sum."""
    data = thaw(PLAN)
    for part, off in (("damage_avoided_cny", 0.9), ("sales_cny", 0.9), ("sailing_cny", -0.9)):
        data["objective"][part] += off
    assert told(data) == {Rule.OBJECTIVE_MISSTATED}


@pytest.mark.parametrize(("kind", "name"), [("batches", "blend-3"), ("hauls", "powder")])
def test_what_runs_beyond_the_horizon_is_named_itself(kind: str, name: str) -> None:
    data = thaw(PLAN)
    index, late = next((i, each) for i, each in enumerate(data[kind]) if each["id"] == name)
    for key in {"start", "end", "leave", "arrive"} & set(late):
        late[key] += timedelta(hours=8)
    found = check(PROBLEM, Plan.model_validate(data), SHA256)
    assert f"{kind}[{index}]" in {violation.where for violation in found if violation.rule is Rule.OUTSIDE_HORIZON}
