"""What a patch is between its hourly marks: position, mass, worth and whether a boat may work there.

Every series runs linearly from mark to mark, so each mean below is exact, not sampled. Times are hours from the
problem's start; beyond either end of the series the last mark holds (being there is a violation of its own).
"""

import itertools
import math
from collections.abc import Iterator, Sequence

from documents.base import LonLat
from documents.problem import PatchState
from optimizer.check.rules import TIME_H


def _clamped(hour: float, series: Sequence[object]) -> float:
    return min(max(hour, 0.0), len(series) - 1.0)


def value_at(series: Sequence[float], hour: float) -> float:
    """Return ``series`` at ``hour``."""
    x = _clamped(hour, series)
    left = min(int(x), len(series) - 2)
    return series[left] + (series[left + 1] - series[left]) * (x - left)


def position_at(patch: PatchState, hour: float) -> LonLat:
    """Return where ``patch`` is at ``hour``."""
    return value_at(patch.lon, hour), value_at(patch.lat, hour)


def _pieces(series: Sequence[float], start: float, end: float) -> Iterator[tuple[float, float, float]]:
    """Yield length, first and last value of each stretch between marks."""
    cuts = [start, *range(math.floor(start) + 1, math.ceil(end)), end]
    for a, b in itertools.pairwise(cuts):
        yield b - a, value_at(series, a), value_at(series, b)


def mean_value(series: Sequence[float], start: float, end: float) -> float:
    """Return the mean of ``series`` over [start, end]."""
    a, b = _clamped(start, series), _clamped(end, series)
    if b <= a:
        return value_at(series, a)
    return sum(length * (v + w) / 2.0 for length, v, w in _pieces(series, a, b)) / (b - a)


def mean_reciprocal(series: Sequence[float], start: float, end: float) -> float:
    """Return the mean of 1 / ``series`` over [start, end]; the series is positive."""
    a, b = _clamped(start, series), _clamped(end, series)
    if b <= a:
        return 1.0 / value_at(series, a)
    total = 0.0
    for length, v, w in _pieces(series, a, b):
        slope = (w - v) / v
        total += length / v * (math.log1p(slope) / slope if slope else 1.0)
    return total / (b - a)


def is_collectable(patch: PatchState, start: float, end: float) -> bool:
    """Say whether ``patch`` may be collected at every hour mark that [start, end] touches."""
    first = math.floor(_clamped(start + TIME_H, patch.collectable))
    last = math.ceil(_clamped(end - TIME_H, patch.collectable))
    return all(patch.collectable[first : max(first, last) + 1])
