"""The best voyages on the fine clock, compiled; :mod:`optimizer.fine_clock` says why none in continuous time is better.

The states are those of a vessel at the start of a step:

* ``empty[t, d]``: out, at quay d with an empty hold;
* ``ready[t, i]``: rigged alongside patch i with an empty hold;
* ``laden[b, t, i, k]``: alongside patch i with k loads on board, the first tonne collected in a step of bucket b;
* ``moored[b, t, d, k]``: at quay d so laden, before a call.

A *load* is what the vessel collects in a step. The way back is found by asking at each state which arc made its value.
"""

from typing import Any

import numba
import numpy as np

NOTHING = -np.inf
COLLECT, PART, CALL = 0, 1, 2
"""Kinds of event: (COLLECT, step, patch, 0), (PART, step, patch, loads), (CALL, first step, quay, loads)."""


@numba.njit(cache=True, nogil=True)
def sweep(legs: Any, sea: Any, quay: Any, boat: Any, bucket: Any) -> Any:
    """Return the values (empty, ready, laden, moored), and which rows of the latter two are known.

    ``legs``: between (n, P, P) and its miles, out (n, Q, P) and its miles, home (n, P, Q) and its miles, first_cny
    (n, P), what it costs to be ready in a step at last, coming from home (inf where there is no time). ``sea``: collect
    (P, n), linger (P, n) whether a boat may collect and wait; gain, best_gain (P, n) CNY a tonne. ``quay``: landed
    (Q, n + 1, B) and best_landed (B, n + 1) CNY a tonne, berth_sum and closed_sum (Q, n + 1) summed up to each moment.
    ``boat``: tonnes that it carries (K + 1,) after each step of collecting, what a visit may take beyond that (K + 1,),
    steps of a call (Q, K + 1), CNY a step, CNY a mile. ``bucket``: (n,) the bucket of what is born in a step.
    """
    between, between_nm, out, out_nm, home, home_nm, first_cny = legs
    collect, linger, gain, best_gain = sea
    landed, best_landed, berth_sum, closed_sum = quay
    load, beyond, call, step_cny, nm_cny = boat
    n, patches, quays, loads = len(bucket), collect.shape[0], landed.shape[0], len(load)
    buckets = landed.shape[2]
    empty = np.full((n + 1, quays), NOTHING)
    ready = np.full((n + 1, patches), NOTHING)
    laden = np.empty((buckets, n + 1, patches, loads))
    moored = np.empty((buckets, n + 1, quays, loads))
    reached = np.zeros((buckets, n + 1, patches), dtype=np.bool_)
    called = np.zeros((buckets, n + 1, quays), dtype=np.bool_)
    parting = np.empty(loads)
    for t in range(n):
        for d in range(quays):
            if empty[t, d] == NOTHING:
                continue
            empty[t + 1, d] = max(empty[t + 1, d], empty[t, d] - step_cny)
            for i in range(patches):
                r = out[t, d, i]
                if r >= 0:
                    ready[r, i] = max(ready[r, i], empty[t, d] - (r - t) * step_cny - out_nm[t, d, i] * nm_cny)
        for i in range(patches):
            if not linger[i, t]:
                continue
            ready[t, i] = max(ready[t, i], -first_cny[t, i])
            if ready[t, i] == NOTHING:
                continue
            ready[t + 1, i] = max(ready[t + 1, i], ready[t, i] - step_cny)
            if collect[i, t]:
                here = row(laden, reached, bucket[t], t, i)
                here[0] = max(here[0], ready[t, i])
        for b in range(bucket[t] + 1):
            for i in range(patches):
                if not reached[b, t, i]:
                    continue
                here = laden[b, t, i]
                if linger[i, t]:
                    stay = row(laden, reached, b, t + 1, i)
                    raise_to(stay, here, step_cny, 0)
                    if collect[i, t]:
                        raise_to(stay, here, step_cny - gain[i, t] * load[min(1, loads - 1)], 1)
                bonus = max(best_gain[i, t] + best_landed[b, t], 0.0)
                for k in range(loads):
                    parting[k] = here[k] + bonus * beyond[k]
                for j in range(patches):
                    r = between[t, i, j]
                    if r >= 0:
                        cost = (r - t) * step_cny + between_nm[t, i, j] * nm_cny
                        raise_to(row(laden, reached, b, r, j), parting, cost, 0)
                for d in range(quays):
                    r = home[t, i, d]
                    if r >= 0 and closed_sum[d, n] < n:
                        cost = (r - t) * step_cny + home_nm[t, i, d] * nm_cny
                        raise_to(row(moored, called, b, r, d), parting, cost, 0)
            for d in range(quays):
                if not called[b, t, d]:
                    continue
                raise_to(row(moored, called, b, t + 1, d), moored[b, t, d], step_cny, 0)
                for k in range(loads):
                    end = t + call[d, k]
                    if end > n or closed_sum[d, end] != closed_sum[d, t + 1] or landed[d, end, b] == NOTHING:
                        continue
                    value = moored[b, t, d, k] + load[k] * landed[d, end, b] - call[d, k] * step_cny
                    empty[end, d] = max(empty[end, d], value - (berth_sum[d, end] - berth_sum[d, t + 1]))
    return empty, ready, laden, moored, reached, called


