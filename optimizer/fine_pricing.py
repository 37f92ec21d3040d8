"""The best voyages on the fine clock at given prices, as columns of the master program."""

import itertools
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from documents.problem import Problem
from optimizer.clock import joined, span_of
from optimizer.column import Column
from optimizer.fine_clock import FineClock, Legs, Span, spans
from optimizer.fine_sweep import FineSweep, FineVoyage
from optimizer.generation import ROUNDING, THREADS
from optimizer.network import Lot, Network
from optimizer.pricing import Prices

LEAST_STEPS = 4
"""Of a voyage: rigging and mooring take more than three whole ones."""
WAYS = 3
"""Voyages that a sweep tells for the columns: more take longer to find than they help."""


@dataclass(frozen=True)
class Stations:
    """A choice of where platforms lie."""

    is_open: npt.NDArray[np.bool_]
    """(Q, S): steps that lie wholly within a window of a quay."""
    moorings: frozenset[int]
    """Of the grid; one that it does not know costs nothing."""
    is_none: bool
    """Whether all stay in harbour."""


def alike(problem: Problem) -> list[list[Span]]:
    """Return all spans, those together whose vessels differ in nothing that matters at sea: one sweep does for them."""
    found: dict[Any, list[Span]] = defaultdict(list)
    for span in spans(problem):
        vessel = problem.vessels[span.vessel]
        own = vessel.model_copy(update={"id": "", "name": "", "shifts": (), "max_wave_m": 1.0})
        never = frozenset((pair.patch, pair.quay) for pair in problem.orders.forbidden if pair.vessel == vessel.id)
        found[own.model_dump_json(), never, span.start_h, span.end_h].append(span)
    return list(found.values())


def work(problem: Problem, per_h: int, born_h: float) -> float:
    """Return about how many states and ways all sweeps on a clock of ``per_h`` steps an hour go through."""
    patches, total = len(problem.patches), 0.0
    for span, *_ in alike(problem):
        vessel, hours = problem.vessels[span.vessel], span.end_h - span.start_h
        loads = per_h * min(vessel.capacity_t / vessel.collect_t_per_h, hours)
        days = [
            len(platform.stations) + 1
            for platform in problem.platforms
            for start_h, end_h in (span_of(problem, day) for day in platform.days)
            if start_h < span.end_h and span.start_h < end_h
        ]
        quays = len(problem.docks) + sum(len(platform.stations) for platform in problem.platforms)
        total += math.prod(days) * (hours / born_h + 1.0) * hours * per_h * loads * (patches + quays) * (patches + 14)
    return total


