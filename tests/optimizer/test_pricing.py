"""Pricing against a search that looks from the other end, and the duality of the relaxation."""

import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from benchmarks.random_problem import random_problem
from optimizer import route_kernel
from optimizer.clock import STEP_H
from optimizer.column import column_of, moorings_of
from optimizer.effort import Effort
from optimizer.generation import generate
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Base, Relaxation
from optimizer.route import Route
from optimizer.sea import Sea

NEVER = -1
WITH_PLATFORM = [seed for seed in range(40) if random_problem(seed, hours=7).platforms][:8]


def pose(seed: int, **size: int) -> Pricing:
    problem = random_problem(seed, **size)
    grid = Grid(problem)
    return Pricing(grid, Sea(problem), Network(problem, 1.0, 2.0))


def random_prices(pricing: Pricing, seed: int) -> Prices:
    rng = np.random.default_rng(seed)
    grid = pricing.grid
    return Prices(
        patch=rng.uniform(0, 900, len(grid.problem.patches)),
        berth=rng.uniform(0, 90, (len(grid.quays), grid.steps)),
        landed=rng.uniform(-60, 600, len(pricing.lots)),
        shift=np.zeros(len(grid.shifts)),
        use=rng.uniform(0, 900, (len(grid.shifts), len(grid.moorings))),
        worth_cny=np.float64(0.0),
    )


def plenty(pricing: Pricing) -> Any:
    """Return masses of patches that no boat can exhaust."""
    return np.full(len(pricing.grid.problem.patches), 1e6)


def choices(grid: Grid) -> Iterator[set[int]]:
    """Yield every set of moorings in which each platform has one at most on each of its days."""
    days = sorted({(mooring.platform, mooring.day) for mooring in grid.moorings})
    options = [
        [None, *(m for m, mooring in enumerate(grid.moorings) if (mooring.platform, mooring.day) == day)]
        for day in days
    ]
    for chosen in itertools.product(*options):
        yield {m for m in chosen if m is not None}


def best_by_looking_back(pricing: Pricing, number: int, prices: Prices, moored_at: set[int]) -> float:
    """Return the best voyage's worth: what is still to be had from every state on, found from the end."""
    grid, network = pricing.grid, pricing.network
    outing = grid.outings[number]
    vessel = grid.problem.vessels[outing.vessel]
    table = pricing.tables[vessel.speed_kn, vessel.rigging_h]
    home = grid.dock_of[vessel.home_dock]
    wait = vessel.cost_per_h_cny * STEP_H
    each = vessel.collect_t_per_h * STEP_H
    gain = grid.value_cny_per_t - prices.patch[:, None] * grid.use_per_t
    worth = dict(zip(pricing.lots, prices.landed, strict=True))
    is_open = grid.open.copy()
    for q, quay in enumerate(grid.quays):
        if quay.platform is not None:
            spans = [(grid.moorings[m].first, grid.moorings[m].last) for m in moored_at if grid.moorings[m].quay == q]
            is_open[q] &= [any(first <= step < last for first, last in spans) for step in range(grid.steps)]

    def hold(loads: int) -> float:
        return min(loads * each, vessel.capacity_t)

    def sail(steps: int, miles: float) -> float:
        return steps * wait + miles * vessel.cost_per_nm_cny

    @cache
    def at_quay(t: int, q: int) -> float:
        hours = table.quays_nm[q, home] / vessel.speed_kn
        best = -np.inf
        if t * STEP_H + hours <= outing.last * STEP_H + 1e-9:
            best = -hours * vessel.cost_per_h_cny - table.quays_nm[q, home] * vessel.cost_per_nm_cny
        if t < outing.last:
            best = max(best, at_quay(t + 1, q) - wait)
            for i in range(len(grid.problem.patches)):
                r = int(table.out[t, q, i])
                if r != NEVER and r < outing.last:
                    best = max(best, rigged(r, i, 0, NEVER) - sail(r - t, table.out_nm[t, q, i]))
        return best

    @cache
    def rigged(t: int, i: int, loads: int, began: int) -> float:
        if t >= outing.last or not grid.workable[i, t]:
            return -np.inf
        best = rigged(t + 1, i, loads, began) - wait
        taken, now = 0.0, network.bucket(t * STEP_H) if loads == 0 else began
        for end in range(t + 1, outing.last):
            if not grid.workable[i, end - 1] or hold(loads + end - t - 1) >= vessel.capacity_t:
                break
            taken += gain[i, end - 1] * (hold(loads + end - t) - hold(loads + end - t - 1)) - wait
            best = max(best, taken + laden(end, i, loads + end - t, now))
        return best

    @cache
    def laden(t: int, i: int, loads: int, began: int) -> float:
        best = -np.inf
        for j in range(len(grid.problem.patches)):
            r = int(table.between[t, i, j])
            if r != NEVER and r < outing.last and hold(loads) < vessel.capacity_t:
                best = max(best, rigged(r, j, loads, began) - sail(r - t, table.between_nm[t, i, j]))
        for q in range(len(grid.quays)):
            r = int(table.home[t, i, q])
            if r != NEVER and r < outing.last:
                best = max(best, moored(r, q, loads, began) - sail(r - t, table.home_nm[t, i, q]))
        return best

    @cache
    def moored(t: int, q: int, loads: int, began: int) -> float:
        if t >= outing.last:
            return -np.inf
        best = moored(t + 1, q, loads, began) - wait
        quay = grid.quays[q].spec
        end = t + int(np.ceil((quay.mooring_h + hold(loads) / quay.unload_t_per_h - 1e-9) / STEP_H))
        lot = Lot(network.place_of[quay.id], network.moment_in(end * STEP_H), began)
        if end <= outing.last and is_open[q, t:end].all() and lot in worth:
            earned = hold(loads) * worth[lot] - prices.berth[q, t:end].sum() - (end - t) * wait
            best = max(best, at_quay(end, q) + earned)
        return best

    best = 0.0
    for i in range(len(grid.problem.patches)):
        for t in range(outing.first, outing.last):
            leave = table.first_h[t, home, i]
            if grid.workable[i, t] and leave >= outing.first * STEP_H - 1e-9:
                cost = (t * STEP_H - leave) * vessel.cost_per_h_cny
                cost += table.first_nm[t, home, i] * vessel.cost_per_nm_cny
                best = max(best, rigged(t, i, 0, NEVER) - cost)
    at_hand = [m for m in moored_at if grid.moorings[m].first < outing.last and outing.first < grid.moorings[m].last]
    return max(best - float(prices.use[grid.shift_row[number], at_hand].sum()), 0.0)


