"""Every deliberate breakage of a valid plan is refused under its own name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from documents.plan import Plan
from optimizer.check import Rule, check
from tests.optimizer.handmade import CAPE, DOCK, SHA256, at, make_plan, make_problem, thaw

Thawed = dict[str, Any]
Break = Callable[[Thawed], None]
PROBLEM = make_problem()
PLAN = make_plan(PROBLEM)
HOUR = timedelta(hours=1)


def broken(change: Break) -> Plan:
    data = thaw(PLAN)
    change(data)
    return Plan.model_validate(data)


def stop(data: Thawed, boat: int, index: int) -> Thawed:
    found: Thawed = data["voyages"][boat]["stops"][index]
    return found


def by_id(data: Thawed, kind: str, name: str) -> Thawed:
    """Return the parcel, batch or haul of that id."""
    return next(each for each in data[kind] if each["id"] == name)


def set_(path: str, value: object) -> Break:
    """Return a change that sets the field at a dotted path; a step into a list is an index or an id."""
    *steps, last = path.split(".")

    def change(data: Any) -> None:
        for step in steps:
            if not isinstance(data, list):
                data = data[step]
            elif step.isdigit():
                data = data[int(step)]
            else:
                data = next(each for each in data if each.get("id") == step)
        data[last] = value

    return change


def add(kind: str, name: str, **update: object) -> Break:
    """Return a change that adds a copy of a parcel, batch or haul with something updated."""

    def change(data: Thawed) -> None:
        data[kind] = [*data[kind], {**by_id(data, kind, name), **update}]

    return change


def drop(kind: str, index: int) -> Break:
    """Return a change that leaves one out of a list."""

    def change(data: Thawed) -> None:
        data[kind] = [each for i, each in enumerate(data[kind]) if i != index]

    return change


def shift_voyage(data: Thawed, boat: int, by: timedelta, first: int = 0) -> None:
    for each in data["voyages"][boat]["stops"][first:]:
        for key in ("arrive", "start", "end"):
            each[key] += by


def shift(kind: str, name: str, hours: float) -> Break:
    """Return a change that moves a batch or a haul with what it gives."""

    def change(data: Thawed) -> None:
        moved = by_id(data, kind, name)
        for key in {"start", "end", "leave", "arrive"} & set(moved):
            moved[key] += hours * HOUR
        for parcel in moved["outputs"] if kind == "batches" else moved["parcels"]:
            given = by_id(data, "parcels", parcel)
            given["available"] += hours * HOUR
            given["born"] += hours * HOUR if kind == "batches" else 0 * HOUR

    return change


def draw(kind: str, name: str, takes: dict[str, float]) -> Break:
    """Return a change of what a batch or a haul draws, and its tonnes, what it gives staying as it was."""

    def change(data: Thawed) -> None:
        drawn = [{"parcel_id": parcel, "tonnes": tonnes} for parcel, tonnes in takes.items()]
        by_id(data, kind, name).update(draws=drawn, tonnes=sum(takes.values()))

    return change


def sell(index: int, **update: object) -> Break:
    """Return a change of a sale."""
    return lambda data: data["sales"][index].update(update)


def moor(*moorings: tuple[str, int, str]) -> Break:
    """Return a change of the moorings."""
    named = [{"platform_id": platform, "day": day, "station_id": station} for platform, day, station in moorings]
    return lambda data: data.update(moorings=named)


def overload(data: Thawed) -> None:
    stop(data, 1, 1).update(tonnes=30.0, load_t=30.0)


def collect_all_twice(data: Thawed) -> None:
    stop(data, 0, 3).update(tonnes=15.0, load_t=15.0)
    stop(data, 0, 3)["end"] += HOUR / 4


def skip_the_dock(data: Thawed) -> None:
    stops = data["voyages"][1]["stops"]
    data["voyages"][1]["stops"] = [*stops[:4], {**stops[5], "load_t": 10.0}]


def through_the_island(data: Thawed) -> None:
    there = stop(data, 0, 1)
    there["waypoints"] = (there["waypoints"][0], there["waypoints"][-1])


def second_voyage(data: Thawed) -> None:
    data["voyages"] = [*data["voyages"], data["voyages"][1]]


def late_second_voyage(data: Thawed) -> None:
    second_voyage(data)
    data["voyages"][2] = {**data["voyages"][2], "shift": 1}


def away_from_the_dock(data: Thawed) -> None:
    there = stop(data, 1, 4)
    there["lon"] -= 0.01
    there["waypoints"] = (*there["waypoints"], (there["lon"], there["lat"]))


def made_fresher(parcel: str) -> Break:
    def change(data: Thawed) -> None:
        given = by_id(data, "parcels", parcel)
        given["born"] = given["available"]

    return change


def later(path: tuple[str, str, str], by: timedelta) -> Break:
    """Return a change that moves one time of a parcel, batch or haul."""
    kind, name, key = path

    def change(data: Thawed) -> None:
        moment: datetime = by_id(data, kind, name)[key]
        by_id(data, kind, name)[key] = moment + by

    return change


AT_SEA: dict[str, tuple[Break, Rule]] = {
    "overload": (overload, Rule.OVER_CAPACITY),
    "teleport to the patch": (set_("voyages.0.stops.1.waypoints", (DOCK, (122.0, 36.49))), Rule.TELEPORT),
    "teleport from the dock": (set_("voyages.0.stops.2.waypoints", ((122.0, 36.49), DOCK)), Rule.TELEPORT),
    "no waypoints": (set_("voyages.0.stops.1.waypoints", ()), Rule.TELEPORT),
    "two voyages at once": (late_second_voyage, Rule.TELEPORT),
    "patch missed": (lambda d: stop(d, 0, 1).update(lat=36.51), Rule.OFF_PATCH),
    "dock missed": (away_from_the_dock, Rule.OFF_QUAY),
    "departure from another dock": (set_("voyages.0.stops.0.quay_id", "pier"), Rule.OFF_QUAY),
    "more than is there": (collect_all_twice, Rule.MORE_THAN_IS_THERE),
    "over the shift": (lambda d: shift_voyage(d, 0, 7 * HOUR, first=5), Rule.OUTSIDE_SHIFT),
    "before the shift": (lambda d: shift_voyage(d, 0, -HOUR / 10), Rule.OUTSIDE_SHIFT),
    "unknown shift": (set_("voyages.0.shift", 2), Rule.OUTSIDE_SHIFT),
    "two voyages in a shift": (second_voyage, Rule.SECOND_VOYAGE),
    "waves": (lambda d: shift_voyage(d, 0, 5 * HOUR, first=5), Rule.WAVES_TOO_HIGH),
    "crossing land": (through_the_island, Rule.CROSSES_LAND),
    "too fast": (lambda d: shift_voyage(d, 1, -HOUR / 20, first=1), Rule.TOO_FAST),
    "collecting too fast": (
        lambda d: stop(d, 1, 1).update(end=stop(d, 1, 1)["end"] - HOUR / 2),
        Rule.COLLECTING_TOO_FAST,
    ),
    "collecting in no time": (lambda d: stop(d, 1, 1).update(end=stop(d, 1, 1)["start"]), Rule.COLLECTING_TOO_FAST),
    "no rigging": (lambda d: stop(d, 1, 1).update(start=stop(d, 1, 1)["arrive"]), Rule.RIGGING_CUT_SHORT),
    "not collectable": (lambda d: shift_voyage(d, 0, 4 * HOUR, first=3), Rule.NOT_COLLECTABLE),
    "load not landed": (skip_the_dock, Rule.NOT_LANDED),
    "part landed": (lambda d: stop(d, 1, 2).update(tonnes=20.0, load_t=5.0), Rule.NOT_LANDED),
    "more landed than on board": (lambda d: stop(d, 1, 2).update(tonnes=26.0), Rule.LOAD_MISSTATED),
    "load misstated": (lambda d: stop(d, 1, 1).update(load_t=24.0), Rule.LOAD_MISSTATED),
    "unknown vessel": (set_("voyages.0.vessel_id", "gamma"), Rule.UNKNOWN_ID),
    "unknown patch": (set_("voyages.0.stops.1.patch_id", "patch-z"), Rule.UNKNOWN_ID),
    "no return": (set_("voyages.0.stops.5.kind", "unload"), Rule.MALFORMED_STOP),
    "lingering departure": (lambda d: stop(d, 0, 0).update(end=stop(d, 0, 0)["end"] + HOUR / 60), Rule.MALFORMED_STOP),
    "tonnes at the return": (set_("voyages.0.stops.5.tonnes", 3.0), Rule.MALFORMED_STOP),
    "landing at the patch": (set_("voyages.0.stops.1.parcel_id", "alpha-0"), Rule.MALFORMED_STOP),
    "off the globe": (set_("voyages.0.stops.1.waypoints", (DOCK, (122.1, 91.0))), Rule.MALFORMED_STOP),
    "arrives before it ended": (lambda d: shift_voyage(d, 0, -HOUR, first=2), Rule.TIME_ORDER),
    "beyond the horizon": (lambda d: shift_voyage(d, 0, 20 * HOUR, first=4), Rule.OUTSIDE_HORIZON),
    "distance": (set_("voyages.0.stops.1.distance_nm", 6.0), Rule.DISTANCE_MISSTATED),
}
AT_QUAYS: dict[str, tuple[Break, Rule]] = {
    "two boats at one berth": (set_("voyages.1.stops.2.berth", 0), Rule.BERTH_TAKEN),
    "no such berth": (set_("voyages.1.stops.2.berth", 2), Rule.NO_SUCH_BERTH),
    "no berth": (set_("voyages.1.stops.4.berth", None), Rule.NO_SUCH_BERTH),
    "unknown quay": (set_("voyages.0.stops.2.quay_id", "jetty"), Rule.UNKNOWN_ID),
    "unloading before mooring ends": (
        lambda d: stop(d, 1, 2).update(end=stop(d, 1, 2)["end"] - HOUR / 4),
        Rule.UNLOADING_TOO_FAST,
    ),
    "dock closed": (lambda d: shift_voyage(d, 1, 15 * HOUR, first=4), Rule.QUAY_CLOSED),
    "platform between its days": (lambda d: shift_voyage(d, 0, 7 * HOUR, first=2), Rule.QUAY_CLOSED),
    "platform in harbour": (moor(), Rule.NOT_MOORED),
    "platform out on another day": (moor(("mother", 1, "lee")), Rule.NOT_MOORED),
    "platform at its other station": (moor(("mother", 0, "cape")), Rule.OFF_QUAY),
    "boat at the other station": (lambda d: stop(d, 1, 2).update(lon=CAPE[0], lat=CAPE[1]), Rule.OFF_QUAY),
    "two stations a day": (moor(("mother", 0, "lee"), ("mother", 0, "cape")), Rule.MOORED_TWICE),
    "unknown platform": (moor(("mother", 0, "lee"), ("father", 0, "lee")), Rule.UNKNOWN_ID),
    "unknown day": (moor(("mother", 0, "lee"), ("mother", 2, "lee")), Rule.UNKNOWN_ID),
    "unknown station": (moor(("mother", 0, "lee"), ("mother", 1, "bay")), Rule.UNKNOWN_ID),
}
PARCELS: dict[str, tuple[Break, Rule]] = {
    "landed as no parcel": (set_("voyages.1.stops.2.parcel_id", None), Rule.PARCEL_UNACCOUNTED),
    "landed parcel not listed": (set_("voyages.0.stops.2.parcel_id", "alpha-9"), Rule.UNKNOWN_ID),
    "two landings of one parcel": (set_("voyages.1.stops.2.parcel_id", "alpha-0"), Rule.PARCEL_UNACCOUNTED),
    "landing made fresher": (made_fresher("alpha-0"), Rule.PARCEL_MISMATCH),
    "landing by another vessel": (set_("parcels.alpha-0.of", "beta"), Rule.PARCEL_MISMATCH),
    "landing of another material": (set_("parcels.alpha-0.material", "stale"), Rule.PARCEL_MISMATCH),
    "landing at another place": (set_("parcels.alpha-1.place_id", "pier"), Rule.PARCEL_MISMATCH),
    "landing heavier": (set_("parcels.alpha-0.tonnes", 30.01), Rule.PARCEL_MISMATCH),
    "landing as a supply": (set_("parcels.alpha-0.origin", "supply"), Rule.PARCEL_MISMATCH),
    "landed early": (later(("parcels", "alpha-0", "available"), -HOUR / 10), Rule.PARCEL_MISMATCH),
    "from nowhere": (add("parcels", "alpha-0", id="ghost"), Rule.PARCEL_UNACCOUNTED),
    "parcel twice": (add("parcels", "alpha-0"), Rule.DUPLICATE_ID),
    "no supply": (set_("parcels.beach.of", "strand"), Rule.PARCEL_UNACCOUNTED),
    "supply twice": (add("parcels", "beach", id="beach-2"), Rule.PARCEL_UNACCOUNTED),
    "supply heavier": (set_("parcels.beach.tonnes", 6.001), Rule.PARCEL_MISMATCH),
    "supply sooner": (set_("parcels.beach.available", at(2)), Rule.PARCEL_MISMATCH),
    "no stock": (lambda d: d["parcels"].remove(by_id(d, "parcels", "old-shell")), Rule.PARCEL_UNACCOUNTED),
    "more stock": (set_("parcels.old-shell.tonnes", 3.5), Rule.PARCEL_MISMATCH),
    "stock later": (set_("parcels.old-shell.available", at(1)), Rule.PARCEL_MISMATCH),
    "output missing": (set_("batches.dry-1.outputs", ()), Rule.PARCEL_UNACCOUNTED),
    "output of nothing": (
        set_("batches.sea-1.outputs", ("sea-1-cake", "sea-2-cake")),
        Rule.PARCEL_MISMATCH,
    ),
    "output of two batches": (set_("batches.dry-1.outputs", ("dry-2-dry",)), Rule.PARCEL_UNACCOUNTED),
    "outputs out of order": (set_("batches.grind-1.outputs", ("grind-1-bran", "grind-1-powder")), Rule.PARCEL_MISMATCH),
    "output above its yield": (set_("parcels.grind-3-powder.tonnes", 1.86), Rule.PARCEL_MISMATCH),
    "output older than its batch": (set_("parcels.dry-1-dry.born", at(1)), Rule.PARCEL_MISMATCH),
    "output at another place": (set_("parcels.dry-1-dry.place_id", "works"), Rule.PARCEL_MISMATCH),
    "haul makes younger": (later(("parcels", "mixed-load", "born"), HOUR / 2), Rule.PARCEL_MISMATCH),
    "haul makes older": (later(("parcels", "mixed-load-2", "born"), -HOUR / 2), Rule.PARCEL_MISMATCH),
    "haul brings more": (set_("parcels.mixed-load.tonnes", 4.5), Rule.PARCEL_MISMATCH),
    "haul loses a lot": (set_("hauls.mixed.parcels", ("mixed-load",)), Rule.PARCEL_UNACCOUNTED),
    "haul mixes up its lots": (set_("hauls.mixed.parcels", ("mixed-load-2", "mixed-load")), Rule.PARCEL_MISMATCH),
    "haul brings what nobody gave": (
        set_("hauls.mixed.parcels", ("mixed-load", "mixed-load-2", "beach")),
        Rule.PARCEL_MISMATCH,
    ),
    "haul brings something else": (set_("parcels.mixed-load.material", "cake"), Rule.PARCEL_MISMATCH),
    "haul brings elsewhere": (set_("parcels.mixed-load.place_id", "works"), Rule.PARCEL_MISMATCH),
    "unknown material": (set_("parcels.beach.material", "kelp"), Rule.UNKNOWN_ID),
    "unknown place": (set_("parcels.beach.place_id", "yard"), Rule.UNKNOWN_ID),
    "parcel beyond the horizon": (set_("parcels.blend-3-fertilizer.available", at(25)), Rule.OUTSIDE_HORIZON),
    "drawn before it is there": (shift("batches", "dry-1", -0.5), Rule.DRAWN_EARLY),
    "drawn minutes before it is there": (shift("batches", "dry-1", -0.05), Rule.DRAWN_EARLY),
    "sold before it is made": (sell(2, time=at(6.5)), Rule.DRAWN_EARLY),
    "overdrawn": (draw("hauls", "cake-3", {"barge-3-load": 6.5}), Rule.OVERDRAWN),
    "overdrawn by a gram": (draw("batches", "dry-3", {"press-b-cake": 2.4, "cake-2-load": 3.600002}), Rule.OVERDRAWN),
    "disposed of twice": (lambda d: d["disposals"].append(d["disposals"][0]), Rule.OVERDRAWN),
    "drawn elsewhere": (draw("batches", "dry-1", {"barge-1-load": 6.0}), Rule.WRONG_PLACE),
    "unknown parcel": (draw("batches", "dry-1", {"cake-9-load": 6.0}), Rule.UNKNOWN_ID),
    "batch heavier than its draws": (set_("batches.dry-1.tonnes", 5.5), Rule.TONNES_MISSTATED),
    "haul lighter than its draws": (set_("hauls.mixed.tonnes", 9.999), Rule.TONNES_MISSTATED),
}
ASHORE: dict[str, tuple[Break, Rule]] = {
    "spoils": (drop("disposals", 1), Rule.SPOILT),
    "a kilogram spoils": (set_("disposals.1.draw.tonnes", 2.999), Rule.SPOILT),
    "a gram left without value": (set_("disposals.2.draw.tonnes", 0.209998), Rule.LEFT_OVER),
    "left without value": (drop("disposals", 2), Rule.LEFT_OVER),
    "lies where no store takes it": (set_("parcels.dry-1-dry.material", "cake-like"), Rule.NO_STORE),
    "brought where no store takes it": (set_("hauls.powder.link_id", "mother-pier"), Rule.NO_STORE),
    "store over capacity": (shift("hauls", "barge-1", 1.1), Rule.STORE_OVER_CAPACITY),
    "aged into a full store": (shift("batches", "press-b", 3.5), Rule.STORE_OVER_CAPACITY),
    "batch of another material": (draw("batches", "press-a", {"cake-2-load": 4.0}), Rule.WRONG_MATERIAL),
    "haul of another material": (draw("hauls", "powder", {"grind-1-bran": 0.42}), Rule.WRONG_MATERIAL),
    "sale of another material": (sell(2, draw={"parcel_id": "old-shell", "tonnes": 0.2}), Rule.WRONG_MATERIAL),
    "no such unit": (set_("batches.press-b.unit", 2), Rule.NO_SUCH_UNIT),
    "two batches on a unit": (set_("batches.press-b.unit", 0), Rule.UNIT_TAKEN),
    "unit closed": (shift("batches", "sea-3", 5.2), Rule.UNIT_CLOSED),
    "pressed in harbour": (shift("batches", "sea-3", 8), Rule.PLATFORM_AWAY),
    "pressed between the days": (shift("batches", "sea-3", 6), Rule.PLATFORM_AWAY),
    "fetched from harbour": (shift("hauls", "barge-3", 2.5), Rule.PLATFORM_AWAY),
    "batch cut short": (later(("batches", "dry-5", "end"), -HOUR / 2), Rule.BATCH_DURATION),
    "batch too small": (draw("batches", "blend-1", {"old-powder": 1.2, "old-shell": 0.3}), Rule.BATCH_SIZE),
    "batch too large": (draw("batches", "dry-1", {"cake-1-load": 6.5}), Rule.BATCH_SIZE),
    "share": (draw("batches", "blend-1", {"old-powder": 1.9, "old-shell": 0.6}), Rule.BATCH_SHARES),
    "one input alone": (draw("batches", "blend-1", {"old-shell": 2.5}), Rule.BATCH_SHARES),
    "batch backwards": (later(("batches", "dry-5", "end"), -3 * HOUR), Rule.TIME_ORDER),
    "batch beyond the horizon": (shift("batches", "blend-3", 3), Rule.OUTSIDE_HORIZON),
    "batch twice": (add("batches", "dry-1"), Rule.DUPLICATE_ID),
    "unknown task": (set_("batches.dry-1.task_id", "bake"), Rule.UNKNOWN_ID),
    "task of another place": (set_("batches.dry-1.place_id", "works"), Rule.UNKNOWN_ID),
    "no such vehicle": (set_("hauls.mixed.vehicle", 2), Rule.NO_SUCH_VEHICLE),
    "vehicle away": (set_("hauls.mixed.vehicle", 0), Rule.VEHICLE_AWAY),
    "fleet closed": (shift("hauls", "barge-2", 1.3), Rule.FLEET_CLOSED),
    "haul too fast": (later(("hauls", "mixed", "arrive"), -HOUR / 4), Rule.HAUL_DURATION),
    "haul backwards": (later(("hauls", "mixed", "arrive"), -HOUR), Rule.TIME_ORDER),
    "over the payload": (draw("hauls", "mixed", {"alpha-1": 6.0, "beach": 6.0}), Rule.OVER_PAYLOAD),
    "haul beyond the horizon": (shift("hauls", "powder", 8), Rule.OUTSIDE_HORIZON),
    "haul twice": (add("hauls", "mixed"), Rule.DUPLICATE_ID),
    "unknown link": (set_("hauls.mixed.link_id", "quay-works"), Rule.UNKNOWN_ID),
    "sale after the contract's window": (sell(0, time=at(20.5)), Rule.OUTSIDE_CONTRACT),
    "sale beyond the horizon": (sell(4, time=at(24.5)), Rule.OUTSIDE_HORIZON),
    "too much sold": (sell(4, draw={"parcel_id": "blend-3-fertilizer", "tonnes": 2.5}), Rule.CONTRACT_QUANTITY),
    "too little sold": (lambda d: d.update(sales=d["sales"][:2]), Rule.CONTRACT_QUANTITY),
    "unknown contract": (sell(0, contract_id="gift"), Rule.UNKNOWN_ID),
    "disposal beyond the horizon": (lambda d: d["disposals"][2].update(time=at(25)), Rule.OUTSIDE_HORIZON),
}
BOOKS: dict[str, tuple[Break, Rule]] = {
    "left twice": (lambda d: d.update(left=[*d["left"], *d["left"]]), Rule.DUPLICATE_ID),
    "left tonnes": (set_("left.0.tonnes", 9.0), Rule.LEFT_MISSTATED),
    "left in silence": (set_("left", ()), Rule.LEFT_MISSTATED),
    "left unknown": (set_("left.0.patch_id", "patch-z"), Rule.UNKNOWN_ID),
    "optimal without bound": (lambda d: d.update(bound_cny=None, gap=None, status="optimal"), Rule.STATUS_MISSTATED),
    "objective": (lambda d: d["objective"].update(total_cny=d["objective"]["total_cny"] + 5), Rule.OBJECTIVE_MISSTATED),
    "objective part": (set_("objective.sailing_cny", 0.0), Rule.OBJECTIVE_MISSTATED),
    "disposed of later, as stale": (lambda d: d["disposals"][0].update(time=at(12)), Rule.OBJECTIVE_MISSTATED),
    "platform day not paid": (moor(("mother", 0, "lee"), ("mother", 1, "cape")), Rule.OBJECTIVE_MISSTATED),
    "bound below value": (set_("bound_cny", 80_000.0), Rule.BOUND_BELOW_VALUE),
    "gap": (set_("gap", 0.0), Rule.GAP_MISSTATED),
    "gap without bound": (set_("bound_cny", None), Rule.GAP_MISSTATED),
    "not optimal": (set_("status", "optimal"), Rule.STATUS_MISSTATED),
    "nothing to do": (set_("status", "nothing-to-do"), Rule.STATUS_MISSTATED),
    "wrong hash": (set_("problem_sha256", "f" * 64), Rule.WRONG_PROBLEM),
    "wrong day": (set_("day", "2026-06-19"), Rule.WRONG_PROBLEM),
}
BREAKAGES = {**AT_SEA, **AT_QUAYS, **PARCELS, **ASHORE, **BOOKS}


@pytest.mark.parametrize("name", BREAKAGES)
def test_breakage_is_refused_by_name(name: str) -> None:
    change, rule = BREAKAGES[name]
    violations = check(PROBLEM, broken(change), SHA256)
    named = [violation for violation in violations if violation.rule is rule]
    assert named, sorted({violation.rule for violation in violations})
    for violation in violations:
        assert violation.message.endswith(".")
        assert violation.where


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("two boats at one berth", ()),
        ("two stations a day", (Rule.OBJECTIVE_MISSTATED,)),
        ("two batches on a unit", ()),
        ("no such unit", ()),
        ("fetched from harbour", (Rule.DRAWN_EARLY,)),
        ("vehicle away", ()),
        ("no such vehicle", ()),
        ("spoils", (Rule.OBJECTIVE_MISSTATED,)),
        ("left without value", (Rule.OBJECTIVE_MISSTATED,)),
        ("no supply", ()),
        ("supply twice", (Rule.SPOILT,)),
        ("landing made fresher", ()),
        ("haul makes younger", ()),
        ("sale after the contract's window", ()),
    ],
)
def test_breakage_is_called_nothing_else(name: str, also: tuple[Rule, ...]) -> None:
    change, rule = BREAKAGES[name]
    assert {violation.rule for violation in check(PROBLEM, broken(change), SHA256)} == {rule, *also}


def test_breakages_have_names_of_their_own() -> None:
    assert len(BREAKAGES) == sum(len(part) for part in (AT_SEA, AT_QUAYS, PARCELS, ASHORE, BOOKS))


def test_every_rule_is_broken_once() -> None:
    # Those left need another problem: they have tests of their own, below and in test_check_orders.
    others = {Rule.CROSSES_CLOSED_AREA, Rule.LOCK_BROKEN, Rule.FORBIDDEN_STOP}
    assert {rule for _, rule in BREAKAGES.values()} == set(Rule) - others


def test_closed_area() -> None:
    closed = ((121.99, 36.47), (122.03, 36.47), (122.03, 36.478), (121.99, 36.478), (121.99, 36.47))
    problem = PROBLEM.model_copy(update={"closed_areas": ((closed,),)})
    found = {v.where for v in check(problem, PLAN) if v.rule is Rule.CROSSES_CLOSED_AREA}
    assert found == {f"voyages[{a}].stops[{b}]" for a, b in ((0, 1), (0, 4), (1, 1), (1, 4), (1, 5))}


def test_messages_name_who_value_and_limit() -> None:
    over = next(v for v in check(PROBLEM, broken(overload)) if v.rule is Rule.OVER_CAPACITY)
    assert over.where == "voyages[1].stops[1]"
    assert over.message == "Vessel beta carries 30.000 t, its capacity being 25 t."
    assert str(over.rule) == "over-capacity"
