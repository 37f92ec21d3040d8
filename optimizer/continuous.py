"""A bound in continuous time: what no plan exceeds, whatever the minute at which its boats come and go.

The prices of the quarter-hour model are held fixed, and for every shift the best voyage at these prices is sought on a
clock of one to five minutes, by the size of the problem, on which everything is rounded in the boat's favour: each
moment is told by the step it falls in, so a leg, a rigging or a call may take up to a step less than it does;
collecting is worth the most that it is around its step; a visit may take one step's catch more than it has steps for,
and lands it at the best price of all. Every voyage in continuous time is then a path on this clock worth at least as
much, and by Lagrangian duality (see :mod:`optimizer.generation`) the masses, berths and capacities at their prices,
plus the best of each shift, bound all plans. What boats keep of sea room at corners (:mod:`optimizer.sea`) is part of
the model.
"""

import math

import numpy as np
import numpy.typing as npt

from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84
from optimizer.clock import STEPS_PER_H, TINY_H, joined, span_of
from optimizer.generation import resources_cny
from optimizer.grid import Grid, Outing, next_true
from optimizer.pricing import Prices, Pricing
from optimizer.sea import Sea
from optimizer.voyage_kernel import sweep

Floats = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int32]

CLOCKS = ((10_000, 60), (1_000_000, 20), (math.inf, 12))
"""Up to how many outings × patches² the clock has how many steps an hour: one, three or five minutes."""
BUCKET_H = 1
"""Ages are told apart by the hour in which collecting began, and counted from its end."""
QUARTER_H = 1.0 / STEPS_PER_H
"""Sea distances are taken at the quarter hour before."""
LONGEST_H = 3
"""A leg to a patch is told to take no longer than this, so that what the patch drifts on the way is bounded."""


def continuous_bound_cny(grid: Grid, sea: Sea, pricing: Pricing, prices: Prices) -> float | None:
    """Return a bound on all plans in continuous time; None where rigging or mooring takes less than two steps."""
    problem = grid.problem
    per_h = _per_h(grid)
    shortest = [vessel.rigging_h for vessel in problem.vessels] + [dock.mooring_h for dock in problem.docks]
    if min(shortest, default=1.0) < 2 / per_h - TINY_H:
        return None
    clock = _FineClock(grid, sea, pricing, prices, per_h)
    best: dict[int, float] = {}
    for number, outing in enumerate(grid.outings):
        shift = grid.shift_row[number]
        best[shift] = max(best.get(shift, 0.0), clock.best_cny(outing))
    return resources_cny(pricing, prices) + sum(best.values())


def _per_h(grid: Grid) -> int:
    size = len(grid.outings) * len(grid.problem.patches) ** 2
    return next(per_h for most, per_h in CLOCKS if size <= most)


