"""Voyages of all shifts annealed by small changes, each sailed in its own time: compiled.

Kirkpatrick et al. (1983), "Optimization by simulated annealing", Science 220. What is landed is worth the lowest of the
planes of the shore (:mod:`optimizer.ashore`).
"""

from typing import Any

import numba
import numpy as np

from optimizer.voyage_changes import ELSEWHERE, EXCHANGE, TAILS, change
from optimizer.voyage_kernel import SECOND_H, days_cny, enter, sail

TINY_CNY = 1e-6
"""Less is rounding."""


@numba.njit(cache=True, nogil=True)
def land(stops: Any, taken: Any, lots: Any, n: int, slopes: Any, told: Any, sign: float) -> None:
    """Add what the calls of a voyage land to what every plane tells, or with ``sign`` −1 take it away."""
    for i in range(n):
        if stops[i] < 0:
            tonnes, row = sign * taken[i], slopes[lots[i]]
            for plane in range(len(told)):
                told[plane] += tonnes * row[plane]


@numba.njit(cache=True, nogil=True)
def fit(
    rng: Any, k: int, stops: Any, want: Any, n: int, told: Any, used: Any, plan: Any, holds: Any,
    waters: Any, quays: Any, boats: Any,
) -> Any:  # fmt: skip
    """Sail ``stops``; where that ends too late, collect less somewhere. Return (whether, worth, number of stops)."""
    ok, worth, late, n = sail(k, stops, want, n, told, used, plan, holds, waters, quays, boats)
    if not ok or late <= 0.0:
        return ok, worth, n
    at = rng.integers(0, n)
    if stops[at] < 0:
        return False, 0.0, n
    call = at
    while stops[call] >= 0:
        call += 1
    pace = 1.0 / boats.rate_t_per_h[k] + 1.0 / quays.unload_t_per_h[-1 - stops[call]]
    want[at] = told[0][at] - (late + SECOND_H) / pace
    ok, worth, late, n = sail(k, stops, want, n, told, used, plan, holds, waters, quays, boats)
    return ok and late <= 0.0, worth, n


@numba.njit(cache=True, nogil=True)
def anneal(
    rng: Any, steps: int, warmth: float, movable: Any, shares: Any, now: Any, best: Any, holds: Any, heights: Any,
    slopes: Any, waters: Any, quays: Any, boats: Any,
) -> None:  # fmt: skip
    """Change the voyages ``now`` in ``steps`` steps, each of which may lose about ``warmth``, CNY.

    ``best``, the same at first, becomes the best on the way. Shifts ``movable`` may be changed, in ways of which
    ``shares`` (summed up) are drawn. ``heights`` (planes,) are what the planes tell of what is landed, ``slopes``
    (lots, planes) what a tonne more adds. ``holds``: all calls, as of :func:`berth_from`.
    """
    size = now.stops.shape[1]
    one, two = (np.empty(size, np.int32), np.empty(size)), (np.empty(size, np.int32), np.empty(size))
    told_one = (np.empty(size), np.empty(size), np.empty(size), np.empty(size, np.int32))
    told_two = (np.empty(size), np.empty(size), np.empty(size), np.empty(size, np.int32))
    used = np.zeros(len(now.left_t))
    planes, trial = heights.copy(), heights.copy()
    ashore, days, gained, most = planes.min(), days_cny(holds, quays), 0.0, 0.0
    for _ in range(steps):
        kind = np.searchsorted(shares, rng.random())
        k = movable[rng.integers(0, len(movable))]
        other = movable[rng.integers(0, len(movable))]
        n, m = change(rng, int(kind), k, other, one, two, now, waters, quays, boats)
        if n < 0:
            continue
        both = k != other and (kind in (ELSEWHERE, EXCHANGE) or kind >= TAILS)
        enter(k, now, holds, waters, -1)
        if both:
            enter(other, now, holds, waters, -1)
        fits, worth, n = fit(rng, k, one[0], one[1], n, told_one, used, now, holds, waters, quays, boats)
        other_worth = lands = more = 0.0
        before, before_other = now.number[k], now.number[other]
        if fits and both:
            let_in(k, one, told_one, n, now, holds, waters)  # the second is sailed beside the first
            fits, other_worth, m = fit(rng, other, two[0], two[1], m, told_two, used, now, holds, waters, quays, boats)
            take_out(k, one, told_one, before, now, holds, waters)
        enough = warmth * np.log(1.0 - rng.random())
        if fits:
            trial[:] = planes
            land(now.stops[k], now.taken_t[k], now.lot[k], now.number[k], slopes, trial, -1.0)
            land(one[0], told_one[0], told_one[3], n, slopes, trial, 1.0)
            more = worth - now.worth_cny[k]
            if both:
                land(now.stops[other], now.taken_t[other], now.lot[other], now.number[other], slopes, trial, -1.0)
                land(two[0], told_two[0], told_two[3], m, slopes, trial, 1.0)
                more += other_worth - now.worth_cny[other]
            lands = trial.min()
            more += lands - ashore
        is_kept = fits and more >= enough
        if is_kept:  # but for days out, which all calls together tell
            let_in(k, one, told_one, n, now, holds, waters)
            if both:
                let_in(other, two, told_two, m, now, holds, waters)
            days_out = days_cny(holds, quays)
            more += days - days_out
            is_kept = more >= enough
            if is_kept:
                now.worth_cny[k], days = worth, days_out
                if both:
                    now.worth_cny[other] = other_worth
                planes, trial, ashore = trial, planes, lands
                gained += more
                if gained > most + TINY_CNY:
                    most = gained
                    copy(now, best)
                continue
            take_out(k, one, told_one, before, now, holds, waters)
            if both:
                take_out(other, two, told_two, before_other, now, holds, waters)
        enter(k, now, holds, waters, 1)
        if both:
            enter(other, now, holds, waters, 1)


