"""The stops of a voyage one by one, and what the dispatchers wish of them: locks, and the plan before."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.changes import MOVED_H, Stop, stop_name, unchanged
from documents.orders import Lock, LockedStop
from documents.plan import StopKind
from optimizer.clock import TINY_H, span_of
from optimizer.grid import Grid
from optimizer.route import Route
from optimizer.timing import TimedRoute, on_the_grid

Floats = npt.NDArray[np.float64]
CALL = -1
"""In place of the number of a visit: the call that ends the trip."""
MISSED_CNY_PER_H = 1e6
"""What it costs in the program to miss the window of a lock: far more than any time is worth."""
LOCKED_T = 0.2
"""示例. What a visit that is locked takes at least."""
MARGIN_H, MARGIN_SHARE = 30 / 3600, 0.25
"""By how much, and by which share of its length at most, a lock's window is told narrower: boats come a little later as
patches drift on."""
KEPT_H = MOVED_H - MARGIN_H
"""By how much a stop of the plan before may move, and is told to be the same."""
LATER_H = 1 / 60
"""示例. By so much beyond that costs a change in the program, in which it costs more the further it moves."""
SAME_H = 2 / 3600
"""A window is met to a second, and times are whole seconds."""
Place = tuple[int, int]
"""Trip, and the number of the visit or CALL."""


@dataclass(frozen=True)
class Wish:
    """When a stop should start, hours from the problem's start, and what an hour off costs."""

    first_h: float
    last_h: float
    cny_per_h: float

    def off_h(self, hour: float) -> float:
        """Return by how much ``hour`` misses it."""
        return max(self.first_h - hour, hour - self.last_h, 0.0)


def stops_of(grid: Grid, route: TimedRoute) -> list[tuple[Place, Stop]]:
    """Return every stop of ``route`` with its place in it, in order."""
    return list(_stops_of(grid, route))


def _stops_of(grid: Grid, route: TimedRoute) -> Iterator[tuple[Place, Stop]]:
    for t, trip in enumerate(route.trips):
        for v, visit in enumerate(trip.visits):
            patch = grid.problem.patches[visit.patch].id
            yield (t, v), (stop_name(StopKind.COLLECT, patch), visit.start_s / 3600)
        quay = grid.quays[trip.call.quay].spec.id
        yield (t, CALL), (stop_name(StopKind.UNLOAD, quay), trip.call.start_s / 3600)


