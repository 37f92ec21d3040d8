"""Local hours of the day laid over a horizon."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from documents.problem import Window

LocalHours = tuple[time, time]
"""From and to, local; an end at or before the start falls on the next day, so (00:00, 00:00) is day and night."""


def shifts_within(hours: LocalHours, zone: ZoneInfo, start: datetime, end: datetime) -> tuple[Window, ...]:
    """Return the shift of every local day whose ``hours`` lie whole within [start, end]."""
    return tuple(
        Window(start=first, end=last)
        for first, last in _days(hours, zone, start, end)
        if start <= first and last <= end
    )


def open_within(hours: LocalHours, zone: ZoneInfo, start: datetime, end: datetime) -> tuple[Window, ...]:
    """Return when something with daily opening ``hours`` is open within [start, end]; touching days are joined."""
    spans: list[tuple[datetime, datetime]] = []
    for day_first, day_last in _days(hours, zone, start, end):
        first, last = max(day_first, start), min(day_last, end)
        if last <= first:
            continue
        if spans and spans[-1][1] == first:
            first = spans.pop()[0]
        spans.append((first, last))
    return tuple(Window(start=first, end=last) for first, last in spans)


def _days(hours: LocalHours, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield ``hours``, in UTC, of every local day that can touch [start, end]; the day before may run past midnight."""
    first, last = hours
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        until = day if last > first else day + timedelta(days=1)
        yield (
            datetime.combine(day, first, tzinfo=zone).astimezone(UTC),
            datetime.combine(until, last, tzinfo=zone).astimezone(UTC),
        )
        day += timedelta(days=1)
