"""Better fleets by simulated annealing: a few shifts are freed, answer anew, and what is not much worse is kept.

Kirkpatrick et al. (1983), "Optimization by simulated annealing", Science 220. What a fleet lands is valued by the
planes of :mod:`optimizer.ashore`, so a step costs no program.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from optimizer.effort import Effort
from optimizer.response import Fleet, Responder, near

CHAINS = 2
STEPS = 100
"""Of each chain in a round."""

EAGER = (0.0, 0.5, 0.8, 1.0)
"""Shares of the patches' prices that an answer may be told to pay, so that it leaves what others need."""
FEWEST_FREED, MOST_FREED = 1, 3
"""Shifts freed at a time; with more, few changes are kept."""
WARMTH = (3e-4, 1e-5)
"""What a step may lose at first and at last, relative to the whole, where a good fleet is to be bettered."""
MOVED = 0.02
"""Share of the steps in which a platform lies elsewhere."""


def value_cny(responder: Responder, fleet: Fleet) -> float:
    """Return what ``fleet`` is worth at most, by the planes so far."""
    return responder.afloat_cny(fleet) + responder.ashore.below(responder.landed_t(fleet))[0]


def cooled_cny(value_cny: float, warmth: tuple[float, float], done: float) -> float:
    """Return what a step may lose, ``warmth`` being which share of ``value_cny`` at first and at last."""
    warm, cold = (max(abs(value_cny), 1.0) * share for share in warmth)
    return float(warm * (cold / warm) ** min(done, 1.0))


def anneal(
    responder: Responder, start: Fleet, warmth: float, is_over: Callable[[], bool], rng: np.random.Generator
) -> Fleet:
    """Return the best that a chain from ``start`` comes to; in each step it may lose about ``warmth``, CNY."""
    now, now_cny = start, value_cny(responder, start)
    best, best_cny = now, now_cny
    for _ in range(STEPS):
        if is_over():
            break
        moved = _elsewhere(responder, now, rng) if rng.random() < MOVED else None
        if moved is None:
            free = near(responder.grid, now, rng, int(rng.integers(FEWEST_FREED, MOST_FREED + 1)))
            new = responder.refill(now, free, [float(rng.choice(EAGER)) for _ in free])
        else:
            new = moved
        new_cny = value_cny(responder, new)
        if new_cny >= now_cny - warmth * rng.exponential():
            now, now_cny = new, new_cny
            if now_cny > best_cny:
                best, best_cny = now, now_cny
    return best


def _elsewhere(responder: Responder, fleet: Fleet, rng: np.random.Generator) -> Fleet | None:
    """Return ``fleet`` with a platform elsewhere on one day, or not out; None where there is no other way."""
    moorings = responder.grid.moorings
    if not moorings:
        return None
    there = int(rng.integers(len(moorings)))
    same = {
        m for m, at in enumerate(moorings) if (at.platform, at.day) == (moorings[there].platform, moorings[there].day)
    }
    same_day = fleet.moorings - {there} if there in fleet.moorings else (fleet.moorings - same) | {there}
    freed = [shift for shift, made in fleet.made.items() if not made.column.moorings <= same_day]
    kept = {shift: made for shift, made in fleet.made.items() if shift not in freed}
    order = [int(shift) for shift in rng.permutation(freed)] or near(responder.grid, fleet, rng, MOST_FREED)
    return responder.refill(Fleet(kept, frozenset(same_day)), order, [float(rng.choice(EAGER)) for _ in order])


class Rounds:
    """Two chains side by side, round after round, each round from the best so far."""

    def __init__(self, responder: Responder, effort: Effort, say: Callable[[float], None]) -> None:
        """``say`` is told of every better value, CNY."""
        self.responder, self.effort, self.say = responder, effort, say

    def run(
        self, start: Fleet, warmth: tuple[float, float], begins: float, ends: float, enough_cny: float
    ) -> list[tuple[float, Fleet]]:
        """Return the fleets that rounds from ``start`` came to, with their values, the best first.

        A step may lose about ``warmth`` of the whole, at first and at last. It ends with the work, when the share
        ``ends`` of the time is over (it began at ``begins``), or when a fleet is worth ``enough_cny``.
        """
        grid = self.responder.grid
        found = [(self.responder.value_cny(start), start)]
        with ThreadPoolExecutor(CHAINS) as pool:
            for number in range(self.effort.work):
                if self.effort.left_s(ends) <= 0.0 or found[0][0] >= enough_cny or not grid.shifts:
                    break
                best_cny, best = found[0]
                done = max(number / self.effort.work, self.effort.done(begins, ends))
                warmth_cny = cooled_cny(best_cny, warmth, done)
                chain = partial(anneal, self.responder, best, warmth_cny, lambda: self.effort.left_s(ends) <= 0.0)
                seeds = [(grid.problem.seed, grid.per_h, number, which) for which in range(CHAINS)]
                fleets = list(pool.map(chain, map(np.random.default_rng, seeds)))
                found += [(self.responder.value_cny(fleet), fleet) for fleet in fleets]
                found.sort(key=lambda pair: -pair[0])
                if found[0][0] > best_cny:
                    self.say(found[0][0])
        return found
