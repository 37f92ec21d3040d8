"""Patches and quays on the clock of the boats: where they are, what a tonne is worth, when they may be worked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from documents.base import Window
from documents.problem import DockSpec, PatchState, PlatformSpec, Problem, VesselSpec
from optimizer.clock import STEPS_PER_H, joined, span_of, steps_down, steps_up

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outing:
    """A span in which one vessel may make its voyage of a shift: the steps ``first`` … ``last``.

    Where waves cut a shift in two, each piece is an outing, and the vessel makes one of them.
    """

    vessel: int
    shift: int
    first: int
    last: int
    start_h: float
    """The span itself, hours from the problem's start; its steps lie within."""
    end_h: float


@dataclass(frozen=True)
class Quay:
    """A dock, or a platform at one of its stations."""

    spec: DockSpec | PlatformSpec
    lon: float
    lat: float
    windows: tuple[Window, ...]
    platform: int | None = None
    station: int | None = None


@dataclass(frozen=True)
class Mooring:
    """A platform at one of its stations on one of its days: the steps ``first`` … ``last``."""

    platform: int
    day: int
    station: int
    quay: int
    first: int
    last: int

    def meets(self, outing: Outing) -> bool:
        """Return whether the platform is at work there at some time of ``outing``."""
        return outing.first < self.last and self.first < outing.last


class Grid:
    """A problem on a clock of ``per_h`` steps an hour; step s runs from s / per_h to (s + 1) / per_h hours."""

    def __init__(self, problem: Problem, per_h: int = STEPS_PER_H) -> None:
        self.problem, self.per_h, self.step_h = problem, per_h, 1.0 / per_h
        self.step_s = round(3600 / per_h)
        self.steps = problem.horizon_h * per_h
        self.dock_of = {dock.id: d for d, dock in enumerate(problem.docks)}
        """Index of a dock among the quays, where docks come first."""
        self.quays = tuple(_quays(problem))
        self.moorings = tuple(_moorings(problem, self.quays, per_h))
        self.places: Floats = np.array([(quay.lon, quay.lat) for quay in self.quays], dtype=float).reshape(-1, 2)
        """(quays, 2): longitude and latitude."""
        self.value_cny_per_t = _per_patch(problem, per_h, _mean_value)
        """(patches, steps): mean worth of a tonne over the step."""
        self.use_per_t = _per_patch(problem, per_h, _mean_reciprocal)
        """(patches, steps): what a tonne collected in the step uses of the mass at sensing time."""
        self.workable: Bools = _per_patch(problem, per_h, _is_workable).astype(bool)
        """(patches, steps): whether the patch may be collected throughout the step."""
        self.open: Bools = np.array([_is_open(problem, quay, per_h) for quay in self.quays], dtype=bool)
        """(quays, steps): whether the quay is open throughout the step."""
        self.held = np.array([_held(problem, quay, per_h) for quay in self.quays], dtype=np.int64)
        """(quays, steps): how many berths voyages begun before the start hold in any part of the step."""
        self.outings = tuple(
            outing
            for v, vessel in enumerate(problem.vessels)
            for s in range(len(vessel.shifts))
            if not problem.orders.keeps_home(vessel.id, s)
            for outing in _outings(problem, vessel, v, s, per_h)
        )
        self.shifts = tuple(dict.fromkeys((outing.vessel, outing.shift) for outing in self.outings))
        """(vessel, shift) of every shift with an outing; a vessel makes one voyage in each."""
        self.shift_row = tuple(self.shifts.index((outing.vessel, outing.shift)) for outing in self.outings)
        """Index into ``shifts`` of every outing."""
        self.must_go = tuple(
            any(lock.stops for lock in problem.orders.of(problem.vessels[v].id, s)) for v, s in self.shifts
        )
        """By shift, whether its vessel may not stay in harbour."""

    def mooring_at(self, quay: int, step: int) -> int | None:
        """Return which mooring a call at ``quay`` in ``step`` needs, None at a dock."""
        if self.quays[quay].platform is None:
            return None
        return next(m for m, at in enumerate(self.moorings) if at.quay == quay and at.first <= step < at.last)

    def day_cny(self, mooring: int) -> float:
        """Return what it costs that a platform lies at ``mooring``: nothing more where that was settled before."""
        at = self.moorings[mooring]
        platform = self.problem.platforms[at.platform]
        return platform.day_cost_cny if platform.station_on(at.day) is None else 0.0

    def shifts_at(self, mooring: Mooring) -> list[int]:
        """Return the shifts, by their row, in which a boat may call at ``mooring``."""
        rows = zip(self.outings, self.shift_row, strict=True)
        return sorted({k for outing, k in rows if mooring.meets(outing)})

    def positions(self, hours: Floats) -> Floats:
        """Return where all patches are at ``hours`` (n,): (patches, n, 2), longitude and latitude."""
        marks = np.arange(self.problem.horizon_h + 1, dtype=float)
        places = [
            np.column_stack([np.interp(hours, marks, patch.lon), np.interp(hours, marks, patch.lat)])
            for patch in self.problem.patches
        ]
        return np.array(places, dtype=float).reshape(len(places), len(hours), 2)


