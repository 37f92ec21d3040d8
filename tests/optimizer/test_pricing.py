"""Pricing against a search that looks from the other end, and the duality of the relaxation."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from optimizer import solvers, voyage_kernel
from optimizer.ashore import Ashore
from optimizer.clock import STEP_H, STEPS_PER_H
from optimizer.generation import generate, resources_cny
from optimizer.grid import Grid
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Relaxation
from optimizer.sea import Sea
from tests.optimizer.random_problem import random_problem

NEVER = -1


def pose(seed: int, **size: int) -> Pricing:
    problem = random_problem(seed, **size)
    grid = Grid(problem)
    return Pricing(grid, Sea(problem), Ashore(grid))


def random_prices(pricing: Pricing, seed: int) -> Prices:
    rng = np.random.default_rng(seed)
    grid, ashore = pricing.grid, pricing.ashore
    return Prices(
        patch=rng.uniform(0, 900, len(grid.problem.patches)),
        berth=rng.uniform(0, 90, (len(grid.docks), grid.steps)),
        landed=rng.uniform(-60, 600, len(ashore.classes)),
        shift=np.zeros(len(grid.shifts)),
        line=np.zeros((len(ashore.lines), ashore.steps)),
    )


def best_by_looking_back(pricing: Pricing, number: int, prices: Prices) -> float:
    """Return the best voyage's worth: what is still to be had from every state on, found from the end."""
    grid = pricing.grid
    outing = grid.outings[number]
    vessel = grid.problem.vessels[outing.vessel]
    table = pricing.tables[vessel.speed_kn, vessel.rigging_h]
    home = grid.dock_of[vessel.home_dock]
    wait = vessel.cost_per_h_cny * STEP_H
    each = vessel.collect_t_per_h * STEP_H
    gain = grid.value_cny_per_t - prices.patch[:, None] * grid.use_per_t

    def sail(steps: int, miles: float) -> float:
        return steps * wait + miles * vessel.cost_per_nm_cny

    @cache
    def at_dock(t: int, d: int) -> float:
        hours = table.docks_nm[d, home] / vessel.speed_kn
        best = -np.inf
        if t * STEP_H + hours <= outing.last * STEP_H + 1e-9:
            best = -hours * vessel.cost_per_h_cny - table.docks_nm[d, home] * vessel.cost_per_nm_cny
        if t < outing.last:
            best = max(best, at_dock(t + 1, d) - wait)
            for i in range(len(grid.problem.patches)):
                r = int(table.out[t, d, i])
                if r != NEVER and r < outing.last:
                    best = max(best, alongside(r, i, 0.0, NEVER) - sail(r - t, table.out_nm[t, d, i]))
        return best

    @cache
    def alongside(t: int, i: int, load: float, began: int) -> float:
        best = -np.inf
        if t < outing.last and grid.workable[i, t]:
            best = alongside(t + 1, i, load, began) - wait
            if load < vessel.capacity_t:
                more = min(each, vessel.capacity_t - load)
                first = t // STEPS_PER_H if began == NEVER else began
                best = max(best, alongside(t + 1, i, load + more, first) + gain[i, t] * more - wait)
        if load > 0 and t < outing.last:
            for j in range(len(grid.problem.patches)):
                r = int(table.between[t, i, j])
                if r != NEVER and r < outing.last and load < vessel.capacity_t:
                    best = max(best, alongside(r, j, load, began) - sail(r - t, table.between_nm[t, i, j]))
            for d in range(len(grid.docks)):
                r = int(table.home[t, i, d])
                if r != NEVER and r < outing.last:
                    best = max(best, moored(r, d, load, began) - sail(r - t, table.home_nm[t, i, d]))
        return best

    @cache
    def moored(t: int, d: int, load: float, began: int) -> float:
        if t >= outing.last:
            return -np.inf
        best = moored(t + 1, d, load, began) - wait
        dock = grid.problem.docks[d]
        end = t + int(np.ceil((dock.mooring_h + load / dock.unload_t_per_h - 1e-9) / STEP_H))
        if end <= outing.last and grid.open[d, t:end].all():
            lot = pricing.ashore.class_of(d, end, began * STEPS_PER_H)
            worth = load * prices.landed[lot] - prices.berth[d, t:end].sum() - (end - t) * wait
            best = max(best, at_dock(end, d) + worth)
        return best

    best = 0.0
    for i in range(len(grid.problem.patches)):
        for t in range(outing.first, outing.last):
            leave = table.first_h[t, home, i]
            if grid.workable[i, t] and leave >= outing.first * STEP_H - 1e-9:
                cost = (t * STEP_H - leave) * vessel.cost_per_h_cny
                cost += table.first_nm[t, home, i] * vessel.cost_per_nm_cny
                best = max(best, alongside(t, i, 0.0, NEVER) - cost)
    return best


