"""A fleet in its own time: what the clock rounds away is regained, and filled.

Voyages become rows of stops, sailed as soon as they can be, and are annealed by small changes
(:mod:`optimizer.voyage_anneal`): half a million a second, where an exact answer of a whole shift takes milliseconds.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from optimizer.allotment import SPARE_T
from optimizer.anneal import cooled_cny
from optimizer.clock import span_of
from optimizer.column import lot_of
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.pricing import Pricing
from optimizer.response import Fleet, Responder
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.timing import TimedCall, TimedRoute, TimedTrip, TimedVisit, on_the_grid
from optimizer.to_the_second import route_of
from optimizer.voyage_chains import Chains, Held, Setting
from optimizer.voyage_kernel import Voyages, enter
from optimizer.voyage_tables import boats_of, quays_of, waters_of

ROUNDS = 2
"""To one of work."""
TOLD = 1e-4
"""What is better by this share is told."""
LONGEST = 40
"""Stops of a voyage, at least as many as it has."""


class OwnTime:
    """Anneals fleets of one problem, told one shore."""

    def __init__(self, rough: Pricing, responder: Responder, sea: Sea, effort: Effort, say: Callable[[str], None]):
        """Ways are those of ``rough``; fleets are of the clock of ``responder``."""
        self.rough, self.responder, self.sea, self.effort, self.say = rough, responder, sea, effort, say
        self.grid, self.ashore = responder.grid, responder.ashore
        self.waters = waters_of(rough, self.grid, self.ashore.lots, responder.wishes)

    def run(self, start: Fleet, warmth: tuple[float, float], until: float) -> Fleet:
        """Return a fleet worth no less than ``start``, by a share ``until`` of the time.

        ``warmth`` is what a step may lose at first and at last, relative to what a shift is worth in the mean.
        """
        movable = np.array([k for k, must_go in enumerate(self.grid.must_go) if not must_go], np.int64)
        if not len(movable) or not len(self.grid.problem.patches):
            return start
        outings = self._outings(start)
        told = self._told(start)
        quays = quays_of(self.grid, start.moorings)
        boats = boats_of(self.rough, self.grid, [self.grid.outings[number] for number in outings])
        value_cny = self.responder.value_cny(start)
        self.say(f"At first: {value_cny:,.0f} CNY")
        seed = self.grid.problem.seed, self.grid.per_h
        setting = Setting(self.waters, quays, boats, movable, lambda each: _held(each, self.grid), seed)
        chains = Chains(setting, self.ashore, told)
        rest_cny = value_cny - chains.best_cny  # of what is given up of the plan before
        said_cny = value_cny
        for _ in chains.run(self._warmths_cny(chains, rest_cny, warmth, until)):
            if chains.best_cny + rest_cny - said_cny > TOLD * abs(said_cny):
                said_cny = chains.best_cny + rest_cny
                self.say(f"In their own time: {said_cny:,.0f} CNY")
        self.say(f"In their own time: {chains.best_cny + rest_cny:,.0f} CNY at last")
        fleet = self.responder.fleet(self._routes(chains.best, told, outings, start), start.moorings)
        return max(start, fleet, key=self.responder.value_cny)

    def _warmths_cny(
        self, chains: Chains, rest_cny: float, warmth: tuple[float, float], until: float
    ) -> Iterator[float]:
        begins = self.effort.spent_s / self.effort.limit_s
        rounds = ROUNDS * self.effort.work
        for number in range(rounds):
            if self.effort.left_s(until) <= 0.0:
                break
            done = max(number / rounds, self.effort.done(begins, until))
            yield cooled_cny((chains.best_cny + rest_cny) / len(self.grid.shifts), warmth, done)

    def _outings(self, fleet: Fleet) -> list[int]:
        """Return in which outing the voyage of every shift is made, or would be: the longest."""
        grid = self.grid
        longest: dict[int, int] = {}
        for number, shift in enumerate(grid.shift_row):
            span = grid.outings[number].end_h - grid.outings[number].start_h
            best = grid.outings[longest.setdefault(shift, number)]
            if span > best.end_h - best.start_h:
                longest[shift] = number
        made = {shift: each.route.outing for shift, each in fleet.made.items()}
        return [made.get(shift, longest[shift]) for shift in range(len(grid.shifts))]

    def _told(self, fleet: Fleet) -> Voyages:
        """Return the voyages of ``fleet`` at the times of the clock."""
        grid, network = self.grid, self.rough.network
        number_of = {lot: number for number, lot in enumerate(self.ashore.lots)}
        rows: dict[int, list[tuple[int, float, float, float, int]]] = {}
        for shift, made in fleet.made.items():
            rows[shift] = []
            for trip in on_the_grid(grid, made.route).trips:
                for visit in trip.visits:
                    begin_h, tonnes = visit.start_s / 3600, visit.planned.total_t
                    if rows[shift] and rows[shift][-1][0] == visit.patch:  # it goes on
                        _, before, begin_h, _, _ = rows[shift].pop()
                        tonnes += before
                    rows[shift].append((visit.patch, tonnes, begin_h, visit.end_s / 3600, -1))
                lot = number_of[lot_of(grid, network, trip.planned)]
                span_h = trip.call.start_s / 3600, trip.call.end_s / 3600
                rows[shift].append((-1 - trip.call.quay, trip.planned.total_t, *span_h, lot))
        told = _empty(
            len(grid.shifts), max([LONGEST, *map(len, rows.values())]), self.responder.pricing.mass_t - SPARE_T
        )
        held = _held(told, grid)
        for shift, stops in rows.items():
            n = len(stops)
            stop, amounts, begin_hs, end_hs, lots = zip(*stops, strict=True)
            told.stops[shift, :n], told.want_t[shift, :n], told.taken_t[shift, :n] = stop, amounts, amounts
            told.begin_h[shift, :n], told.end_h[shift, :n], told.lot[shift, :n] = begin_hs, end_hs, lots
            made = fleet.made[shift]
            told.number[shift], told.worth_cny[shift] = n, -made.column.cost_cny - made.change_cny
            enter(shift, told, held, self.waters, 1)
        return told

    def _routes(self, told: Voyages, first: Voyages, outings: Sequence[int], start: Fleet) -> list[Route]:
        """Return the routes of ``told``, or of ``start`` where one is as it was ``first``, or no clock can tell it."""
        found = []
        for shift, outing in enumerate(outings):
            if shift in start.made and _is_same(told, first, shift):
                found.append(start.made[shift].route)
                continue
            trips: list[TimedTrip] = []
            visits: list[TimedVisit] = []
            for i in range(int(told.number[shift])):
                stop = int(told.stops[shift, i])
                begin_s = int(np.ceil(told.begin_h[shift, i] * 3600 - 1e-6))
                end_s = int(np.floor(told.end_h[shift, i] * 3600 + 1e-6))
                if stop >= 0:
                    planned = Visit(stop, (0,), (float(told.taken_t[shift, i]),))
                    visits.append(TimedVisit(planned, begin_s, max(end_s, begin_s + 1)))
                else:
                    call = TimedCall(-1 - stop, begin_s, end_s)
                    trips.append(TimedTrip(Trip((), -1 - stop, 0, 0), tuple(visits), call))
                    visits = []
            timed = TimedRoute(Route(outing, (), 0.0), tuple(trips))
            lots = frozenset(self.ashore.lots)
            route = route_of(self.grid, self.rough.network, lots, self.sea, timed) if trips else None
            if trips and route is None and shift in start.made:
                route = start.made[shift].route
            if route is not None:
                found.append(route)
        return found


def _empty(shifts: int, size: int, left_t: npt.NDArray[np.float64]) -> Voyages:
    """Return room for voyages of ``size`` stops, nobody at sea."""
    stops, lots = np.full((2, shifts, size), -1, np.int32)
    want_t, taken_t, begin_h, end_h = np.zeros((4, shifts, size))
    return Voyages(
        stops, want_t, taken_t, begin_h, end_h, lots, np.zeros(shifts, np.int64), np.zeros(shifts), left_t.copy()
    )


def _is_same(one: Voyages, other: Voyages, shift: int) -> bool:
    n = int(one.number[shift])
    return n == other.number[shift] and all(
        np.array_equal(mine[shift, :n], its[shift, :n])
        for mine, its in ((one.stops, other.stops), (one.begin_h, other.begin_h), (one.end_h, other.end_h))
    )


def _held(told: Voyages, grid: Grid) -> Held:
    """Return all calls, as :func:`optimizer.voyage_kernel.berth_from` is told them.

    Those of voyages begun before the start are of no shift.
    """
    quays, before = len(grid.quays), [quay.spec.held for quay in grid.quays]
    most = told.stops.size + max(map(len, before), default=0)
    begin_h, end_h = np.zeros((2, quays, most))
    of, calls = np.zeros((quays, most), np.int64), np.zeros(quays, np.int64)
    for q, windows in enumerate(before):
        for window in windows:
            begin_h[q, calls[q]], end_h[q, calls[q]] = span_of(grid.problem, window)
            of[q, calls[q]] = -1
            calls[q] += 1
    for shift, i in zip(*np.nonzero(np.arange(told.stops.shape[1]) < told.number[:, None]), strict=True):
        quay = -1 - told.stops[shift, i]
        if quay >= 0:
            call = calls[quay]
            begin_h[quay, call], end_h[quay, call] = told.begin_h[shift, i], told.end_h[shift, i]
            of[quay, call] = shift
            calls[quay] += 1
    return begin_h, end_h, of, calls
