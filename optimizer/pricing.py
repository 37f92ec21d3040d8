"""Pricing: the best voyages of a vessel at given prices, by the exact sweep of :mod:`optimizer.route_kernel`."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.clock import STEP_H, STEPS_PER_H, TINY_H, steps_up
from optimizer.grid import Grid, Outing
from optimizer.network import Lot, Network
from optimizer.route import Route, Trip, Visit
from optimizer.route_kernel import CALL, events, sweep
from optimizer.sailing import SailingTable, sailing_table
from optimizer.sea import Sea

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


VISIT_STEPS = 96
"""No visit lasts longer than a day."""
LEAST_T = 1e-3
"""A load is never quite empty."""


@dataclass(frozen=True)
class Prices:
    """What the rows of the master program charge, in CNY; all but ``landed`` and ``worth_cny`` are at least 0."""

    patch: Floats
    """(P,) per tonne of mass at sensing time."""
    berth: Floats
    """(Q, S) per berth and step."""
    landed: Floats
    """(lots,) what a tonne landed is worth."""
    shift: Floats
    """(shifts,) for a voyage in the shift."""
    use: Floats
    """(shifts, moorings) for a voyage that calls at a mooring."""
    worth_cny: np.float64
    """What masses, berths and all that is given ashore are worth at these prices: the program's dual, less shifts."""

    def towards(self, other: "Prices", share: float) -> "Prices":
        """Return the prices that lie ``share`` of the way from these to ``other``."""
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Prices(*((1.0 - share) * mine + share * theirs for mine, theirs in pairs))


@dataclass(frozen=True)
class Priced:
    """What pricing found for one outing."""

    best_cny: float
    """The most that any voyage of the outing is worth at the prices, before the price of the shift; at least 0."""
    routes: tuple[Route, ...]


