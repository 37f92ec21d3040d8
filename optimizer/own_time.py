"""A fleet in its own time: what the clock rounds away is regained, and filled.

Voyages become rows of stops, sailed as soon as they can be, and are annealed by small changes
(:mod:`optimizer.voyage_anneal`): half a million a second, where an exact answer of a whole shift takes milliseconds.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.allotment import SPARE_T
from optimizer.anneal import cooled_cny
from optimizer.column import lot_of
from optimizer.effort import Effort
from optimizer.pricing import Pricing
from optimizer.response import Fleet, Responder
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.timing import TimedCall, TimedRoute, TimedTrip, TimedVisit, on_the_grid
from optimizer.to_the_second import route_of
from optimizer.voyage_anneal import anneal
from optimizer.voyage_changes import SHARES
from optimizer.voyage_kernel import Voyages, enter
from optimizer.voyage_tables import boats_of, quays_of, waters_of

CHAINS = 2
ROUNDS = 6
"""To one of work."""
STEPS, MOST_STEPS = 600, 20_000
"""Of a chain in a round, by shifts: the planes of the shore hold for so long."""
PLANES = 400
"""Those that are the lowest where a round begins."""
RETURNS = 10
"""Rounds after which the worse chain goes on from the best so far."""
MISTOLD, MISTOLD_SHARE = 5.0, 1e-3
"""A round is undone whose planes told more than is so by as many times what a step may lose, and by this share."""
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

        ``warmth`` is what a step may lose at first and at last, relative to the whole.
        """
        movable = np.array([k for k, must_go in enumerate(self.grid.must_go) if not must_go], np.int64)
        if not len(movable) or not len(self.grid.problem.patches):
            return start
        outings = self._outings(start)
        told = self._told(start)
        quays = quays_of(self.grid, start.moorings)
        boats = boats_of(self.rough, self.grid, [self.grid.outings[number] for number in outings])
        shares = np.cumsum(SHARES) / sum(SHARES)
        steps = min(STEPS * len(movable), MOST_STEPS)
        value_cny = self.responder.value_cny(start)
        rest_cny = value_cny - self._worth_cny(told)  # of days out, and of what is given up of the plan before
        self.say(f"At first: {value_cny:,.0f} CNY")
        begins = self.effort.spent_s / self.effort.limit_s

        def chain(number: int, which: int, begin: Voyages, warmth_cny: float) -> tuple[Voyages, Voyages]:
            now, best = _copied(begin), _copied(begin)
            landed = _landed_t(begin, len(self.ashore.lots))
            by_plane = self.ashore.heights + self.ashore.slopes @ landed
            lowest = np.argsort(by_plane, kind="stable")[:PLANES]
            slopes = np.ascontiguousarray(self.ashore.slopes[lowest].T)
            rng = np.random.default_rng((self.grid.problem.seed, self.grid.per_h, number, which))
            held = _held(begin, len(self.grid.quays))
            given = by_plane[lowest], slopes, self.waters, quays, boats
            anneal(rng, steps, warmth_cny, movable, shares, now, best, held, *given)
            return now, best

        best_cny = said_cny = self._worth_cny(told)
        best = told
        chains = [(best_cny, best)] * CHAINS
        with ThreadPoolExecutor(CHAINS) as pool:
            for number in range(ROUNDS * self.effort.work):
                if self.effort.left_s(until) <= 0.0:
                    break
                done = max(number / (ROUNDS * self.effort.work), self.effort.done(begins, until))
                warmth_cny = cooled_cny(best_cny + rest_cny, warmth, done)
                jobs = [pool.submit(chain, number, c, begin, warmth_cny) for c, (_, begin) in enumerate(chains)]
                # All chains see the same planes: none is added before the last has ended.
                for which, (now, top) in enumerate([job.result() for job in jobs]):
                    at_most_cny, is_cny = self._told_cny(now), self._worth_cny(now)
                    if at_most_cny - is_cny <= max(MISTOLD * warmth_cny, MISTOLD_SHARE * abs(is_cny)):
                        chains[which] = is_cny, now
                    found = [(best_cny, best), (is_cny, now)]
                    if self._told_cny(top) > max(best_cny, is_cny):
                        found.append((self._worth_cny(top), top))
                    best_cny, best = max(found, key=lambda pair: pair[0])
                if number % RETURNS == RETURNS - 1:
                    chains[min(range(CHAINS), key=lambda c: chains[c][0])] = best_cny, best
                    if best_cny - said_cny > TOLD * abs(best_cny + rest_cny):
                        said_cny = best_cny
                        self.say(f"In their own time: {best_cny + rest_cny:,.0f} CNY")
        self.say(f"In their own time: {best_cny + rest_cny:,.0f} CNY at last")
        fleet = self.responder.fleet(self._routes(best, told, outings, start), start.moorings)
        return max(start, fleet, key=self.responder.value_cny)

    def _worth_cny(self, told: Voyages) -> float:
        """Return what ``told`` are worth but for days out; the planes come to touch the shore there."""
        return float(told.worth_cny.sum()) + self.ashore.worth_cny(_landed_t(told, len(self.ashore.lots)))

    def _told_cny(self, told: Voyages) -> float:
        """Return the same at most, by the planes so far."""
        return float(told.worth_cny.sum()) + self.ashore.below(_landed_t(told, len(self.ashore.lots)))[0]

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
        held = _held(told, len(grid.quays))
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


def _copied(told: Voyages) -> Voyages:
    return Voyages(*(np.array(each) for each in told))


def _landed_t(told: Voyages, lots: int) -> npt.NDArray[np.float64]:
    """Return (lots,) what the calls land."""
    is_made = np.arange(told.stops.shape[1]) < told.number[:, None]
    is_call = is_made & (told.stops < 0)
    return np.asarray(np.bincount(told.lot[is_call], weights=told.taken_t[is_call], minlength=lots), np.float64)


def _held(told: Voyages, quays: int) -> tuple[npt.NDArray[Any], ...]:
    """Return all calls, as :func:`optimizer.voyage_kernel.berth_from` is told them."""
    most = told.stops.size
    begin_h, end_h = np.zeros((2, quays, most))
    of, calls = np.zeros((quays, most), np.int64), np.zeros(quays, np.int64)
    for shift, i in zip(*np.nonzero(np.arange(told.stops.shape[1]) < told.number[:, None]), strict=True):
        quay = -1 - told.stops[shift, i]
        if quay >= 0:
            call = calls[quay]
            begin_h[quay, call], end_h[quay, call] = told.begin_h[shift, i], told.end_h[shift, i]
            of[quay, call] = shift
            calls[quay] += 1
    return begin_h, end_h, of, calls
