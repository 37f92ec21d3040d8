"""The longest path through a vessel's shift, compiled: the exact answer to "what is the best voyage at these prices".

The states are (moment, place, load) on the clock of the boats, and, while something is on board, the bucket of time in
which collecting began, as what a landed tonne is worth depends on its age. Every arc leads forward in time, so one
sweep finds the best value of every state, and a *stage* g tells how much of what the dispatchers ordered has been done
(:mod:`optimizer.course`):

* ``empty[g, t, q]``: out, at quay q with an empty hold;
* ``ready[g, b, t, i, k]``: rigged alongside patch i with k shares on board, the first of them collected in bucket b;
  with none on board (k = 0) the bucket is 0;
* ``laden[g, b, t, i, k]``: the same, having just ended a visit;
* ``moored[g, b, t, q, k]``: at quay q so laden, before a call.

A *load* is what the vessel collects in a quarter of an hour, one step or several. A visit collects whole loads one
after the other; the last is a part where the hold is full or the patch has no more. The hold is told in *shares* of a
load, k of them: a part is rounded up to whole ones.
Each state keeps where it came from. What a place holds is not known before it may be reached.
"""

from typing import Any

import numba
import numpy as np

NOTHING = -np.inf
WAITED, FROM_HOME = -1, -2
"""Instead of where a state came from: it was the same a step before; it is the first of the voyage."""
COLLECT, CALL = 0, 1
"""Kinds of event: (COLLECT, first step, patch, loads, shares on board before), (CALL, first step, quay, last moment,
0)."""