class Pricing:
    """Finds voyages; sailing tables are made once for every kind of vessel, but for ``tables`` that are known."""

    def __init__(
        self,
        grid: Grid,
        sea: Sea,
        network: Network,
        tables: Mapping[tuple[float, float], SailingTable] = MappingProxyType({}),
    ) -> None:
        self.grid, self.network = grid, network
        self.tables = dict(tables)
        """By speed and rigging time."""
        for vessel in grid.problem.vessels:
            kind = vessel.speed_kn, vessel.rigging_h
            if kind not in self.tables:
                self.tables[kind] = sailing_table(grid, sea, vessel)
        self.lots = lots_of(grid, network)
        """All that some voyage can land."""
        self._number = {lot: c for c, lot in enumerate(self.lots)}
        self._lot = [self._lot_table(outing) for outing in grid.outings]
        self._runs = _runs(grid.workable)
        self._least_use = _least_ahead(grid.use_per_t)
        self.mass_t = np.array([patch.biomass_t for patch in grid.problem.patches])
        self._ways = [list(self._stations(number)) for number in range(len(grid.outings))]

    def best(
        self,
        number: int,
        prices: Prices,
        most: int = 6,
        mass_t: Floats | None = None,
        moorings: frozenset[int] | None = None,
    ) -> Priced:
        """Return the best voyage of outing ``number`` and up to ``most`` good ones that end at different times.

        A visit takes no more than ``mass_t`` (P,) of a patch, told at sensing time (None: what there is). Of its last
        load the hold counts the whole, at the least price there is, so that what is told as the best may be a little
        more than any route is worth. A platform lies at one station a day: every choice of stations is swept by itself,
        unless ``moorings`` tell where platforms lie, and charged where it is called at.
        """
        best, routes = 0.0, []
        ways = self._ways[number]
        if moorings is not None:  # where the platforms lie is known
            ways = [max((way for way in ways if moorings.issuperset(way[1])), key=lambda way: len(way[1]))]
        for quays, called in ways:
            charge = float(prices.use[self.grid.shift_row[number], called].sum())
            found = self._sweep(number, prices, quays, charge, most, self.mass_t if mass_t is None else mass_t)
            best = max(best, found.best_cny)
            routes += [route for route in found.routes if route not in routes]
        return Priced(best, tuple(routes))

    def _sweep(self, number: int, prices: Prices, quays: Bools, charge: float, most: int, mass_t: Floats) -> Priced:
        grid = self.grid
        outing = grid.outings[number]
        vessel = grid.problem.vessels[outing.vessel]
        table = self.tables[vessel.speed_kn, vessel.rigging_h]
        home = grid.dock_of[vessel.home_dock]
        moments = grid.steps + 1
        berth_sum, closed_sum = np.zeros((len(quays), moments)), np.zeros((len(quays), moments))
        berth_sum[:, 1:] = np.cumsum(prices.berth, axis=1)
        closed_sum[:, 1:] = np.cumsum(~(grid.open & quays), axis=1)
        lots = self._lot[number]
        landed = np.where(lots >= 0, prices.landed[lots], -np.inf)
        known = landed[np.isfinite(landed)]
        least = float(known.min()) if len(known) else 0.0
        load = self.loads(outing)
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
        sea = self._sea(prices, float(load[1]), mass_t, least)
        at_quay = landed, berth_sum, closed_sum
        step_cny = vessel.cost_per_h_cny * STEP_H
        boat = load, self.call_steps(load), step_cny, vessel.cost_per_nm_cny, self._bucket_steps, STEP_H
        span = outing.first, outing.last
        values, whence = sweep(legs, sea, at_quay, boat, span)
        final = values[0] + self._way_home(table.quays_nm[:, home], outing) - charge
        ends = np.argsort(-final, axis=None, kind="stable")
        best = float(final.flat[ends[0]])
        routes: list[Route] = []
        for end in ends[: 8 * most]:
            t, d = divmod(int(end), len(quays))
            if final[t, d] <= max(0.0, float(prices.shift[self.grid.shift_row[number]])) or len(routes) >= most:
                break
            way, miles, leave_h = events(legs, whence, outing.first, t, d)
            trips = self._trips(way[::-1].tolist(), load, mass_t)
            if all(route.trips != trips for route in routes):
                back_nm = float(table.quays_nm[d, home])
                out_h = (outing.first + t) * STEP_H + back_nm / vessel.speed_kn - leave_h
                sailing = out_h * vessel.cost_per_h_cny + (miles + back_nm) * vessel.cost_per_nm_cny
                routes.append(Route(number, trips, sailing))
        return Priced(max(best, 0.0), tuple(routes))

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

    def loads(self, outing: Outing) -> Floats:
        """Return what the vessel carries after 0, 1, … steps of collecting, until it is full or the outing over."""
        vessel = self.grid.problem.vessels[outing.vessel]
        each = vessel.collect_t_per_h * STEP_H
        full = min(vessel.capacity_t, each * (outing.last - outing.first))
        steps = int(np.ceil(full / each - 1e-9))
        return np.asarray(np.minimum(np.arange(steps + 1) * each, full))

    def call_steps(self, load: Floats) -> npt.NDArray[np.int64]:
        """Return (Q, loads) how many steps a call takes."""
        quays = [quay.spec for quay in self.grid.quays]
        steps = [[max(steps_up(q.mooring_h + tonnes / q.unload_t_per_h), 1) for tonnes in load] for q in quays]
        return np.array(steps, dtype=np.int64)

    def _way_home(self, miles: Floats, outing: Outing) -> Floats:
        """Return (n + 1, Q) what it costs to go home from a quay, -inf where it is too late."""
        vessel = self.grid.problem.vessels[outing.vessel]
        there_is = np.isfinite(miles)
        miles = np.where(there_is, miles, 0.0)
        hours = miles / vessel.speed_kn
        moments = np.arange(outing.first, outing.last + 1) * STEP_H
        in_time = there_is & (moments[:, None] + hours[None, :] <= outing.last * STEP_H + TINY_H)
        cost = hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
        return np.asarray(np.where(in_time, -cost[None, :], -np.inf))

    @property
    def _bucket_steps(self) -> int:
        return round(self.network.born_h * STEPS_PER_H)

    def _lot_table(self, outing: Outing) -> npt.NDArray[np.int64]:
        """Return (Q, S + 1, buckets of the outing) the lot landed by a call that ends at a moment, -1 for none."""
        first = outing.first // self._bucket_steps
        buckets = (outing.last - 1) // self._bucket_steps - first + 1
        table = np.full((len(self.grid.quays), self.grid.steps + 1, buckets), -1, dtype=np.int64)
        for q, quay in enumerate(self.grid.quays):
            place = self.network.place_of[quay.spec.id]
            for end in range(outing.first + 2, outing.last + 1):
                moment = self.network.moment_in(end * STEP_H)
                for b in range(buckets):
                    table[q, end, b] = self._number.get(Lot(place, moment, first + b), -1)
        return table

    def _stations(self, number: int) -> Iterator[tuple[Bools, list[int]]]:
        """Yield the choices of stations in an outing: (quays and steps that are open to it, moorings it pays for)."""
        grid, outing = self.grid, self.grid.outings[number]
        docks = np.array([quay.platform is None for quay in grid.quays])
        days: dict[tuple[int, int], list[int]] = defaultdict(list)
        for m, mooring in enumerate(grid.moorings):
            if outing.first < mooring.last and mooring.first < outing.last:
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
            tonnes = np.diff(load[k : k + c + 1])
            there = mass_t[b] / self._least_use[b, a]
            tonnes[-1] = min(tonnes[-1], max(there - tonnes[:-1].sum(), LEAST_T))
            visits.append(Visit(b, tuple(range(a, a + c)), tuple(tonnes.tolist())))
        return tuple(trips)


def _runs(workable: Bools) -> npt.NDArray[np.int64]:
    """Return (P, S + 1) for how many steps from each on a patch may be worked without a break."""
    runs = np.zeros((len(workable), workable.shape[1] + 1), dtype=np.int64)
    for step in range(workable.shape[1] - 1, -1, -1):
        runs[:, step] = np.where(workable[:, step], runs[:, step + 1] + 1, 0)
    return runs


def _least_ahead(use_per_t: Floats) -> Floats:
    """Return (P, S) the least that a tonne uses of a patch within VISIT_STEPS from each step on."""
    padded = np.pad(use_per_t, ((0, 0), (0, VISIT_STEPS - 1)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, VISIT_STEPS, axis=1).min(axis=2))


def lots_of(grid: Grid, network: Network) -> tuple[Lot, ...]:
    """Return every lot that some voyage can land: a boat collects for a step and then lands, within one outing."""
    found: set[Lot] = set()
    places = sorted({network.place_of[quay.spec.id] for quay in grid.quays})
    for outing in {(outing.first, outing.last) for outing in grid.outings}:
        for moment, born in network.lots(outing[0] * STEP_H, outing[1] * STEP_H):
            found |= {Lot(p, moment, born) for p in places if network.may_land(Lot(p, moment, born))}
    return tuple(sorted(found))
