"""One vessel's span on the fine clock at given prices: its arrays for the sweep, and what the sweep's voyages take."""

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer import fine_kernel
from optimizer.clock import STEPS_PER_H, TINY_H
from optimizer.course import is_forbidden
from optimizer.fine_clock import FineClock, Floats, Legs, Span
from optimizer.fine_kernel import CALL, COLLECT, PART
from optimizer.network import Lot, Network
from optimizer.pricing import Prices

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FineVoyage:
    """What a voyage takes, rounded in its favour; the entries of a column."""

    worth_cny: float
    """At the prices it was found at, moorings and shift not charged."""
    cost_cny: float
    patch: dict[int, float]
    berth: dict[tuple[int, int], float]
    lot: dict[Lot, float]
    quays: frozenset[int]
    """At which it calls."""


class FineSweep:
    """Finds the best voyages of ``span``; ``number_of`` numbers the lots that stand in ``prices``."""

    def __init__(
        self, clock: FineClock, network: Network, number_of: Mapping[Lot, int], span: Span, legs: Legs, prices: Prices
    ) -> None:
        self.clock, self.network, self.number_of, self.span, self.prices = clock, network, number_of, span, prices
        self.vessel = clock.problem.vessels[span.vessel]
        self.first, self.last = clock.step_of(span.start_h), clock.step_of(span.end_h)
        self.home = clock.grid.dock_of[self.vessel.home_dock]
        self.places = [network.place_of[quay.spec.id] for quay in clock.grid.quays]
        # Coming nearer while a boat waits, a patch saves miles: at most so many an hour.
        drift_kn = float(clock.drift_kn.max(initial=0.0))
        self.nm_cny = min(self.vessel.cost_per_nm_cny, self.vessel.cost_per_h_cny / max(drift_kn, TINY_H))
        self.step_cny = (self.vessel.cost_per_h_cny - self.nm_cny * drift_kn) / clock.per_h
        here = slice(self.first, self.last)
        self.use_per_t = np.ascontiguousarray(clock.use_per_t[:, here])
        gain = clock.value_cny_per_t[:, here] - prices.patch[:, None] * self.use_per_t
        never = is_forbidden(clock.grid, span.vessel)
        collect = clock.collect[:, here] & ~never[: len(gain), None]
        best_gain = np.maximum.accumulate(np.where(collect, gain, -np.inf), axis=1)
        self.sea = collect, np.ascontiguousarray(clock.linger[:, here]), gain, best_gain
        self.never = never[len(gain) :]
        """(Q,): where it does not unload."""
        self.landed, self.bucket = self._landed()
        self.best_landed = np.ascontiguousarray(np.maximum.accumulate(self.landed.max(axis=0)[::-1])[::-1].T)
        each = clock.per_h // STEPS_PER_H
        self.berth_sum = summed(np.repeat(prices.berth / each, each, axis=1)[:, here])
        self.boat = *self._loads(), self.step_cny, self.nm_cny
        self.legs = legs.between, legs.between_nm, legs.out, legs.out_nm, legs.home, legs.home_nm, self._first_cny()

    def run(self, is_open: Bools, least_cny: float, most: int) -> tuple[float, list[FineVoyage]]:
        """Return the most that a voyage is worth, and up to ``most`` that end at different times, the best first.

        ``is_open``: (Q, S). But for the first, all are worth more than ``least_cny``.
        """
        is_closed = ~is_open[:, self.first : self.last] | self.never[:, None]
        quay = self.landed, self.best_landed, self.berth_sum, summed(is_closed)
        values = fine_kernel.sweep(self.legs, self.sea, quay, self.boat, self.bucket)
        final = self._back(values[0])
        voyages: list[FineVoyage] = []
        for end in np.argsort(-final, axis=None, kind="stable")[:most]:
            t, d = divmod(int(end), final.shape[1])
            if final[t, d] <= (least_cny if voyages else 0.0):
                break
            way = fine_kernel.events(self.legs, self.sea, quay, self.boat, self.bucket, values, t, d)
            voyages.append(self._voyage(way[::-1].tolist(), float(final[t, d])))
        return voyages[0].worth_cny if voyages else 0.0, voyages

    def _voyage(self, way: list[list[int]], worth_cny: float) -> FineVoyage:
        """Return the voyage told by its events."""
        load, beyond, call, *_ = self.boat
        patch: dict[int, float] = defaultdict(float)
        berth: dict[tuple[int, int], float] = defaultdict(float)
        lot: dict[Lot, float] = defaultdict(float)
        quays = set()
        for kind, t, place, k, b in way:
            if kind == COLLECT:
                patch[place] += load[1] * float(self.use_per_t[place, t])
            elif kind == PART and self.sea[3][place, t] + self.best_landed[b, t] > 0:
                patch[place] += beyond[k] * float(self.use_per_t[place, self._best_step(place, t)])
                q, later = divmod(int(np.argmax(self.landed[:, t:, b])), self.landed.shape[1] - t)
                lot[self._lot(q, t + later, b)] += beyond[k]
            elif kind == CALL:
                end = t + int(call[place, k])
                quays.add(place)
                lot[self._lot(place, end, b)] += load[k]
                for step in range(self.first + t + 1, self.first + end):
                    berth[place, step * STEPS_PER_H // self.clock.per_h] += STEPS_PER_H / self.clock.per_h
        prices = self.prices
        earned = sum(tonnes * float(prices.landed[self.number_of[at]]) for at, tonnes in lot.items())
        earned -= sum(used * float(prices.patch[p]) for p, used in patch.items())
        earned -= sum(taken * float(prices.berth[at]) for at, taken in berth.items())
        return FineVoyage(worth_cny, earned - worth_cny, dict(patch), dict(berth), dict(lot), frozenset(quays))

    def _best_step(self, patch: int, until: int) -> int:
        """Return the step so far in which a tonne of ``patch`` is worth most."""
        collect, _, gain, _ = self.sea
        return int(np.argmax(np.where(collect[patch, : until + 1], gain[patch, : until + 1], -np.inf)))

    def _lot(self, quay: int, end: int, bucket: int) -> Lot:
        return Lot(self.places[quay], self._moment(end), self._born(0) + bucket)

    def _moment(self, step: int) -> int:
        return (self.first + step) // round(self.network.step_h * self.clock.per_h)

    def _born(self, step: int) -> int:
        return (self.first + step) // round(self.network.born_h * self.clock.per_h)

    def _landed(self) -> tuple[Floats, Ints]:
        """Return (Q, n + 1, B) what a tonne landed in a step is worth by its bucket, and the bucket of each step."""
        n = self.last - self.first
        bucket = np.array([self._born(step) - self._born(0) for step in range(n)], dtype=np.int64)
        moment = np.array([self._moment(step) for step in range(n + 1)])
        landed = np.full((len(self.places), n + 1, int(bucket[-1]) + 1), -np.inf)
        for q, m, b in itertools.product(
            range(len(self.places)), range(moment[0], moment[-1] + 1), range(landed.shape[2])
        ):
            number = self.number_of.get(Lot(self.places[q], m, self._born(0) + b))
            if number is not None:
                landed[q, moment == m, b] = self.prices.landed[number]
        return landed, bucket

    def _loads(self) -> tuple[Floats, Floats, Ints]:
        """Return tonnes after each step of collecting, what a visit may take beyond, and steps of calls (Q, K + 1)."""
        capacity_t, each_t = self.vessel.capacity_t, self.vessel.collect_t_per_h / self.clock.per_h
        most = min(math.floor(capacity_t / each_t + TINY_H), self.last - self.first)
        load: Floats = np.arange(most + 1, dtype=np.float64) * each_t
        quays = [quay.spec for quay in self.clock.grid.quays]
        hours = np.array([[quay.mooring_h + tonnes / quay.unload_t_per_h for tonnes in load] for quay in quays])
        beyond = np.clip(capacity_t - load, 0.0, each_t)
        return load, beyond, np.floor(hours * self.clock.per_h + TINY_H).astype(np.int64)

    def _first_cny(self) -> Floats:
        """Return (n, P) what it costs to be ready at a patch in a step, coming from home; inf where it is too soon."""
        first_nm = self.clock.first_nm(self.home, self.vessel.rigging_h, self.first, self.last)
        took_h = self.vessel.rigging_h + first_nm / self.vessel.speed_kn - 1.0 / self.clock.per_h
        begins_h = np.arange(self.first, self.last)[:, None] / self.clock.per_h
        cost = took_h * self.step_cny * self.clock.per_h + first_nm * self.nm_cny
        return np.where(begins_h - took_h >= self.span.start_h - TINY_H, cost, np.inf)

    def _back(self, empty: Floats) -> Floats:
        """Return (n + 1, Q) what a voyage is worth that leaves a quay for home in a step, -inf where it is too late."""
        miles = self.clock.quays_nm[:, self.home]
        hours = miles / self.vessel.speed_kn
        leaves_h = np.arange(self.first, self.last + 1)[:, None] / self.clock.per_h
        cost = hours * self.vessel.cost_per_h_cny + miles * self.nm_cny
        return np.where(leaves_h + hours <= self.span.end_h + TINY_H, empty - cost, -np.inf)


def summed(per_step: npt.NDArray[Any]) -> Floats:
    """Return (Q, n + 1) sums up to each moment of what stands for each step (Q, n)."""
    sums = np.zeros((per_step.shape[0], per_step.shape[1] + 1))
    sums[:, 1:] = np.cumsum(per_step, axis=1)
    return sums
