"""The network ashore on its clock: what holds for every birth of a bucket holds, what holds for none does not."""

import math
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.random_problem import random_problem, window
from documents.network import FleetSpec, MaterialSpec, PlaceSpec, StoreSpec, UnitSpec
from documents.problem import Problem
from optimizer.network import GONE, KEEPS, Lot, Network, Pool

WET, STALE, CAKE, KEPT = range(4)
LIVES = {WET: 6.0, STALE: 20.0, CAKE: 5.5}
HOURS = 24
hours = st.floats(0, HOURS)
steps = st.sampled_from([0.5, 1.0, 2.0])
buckets = st.sampled_from([0.5, 2.0, 3.0])


def make(**update: object) -> Problem:
    """Return a problem in which wet algae become stale after 6 h, and stale ones nothing after 20 h."""
    problem = random_problem(0, hours=HOURS)
    materials = (
        MaterialSpec(id="wet", name="wet", shelf_life_h=LIVES[WET], becomes="stale", disposal_cny_per_t=60),
        MaterialSpec(id="stale", name="stale", shelf_life_h=LIVES[STALE], disposal_cny_per_t=85),
        MaterialSpec(id="cake", name="cake", shelf_life_h=LIVES[CAKE], disposal_cny_per_t=50),
        MaterialSpec(id="kept", name="kept", disposal_cny_per_t=30),
    )
    stores = (
        StoreSpec(materials=("wet", "cake"), capacity_t=40, end_value_cny_per_t={"wet": 90.0}),
        StoreSpec(materials=("stale",), capacity_t=10, end_value_cny_per_t={"stale": 20.0}),
    )
    bare = {
        "materials": materials,
        "places": (PlaceSpec(id="quay-0", name="quay", stores=stores), PlaceSpec(id="mill", name="mill")),
        "docks": problem.docks[:1],
        "platforms": (),
        "vessels": tuple(v.model_copy(update={"home_dock": "quay-0"}) for v in problem.vessels),
        "fleets": (),
        "links": (),
        "supplies": (),
        "contracts": (),
    }
    return Problem(**{**dict(problem), **bare, **update})


PROBLEM = make()


def really(material: int, age_h: float) -> int:
    """Return what is born as ``material`` at an age."""
    if material == KEPT or age_h <= LIVES[material]:
        return material
    return STALE if material == WET and age_h <= LIVES[STALE] else GONE


def names(*materials: int) -> list[str]:
    return [PROBLEM.materials[m].id for m in materials]


def test_moments_and_buckets_round_against_the_plan():
    network = Network(PROBLEM, 2.0, 3.0)
    assert [network.moment_in(h) for h in (0.0, 0.1, 2.0, 2.0 + 1e-12, 3.9, 24.0)] == [0, 1, 1, 1, 2, 12]
    assert [network.bucket(h) for h in (0.0, 2.9, 3.0 - 1e-12, 3.0, 8.9)] == [0, 0, 1, 1, 2]
    assert network.last == 12
    optimistic = Network(PROBLEM, 2.0, 3.0, optimistic=True)
    assert [optimistic.moment_in(h) for h in (0.0, 0.1, 2.0 - 1e-12, 3.9, 24.0)] == [0, 0, 1, 1, 12]


def test_what_outlives_the_horizon_keeps():
    network = Network(PROBLEM, 1.0, 2.0)
    assert [network.ages(m) for m in (WET, STALE, CAKE, KEPT)] == [True, True, True, False]
    assert network.pool(0, KEPT, 7.0) == Pool(0, KEPT, KEEPS)
    assert network.pool(0, WET, 7.0) == Pool(0, WET, 3)
    assert not Network(PROBLEM.model_copy(update={"horizon_h": 6}), 1.0, 2.0).ages(WET)


