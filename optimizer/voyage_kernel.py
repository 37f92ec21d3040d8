"""A voyage as a row of stops, sailed as soon as it can be: compiled.

A stop is a patch p ≥ 0, or a call −1 − q at quay q; a voyage ends with a call. Hours run from the problem's start.
Times are no clock's: ways are as long as the tables tell between their marks, calls wait for berths and windows.
"""

from typing import Any, NamedTuple

import numba
import numpy as np

ALL_T = 1e9
"""Wanted of a patch: all there is, and the hold takes."""
LEAST_T = 0.5
"""示例. Less of a patch than this nobody goes for."""
MARGIN_H = 20 / 3600
"""Added to every way, as patches drift while times move."""
SECOND_H = 1 / 3600
NOT_AT_ALL = (False, 0.0, 0.0, 0)
"""What :func:`sail` tells of a voyage that cannot be made."""


class Waters(NamedTuple):
    """What never changes; T marks of the tables, P patches, Q quays, S steps of the series."""

    between_nm: Any
    """(kinds, P, P, T), nan where there is no way; marks that follow one another lie side by side in memory."""
    out_nm: Any
    """(kinds, Q, P, T)."""
    home_nm: Any
    """(kinds, P, Q, T)."""
    quays_nm: Any
    """(Q, Q)."""
    marks_per_h: float
    worth_cny_h: Any
    """(P, S + 1) of a tonne, summed over the hours up to each step."""
    use: Any
    """(P, S) of the mass at sensing time, by a tonne."""
    begin_h: Any
    """(P, S + 1): from each step on, when work may begin; inf where it may not."""
    until_h: Any
    """(P, S + 1): until when it may go on then."""
    steps_per_h: float
    lot: Any
    """(Q, moments, buckets), -1 for none."""
    moment_h: float
    bucket_h: float
    start_cny: Any
    """(wishes, P + Q, S) that a stop begins in a step, beyond what it earns."""
    wish: Any
    """(K,) which of the wishes are those of a shift."""


class Quays(NamedTuple):
    """By quay."""

    mooring_h: Any
    unload_t_per_h: Any
    berths: Any
    is_roomy: Any
    """Whether there are berths for all boats at any time."""
    opens_h: Any
    """(Q, windows), inf where there are no more."""
    closes_h: Any
    day_cny: Any
    """(Q, windows) what it costs that anyone calls in it: a platform's day out."""


class Boats(NamedTuple):
    """By shift."""

    kind: Any
    home: Any
    start_h: Any
    end_h: Any
    hold_t: Any
    rate_t_per_h: Any
    rigging_h: Any
    speed_kn: Any
    cny_per_h: Any
    cny_per_nm: Any


class Voyages(NamedTuple):
    """Those of all shifts, and what they leave; N stops at most in each."""

    stops: Any
    """(K, N)."""
    want_t: Any
    """(K, N) at most collected."""
    taken_t: Any
    """(K, N) collected, or landed."""
    begin_h: Any
    end_h: Any
    """(K, N): a visit from being rigged to leaving, a call from making fast to casting off."""
    lot: Any
    """(K, N) as which a call lands."""
    number: Any
    """(K,) of stops."""
    worth_cny: Any
    """(K,) damage avoided less sailing."""
    left_t: Any
    """(P,) of the mass at sensing time."""


@numba.njit(cache=True, nogil=True)
def leg(table: Any, marks_per_h: float, hour: float, a: int, b: int) -> Any:
    """Return the miles of a way that is left at ``hour``, told between the marks around it; nan for none."""
    mark = int(hour * marks_per_h)
    here = table[a, b, mark]
    there = table[a, b, min(mark + 1, table.shape[2] - 1)]
    if np.isnan(here):
        return there
    if np.isnan(there):
        return here
    return here + (there - here) * (hour * marks_per_h - mark)


@numba.njit(cache=True, nogil=True)
def way_nm(waters: Any, kind: int, hour: float, here: int, there: int) -> Any:
    """Return the miles from one stop to another, left at ``hour``; nan for no way."""
    if here >= 0:
        if there >= 0:
            return leg(waters.between_nm[kind], waters.marks_per_h, hour, here, there) if here != there else np.nan
        return leg(waters.home_nm[kind], waters.marks_per_h, hour, here, -1 - there)
    if there >= 0:
        return leg(waters.out_nm[kind], waters.marks_per_h, hour, -1 - here, there)
    return float(waters.quays_nm[-1 - here, -1 - there])


