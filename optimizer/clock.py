"""The clocks of the grid model: quarter hours at sea, or finer steps, and hours ashore."""

import math
from collections.abc import Iterable
from datetime import datetime

from documents.base import Window
from documents.problem import Problem

STEPS_PER_H = 4
"""Boats decide every quarter of an hour; a whole number of steps makes an hour, so no step crosses an hour mark."""
STEP_H = 1.0 / STEPS_PER_H
TINY_H = 1e-9
"""Rounding up forgives this much: a duration of exactly three steps takes three."""

Span = tuple[float, float]
"""Start and end in hours from the problem's start."""


def hour_of(problem: Problem, moment: datetime) -> float:
    """Return ``moment`` as hours from the problem's start."""
    return (moment - problem.start).total_seconds() / 3600.0


def span_of(problem: Problem, window: Window) -> Span:
    """Return ``window`` in hours from the problem's start."""
    return hour_of(problem, window.start), hour_of(problem, window.end)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return ``spans`` in order, those that touch or overlap made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1] + TINY_H:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def steps_up(hours: float, per_h: int = STEPS_PER_H) -> int:
    """Return the least number of steps, ``per_h`` an hour, that last at least ``hours``."""
    return math.ceil((hours - TINY_H) * per_h)


def steps_down(hours: float, per_h: int = STEPS_PER_H) -> int:
    """Return the greatest number of steps, ``per_h`` an hour, that last at most ``hours``."""
    return math.floor((hours + TINY_H) * per_h)
