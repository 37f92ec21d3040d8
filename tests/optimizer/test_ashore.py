"""The planes by which the boats' program knows the shore."""

from functools import cache

import numpy as np
import pulp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.random_problem import random_problem
from optimizer.ashore import Ashore, Ceiling, Floats
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import landable

SEEDS = [1, 4, 7, 9]


@cache
def shore(seed: int) -> Ashore:
    problem = random_problem(seed)
    network = Network(problem, 1.0, 2.0)
    return Ashore(network, landable(Grid(problem), network))


def landing(ashore: Ashore, draw: int) -> Floats:
    rng = np.random.default_rng(draw)
    return rng.uniform(0, 30, len(ashore.lots)) * (rng.random(len(ashore.lots)) < 0.2)


@given(st.sampled_from(SEEDS), st.integers(0, 10**6), st.integers(0, 10**6))
def test_planes_lie_above_and_touch(seed: int, one: int, other: int):
    ashore = shore(seed)
    here, there = landing(ashore, one), landing(ashore, other)
    worth = ashore.worth_cny(here)
    assert ashore.below(here)[0] == pytest.approx(worth, rel=1e-6, abs=1e-2)
    told = ashore.below(there)[0]
    assert told >= ashore.worth_cny(there) - 1e-6 * abs(told) - 1e-2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("most", [1, 5, 100])
def test_a_ceiling_is_as_low_as_its_planes(seed: int, most: int):
    ashore = shore(seed)
    for draw in range(8):
        ashore.worth_cny(landing(ashore, draw))
    here = landing(ashore, 3)
    model = pulp.LpProblem("ceiling", pulp.LpMinimize)
    cost: list[tuple[pulp.LpVariable, float]] = []
    ceiling = Ceiling(model, cost, ashore.lots)
    ceiling.lower(model, ashore, here, most)
    for lot, variable in ceiling.flows.landed.items():
        variable.lowBound = variable.upBound = float(here[ashore.lots.index(lot)])
    model.setObjective(pulp.LpAffineExpression(cost))
    model.solve(pulp.HiGHS(msg=False))
    assert ceiling.worth.varValue == pytest.approx(ashore.below(here)[0], rel=1e-6, abs=1e-2)


@pytest.mark.parametrize("seed", SEEDS)
def test_trips_that_are_paid_for_carry_what_they_have_room_for(seed: int):
    ashore = shore(seed)
    here = landing(ashore, 3)
    free_cny = ashore.worth_cny(here)
    values = np.array(ashore._solver.getSolution().col_value)
    fractions = {each.name: values[each.index] for each in ashore.flows.trips.values()}
    whole = {name: float(np.ceil(share - 1e-6)) for name, share in fractions.items()}
    ways = Network(random_problem(seed), 1.0, 2.0).ways
    cost_cny = {each.name: ways[w].spec.cost_cny_per_trip for (w, _), each in ashore.flows.trips.items()}
    paid = ashore.that_pays(whole)
    assert sum(whole.values()) > 0
    dearer_cny = sum(cost_cny[name] * (whole[name] - fractions[name]) for name in whole)
    assert free_cny - dearer_cny - 1e-2 <= paid.worth_cny(here) <= free_cny + 1e-2
    assert ashore.worth_cny(here) == pytest.approx(free_cny, rel=1e-9)
    for draw in range(4):
        there = landing(ashore, draw)
        assert paid.below(there)[0] >= paid.worth_cny(there) - 1e-2
    none = ashore.that_pays({})
    assert none.worth_cny(here) <= free_cny + 1e-2
