"""Voyages sailed as soon as they can be, whatever stops they are asked for."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.random_problem import random_problem
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.refine import PER_H
from optimizer.sea import Sea
from optimizer.solve import shore_clock
from optimizer.stops import Wishes
from optimizer.voyage_kernel import ALL_T, LEAST_T, SECOND_H, Voyages, days_cny, sail, way_nm
from optimizer.voyage_tables import boats_of, quays_of, waters_of

SEEDS = (1_000, 1_003, 1_004)
MOST = 12
DRIFT_H = 0.1
"""What a way may be longer at the end of a visit than at its beginning; calls that wait no longer than that do not."""


class Posed:
    """A problem as the kernel is told it, nobody at sea and platforms at the first of their moorings of each day."""

    def __init__(self, seed: int) -> None:
        self.problem = random_problem(seed)
        network = Network(self.problem, *shore_clock(self.problem))
        rough = Pricing(Grid(self.problem), Sea(self.problem), network)
        grid = self.grid = Grid(self.problem, PER_H)
        first_of = {(m.platform, m.day): number for number, m in reversed([*enumerate(grid.moorings)])}
        self.moorings = frozenset(first_of.values())
        self.waters = waters_of(rough, grid, rough.lots, Wishes(grid, {}))
        self.quays = quays_of(grid, self.moorings)
        self.outings = [grid.outings[grid.shift_row.index(shift)] for shift in range(len(grid.shifts))]
        self.boats = boats_of(rough, grid, self.outings)
        room = np.zeros((len(self.outings), MOST))
        left_t = np.array([patch.biomass_t for patch in self.problem.patches])
        numbers = np.zeros(len(self.outings), np.int64)
        stops, lots = np.full((2, *room.shape), -1, np.int32)
        self.plan = Voyages(stops, room, room, room, room, lots, numbers, numbers.astype(float), left_t)

    def held(self, calls: list[tuple[int, float]]) -> tuple[npt.NDArray[Any], ...]:
        """Return calls of a quarter of an hour at quays, from an hour each."""
        begin_h, end_h = np.zeros((2, len(self.grid.quays), MOST))
        of, number = np.zeros(begin_h.shape, np.int64), np.zeros(len(begin_h), np.int64)
        for q, hour in calls:
            begin_h[q, number[q]], end_h[q, number[q]] = hour, hour + 0.25
            number[q] += 1
        return begin_h, end_h, of, number


POSED = {seed: Posed(seed) for seed in SEEDS}


@given(st.sampled_from(SEEDS), st.data())
def test_what_comes_to_nothing_is_left_out_and_the_rest_holds_together(seed: int, draw: st.DataObject):
    posed = POSED[seed]
    k = draw.draw(st.integers(0, len(posed.outings) - 1))
    any_stop = st.integers(-len(posed.grid.quays), len(posed.problem.patches) - 1)
    asked = draw.draw(st.lists(any_stop, min_size=1, max_size=MOST - 1))
    asked += draw.draw(st.sampled_from([[-1], []]))
    stops, want = np.zeros(MOST, np.int32), np.full(MOST, ALL_T)  # behind them lies anything
    stops[: len(asked)] = asked
    told = (np.zeros(MOST), np.zeros(MOST), np.zeros(MOST), np.zeros(MOST, np.int32))
    used = np.zeros(len(posed.problem.patches))
    given_to = posed.held([]), posed.waters, posed.quays, posed.boats
    ok, _, late_h, number = sail(k, stops, want, len(asked), told, used, posed.plan, *given_to)
    assert not used.any()
    assert not ok or asked[-1] < 0, "what is collected is landed"
    if not ok:
        return
    made, (taken, begin, end, _) = stops[:number].tolist(), told
    left = iter(asked)
    assert all(stop in left for stop in made), "no stop comes in, and none changes places"
    vessel = posed.problem.vessels[posed.outings[k].vessel]
    load = 0.0
    for i, stop in enumerate(made):
        assert begin[i] <= end[i]
        assert i == 0 or end[i - 1] <= begin[i]
        if stop >= 0:
            assert taken[i] >= LEAST_T
            load += taken[i]
            assert load <= vessel.capacity_t + 1e-9
        else:
            assert taken[i] == pytest.approx(load)
            load = 0.0
    assert load == 0.0
    speed_kn, kind = posed.boats.speed_kn[k], posed.boats.kind[k]
    ways_nm = [way_nm(posed.waters, kind, end[i - 1], made[i - 1], made[i]) for i in range(1, number)]
    waits = any(begin[i + 1] - end[i] - way / speed_kn > DRIFT_H for i, way in enumerate(ways_nm) if made[i + 1] < 0)
    assert late_h <= DRIFT_H or waits, "where no call must wait a voyage is late only by what its last patch drifts"


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10), st.floats(0.0, 20.0)), max_size=MOST))
def test_a_day_out_is_paid_for_once_however_many_call(seed: int, drawn: list[tuple[int, float]]):
    posed = POSED[seed]
    grid = posed.grid
    calls = [(q % len(grid.quays), hour) for q, hour in drawn]
    days = {
        number
        for number in posed.moorings
        for q, hour in calls
        if grid.moorings[number].quay == q
        and grid.moorings[number].first * grid.step_h <= hour < grid.moorings[number].last * grid.step_h - SECOND_H
    }
    assert days_cny(posed.held(calls), posed.quays) == pytest.approx(sum(map(grid.day_cny, days)))