@numba.njit(cache=True, nogil=True)
def sweep(legs: Any, alive: Any, sea: Any, quay: Any, vessel: Any, span: Any, course: Any) -> Any:
    """Return the values (empty, ready, laden, moored) and where they came from, in the same order.

    All moments are counted from ``span[0]``, and patches by their place in ``alive``, those that may be visited.
    ``legs``: between, between_nm, out, out_nm, home, home_nm, first_h, first_nm of the sailing table, the last two for
    the home dock. ``sea``: (runs (P, S + 1): for how many steps from each on the patch may be worked; gain (P, S + 1):
    CNY per tonne, summed up to each step; loads (P, S): how many loads a visit that begins there takes at most; part
    (P, S): which share of a load the last is; phantom (P, S): CNY per tonne that the hold counts and nobody took).
    ``quay``: (landed (Q, S + 1, B) in CNY per tonne, berth_sum (Q, S + 1), closed_sum (Q, S + 1)): the latter two
    summed up to each moment. ``vessel``: (load (K + 1,) in tonnes, call_steps (Q, K + 1), CNY per step, CNY per nm,
    steps per bucket, hours per step, steps per load, tonnes of a load, shares of a load). ``span``: (first step, last
    moment). ``course``: (visit (G, P, S), call (G, Q, S)): the stage after one begins in a step, -1 where none may;
    (visit_cny (P, S), call_cny (Q, S)): what it is worth that one begins there then.
    """
    between, between_nm, out, out_nm, home, home_nm, first_h, first_nm = legs
    runs, gain, loads, part, phantom = sea
    landed, berth_sum, closed_sum = quay
    load, call_steps, step_cny, nm_cny, per_bucket, step_h, per_load, each, shares = vessel
    first, last = span
    visit, call, visit_cny, call_cny = course
    n, patches, quays, top = last - first, len(alive), landed.shape[0], len(load) - 1
    buckets, stages = (last - 1) // per_bucket - first // per_bucket + 1, visit.shape[0]
    begun, final, whole = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    grows = np.zeros(n + 1, dtype=np.int64)
    empty = np.full((stages, n + 1, quays), NOTHING)
    empty_of = np.full((stages, n + 1, quays), WAITED, dtype=np.int32)
    alongside, at_quay = (stages, buckets, n + 1, patches, top + 1), (stages, buckets, n + 1, quays, top + 1)
    all_ready, all_ready_of, was_ready = room(alongside)
    all_laden, all_laden_of, was_laden = room(alongside)
    all_moored, all_moored_of, was_moored = room(at_quay)
    for turn in range(n * stages):
        t, g = turn // stages, turn % stages
        at = first + t
        now = at // per_bucket - first // per_bucket
        out_here, out_of = empty[g], empty_of[g]
        ready, ready_of, is_ready = all_ready[g], all_ready_of[g], was_ready[g]
        for q in range(quays):
            v = out_here[t, q]
            if v == NOTHING:
                continue
            if v - step_cny > out_here[t + 1, q]:
                out_here[t + 1, q], out_of[t + 1, q] = v - step_cny, WAITED
            for i in range(patches):
                r = out[at, q, alive[i]]
                if 0 <= r < last:
                    value = v - ((r - at) * step_cny + out_nm[at, q, alive[i]] * nm_cny)
                    if not is_ready[0, r - first, i]:
                        clear(ready, ready_of, is_ready, 0, r - first, i)
                    if value > ready[0, r - first, i, 0]:
                        ready[0, r - first, i, 0], ready_of[0, r - first, i, 0] = value, t * quays + q
        for i in range(patches):
            p = alive[i]
            run = runs[p, at]
            if run == 0:
                continue
            if g == 0 and first_h[at, p] >= first * step_h - 1e-9:
                value = -first_cost(at, first_h[at, p], first_nm[at, p], vessel)
                if not is_ready[0, t, i]:
                    clear(ready, ready_of, is_ready, 0, t, i)
                if value > ready[0, t, i, 0]:
                    ready[0, t, i, 0], ready_of[0, t, i, 0] = value, FROM_HOME
            stage = visit[g, p, at]
            most = min(run // per_load, loads[p, at], (n - t) // per_load) if stage >= 0 else 0
            laden, laden_of, is_laden = all_laden[max(stage, 0)], all_laden_of[max(stage, 0)], was_laden[max(stage, 0)]
            most = min(most, (top + shares - 1) // shares)
            for m in range(1, most + 1):
                before = at + (m - 1) * per_load
                begun[m] = (gain[p, before] - gain[p, at]) * each / per_load - m * per_load * step_cny
                begun[m] += visit_cny[p, at]
                final[m] = (gain[p, before + per_load] - gain[p, before]) / per_load
                part_here = part[p, at] if m == loads[p, at] else 1.0
                whole[m], grows[m] = part_here * each, int(np.ceil(part_here * shares - 1e-9))
            for b in range(now + 1):
                if not is_ready[b, t, i]:
                    continue
                if t + 1 < n and not is_ready[b, t + 1, i]:
                    clear(ready, ready_of, is_ready, b, t + 1, i)
                for m in range(1, most + 1):
                    u = t + m * per_load
                    if not is_laden[b, u, i]:
                        clear(laden, laden_of, is_laden, b, u, i)
                    if b == 0 and not is_laden[now, u, i]:
                        clear(laden, laden_of, is_laden, now, u, i)
                for k in range(top):
                    v = ready[b, t, i, k]
                    if v == NOTHING:
                        continue
                    if t + 1 < n and v - step_cny > ready[b, t + 1, i, k]:
                        ready[b, t + 1, i, k], ready_of[b, t + 1, i, k] = v - step_cny, WAITED
                    into = now if k == 0 else b
                    for m in range(1, min(most, (top - k + shares - 1) // shares) + 1):
                        u = t + m * per_load
                        start = k + (m - 1) * shares
                        to = min(start + grows[m], top)
                        taken = min(whole[m], load[to] - load[start])
                        value = v + begun[m] + final[m] * taken - phantom[p, at] * (load[to] - load[start] - taken)
                        if value > laden[into, u, i, to]:
                            laden[into, u, i, to] = value
                            laden_of[into, u, i, to] = (g * (n + 1) + m) * (top + 1) + k
        moored, moored_of, is_moored = all_moored[g], all_moored_of[g], was_moored[g]
        for b in range(now + 1):
            for i in range(patches):
                if not was_laden[g, b, t, i]:
                    continue
                here = all_laden[g, b, t, i]
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
                        if not is_ready[b, r - first, j]:
                            clear(ready, ready_of, is_ready, b, r - first, j)
                        for k in range(1, top):
                            if here[k] - cost > ready[b, r - first, j, k]:
                                ready[b, r - first, j, k] = here[k] - cost
                                ready_of[b, r - first, j, k] = t * patches + i
                for q in range(quays):
                    r = home[at, alive[i], q]
                    if 0 <= r < last:
                        cost = (r - at) * step_cny + home_nm[at, alive[i], q] * nm_cny
                        if not is_moored[b, r - first, q]:
                            clear(moored, moored_of, is_moored, b, r - first, q)
                        for k in range(1, top + 1):
                            if here[k] - cost > moored[b, r - first, q, k]:
                                moored[b, r - first, q, k] = here[k] - cost
                                moored_of[b, r - first, q, k] = t * patches + i
            for q in range(quays):
                if not is_moored[b, t, q]:
                    continue
                if not is_moored[b, t + 1, q]:
                    clear(moored, moored_of, is_moored, b, t + 1, q)
                stage = call[g, q, at]
                for k in range(1, top + 1):
                    v = moored[b, t, q, k]
                    if v == NOTHING:
                        continue
                    if v - step_cny > moored[b, t + 1, q, k]:
                        moored[b, t + 1, q, k], moored_of[b, t + 1, q, k] = v - step_cny, WAITED
                    end = at + call_steps[q, k]
                    if stage >= 0 and end <= last and closed_sum[q, end] == closed_sum[q, at]:
                        value = v + load[k] * landed[q, end, b] - (berth_sum[q, end] - berth_sum[q, at])
                        value += call_cny[q, at] - call_steps[q, k] * step_cny
                        if value > empty[stage, end - first, q]:
                            empty[stage, end - first, q] = value
                            empty_of[stage, end - first, q] = ((g * buckets + b) * (n + 1) + t) * (top + 1) + k
    values = empty, all_ready, all_laden, all_moored
    return values, (empty_of, all_ready_of, all_laden_of, all_moored_of)


@numba.njit(cache=True, nogil=True)
def room(shape: Any) -> Any:
    """Return room for values, for where they came from, and at which places they are known: nowhere yet."""
    return np.empty(shape), np.empty(shape, dtype=np.int32), np.zeros(shape[:4], dtype=np.bool_)


@numba.njit(cache=True, nogil=True)
def clear(values: Any, whence: Any, known: Any, b: int, t: int, place: int) -> None:
    """Let the values of all loads at a place be NOTHING."""
    known[b, t, place] = True
    values[b, t, place, :] = NOTHING
    whence[b, t, place, :] = WAITED


@numba.njit(cache=True, nogil=True)
def first_cost(at: int, leave_h: float, miles: float, vessel: Any) -> Any:
    """Return what the way from home to a patch costs when the vessel is ready there at step ``at``."""
    _, _, step_cny, nm_cny, _, step_h, _, _, _ = vessel
    return (at * step_h - leave_h) / step_h * step_cny + miles * nm_cny


@numba.njit(cache=True, nogil=True)
def events(legs: Any, alive: Any, whence: Any, first: int, per_load: int, g: int, t: int, q: int) -> Any:
    """Return the best way to ``empty[g, t, q]``: its events (m, 5), last first, its miles, and when it leaves, h."""
    _, between_nm, _, out_nm, _, home_nm, first_h, first_nm = legs
    empty_of, ready_of, laden_of, moored_of = whence
    _, buckets, moments, patches, loads = laden_of.shape
    quays = empty_of.shape[2]
    found = np.zeros((2 * moments + 8, 5), dtype=np.int64)
    number = 0
    miles = 0.0
    while True:
        while empty_of[g, t, q] == WAITED:
            t -= 1
        rest, k = divmod(empty_of[g, t, q], loads)
        rest, u = divmod(rest, moments)
        g, b = divmod(rest, buckets)
        found[number] = np.array([CALL, first + u, q, first + t, 0])
        number += 1
        t = u
        while moored_of[g, b, t, q, k] == WAITED:
            t -= 1
        t, i = divmod(moored_of[g, b, t, q, k], patches)
        miles += home_nm[first + t, alive[i], q]
        while True:
            rest, k = divmod(laden_of[g, b, t, i, k], loads)
            g, m = divmod(rest, moments)
            t -= m * per_load
            found[number] = np.array([COLLECT, first + t, alive[i], m, k])
            number += 1
            c = 0 if k == 0 else b
            while ready_of[g, c, t, i, k] == WAITED:
                t -= 1
            origin = ready_of[g, c, t, i, k]
            if origin == FROM_HOME:
                return found[:number], miles + first_nm[first + t, alive[i]], first_h[first + t, alive[i]]
            if k == 0:
                t, q = divmod(origin, quays)
                miles += out_nm[first + t, q, alive[i]]
                break
            t, j = divmod(origin, patches)
            miles += between_nm[first + t, alive[j], alive[i]]
            i = j
