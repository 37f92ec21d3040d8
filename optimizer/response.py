"""Voyages that answer to what all others leave: freed shifts fill their time anew, one after the other.

The shore is told by what a tonne of each lot is worth there at present, and the masses of patches by what others leave
of them, so each answer is one sweep. Whatever is found is a set of whole routes that fits together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optimizer.ashore import Ashore
from optimizer.column import Column, column_of
from optimizer.grid import Grid
from optimizer.master import IDLE_CNY
from optimizer.pricing import Prices, Pricing
from optimizer.route import Route, Trip, Visit
from optimizer.stops import LOCKED_T, Wishes
from optimizer.timing import on_the_grid
from optimizer.voyage_kernel import LEAST_T

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BARRED_CNY = 1e8
"""Price of a berth that others hold, and of a station where the platform does not lie."""
SEVERAL = 3
"""Routes that an answer is the best of, once they take no more of a patch than there is in all their visits."""


@dataclass(frozen=True)
class Made:
    """A route with what it adds to the rows of the master program."""

    route: Route
    column: Column
    change_cny: float
    """What it costs that it changes the plan before."""


@dataclass(frozen=True)
class Fleet:
    """Whole routes that fit together, one a shift at most, and where platforms lie."""

    made: Mapping[int, Made]
    """By shift."""
    moorings: frozenset[int]

    @property
    def routes(self) -> list[Route]:
        """Return the routes, by shift."""
        return [self.made[shift].route for shift in sorted(self.made)]


class Responder:
    """Answers for one problem; safe to use from several threads."""

    def __init__(
        self, pricing: Pricing, ashore: Ashore, prices: Prices, wishes: Wishes, before: Sequence[Route] = ()
    ) -> None:
        """``prices`` are those of the bound: what others would give for a patch.

        ``before`` are the voyages of the plan before, which their shifts may always make again.
        """
        self.pricing = pricing.that_keeps(wishes) if wishes.before else pricing
        self.grid, self.ashore, self.prices = pricing.grid, ashore, prices
        self.wishes = wishes
        self._quick = self.pricing.quicker()
        self._before = {self.grid.shift_row[route.outing]: route for route in before}
        self._must_go = {shift for shift, must in enumerate(self.grid.must_go) if must}
        self._number = {lot: c for c, lot in enumerate(ashore.lots)}
        self._berths = np.array([quay.spec.berths for quay in self.grid.quays], np.int64)
        self._outings: list[list[int]] = [[] for _ in self.grid.shifts]
        for outing, shift in enumerate(self.grid.shift_row):
            self._outings[shift].append(outing)

    def fleet(self, routes: Iterable[Route], moorings: Iterable[int]) -> Fleet:
        """Return what fits of ``routes``, each with what those before it leave, and platforms at ``moorings``.

        Those that must go are the first.
        """
        made: dict[int, Made] = {}
        mass, berths = self.left(made)
        moorings = frozenset(moorings)
        for route in sorted(routes, key=lambda route: not self.grid.must_go[self.grid.shift_row[route.outing]]):
            fitting = self._within(route, mass)
            shift = self.grid.shift_row[route.outing]
            if fitting is None or shift in made:
                continue
            candidate = self._made(fitting)
            if self._is_free(candidate, berths, moorings):
                made[shift] = candidate
                self._take(mass, berths, candidate, 1)
        return Fleet(made, moorings)

    def landed_t(self, fleet: Fleet) -> Floats:
        """Return (lots,) what ``fleet`` lands."""
        landed = np.zeros(len(self.ashore.lots))
        for made in fleet.made.values():
            for lot, tonnes in made.column.lot.items():
                landed[self._number[lot]] += tonnes
        return landed

    def afloat_cny(self, fleet: Fleet) -> float:
        """Return what ``fleet`` is worth but for its catch: damage avoided, less sailing and days out.

        What it changes of the plan before, and who must go and does not, have their costs as in the programs.
        """
        called = {mooring for made in fleet.made.values() for mooring in made.column.moorings}
        days = sum(self.grid.day_cny(mooring) for mooring in called)
        changes = self.wishes.all_given_up_cny + sum(made.change_cny for made in fleet.made.values())
        idle = IDLE_CNY * len(self._must_go - fleet.made.keys())
        return -sum(made.column.cost_cny for made in fleet.made.values()) - days - changes - idle

    def value_cny(self, fleet: Fleet) -> float:
        """Return what ``fleet`` is worth, batches and trips in fractions; the planes come to touch it there."""
        return self.afloat_cny(fleet) + self.ashore.worth_cny(self.landed_t(fleet))

    def refill(self, fleet: Fleet, shifts: Sequence[int], eager: Sequence[float]) -> Fleet:
        """Return ``fleet`` with the routes of ``shifts`` made anew, in their order, each paying its share ``eager`` of
        the patches' prices; then once more for all that is left."""
        made = {shift: each for shift, each in fleet.made.items() if shift not in shifts}
        mass, berths = self.left(made)
        _, landed_cny = self.ashore.below(self.landed_t(fleet))
        for shift, share in [*zip(shifts, eager, strict=True), *((shift, 0.0) for shift in shifts)]:
            old = made.pop(shift, None)
            if old is not None:
                self._take(mass, berths, old, -1)
            best = self._answer(shift, mass, berths, share, landed_cny, fleet.moorings)
            if share == 0.0 and old is not None:
                best = old if best is None else max(old, best, key=lambda each: self._earned_cny(each, landed_cny))
            if best is not None:
                made[shift] = best
                self._take(mass, berths, best, 1)
        return Fleet(made, fleet.moorings)

    def _answer(
        self, shift: int, mass: Floats, berths: Ints, share: float, landed_cny: Floats, moorings: frozenset[int]
    ) -> Made | None:
        found = self._candidates(shift, mass, berths, share * self.prices.patch, landed_cny, moorings)
        return max(found, key=lambda each: self._earned_cny(each, landed_cny), default=None)

    def _candidates(
        self, shift: int, mass: Floats, berths: Ints, patch_cny: Floats, landed_cny: Floats, moorings: frozenset[int]
    ) -> list[Made]:
        barred = np.full(self.prices.use.shape, BARRED_CNY)
        barred[:, sorted(moorings)] = 0.0
        prices = replace(
            self.prices,
            patch=patch_cny,
            berth=np.where(berths >= self._berths[:, None], BARRED_CNY, 0.0),
            landed=landed_cny,
            shift=np.where(self.grid.must_go, -np.inf, 0.0),
            use=barred,
        )
        pricing = self.pricing if self.grid.must_go[shift] else self._quick
        there = np.where(mass >= (LOCKED_T if self.grid.must_go[shift] else LEAST_T), mass, 0.0)
        routes = [
            route
            for outing in self._outings[shift]
            for route in pricing.best(outing, prices, SEVERAL, there, moorings).routes
        ]
        if shift in self._before:
            routes.append(self._before[shift])
        found = [self._made(fitting) for route in routes if (fitting := self._within(route, there)) is not None]
        return [
            each
            for each in found
            if each.column.lot.keys() <= self._number.keys()  # ages are told roughly
            and self._is_free(each, berths, moorings)  # what is fitted to locks strays from the clock
        ]

    def _is_free(self, made: Made, berths: Ints, moorings: frozenset[int]) -> bool:
        """Return whether there are berths for ``made``, and platforms where it calls."""
        free = all(berths[at] < self._berths[at[0]] for at in made.column.berth)
        return free and made.column.moorings <= moorings

    def _made(self, route: Route) -> Made:
        column = column_of(self.grid, self.pricing.network, route)
        return Made(route, column, self.wishes.change_cost_cny(route))

    def _within(self, route: Route, mass_t: Floats) -> Route | None:
        """Return ``route`` taking no more than ``mass_t``; None if nothing, or if that breaks a lock."""
        fitting = within(self.grid, route, mass_t)
        if fitting is None or not self.grid.must_go[self.grid.shift_row[route.outing]]:
            return fitting
        return None if self.wishes.unkept(on_the_grid(self.grid, fitting)) else fitting

    def _earned_cny(self, made: Made, landed_cny: Floats) -> float:
        landed = sum(tonnes * landed_cny[self._number[lot]] for lot, tonnes in made.column.lot.items())
        return float(landed) - made.column.cost_cny - made.change_cny

    def left(self, made: Mapping[int, Made]) -> tuple[Floats, Ints]:
        """Return (P,) what ``made`` leave of the patches, at sensing time, and (Q, S) how many berths they hold."""
        mass = self.pricing.mass_t.copy()
        berths = self.grid.held.copy()
        for each in made.values():
            self._take(mass, berths, each, 1)
        return mass, berths

    def _take(self, mass: Floats, berths: Ints, made: Made, sign: int) -> None:
        for trip in made.route.trips:
            berths[trip.quay, trip.first : trip.last] += sign
        for patch, used in made.column.patch.items():
            mass[patch] -= sign * used


