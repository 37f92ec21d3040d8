"""The longest path through a vessel's shift, compiled: the exact answer to "what is the best voyage at these prices".

The states are (moment, place, load) on the quarter-hour clock, and, while something is on board, the bucket of time in
which collecting began, as what a landed tonne is worth depends on its age. Every arc leads forward in time, so one
sweep finds the best value of every state:

* ``empty[t, q]``: out, at quay q with an empty hold;
* ``ready[b, t, i, k]``: rigged alongside patch i with k loads on board, the first of them collected in bucket b; with
  none on board (k = 0) the bucket is 0;
* ``laden[b, t, i, k]``: the same, having just ended a visit;
* ``moored[b, t, q, k]``: at quay q so laden, before a call.

A *load* is what the vessel collects in a quarter of an hour, one step or several; the last one may be a part. A visit
collects whole loads one after the other, and no more of them than the patch has; of these the last counts as a whole
load in the hold, though less is taken.
Each state keeps where it came from.
"""

from typing import Any

import numba
import numpy as np

NOTHING = -np.inf
WAITED, FROM_HOME = -1, -2
"""Instead of where a state came from: it was the same a step before; it is the first of the voyage."""
COLLECT, CALL = 0, 1
"""Kinds of event: (COLLECT, first step, patch, loads, load number before), (CALL, first step, quay, last moment, 0)."""


