"""Pricing: the best voyages of a vessel at given prices, by the exact sweep of :mod:`optimizer.voyage_kernel`."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from optimizer.ashore import Ashore
from optimizer.clock import STEP_H, STEPS_PER_H, TINY_H, steps_up
from optimizer.grid import Grid, Outing
from optimizer.route import Route, Trip, Visit
from optimizer.sailing import SailingTable, sailing_table
from optimizer.sea import Sea
from optimizer.voyage_kernel import CALL, events, sweep

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What the rows of the master program charge, in CNY; all but ``landed`` are at least 0."""

    patch: Floats
    """(P,) per tonne of mass at sensing time."""
    berth: Floats
    """(D, S) per berth and step."""
    landed: Floats
    """(classes,) what a tonne landed is worth."""
    shift: Floats
    """(shifts,) for a voyage in the shift."""
    line: Floats
    """(lines, hours) per tonne going into a line in an hour."""

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
    """Finds voyages; sailing tables are made once for every kind of vessel."""

    def __init__(self, grid: Grid, sea: Sea, ashore: Ashore) -> None:
        self.grid, self.ashore = grid, ashore
        self.tables: dict[tuple[float, float], SailingTable] = {}
        for vessel in grid.problem.vessels:
            kind = vessel.speed_kn, vessel.rigging_h
            if kind not in self.tables:
                self.tables[kind] = sailing_table(grid, sea, vessel)
        docks, moments = len(grid.docks), grid.steps + 1
        self._closed = np.zeros((docks, moments))
        self._closed[:, 1:] = np.cumsum(~grid.open, axis=1)
        self._class = [self._class_table(outing) for outing in grid.outings]

    def best(self, number: int, prices: Prices, most: int = 6, hold_t: float = np.inf) -> Priced:
        """Return the best voyage of outing ``number`` and up to ``most`` good ones that end at different times.

        The vessel takes no more than ``hold_t`` on a trip.
        """
        grid = self.grid
        outing = grid.outings[number]
        vessel = grid.problem.vessels[outing.vessel]
        table = self.tables[vessel.speed_kn, vessel.rigging_h]
        home = grid.dock_of[vessel.home_dock]
        berth_sum = np.zeros_like(self._closed)
        berth_sum[:, 1:] = np.cumsum(prices.berth, axis=1)
        classes = self._class[number]
        landed = np.where(classes >= 0, prices.landed[classes], 0.0)
        load = self.loads(outing, hold_t)
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
        parting = np.zeros_like(grid.use_per_t)
        sea = grid.workable, grid.value_cny_per_t - prices.patch[:, None] * grid.use_per_t, parting
        quay = landed, berth_sum, self._closed
        step_cny = vessel.cost_per_h_cny * STEP_H
        boat = load, self.call_steps(load), step_cny, vessel.cost_per_nm_cny, STEPS_PER_H, STEP_H
        span = outing.first, outing.last
        values = sweep(legs, sea, quay, boat, span)
        final = values[0] + self._way_home(table.docks_nm[:, home], outing)
        ends = np.argsort(-final, axis=None, kind="stable")
        best = float(final.flat[ends[0]])
        routes: list[Route] = []
        for end in ends[: 8 * most]:
            t, d = divmod(int(end), len(grid.docks))
            if final[t, d] <= max(0.0, float(prices.shift[self.grid.shift_row[number]])) or len(routes) >= most:
                break
            way = events(legs, sea, quay, boat, span, values, t, d)
            if len(way) == 0:
                raise AssertionError("the sweep holds a value that no arc leads to")
            trips = self._trips(way[::-1].tolist(), load)
            if all(route.trips != trips for route in routes):
                sailing = self.earned(trips, prices) - float(final[t, d])
                routes.append(Route(number, trips, sailing))
        return Priced(max(best, 0.0), tuple(routes))

    def earned(self, trips: tuple[Trip, ...], prices: Prices) -> float:
        """Return what ``trips`` earn at ``prices`` before sailing: damage avoided, landings, less mass and berths."""
        total = 0.0
        for trip in trips:
            for visit in trip.visits:
                steps = np.array(visit.steps)
                worth = self.grid.value_cny_per_t[visit.patch, steps]
                use = self.grid.use_per_t[visit.patch, steps]
                total += float(((worth - prices.patch[visit.patch] * use) * np.array(visit.tonnes)).sum())
            total += trip.total_t * float(prices.landed[self.ashore.class_of(trip.dock, trip.last, trip.oldest)])
            total -= float(prices.berth[trip.dock, trip.first : trip.last].sum())
        return total

    def loads(self, outing: Outing, hold_t: float = np.inf) -> Floats:
        """Return what the vessel carries after 0, 1, … steps of collecting, until it is full or the outing over."""
        vessel = self.grid.problem.vessels[outing.vessel]
        each = vessel.collect_t_per_h * STEP_H
        full = min(vessel.capacity_t, hold_t, each * (outing.last - outing.first))
        steps = int(np.ceil(full / each - 1e-9))
        return np.asarray(np.minimum(np.arange(steps + 1) * each, full))

    def call_steps(self, load: Floats) -> npt.NDArray[np.int64]:
        """Return (D, loads) how many steps a call takes."""
        docks = self.grid.problem.docks
        steps = [[max(steps_up(d.mooring_h + tonnes / d.unload_t_per_h), 1) for tonnes in load] for d in docks]
        return np.array(steps, dtype=np.int64)

    def _way_home(self, miles: Floats, outing: Outing) -> Floats:
        """Return (n + 1, D) what it costs to go home from an empty dock, -inf where it is too late."""
        vessel = self.grid.problem.vessels[outing.vessel]
        there_is = np.isfinite(miles)
        miles = np.where(there_is, miles, 0.0)
        hours = miles / vessel.speed_kn
        moments = np.arange(outing.first, outing.last + 1) * STEP_H
        in_time = there_is & (moments[:, None] + hours[None, :] <= outing.last * STEP_H + TINY_H)
        cost = hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
        return np.asarray(np.where(in_time, -cost[None, :], -np.inf))

    def _class_table(self, outing: Outing) -> npt.NDArray[np.int64]:
        """Return (D, S + 1, hours of the outing) the class landed by a call that ends at a moment, -1 for none."""
        first_hour = outing.first // STEPS_PER_H
        hours = (outing.last - 1) // STEPS_PER_H - first_hour + 1
        table = np.full((len(self.grid.docks), self.grid.steps + 1, hours), -1, dtype=np.int64)
        for moment in range(outing.first + 2, outing.last + 1):
            for hour in range(first_hour, (moment - 2) // STEPS_PER_H + 1):
                for dock in range(len(self.grid.docks)):
                    table[dock, moment, hour - first_hour] = self.ashore.class_of(dock, moment, hour * STEPS_PER_H)
        return table

    @staticmethod
    def _trips(way: list[list[int]], load: Floats) -> tuple[Trip, ...]:
        """Return the trips told by ``way``, the events in order."""
        trips: list[Trip] = []
        visits: list[Visit] = []
        steps: list[int] = []
        tonnes: list[float] = []
        patch = -1

        def close_visit() -> None:
            nonlocal steps, tonnes
            if steps:
                visits.append(Visit(patch, tuple(steps), tuple(tonnes)))
            steps, tonnes = [], []

        for kind, a, b, c in way:
            if kind == CALL:
                close_visit()
                trips.append(Trip(tuple(visits), b, a, c))
                visits, patch = [], -1
                continue
            if b != patch:
                close_visit()
                patch = b
            steps.append(a)
            tonnes.append(float(load[c] - load[c - 1]))
        return tuple(trips)