def test_materials_by_hand():
    network = Network(PROBLEM, 1.0, 2.0)
    pool = Pool(0, WET, 1)  # born from hour 2 to 4
    wet, both, stale, gone = {WET}, {WET, STALE}, {STALE}, {GONE}
    by_moment = {2: wet, 8: wet, 9: both, 10: both, 11: stale, 22: stale, 23: {STALE, GONE}}
    assert {t: network.materials(pool, t, t) for t in by_moment} == by_moment
    assert network.materials(pool, 8, 9) == both
    assert network.materials(pool, 8, 24) == both | gone
    assert network.materials(Pool(0, CAKE, 0), 8, 8) == gone
    assert network.materials(Pool(0, KEPT, KEEPS), 0, 24) == {KEPT}
    assert network.last_of(pool) == 22
    assert network.last_of(Pool(0, CAKE, 1)) == 7


def test_stores_values_and_disposal_by_hand():
    network = Network(PROBLEM, 1.0, 2.0)
    fresh, stale = PROBLEM.places[0].stores
    pool = Pool(0, WET, 1)
    assert [network.store_of(pool, t) for t in (7, 8, 9, 10, 11)] == [fresh, None, None, None, stale]
    assert network.store_of(Pool(0, KEPT, KEEPS), 3) is None
    assert network.store_of(Pool(1, WET, 1), 3) is None
    assert [network.end_value_cny_per_t(Pool(0, WET, b)) for b in (0, 1, 2, 7, 8, 9, 11)] == [
        *(None, None, 20.0, 20.0, 20.0, 90.0, 90.0)
    ]
    assert [network.disposal_cny_per_t(pool, t) for t in (8, 9, 11)] == [60.0, 85.0, 85.0]


@settings(max_examples=300)
@given(step=steps, born_h=buckets, born=hours, later=hours, material=st.sampled_from([WET, CAKE]), data=st.data())
def test_what_is_accepted_is_so_for_every_birth(
    step: float, born_h: float, born: float, later: float, material: int, data: st.DataObject
):
    network = Network(PROBLEM, step, born_h)
    pool = network.pool(0, material, born)
    moment = network.moment_in(min(born + later, HOURS))
    is_now = really(material, moment * step - born)
    wanted = data.draw(st.sets(st.sampled_from([WET, STALE, CAKE, KEPT]), min_size=1))
    assert is_now in network.materials(pool, moment, moment)
    if network.accepts(pool, moment, names(*wanted)):
        assert is_now in wanted
    if moment <= network.last_of(pool):
        assert is_now != GONE
        assert network.disposal_cny_per_t(pool, moment) >= PROBLEM.materials[is_now].disposal_cny_per_t
    store = network.store_of(pool, moment)
    if store is not None:
        until = min(moment + 1, network.last)
        seen = {really(material, max(moment + (until - moment) * part / 7, 0) * step - born) for part in range(8)}
        assert seen <= {WET, STALE, CAKE}
        assert set(names(*seen)) <= set(store.materials)
    worth = network.end_value_cny_per_t(pool)
    if worth is not None:
        assert worth <= {WET: 90.0, STALE: 20.0}[really(material, HOURS - born)]


@settings(max_examples=300)
@given(step=steps, born_h=buckets, born=hours, later=hours, material=st.sampled_from([WET, CAKE]))
def test_what_may_be_at_any_time_is_accepted_optimistically(
    step: float, born_h: float, born: float, later: float, material: int
):
    network = Network(PROBLEM, step, born_h, optimistic=True)
    pool = network.pool(0, material, born)
    time = min(born + later, HOURS)
    moment = network.moment_in(time)
    is_now = really(material, time - born)
    if is_now != GONE:
        assert network.accepts(pool, moment, names(is_now))
        assert moment <= network.last_of(pool)
        assert network.disposal_cny_per_t(pool, moment) <= PROBLEM.materials[is_now].disposal_cny_per_t
        assert network.store_of(pool, moment) is not None
    at_last = really(material, HOURS - born)
    if at_last in (WET, STALE):
        worth = network.end_value_cny_per_t(pool)
        assert worth is not None
        assert worth >= {WET: 90.0, STALE: 20.0}[at_last]