@numba.njit(cache=True, nogil=True)
def sweep(legs: Any, alive: Any, sea: Any, quay: Any, vessel: Any, span: Any) -> Any:
    """Return the values (empty, ready, laden, moored) and where they came from, in the same order.

    All moments are counted from ``span[0]``, and patches by their place in ``alive``, those that may be visited.
    ``legs``: between, between_nm, out, out_nm, home, home_nm, first_h,
    first_nm of the sailing table, the last two for the home dock. ``sea``: (runs (P, S + 1): for how many steps from
    each on the patch may be worked; gain (P, S + 1): CNY per tonne, summed up to each step; loads (P, S): how many
    loads a visit that begins there takes at most; part (P, S): which share of a load the last is; phantom (P, S): CNY
    per tonne that the hold counts and nobody took). ``quay``: (landed (Q, S + 1, B) in CNY per tonne, berth_sum
    (Q, S + 1), closed_sum (Q, S + 1)): the latter two summed up to each moment. ``vessel``: (load (K + 1,) in tonnes,
    call_steps (Q, K + 1), CNY per step, CNY per nm, steps per bucket, hours per step, steps per load). ``span``: (first
    step, last moment).
    """
    between, between_nm, out, out_nm, home, home_nm, first_h, first_nm = legs
    runs, gain, loads, part, phantom = sea
    landed, berth_sum, closed_sum = quay
    load, call_steps, step_cny, nm_cny, per_bucket, step_h, per_load = vessel
    first, last = span
    n, patches, quays, top = last - first, len(alive), landed.shape[0], len(load) - 1
    buckets = (last - 1) // per_bucket - first // per_bucket + 1
    each, share = load[1], 1.0 / per_load
    empty = np.full((n + 1, quays), NOTHING)
    ready = np.full((buckets, n + 1, patches, top + 1), NOTHING)
    laden = np.full((buckets, n + 1, patches, top + 1), NOTHING)
    moored = np.full((buckets, n + 1, quays, top + 1), NOTHING)
    empty_of = np.full((n + 1, quays), WAITED, dtype=np.int32)
    ready_of = np.full((buckets, n + 1, patches, top + 1), WAITED, dtype=np.int32)
    laden_of = np.full((buckets, n + 1, patches, top + 1), WAITED, dtype=np.int32)
    moored_of = np.full((buckets, n + 1, quays, top + 1), WAITED, dtype=np.int32)
    for t in range(n):
        at = first + t
        now = at // per_bucket - first // per_bucket
        for q in range(quays):
            v = empty[t, q]
            if v == NOTHING:
                continue
            if v - step_cny > empty[t + 1, q]:
                empty[t + 1, q], empty_of[t + 1, q] = v - step_cny, WAITED
            for i in range(patches):
                r = out[at, q, alive[i]]
                if 0 <= r < last:
                    value = v - ((r - at) * step_cny + out_nm[at, q, alive[i]] * nm_cny)
                    if value > ready[0, r - first, i, 0]:
                        ready[0, r - first, i, 0], ready_of[0, r - first, i, 0] = value, t * quays + q
        for i in range(patches):
            p = alive[i]
            run = runs[p, at]
            if run == 0:
                continue
            if first_h[at, p] >= first * step_h - 1e-9:
                value = -first_cost(at, first_h[at, p], first_nm[at, p], vessel)
                if value > ready[0, t, i, 0]:
                    ready[0, t, i, 0], ready_of[0, t, i, 0] = value, FROM_HOME
            most = min(run // per_load, loads[p, at])
            whole = loads[p, at]
            for b in range(now + 1):
                for k in range(top):
                    if k == 0 and b > 0:
                        continue
                    v = ready[b, t, i, k]
                    if v == NOTHING:
                        continue
                    if t + 1 < n and v - step_cny > ready[b, t + 1, i, k]:
                        ready[b, t + 1, i, k], ready_of[b, t + 1, i, k] = v - step_cny, WAITED
                    into = now if k == 0 else b
                    for m in range(1, min(most, top - k, (n - t) // per_load) + 1):
                        u = t + m * per_load
                        taken = (gain[p, first + u - per_load] - gain[p, at]) * each * share
                        final = (gain[p, first + u] - gain[p, first + u - per_load]) * share
                        size = load[k + m] - load[k + m - 1]
                        if m == whole and part[p, at] * each < size:
                            value = taken + final * part[p, at] * each - phantom[p, at] * (size - part[p, at] * each)
                        else:
                            value = taken + final * size
                        value += v - m * per_load * step_cny
                        if value > laden[into, u, i, k + m]:
                            laden[into, u, i, k + m], laden_of[into, u, i, k + m] = value, m
        for b in range(now + 1):
            for i in range(patches):
                here = laden[b, t, i]
                some = False
                for k in range(1, top + 1):
                    if here[k] > NOTHING:
                        some = True
                        break
                if not some:
                    continue
                for j in range(patches):
                    r = between[at, alive[i], alive[j]]
                    if 0 <= r < last:
                        cost = (r - at) * step_cny + between_nm[at, alive[i], alive[j]] * nm_cny
                        there, whence = ready[b, r - first, j], ready_of[b, r - first, j]
                        for k in range(1, top):
                            if here[k] - cost > there[k]:
                                there[k], whence[k] = here[k] - cost, t * patches + i
                for q in range(quays):
                    r = home[at, alive[i], q]
                    if 0 <= r < last:
                        cost = (r - at) * step_cny + home_nm[at, alive[i], q] * nm_cny
                        there, whence = moored[b, r - first, q], moored_of[b, r - first, q]
                        for k in range(1, top + 1):
                            if here[k] - cost > there[k]:
                                there[k], whence[k] = here[k] - cost, t * patches + i
            for q in range(quays):
                for k in range(1, top + 1):
                    v = moored[b, t, q, k]
                    if v == NOTHING:
                        continue
                    if v - step_cny > moored[b, t + 1, q, k]:
                        moored[b, t + 1, q, k], moored_of[b, t + 1, q, k] = v - step_cny, WAITED
                    end = at + call_steps[q, k]
                    if end <= last and closed_sum[q, end] == closed_sum[q, at]:
                        value = v + load[k] * landed[q, end, b] - (berth_sum[q, end] - berth_sum[q, at])
                        value -= call_steps[q, k] * step_cny
                        if value > empty[end - first, q]:
                            empty[end - first, q] = value
                            empty_of[end - first, q] = (b * (n + 1) + t) * (top + 1) + k
    return (empty, ready, laden, moored), (empty_of, ready_of, laden_of, moored_of)


@numba.njit(cache=True, nogil=True)
def first_cost(at: int, leave_h: float, miles: float, vessel: Any) -> Any:
    """Return what the way from home to a patch costs when the vessel is ready there at step ``at``."""
    _, _, step_cny, nm_cny, _, step_h, _ = vessel
    return (at * step_h - leave_h) / step_h * step_cny + miles * nm_cny


@numba.njit(cache=True, nogil=True)
def events(legs: Any, alive: Any, whence: Any, first: int, per_load: int, t: int, q: int) -> Any:
    """Return the best way to ``empty[t, q]``: its events (m, 5), last first, its miles, and when it leaves home, h."""
    _, between_nm, _, out_nm, _, home_nm, first_h, first_nm = legs
    empty_of, ready_of, laden_of, moored_of = whence
    _, moments, patches, loads = laden_of.shape
    quays = empty_of.shape[1]
    found = np.zeros((2 * moments + 8, 5), dtype=np.int64)
    number = 0
    miles = 0.0
    while True:
        while empty_of[t, q] == WAITED:
            t -= 1
        rest, k = divmod(empty_of[t, q], loads)
        b, u = divmod(rest, moments)
        found[number] = np.array([CALL, first + u, q, first + t, 0])
        number += 1
        t = u
        while moored_of[b, t, q, k] == WAITED:
            t -= 1
        t, i = divmod(moored_of[b, t, q, k], patches)
        miles += home_nm[first + t, alive[i], q]
        while True:
            m = laden_of[b, t, i, k]
            t, k = t - m * per_load, k - m
            found[number] = np.array([COLLECT, first + t, alive[i], m, k])
            number += 1
            c = 0 if k == 0 else b
            while ready_of[c, t, i, k] == WAITED:
                t -= 1
            origin = ready_of[c, t, i, k]
            if origin == FROM_HOME:
                return found[:number], miles + first_nm[first + t, alive[i]], first_h[first + t, alive[i]]
            if k == 0:
                t, q = divmod(origin, quays)
                miles += out_nm[first + t, q, alive[i]]
                break
            t, j = divmod(origin, patches)
            miles += between_nm[first + t, alive[j], alive[i]]
            i = j