class Wishes:
    """What is wished of every shift; ``before`` are the stops of the plan before, by shift."""

    def __init__(self, grid: Grid, before: Mapping[int, Sequence[Stop]]) -> None:
        self.grid, self.before = grid, before
        problem = grid.problem
        self.change_cny = problem.orders.change_cost_cny
        self.locks = [
            [lock for lock in problem.orders.of(problem.vessels[v].id, shift) if lock.stops] for v, shift in grid.shifts
        ]
        """By shift."""

    def narrowed(self, shift: int, locks: Sequence[Lock]) -> "Wishes":
        """Return these wishes with ``locks`` alone of those of a shift."""
        found = copy.copy(self)
        found.locks = [list(locks) if k == shift else own for k, own in enumerate(self.locks)]
        return found

    @property
    def all_given_up_cny(self) -> float:
        """Return what it costs to keep no stop of the plan before."""
        return self.change_cny * sum(map(len, self.before.values()))

    def change_cost_cny(self, route: Route) -> float:
        """Return what the changes of ``route`` cost, beyond giving up all stops of its shift."""
        return self.changes_cny(on_the_grid(self.grid, route)) if self.before else 0.0

    def changes_cny(self, route: TimedRoute) -> float:
        """Return the same of a route to the second."""
        if not self.before:
            return 0.0
        stops = [stop for _, stop in stops_of(self.grid, route)]
        kept = unchanged(self.before.get(self.grid.shift_row[route.outing], ()), stops)
        return self.change_cny * (len(stops) - 2 * len(kept))

    def starts_cny(self, shift: int) -> tuple[Floats, Floats]:
        """Return (P, S) and (Q, S) what it is worth that a stop of a shift begins in a step, beyond what it earns.

        Each costs a change; one of the plan before saves two.
        """
        grid, problem = self.grid, self.grid.problem
        names = [stop_name(StopKind.COLLECT, patch.id) for patch in problem.patches]
        names += [stop_name(StopKind.UNLOAD, quay.spec.id) for quay in grid.quays]
        hours = np.arange(grid.steps) * grid.step_h
        worth = np.full((len(names), grid.steps), -self.change_cny if self.before else 0.0)
        for name, hour in self.before.get(shift, ()):
            here = np.array([name == each for each in names])
            worth[np.ix_(here, np.abs(hours - hour) <= MOVED_H + TINY_H)] = self.change_cny
        return worth[: len(problem.patches)], worth[len(problem.patches) :]

    def of(self, route: TimedRoute) -> list[tuple[Place, Wish]]:
        """Return all wishes of the stops of ``route``; where they clash, that of a lock is stronger."""
        stops = stops_of(self.grid, route)
        shift = self.grid.shift_row[route.outing]
        before = self.before.get(shift, ())
        found: list[tuple[Place, Wish]] = []
        for old, new in unchanged(before, [stop for _, stop in stops]):
            hour = before[old][1]
            found.append((stops[new][0], Wish(hour - KEPT_H, hour + KEPT_H, self.change_cny / LATER_H)))
        for lock in self.locks[shift]:
            found += self._nearest(lock, stops)
        return found

    def locked(self, route: TimedRoute) -> set[Place]:
        """Return the visits that must take something: those that are locked, and one for every call that is."""
        stops = stops_of(self.grid, route)
        places = {
            place for lock in self.locks[self.grid.shift_row[route.outing]] for place, _ in self._nearest(lock, stops)
        }
        return {(t, max(v, 0)) for t, v in places}

    def unkept(self, route: TimedRoute) -> list[Lock]:
        """Return the locks of its shift that ``route`` does not keep."""
        stops = stops_of(self.grid, route)
        return [lock for lock in self.locks[self.grid.shift_row[route.outing]] if not self._keeps(lock, stops)]

    def _keeps(self, lock: Lock, stops: Sequence[tuple[Place, Stop]]) -> bool:
        hours = {place: hour for place, (_, hour) in stops}
        run = self._nearest(lock, stops)
        spans = [span_of(self.grid.problem, locked.window) for locked in lock.stops]
        return len(run) == len(spans) and all(
            start_h - SAME_H <= hours[place] <= end_h + SAME_H
            for (place, _), (start_h, end_h) in zip(run, spans, strict=True)
        )

    def _nearest(self, lock: Lock, stops: Sequence[tuple[Place, Stop]]) -> list[tuple[Place, Wish]]:
        """Return the stops that are those of ``lock``, or come nearest to it in time; none where none are."""
        wishes = [self._wish(locked) for locked in lock.stops]
        names = [_name(locked) for locked in lock.stops]
        number = len(names)
        best: list[tuple[Place, Wish]] = []
        least_h = float("inf")
        for first in range(len(stops) - number + 1 if not lock.whole or len(stops) == number else 0):
            run = stops[first : first + number]
            if [name for _, (name, _) in run] == names:
                off_h = sum(wish.off_h(hour) for wish, (_, (_, hour)) in zip(wishes, run, strict=True))
                if off_h < least_h:
                    best, least_h = [(place, wish) for (place, _), wish in zip(run, wishes, strict=True)], off_h
        return best

    def _wish(self, locked: LockedStop) -> Wish:
        start_h, end_h = span_of(self.grid.problem, locked.window)
        margin_h = min(MARGIN_H, MARGIN_SHARE * (end_h - start_h))
        return Wish(start_h + margin_h, end_h - margin_h, MISSED_CNY_PER_H)


def _name(locked: LockedStop) -> str:
    kind = StopKind.COLLECT if locked.patch is not None else StopKind.UNLOAD
    return stop_name(kind, locked.patch or locked.quay)
