"""Legs and voyages on a clock so fine that all its rounding may go in the boat's favour, compiled.

A moment belongs to the step that it falls in. What is told here of legs is never more than any boat needs, whenever
within the step it leaves; the sweep (after that of :mod:`optimizer.route_kernel`, but for values alone) is worth at
least as much as any voyage. :mod:`optimizer.fine_clock` says why.
"""

import math
from typing import Any

import numba
import numpy as np

NOTHING = -np.inf
NEVER = -1
COLLECT, PART, CALL = 0, 1, 2
"""Kinds of event: (COLLECT, step, patch, 0), (PART, step, patch, loads), (CALL, first step, quay, loads)."""
ROUNDS = 4
"""Of closing in on the earliest meeting, from below; each leaves a fifth of the error and less."""
NM_PER_LAT, NM_PER_LON = 59.69, 60.10
"""Nautical miles a degree, nowhere fewer on WGS-84: 110.574 km of latitude and 111.320 km of longitude at the equator
(the latter times the cosine of the latitude), less 0.01 %, which is more than the plane strays from geodesics of 60
miles within 60 degrees of the equator."""


@numba.njit(cache=True, nogil=True)
def apart_nm(ax: Any, ay: Any, bx: Any, by: Any, a: int, b: int) -> Any:
    """Return how near track ``b`` comes to track ``a`` at least, in straight miles, as both run for one step.

    ``ax``, ``ay`` and ``bx``, ``by`` are degrees by moment; the step of the one begins at ``a``, of the other at ``b``.
    """
    east = NM_PER_LON * math.cos(math.radians(0.5 * (ay[a] + by[b])))
    x, y = (bx[b] - ax[a]) * east, (by[b] - ay[a]) * NM_PER_LAT
    dx, dy = (bx[b + 1] - ax[a + 1]) * east - x, (by[b + 1] - ay[a + 1]) * NM_PER_LAT - y
    length = dx * dx + dy * dy
    share = 0.0 if length == 0.0 else min(max(-(x * dx + y * dy) / length, 0.0), 1.0)
    return math.hypot(x + share * dx, y + share * dy)


@numba.njit(cache=True, nogil=True)
def straight_nm(lon: float, lat: float, x: Any, y: Any) -> Any:
    """Return (P, S) how near each of the tracks ``x``, ``y`` (P, S + 1), degrees, comes to a place in every step."""
    patches, steps = x.shape[0], x.shape[1] - 1
    lies_x, lies_y = np.full(2, lon), np.full(2, lat)
    result = np.zeros((patches, steps))
    for p in range(patches):
        for s in range(steps):
            result[p, s] = apart_nm(lies_x, lies_y, x[p], y[p], 0, s)
    return result


@numba.njit(cache=True, nogil=True)
def meeting_h(from_x: Any, from_y: Any, to_x: Any, to_y: Any, at: int, least_h: float, pace: Any) -> Any:
    """Return for how long a boat sails at least that leaves one track in step ``at`` and meets the other, at best.

    It takes ``least_h`` anyway. ``pace``: (speed of the boat, of the other track at most, both in knots, steps an hour,
    miles that positions may be off).
    """
    speed_kn, drift_kn, per_h, off_nm = pace
    hours = least_h
    for _ in range(ROUNDS):
        sailed = int(hours * per_h)
        if at + sailed + 1 >= len(to_x):
            return math.inf
        short_nm = apart_nm(from_x, from_y, to_x, to_y, at, at + sailed) - off_nm - speed_kn * sailed / per_h
        later = sailed / per_h + short_nm / (speed_kn + drift_kn)
        if later <= hours:
            break
        hours = later
    return hours


