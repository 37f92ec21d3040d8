"""Chains that anneal voyages side by side, each told the shore by one of its own (:mod:`optimizer.voyage_anneal`).

A chain goes on for a round in which the planes of the shore hold; then it asks its shore what is really so. Between
rounds chains share the planes they found, so that each round is the same however threads run.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.ashore import Ashore
from optimizer.voyage_anneal import anneal
from optimizer.voyage_changes import SHARES
from optimizer.voyage_kernel import Boats, Quays, Voyages, Waters, days_cny

CHAINS = 2
STEPS, MOST_STEPS = 1_700, 80_000
"""Of a chain in a round, by shifts: the planes of the shore hold for so long."""
PLANES = 400
"""Those that are the lowest where a round begins."""
RETURNS = 4
"""Rounds after which the worse chain goes on from the best so far."""
MISTOLD, MISTOLD_SHARE = 5.0, 1e-3
"""A round is undone whose planes told more than is so by as many times what a step may lose, and by this share."""

Held = tuple[npt.NDArray[Any], ...]
"""All calls, as :func:`optimizer.voyage_kernel.berth_from` is told them."""


@dataclass(frozen=True)
class Setting:
    """What holds for all chains."""

    waters: Waters
    quays: Quays
    boats: Boats
    movable: npt.NDArray[np.int64]
    """Shifts whose voyages may be changed."""
    held: Callable[[Voyages], Held]
    seed: tuple[int, ...]


class _Chain:
    """One of the searches side by side."""

    def __init__(self, setting: Setting, ashore: Ashore, now: Voyages) -> None:
        self.setting, self.ashore, self.now = setting, ashore, now
        self.worth_cny = self.asked_cny(now)

    def asked_cny(self, voyages: Voyages) -> float:
        """Return what ``voyages`` are worth; the planes come to touch the shore there."""
        return self._afloat_cny(voyages) + self.ashore.worth_cny(self._landed_t(voyages))

    def told_cny(self, voyages: Voyages) -> float:
        """Return the same at most, by the planes so far."""
        return self._afloat_cny(voyages) + self.ashore.below(self._landed_t(voyages))[0]

    def turn(self, number: int, warmth_cny: float, best_cny: float) -> tuple[float, Voyages]:
        """Go on for a round; return the best that it came by, if it is more than ``best_cny``."""
        setting = self.setting
        now, top = copied(self.now), copied(self.now)
        by_plane = self.ashore.heights + self.ashore.slopes @ self._landed_t(now)
        lowest = np.argsort(by_plane, kind="stable")[:PLANES]
        slopes = np.ascontiguousarray(self.ashore.slopes[lowest].T)
        steps = min(STEPS * len(setting.movable), MOST_STEPS)
        shares = np.cumsum(SHARES) / sum(SHARES)
        rng = np.random.default_rng((*setting.seed, number))
        told = by_plane[lowest], slopes, setting.waters, setting.quays, setting.boats
        anneal(rng, steps, warmth_cny, setting.movable, shares, now, top, setting.held(now), *told)
        at_most_cny, is_cny = self.told_cny(now), self.asked_cny(now)
        if at_most_cny - is_cny <= max(MISTOLD * warmth_cny, MISTOLD_SHARE * abs(is_cny)):
            self.now, self.worth_cny = now, is_cny
        if self.told_cny(top) <= max(best_cny, is_cny):
            return is_cny, now
        return max((is_cny, now), (self.asked_cny(top), top), key=lambda pair: pair[0])

    def _afloat_cny(self, voyages: Voyages) -> float:
        return float(voyages.worth_cny.sum()) - float(days_cny(self.setting.held(voyages), self.setting.quays))

    def _landed_t(self, voyages: Voyages) -> npt.NDArray[np.float64]:
        """Return (lots,) what the calls land."""
        is_made = np.arange(voyages.stops.shape[1]) < voyages.number[:, None]
        is_call = is_made & (voyages.stops < 0)
        landed = np.bincount(voyages.lot[is_call], weights=voyages.taken_t[is_call], minlength=len(self.ashore.lots))
        return np.asarray(landed, np.float64)


class Chains:
    """The chains, and the best that any came by."""

    def __init__(self, setting: Setting, ashore: Ashore, start: Voyages) -> None:
        """``ashore`` comes to know all planes that are found."""
        self.ashore, self.best = ashore, start
        self._chains = [_Chain(setting, ashore.again(), start) for _ in range(CHAINS)]
        self.best_cny = self._chains[0].worth_cny

    def run(self, warmths_cny: Iterator[float]) -> Iterator[None]:
        """Go on for a round with each of ``warmths_cny``, what a step may lose; yield now and then."""
        with ThreadPoolExecutor(CHAINS) as pool:
            for number, warmth_cny in enumerate(warmths_cny):
                turns = [
                    pool.submit(chain.turn, number * CHAINS + which, warmth_cny, self.best_cny)
                    for which, chain in enumerate(self._chains)
                ]
                found = [turn.result() for turn in turns]
                self.best_cny, self.best = max([(self.best_cny, self.best), *found], key=lambda pair: pair[0])
                self._share()
                if number % RETURNS == RETURNS - 1:
                    worse = min(self._chains, key=lambda chain: chain.worth_cny)
                    worse.now, worse.worth_cny = self.best, self.best_cny
                    yield

    def _share(self) -> None:
        """Let each chain know the planes that the others found since they were last shared."""
        known = len(self.ashore.heights)
        for chain in self._chains:
            self.ashore.remember(chain.ashore.heights[known:], chain.ashore.slopes[known:])
        for chain in self._chains:
            chain.ashore.heights, chain.ashore.slopes = self.ashore.heights, self.ashore.slopes


def copied(voyages: Voyages) -> Voyages:
    """Return the same, to be changed."""
    return Voyages(*(np.array(each) for each in voyages))