@numba.njit(cache=True, nogil=True)
def let_in(k: int, pair: Any, told: Any, n: int, plan: Any, holds: Any, waters: Any) -> None:
    """Let the voyage of ``n`` stops told beside the plan be voyage ``k``, of which nothing is entered."""
    swap(k, pair, told, n, plan)
    enter(k, plan, holds, waters, 1)


@numba.njit(cache=True, nogil=True)
def take_out(k: int, pair: Any, told: Any, before: int, plan: Any, holds: Any, waters: Any) -> None:
    """Undo that: the voyage that was there has ``before`` stops."""
    enter(k, plan, holds, waters, -1)
    swap(k, pair, told, before, plan)


@numba.njit(cache=True, nogil=True)
def swap(k: int, pair: Any, told: Any, n: int, plan: Any) -> None:
    """Let voyage ``k`` of the plan, and the one told beside it, change places; the plan's has ``n`` stops then."""
    for i in range(len(pair[0])):
        plan.stops[k, i], pair[0][i] = pair[0][i], plan.stops[k, i]
        plan.want_t[k, i], pair[1][i] = pair[1][i], plan.want_t[k, i]
        plan.taken_t[k, i], told[0][i] = told[0][i], plan.taken_t[k, i]
        plan.begin_h[k, i], told[1][i] = told[1][i], plan.begin_h[k, i]
        plan.end_h[k, i], told[2][i] = told[2][i], plan.end_h[k, i]
        plan.lot[k, i], told[3][i] = told[3][i], plan.lot[k, i]
    plan.number[k] = n


@numba.njit(cache=True, nogil=True)
def copy(plan: Any, into: Any) -> None:
    """Copy all of ``plan``."""
    into.stops[:] = plan.stops
    into.want_t[:] = plan.want_t
    into.taken_t[:] = plan.taken_t
    into.begin_h[:] = plan.begin_h
    into.end_h[:] = plan.end_h
    into.lot[:] = plan.lot
    into.number[:] = plan.number
    into.worth_cny[:] = plan.worth_cny
    into.left_t[:] = plan.left_t
