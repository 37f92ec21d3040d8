"""Small changes of voyages, drawn at random: compiled.

A visit comes in, leaves, goes elsewhere, changes places with another, gives way to another patch; a call goes
elsewhere, comes in, leaves; a visit takes more or less; two boats change what is left of their voyages; a trip changes
boats.
"""

from typing import Any

import numba
import numpy as np

from optimizer.voyage_kernel import ALL_T, LEAST_T, way_nm

IN, OUT, ELSEWHERE, EXCHANGE, INSTEAD, QUAY, CALL, AMOUNT, TAILS, TRIP = range(10)
SHARES = (0.2, 0.06, 0.22, 0.12, 0.1, 0.06, 0.06, 0.08, 0.06, 0.04)
"""Of the changes drawn."""
NEARBY = 8
"""Patches drawn, of which the nearest comes in."""
NONE = (-1, -1)
"""There is nothing to change so."""


@numba.njit(cache=True, nogil=True)
def put(stops: Any, want: Any, n: int, at: int, stop: int, tonnes: float) -> Any:
    """Let ``stop`` come in before place ``at``, as there is room for; return the number of stops."""
    for i in range(n, at, -1):
        stops[i], want[i] = stops[i - 1], want[i - 1]
    stops[at], want[at] = stop, tonnes
    return n + 1


@numba.njit(cache=True, nogil=True)
def drop(stops: Any, want: Any, n: int, at: int) -> Any:
    """Leave out the stop at place ``at``, and its call where nothing else is landed; return the number of stops."""
    alone = stops[at] >= 0 and (at == 0 or stops[at - 1] < 0) and at + 1 < n and stops[at + 1] < 0
    less = 2 if alone else 1
    for i in range(at, n - less):
        stops[i], want[i] = stops[i + less], want[i + less]
    return n - less


@numba.njit(cache=True, nogil=True)
def detour_nm(k: int, stops: Any, n: int, before: int, after: int, p: int, times: Any, waters: Any, boats: Any) -> Any:
    """Return how many miles more it takes to call at patch ``p`` between the stops at two places; nan for no way."""
    kind = boats.kind[k]
    hour = boats.start_h[k] if before < 0 else times[before]
    here = -1 - boats.home[k] if before < 0 else stops[before]
    more = way_nm(waters, kind, hour, here, p)
    if after < n:
        there = stops[after]
        more += way_nm(waters, kind, hour, p, there)
        if here != there:
            more -= way_nm(waters, kind, hour, here, there)
    return more


@numba.njit(cache=True, nogil=True)
def nearby(
    rng: Any, k: int, stops: Any, n: int, before: int, after: int, plan: Any, times: Any, waters: Any, boats: Any
) -> Any:
    """Return a patch with something left that lies near the way between the stops at two places, -1 for none."""
    best, best_nm = -1, np.inf
    for _ in range(NEARBY):
        p = rng.integers(0, len(plan.left_t))
        if plan.left_t[p] < LEAST_T:
            continue
        nm = detour_nm(k, stops, n, before, after, p, times, waters, boats)
        if nm < best_nm:
            best, best_nm = p, nm
    return best


