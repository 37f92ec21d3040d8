"""Branching on where platforms lie, against every choice of it solved by itself."""

import itertools
import math
from collections.abc import Callable
from functools import cache

import pytest

from benchmarks.random_problem import random_problem
from optimizer.ashore import Ashore
from optimizer.branching import SLIGHT, Branching, Moored
from optimizer.effort import Effort
from optimizer.generation import generate
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.relaxation import Base, Relaxation
from optimizer.sea import Sea

WITH_PLATFORM = [seed for seed in range(40) if random_problem(seed).platforms][:8]
ENDLESS = Effort(1e9, 0)


@cache
def pose(seed: int) -> tuple[Base, Pricing]:
    """Return a problem with a platform, one day of which costs about what it earns."""
    problem = random_problem(seed)
    dear = tuple(platform.model_copy(update={"day_cost_cny": 500.0}) for platform in problem.platforms)
    problem = problem.model_copy(update={"platforms": dear})
    grid, network = Grid(problem), Network(problem, 1.0, 2.0)
    pricing = Pricing(grid, Sea(problem), network)
    return Base(grid, network, pricing.lots, ashore=Ashore(network, pricing.lots)), pricing


def every_choice(grid: Grid) -> list[frozenset[int]]:
    """Return every set of moorings in which each platform has one at most on each of its days."""
    days = sorted({(at.platform, at.day) for at in grid.moorings})
    options = [[None, *(m for m, at in enumerate(grid.moorings) if (at.platform, at.day) == day)] for day in days]
    return [frozenset(m for m in chosen if m is not None) for chosen in itertools.product(*options)]


@cache
def solved(seed: int) -> dict[frozenset[int], tuple[float, float]]:
    """Return what the relaxation comes to for every choice by itself, and its bound."""
    base, pricing = pose(seed)
    found = {}
    for choice in every_choice(pricing.grid):
        relaxation = Relaxation(base, [])
        relaxation.moor(choice)
        made = generate(relaxation, pricing.moored(choice), range(len(pricing.grid.shifts)), ENDLESS, closed=1e-6)
        found[choice] = relaxation.value_cny, made.bound_cny
    return found


def branched(seed: int, is_over: Callable[[], bool] = lambda: False) -> tuple[Moored, Relaxation, float]:
    """Return what branching comes to, the relaxation that it leaves, and the bound before it."""
    base, pricing = pose(seed)
    relaxation = Relaxation(base, [])
    root = generate(relaxation, pricing, range(len(pricing.grid.shifts)), ENDLESS)
    effort = Effort(1e9, 0, is_over)
    return Branching(relaxation, pricing, effort, lambda value, bound: None).run(root), relaxation, root.bound_cny


@pytest.mark.parametrize("seed", WITH_PLATFORM)
def test_the_bound_is_that_of_the_best_choice(seed: int):
    moored, relaxation, root_cny = branched(seed)
    highest = max(solved(seed), key=lambda choice: solved(seed)[choice][0])
    assert moored.moorings is not None
    value_cny, bound_cny = solved(seed)[highest]
    slight = SLIGHT * abs(moored.bound_cny) + 1e-3
    assert value_cny - 1e-6 <= moored.bound_cny <= min(bound_cny + slight, root_cny + 1e-6)
    assert solved(seed)[moored.moorings][1] >= value_cny - slight
    assert frozenset(m for m, out in enumerate(relaxation.out()) if out > 0.5) == moored.moorings
    assert relaxation.value_cny <= solved(seed)[moored.moorings][1] + 1e-3


@pytest.mark.parametrize("seed", WITH_PLATFORM)
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_the_bound_holds_however_early_it_ends(seed: int, turns: int):
    """After each choice that was solved the prices so far bound all others."""
    left = itertools.count(-turns)
    moored, _, root_cny = branched(seed, lambda: next(left) >= 0)
    assert max(value for value, _ in solved(seed).values()) <= moored.bound_cny + 1e-6
    assert moored.bound_cny <= root_cny + 1e-6
    assert (moored.moorings is None) == (turns == 0)


def test_fractions_of_days_are_what_branching_takes_away():
    gains = []
    for seed in WITH_PLATFORM:
        moored, _, root_cny = branched(seed)
        gains.append((root_cny - moored.bound_cny) / abs(root_cny))
    assert all(math.isfinite(gain) for gain in gains)
    assert max(gains) > 1e-3
