"""Hours of a benchmark instance as moments and windows."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from benchmarks.instance_data import Hours
from documents.base import Window

START = datetime(2026, 6, 17, 20, tzinfo=UTC)
"""04:00 local on 18 June: boats went out at 04:00 (Qingdao 2021), and mid June is the height of the season."""
DAY = "2026-06-17"
"""The business day: the plan begins on the morrow."""


def moment(hour: float) -> datetime:
    """Return the moment ``hour`` hours after the start."""
    return START + timedelta(hours=hour)


def windows(spans: Iterable[tuple[float, float]], horizon_h: int) -> tuple[Window, ...]:
    """Return ``spans`` (hours from the start) within the horizon."""
    cut = ((max(first, 0), min(last, horizon_h)) for first, last in spans)
    return tuple(Window(start=moment(first), end=moment(last)) for first, last in cut if last > first)


def daily(hours: Hours | None, horizon_h: int) -> tuple[Window, ...]:
    """Return ``hours`` of every day of the horizon; all of it for None."""
    if hours is None:
        return windows([(0, horizon_h)], horizon_h)
    return windows([(24 * d + hours[0], 24 * d + hours[1]) for d in range(math.ceil(horizon_h / 24))], horizon_h)
