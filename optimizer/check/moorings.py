"""Where the platforms lie, and where a call therefore finds its quay."""

from collections.abc import Iterator

from documents.base import LonLat
from documents.plan import Plan, Stop
from documents.problem import PlatformSpec, StationSpec
from optimizer.check.register import Register
from optimizer.check.rules import TIME_H, Rule, Violation


def check_moorings(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check that every mooring names a platform, one of its days and one of its stations, and each day one only."""
    seen: set[tuple[str, int]] = set()
    for i, mooring in enumerate(plan.moorings):
        where, platform = f"moorings[{i}]", register.platforms.get(mooring.platform_id)
        if platform is None:
            yield Violation(Rule.UNKNOWN_ID, where, f"The problem knows no platform {mooring.platform_id}.")
            continue
        if mooring.day >= len(platform.days):
            text = f"Platform {platform.id} has {len(platform.days)} days and none with the index {mooring.day}."
            yield Violation(Rule.UNKNOWN_ID, where, text)
        if mooring.station_id not in {station.id for station in platform.stations}:
            text = f"Platform {platform.id} has no station {mooring.station_id}."
            yield Violation(Rule.UNKNOWN_ID, where, text)
        lies = platform.station_on(mooring.day)
        if lies not in (None, mooring.station_id):
            text = f"Platform {platform.id} lies at {lies} on its day {mooring.day}, not at {mooring.station_id}."
            yield Violation(Rule.MOORED_TWICE, where, text)
        if (platform.id, mooring.day) in seen:
            text = f"Platform {platform.id} is moored more than once on its day {mooring.day}."
            yield Violation(Rule.MOORED_TWICE, where, text)
        seen.add((platform.id, mooring.day))


def day_of(register: Register, platform: PlatformSpec, stop: Stop) -> int | None:
    """Return the day of ``platform`` within which the call ``stop`` lies wholly, to a second; None: there is none."""
    first, last = register.hour(stop.start), register.hour(stop.end)
    for day, window in enumerate(platform.days):
        begin, finish = register.span(window)
        if begin - TIME_H <= first and last <= finish + TIME_H:
            return day
    return None


def is_out(register: Register, plan: Plan, place_id: str, span: tuple[float, float]) -> bool:
    """Say whether ``span`` lies, to a second, within one day on which the platform there lies out; no platform is."""
    platform = register.platforms.get(place_id)
    if platform is None:
        return True
    days = [register.span(window) for window in platform.days]
    return any(
        begin - TIME_H <= span[0] and span[1] <= finish + TIME_H and station_on(plan, platform, day) is not None
        for day, (begin, finish) in enumerate(days)
    )


def station_on(plan: Plan, platform: PlatformSpec, day: int | None) -> StationSpec | None:
    """Return where ``platform`` lies on its ``day``; None where it is in harbour."""
    for mooring in plan.moorings:
        if (mooring.platform_id, mooring.day) == (platform.id, day):
            return next((station for station in platform.stations if station.id == mooring.station_id), None)
    return None


def quay_position(register: Register, plan: Plan, stop: Stop) -> LonLat | None:
    """Return where the quay of the call ``stop`` is at that time; None where it is not known or not out."""
    dock = register.docks.get(stop.quay_id or "")
    if dock is not None:
        return dock.lon, dock.lat
    platform = register.platforms.get(stop.quay_id or "")
    station = None if platform is None else station_on(plan, platform, day_of(register, platform, stop))
    return None if station is None else (station.lon, station.lat)