@numba.njit(cache=True, nogil=True)
def change(
    rng: Any, kind: int, k: int, other: int, one: Any, two: Any, plan: Any, waters: Any, quays: Any, boats: Any
) -> Any:
    """Let ``one`` and ``two`` be the stops and wants of shifts ``k`` and ``other``, changed in the way of ``kind``.

    Return how many stops they have.
    """
    a, wa = one
    b, wb = two
    n, m = plan.number[k], plan.number[other]
    for i in range(n):
        a[i], wa[i] = plan.stops[k, i], plan.want_t[k, i]
    for i in range(m):
        b[i], wb[i] = plan.stops[other, i], plan.want_t[other, i]
    quay = -1 - rng.integers(0, len(quays.berths))
    if kind == IN:
        at = rng.integers(0, n + 1)
        p = nearby(rng, k, a, n, at - 1, at, plan, plan.end_h[k], waters, boats)
        if p < 0 or n + 2 > len(a):
            return NONE
        if at == n or ((at == 0 or a[at - 1] < 0) and rng.random() < 0.3):
            n = put(a, wa, n, at, quay, 0.0)
        n = put(a, wa, n, at, p, ALL_T)
        return n, m
    if n == 0:
        return NONE
    at = rng.integers(0, n)
    if kind == OUT:
        if a[at] < 0:
            return NONE
        return drop(a, wa, n, at), m
    if kind == ELSEWHERE:
        p, want = a[at], wa[at]
        if p < 0 or rng.random() < 0.5:
            want = ALL_T
        if p < 0:
            return NONE
        n = drop(a, wa, n, at)
        if k == other:
            to = rng.integers(0, n + 1)
            if to == n:
                if n + 2 > len(a):
                    return NONE
                n = put(a, wa, n, to, quay, 0.0)
            return put(a, wa, n, to, p, want), n
        to = rng.integers(0, m + 1)
        if m + 2 > len(b):
            return NONE
        if to == m:
            m = put(b, wb, m, to, quay, 0.0)
        return n, put(b, wb, m, to, p, want)
    if kind == EXCHANGE:
        if m == 0:
            return NONE
        to = rng.integers(0, m)
        if k == other:
            if a[at] < 0 or a[to] < 0 or a[at] == a[to]:
                return NONE
            a[at], a[to] = a[to], a[at]
            wa[at], wa[to] = wa[to], wa[at]
            return n, n
        if a[at] < 0 or b[to] < 0 or a[at] == b[to]:
            return NONE
        a[at], b[to] = b[to], a[at]
        wa[at] = wb[to] = ALL_T
        return n, m
    if kind == INSTEAD:
        p = nearby(rng, k, a, n, at - 1, at + 1, plan, plan.end_h[k], waters, boats)
        if p < 0 or a[at] < 0 or p == a[at]:
            return NONE
        a[at], wa[at] = p, ALL_T
        return n, m
    if kind == QUAY:
        if a[at] >= 0:
            for i in range(at, n):
                at = i
                if a[i] < 0:
                    break
        if a[at] == quay:
            return NONE
        a[at] = quay
        return n, m
    if kind == CALL:
        if a[at] < 0:
            if at == n - 1:
                return NONE
            for i in range(at, n - 1):
                a[i], wa[i] = a[i + 1], wa[i + 1]
            return n - 1, m
        if at == 0 or a[at - 1] < 0 or n + 1 > len(a):
            return NONE
        return put(a, wa, n, at, quay, 0.0), m
    if kind == AMOUNT:
        if a[at] < 0:
            return NONE
        wa[at] = ALL_T if rng.random() < 0.6 else plan.taken_t[k, at] * rng.uniform(0.2, 1.0)
        return n, m
    if kind == TAILS:
        if k == other or m == 0:
            return NONE
        at, to = rng.integers(0, n + 1), rng.integers(0, m + 1)
        if at + m - to > len(a) or to + n - at > len(b):
            return NONE
        for i in range(n - at):
            b[to + i], wb[to + i] = plan.stops[k, at + i], plan.want_t[k, at + i]
        for i in range(m - to):
            a[at + i], wa[at + i] = plan.stops[other, to + i], plan.want_t[other, to + i]
        return at + m - to, to + n - at
    # a trip goes to another boat
    if k == other:
        return NONE
    first = at
    while first > 0 and a[first - 1] >= 0:
        first -= 1
    last = at
    while a[last] >= 0:
        last += 1
    size = last - first + 1
    to = rng.integers(0, m + 1)
    while to > 0 and b[to - 1] >= 0:
        to -= 1
    if m + size > len(b):
        return NONE
    for i in range(m - 1, to - 1, -1):
        b[i + size], wb[i + size] = b[i], wb[i]
    for i in range(size):
        b[to + i], wb[to + i] = a[first + i], wa[first + i]
    for i in range(last + 1, n):
        a[i - size], wa[i - size] = a[i], wa[i]
    return n - size, m + size
