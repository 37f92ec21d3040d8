"""What is under way when a problem starts: boats at sea, a platform that lies out; berths and equipment.

The rules that they obey stand in :mod:`documents.problem`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from documents.base import Id, Part, UtcTime
from documents.names import check_known

if TYPE_CHECKING:
    from documents.problem import Problem

SECOND = timedelta(seconds=1)
"""Windows that follow one another may overlap by so much: times are rounded."""
LOADED_T = 0.01
"""By how much a load on board may exceed the capacity: tonnes collected are rounded to kilograms, visit by visit."""


class UnderWay(Part):
    """Where a vessel goes on that is out at the start."""

    shift: int = Field(ge=0)
    """Index into the vessel's shifts."""
    free: UtcTime
    """When it has done what it is about, and may be told what is next."""
    lon: float
    """Position then."""
    lat: float
    load_t: float = Field(default=0.0, ge=0)
    """On board then."""
    collected: UtcTime | None = None
    """When that was first collected; None: the hold is empty."""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.collected is None and self.load_t > 0:
            raise ValueError(f"{self.load_t:g} t are on board, and nothing says when they were collected")
        if self.collected is not None and self.collected > self.free:
            raise ValueError("what is on board was collected after the vessel is free")
        return self


class Lying(Part):
    """Where a platform lies on a day that was settled before the start."""

    day: int = Field(ge=0)
    """Index into the platform's days."""
    station: Id


def check_under_way(problem: "Problem") -> None:
    """Raise ValueError where ``problem`` tells of what is under way what cannot be."""
    end = problem.start + timedelta(hours=problem.horizon_h)
    for vessel in problem.vessels:
        at = vessel.under_way
        if at is None:
            continue
        if at.shift >= len(vessel.shifts):
            raise ValueError(f"vessel {vessel.id} is under way in its shift {at.shift}, of which it has none such")
        if not problem.start <= at.free <= min(end, vessel.shifts[at.shift].end):
            raise ValueError(f"vessel {vessel.id} is under way, and free outside the horizon or its shift")
        if at.load_t > vessel.capacity_t + LOADED_T:
            raise ValueError(f"vessel {vessel.id} has {at.load_t:g} t on board and carries {vessel.capacity_t:g} t")
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
    for name, number, free_from in _alike(problem):
        if len(free_from) > number:
            raise ValueError(f"{name} tells {len(free_from)} times from when it is free, for {number} that are alike")


def _alike(problem: "Problem") -> Iterator[tuple[str, int, tuple[datetime, ...]]]:
    yield from ((f"fleet {fleet.id}", fleet.number, fleet.free_from) for fleet in problem.fleets)
    for place in problem.places:
        yield from ((f"unit {unit.id} of {place.id}", unit.number, unit.free_from) for unit in place.units)
