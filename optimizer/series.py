"""What a patch is between its hourly marks: every series runs linearly, so each mean below is exact."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from documents.base import LonLat
from documents.problem import PatchState

Floats = npt.NDArray[np.float64]


def place_at(patch: PatchState, hour: float) -> LonLat:
    """Return where ``patch`` is at ``hour``; before the first and after the last mark it stays there."""
    marks = np.arange(len(patch.lon))
    return float(np.interp(hour, marks, patch.lon)), float(np.interp(hour, marks, patch.lat))


def mean_value(patch: PatchState, start: float, end: float) -> float:
    """Return the mean worth of a tonne over [start, end] hours, CNY."""
    length, first, last = _pieces(patch.value_cny_per_t, start, end)
    return float((length * (first + last) / 2.0).sum() / length.sum())


def value_slopes(patch: PatchState, start: float, end: float) -> tuple[float, float]:
    """Return by how much :func:`mean_value` grows, CNY an hour, as its start and as its end come later."""
    first, last = np.interp((start, end), np.arange(len(patch.value_cny_per_t)), patch.value_cny_per_t)
    mean = mean_value(patch, start, end)
    return float(mean - first) / (end - start), float(last - mean) / (end - start)


def mean_use(patch: PatchState, start: float, end: float) -> float:
    """Return the mean over [start, end] hours of what a tonne collected uses of the mass at sensing time."""
    length, first, last = _pieces(patch.remaining, start, end)
    slope = (last - first) / first
    steady = np.abs(slope) < 1e-12
    factor = np.where(steady, 1.0, np.log1p(slope) / np.where(steady, 1.0, slope))
    return float((length / first * factor).sum() / length.sum())


def _pieces(series: Sequence[float], start: float, end: float) -> tuple[Floats, Floats, Floats]:
    """Return length, first and last value of each stretch between marks; end lies after start."""
    cuts = np.array([start, *range(int(np.floor(start)) + 1, int(np.ceil(end))), end], dtype=float)
    at = np.interp(cuts, np.arange(len(series)), series)
    return np.diff(cuts), at[:-1], at[1:]
