"""Where the platforms lie."""

from dataclasses import dataclass
from datetime import datetime

from documents.base import Id, Window
from documents.problem import PlatformSpec, StationSpec
from service.papers.day import Day


@dataclass(frozen=True)
class Moored:
    """One of a platform's days."""

    platform: PlatformSpec
    window: Window
    station: StationSpec | None
    """None: it stays in harbour."""


def moored(day: Day) -> list[Moored]:
    """Return all days of all platforms; none where there is no plan."""
    if day.plan is None:
        return []
    chosen = {(mooring.platform_id, mooring.day): mooring.station_id for mooring in day.plan.moorings}
    stations = {(p.id, station.id): station for p in day.problem.platforms for station in p.stations}
    return [
        Moored(platform, window, stations.get((platform.id, chosen.get((platform.id, index), ""))))
        for platform in day.problem.platforms
        for index, window in enumerate(platform.days)
    ]


def station_at(day: Day, platform: Id, moment: datetime) -> StationSpec | None:
    """Return where ``platform`` lies at ``moment``; None where it is in harbour or between two of its days."""
    days = [
        each for each in moored(day) if each.platform.id == platform and each.window.start <= moment <= each.window.end
    ]
    return max(days, key=lambda each: each.window.start).station if days else None


def quay_name(day: Day, quay: Id, moment: datetime) -> str:
    """Return the name of a dock, or of a platform with its station at ``moment``."""
    names = {each.id: each.name for each in day.problem.quays}
    station = station_at(day, quay, moment)
    return names[quay] if station is None else f"{names[quay]}（泊于{station.name}）"