@numba.njit(cache=True, nogil=True)
def mean_cny(waters: Any, patch: int, begin: float, hours: float) -> Any:
    """Return what a tonne is worth in the mean of ``hours`` from ``begin`` on."""
    summed = 0.0
    for at, sign in ((begin, -1.0), (begin + hours, 1.0)):
        step = min(int(at * waters.steps_per_h), waters.use.shape[1] - 1)
        here, there = waters.worth_cny_h[patch, step], waters.worth_cny_h[patch, step + 1]
        summed += sign * (here + (there - here) * (at * waters.steps_per_h - step))
    return summed / hours


@numba.njit(cache=True, nogil=True)
def berth_from(q: int, start: float, hours: float, quays: Any, holds: Any, mine: int) -> Any:
    """Return when a call of ``hours`` may begin at ``start`` or later, inf where it never may.

    ``holds``: (begin, end, voyage) of all calls (Q, calls), and how many there are; those of voyage ``mine`` do not
    count.
    """
    calls_begin, calls_end, calls_of, calls = holds
    while True:
        inside = False
        for w in range(quays.opens_h.shape[1]):
            if quays.opens_h[q, w] == np.inf:
                break
            at = max(start, quays.opens_h[q, w])
            if at + hours <= quays.closes_h[q, w]:
                start, inside = at, True
                break
        if not inside:
            return np.inf
        if quays.is_roomy[q]:
            return start
        # The most that lie there at once, at the start or as another comes.
        soonest, is_free = np.inf, True
        for c in range(-1, calls[q]):
            at = start if c < 0 else calls_begin[q, c]
            if c >= 0 and (calls_of[q, c] == mine or not start < at < start + hours):
                continue
            there = 0
            for d in range(calls[q]):
                if calls_of[q, d] != mine and calls_begin[q, d] <= at < calls_end[q, d]:
                    there += 1
            if there >= quays.berths[q]:
                is_free = False
                break
        if is_free:
            return start
        for d in range(calls[q]):
            if calls_of[q, d] != mine and start < calls_end[q, d] < soonest:
                soonest = calls_end[q, d]
        if soonest == np.inf:
            return np.inf
        start = soonest + SECOND_H


@numba.njit(cache=True, nogil=True)
def days_cny(holds: Any, quays: Any) -> Any:
    """Return what the windows cost in which anyone of ``holds``, as of :func:`berth_from`, calls."""
    calls_begin, _, _, calls = holds
    summed = 0.0
    for q in range(len(calls)):
        for w in range(quays.day_cny.shape[1]):
            if quays.day_cny[q, w] == 0.0:
                continue
            for c in range(calls[q]):
                if quays.opens_h[q, w] <= calls_begin[q, c] < quays.closes_h[q, w]:
                    summed += quays.day_cny[q, w]
                    break
    return summed


@numba.njit(cache=True, nogil=True)
def sail(
    k: int, stops: Any, want: Any, n: int, told: Any, used: Any, plan: Any, holds: Any,
    waters: Any, quays: Any, boats: Any,
) -> Any:  # fmt: skip
    """Sail ``stops[:n]`` in shift ``k`` as soon as can be; return (whether it can be, worth in CNY, hours late, stops).

    A visit takes no more than leaves time for the call after it and the way home, but for what its patch drifts. One
    that comes to nothing is left out, as is a call that lands nothing: ``stops`` and ``want`` close up. ``told`` takes
    (taken, begin, end, lot) of the stops; ``used`` (P,) is zero before and after.
    """
    found = sail_on(k, stops, want, n, told, used, plan, holds, waters, quays, boats)
    for i in range(n):
        if stops[i] >= 0:
            used[stops[i]] = 0.0
    return found


