"""Voyages in continuous time on a clock of one to five minutes, on which everything is rounded in the boat's favour.

Every moment of a voyage is told by the step that it falls in, so what fills three steps and a half may take three:
whenever a boat leaves, what it does takes no fewer steps than told here, and where it takes more the boat waits. Of the
tonnes of a visit, what falls into a step is at most what a boat collects in one, and counts in this step or the one
before: each step is worth the most that a tonne is worth in it and in the next. So whole loads fit into the steps of
the visit, and what is left, less than one load and no more than the hold has room for, counts at the best worth of the
patch so far and the best price to come. A call is charged for the steps that lie wholly within it; it ends in its true
step, and collecting begins in its true step, so that the lot is the true one. An hour costs less by what a drifting
patch can save in miles, coming nearer while the boat waits.

What boats keep of sea room at corners (:mod:`optimizer.sea`) is part of the model.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84
from documents.problem import Problem, VesselSpec
from optimizer import fine_legs
from optimizer.clock import STEP_H, STEPS_PER_H, TINY_H, span_of
from optimizer.grid import Grid, next_true
from optimizer.kept import Tables
from optimizer.sea import Sea

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LENGTH_NM, LENGTH_SHARE = 5e-4, 2e-4
"""How closely :meth:`optimizer.sea.Sea.distances_nm` tells the length of a way."""


@dataclass(frozen=True)
class Span:
    """When a vessel may be out in one of its shifts, hours from the problem's start: waves may leave several."""

    vessel: int
    shift: int
    start_h: float
    end_h: float


def spans(problem: Problem) -> Iterator[Span]:
    """Yield the spans of all shifts."""
    for v, vessel in enumerate(problem.vessels):
        rough = [k for k, wave in enumerate(problem.wave_m) if wave is not None and wave > vessel.max_wave_m]
        calm = list(zip([-math.inf, *(k + 1 for k in rough)], [*rough, math.inf], strict=True))
        for s, shift in enumerate(vessel.shifts):
            if problem.orders.keeps_home(vessel.id, s):
                continue
            start, end = span_of(problem, shift)
            for calm_from, calm_until in calm:
                first, last = max(start, calm_from, 0.0), min(end, calm_until, float(problem.horizon_h))
                if first < last:
                    yield Span(v, s, first, last)