class _FineClock:
    """Everything that the outings share."""

    def __init__(self, grid: Grid, sea: Sea, pricing: Pricing, prices: Prices, per_h: int) -> None:
        self.grid, self.problem = grid, grid.problem
        self.per_h, self.step_h = per_h, 1.0 / per_h
        self.steps = self.problem.horizon_h * self.per_h
        self.moments: Floats = np.arange(self.steps + 1, dtype=np.float64) * self.step_h
        self._distances(sea)
        self._patches(prices)
        self._quays(prices)
        self.landed = self._landed(pricing, prices)
        self.best_landed = max(float(self.landed.max(initial=0.0)), 0.0)

    def best_cny(self, outing: Outing) -> float:
        """Return the most that any voyage of ``outing`` is worth at the prices, at least 0."""
        vessel = self.problem.vessels[outing.vessel]
        home = self.grid.dock_of[vessel.home_dock]
        first, last = math.floor(outing.start_h * self.per_h + TINY_H), math.floor(outing.end_h * self.per_h + TINY_H)
        each = vessel.collect_t_per_h * self.step_h
        most = min(max(math.floor(vessel.capacity_t / each + TINY_H), 1), last - first)
        load: Floats = np.arange(most + 1, dtype=np.float64) * each
        drift_kn = float(self.drift_kn.max(initial=0.0))
        # Dawdling while a patch comes nearer saves miles, at most so many an hour.
        step_cny = max(vessel.cost_per_h_cny - vessel.cost_per_nm_cny * drift_kn, 0.0) * self.step_h
        parting = each * np.maximum(self.gain + self.best_landed, 0.0)
        boat = load, self._call_steps(load), step_cny, vessel.cost_per_nm_cny, BUCKET_H * self.per_h, self.step_h
        quay = self.landed[:, :, self._buckets(first, last)], self.berth_sum, self.closed_sum
        legs = self._legs(vessel.speed_kn, vessel.rigging_h, home)
        empty = sweep(legs, (self.workable, self.gain, parting), quay, boat, (first, last))[0]
        there_is = np.isfinite(self.docks_nm[:, home])
        miles = np.where(there_is, self.docks_nm[:, home], 0.0)
        hours = miles / vessel.speed_kn
        back_cny = hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
        in_time = there_is & (np.arange(first, last + 1)[:, None] * self.step_h + hours <= outing.end_h + TINY_H)
        final = np.where(in_time, empty - back_cny, -np.inf)
        return max(float(final.max(initial=-np.inf)) + step_cny, 0.0)

    def _distances(self, sea: Sea) -> None:
        """Tell distances at every quarter hour at which a boat may be out, and how fast each patch drifts.

        Where a patch lies on land at that moment, the distance is that of the crow: it is never more.
        """
        quarters: Floats = np.arange(self.grid.steps + 1, dtype=np.float64) / STEPS_PER_H
        places = self.grid.positions(quarters)
        number, docks = len(places), self.grid.docks
        self.drift_kn = self._drift_kn(places[:, ::STEPS_PER_H])
        out = np.zeros(len(quarters), dtype=bool)
        for outing in self.grid.outings:
            out[max(outing.first - 1, 0) : outing.last + 2] = True
        is_open = sea.is_open(places.reshape(-1, 2)).reshape(places.shape[:2]) & out
        self.between_nm = np.zeros((len(quarters), number, number))
        self.quay_nm = np.zeros((len(quarters), number, len(docks)))
        for j in range(number):
            for d, dock in enumerate(docks):
                self.quay_nm[:, j, d] = _way_nm(sea, places[j], np.broadcast_to(dock, places[j].shape), is_open[j])
            for i in range(j):
                far = _way_nm(sea, places[i], places[j], is_open[i] & is_open[j])
                self.between_nm[:, i, j] = self.between_nm[:, j, i] = far
        far = sea.distances_nm(np.repeat(docks, len(docks), axis=0), np.tile(docks, (len(docks), 1)))
        self.docks_nm: Floats = far.reshape(len(docks), len(docks))

    def _drift_kn(self, hourly: Floats) -> Floats:
        """Return (P, S + 1): how fast a patch drifts at most, for LONGEST_H from a moment on and while it is worked."""
        number, marks = hourly.shape[:2]
        speed = _crow_nm(hourly[:, :-1].reshape(-1, 2), hourly[:, 1:].reshape(-1, 2)).reshape(number, marks - 1)
        hours = np.asarray(self.grid.workable.reshape(number, marks - 1, STEPS_PER_H).all(axis=2))
        speed[next_true(hours) < 0] = 0.0  # past its last such hour nobody goes there
        ahead = np.column_stack([speed, np.zeros((number, LONGEST_H + 1))])
        windows = np.lib.stride_tricks.sliding_window_view(ahead, LONGEST_H + 1, axis=1)
        most = windows.max(axis=2).reshape(number, marks)
        return np.asarray(most[:, (self.moments + TINY_H).astype(int)])

    def _patches(self, prices: Prices) -> None:
        """Tell what a tonne is worth around every step, at its best, and where it may be collected."""
        problem = self.problem
        marks = np.arange(problem.horizon_h + 1)
        self.gain: Floats = np.full((len(problem.patches), self.steps), -np.inf)
        self.workable = np.zeros(self.gain.shape, dtype=bool)
        for p, patch in enumerate(problem.patches):
            worth = np.interp(self.moments, marks, patch.value_cny_per_t)
            worth -= prices.patch[p] / np.maximum(np.interp(self.moments, marks, patch.remaining), 1e-12)
            self.gain[p] = np.maximum(np.maximum(worth[:-1], worth[1:]), np.append(worth[2:], worth[-1]))
            may = np.repeat(self.grid.workable[p].reshape(-1, STEPS_PER_H).all(axis=1), self.per_h)
            self.workable[p] = may | np.append(may[1:], False)
        self.next_workable = next_true(self.workable)

    def _quays(self, prices: Prices) -> None:
        """Sum up, to each moment, the price of a berth and the time a dock is closed, both in the boat's favour."""
        docks = self.problem.docks
        quarter = (self.moments[:-1] * STEPS_PER_H + TINY_H).astype(int)
        later = ((self.moments[1:] - TINY_H) * STEPS_PER_H).astype(int)
        price = np.minimum(prices.berth[:, quarter], prices.berth[:, later])
        price = np.minimum(price, np.column_stack([price[:, 1:], price[:, -1:]])) * self.step_h * STEPS_PER_H
        self.berth_sum: Floats = np.zeros((len(docks), self.steps + 1))
        self.berth_sum[:, 1:] = np.cumsum(price, axis=1)
        self.closed_sum: Floats = np.zeros_like(self.berth_sum)
        for d, dock in enumerate(docks):
            is_open = np.zeros(self.steps + 1, dtype=bool)
            for start, end in joined(span_of(self.problem, window) for window in dock.windows):
                is_open[max(math.floor(start * self.per_h - 1), 0) : max(math.ceil(end * self.per_h + 1), 0)] = True
            self.closed_sum[d, 1:] = np.cumsum(~is_open[:-1])

    def _landed(self, pricing: Pricing, prices: Prices) -> Floats:
        """Return (D, S + 1, buckets): the best use at the prices of a tonne landed in a step, by its age."""
        problem = self.problem
        buckets = math.ceil(problem.horizon_h / BUCKET_H)
        landed = np.full((len(problem.docks), self.steps + 1, buckets), -problem.disposal_cny_per_t)
        for number, line in enumerate(pricing.ashore.lines):
            for haul in line.plant.hauls:
                d = self.grid.dock_of[haul.dock]
                margin = line.spec.value_cny_per_t - line.spec.cost_cny_per_t - haul.cost_cny_per_t
                net = np.where(line.capacity_t > 0, margin - prices.line[number], -np.inf)
                for bucket in range(buckets):
                    due = math.ceil((bucket + 1) * BUCKET_H + line.spec.max_age_h - TINY_H)
                    until = net[: min(due, len(net))]
                    best = np.append(np.maximum.accumulate(until[::-1])[::-1], -np.inf)
                    hour = np.floor(self.moments + haul.hours + TINY_H).astype(int)
                    worth = best[np.minimum(hour, len(until))]
                    landed[d, :, bucket] = np.maximum(landed[d, :, bucket], worth)
        return landed

    def _buckets(self, first: int, last: int) -> slice:
        size = BUCKET_H * self.per_h
        return slice(first // size, (last - 1) // size + 1)

    def _call_steps(self, load: Floats) -> npt.NDArray[np.int64]:
        """Return (D, loads) the steps of a call, one less than it surely touches: that one goes to coming alongside."""
        hours = [[dock.mooring_h + tonnes / dock.unload_t_per_h for tonnes in load] for dock in self.problem.docks]
        return np.maximum(np.floor(np.array(hours) * self.per_h + TINY_H).astype(np.int64) - 1, 1)

    def _legs(self, speed_kn: float, rigging_h: float, home: int) -> tuple[npt.NDArray[np.generic], ...]:
        """Return the sailing tables of one kind of vessel from one home, with the least steps and miles there are."""
        quarter = (self.moments * STEPS_PER_H + TINY_H).astype(int)
        drift_kn = self.drift_kn.T
        slack = drift_kn * (QUARTER_H + self.step_h)
        toward = (speed_kn + drift_kn)[:, None, :]
        start = np.arange(self.steps + 1)[:, None, None]
        between_h = np.maximum(self.between_nm[quarter] - slack[:, :, None] - slack[:, None, :], 0.0) / toward
        between_h = np.minimum(between_h, LONGEST_H)
        quay_nm = np.maximum(self.quay_nm[quarter] - slack[:, :, None], 0.0)
        out_h = np.minimum(quay_nm.transpose(0, 2, 1) / toward, LONGEST_H)
        home_h = quay_nm / speed_kn
        between = self._next_at(start, between_h + rigging_h)
        out = self._next_at(start, out_h + rigging_h)
        back = start + np.maximum(self._whole(home_h), 1)
        back = np.where(back <= self.steps, back, -1).astype(np.int32)
        # Ready at some time in the step, having met the patch as late as that allows.
        met = np.maximum((self.moments - rigging_h) * STEPS_PER_H + TINY_H, 0.0).astype(int)
        early = self.drift_kn[:, np.maximum(np.arange(self.steps + 1) - math.ceil(rigging_h * self.per_h), 0)].T
        first_nm = np.maximum(self.quay_nm[met][:, :, home] - early * (QUARTER_H + self.step_h), 0.0)
        first_h = (self.moments[:, None] + self.step_h) - rigging_h - first_nm / speed_kn
        return between, between_h * speed_kn, out, out_h * speed_kn, back, home_h * speed_kn, first_h, first_nm

    def _next_at(self, start: npt.NDArray[np.int64], hours: Floats) -> Steps:
        """Return the first step, ``hours`` after ``start`` or later, in which the patch (last axis) may be worked."""
        step = start + self._whole(hours)
        inside = step < self.steps
        patch = np.broadcast_to(np.arange(hours.shape[2]), step.shape)
        return np.where(inside, self.next_workable[patch, np.minimum(step, self.steps - 1)], -1).astype(np.int32)

    def _whole(self, hours: Floats) -> npt.NDArray[np.int64]:
        """Return the steps that ``hours`` surely fill; what never ends fills more than any horizon."""
        return np.asarray(np.floor(np.minimum(hours, 1e5) * self.per_h + TINY_H)).astype(np.int64)


def _way_nm(sea: Sea, a: Floats, b: Floats, is_open: npt.NDArray[np.bool_]) -> Floats:
    far = _crow_nm(a, b)
    far[is_open] = sea.distances_nm(a[is_open], b[is_open])
    return far


def _crow_nm(a: Floats, b: Floats) -> Floats:
    metres = WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2] if len(a) else np.zeros(0)
    return np.asarray(metres, dtype=float) / METRES_PER_NAUTICAL_MILE