class FinePricing:
    """Prices voyages on a fine clock; what they land counts as one of ``lots``."""

    def __init__(self, clock: FineClock, network: Network, lots: Sequence[Lot]) -> None:
        self.clock, self.network, self.lots = clock, network, tuple(lots)
        self._number_of = {lot: c for c, lot in enumerate(lots)}
        self._shift_of = {shift: k for k, shift in enumerate(clock.grid.shifts)}
        self._platforms = {q for q, quay in enumerate(clock.grid.quays) if quay.platform is not None}
        groups = alike(clock.problem)
        self._groups = [g for g in groups if clock.step_of(g[0].end_h) - clock.step_of(g[0].start_h) >= LEAST_STEPS]
        self._legs: dict[Any, Legs] = {}
        self._choices = {
            hours: tuple(self._stations(*hours)) for hours in {(span.start_h, span.end_h) for span in clock.spans}
        }

    def bound(self, prices: Prices) -> tuple[float, list[Column]]:
        """Return what no plan exceeds, and columns of the best voyages at ``prices``."""
        worth = float(prices.worth_cny)
        best: dict[tuple[int, int], float] = {}
        columns: list[Column] = []
        with ThreadPoolExecutor(THREADS) as pool:
            for group, (values, found) in zip(
                self._groups, pool.map(lambda each: self._best(each, prices), self._groups), strict=True
            ):
                for span, value in zip(group, values, strict=True):
                    best[span.vessel, span.shift] = max(best.get((span.vessel, span.shift), 0.0), value)
                columns += found
        return worth + ROUNDING * abs(worth) + sum(best.values()), columns

    def _best(self, group: Sequence[Span], prices: Prices) -> tuple[list[float], list[Column]]:
        """Return what no voyage of each span exceeds before the price of the shift, and columns of the best."""
        sweep = FineSweep(self.clock, self.network, self._number_of, group[0], self._legs_of(group[0]), prices)
        shifts = [self._shift_of.get((span.vessel, span.shift)) for span in group]
        best = [0.0] * len(group)
        columns: list[Column] = []
        is_told = False
        """Whether the best voyage that calls at no platform is known."""
        for stations in self._choices[group[0].start_h, group[0].end_h]:
            if stations.is_none and is_told:
                break
            charges = [_charge(prices, shift, stations.moorings) for shift in shifts]
            least = min((max(float(prices.shift[k]), 0.0) for k in shifts if k is not None), default=0.0)
            value, voyages = sweep.run(stations.is_open, least, WAYS)
            if not voyages or not voyages[0].quays & self._platforms:
                charges = [0.0] * len(group)
            is_told = is_told or not any(charges)
            best = [max(known, value - charge) for known, charge in zip(best, charges, strict=True)]
            columns += self._columns(voyages, stations.moorings, shifts, prices)
        return best, columns

    def _columns(
        self, voyages: Sequence[FineVoyage], moorings: frozenset[int], shifts: Sequence[int | None], prices: Prices
    ) -> Iterator[Column]:
        """Yield the columns of ``voyages`` that are worth more than their shift."""
        for voyage, shift in itertools.product(voyages, shifts):
            called = frozenset(m for m in moorings if self.clock.grid.moorings[m].quay in voyage.quays)
            if shift is not None and voyage.worth_cny > _charge(prices, shift, called) + max(
                float(prices.shift[shift]), 0.0
            ):
                yield Column(voyage.cost_cny, voyage.patch, voyage.berth, voyage.lot, shift, called)

    def _legs_of(self, span: Span) -> Legs:
        """Return the legs of the span's vessel, made once for all that are as fast and rig as long."""
        vessel = self.clock.problem.vessels[span.vessel]
        key = vessel.speed_kn, vessel.rigging_h, span.start_h, span.end_h
        if key not in self._legs:
            self._legs[key] = self.clock.legs(vessel, self.clock.step_of(span.start_h), self.clock.step_of(span.end_h))
        return self._legs[key]

    def _stations(self, start_h: float, end_h: float) -> Iterator[Stations]:
        """Yield the choices between two times; that of none comes last."""
        clock, grid = self.clock, self.clock.grid
        docks = np.zeros((len(grid.quays), clock.steps), dtype=bool)
        days: dict[tuple[int, int], list[tuple[int, slice, int | None]]] = defaultdict(list)
        rows = {(mooring.quay, mooring.day): m for m, mooring in enumerate(grid.moorings)}
        for q, quay in enumerate(grid.quays):
            hours = [span_of(clock.problem, window) for window in quay.windows]
            if quay.platform is None:
                for opens, closes in joined(hours):
                    docks[q, clock.within(opens, closes)] = True
                continue
            for day, (comes, goes) in enumerate(hours):
                if comes < end_h and start_h < goes:
                    days[quay.platform, day].append((q, clock.within(comes, goes), rows.get((q, day))))
        for choice in itertools.product(*([*stations, None] for stations in days.values())):
            chosen = [each for each in choice if each is not None]
            is_open = docks.copy()
            for q, steps, _ in chosen:
                is_open[q, steps] = True
            yield Stations(is_open, frozenset(m for _, _, m in chosen if m is not None), not chosen)


def _charge(prices: Prices, shift: int | None, moorings: Collection[int]) -> float:
    """Return what a voyage of ``shift`` pays for ``moorings``; where it has no row, nothing."""
    return 0.0 if shift is None else sum(float(prices.use[shift, m]) for m in moorings)
