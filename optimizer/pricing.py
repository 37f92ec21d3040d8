"""Pricing: the best voyages of a vessel at given prices, by the exact sweep of :mod:`optimizer.route_kernel`."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from documents.problem import VesselSpec
from optimizer.clock import STEP_H, TINY_H, steps_up
from optimizer.course import Course, course_of
from optimizer.grid import Grid, Outing
from optimizer.network import Lot, Network
from optimizer.route import LEAST_T, Route, Trip, Visit
from optimizer.route_kernel import CALL, events, sweep
from optimizer.sailing import NEVER, SailingTable, sailing_table
from optimizer.sailing_finer import finer_table
from optimizer.sea import Sea
from optimizer.stops import Wishes

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kind = tuple[float, float]
"""Speed in knots and rigging time in hours of vessels that share a table."""


LOAD_H = STEP_H
"""What a vessel collects in a quarter of an hour is a load, on a finer clock too."""
THREADS = 2
VISIT_H = 24
"""No visit lasts longer."""
NEAREST = 12
"""Patches that a quick answer goes on to from another."""
SHARES = 4
"""Of a load, by which the hold is told."""
AGED_H = 6.0
"""How far a quick answer may take a catch to be older than it is."""


@dataclass(frozen=True)
class Prices:
    """What the rows of the master program charge, CNY; all but ``landed``, ``shift``, ``worth_cny`` are at least 0."""

    patch: Floats
    """(P,) per tonne of mass at sensing time."""
    berth: Floats
    """(Q, S) per berth and step."""
    landed: Floats
    """(lots,) what a tonne landed is worth."""
    shift: Floats
    """(shifts,) for a voyage in the shift; below 0 where the vessel would rather stay and must go."""
    use: Floats
    """(shifts, moorings) for a voyage that calls at a mooring."""
    worth_cny: np.float64
    """What masses, berths and all that is given ashore are worth at these prices: the program's dual, less shifts."""

    def towards(self, other: "Prices", share: float) -> "Prices":
        """Return the prices that lie ``share`` of the way from these to ``other``."""
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Prices(*((1.0 - share) * mine + share * theirs for mine, theirs in pairs))

    def on_finer(self, each: int) -> "Prices":
        """Return these prices on a clock of ``each`` steps to one of their own."""
        return replace(self, berth=self.berth.repeat(each, axis=1) / each)


@dataclass(frozen=True)
class Priced:
    """What pricing found for one outing."""

    best_cny: float
    """The most that any voyage of the outing is worth at the prices, before the price of the shift; at least 0, but
    where the vessel must go, and -inf where it cannot."""
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class _Boat:
    """What the kernel is told of an outing at any prices."""

    legs: tuple[npt.NDArray[Any], ...]
    told: tuple[Any, ...]
    home_nm: Floats
    """(Q,) from every quay."""
    way_home: Floats
    """(n + 1, Q) worth of going home from there, -inf where it is too late."""
    lots: npt.NDArray[np.int64]

    def carrying(self, loads: int | None) -> tuple[Any, ...]:
        """Return ``told`` where the hold takes ``loads`` at most."""
        load, call_steps, *others = self.told
        most = None if loads is None else loads * others[-1] + 1
        return load[:most], np.ascontiguousarray(call_steps[:, :most]), *others


