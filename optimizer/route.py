"""What the pricing finds and the master program chooses from: the whole voyage of one vessel in one shift."""

from dataclasses import dataclass

LEAST_T = 1e-3
"""A load is never quite empty."""


@dataclass(frozen=True)
class Visit:
    """Collecting at one patch, in some of the steps ``first`` … ``last - 1``."""

    patch: int
    steps: tuple[int, ...]
    """Steps in which the vessel collects, in order."""
    tonnes: tuple[float, ...]
    """At most collected in each of them."""
    span_s: tuple[int, int] | None = None
    """From when to when it collects, where that is known to the second; its steps are those that this touches."""

    @property
    def first(self) -> int:
        """Return the first step of collecting."""
        return self.steps[0]

    @property
    def last(self) -> int:
        """Return the moment at which the vessel leaves: the end of the last step of collecting."""
        return self.steps[-1] + 1

    @property
    def total_t(self) -> float:
        """Return what the visit collects at most."""
        return sum(self.tonnes)


@dataclass(frozen=True)
class Trip:
    """Visits, then a call at a quay that occupies a berth from step ``first`` to moment ``last``."""

    visits: tuple[Visit, ...]
    quay: int
    first: int
    last: int
    span_s: tuple[int, int] | None = None
    """From when to when the call lasts, where that is known to the second; the berth is told by its end."""

    @property
    def total_t(self) -> float:
        """Return what the call lands at most."""
        return sum(visit.total_t for visit in self.visits)

    @property
    def oldest(self) -> int:
        """Return the step in which collecting begins."""
        return self.visits[0].first


@dataclass(frozen=True)
class Route:
    """One voyage on the quarter-hour clock."""

    outing: int
    """Index into the grid's outings."""
    trips: tuple[Trip, ...]
    sailing_cny: float
    """Hours out and miles."""

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Return all visits in order."""
        return tuple(visit for trip in self.trips for visit in trip.visits)
