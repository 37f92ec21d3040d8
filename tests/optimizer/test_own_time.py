"""Fleets in their own time: whatever annealing does, voyages hold together, told here step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.instances import make
from benchmarks.random_problem import random_problem
from documents.changes import Stop, unchanged
from documents.orders import Forbidden, Lock, LockedStop, Orders
from documents.problem import Problem
from optimizer.ashore import Ashore
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.own_time import OwnTime
from optimizer.pricing import Prices, Pricing
from optimizer.refine import FREELY, PER_H
from optimizer.response import Fleet, Responder
from optimizer.sea import Sea
from optimizer.series import mean_value
from optimizer.solve import shore_clock
from optimizer.stops import Wishes, stops_of
from optimizer.timing import on_the_grid, sailed
from optimizer.voyage_kernel import mean_cny

QUIET = Effort(limit_s=1e9, work=3)


class Posed:
    """A problem with all that fleets are annealed by."""

    def __init__(self, problem: Problem, before: Mapping[int, Sequence[Stop]] = MappingProxyType({})) -> None:
        """``before`` are the stops of the plan before, by shift."""
        self.problem, self.sea = problem, Sea(problem)
        self.grid = Grid(problem, PER_H)
        network = Network(problem, *shore_clock(problem))
        rough = Pricing(Grid(problem), self.sea, network)
        fine = Pricing(self.grid, self.sea, network, rough.lots, rougher=rough)
        self.ashore = Ashore(network, rough.lots)
        none = Prices(
            np.zeros(len(problem.patches)),
            np.zeros((len(self.grid.quays), self.grid.steps)),
            np.zeros(len(rough.lots)),
            np.zeros(len(self.grid.shifts)),
            np.zeros((len(self.grid.shifts), len(self.grid.moorings))),
            np.float64(0.0),
        )
        self.responder = Responder(fine, self.ashore, none, Wishes(self.grid, before))
        self.own_time = OwnTime(rough, self.responder, self.sea, QUIET, lambda _: None)

    def annealed(self, moorings: frozenset[int] = frozenset()) -> Fleet:
        """Return what comes of nobody being at sea."""
        return self.anneal(Fleet({}, moorings))

    def anneal(self, start: Fleet) -> Fleet:
        return self.own_time.run(start, FREELY, 1.0)


class OneAfterTheOther:
    """Runs what it is given only when it is asked for the result."""

    def __init__(self, _size: int) -> None:
        pass

    def __enter__(self) -> "OneAfterTheOther":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, run: Callable[..., object], *given: object) -> SimpleNamespace:
        return SimpleNamespace(result=lambda: run(*given))


@pytest.mark.parametrize("seed", [1_001, 1_004, 1_006])
def test_it_is_all_the_same_which_chain_is_the_first(seed: int, monkeypatch: pytest.MonkeyPatch):
    problem = random_problem(seed)
    at_once = Posed(problem).annealed()
    monkeypatch.setattr("optimizer.own_time.ThreadPoolExecutor", OneAfterTheOther)
    assert Posed(problem).annealed() == at_once


@cache
def posed_once(seed: int) -> Posed:
    return Posed(random_problem(seed))


@pytest.mark.parametrize("seed", range(1_000, 1_012))
def test_voyages_hold_together(seed: int):
    posed = Posed(random_problem(seed))
    grid, problem = posed.grid, posed.problem
    first_of = {mooring.platform: number for number, mooring in reversed([*enumerate(grid.moorings)])}
    fleet = posed.annealed(frozenset(first_of.values()))
    used_t = np.zeros(len(problem.patches))
    calls: dict[int, list[tuple[int, int]]] = {}
    for shift, made in fleet.made.items():
        outing = grid.outings[made.route.outing]
        vessel = problem.vessels[outing.vessel]
        assert grid.shift_row[made.route.outing] == shift
        told = on_the_grid(grid, made.route)
        again = sailed(grid, posed.sea, told)
        assert again is not None
        assert [[v.patch for v in t.visits] for t in again.trips] == [[v.patch for v in t.visits] for t in told.trips]
        assert told.trips[-1].call.end_s <= outing.end_h * 3600
        for trip in told.trips:
            assert sum(visit.planned.total_t for visit in trip.visits) <= vessel.capacity_t + 1e-6
            calls.setdefault(trip.call.quay, []).append((trip.call.start_s, trip.call.end_s))
            for visit in trip.visits:
                assert grid.workable[visit.patch, list(visit.planned.steps)].all()
                steps = list(visit.planned.steps)
                used_t[visit.patch] += grid.use_per_t[visit.patch, steps] @ np.array(visit.planned.tonnes)
        for trip, other in zip(told.trips, again.trips, strict=True):
            late_s = [mine.start_s - its.start_s for mine, its in zip(other.visits, trip.visits, strict=True)]
            assert max(late_s) <= 5
        assert all(trip.planned.oldest == trip.visits[0].start_s // grid.step_s for trip in again.trips)
    for quay, spans in calls.items():
        ends = sorted(spans)
        for start_s, _ in ends:
            there = sum(begin_s <= start_s < end_s for begin_s, end_s in ends)
            assert there <= grid.quays[quay].spec.berths
    assert (used_t <= 1e-6 + np.array([patch.biomass_t for patch in problem.patches])).all()


def test_a_catch_is_as_old_as_its_first_visit_that_is_made():
    posed = Posed(make("tiny", 11))
    told = [on_the_grid(posed.grid, made.route) for made in posed.annealed().made.values()]
    route = next(route for route in told if len(route.trips[0].visits) > 1)
    trip = route.trips[0]
    first, second, *others = trip.visits
    hour_sooner = replace(second, planned=replace(second.planned, steps=tuple(s + PER_H for s in second.planned.steps)))
    changed = replace(trip, visits=(replace(first, end_s=first.start_s), hour_sooner, *others))
    made = sailed(posed.grid, posed.sea, replace(route, trips=(changed, *route.trips[1:])))
    assert made is not None
    assert [visit.patch for visit in made.trips[0].visits] == [visit.patch for visit in trip.visits[1:]]
    assert made.trips[0].planned.oldest == made.trips[0].visits[0].start_s // posed.grid.step_s


def test_nobody_stops_where_it_is_forbidden():
    problem = make("tiny", 3)
    posed = Posed(problem)
    stops = {
        (posed.grid.outings[made.route.outing].vessel, visit.patch)
        for made in posed.annealed().made.values()
        for visit in made.route.visits
    }
    vessel, patch = min(stops)
    pair = Forbidden(vessel=problem.vessels[vessel].id, patch=problem.patches[patch].id)
    again = Posed(problem.model_copy(update={"orders": Orders(forbidden=(pair,))}))
    fleet = again.annealed()
    assert fleet.made
    for made in fleet.made.values():
        if again.grid.outings[made.route.outing].vessel == vessel:
            assert patch not in {visit.patch for visit in made.route.visits}


def test_it_fills_what_nobody_does():
    posed = Posed(make("tiny", 3))
    fleet = posed.annealed()
    assert fleet.made
    assert posed.responder.value_cny(fleet) > posed.responder.value_cny(Fleet({}, frozenset()))


def test_it_ends_the_same_twice_and_never_below_its_start():
    first, second = (Posed(make("tiny", 5)) for _ in range(2))
    one, two = first.annealed(), second.annealed()
    assert one.routes == two.routes
    again = first.anneal(one)
    assert first.responder.value_cny(again) >= first.responder.value_cny(one) - 1e-6


@given(st.sampled_from([1_000, 1_003]), st.floats(0.0, 0.9), st.floats(1 / 60, 5.0))
def test_a_tonne_is_worth_the_mean_of_its_visit(seed: int, share: float, hours: float):
    posed = posed_once(seed)
    waters, problem = posed.own_time.waters, posed.problem
    begin = share * problem.horizon_h
    hours = min(hours, problem.horizon_h - begin)
    for p, patch in enumerate(problem.patches):
        told = mean_cny(waters, p, begin, hours)
        steepest = np.abs(np.diff(patch.value_cny_per_t)).max()
        within_a_step = steepest * posed.grid.step_h / 2  # where worth is told by the mean
        assert told == pytest.approx(mean_value(patch, begin, begin + hours), abs=within_a_step + 1e-6)


def test_nobody_leaves_where_nobody_may():
    problem = random_problem(1_000)
    posed = Posed(problem.model_copy(update={"patches": ()}))
    assert posed.annealed().made == {}


def test_a_dear_change_is_not_made_and_a_cheap_one_is():
    """What is there before is a fleet cut down to the first trip of one voyage, which annealing alone would fill."""
    fresh = Posed(make("tiny", 3))
    shift, made = next(iter(fresh.annealed().made.items()))
    alone = replace(made.route, trips=made.route.trips[:1])
    before = {shift: [stop for _, stop in stops_of(fresh.grid, on_the_grid(fresh.grid, alone))]}
    changes: dict[float, int] = {}
    for cost_cny in (0.0, 1e9):
        orders = Orders(change_cost_cny=cost_cny)
        posed = Posed(fresh.problem.model_copy(update={"orders": orders}), before)
        start = posed.responder.fleet([alone], frozenset())
        routes = [on_the_grid(posed.grid, route) for route in posed.anneal(start).routes]
        told = {posed.grid.shift_row[route.outing]: stops_of(posed.grid, route) for route in routes}
        same = len(unchanged(before[shift], [stop for _, stop in told.get(shift, [])]))
        changes[cost_cny] = len(before[shift]) + sum(map(len, told.values())) - 2 * same
    assert changes[0.0] > 0
    assert changes[1e9] == 0


def test_a_voyage_with_a_lock_stays_as_it_is():
    fresh = Posed(make("tiny", 3))
    shift, made = next(iter(fresh.annealed().made.items()))
    vessel, number = fresh.grid.shifts[shift]
    alone = replace(made.route, trips=made.route.trips[:1])
    spec = fresh.problem.vessels[vessel]
    patch = fresh.problem.patches[alone.trips[0].visits[0].patch].id
    lock = Lock(id="stop", vessel=spec.id, shift=number, stops=(LockedStop(patch=patch, window=spec.shifts[number]),))
    posed = Posed(fresh.problem.model_copy(update={"orders": Orders(locks=(lock,))}))
    start = posed.responder.fleet([alone], frozenset())
    assert shift in start.made
    assert posed.anneal(start).made[shift].route == start.made[shift].route