@numba.njit(cache=True, nogil=True)
def sail_on(
    k: int, stops: Any, want: Any, n: int, told: Any, used: Any, plan: Any, holds: Any,
    waters: Any, quays: Any, boats: Any,
) -> Any:  # fmt: skip
    """Return the same as :func:`sail`, and leave in ``used`` what is taken of the patches."""
    taken, begin, end, lots = told
    kind, home = boats.kind[k], boats.home[k]
    speed, rate, rigging_h = boats.speed_kn[k], boats.rate_t_per_h[k], boats.rigging_h[k]
    leave = boats.start_h[k]
    t, here = leave, -1 - home
    load, born, worth, miles = 0.0, -1.0, 0.0, 0.0
    last_h = waters.use.shape[1] / waters.steps_per_h
    last, made, call = waters.use.shape[1] - 1, 0, -1
    if n > 0 and stops[n - 1] >= 0:  # what is collected at last is never landed
        return NOT_AT_ALL
    for i in range(n):
        if t >= last_h:
            return NOT_AT_ALL
        stop = stops[i]
        nm = way_nm(waters, kind, t, here, stop)
        if stop >= 0:
            ready = t + nm / speed + rigging_h + MARGIN_H
            if not ready < last_h:  # nan too
                continue
            may = max(ready, waters.begin_h[stop, int(ready * waters.steps_per_h)])
            if not may < last_h:
                continue
            step = int(may * waters.steps_per_h + 1e-6)
            while call <= i:
                call += 1
                while stops[call] >= 0:
                    call += 1
            q = -1 - stops[call]
            pace = 1.0 / rate + 1.0 / quays.unload_t_per_h[q]
            back = may + quays.mooring_h[q] + load / quays.unload_t_per_h[q] + 2 * MARGIN_H + 4 * SECOND_H
            back += (way_nm(waters, kind, may, stop, -1 - q) + waters.quays_nm[q, home]) / speed
            until = waters.until_h[stop, step]
            amount = min(min(want[i], boats.hold_t[k] - load), rate * (until - may - MARGIN_H))
            if back == back:  # nan where nobody can leave yet
                amount = min(amount, (boats.end_h[k] - back) / pace)
            there = plan.left_t[stop] - used[stop]
            middle = step
            for _ in range(2):
                use = waters.use[stop, middle]
                amount = min(amount, there / use)
                middle = min(int((may + 0.5 * max(amount, 0.0) / rate) * waters.steps_per_h), last)
            use = waters.use[stop, middle]
            amount = min(amount, there / use)
            if amount < LEAST_T:
                continue
            if made == 0:
                leave += may - ready
            used[stop] += amount * use
            taken[made], begin[made], end[made] = amount, may, may + amount / rate + SECOND_H
            worth += amount * mean_cny(waters, stop, may, amount / rate) + waters.start_cny[waters.wish[k], stop, step]
            if load == 0.0:
                born = may
            load += amount
        elif here < 0:
            continue
        else:
            if np.isnan(nm):
                return NOT_AT_ALL
            q = -1 - stop
            hours = quays.mooring_h[q] + load / quays.unload_t_per_h[q] + 2 * SECOND_H
            at = berth_from(q, t + nm / speed + MARGIN_H, hours, quays, holds, k)
            if not at + hours < last_h:
                return NOT_AT_ALL
            moment = int(np.ceil((at + hours) / waters.moment_h - 1e-9))
            bucket = int(born / waters.bucket_h + 1e-9)
            lot = waters.lot[q, moment, bucket] if moment < waters.lot.shape[1] else -1
            if lot < 0:
                return NOT_AT_ALL
            worth += waters.start_cny[waters.wish[k], len(used) + q, int(at * waters.steps_per_h + 1e-6)]
            taken[made], begin[made], end[made], lots[made] = load, at, at + hours, lot
            load = 0.0
        stops[made], want[made] = stop, want[i]
        t, here, miles, made = end[made], stop, miles + nm, made + 1
    if here >= 0:
        return NOT_AT_ALL
    if made == 0:
        return True, 0.0, 0.0, 0
    nm = waters.quays_nm[-1 - here, home]
    back = t + nm / speed + (MARGIN_H if nm > 0.0 else 0.0)
    cost = (back - leave) * boats.cny_per_h[k] + (miles + nm) * boats.cny_per_nm[k]
    return True, worth - cost, back - boats.end_h[k], made


@numba.njit(cache=True, nogil=True)
def enter(k: int, plan: Any, holds: Any, waters: Any, sign: int) -> None:
    """Add what voyage ``k`` takes of patches and berths, or with ``sign`` −1 give it back."""
    calls_begin, calls_end, calls_of, calls = holds
    for i in range(plan.number[k]):
        stop = plan.stops[k, i]
        if stop >= 0:
            middle = int(0.5 * (plan.begin_h[k, i] + plan.end_h[k, i] - SECOND_H) * waters.steps_per_h)
            middle = min(middle, waters.use.shape[1] - 1)
            plan.left_t[stop] -= sign * plan.taken_t[k, i] * waters.use[stop, middle]
            continue
        q = -1 - stop
        if sign > 0:
            c = calls[q]
            calls_begin[q, c], calls_end[q, c], calls_of[q, c] = plan.begin_h[k, i], plan.end_h[k, i], k
            calls[q] += 1
            continue
        for c in range(calls[q]):
            if calls_of[q, c] == k and calls_begin[q, c] == plan.begin_h[k, i]:
                calls[q] -= 1
                for each in (calls_begin, calls_end):
                    each[q, c] = each[q, calls[q]]
                calls_of[q, c] = calls_of[q, calls[q]]
                break