@numba.njit(cache=True, nogil=True)
def between(x: Any, y: Any, mark_nm: Any, hourly_kn: Any, drift_kn: Any, ready_at: Any, boat: Any, span: Any) -> Any:
    """Return (n, P, P) the first step in which a boat that leaves patch i in a step is ready at j, and its miles.

    ``x``, ``y``: degrees (P, S + 1); ``mark_nm``: (H + 1, P, P) by sea at the hours; ``hourly_kn``: (P, H) and
    ``drift_kn``: (P,) at most; ``ready_at``: (P, S) the first step from each on in which a patch may be collected;
    ``boat``: (knots, hours of rigging, steps an hour, miles off); ``span``: (first step, last). Steps count from the
    span's first.
    """
    speed_kn, rigging_h, per_h, off_nm = boat
    first, last = span
    n, patches = last - first, len(drift_kn)
    steps, miles = np.full((n, patches, patches), NEVER, dtype=np.int32), np.zeros((n, patches, patches))
    for t in range(n):
        at = first + t
        hour = at // per_h
        since, until = (at + 1) / per_h - hour, hour + 1 - at / per_h
        for i in range(patches):
            for j in range(patches):
                least_h = 0.0
                pace = speed_kn, drift_kn[j], per_h, off_nm
                if i != j:
                    both_kn = hourly_kn[i, hour] + hourly_kn[j, hour]
                    far = max(mark_nm[hour, i, j] - both_kn * since, mark_nm[hour + 1, i, j] - both_kn * until)
                    least_h = max(far - off_nm, 0.0) / (speed_kn + drift_kn[j])
                    least_h = meeting_h(x[i], y[i], x[j], y[j], at, least_h, pace)
                steps[t, i, j] = ready_step(ready_at[j], at, least_h + rigging_h, per_h, span)
                miles[t, i, j] = least_h * speed_kn
    return steps, miles


@numba.njit(cache=True, nogil=True)
def out(x: Any, y: Any, places: Any, quay_nm: Any, drift_kn: Any, ready_at: Any, boat: Any, span: Any) -> Any:
    """Return (n, Q, P) the first step in which a boat that leaves a quay in a step is ready at a patch, and its miles.

    ``places``: (Q, 2) degrees; ``quay_nm``: (Q, P, S) miles at least in a step; the rest as in :func:`between`.
    """
    speed_kn, rigging_h, per_h, off_nm = boat
    first, last = span
    n, quays, patches = last - first, len(places), len(drift_kn)
    steps, miles = np.full((n, quays, patches), NEVER, dtype=np.int32), np.zeros((n, quays, patches))
    for d in range(quays):
        lies_x, lies_y = np.full(x.shape[1], places[d, 0]), np.full(x.shape[1], places[d, 1])
        for t in range(n):
            at = first + t
            for j in range(patches):
                pace = speed_kn, drift_kn[j], per_h, off_nm
                least_h = quay_nm[d, j, at] / (speed_kn + drift_kn[j])
                least_h = meeting_h(lies_x, lies_y, x[j], y[j], at, least_h, pace)
                steps[t, d, j] = ready_step(ready_at[j], at, least_h + rigging_h, per_h, span)
                miles[t, d, j] = least_h * speed_kn
    return steps, miles


@numba.njit(cache=True, nogil=True)
def ready_step(ready_at: Any, at: int, hours: float, per_h: int, span: Any) -> Any:
    """Return the first step, ``hours`` after ``at`` or later, in which a patch may be collected; else NEVER."""
    first, last = span
    if hours * per_h >= last - at:
        return NEVER
    step = ready_at[at + int(hours * per_h + 1e-9)]
    return step - first if 0 <= step < last else NEVER