def worth_cny(pricing: Pricing, route: Route, prices: Prices) -> float:
    """Return what ``route`` is worth at ``prices``, row by row of the master program."""
    column = column_of(pricing.grid, pricing.network, route)
    worth = dict(zip(pricing.lots, prices.landed, strict=True))
    return (
        sum(tonnes * worth[lot] for lot, tonnes in column.lot.items())
        - sum(used * prices.patch[patch] for patch, used in column.patch.items())
        - sum(taken * prices.berth[quay, step] for (quay, step), taken in column.berth.items())
        - sum(prices.use[column.shift, mooring] for mooring in column.moorings)
        - column.cost_cny
    )


@pytest.mark.parametrize("seed", range(25))
def test_the_sweep_finds_what_looking_back_finds(seed: int):
    pricing = pose(seed, hours=7, most_patches=3, most_vessels=2)
    prices = random_prices(pricing, seed)
    for number in range(len(pricing.grid.outings)):
        found = pricing.best(number, prices, mass_t=plenty(pricing))
        best = max(best_by_looking_back(pricing, number, prices, moored_at) for moored_at in choices(pricing.grid))
        assert found.best_cny == pytest.approx(best, rel=1e-9, abs=1e-6)
        for route in found.routes:
            assert worth_cny(pricing, route, prices) <= found.best_cny + 1e-6
            assert route.sailing_cny > 0
        if found.routes:
            best = max(worth_cny(pricing, route, prices) for route in found.routes)
            assert best == pytest.approx(found.best_cny, abs=1e-6)
        else:
            assert found.best_cny == 0.0


@pytest.mark.parametrize("seed", WITH_PLATFORM)
def test_a_station_is_charged_where_it_is_called_at(seed: int):
    pricing = pose(seed, hours=7, most_patches=2, most_vessels=1)
    grid, prices = pricing.grid, random_prices(pricing, seed)
    for number in range(len(grid.outings)):
        row = grid.shift_row[number]
        called = {m for route in pricing.best(number, prices, most=20).routes for m in moorings_of(grid, route)}
        dear = np.full_like(prices.use, 1e7)
        prices = Prices(**{**vars(prices), "use": dear})
        assert not any(moorings_of(grid, route) for route in pricing.best(number, prices, most=20).routes)
        for mooring in called:
            use = dear.copy()
            use[row, mooring] = 0.0
            routes = pricing.best(number, Prices(**{**vars(prices), "use": use}), most=20).routes
            assert {m for route in routes for m in moorings_of(grid, route)} <= {mooring}


