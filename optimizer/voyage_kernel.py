"""The longest path through a vessel's shift, compiled: the exact answer to "what is the best voyage at these prices".

The states are (moment, place, load) on the quarter-hour clock, and, while something is on board, the hour in which
collecting began, as what a landed tonne is worth depends on its age. Every arc leads forward in time, so one sweep
finds the best value of every state:

* ``empty[t, d]``: out, at dock d with an empty hold;
* ``ready[t, i]``: rigged alongside patch i with an empty hold;
* ``laden[b, t, i, k]``: alongside patch i with k loads on board, the first of them collected in hour b;
* ``moored[b, t, d, k]``: at dock d so laden, before a call.

A *load* is what the vessel collects in a step; the last one may be a part. The way back is found by asking at each
state which arc made its value.
"""

from typing import Any

import numba
import numpy as np

NOTHING = -np.inf
COLLECT, CALL = 0, 1
"""Kinds of event: (COLLECT, step, patch, load number), (CALL, first step, dock, moment of the end)."""


@numba.njit(cache=True)
def sweep(legs: Any, sea: Any, quay: Any, vessel: Any, span: Any) -> Any:
    """Return the values (empty, ready, laden, moored); all steps are counted from ``span[0]``.

    ``legs``: between, between_nm, out, out_nm, home, home_nm, first_h, first_nm of the sailing table, the last two for
    the home dock. ``sea``: (workable (P, S), gain (P, S) in CNY per tonne,
    parting (P, S) in CNY for leaving a patch in a step). ``quay``: (landed (D, S + 1, B) in CNY per
    tonne, berth_sum (D, S + 1), closed_sum (D, S + 1)): the latter two summed up to each moment. ``vessel``: (load
    (K + 1,) in tonnes, call_steps (D, K + 1), CNY per step, CNY per nm, steps per hour, hours per step).
    ``span``: (first step, last moment).
    """
    between, between_nm, out, out_nm, home, home_nm, first_h, first_nm = legs
    workable, gain, parting = sea
    landed, berth_sum, closed_sum = quay
    load, call_steps, step_cny, nm_cny, per_h, step_h = vessel
    first, last = span
    n, patches, docks, top = last - first, workable.shape[0], landed.shape[0], len(load) - 1
    buckets = (last - 1) // per_h - first // per_h + 1
    empty = np.full((n + 1, docks), NOTHING)
    ready = np.full((n + 1, patches), NOTHING)
    laden = np.full((buckets, n + 1, patches, top + 1), NOTHING)
    moored = np.full((buckets, n + 1, docks, top + 1), NOTHING)
    reached = np.zeros((buckets, n + 1, patches), dtype=np.bool_)
    for t in range(n):
        at = first + t
        for d in range(docks):
            v = empty[t, d]
            if v == NOTHING:
                continue
            empty[t + 1, d] = max(empty[t + 1, d], v - step_cny)
            for i in range(patches):
                r = out[at, d, i]
                if 0 <= r < last:
                    ready[r - first, i] = max(
                        ready[r - first, i], v - ((r - at) * step_cny + out_nm[at, d, i] * nm_cny)
                    )
        now = at // per_h - first // per_h
        for i in range(patches):
            if not workable[i, at]:
                continue
            if first_h[at, i] >= first * step_h - 1e-9:
                ready[t, i] = max(ready[t, i], -first_cost(at, first_h[at, i], first_nm[at, i], vessel))
            v = ready[t, i]
            if v == NOTHING:
                continue
            ready[t + 1, i] = max(ready[t + 1, i], v - step_cny)
            laden[now, t + 1, i, 1] = max(laden[now, t + 1, i, 1], v + gain[i, at] * load[1] - step_cny)
            reached[now, t + 1, i] = True
        for b in range(min(now + 1, buckets)):
            for i in range(patches):
                if not reached[b, t, i]:
                    continue
                here = laden[b, t, i]
                if workable[i, at]:
                    stay = laden[b, t + 1, i]
                    reached[b, t + 1, i] = True
                    for k in range(1, top + 1):
                        stay[k] = max(stay[k], here[k] - step_cny)
                    for k in range(1, top):
                        stay[k + 1] = max(stay[k + 1], here[k] + gain[i, at] * (load[k + 1] - load[k]) - step_cny)
                for j in range(patches):
                    r = between[at, i, j]
                    if 0 <= r < last:
                        cost = (r - at) * step_cny + between_nm[at, i, j] * nm_cny - parting[i, at]
                        there = laden[b, r - first, j]
                        reached[b, r - first, j] = True
                        for k in range(1, top):
                            there[k] = max(there[k], here[k] - cost)
                for d in range(docks):
                    r = home[at, i, d]
                    if 0 <= r < last:
                        cost = (r - at) * step_cny + home_nm[at, i, d] * nm_cny - parting[i, at]
                        there = moored[b, r - first, d]
                        for k in range(1, top + 1):
                            there[k] = max(there[k], here[k] - cost)
            for d in range(docks):
                for k in range(1, top + 1):
                    v = moored[b, t, d, k]
                    if v == NOTHING:
                        continue
                    moored[b, t + 1, d, k] = max(moored[b, t + 1, d, k], v - step_cny)
                    end = at + call_steps[d, k]
                    if end <= last and closed_sum[d, end] == closed_sum[d, at]:
                        value = v + call_value(landed[d, end, b], load[k], berth_sum[d, end] - berth_sum[d, at])
                        value -= call_steps[d, k] * step_cny
                        empty[end - first, d] = max(empty[end - first, d], value)
    return empty, ready, laden, moored