@settings(max_examples=200)
@given(out=st.tuples(hours, hours), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)), step=steps, born_h=buckets)
def test_every_landing_of_an_outing_is_among_its_lots(
    out: tuple[float, float], shares: tuple[float, float], step: float, born_h: float
):
    first, last = sorted(out)
    born, landed = sorted(first + share * (last - first) for share in shares)
    for optimistic in (False, True):
        network = Network(PROBLEM, step, born_h, optimistic=optimistic)
        if network.moment_in(landed) <= network.last:
            assert (network.moment_in(landed), network.bucket(born)) in set(network.lots(first, last))


def test_what_may_land():
    network = Network(PROBLEM, 1.0, 2.0)
    assert network.may_land(Lot(0, 5, 1))
    assert network.may_land(Lot(0, 14, 1))
    assert not network.may_land(Lot(1, 5, 1))  # no store at all
    assert not network.may_land(Lot(0, 23, 1))  # spoilt
    assert not network.may_land(Lot(0, 9, 1))  # wet or stale by then: in neither store for sure


@settings(max_examples=200)
@given(
    spans=st.lists(st.tuples(st.integers(0, 95), st.integers(1, 40)), min_size=1, max_size=3),
    duration=st.floats(0.1, 9),
    begin=hours,
    step=steps,
)
def test_batches_fit_windows_on_either_side(spans: list[tuple[int, int]], duration: float, begin: float, step: float):
    windows = tuple(window(first / 4, (first + length) / 4) for first, length in spans)
    task = random_problem(0).places[-1].tasks[0]
    unit = UnitSpec(id=task.unit, name="unit", number=1, windows=windows)
    task = task.model_copy(
        update={"hours": duration, "inputs": (task.inputs[0].model_copy(update={"materials": ("wet",)}),)}
    )
    mill = PlaceSpec(id="mill", name="mill", units=(unit,), tasks=(task,))
    problem = make(places=(PROBLEM.places[0], mill))
    quarters = {quarter for first, length in spans for quarter in range(first, first + length)}

    def fits(start: float) -> bool:
        """Say whether the quarters of an hour that are worked are all open, and within the horizon."""
        first, last = math.floor(start * 4 + 1e-9), math.ceil((start + duration) * 4 - 1e-9)
        return set(range(first, last)) <= quarters and start + duration <= HOURS + 1e-9

    (work,) = Network(problem, step, 2.0).works
    assert set(work.starts) == {t for t in range(int(HOURS / step) + 1) if fits(t * step)}
    assert (work.occupies - 1) * step < duration <= work.occupies * step + 1e-9
    assert work.unit == (1, 0)
    (hoped,) = Network(problem, step, 2.0, optimistic=True).works
    if fits(begin):
        assert math.floor(begin / step) in hoped.starts
    assert set(work.starts) <= set(hoped.starts)


def test_vehicles_leave_within_the_windows_of_their_fleet():
    link = (
        random_problem(0)
        .links[0]
        .model_copy(
            update={"origin": "quay-0", "target": "mill", "fleet": "cars", "materials": ("wet",), "turnaround_h": 2.5}
        )
    )
    fleet = FleetSpec(id="cars", name="cars", number=2, windows=(window(1.5, 4), window(4, 6.5), window(9.25, 9.75)))
    problem = make(fleets=(fleet,), links=(link.model_copy(update={"hours": 2.0}),))
    (way,) = Network(problem, 1.0, 2.0).ways
    assert (way.origin, way.target, way.fleet) == (0, 1, 0)
    assert way.leaves == (2, 3, 4, 5, 6)
    assert way.occupies == 3
    (hoped,) = Network(problem, 1.0, 2.0, optimistic=True).ways
    assert hoped.leaves == (1, 2, 3, 4, 5, 6, 9)
    assert hoped.occupies == 2


@pytest.mark.parametrize(("hours_h", "step", "last"), [(24, 1.0, 24), (25, 2.0, 12), (24, 0.5, 48)])
def test_the_last_moment_lies_within_the_horizon(hours_h: int, step: float, last: int):
    problem = random_problem(1, hours=hours_h)
    network = Network(problem, step, 2.0)
    assert network.last == last
    end = problem.start + timedelta(hours=hours_h)
    assert problem.start + timedelta(hours=network.last * step) <= end