class FineClock:
    """The sea of a problem on a clock of ``per_h`` steps an hour, a multiple of four: nothing here takes a price."""

    def __init__(self, grid: Grid, sea: Sea, per_h: int) -> None:
        self.grid, self.problem, self.per_h = grid, grid.problem, per_h
        self.steps = self.problem.horizon_h * per_h
        self.hours: Floats = np.arange(self.steps + 1, dtype=np.float64) / per_h
        self.spans = tuple(spans(self.problem))
        self.collect: Bools = np.repeat(self.grid.workable[:, ::STEPS_PER_H], per_h, axis=1)
        """(P, S): whether a patch may be collected in a step."""
        self.ready_at = np.column_stack([next_true(self.collect), np.full(len(self.collect), -1)]).astype(np.int32)
        self.linger: Bools = self.ready_at[:, :-1] >= 0
        """(P, S): whether there is something to wait for alongside."""
        places = grid.positions(self.hours)
        self.x, self.y = np.ascontiguousarray(places[..., 0]), np.ascontiguousarray(places[..., 1])
        marks, patches = np.arange(self.problem.horizon_h + 1), self.problem.patches
        values = [_most_in_two(np.interp(self.hours, marks, patch.value_cny_per_t)) for patch in patches]
        remains = [_most_in_two(np.interp(self.hours, marks, patch.remaining)) for patch in patches]
        self.value_cny_per_t: Floats = np.array(values).reshape(self.collect.shape)
        """(P, S): of a tonne at most in a step and the next."""
        self.use_per_t: Floats = 1.0 / np.array(remains).reshape(self.collect.shape)
        """(P, S): mass at sensing time that a tonne uses up at least in a step and the next."""
        self.off_nm = 2.0 * self.problem.intercept_tolerance_m / METRES_PER_NAUTICAL_MILE
        """What a way may be shorter by, as both ends may lie off."""
        hourly = places[:, ::per_h]
        self.hourly_kn = _crow_nm(hourly[:, :-1], hourly[:, 1:]) * (1.0 + LENGTH_SHARE)
        """(P, H): how fast a patch drifts."""
        ever = self.linger[:, ::per_h]
        self.drift_kn: Floats = np.where(ever, self.hourly_kn, 0.0).max(axis=1, initial=0.0)
        """(P,): at most, while anybody may go there."""
        out = self._out()
        told_from = "fine", self.problem.horizon_h, per_h, self.off_nm, grid.places, places, out
        told = sea.told_once(told_from, lambda: self._sail(sea, places, out))
        self.mark_nm: Floats = told["mark_nm"]
        """(H + 1, P, P): between patches."""
        self.quay_nm: Floats = told["quay_nm"]
        """(Q, P, S): from a quay to a patch at least in a step."""
        self.quays_nm: Floats = told["quays_nm"]
        """(Q, Q)."""

    @property
    def is_outrun(self) -> bool:
        """Say whether every boat is faster than whatever drifts."""
        slowest = min((vessel.speed_kn for vessel in self.problem.vessels), default=math.inf)
        return float(self.drift_kn.max(initial=0.0)) < slowest

    def step_of(self, hour: float) -> int:
        """Return the step in which ``hour`` falls."""
        return math.floor(hour * self.per_h + TINY_H)

    def within(self, start_h: float, end_h: float) -> slice:
        """Return the steps that lie wholly within two times."""
        first, last = math.ceil(start_h * self.per_h - TINY_H), math.floor(end_h * self.per_h + TINY_H)
        return slice(max(first, 0), max(last, 0))

    def _sail(self, sea: Sea, places: Floats, out: Bools) -> Tables:
        """Tell distances by sea where boats may be ``out``: between patches at hour marks, to quays in every step."""
        hourly, quarterly = places[:, :: self.per_h], places[:, :: self.per_h // STEPS_PER_H]
        patches, quays = len(places), self.grid.places
        mark_nm = np.zeros((self.problem.horizon_h + 1, patches, patches))
        at = out[::STEPS_PER_H]
        for i, j in itertools.combinations(range(patches), 2):
            mark_nm[at, i, j] = mark_nm[at, j, i] = _sea_nm(sea, hourly[i, at], hourly[j, at])
        quay_nm = np.zeros((len(quays), patches, self.steps))
        for d, place in enumerate(quays):
            known = np.zeros((patches, len(out)))
            for p in range(patches):
                known[p, out] = _sea_nm(sea, quarterly[p, out], np.broadcast_to(place, (int(out.sum()), 2)))
            straight = fine_legs.straight_nm(place[0], place[1], self.x, self.y)
            quay_nm[d] = np.maximum(np.maximum(self._since_quarters(known), straight) - self.off_nm, 0.0)
        number = len(quays)
        far = _sea_nm(sea, np.repeat(quays, number, axis=0), np.tile(quays, (number, 1)))
        quays_nm = np.maximum(far.reshape(number, number) - self.off_nm, 0.0)
        return {"mark_nm": mark_nm, "quay_nm": quay_nm, "quays_nm": quays_nm}

    def _out(self) -> Bools:
        """Return (quarter marks,) whether boats may be out there, or meet what they rig for in the hour after."""
        out = np.zeros(self.problem.horizon_h * STEPS_PER_H + 1, dtype=bool)
        for span in self.spans:
            earlier_h = self.problem.vessels[span.vessel].rigging_h
            first, last = max(math.floor(span.start_h - earlier_h), 0), math.ceil(span.end_h)
            out[first * STEPS_PER_H : last * STEPS_PER_H + 1] = True
        return out

    def _since_quarters(self, known_nm: Floats) -> Floats:
        """Return (P, S): how far a quay is at least in a step, by what is known at quarter marks and of drift."""
        each = self.per_h // STEPS_PER_H
        step = np.arange(self.steps)
        since, until = (step % each + 1) / self.per_h, STEP_H - step % each / self.per_h
        kn = np.repeat(self.hourly_kn, self.per_h, axis=1)
        before, after = known_nm[:, step // each], known_nm[:, step // each + 1]
        return np.asarray(np.maximum(before - kn * since, after - kn * until))

    def legs(self, vessel: VesselSpec, first: int, last: int) -> "Legs":
        """Return the legs of vessels as fast as ``vessel`` that rig as long, between two steps."""
        boat, span = (vessel.speed_kn, vessel.rigging_h, self.per_h, self.off_nm), (first, last)
        tracks = self.x, self.y
        between, between_nm = fine_legs.between(
            *tracks, self.mark_nm, self.hourly_kn, self.drift_kn, self.ready_at, boat, span
        )
        out, out_nm = fine_legs.out(*tracks, self.grid.places, self.quay_nm, self.drift_kn, self.ready_at, boat, span)
        home_nm = self.quay_nm[:, :, first:last].transpose(2, 1, 0)
        hours = np.minimum(home_nm / vessel.speed_kn, self.problem.horizon_h)
        home = np.arange(last - first)[:, None, None] + np.floor(hours * self.per_h + TINY_H).astype(np.int32)
        home = np.where(home < last - first, home, fine_legs.NEVER).astype(np.int32)
        return Legs(between, between_nm, out, out_nm, home, np.ascontiguousarray(home_nm))

    def first_nm(self, home: int, rigging_h: float, first: int, last: int) -> Floats:
        """Return (n, P): miles at least from a quay to where a patch was met that a boat is ready at in a step."""
        met = rigging_h * self.per_h
        late, early = math.floor(met + TINY_H), math.ceil(met - TINY_H)
        steps = np.arange(first, last)
        nm = [self.quay_nm[home][:, np.maximum(steps - back, 0)] for back in {late, early}]
        return np.asarray(np.minimum.reduce(nm).T)


@dataclass(frozen=True)
class Legs:
    """Legs of one kind of vessel; n steps from the first on, P patches, Q quays."""

    between: Any
    """(n, P, P): the first step in which a boat that leaves in a step is ready, or NEVER."""
    between_nm: Floats
    out: Any
    """(n, Q, P)."""
    out_nm: Floats
    home: Any
    """(n, P, Q): the first step in which it is at the quay."""
    home_nm: Floats


def _sea_nm(sea: Sea, a: Floats, b: Floats) -> Floats:
    """Return (n,) the lengths of ways by sea at least; as the crow flies where an end lies ashore or there is none."""
    crow = _crow_nm(a, b)
    far = crow.copy()
    wet = sea.is_open(a) & sea.is_open(b)
    far[wet] = sea.distances_nm(a[wet], b[wet]) * (1.0 - LENGTH_SHARE) - LENGTH_NM
    return np.asarray(np.maximum(np.where(np.isfinite(far), far, crow), 0.0))


def _crow_nm(a: Floats, b: Floats) -> Floats:
    """Return (…,) geodesics between places (…, 2)."""
    metres = WGS84.inv(a[..., 0].ravel(), a[..., 1].ravel(), b[..., 0].ravel(), b[..., 1].ravel())[2]
    return np.asarray(metres, dtype=float).reshape(a.shape[:-1]) / METRES_PER_NAUTICAL_MILE


def _most_in_two(marks: Floats) -> Floats:
    """Return (S,) the most of a series, by moment (S + 1,), in each step and the next."""
    return np.asarray(np.maximum(np.maximum(marks[:-1], marks[1:]), np.append(marks[2:], marks[-1])))