@pytest.mark.parametrize("seed", WITH_PLATFORM)
def test_where_platforms_lie_may_be_told(seed: int):
    pricing = pose(seed, hours=7, most_patches=2, most_vessels=1)
    prices = random_prices(pricing, seed)
    for moored_at in choices(pricing.grid):
        found = pricing.best(0, prices, mass_t=plenty(pricing), moorings=frozenset(moored_at))
        assert found.best_cny == pytest.approx(best_by_looking_back(pricing, 0, prices, moored_at), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", range(50, 65))
def test_what_is_there_limits_visits_and_never_the_bound(seed: int):
    """No route takes more than a patch has, and with what there is the best is between its routes and plenty's best."""
    pricing = pose(seed)
    grid, prices = pricing.grid, random_prices(pricing, seed)
    for number, outing in enumerate(grid.outings):
        each = grid.problem.vessels[outing.vessel].collect_t_per_h * STEP_H
        found = pricing.best(number, prices)
        for route in found.routes:
            assert worth_cny(pricing, route, prices) <= found.best_cny + 1e-6
            for visit in route.visits:
                assert visit.steps == tuple(range(visit.first, visit.last))
                assert max(visit.tonnes) <= each + 1e-9
                there = grid.problem.patches[visit.patch].biomass_t / grid.use_per_t[visit.patch, visit.first :].min()
                assert visit.total_t <= there + 1e-6


@pytest.mark.parametrize("seed", range(70, 80))
def test_routes_keep_to_their_shift_and_never_overfill(seed: int):
    pricing = pose(seed)
    prices = random_prices(pricing, seed)
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
                assert pricing.grid.open[trip.quay, trip.first : trip.last].all()
                quay = pricing.grid.quays[trip.quay].spec
                assert (trip.last - trip.first) * STEP_H >= quay.mooring_h + trip.total_t / quay.unload_t_per_h - 1e-9
                moments.append(trip.last)
            assert moments[-1] <= outing.last


def test_the_compiled_sweep_is_the_written_one(monkeypatch: pytest.MonkeyPatch):
    pricing = pose(8, hours=6, most_patches=2, most_vessels=1)
    prices = random_prices(pricing, 8)
    compiled = pricing.best(0, prices)
    for name in ("sweep", "events"):
        monkeypatch.setattr(f"optimizer.pricing.{name}", getattr(route_kernel, name).py_func)
    monkeypatch.setattr(route_kernel, "first_cost", route_kernel.first_cost.py_func)
    assert compiled.routes
    assert pricing.best(0, prices) == compiled


@pytest.mark.parametrize("seed", range(30, 40))
def test_a_column_earns_what_pricing_says(seed: int):
    """At the relaxation's own prices a route is worth its column's reduced profit and the price of its shift."""
    pricing = pose(seed)
    relaxation = Relaxation(Base(pricing.grid, pricing.network, pricing.lots), [])
    generate(relaxation, pricing, range(len(pricing.grid.shifts)), Effort(1e9, 0), rounds=3)
    prices = relaxation.prices()
    for number, row in enumerate(pricing.grid.shift_row):
        for route in pricing.best(number, prices, mass_t=plenty(pricing)).routes:
            profit = relaxation.profit_cny(relaxation.base.column_of(route))
            assert worth_cny(pricing, route, prices) == pytest.approx(profit + prices.shift[row], abs=1e-4, rel=1e-7)


def test_prices_on_the_way_to_others():
    pricing = pose(3)
    one, other = random_prices(pricing, 1), random_prices(pricing, 2)
    between = one.towards(other, 0.25)
    assert between.patch == pytest.approx(0.75 * one.patch + 0.25 * other.patch)
    assert between.landed == pytest.approx(0.75 * one.landed + 0.25 * other.landed)
    assert one.towards(other, 0.0).berth == pytest.approx(one.berth)


def test_a_quick_answer_is_the_best_where_patches_are_few():
    pricing = pose(1)
    assert pricing.quicker() is pricing


@pytest.mark.parametrize("seed", range(20, 30))
def test_a_quick_answer_is_worth_no_more_than_the_best(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("optimizer.pricing.NEAREST", 2)
    pricing = pose(seed)
    prices = random_prices(pricing, seed)
    for number in range(len(pricing.grid.outings)):
        best = pricing.best(number, prices, mass_t=plenty(pricing)).best_cny
        routes = pricing.quicker().best(number, prices, mass_t=plenty(pricing)).routes
        assert all(worth_cny(pricing, route, prices) <= best + 1e-6 for route in routes)


@pytest.mark.parametrize("seed", range(4))
def test_boats_collect_within_the_steps_that_are_left(seed: int):
    pricing, prices = pose(seed), random_prices(pose(seed), seed)
    grid = pricing.grid
    steps = np.random.default_rng(seed).random(grid.workable.shape) < 0.7
    for number in range(len(grid.outings)):
        free, narrow = pricing.best(number, prices), pricing.within(steps).best(number, prices)
        assert narrow.best_cny <= free.best_cny
        assert pricing.best(number, prices).routes == free.routes, "the pricing itself is as it was"
        for visit in (visit for route in narrow.routes for visit in route.visits):
            assert steps[visit.patch, visit.first : visit.last].all()
