"""The search with orders against every combination of voyages that keep them."""

import numpy as np
import pytest

from benchmarks.random_problem import window
from documents.orders import Forbidden, Lock, LockedStop, Orders
from documents.problem import Problem
from optimizer.ashore import Ashore
from optimizer.clock import STEP_H, span_of
from optimizer.conflicts import prepare
from optimizer.effort import Effort
from optimizer.relaxation import Base
from optimizer.sea import Sea
from optimizer.search import Found, Search
from tests.optimizer.test_brute_force import SAME, WORK, Everything, Way, tiny

INSTANCES = 25
Stop = tuple[str | None, str | None, float]
"""Patch or quay, and the hour at which it starts."""


class Ordered(Everything):
    """All voyages of a problem that keep its orders."""

    def _may_land(self, way: Way) -> bool:
        return super()._may_land(way) and self.keeps(way)

    def keeps(self, way: Way) -> bool:
        outing = self.grid.outings[way.outing]
        vessel, stops = self.problem.vessels[outing.vessel].id, self.stops(way)
        orders = self.problem.orders
        never = {(pair.patch, pair.quay) for pair in orders.forbidden if pair.vessel == vessel}
        locks = [lock for lock in orders.locks if (lock.vessel, lock.shift) == (vessel, outing.shift)]
        return all(stop[:2] not in never for stop in stops) and all(self._is_kept(lock, stops) for lock in locks)

    def stops(self, way: Way) -> list[Stop]:
        found: list[Stop] = []
        for load in way.loads:
            found += [(self.problem.patches[v.patch].id, None, v.first * STEP_H) for v in load.visits]
            found.append((None, self.grid.quays[load.quay].spec.id, load.first * STEP_H))
        return found

    def _is_kept(self, lock: Lock, stops: list[Stop]) -> bool:
        number = len(lock.stops)
        runs = [stops] if lock.whole else [stops[first : first + number] for first in range(len(stops))]
        return any(len(run) == number and all(map(self._is_it, lock.stops, run)) for run in runs)

    def _is_it(self, locked: LockedStop, stop: Stop) -> bool:
        start_h, end_h = span_of(self.problem, locked.window)
        return (locked.patch, locked.quay) == stop[:2] and start_h - 1e-9 <= stop[2] <= end_h + 1e-9


def drawn(everything: Ordered, rng: np.random.Generator) -> Orders:
    """Return orders that some voyages keep: locks of stops in a row of one, and a place where another never stops."""
    ways = [way for of_shift in everything.ways for way in of_shift]
    way = ways[int(rng.integers(len(ways)))]
    outing, stops = everything.grid.outings[way.outing], everything.stops(way)
    locks: list[Lock] = []
    for number in range(int(rng.integers(1, 4))):
        first = int(rng.integers(len(stops)))
        whole = number == 0 and rng.random() < 0.3
        run = stops if whole else stops[first : first + int(rng.integers(1, 3))]
        wide = float(rng.choice([0.1, 0.5, 1.5]))
        locked = [LockedStop(patch=p, quay=q, window=window(max(at - wide, 0), at + wide)) for p, q, at in run]
        vessel = everything.problem.vessels[outing.vessel].id
        locks.append(Lock(id=f"lock-{number}", vessel=vessel, shift=outing.shift, stops=tuple(locked), whole=whole))
    others = [v.id for v in everything.problem.vessels if v.id != locks[0].vessel]
    pairs = [Forbidden(vessel=name, patch=everything.problem.patches[0].id) for name in others if rng.random() < 0.5]
    return Orders(locks=tuple(locks), forbidden=tuple(pairs))


def searched(everything: Everything) -> Found:
    base = Base(everything.grid, everything.network, everything.pricing.lots)
    prepare(everything.pricing, Sea(everything.problem), base.wishes)
    ashore = Ashore(everything.network, everything.pricing.lots)
    return Search(base, everything.pricing, ashore, Effort(1e9, WORK), lambda _: None, lambda _: None).run()


@pytest.mark.no_cover
def test_the_search_finds_the_best_of_all_combinations_that_keep_the_orders():
    tried, short = 0, []
    for seed in range(INSTANCES):
        problem = tiny(seed)
        bare = Ordered(problem)
        if not any(bare.ways):
            continue
        orders = drawn(bare, np.random.default_rng(seed))
        everything = Ordered(Problem(**{**dict(problem), "orders": orders}))
        assert any(everything.grid.must_go)
        best, best_free = (everything.best_cny(whole=False, free=free) for free in (False, True))
        if best is None or best_free is None:
            continue
        found = searched(everything)
        near = SAME * max(abs(best_free), 1.0)
        assert len(found.choice.routes) >= 1
        assert found.choice.value_cny <= best_free + near, "nothing is worth more that keeps the orders"
        assert best_free <= found.bound_cny + near, "the bound holds for all plans that keep the orders"
        short += [seed] if found.choice.value_cny < best - near else []
        tried += 1
    assert tried >= 0.8 * INSTANCES
    assert short == []
