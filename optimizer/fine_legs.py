"""Legs on the fine clock, compiled: never more than any boat needs, whenever within a step it leaves."""

import math
from typing import Any

import numba
import numpy as np

NEVER = -1
"""In place of a step."""
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
    """Return the first step, ``hours`` after ``at`` or later, in which a patch may be collected, NEVER for none."""
    first, last = span
    if hours * per_h >= last - at:
        return NEVER
    step = ready_at[at + int(hours * per_h + 1e-9)]
    return step - first if 0 <= step < last else NEVER
