"""What is done aboard platforms, and brought to them and from them: on the days that they lie out, and only then.

With tasks w of a platform's place, links l to it or from it, days y, moorings m:

    batch w,t:  n_{w,t} ≤ number · Σ_{m on y} out_m,     y the day within which the batch lies
    trip l,t:   trips_{l,t} ≤ number · Σ_{m on y} out_m,  y the day within which it leaves, or arrives

These rows stand for a clock against the plan; an optimistic network does without.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.shore import Flows
from optimizer.timing import TimedRoute


class Day(NamedTuple):
    """A day of a platform, by their indices."""

    platform: int
    day: int


class Tied(NamedTuple):
    """A count of batches or trips, at most ``most``, that is none unless the platform lies out on one of ``days``."""

    variable: Any
    most: float
    days: tuple[Day, ...]


def tied(network: Network, flows: Flows) -> Iterator[Tied]:
    """Yield every count of ``flows`` that a platform must lie out for."""
    for (w, moment), count in flows.batches.items():
        work, begins_h = network.works[w], moment * network.step_h
        yield from _tied(network, work.place, (begins_h, begins_h + work.spec.hours), count)
    for (number, moment), count in flows.trips.items():
        way, leaves_h = network.ways[number], moment * network.step_h
        yield from _tied(network, way.origin, (leaves_h, leaves_h), count)
        yield from _tied(network, way.target, (leaves_h + way.spec.hours, leaves_h + way.spec.hours), count)


def _tied(network: Network, place: int, span: tuple[float, float], count: Any) -> Iterator[Tied]:
    platform = network.platform_at(place)
    if platform is not None:
        yield Tied(count, count.upBound, tuple(Day(platform, day) for day in network.days_around(place, *span)))


def called(grid: Grid, routes: Sequence[TimedRoute]) -> set[int]:
    """Return the moorings that ``routes`` call at."""
    calls = (trip.planned for route in routes for trip in route.trips)
    found = (grid.mooring_at(call.quay, call.first) for call in calls)
    return {mooring for mooring in found if mooring is not None}


def day_at(grid: Grid, mooring: int) -> Day:
    """Return the day of a mooring."""
    return Day(grid.moorings[mooring].platform, grid.moorings[mooring].day)