def within(grid: Grid, route: Route, mass_t: Floats) -> Route | None:
    """Return ``route`` taking no more than ``mass_t`` (P,), told at sensing time, of any patch; None if nothing."""
    left: dict[int, float] = {}
    trips: list[Trip] = []
    for trip in route.trips:
        visits: list[Visit] = []
        for visit in trip.visits:
            there = max(left.get(visit.patch, float(mass_t[visit.patch])), 0.0)
            use = grid.use_per_t[visit.patch, list(visit.steps)]
            used = np.cumsum(use * np.array(visit.tonnes))
            left[visit.patch] = max(there - float(used[-1]), 0.0)
            if used[-1] <= there:
                visits.append(visit)
                continue
            tonnes = np.clip((there - used) / use + visit.tonnes, 0.0, visit.tonnes)
            kept = [(step, float(t)) for step, t in zip(visit.steps, tonnes, strict=True) if t > 0.0]
            if kept:
                steps, amounts = zip(*kept, strict=True)
                visits.append(replace(visit, steps=steps, tonnes=amounts))
        if visits:
            trips.append(replace(trip, visits=tuple(visits)))
    if not trips:
        return None
    return replace(route, trips=tuple(trips))


def near(grid: Grid, fleet: Fleet, rng: np.random.Generator, size: int) -> list[int]:
    """Return a shift and those whose boats work at the same patches, in a random order; the idle ones by chance."""
    shifts = len(grid.shifts)
    tonnes = np.zeros((shifts, len(grid.problem.patches)))
    for shift, made in fleet.made.items():
        tonnes[shift, [*made.column.patch]] = [*made.column.patch.values()]
    seed = int(rng.integers(shifts))
    shared = np.minimum(tonnes, tonnes[seed]).sum(axis=1)
    nearness = shared / max(shared.max(), 1.0) + rng.uniform(0.0, 0.7, shifts)
    nearness[seed] = np.inf
    chosen = np.argsort(-nearness, kind="stable")[: min(size, shifts)]
    return [int(shift) for shift in rng.permutation(chosen)]