@numba.njit(cache=True, nogil=True)
def row(values: Any, known: Any, b: int, t: int, place: int) -> Any:
    """Return the values of all loads at a place; where none was known, all are NOTHING from now on."""
    here = values[b, t, place]
    if not known[b, t, place]:
        known[b, t, place] = True
        here[:] = NOTHING
    return here


@numba.njit(cache=True, nogil=True)
def raise_to(there: Any, here: Any, cost: float, more: int) -> None:
    """Raise the values of ``there``, of states ``more`` loads fuller, to those of ``here`` less ``cost``."""
    for k in range(len(here) - more):
        value = here[k] - cost
        if value > there[k + more]:
            there[k + more] = value


@numba.njit(cache=True, nogil=True)
def events(legs: Any, sea: Any, quay: Any, boat: Any, bucket: Any, values: Any, t: int, place: int) -> Any:
    """Return the events (m, 5), last first, of a voyage that makes the value of ``empty[t, place]``.

    The last figure of each is the bucket of what is on board.
    """
    between, between_nm, out, out_nm, home, home_nm, first_cny = legs
    collect, linger, gain, best_gain = sea
    landed, best_landed, berth_sum, closed_sum = quay
    load, beyond, call, step_cny, nm_cny = boat
    empty, ready, laden, moored, reached, called = values
    buckets, patches = laden.shape[0], laden.shape[2]
    found = np.zeros((4 * len(bucket) + 8, 5), dtype=np.int64)
    m, kind, b, k = 0, 0, 0, 0  # kind: 0 empty, 1 moored, 2 laden, 3 ready
    while True:
        moved = False
        if kind == 0:
            v = empty[t, place]
            if t > 0 and empty[t - 1, place] - step_cny == v:
                t, moved = t - 1, True
            for bb in range(0 if moved else buckets):
                for kk in range(len(load)):
                    u = t - call[place, kk]
                    if moved or u < 0 or closed_sum[place, t] != closed_sum[place, u + 1]:
                        continue
                    if landed[place, t, bb] == NOTHING or not called[bb, u, place]:
                        continue
                    value = moored[bb, u, place, kk] + load[kk] * landed[place, t, bb] - call[place, kk] * step_cny
                    if value - (berth_sum[place, t] - berth_sum[place, u + 1]) == v:
                        found[m] = CALL, u, place, kk, bb
                        m, kind, b, k, t, moved = m + 1, 1, bb, kk, u, True
        elif kind == 3:
            v = ready[t, place]
            if linger[place, t] and -first_cny[t, place] == v:
                return found[:m]
            if t > 0 and linger[place, t - 1] and ready[t - 1, place] - step_cny == v:
                t, moved = t - 1, True
            for u in range(-1 if moved else t - 1, -1, -1):
                for d in range(empty.shape[1]):
                    if moved or out[u, d, place] != t or empty[u, d] == NOTHING:
                        continue
                    if empty[u, d] - (t - u) * step_cny - out_nm[u, d, place] * nm_cny == v:
                        kind, place, t, moved = 0, d, u, True
        else:
            v = moored[b, t, place, k] if kind == 1 else laden[b, t, place, k]
            if kind == 1 and t > 0 and called[b, t - 1, place] and moored[b, t - 1, place, k] - step_cny == v:
                t, moved = t - 1, True
            if kind == 2 and k == 0 and bucket[t] == b and collect[place, t] and ready[t, place] == v:
                kind, moved = 3, True
            if kind == 2 and not moved and t > 0 and linger[place, t - 1] and reached[b, t - 1, place]:
                more = step_cny - gain[place, t - 1] * load[min(1, len(load) - 1)]
                if laden[b, t - 1, place, k] - step_cny == v:
                    t, moved = t - 1, True
                elif k > 0 and collect[place, t - 1] and laden[b, t - 1, place, k - 1] - more == v:
                    found[m] = COLLECT, t - 1, place, 0, b
                    m, k, t, moved = m + 1, k - 1, t - 1, True
            for u in range(-1 if moved else t, -1, -1):
                for i in range(patches):
                    r = home[u, i, place] if kind == 1 else between[u, i, place]
                    if moved or r != t or not reached[b, u, i]:
                        continue
                    bonus = max(best_gain[i, u] + best_landed[b, u], 0.0)
                    miles = home_nm[u, i, place] if kind == 1 else between_nm[u, i, place]
                    if laden[b, u, i, k] + bonus * beyond[k] - ((r - u) * step_cny + miles * nm_cny) == v:
                        found[m] = PART, u, i, k, b
                        m, kind, place, t, moved = m + 1, 2, i, u, True
        if not moved:
            raise ValueError("The sweep holds a value that no arc leads to.")