class Pricing:
    """Finds voyages; sailing tables are made once for every kind of vessel."""

    def __init__(
        self,
        grid: Grid,
        sea: Sea,
        network: Network,
        lots: Sequence[Lot] | None = None,
        rougher: "Pricing | None" = None,
    ) -> None:
        """``lots`` are all that may be landed, by themselves those of this clock; ways are told anew, or by those of a
        ``rougher`` clock."""
        self.grid, self.network = grid, network
        self.lots = landable(grid, network) if lots is None else tuple(lots)
        self.per_load = round(LOAD_H * grid.per_h)
        kinds = {(vessel.speed_kn, vessel.rigging_h): vessel for vessel in grid.problem.vessels}
        if rougher is None:
            self.tables = _tables(grid, sea, kinds)
        else:
            tables = rougher.tables.items()
            self.tables = {kind: finer_table(table, rougher.grid, grid, kinds[kind]) for kind, table in tables}
        self._grouped = 1
        """Buckets that are told as one."""
        self._shares = SHARES
        """Of a load, by which the hold is told."""
        self._number = {lot: c for c, lot in enumerate(self.lots)}
        self._runs = _runs(grid.workable)
        self._least_use = _least_ahead(grid)
        self.mass_t = np.array([patch.biomass_t for patch in grid.problem.patches])
        self._ways = [list(self._stations(number)) for number in range(len(grid.outings))]
        self._boats = [self._boat(number) for number in range(len(grid.outings))]
        self.courses: list[Course] = [course_of(grid, shift) for shift in range(len(grid.shifts))]
        """By shift."""
        self.fits: dict[int, Callable[[Route], Route | None]] = {}
        """By shift with windows of locks too narrow for the clock: how a route is fitted to them, if it can be."""
        zeros = np.zeros(grid.workable.shape), np.zeros(grid.open.shape)
        self._starts_cny: list[tuple[Floats, Floats]] = [zeros] * len(grid.shifts)
        """By shift, (P, S) and (Q, S) what it is worth that a visit or a call begins in a step."""
        first: dict[tuple[Any, ...], int] = {}
        self.alike = [first.setdefault(self._kind(outing), number) for number, outing in enumerate(grid.outings)]
        """By outing, the first that may make just the same voyages at the same cost."""

    def quicker(self) -> "Pricing":
        """Return pricing that takes a third of the time and finds good voyages, though not always the best.

        From a patch it goes on to the nearest others only, takes a catch for somewhat older than it is, and a part of a
        load for a whole one. Where there are no others, this is the pricing itself.
        """
        if len(self.grid.problem.patches) <= NEAREST:
            return self
        quick = copy(self)
        quick.tables = {kind: _nearby(table) for kind, table in self.tables.items()}
        quick._shares = 1
        quick._grouped = max(int(AGED_H // self.network.born_h), 1)
        quick._boats = [quick._boat(number) for number in range(len(self.grid.outings))]
        return quick

    def that_keeps(self, wishes: Wishes) -> "Pricing":
        """Return the pricing of voyages that pay for what they change of the plan before."""
        found = copy(self)
        found._starts_cny = [wishes.starts_cny(shift) for shift in range(len(self.grid.shifts))]
        found.alike = list(range(len(self.grid.outings)))
        return found

    def moored(self, moorings: frozenset[int]) -> "Pricing":
        """Return the pricing of voyages where platforms lie at ``moorings`` and nowhere else."""
        found = copy(self)
        found._ways = [[self._way(number, moorings)] for number in range(len(self._ways))]
        return found

    def within(self, steps: Bools) -> "Pricing":
        """Return pricing that collects at a patch in no other than its ``steps`` (P, S)."""
        narrow = copy(self)
        narrow._runs = _runs(self.grid.workable & steps)
        return narrow

    def best(
        self,
        number: int,
        prices: Prices,
        most: int = 6,
        mass_t: Floats | None = None,
        moorings: frozenset[int] | None = None,
        loads: int | None = None,
    ) -> Priced:
        """Return the best voyage of outing ``number`` and up to ``most`` good ones that end at different times.

        A visit takes no more than ``mass_t`` (P,) of a patch, told at sensing time (None: what there is). Its last load
        is rounded up in the hold, at the least price there is, so that what is told as the best may be a little more
        than any route is worth. A platform lies at one station a day: every choice of stations is swept by itself,
        unless ``moorings`` tell where platforms lie, and charged where it is called at. Trips carry ``loads`` at most.
        """
        best, routes = -np.inf if self.grid.must_go[self.grid.shift_row[number]] else 0.0, []
        ways = self._ways[number] if moorings is None else [self._way(number, moorings)]
        for quays, called in ways:
            charge = float(prices.use[self.grid.shift_row[number], called].sum())
            there = self.mass_t if mass_t is None else mass_t
            found = self._sweep(number, prices, quays, charge, most, there, loads)
            best = max(best, found.best_cny)
            routes += [route for route in found.routes if route not in routes]
        return Priced(best, tuple(routes))

    def _sweep(
        self,
        number: int,
        prices: Prices,
        quays: Bools,
        charge: float,
        most: int,
        mass_t: Floats,
        loads: int | None,
    ) -> Priced:
        grid = self.grid
        boat = self._boats[number]
        outing = grid.outings[number]
        vessel = grid.problem.vessels[outing.vessel]
        moments = grid.steps + 1
        berth_sum, closed_sum = np.zeros((len(quays), moments)), np.zeros((len(quays), moments))
        berth_sum[:, 1:] = np.cumsum(prices.berth, axis=1)
        closed_sum[:, 1:] = np.cumsum(~(grid.open & quays), axis=1)
        landed = np.append(prices.landed, -np.inf)[boat.lots]  # what is no lot has the number -1
        known = landed[np.isfinite(landed)]
        least = float(known.min()) if len(known) else 0.0
        sea = self._sea(prices, self._each_t(outing), mass_t, least)
        shift = grid.shift_row[number]
        course = self.courses[shift]
        here = slice(outing.first, outing.last)
        may = (grid.workable[:, here] & (course.visit[:, :, here] >= 0).any(axis=0)).any(axis=1)
        alive = np.flatnonzero((mass_t > LEAST_T) & may)
        at_quay = landed, berth_sum, closed_sum
        span = outing.first, outing.last
        orders = course.visit, course.call, *self._starts_cny[shift]
        told = boat.carrying(loads)
        values, whence = sweep(boat.legs, alive, sea, at_quay, told, span, orders)
        final = values[0][course.last] + boat.way_home - charge
        if course.last < 0:
            final[:] = -np.inf
        ends = np.argsort(-final, axis=None, kind="stable")
        best = float(final.flat[ends[0]])
        least = float(prices.shift[shift]) if grid.must_go[shift] else max(float(prices.shift[shift]), 0.0)
        routes: list[Route] = []
        for end in ends[: 8 * most]:
            t, d = divmod(int(end), len(quays))
            if final[t, d] <= least or len(routes) >= most:
                break
            way, miles, leave_h = events(boat.legs, alive, whence, outing.first, self.per_load, course.last, t, d)
            trips = self._trips(way[::-1].tolist(), told[0], mass_t)
            back_nm = float(boat.home_nm[d])
            out_h = (outing.first + t) * grid.step_h + back_nm / vessel.speed_kn - leave_h
            sailing = out_h * vessel.cost_per_h_cny + (miles + back_nm) * vessel.cost_per_nm_cny
            route = Route(number, trips, sailing)
            fitted = self.fits[shift](route) if shift in self.fits else route
            if fitted is not None and all(other.trips != fitted.trips for other in routes):
                routes.append(fitted)
        return Priced(best, tuple(routes))

    def _kind(self, outing: Outing) -> tuple[Any, ...]:
        vessel = self.grid.problem.vessels[outing.vessel]
        told = vessel.model_dump(exclude={"id", "name", "shifts", "max_wave_m"})
        course = self.courses[self.grid.shifts.index((outing.vessel, outing.shift))]
        ordered = course.visit.tobytes(), course.call.tobytes(), course.last
        return outing.first, outing.last, outing.start_h, outing.end_h, *ordered, *told.values()

    def _boat(self, number: int) -> "_Boat":
        outing = self.grid.outings[number]
        vessel = self.grid.problem.vessels[outing.vessel]
        table = self.tables[vessel.speed_kn, vessel.rigging_h]
        home = self.grid.dock_of[vessel.home_dock]
        load = self._hold(outing)
        legs = (
            table.between,
            table.between_nm,
            table.out,
            table.out_nm,
            table.home,
            table.home_nm,
            np.ascontiguousarray(table.first_h[:, home]),
            np.ascontiguousarray(table.first_nm[:, home]),
        )
        step_cny = vessel.cost_per_h_cny * self.grid.step_h
        clock = self._bucket_steps, self.grid.step_h, self.per_load, self._each_t(outing), self._shares
        told = load, self.call_steps(load), step_cny, vessel.cost_per_nm_cny, *clock
        home_nm = table.quays_nm[:, home]
        return _Boat(legs, told, home_nm, self._way_home(home_nm, outing), self._lot_table(outing))

    def _sea(self, prices: Prices, each_t: float, mass_t: Floats, least_cny: float) -> tuple[npt.NDArray[Any], ...]:
        """Return what the kernel is told of the patches, of which ``mass_t`` (P,) is there to be had."""
        grid = self.grid
        gain = np.zeros((len(mass_t), grid.steps + 1))
        np.cumsum(grid.value_cny_per_t - prices.patch[:, None] * grid.use_per_t, axis=1, out=gain[:, 1:])
        there = mass_t[:, None] / self._least_use
        loads = np.ceil(there / each_t - TINY_H).astype(np.int64)
        part = np.clip(there / each_t - (loads - 1), 0.0, 1.0)
        return self._runs, gain, loads, part, np.full(loads.shape, least_cny)

    def landed_cny(self, lot: Lot, prices: Prices) -> float:
        """Return what a tonne landed as ``lot`` is worth at ``prices``."""
        return float(prices.landed[self._number[lot]])

    def loads(self, outing: Outing) -> int:
        """Return how many loads the vessel collects until it is full or the outing over."""
        return int(np.ceil(self._full_t(outing) / self._each_t(outing) - TINY_H))

    def _hold(self, outing: Outing) -> Floats:
        """Return what the vessel carries after 0, 1, … shares of a load collected, until it is full."""
        full, share_t = self._full_t(outing), self._each_t(outing) / self._shares
        return np.asarray(np.minimum(np.arange(int(np.ceil(full / share_t - TINY_H)) + 1) * share_t, full))

    def _each_t(self, outing: Outing) -> float:
        return self.grid.problem.vessels[outing.vessel].collect_t_per_h * LOAD_H

    def _full_t(self, outing: Outing) -> float:
        most_t = self._each_t(outing) * (outing.last - outing.first) / self.per_load
        return min(self.grid.problem.vessels[outing.vessel].capacity_t, most_t)

    def call_steps(self, load: Floats) -> npt.NDArray[np.int64]:
        """Return (Q, loads) how many steps a call takes."""
        quays = [quay.spec for quay in self.grid.quays]
        per_h = self.grid.per_h
        steps = [[max(steps_up(q.mooring_h + t / q.unload_t_per_h, per_h), 1) for t in load] for q in quays]
        return np.array(steps, dtype=np.int64)

    def _way_home(self, miles: Floats, outing: Outing) -> Floats:
        """Return (n + 1, Q) what it costs to go home from a quay, -inf where it is too late."""
        vessel = self.grid.problem.vessels[outing.vessel]
        there_is = np.isfinite(miles)
        miles = np.where(there_is, miles, 0.0)
        hours = miles / vessel.speed_kn
        moments = np.arange(outing.first, outing.last + 1) * self.grid.step_h
        in_time = there_is & (moments[:, None] + hours[None, :] <= outing.last * self.grid.step_h + TINY_H)
        cost = hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
        return np.asarray(np.where(in_time, -cost[None, :], -np.inf))

    @property
    def _bucket_steps(self) -> int:
        return round(self.network.born_h * self.grid.per_h) * self._grouped

    def _lot_table(self, outing: Outing) -> npt.NDArray[np.int64]:
        """Return (Q, S + 1, buckets of the outing) the lot landed by a call that ends at a moment, -1 for none."""
        first = outing.first // self._bucket_steps
        oldest = self.network.bucket(outing.first * self.grid.step_h)
        buckets = (outing.last - 1) // self._bucket_steps - first + 1
        table = np.full((len(self.grid.quays), self.grid.steps + 1, buckets), -1, dtype=np.int64)
        for q, quay in enumerate(self.grid.quays):
            place = self.network.place_of[quay.spec.id]
            for end in range(outing.first + 2, outing.last + 1):
                moment = self.network.moment_in(end * self.grid.step_h)
                for b in range(buckets):
                    born = max((first + b) * self._grouped, oldest)
                    table[q, end, b] = self._number.get(Lot(place, moment, born), -1)
        return table

    def _way(self, number: int, moorings: frozenset[int]) -> tuple[Bools, list[int]]:
        """Return the choice of stations in an outing, as where platforms lie is known."""
        return max((way for way in self._ways[number] if moorings.issuperset(way[1])), key=lambda way: len(way[1]))

    def _stations(self, number: int) -> Iterator[tuple[Bools, list[int]]]:
        """Yield the choices of stations in an outing: (quays and steps that are open to it, moorings it pays for)."""
        grid, outing = self.grid, self.grid.outings[number]
        docks = np.array([quay.platform is None for quay in grid.quays])
        days: dict[tuple[int, int], list[int]] = defaultdict(list)
        for m, mooring in enumerate(grid.moorings):
            if mooring.meets(outing):
                days[mooring.platform, mooring.day].append(m)
        for choice in itertools.product(*([None, *moorings] for moorings in days.values())):
            quays = np.repeat(docks[:, None], grid.steps, axis=1)
            chosen = [m for m in choice if m is not None]
            for m in chosen:
                at = grid.moorings[m]
                quays[at.quay, at.first : at.last] = True
            yield quays, chosen

    def _trips(self, way: list[list[int]], load: Floats, mass_t: Floats) -> tuple[Trip, ...]:
        """Return the trips told by ``way``, the events in order."""
        trips: list[Trip] = []
        visits: list[Visit] = []
        for kind, a, b, c, k in way:
            if kind == CALL:
                trips.append(Trip(tuple(visits), b, a, c))
                visits = []
                continue
            held = load[np.minimum(k + self._shares * np.arange(c + 1), len(load) - 1)]
            tonnes = np.repeat(np.diff(held) / self.per_load, self.per_load)
            there = mass_t[b] / self._least_use[b, a]
            room = np.maximum(there - np.concatenate([[0.0], np.cumsum(tonnes)[:-1]]), LEAST_T)
            tonnes = np.minimum(tonnes, room)
            visits.append(Visit(b, tuple(range(a, a + len(tonnes))), tuple(tonnes.tolist())))
        return tuple(trips)


def _runs(workable: Bools) -> npt.NDArray[np.int64]:
    """Return (P, S + 1) for how many steps from each on a patch may be worked without a break."""
    runs = np.zeros((len(workable), workable.shape[1] + 1), dtype=np.int64)
    for step in range(workable.shape[1] - 1, -1, -1):
        runs[:, step] = np.where(workable[:, step], runs[:, step + 1] + 1, 0)
    return runs


def _least_ahead(grid: Grid) -> Floats:
    """Return (P, S) the least that a tonne uses of a patch within VISIT_H from each step on."""
    width = VISIT_H * grid.per_h
    padded = np.pad(grid.use_per_t, ((0, 0), (0, width - 1)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1).min(axis=2))


def _tables(grid: Grid, sea: Sea, kinds: Mapping[Kind, VesselSpec]) -> dict[Kind, SailingTable]:
    """Return a sailing table for each of ``kinds``, two at a time, each on a chart of its own: they are not shared."""
    seas = [sea, *(sea.again() for _ in range(len(kinds) - 1))]
    with ThreadPoolExecutor(THREADS) as pool:
        tables = pool.map(lambda chart, vessel: sailing_table(grid, chart, vessel), seas, kinds.values())
        return dict(zip(kinds, tables, strict=True))


def _nearby(table: SailingTable) -> SailingTable:
    """Return ``table`` with ways from patches to the nearest others only."""
    miles = np.where(table.between == NEVER, np.inf, table.between_nm)
    far = miles > np.partition(miles, NEAREST - 1, axis=2)[:, :, NEAREST - 1 : NEAREST]
    return replace(table, between=np.where(far, NEVER, table.between))


def landable(grid: Grid, network: Network) -> tuple[Lot, ...]:
    """Return every lot that some voyage can land: a boat collects for a step and then lands, within one outing."""
    found: set[Lot] = set()
    places = sorted({network.place_of[quay.spec.id] for quay in grid.quays})
    for outing in {(outing.first, outing.last) for outing in grid.outings}:
        for moment, born in network.lots(outing[0] * grid.step_h, outing[1] * grid.step_h):
            found |= {Lot(p, moment, born) for p in places if network.may_land(Lot(p, moment, born))}
    return tuple(sorted(found))
