"""What is under way when a problem starts, as far as it binds the plan: platforms, berths, equipment.

The rules that they obey stand in :mod:`documents.problem`.
"""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from pydantic import Field

from documents.base import Id, Part
from documents.names import check_known

if TYPE_CHECKING:
    from documents.problem import Problem

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
"""By how much what follows one another may overlap: times are rounded."""


class Lying(Part):
    """Where a platform lies on a day that was settled before the start."""

    day: int = Field(ge=0)
    """Index into the platform's days."""
    station: Id


def check_under_way(problem: "Problem") -> None:
    """Raise ValueError where ``problem`` tells of what is under way what cannot be."""
    for platform in problem.platforms:
        stations = [station.id for station in platform.stations]
        check_known("station", stations, [(f"platform {platform.id}", lying.station) for lying in platform.lies])
        for day, times in Counter(lying.day for lying in platform.lies).items():
            if day >= len(platform.days):
                raise ValueError(f"platform {platform.id} lies out on its day {day}, of which it has none such")
            if times > 1:
                raise ValueError(f"platform {platform.id} lies at {times} stations on its day {day}")
    for quay in problem.quays:
        steps = sorted([(held.end - SECOND, -1) for held in quay.held] + [(held.start, 1) for held in quay.held])
        if max(accumulate(step for _, step in steps), default=0) > quay.berths:
            raise ValueError(f"quay {quay.id} has {quay.berths} berths, and more are held at one time")
    for supply in problem.supplies:
        if (supply.time - supply.since - SECOND) / HOUR > _last_life_h(problem, supply.material):
            raise ValueError(f"supply {supply.id} has spoilt before it comes")
    for name, number, free_from in _alike(problem):
        if len(free_from) > number:
            raise ValueError(f"{name} tells {len(free_from)} times from when it is free, for {number} that are alike")


def _last_life_h(problem: "Problem", material: str) -> float:
    """Return up to which age what is born as ``material`` is anything."""
    known = {each.id: each for each in problem.materials}
    spec = known[material]
    while spec.becomes is not None:
        spec = known[spec.becomes]
    return math.inf if spec.shelf_life_h is None else spec.shelf_life_h


def _alike(problem: "Problem") -> Iterator[tuple[str, int, tuple[datetime, ...]]]:
    yield from ((f"fleet {fleet.id}", fleet.number, fleet.free_from) for fleet in problem.fleets)
    for place in problem.places:
        yield from ((f"unit {unit.id} of {place.id}", unit.number, unit.free_from) for unit in place.units)
