"""The horizon of a problem, and what hours of local days and tides make of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from documents.base import Window
from documents.site_sea import Tide
from documents.sourced import LocalHours


@dataclass(frozen=True)
class Horizon:
    """The span that is planned, ``start`` to ``end`` in UTC, and the zone in which local hours are told.

    Hours of a local day whose end is at or before their start run into the next day.
    """

    zone: ZoneInfo
    start: datetime
    end: datetime

    def whole(self, hours: LocalHours) -> tuple[Window, ...]:
        """Return ``hours`` of every local day on which they lie whole within the horizon."""
        return tuple(window for _, window in self._every(hours) if self._clipped([window]) == (window,))

    def days(self, hours: LocalHours) -> dict[date, Window]:
        """Return ``hours`` clipped to the horizon, each day apart, by the local date on which they begin."""
        return {day: clipped for day, window in self._every(hours) for clipped in self._clipped([window])}

    def open(self, hours: LocalHours) -> tuple[Window, ...]:
        """Return when something with daily opening ``hours`` is open within the horizon; days that touch are joined."""
        windows: list[Window] = []
        for window in self.days(hours).values():
            first = windows.pop().start if windows and windows[-1].end == window.start else window.start
            windows.append(Window(start=first, end=window.end))
        return tuple(windows)

    def moments(self, clock: time) -> dict[date, datetime]:
        """Return, by local date, when in the horizon the clock shows ``clock``; the horizon's end does not count."""
        moments = {day: self._at(day, clock) for day in self._dates()}
        return {day: moment for day, moment in moments.items() if self.start <= moment < self.end}

    def tides(self, tide: Tide) -> tuple[Window, ...]:
        """Return when there is water enough within the horizon, to the second."""
        period, around = (timedelta(seconds=round(3600 * hours)) for hours in (tide.period_h, tide.around_h))
        known = tide.high_water.replace(tzinfo=self.zone).astimezone(UTC)
        first, last = (self.start - known) // period, (self.end - known) // period + 1
        high_waters = [known + number * period for number in range(first, last + 1)]
        return self._clipped([Window(start=high - around, end=high + around) for high in high_waters])

    def _clipped(self, windows: Sequence[Window]) -> tuple[Window, ...]:
        return common(windows, [Window(start=self.start, end=self.end)])

    def _dates(self) -> Iterator[date]:
        """Yield the local dates from the day before the horizon, whose hours may run into it, to its last."""
        day = self.start.astimezone(self.zone).date() - timedelta(days=1)
        while day <= self.end.astimezone(self.zone).date():
            yield day
            day += timedelta(days=1)

    def _every(self, hours: LocalHours) -> Iterator[tuple[date, Window]]:
        first, last = hours
        for day in self._dates():
            until = day if last > first else day + timedelta(days=1)
            yield day, Window(start=self._at(day, first), end=self._at(until, last))

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)


def common(some: Sequence[Window], others: Sequence[Window]) -> tuple[Window, ...]:
    """Return what lies both in one of ``some`` and in one of ``others``, in the order of ``some``."""
    return tuple(
        Window(start=max(one.start, other.start), end=min(one.end, other.end))
        for one in some
        for other in others
        if max(one.start, other.start) < min(one.end, other.end)
    )
