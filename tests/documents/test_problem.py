"""A problem whose names, lengths, spans or ages do not agree is refused when it is read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from documents.base import dumps, format_utc
from documents.errors import InputError
from documents.problem import Problem

START = datetime(2026, 6, 18, 20, tzinfo=UTC)
HOURS = 6


def at(hour: float) -> str:
    return format_utc(START + timedelta(hours=hour))


def window(first: float, last: float) -> dict[str, str]:
    return {"start": at(first), "end": at(last)}


def series(value: Any) -> list[Any]:
    return [value] * (HOURS + 1)


def problem() -> dict[str, Any]:
    """Return a problem with one of everything."""
    place = {"lon": 122.0, "lat": 36.5}
    quay = {"berths": 1, "unload_t_per_h": 40, "mooring_h": 0.25}
    return {
        "site_id": "islet",
        "day": "2026-06-18",
        "start": at(0),
        "horizon_h": HOURS,
        "patches": [
            {
                "id": "mat",
                "name": "示例斑块",
                "biomass": {"low_t": 5, "mid_t": 10, "high_t": 20},
                "biomass_t": 10,
                "lon": series(122.1),
                "lat": series(36.5),
                "remaining": series(1.0),
                "value_cny_per_t": series(100),
                "collectable": series(True),
            }
        ],
        "left_out": [],
        "vessels": [
            {
                "id": "alpha",
                "name": "甲",
                "home_dock": "quay",
                "capacity_t": 40,
                "speed_kn": 9,
                "collect_t_per_h": 20,
                "rigging_h": 0.25,
                "cost_per_h_cny": 600,
                "cost_per_nm_cny": 40,
                "max_wave_m": 1.5,
                "shifts": [window(0, 3), window(3, 6)],
            }
        ],
        "docks": [{"id": "quay", "name": "示例码头", **place, **quay, "windows": [window(0, 6)]}],
        "platforms": [
            {
                "id": "ship",
                "name": "示例母船",
                "stations": [{"id": "east", "name": "东", **place}],
                "days": [window(0, 3), window(3, 6)],
                "day_cost_cny": 1,
                **quay,
            }
        ],
        "landed_material": "wet",
        "materials": [
            {"id": "wet", "name": "湿藻", "shelf_life_h": 10, "becomes": "stale", "disposal_cny_per_t": 60},
            {"id": "stale", "name": "陈藻", "shelf_life_h": 20, "disposal_cny_per_t": 60},
            {"id": "meal", "name": "藻粉", "disposal_cny_per_t": 60},
        ],
        "places": [
            {"id": "quay", "name": "示例码头", "stores": [{"materials": ["wet", "stale"], "capacity_t": 100}]},
            {"id": "ship", "name": "示例母船", "stores": [{"materials": ["wet"], "capacity_t": 100}]},
            {
                "id": "mill",
                "name": "示例厂",
                "lon": 121.9,
                "lat": 36.6,
                "stores": [
                    {"materials": ["wet", "stale"], "capacity_t": 100},
                    {"materials": ["meal"], "capacity_t": 10, "stock": {"meal": 1}, "end_value_cny_per_t": {"meal": 9}},
                ],
                "units": [{"id": "dryer", "name": "烘干机", "number": 2, "windows": [window(0, 6)]}],
                "tasks": [
                    {
                        "id": "dry",
                        "name": "烘干",
                        "unit": "dryer",
                        "inputs": [{"materials": ["wet", "stale"], "share": 1}],
                        "outputs": [{"material": "meal", "yield_low": 0.08, "yield_mid": 0.1, "yield_high": 0.12}],
                        "batch_min_t": 20,
                        "batch_max_t": 40,
                        "hours": 2,
                        "cost_cny_per_batch": 100,
                        "cost_cny_per_t": 10,
                    }
                ],
            },
        ],
        "fleets": [{"id": "lorries", "name": "车队", "number": 3, "windows": [window(0, 6)]}],
        "links": [
            {
                "id": "road",
                "origin": "quay",
                "target": "mill",
                "fleet": "lorries",
                "materials": ["wet", "stale"],
                "hours": 0.5,
                "turnaround_h": 1.5,
                "payload_t": 15,
                "cost_cny_per_trip": 200,
                "cost_cny_per_t": 2,
            }
        ],
        "supplies": [{"id": "beach", "place": "mill", "material": "stale", "time": at(2), "tonnes": 20}],
        "contracts": [
            {
                "id": "sale",
                "name": "销售",
                "place": "mill",
                "material": "meal",
                "price_cny_per_t": 10,
                "max_t": 5,
                "window": window(2, 6),
            }
        ],
        "wave_m": [0.5, None, 1.0, 1.0, 1.0, 1.0],
        "land": [],
        "time_limit_s": 10,
    }


def read(data: dict[str, Any]) -> Problem:
    return Problem.from_json(dumps(data), "problem.json")


def test_written_and_read_again() -> None:
    first = read(problem())
    assert Problem.from_json(dumps(first.to_jsonable())) == first
    assert [quay.id for quay in first.quays] == ["quay", "ship"]


def put(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    """Return what puts ``to`` at ``path`` into a document."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def twice(*path: str | int) -> Callable[[dict[str, Any]], None]:
    """Return what adds the first entry of the list at ``path`` once more."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path:
            place = place[step]
        place.append(place[0])

    return change


MILL = ("places", 2)
MEAL = (*MILL, "stores", 1)
TASK = (*MILL, "tasks", 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("vessels", 0, "home_dock", to="nowhere"), "vessel alpha names the unknown dock nowhere"),
        (put("vessels", 0, "home_dock", to="ship"), "vessel alpha names the unknown dock ship"),
        (put("landed_material", to="kelp"), "landed_material names the unknown material kelp"),
        (put("materials", 0, "becomes", to="kelp"), "material wet names the unknown material kelp"),
        (put(*MILL, "stores", 1, "stock", to={"kelp": 1}), "a store of mill names the unknown material kelp"),
        (put(*TASK, "inputs", 0, "materials", to=["kelp"]), "task dry of mill names the unknown material kelp"),
        (put(*TASK, "outputs", 0, "material", to="kelp"), "task dry of mill names the unknown material kelp"),
        (put(*TASK, "unit", to="anvil"), "task dry of mill names the unknown unit anvil"),
        (put(*MILL, "id", to="works"), "link road names the unknown place mill"),
        (put("places", 0, "id", to="pier"), "quay quay names the unknown place quay"),
        (put("places", 1, "id", to="pier"), "quay ship names the unknown place ship"),
        (put("links", 0, "origin", to="nowhere"), "link road names the unknown place nowhere"),
        (put("links", 0, "materials", to=["kelp"]), "link road names the unknown material kelp"),
        (put("links", 0, "fleet", to="camels"), "link road names the unknown fleet camels"),
        (put("supplies", 0, "place", to="nowhere"), "supply beach names the unknown place nowhere"),
        (put("supplies", 0, "material", to="kelp"), "supply beach names the unknown material kelp"),
        (put("contracts", 0, "place", to="nowhere"), "contract sale names the unknown place nowhere"),
        (put("contracts", 0, "material", to="kelp"), "contract sale names the unknown material kelp"),
        (twice("vessels"), "vessel alpha is there twice"),
        (twice("patches"), "patch mat is there twice"),
        (twice("materials"), "material wet is there twice"),
        (twice("supplies"), "supply beach is there twice"),
        (twice(*MILL, "units"), "unit of mill dryer is there twice"),
        (twice(*MILL, "tasks"), "task of mill dry is there twice"),
        (twice("platforms", 0, "stations"), "station of ship east is there twice"),
        (put("platforms", 0, "id", to="quay"), "quay quay is there twice"),
        (twice(*MILL, "stores"), "place mill has two stores for wet"),
        (put(*MEAL, "stock", to={"stale": 1}), "a store of mill holds or values stale"),
        (put(*MEAL, "end_value_cny_per_t", to={"wet": 1}), "a store of mill holds or values wet"),
        (put(*MEAL, "stock", to={"meal": -1}), "the store meal of mill begins with less than nothing"),
        (put(*MEAL, "stock", to={"meal": 10.5}), "the store meal of mill begins with more than its 10 t"),
        (put("supplies", 0, "place", to="ship"), "supply beach brings stale to ship, which has no store for it"),
        (
            put("supplies", 0, "tonnes", to=101),
            r"supply beach brings 101 t to mill, whose store wet\+stale holds 100 t",
        ),
        (put("supplies", 0, "time", to=at(-0.1)), "supply beach comes to mill outside the horizon"),
        (put("supplies", 0, "time", to=at(HOURS + 0.1)), "supply beach comes to mill outside the horizon"),
        (put("vessels", 0, "shifts", to=[window(0, 4), window(3, 6)]), "vessel alpha has shifts that overlap"),
        (put("platforms", 0, "days", to=[window(3, 6), window(0, 4)]), "platform ship has days that overlap"),
        (put("patches", 0, "lon", to=[122.1]), "every series needs horizon_h"),
        (put("patches", 0, "remaining", to=series(0.0)), "remaining must be positive"),
        (put("wave_m", to=[None]), "wave_m needs one value an hour"),
        (put("materials", 2, "becomes", to="stale"), "material meal keeps, so it becomes nothing"),
        (put("materials", 1, "shelf_life_h", to=10), "material stale must live longer than wet, which becomes it"),
        (put("materials", 1, "becomes", to="wet"), "material wet must live longer than stale, which becomes it"),
        (put("materials", 1, "becomes", to="stale"), "material stale must live longer than stale"),
        (put("docks", 0, "windows", to=[{"start": at(2), "end": at(2)}]), "a window must end after it starts"),
        (put(*TASK, "inputs", 0, "share", to=0.5), "task dry: the shares of its inputs must add up to 1"),
        (twice(*TASK, "outputs"), "task dry: a material stands in two of its outputs"),
        (put(*TASK, "batch_max_t", to=10), "task dry: batch_max_t lies below batch_min_t"),
        (put(*TASK, "outputs", 0, "yield_low", to=0.11), "yields must rise from low to high"),
        (put("links", 0, "turnaround_h", to=0.25), "link road: a vehicle is back no sooner than it arrives"),
        (put("contracts", 0, "min_t", to=6), "contract sale: max_t lies below min_t"),
    ],
)
def test_what_does_not_agree_is_named(change: Callable[[dict[str, Any]], None], sentence: str) -> None:
    data = problem()
    change(data)
    with pytest.raises(InputError, match=f"problem.json is not a valid Problem: .*{sentence}"):
        read(data)


@pytest.mark.parametrize("hour", [0, HOURS])
def test_a_supply_may_come_as_the_horizon_begins_or_ends(hour: int) -> None:
    data = problem()
    data["supplies"][0].update(time=at(hour), tonnes=100)
    assert read(data).supplies[0].tonnes == 100


def test_a_chain_of_ages_may_end_in_what_keeps() -> None:
    data = problem()
    data["materials"][1]["becomes"] = "meal"
    assert read(data).materials[1].becomes == "meal"
