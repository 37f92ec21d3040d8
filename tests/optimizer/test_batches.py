"""Lots on lines: what the linear program shares out, the order of deadlines can feed."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.allotment import Landing, feed, opening, window_of
from optimizer.batches import LEAST_T, runs
from optimizer.solvers import solver
from tests.optimizer.random_problem import random_problem


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_share_is_fed_in_time_and_within_the_rate(seed: int):
    problem = random_problem(seed, hours=24)
    rng = np.random.default_rng(seed)
    landings, tonnes = [], []
    for _ in range(int(rng.integers(1, 8))):
        oldest = int(rng.integers(0, 15 * 3600))
        landings.append(Landing(int(rng.integers(len(problem.docks))), oldest + int(rng.integers(1, 5 * 3600)), oldest))
        tonnes.append(float(rng.uniform(0.5, 40)))
    fed = feed(problem, landings, tonnes, solver(1, 60.0))
    for lot, shares in enumerate(fed):
        assert sum(shares.values()) <= tonnes[lot] + 1e-6
    batches = runs(problem, landings, fed)
    took: dict[tuple[int, int, int], float] = defaultdict(float)
    busy: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for run in batches:
        plant = problem.plants[run.plant]
        line = plant.lines[run.line]
        window = window_of(problem, plant, line, landings[run.lot])
        assert window is not None
        assert window[0] <= run.start_s < run.end_s <= window[1]
        assert any(a <= run.start_s and run.end_s <= b for a, b in opening(problem, line.windows))
        assert run.tonnes <= line.capacity_t_per_h * (run.end_s - run.start_s + 1) / 3600 + 1e-6
        took[run.lot, run.plant, run.line] += run.tonnes
        busy[run.plant, run.line].append((run.start_s, run.end_s))
    for spans in busy.values():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    for lot, shares in enumerate(fed):
        for (plant, line), share in shares.items():
            # Preemption may cut off slivers, which are disposed of: at most one a lot that arrives meanwhile.
            assert took[lot, plant, line] >= share - LEAST_T * (1 + len(landings)) - 1e-6


def test_the_dearest_use_comes_first():
    problem = random_problem(3, hours=24)
    plant = problem.plants[0] if problem.plants else None
    assert plant is not None
    rich = plant.lines[0].model_copy(
        update={"id": "rich", "value_cny_per_t": 900.0, "cost_cny_per_t": 100.0, "max_age_h": 30.0}
    )
    poor = rich.model_copy(update={"id": "poor", "value_cny_per_t": 300.0})
    haul = {"dock": problem.docks[0].id, "hours": 0.5, "cost_cny_per_t": 10.0}
    mill = plant.model_copy(update={"lines": (rich, poor), "hauls": (type(plant.hauls[0]).model_validate(haul),)})
    problem = problem.model_copy(update={"plants": (mill,)})
    (shares,) = feed(problem, [Landing(0, 7200, 3600)], [5.0], solver(1, 60.0))
    assert shares[0, 0] == pytest.approx(5.0)
    assert shares.get((0, 1), 0.0) == pytest.approx(0.0, abs=1e-6)
