"""Voyages that answer to what all others leave: freed shifts fill their time anew, one after the other.

The shore is told by the prices of what is landed, as the relaxation has them, and the masses of patches by what others
leave of them, so each answer is one sweep. Whatever is found here is a set of whole routes; its true value is the
master program's to tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optimizer.column import column_of, moorings_of, use
from optimizer.grid import Grid
from optimizer.pricing import Prices, Pricing
from optimizer.route import Route

Floats = npt.NDArray[np.float64]

BARRED_CNY = 1e8
"""Price of a berth that others hold, and of a station where the platform does not lie."""
EAGER = (0.0, 0.5, 0.8, 1.0)
"""Shares of the patches' prices that an answer may be told to pay, so that it leaves what others need."""


@dataclass(frozen=True)
class Fleet:
    """Whole routes, one a shift at most, and what they earn at the prices of what is landed."""

    routes: Mapping[int, Route]
    """By shift."""
    earned_cny: Mapping[int, float]

    @property
    def value_cny(self) -> float:
        """Return what all routes earn."""
        return sum(self.earned_cny.values())


class Responder:
    """Answers at given prices; safe to use from several threads."""

    def __init__(self, pricing: Pricing, prices: Prices, moorings: Iterable[int]) -> None:
        """``moorings`` are where the platforms lie."""
        self.pricing, self.grid, self.prices = pricing, pricing.grid, prices
        self.moorings = frozenset(moorings)
        self._outings: list[list[int]] = [[] for _ in self.grid.shifts]
        for outing, shift in enumerate(self.grid.shift_row):
            self._outings[shift].append(outing)

    def fleet(self, routes: Iterable[Route]) -> Fleet:
        """Return ``routes`` as a fleet."""
        by_shift = {self.grid.shift_row[route.outing]: route for route in routes}
        return Fleet(by_shift, {shift: self.earned_cny(route) for shift, route in by_shift.items()})

    def earned_cny(self, route: Route) -> float:
        """Return what ``route`` earns: damage avoided and what it lands at its prices, less sailing."""
        column = column_of(self.grid, self.pricing.network, route)
        landed = sum(tonnes * self.pricing.landed_cny(lot, self.prices) for lot, tonnes in column.lot.items())
        return landed - column.cost_cny

    def refill(self, fleet: Fleet, shifts: Sequence[int], eager: Sequence[float]) -> Fleet:
        """Return ``fleet`` with the routes of ``shifts`` made anew, in their order, each paying its share ``eager`` of
        the patches' prices; then once more for all that is left."""
        routes, earned = dict(fleet.routes), dict(fleet.earned_cny)
        for shift in shifts:
            routes.pop(shift, None)
            earned.pop(shift, None)
        mass, berths = self._left(routes)
        for shift, share in [*zip(shifts, eager, strict=True), *((shift, 0.0) for shift in shifts)]:
            old = routes.pop(shift, None)
            if old is not None:
                self._take(mass, berths, old, -1.0)
            new = self._answer(shift, mass, berths, share)
            if share == 0.0 and old is not None and (new is None or self.earned_cny(new) <= earned[shift]):
                new = old
            earned.pop(shift, None)
            if new is not None:
                routes[shift], earned[shift] = new, self.earned_cny(new)
                self._take(mass, berths, new, 1.0)
        return Fleet(routes, earned)

    def _answer(self, shift: int, mass: Floats, berths: npt.NDArray[np.int64], share: float) -> Route | None:
        grid = self.grid
        full = berths >= np.array([quay.spec.berths for quay in grid.quays])[:, None]
        barred = np.full(self.prices.use.shape, BARRED_CNY)
        barred[:, sorted(self.moorings)] = 0.0
        prices = replace(
            self.prices,
            patch=share * self.prices.patch,
            berth=np.where(full, BARRED_CNY, 0.0),
            shift=np.where(grid.must_go, -np.inf, 0.0),
            use=barred,
        )
        found: list[Route] = []
        for outing in self._outings[shift]:
            found += self.pricing.best(outing, prices, 1, np.maximum(mass, 0.0), moorings=self.moorings).routes
        return max(found, key=self.earned_cny, default=None)

    def _left(self, routes: Mapping[int, Route]) -> tuple[Floats, npt.NDArray[np.int64]]:
        mass = self.pricing.mass_t.copy()
        berths = np.zeros((len(self.grid.quays), self.grid.steps), dtype=np.int64)
        for route in routes.values():
            self._take(mass, berths, route, 1.0)
        return mass, berths

    def _take(self, mass: Floats, berths: npt.NDArray[np.int64], route: Route, sign: float) -> None:
        for trip in route.trips:
            berths[trip.quay, trip.first : trip.last] += int(sign)
            for visit in trip.visits:
                mass[visit.patch] -= sign * use(self.grid, visit) * visit.total_t


class Berths:
    """Who holds which berth when, and where platforms lie, for whole routes."""

    def __init__(self, grid: Grid, routes: Iterable[Route]) -> None:
        self.grid = grid
        self.taken = np.zeros((len(grid.quays), grid.steps), dtype=np.int64)
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


def near(grid: Grid, routes: Iterable[Route], rng: np.random.Generator, size: int) -> list[int]:
    """Return a shift and those whose boats work at the same patches, in a random order; the idle ones by chance."""
    shifts = len(grid.shifts)
    tonnes = np.zeros((shifts, len(grid.problem.patches)))
    for route in routes:
        for visit in route.visits:
            tonnes[grid.shift_row[route.outing], visit.patch] += visit.total_t
    seed = int(rng.integers(shifts))
    shared = np.minimum(tonnes, tonnes[seed]).sum(axis=1)
    nearness = shared / max(shared.max(), 1.0) + rng.uniform(0.0, 0.7, shifts)
    nearness[seed] = np.inf
    chosen = np.argsort(-nearness, kind="stable")[: min(size, shifts)]
    return [int(shift) for shift in rng.permutation(chosen)]
