"""Which whole routes fit beside one another: who holds which berth when, and where platforms lie."""

from collections.abc import Iterable

from optimizer.column import moorings_of
from optimizer.grid import Grid
from optimizer.route import Route


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