@pytest.mark.parametrize("seed", range(30))
def test_the_sweep_finds_what_looking_back_finds(seed: int):
    pricing = pose(seed, hours=7, most_patches=3, most_vessels=2)
    prices = random_prices(pricing, seed)
    for number in range(len(pricing.grid.outings)):
        found = pricing.best(number, prices)
        assert found.best_cny == pytest.approx(best_by_looking_back(pricing, number, prices), rel=1e-9, abs=1e-6)
        for route in found.routes:
            worth = pricing.earned(route.trips, prices) - route.sailing_cny
            assert worth <= found.best_cny + 1e-6
        if found.routes:
            best = found.routes[0]
            assert pricing.earned(best.trips, prices) - best.sailing_cny == pytest.approx(found.best_cny, abs=1e-6)
            assert best.sailing_cny > 0


def test_the_compiled_sweep_is_the_written_one(monkeypatch: pytest.MonkeyPatch):
    pricing = pose(4, hours=5, most_patches=2, most_vessels=1)
    prices = random_prices(pricing, 4)
    compiled = pricing.best(0, prices)
    for name in ("sweep", "events"):
        monkeypatch.setattr(f"optimizer.pricing.{name}", getattr(voyage_kernel, name).py_func)
    for name in ("first_cost", "call_value"):
        monkeypatch.setattr(voyage_kernel, name, getattr(voyage_kernel, name).py_func)
    assert compiled.routes
    assert pricing.best(0, prices) == compiled


def test_routes_keep_to_their_shift_and_never_overfill():
    pricing = pose(7)
    prices = random_prices(pricing, 7)
    for number, outing in enumerate(pricing.grid.outings):
        vessel = pricing.grid.problem.vessels[outing.vessel]
        for route in pricing.best(number, prices).routes:
            moments = [outing.first]
            for trip in route.trips:
                assert 0 < trip.total_t <= vessel.capacity_t + 1e-9
                for visit in trip.visits:
                    assert visit.first >= moments[-1]
                    assert all(pricing.grid.workable[visit.patch, step] for step in visit.steps)
                    moments.append(visit.last)
                assert trip.first > moments[-1]
                moments.append(trip.last)
            assert moments[-1] <= outing.last


@pytest.mark.parametrize("highs", [True, False])
def test_prices_tell_the_value_of_the_relaxation(highs: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solvers, "HAS_HIGHS", highs)
    pricing = pose(11)
    relaxation = Relaxation(pricing.grid, pricing.ashore, [])
    generated = generate(relaxation, pricing, range(len(pricing.grid.shifts)), np.inf)
    prices = relaxation.prices()
    dual = resources_cny(pricing, prices) + float(prices.shift.sum())
    assert dual == pytest.approx(relaxation.value_cny, rel=3e-6)
    assert generated.bound_cny == pytest.approx(relaxation.value_cny, rel=2e-4)
    assert generated.bound_cny >= relaxation.value_cny * (1 - 1e-7)
    assert relaxation.value_cny > 0


def test_both_solvers_find_the_same_relaxation(monkeypatch: pytest.MonkeyPatch):
    values: list[Any] = []
    for highs in (True, False):
        monkeypatch.setattr(solvers, "HAS_HIGHS", highs)
        pricing = pose(21)
        relaxation = Relaxation(pricing.grid, pricing.ashore, [])
        generate(relaxation, pricing, range(len(pricing.grid.shifts)), np.inf)
        values.append(relaxation.value_cny)
    assert values[0] == pytest.approx(values[1], rel=2e-4)
