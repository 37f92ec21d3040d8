"""Which whole routes fit beside one another: who holds which berth when, and where platforms lie."""

from collections.abc import Iterable, Sequence

from optimizer.column import moorings_of
from optimizer.grid import Grid
from optimizer.route import Route
from optimizer.timing import TimedRoute


class Berths:
    """What whole routes take."""

    def __init__(self, grid: Grid, routes: Iterable[Route]) -> None:
        self.grid = grid
        self.taken = grid.held.copy()
        self.moorings: set[int] = set()
        for route in routes:
            self._add(route)

    def admit(self, route: Route) -> bool:
        """Add ``route`` where it fits beside the others; return whether it does."""
        for trip in route.trips:
            most = self.grid.quays[trip.quay].spec.berths
            if (self.taken[trip.quay, trip.first : trip.last] >= most).any():
                return False
        days = {(at.platform, at.day): m for m in self.moorings for at in [self.grid.moorings[m]]}
        for m in moorings_of(self.grid, route):
            at = self.grid.moorings[m]
            if days.get((at.platform, at.day), m) != m:
                return False
        self._add(route)
        return True

    def _add(self, route: Route) -> None:
        for trip in route.trips:
            self.taken[trip.quay, trip.first : trip.last] += 1
        self.moorings |= moorings_of(self.grid, route)


def berthed(grid: Grid, routes: Sequence[TimedRoute]) -> list[TimedRoute]:
    """Return those of ``routes``, in their order, whose calls find a berth to the second; who must go is the first."""
    kept: list[TimedRoute] = []
    for route in sorted(routes, key=lambda each: not grid.must_go[grid.shift_row[each.outing]]):
        if _fit(grid, [*kept, route]):
            kept.append(route)
    return [route for route in routes if route in kept]


def _fit(grid: Grid, routes: Sequence[TimedRoute]) -> bool:
    # Of two changes at one moment the end of a call comes first.
    changes = sorted(
        (second, more, trip.call.quay)
        for route in routes
        for trip in route.trips
        for second, more in ((trip.call.start_s, 1), (trip.call.end_s, -1))
    )
    there = [0] * len(grid.quays)
    for _, more, quay in changes:
        there[quay] += more
        if there[quay] > grid.quays[quay].spec.berths:
            return False
    return True
