"""The network ashore of a benchmark instance hangs together, whatever the seed."""

import math
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import carriable_t, make
from documents.base import Window
from documents.network import ContractSpec, PlaceSpec, TaskSpec
from documents.problem import Problem

SIZES = ("tiny", "rushan", "day", "large", "qingdao")
problems = st.builds(make, st.sampled_from(SIZES), st.integers(min_value=0, max_value=100_000))
many = settings(max_examples=20)


def stored(place: PlaceSpec) -> set[str]:
    return {material for store in place.stores for material in store.materials}


@many
@given(problem=problems)
def test_whatever_arises_has_a_store(problem: Problem):
    places = {place.id: place for place in problem.places}
    life = {material.id: material for material in problem.materials}
    for quay in problem.quays:
        assert problem.landed_material in stored(places[quay.id])
    for place in problem.places:
        for task in place.tasks:
            assert all(set(part.materials) & stored(place) for part in task.inputs)
            assert {output.material for output in task.outputs} <= stored(place)
        for material in stored(place):
            later, hours = life[material].becomes, life[material].shelf_life_h
            assert later is None or later in stored(place) or (hours or 0.0) >= problem.horizon_h
        for store in place.stores:
            assert sum(store.stock.values()) <= store.capacity_t
    for link in problem.links:
        assert set(link.materials) <= stored(places[link.origin])
        assert set(link.materials) & stored(places[link.target]) == set(link.materials)
    for supply in problem.supplies:
        assert supply.material in stored(places[supply.place])
    for contract in problem.contracts:
        assert contract.material in stored(places[contract.place])


@many
@given(problem=problems)
def test_stores_hold_a_load_a_batch_and_what_is_supplied(problem: Problem):
    places = {place.id: place for place in problem.places}
    largest = max(vessel.capacity_t for vessel in problem.vessels)
    for quay in problem.quays:
        assert room(places[quay.id], problem.landed_material) >= largest
    for place in problem.places:
        for task in place.tasks:
            assert all(room(place, output.material) >= task.batch_min_t * output.yield_mid for output in task.outputs)
            assert all(
                max(room(place, name) for name in part.materials if name in stored(place))
                >= part.share * task.batch_min_t
                for part in task.inputs
            )
        for name in stored(place):
            supplied = [s.tonnes for s in problem.supplies if (s.place, s.material) == (place.id, name)]
            stock = sum(store.stock.get(name, 0.0) for store in place.stores)
            keeps = next(m.shelf_life_h for m in problem.materials if m.id == name) is None
            assert stock + (sum(supplied) if keeps else max(supplied, default=0.0)) <= room(place, name)


def room(place: PlaceSpec, material: str) -> float:
    return sum(store.capacity_t for store in place.stores if material in store.materials)


@many
@given(problem=problems)
def test_batches_of_wet_algae_are_large_and_hours_whole_and_even(problem: Problem):
    for place in problem.places:
        for task in place.tasks:
            assert task.hours % 2 == 0
            if any(name.startswith("ulva") for part in task.inputs for name in part.materials):
                assert task.batch_min_t >= 20
    assert all(link.hours % 2 == 0 and link.turnaround_h % 2 == 0 for link in problem.links)
    for window in _windows(problem):
        for moment in (window.start, window.end):
            assert (moment - problem.start) % timedelta(hours=2) == timedelta(0)
    assert all((supply.time - problem.start) % timedelta(hours=2) == timedelta(0) for supply in problem.supplies)


def _windows(problem: Problem) -> Iterator[Window]:
    for dock in problem.docks:
        yield from dock.windows
    for platform in problem.platforms:
        yield from platform.days
    for vessel in problem.vessels:
        yield from vessel.shifts
    for place in problem.places:
        for unit in place.units:
            yield from unit.windows
    for fleet in problem.fleets:
        yield from fleet.windows


@many
@given(problem=problems)
def test_a_contract_s_least_can_be_met_from_the_stock_alone(problem: Problem):
    bound = [contract for contract in problem.contracts if contract.min_t > 0]
    assert bound
    places = {place.id: place for place in problem.places}
    for contract in bound:
        place = places[contract.place]
        stock = {name: tonnes for store in place.stores for name, tonnes in store.stock.items()}
        ways = [_meets(problem, contract, place, task, stock) for task in place.tasks]
        assert stock.get(contract.material, 0.0) >= contract.min_t or any(ways)


def _meets(problem: Problem, contract: ContractSpec, place: PlaceSpec, task: TaskSpec, stock: dict[str, float]) -> bool:
    """Say whether batches of ``task`` from the stock give the contract's least in time, on one unit."""
    given = sum(output.yield_mid for output in task.outputs if output.material == contract.material)
    if given == 0.0:
        return False
    taken = max(contract.min_t / given, task.batch_min_t)
    (windows,) = [unit.windows for unit in place.units if unit.id == task.unit]
    batches = sum(math.floor((w.end - w.start).total_seconds() / 3600.0 / task.hours) for w in windows)
    there = all(sum(stock.get(name, 0.0) for name in part.materials) >= part.share * taken for part in task.inputs)
    in_time = windows[0].start + timedelta(hours=task.hours) <= contract.window.end
    return there and in_time and taken <= batches * task.batch_max_t and taken * given <= contract.max_t


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_shore_is_about_as_wide_as_the_fleet(size: str, seed: int):
    problem = make(size, seed)
    wet = 0.0
    for place in problem.places:
        for unit in place.units:
            rates = [
                task.batch_max_t / task.hours
                for task in place.tasks
                if task.unit == unit.id and any("ulva" in part.materials for part in task.inputs)
            ]
            hours = sum((window.end - window.start).total_seconds() / 3600.0 for window in unit.windows)
            wet += unit.number * max(rates, default=0.0) * hours
    assert 0.7 < wet / carriable_t(problem) < 3.0


@pytest.mark.parametrize("size", ["rushan", "large"])
def test_the_platform_s_cake_comes_ashore_by_barge(size: str):
    problem = make(size, 2)
    (platform,) = problem.platforms
    (link,) = [link for link in problem.links if link.origin == platform.id]
    assert link.materials == ("cake",)
    assert link.target in {dock.id for dock in problem.docks}
    (place,) = [place for place in problem.places if place.id == platform.id]
    assert [task.id for task in place.tasks] == ["press"]
    onward = [other for other in problem.links if other.origin == link.target and "cake" in other.materials]
    assert onward