def _per_patch(problem: Problem, per_h: int, series: Callable[[PatchState, int], Any]) -> Floats:
    steps = problem.horizon_h * per_h
    told = [series(patch, per_h) for patch in problem.patches]
    return np.array(told, dtype=float).reshape(len(problem.patches), steps)


def _ends(series: tuple[float, ...], per_h: int) -> tuple[Floats, Floats]:
    """Return an hourly series at the start and at the end of every step."""
    marks = np.arange(len(series), dtype=float)
    at = np.interp(np.arange((len(series) - 1) * per_h + 1) / per_h, marks, series)
    return at[:-1], at[1:]


def _mean_value(patch: PatchState, per_h: int) -> Floats:
    start, end = _ends(patch.value_cny_per_t, per_h)
    return np.asarray((start + end) / 2.0)


def _mean_reciprocal(patch: PatchState, per_h: int) -> Floats:
    """Return the mean of 1 / remaining over every step, exact for a mass that runs linearly."""
    start, end = _ends(patch.remaining, per_h)
    slope = (end - start) / start
    steady = np.abs(slope) < 1e-12
    return np.asarray(np.where(steady, 1.0, np.log1p(slope) / np.where(steady, 1.0, slope)) / start)


def _is_workable(patch: PatchState, per_h: int) -> Bools:
    marks = np.array(patch.collectable)
    return np.repeat(marks[:-1] & marks[1:], per_h)


def _quays(problem: Problem) -> Iterator[Quay]:
    for dock in problem.docks:
        yield Quay(dock, dock.lon, dock.lat, dock.windows)
    for p, platform in enumerate(problem.platforms):
        for s, station in enumerate(platform.stations):
            days = tuple(day for d, day in enumerate(platform.days) if _may_lie(platform, d, station.id))
            yield Quay(platform, station.lon, station.lat, days, p, s)


def _may_lie(platform: PlatformSpec, day: int, station: str) -> bool:
    return platform.station_on(day) in (None, station)


def _moorings(problem: Problem, quays: Sequence[Quay], per_h: int) -> Iterator[Mooring]:
    for q, quay in enumerate(quays):
        if quay.platform is None or quay.station is None:
            continue
        platform = problem.platforms[quay.platform]
        for day, window in enumerate(platform.days):
            if not _may_lie(platform, day, platform.stations[quay.station].id):
                continue
            start, end = span_of(problem, window)
            first, last = max(steps_up(start, per_h), 0), min(steps_down(end, per_h), problem.horizon_h * per_h)
            if first < last:
                yield Mooring(quay.platform, day, quay.station, q, first, last)


def _is_open(problem: Problem, quay: Quay, per_h: int) -> Bools:
    """Return the steps in which a quay is open.

    Where a day of a platform begins as another ends, the last step of that one is left out: no call belongs to two.
    """
    is_open = np.zeros(problem.horizon_h * per_h, dtype=bool)
    spans = [span_of(problem, window) for window in quay.windows]
    for start, end in joined(spans):
        is_open[max(steps_up(start, per_h), 0) : max(steps_down(end, per_h), 0)] = True
    if quay.platform is not None:
        for _, end in spans:
            is_open[max(steps_up(end, per_h) - 1, 0) : max(steps_up(end, per_h), 0)] = False
    return is_open


def _held(problem: Problem, quay: Quay, per_h: int) -> npt.NDArray[np.int64]:
    held = np.zeros(problem.horizon_h * per_h, dtype=np.int64)
    for window in quay.spec.held:
        start, end = span_of(problem, window)
        held[max(steps_down(start, per_h), 0) : max(steps_up(end, per_h), 0)] += 1
    return held


def _outings(problem: Problem, vessel: VesselSpec, v: int, s: int, per_h: int) -> list[Outing]:
    """Return the pieces of a shift in which the waves never exceed the vessel's limit."""
    start, end = span_of(problem, vessel.shifts[s])
    first, last = max(steps_up(start, per_h), 0), min(steps_down(end, per_h), problem.horizon_h * per_h)
    calm = [wave is None or wave <= vessel.max_wave_m for wave in problem.wave_m]
    outings: list[Outing] = []
    begin: int | None = None
    for step in range(first, last + 1):
        out = step < last and calm[step // per_h]
        if out and begin is None:
            begin = step
        elif not out and begin is not None:
            calm_from = float(begin // per_h) if begin > first else start
            calm_until = step / per_h if step < last else end
            outings.append(Outing(v, s, begin, step, max(calm_from, 0.0), calm_until))
            begin = None
    return outings


def next_true(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return for every place of each row the index of the first True at or after it, -1 where there is none."""
    index = np.where(flags, np.arange(flags.shape[1]), flags.shape[1])
    following = np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]
    return np.where(following < flags.shape[1], following, -1)
