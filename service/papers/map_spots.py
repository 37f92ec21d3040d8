"""Docks, platforms and plants on a map panel."""

from dataclasses import dataclass
from enum import Enum

from matplotlib.axes import Axes

from service.papers.day import Day
from service.papers.map_frame import Panel
from service.papers.moorings import moored
from service.papers.words import short_day


class SpotKind(Enum):
    """What a spot is."""

    DOCK = "码头"
    PLATFORM = "平台（计划站位及日期）"
    PLANT = "加工厂"


@dataclass(frozen=True)
class Sign:
    """How a spot is marked."""

    marker: str
    size: float
    """Points."""
    colour: str


SIGNS = {
    SpotKind.DOCK: Sign("s", 8.0, "#0b3d91"),
    SpotKind.PLATFORM: Sign("p", 13.0, "#0b3d91"),
    SpotKind.PLANT: Sign("^", 9.0, "#5b2a86"),
}


@dataclass(frozen=True)
class Spot:
    """A dock, a plant, or a station at which a platform lies on some day of the plan."""

    kind: SpotKind
    name: str
    lon: float
    lat: float

    @property
    def sign(self) -> Sign:
        """Return how it is marked."""
        return SIGNS[self.kind]


def spots(day: Day) -> list[Spot]:
    """Return what boats and vehicles go to: docks, then platforms where they lie, then plants."""
    docks = [Spot(SpotKind.DOCK, f"{d.name}{day.marks.place(d.id)}", d.lon, d.lat) for d in day.problem.docks]
    plants = [
        Spot(SpotKind.PLANT, f"{plant.name}{day.marks.place(plant.id)}", plant.lon, plant.lat)
        for plant in day.plants
        if plant.lon is not None and plant.lat is not None
    ]
    return [*docks, *_stations(day), *plants]


def _stations(day: Day) -> list[Spot]:
    """Return the stations used, each once, with the days on which a platform lies there."""
    found: dict[tuple[str, str], tuple[str, float, float]] = {}
    days: dict[tuple[str, str], list[str]] = {}
    for each in moored(day):
        if each.station is not None:
            key = (each.platform.id, each.station.id)
            name = f"{each.platform.name}{day.marks.place(each.platform.id)}\n泊于{each.station.name}"
            found[key] = (name, each.station.lon, each.station.lat)
            days.setdefault(key, []).append(short_day(each.window.start))
    return [
        Spot(SpotKind.PLATFORM, f"{name}　{'、'.join(days[key])}", lon, lat) for key, (name, lon, lat) in found.items()
    ]


def draw_spots(axes: Axes, panel: Panel, day: Day) -> None:
    """Draw the docks, stations and plants that lie on the panel."""
    for spot in spots(day):
        if panel.shows(spot.lon, spot.lat):
            x, y = panel.point(spot.lon, spot.lat)
            sign = spot.sign
            axes.plot(x, y, sign.marker, ms=sign.size, color=sign.colour, markeredgecolor="white", mew=1.0, zorder=8)