@numba.njit(cache=True)
def first_cost(at: int, leave_h: float, miles: float, vessel: Any) -> Any:
    """Return what the way from home to a patch costs when the vessel is ready there at step ``at``."""
    _, _, step_cny, nm_cny, _, step_h = vessel
    return (at * step_h - leave_h) / step_h * step_cny + miles * nm_cny


@numba.njit(cache=True)
def call_value(landed: float, tonnes: float, berth: float) -> Any:
    """Return what a call is worth: its tonnes, less the price of the berth."""
    return tonnes * landed - berth


@numba.njit(cache=True)
def events(legs: Any, sea: Any, quay: Any, vessel: Any, span: Any, values: Any, t: int, d: int) -> Any:
    """Return the events (m, 4), last first, on the best way to ``empty[t, d]``; an empty array tells a broken table."""
    between, between_nm, out, out_nm, home, home_nm, first_h, first_nm = legs
    workable, gain, parting = sea
    landed, berth_sum, closed_sum = quay
    load, call_steps, step_cny, nm_cny, per_h, step_h = vessel
    first, last = span
    empty, ready, laden, moored = values
    buckets, _, patches, _ = laden.shape
    found = np.zeros((4 * (last - first) + 8, 4), dtype=np.int64)
    m = 0
    kind, b, place, k = 0, 0, d, 0  # kind: 0 empty, 1 moored, 2 laden, 3 ready
    while True:
        at = first + t
        moved = False
        if kind == 0:
            v = empty[t, place]
            if t > 0 and empty[t - 1, place] - step_cny == v:
                t, moved = t - 1, True
            for bb in range(buckets):
                if moved:
                    break
                for kk in range(1, len(load)):
                    u = t - call_steps[place, kk]
                    if u < 0 or moored[bb, u, place, kk] == NOTHING:
                        continue
                    if closed_sum[place, at] != closed_sum[place, first + u]:
                        continue
                    berth = berth_sum[place, at] - berth_sum[place, first + u]
                    value = moored[bb, u, place, kk] + call_value(landed[place, at, bb], load[kk], berth)
                    if value - call_steps[place, kk] * step_cny == v:
                        found[m, 0], found[m, 1], found[m, 2], found[m, 3] = CALL, first + u, place, at
                        m += 1
                        kind, b, k, t, moved = 1, bb, kk, u, True
                        break
        elif kind == 1:
            v = moored[b, t, place, k]
            if t > 0 and moored[b, t - 1, place, k] - step_cny == v:
                t, moved = t - 1, True
            for u in range(t - 1, -1, -1):
                if moved:
                    break
                for i in range(patches):
                    if home[first + u, i, place] == at and laden[b, u, i, k] != NOTHING:
                        cost = (t - u) * step_cny + home_nm[first + u, i, place] * nm_cny - parting[i, first + u]
                        if laden[b, u, i, k] - cost == v:
                            kind, place, t, moved = 2, i, u, True
                            break
        elif kind == 2:
            v = laden[b, t, place, k]
            before = first + t - 1
            if t > 0 and workable[place, before]:
                if k > 1 and laden[b, t - 1, place, k - 1] != NOTHING:
                    value = laden[b, t - 1, place, k - 1] + gain[place, before] * (load[k] - load[k - 1]) - step_cny
                    if value == v:
                        found[m, 0], found[m, 1], found[m, 2], found[m, 3] = COLLECT, before, place, k
                        m += 1
                        k, t, moved = k - 1, t - 1, True
                elif k == 1 and before // per_h - first // per_h == b and ready[t - 1, place] != NOTHING:
                    value = ready[t - 1, place] + gain[place, before] * load[1] - step_cny
                    if value == v:
                        found[m, 0], found[m, 1], found[m, 2], found[m, 3] = COLLECT, before, place, 1
                        m += 1
                        kind, t, moved = 3, t - 1, True
                if not moved and laden[b, t - 1, place, k] != NOTHING and laden[b, t - 1, place, k] - step_cny == v:
                    t, moved = t - 1, True
            for u in range(t - 1, -1, -1):
                if moved:
                    break
                for i in range(patches):
                    if between[first + u, i, place] == at and laden[b, u, i, k] != NOTHING:
                        cost = (t - u) * step_cny + between_nm[first + u, i, place] * nm_cny - parting[i, first + u]
                        if laden[b, u, i, k] - cost == v:
                            place, t, moved = i, u, True
                            break
        else:
            v = ready[t, place]
            in_time = first_h[at, place] >= first * step_h - 1e-9
            if in_time and -first_cost(at, first_h[at, place], first_nm[at, place], vessel) == v:
                return found[:m]
            if t > 0 and workable[place, at - 1] and ready[t - 1, place] - step_cny == v:
                t, moved = t - 1, True
            for u in range(t - 1, -1, -1):
                if moved:
                    break
                for dd in range(empty.shape[1]):
                    if out[first + u, dd, place] != at or empty[u, dd] == NOTHING:
                        continue
                    if empty[u, dd] - ((t - u) * step_cny + out_nm[first + u, dd, place] * nm_cny) == v:
                        kind, place, t, moved = 0, dd, u, True
                        break
        if not moved:
            return found[:0]
