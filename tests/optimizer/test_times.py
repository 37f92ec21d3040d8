"""Times set free: what a tonne is worth changes with them, and a plan gains by that."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.random_problem import random_problem
from documents.problem import PatchState, Problem
from optimizer.allotment import REACHES_H
from optimizer.ashore import Ashore
from optimizer.day import best_day, day_of
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.refine import Refined
from optimizer.relaxation import Base
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.series import mean_value, value_slopes
from optimizer.stops import Wishes
from optimizer.timing import visits_of

EFFORT = Effort(1e9, 0)
STEP_H = 1e-6


def patch_worth(values: list[float]) -> PatchState:
    patch = random_problem(0).patches[0]
    return patch.model_copy(update={"value_cny_per_t": tuple(values)})


@given(st.lists(st.floats(0, 5000), min_size=7, max_size=7), st.floats(0.01, 5.9), st.floats(0.01, 5.9))
def test_slopes_of_worth_are_those_of_its_mean(values: list[float], a: float, b: float):
    start, end = sorted((a, b))
    patch = patch_worth(values)
    nearest = min(abs(time - round(time)) for time in (start, end))
    if end - start < 0.01 or nearest < 2 * STEP_H:
        return
    slopes = value_slopes(patch, start, end)
    by_start = mean_value(patch, start + STEP_H, end) - mean_value(patch, start - STEP_H, end)
    by_end = mean_value(patch, start, end + STEP_H) - mean_value(patch, start, end - STEP_H)
    assert slopes == pytest.approx((by_start / (2 * STEP_H), by_end / (2 * STEP_H)), rel=1e-3, abs=1.0)


def searched(problem: Problem) -> tuple[Wishes, Network, Sea, Ashore, Found]:
    grid, sea, network = Grid(problem), Sea(problem), Network(problem, 1.0, 2.0)
    pricing = Pricing(grid, sea, network)
    base, ashore = Base(grid, network, pricing.lots), Ashore(network, pricing.lots)
    found = Search(base, pricing, ashore, EFFORT, lambda _: None, lambda _: None).run()
    return base.wishes, network, sea, ashore, found


@pytest.mark.parametrize("seed", [1, 4, 7, 9, 24, 35])
def test_times_set_free_gain_where_worth_swings(seed: int):
    """Worth rises and falls between 200 and 2500 CNY every few hours: to collect sooner may cost more than it saves."""
    *of, found = searched(random_problem(seed))
    on_the_grid, free = (day_of(*of, found.choice.routes, EFFORT, reaches_h) for reaches_h in ((), REACHES_H))
    assert free.worth >= on_the_grid.worth


def test_the_best_day_is_no_worse_than_any():
    *of, found = searched(random_problem(1))
    days = [day_of(*of, found.choice.routes, EFFORT), day_of(*of, (), EFFORT)]
    flattered = replace(found, home_cny=np.inf, choice=replace(found.choice, value_cny=np.inf))
    assert best_day(of[0], Refined((), of[3], {}), *of, flattered, EFFORT).worth >= max(day.worth for day in days)


def test_a_visit_moves_no_further_than_it_may():
    *of, found = searched(random_problem(1))
    moved = day_of(*of, found.choice.routes, EFFORT, (0.5,)).allotment.routes
    starts = np.array(
        [visit.start_s - visit.planned.first * 900 for route in moved for _, _, visit in visits_of(route)]
    )
    assert np.abs(starts).max() <= 1800 + 60