@numba.njit(cache=True, nogil=True)
def sweep(legs: Any, sea: Any, quay: Any, boat: Any, bucket: Any) -> Any:
    """Return (n + 1, Q): the most that a voyage is worth that leaves a quay in a step with an empty hold.

    ``legs``: between (n, P, P) and its miles, out (n, Q, P) and its miles, home (n, P, Q) and its miles, first_cny
    (n, P), what it costs to be ready in a step at last, coming from home (inf where there is no time). ``sea``: collect
    (P, n), linger (P, n) whether a boat may collect and wait; gain, best_gain (P, n) CNY a tonne. ``quay``: landed
    (Q, n + 1, B) and best_landed (B, n + 1) CNY a tonne, berth_sum and closed_sum (Q, n + 1) summed up to each moment.
    ``boat``: tonnes that it carries (K + 1,) after each step of collecting, tonnes that a visit may take beyond
    (K + 1,), steps of a call (Q, K + 1), CNY a step, CNY a mile. ``bucket``: (n,) the bucket of what is born in a step.
    """
    between, between_nm, out, out_nm, home, home_nm, first_cny = legs
    collect, linger, gain, best_gain = sea
    landed, best_landed, berth_sum, closed_sum = quay
    load, beyond, call, step_cny, nm_cny = boat
    n, patches, quays, loads = len(bucket), collect.shape[0], landed.shape[0], len(load)
    buckets = landed.shape[2]
    empty = np.full((n + 1, quays), NOTHING)
    ready = np.full((n + 1, patches), NOTHING)
    laden = np.full((buckets, n + 1, patches, loads), NOTHING)
    moored = np.full((buckets, n + 1, quays, loads), NOTHING)
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
                laden[bucket[t], t, i, 0] = max(laden[bucket[t], t, i, 0], ready[t, i])
                reached[bucket[t], t, i] = True
        for b in range(bucket[t] + 1):
            for i in range(patches):
                if not reached[b, t, i]:
                    continue
                here = laden[b, t, i]
                if linger[i, t]:
                    reached[b, t + 1, i] = True
                    raise_to(laden[b, t + 1, i], here, step_cny, 0)
                    if collect[i, t]:
                        raise_to(laden[b, t + 1, i], here, step_cny - gain[i, t] * load[min(1, loads - 1)], 1)
                bonus = max(best_gain[i, t] + best_landed[b, t], 0.0)
                for k in range(loads):
                    parting[k] = here[k] + bonus * beyond[k]
                for j in range(patches):
                    r = between[t, i, j]
                    if r >= 0:
                        reached[b, r, j] = True
                        raise_to(laden[b, r, j], parting, (r - t) * step_cny + between_nm[t, i, j] * nm_cny, 0)
                for d in range(quays):
                    r = home[t, i, d]
                    if r >= 0:
                        called[b, r, d] = True
                        raise_to(moored[b, r, d], parting, (r - t) * step_cny + home_nm[t, i, d] * nm_cny, 0)
            for d in range(quays):
                if not called[b, t, d]:
                    continue
                called[b, t + 1, d] = True
                raise_to(moored[b, t + 1, d], moored[b, t, d], step_cny, 0)
                for k in range(loads):
                    end = t + call[d, k]
                    if end > n or closed_sum[d, end] != closed_sum[d, t + 1] or landed[d, end, b] == NOTHING:
                        continue
                    value = moored[b, t, d, k] + load[k] * landed[d, end, b] - call[d, k] * step_cny
                    empty[end, d] = max(empty[end, d], value - (berth_sum[d, end] - berth_sum[d, t + 1]))
    return empty, ready, laden, moored


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
    empty, ready, laden, moored = values
    buckets, patches = laden.shape[0], laden.shape[2]
    found = np.zeros((4 * len(bucket) + 8, 5), dtype=np.int64)
    m, kind, b, k = 0, 0, 0, 0  # kind: 0 empty, 1 moored, 2 laden, 3 ready
    while True:
        moved = False
        if kind == 0:
            v = empty[t, place]
            if t > 0 and empty[t - 1, place] - step_cny == v:
                t, moved = t - 1, True
            for bb in range(buckets):
                for kk in range(len(load)):
                    u = t - call[place, kk]
                    if moved or u < 0 or closed_sum[place, t] != closed_sum[place, u + 1]:
                        continue
                    if landed[place, t, bb] == NOTHING or moored[bb, u, place, kk] == NOTHING:
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
            for u in range(t - 1, -1, -1):
                for d in range(empty.shape[1]):
                    if moved or out[u, d, place] != t or empty[u, d] == NOTHING:
                        continue
                    if empty[u, d] - (t - u) * step_cny - out_nm[u, d, place] * nm_cny == v:
                        kind, place, t, moved = 0, d, u, True
        else:
            v = moored[b, t, place, k] if kind == 1 else laden[b, t, place, k]
            if kind == 1 and t > 0 and moored[b, t - 1, place, k] - step_cny == v:
                t, moved = t - 1, True
            if kind == 2 and k == 0 and bucket[t] == b and collect[place, t] and ready[t, place] == v:
                kind, moved = 3, True
            if kind == 2 and not moved and t > 0 and linger[place, t - 1]:
                more = step_cny - gain[place, t - 1] * load[min(1, len(load) - 1)]
                if laden[b, t - 1, place, k] - step_cny == v:
                    t, moved = t - 1, True
                elif k > 0 and collect[place, t - 1] and laden[b, t - 1, place, k - 1] - more == v:
                    found[m] = COLLECT, t - 1, place, 0, b
                    m, k, t, moved = m + 1, k - 1, t - 1, True
            for u in range(t, -1, -1):
                for i in range(patches):
                    r = home[u, i, place] if kind == 1 else between[u, i, place]
                    if moved or r != t or laden[b, u, i, k] == NOTHING:
                        continue
                    bonus = max(best_gain[i, u] + best_landed[b, u], 0.0)
                    miles = home_nm[u, i, place] if kind == 1 else between_nm[u, i, place]
                    if laden[b, u, i, k] + bonus * beyond[k] - ((r - u) * step_cny + miles * nm_cny) == v:
                        found[m] = PART, u, i, k, b
                        m, kind, place, t, moved = m + 1, 2, i, u, True
        if not moved:
            raise ValueError("The sweep holds a value that no arc leads to.")
