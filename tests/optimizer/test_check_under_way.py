"""The checker and what is under way at the start: whatever is held, settled or busy is refused to a plan."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from documents.base import dumps
from documents.errors import InputError
from documents.network import SupplySpec
from documents.problem import Problem
from documents.under_way import Lying
from optimizer.check import Rule, check, value
from tests.optimizer.handmade import SHA256, at, make_plan, make_problem, window

PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
CALL = next(stop for stop in PLAN.voyages[0].stops if stop.quay_id == "mother")
HAUL, BATCH = PLAN.hauls[0], PLAN.batches[0]


def changed(part: str, name: str, **update: Any) -> Problem:
    """Return the problem with another ``name`` among its ``part``."""
    each = [e.model_copy(update=update) if e.id == name else e for e in getattr(PROBLEM, part)]
    return Problem(**{**dict(PROBLEM), part: tuple(each)})


def with_unit(**update: Any) -> Problem:
    place = next(place for place in PROBLEM.places if place.id == BATCH.place_id)
    task = next(task for task in place.tasks if task.id == BATCH.task_id)
    units = tuple(unit.model_copy(update=update) if unit.id == task.unit else unit for unit in place.units)
    return changed("places", place.id, units=units)


def broken(problem: Problem) -> set[Rule]:
    return {each.rule for each in check(problem, PLAN, SHA256)}


def fleet_of(link_id: str) -> str:
    return next(link.fleet for link in PROBLEM.links if link.id == link_id)


def test_what_is_over_before_the_plan_needs_it_breaks_nothing():
    assert broken(PROBLEM) == set()
    before = window(0, 1)
    assert broken(changed("platforms", "mother", held=(before, before))) == set()
    assert broken(with_unit(free_from=(BATCH.start,))) == set()
    free = (HAUL.leave,) * (HAUL.vehicle + 1)
    assert broken(changed("fleets", fleet_of(HAUL.link_id), free_from=free)) == set()


@pytest.mark.parametrize(("begins", "ends"), [(-0.5, 0.1), (0.1, 0.2), (0.1, 5.0), (-1.0, 5.0)])
def test_a_berth_that_is_held_is_taken(begins: float, ends: float):
    """Two berths: one held beside a call does no harm, two do."""
    hour = (CALL.start - PROBLEM.start) / timedelta(hours=1)
    held = window(hour + begins, hour + ends)
    others = [stop for voyage in PLAN.voyages for stop in voyage.stops if stop.quay_id == "mother" and stop != CALL]
    if all(stop.end <= held.start or held.end <= stop.start for stop in others):
        assert broken(changed("platforms", "mother", held=(held,))) == set()
    assert broken(changed("platforms", "mother", held=(held, held))) == {Rule.BERTH_TAKEN}


def test_a_settled_day_costs_nothing_more_and_binds_the_platform():
    lee, cape = (changed("platforms", "mother", lies=(Lying(day=0, station=name),)) for name in ("lee", "cape"))
    assert broken(lee) == {Rule.OBJECTIVE_MISSTATED, Rule.BOUND_BELOW_VALUE}
    assert value(lee, PLAN).platform_cny == 0.0
    assert Rule.MOORED_TWICE in broken(cape)


def test_a_unit_and_a_vehicle_that_are_busy_are_taken():
    late = timedelta(minutes=5)
    assert Rule.UNIT_TAKEN in broken(with_unit(free_from=(BATCH.start + late,) * (BATCH.unit + 1)))
    away = (HAUL.leave + late,) * (HAUL.vehicle + 1)
    assert Rule.VEHICLE_AWAY in broken(changed("fleets", fleet_of(HAUL.link_id), free_from=away))


def test_a_supply_is_as_old_as_it_says():
    (beach,) = PROBLEM.supplies
    older = beach.model_copy(update={"born": at(1)})
    problem = Problem(**{**dict(PROBLEM), "supplies": (older,)})
    assert Rule.PARCEL_MISMATCH in broken(problem)


@pytest.mark.parametrize(
    ("part", "name", "update", "sentence"),
    [
        ("docks", "quay", {"held": (window(3, 4),) * 3}, "quay quay has 2 berths, and more are held at one time"),
        ("supplies", "beach", {"born": at(-30)}, "supply beach has spoilt before it comes"),
        ("platforms", "mother", {"lies": (Lying(day=2, station="lee"),)}, "lies out on its day 2"),
        ("platforms", "mother", {"lies": (Lying(day=0, station="x"),)}, "names the unknown station x"),
        (
            "platforms",
            "mother",
            {"lies": (Lying(day=0, station="lee"), Lying(day=0, station="cape"))},
            "lies at 2 stations on its day 0",
        ),
        ("fleets", "barge", {"free_from": (at(1), at(2))}, "for 1 that are alike"),
    ],
)
def test_what_cannot_be_under_way_is_named(part: str, name: str, update: Mapping[str, Any], sentence: str):
    data = PROBLEM.model_dump(mode="json")
    each = next(each for each in getattr(PROBLEM, part) if each.id == name).model_copy(update=dict(update))
    data[part] = [each.model_dump(mode="json") if told["id"] == name else told for told in data[part]]
    with pytest.raises(InputError, match=sentence):
        Problem.from_json(dumps(data))


def test_what_was_born_before_it_comes_may_be_of_what_no_store_takes_any_more():
    (beach,) = PROBLEM.supplies
    told = {**dict(beach), "place": "works", "tonnes": 500.0}
    aged = SupplySpec(**{**told, "born": at(1)})
    assert Problem(**{**dict(PROBLEM), "supplies": (aged,)}).supplies == (aged,)
    with pytest.raises(ValueError, match="has no store for it"):
        Problem(**{**dict(PROBLEM), "supplies": (SupplySpec(**told),)})
