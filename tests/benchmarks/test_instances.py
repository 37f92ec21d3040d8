"""The benchmark instances are what they are said to be, whatever the seed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from benchmarks.instance_data import charts, size_named
from benchmarks.instances import carriable_t, catchable_t, make, scarcity, static
from documents.base import LonLat, Window
from documents.errors import InputError
from documents.geodesy import distance_m, reproject
from documents.problem import Problem, Ring

REPOSITORY = Path(__file__).resolve().parents[2]
OFF_M = 200.0
UTM = 32651
SIZES = ("tiny", "rushan", "day", "large", "qingdao")
seeds = st.integers(min_value=0, max_value=100_000)


@pytest.mark.parametrize(
    ("size", "patches", "vessels", "plants", "docks", "stations", "hours"),
    [
        ("rushan", 40, 12, 3, 2, 2, 72),
        ("day", 60, 8, 3, 2, 0, 24),
        ("large", 100, 16, 4, 3, 2, 72),
        ("qingdao", 200, 100, 5, 5, 0, 24),
        ("static", 100, 8, 0, 2, 0, 24),
    ],
)
def test_sizes(size: str, patches: int, vessels: int, plants: int, docks: int, stations: int, hours: int):
    problem = make(size, 4)
    assert (len(problem.patches), len(problem.vessels), problem.horizon_h) == (patches, vessels, hours)
    assert len(problem.docks) == docks
    assert sum(len(platform.stations) for platform in problem.platforms) == stations
    assert len(problem.places) == docks + len(problem.platforms) + plants
    shifts = {tuple((window.end - window.start).total_seconds() for window in v.shifts) for v in problem.vessels}
    assert shifts == {(16 * 3600.0,) * (hours // 24)}


@settings(max_examples=20)
@given(seed=seeds)
def test_tiny_is_tiny(seed: int):
    problem = make("tiny", seed)
    assert 2 <= len(problem.patches) <= 3
    assert 1 <= len(problem.vessels) <= 2
    assert len(problem.docks) == 1
    assert len(problem.places) == 2
    assert problem.horizon_h in (8, 10, 12)


@pytest.mark.parametrize("size", [*SIZES, "static"])
def test_the_same_seed_gives_the_same_bytes_in_another_process(size: str, tmp_path: Path):
    make(size, 7).write(tmp_path / "here.json")
    command = [sys.executable, "-m", "benchmarks.instances", size, "7", str(tmp_path / "there.json")]
    environment = {**os.environ, "PYTHONHASHSEED": "1234"}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{size}-7: ")
    here, there = (hashlib.sha256((tmp_path / name).read_bytes()) for name in ("here.json", "there.json"))
    assert here.hexdigest() == there.hexdigest()
    assert make(size, 8) != make(size, 7)
    assert Problem.read(tmp_path / "there.json") == make(size, 7)


@settings(max_examples=40)
@given(size=st.sampled_from(SIZES), seed=seeds)
def test_even_seeds_are_scarce_and_odd_ones_rich(size: str, seed: int):
    low, high = (3.0, 6.0) if seed % 2 else (0.6, 1.2)
    assert 0.99 * low <= scarcity(make(size, seed)) <= 1.01 * high


@settings(max_examples=30)
@given(size=st.sampled_from([*SIZES, "static"]), seed=seeds)
def test_all_work_lies_off_land_and_rafts_in_one_water(size: str, seed: int):
    problem = make(size, seed)
    land, rafts = _metric(problem.land), _metric(problem.closed_areas)
    quays = [(dock.lon, dock.lat) for dock in problem.docks]
    quays += [(station.lon, station.lat) for platform in problem.platforms for station in platform.stations]
    ways = _in_metres([*([quay] for quay in quays), *_collectable_ways(problem)])
    for barred in (land, rafts):
        assert shapely.distance(ways, barred).min() >= OFF_M
    sea = shapely.box(*shapely.total_bounds([*ways, land])).buffer(10_000)
    waters = shapely.get_parts(sea.difference(land.buffer(OFF_M / 2)).difference(rafts.buffer(OFF_M / 2)))
    assert max(int(shapely.covers(water, ways).sum()) for water in waters) == len(ways)


@pytest.mark.parametrize("size", SIZES[1:])
def test_some_ways_go_round_land(size: str):
    problem = make(size, 0)
    starts = [(patch.lon[0], patch.lat[0]) for patch in problem.patches]
    straight = [[(dock.lon, dock.lat), start] for dock in problem.docks for start in starts]
    assert shapely.intersects(_in_metres(straight), _metric(problem.land)).any()


@pytest.mark.parametrize("chart", sorted(charts()))
def test_charts_hold_valid_rings_and_plants_ashore(chart: str):
    data = charts()[chart]
    rings = [Polygon(ring) for ring in (*data.land, *data.closed)]
    assert all(ring.is_valid for ring in rings)
    assert not any(a.intersects(b) for i, a in enumerate(rings) for b in rings[:i])
    land = MultiPolygon([Polygon(ring) for ring in data.land])
    assert all(shapely.intersects_xy(land, plant.lon, plant.lat) for plant in data.plants)


@settings(max_examples=15)
@given(size=st.sampled_from(SIZES), seed=seeds)
def test_patches_drift_grow_and_come_ashore_plausibly(size: str, seed: int):
    problem = make(size, seed)
    for patch in problem.patches:
        free = patch.collectable
        assert free[0]
        assert list(free) == sorted(free, reverse=True), "lost once, lost for good"
        steps = zip(patch.lon, patch.lat, patch.lon[1:], patch.lat[1:], strict=False)
        fastest = max(distance_m((a, b), (c, d)) for a, b, c, d in steps)
        assert fastest < 3600 * 1.2, "faster than 1.2 m/s"
        growth = (patch.remaining[-1] / patch.remaining[0]) ** (24.0 / problem.horizon_h)
        assert 0.92 <= growth <= 1.031
        assert patch.biomass.low_t <= patch.biomass_t <= patch.biomass.high_t
        assert min(patch.value_cny_per_t) >= 150.0
        assert max(patch.value_cny_per_t) <= 5000.0


def test_over_many_seeds_some_strand_some_pass_an_asset_and_some_days_blow():
    problems = [make("rushan", seed) for seed in range(12)]
    patches = [patch for problem in problems for patch in problem.patches]
    lost = np.mean([not patch.collectable[-1] for patch in patches])
    assert 0.2 < lost < 0.8
    free = [np.array(patch.value_cny_per_t)[np.array(patch.collectable)] for patch in patches]
    rises_and_falls = [value.max() > 2 * value[0] and value[-1] < 0.7 * value.max() for value in free]
    assert 0.02 < np.mean(rises_and_falls) < 0.6
    highest = [max(wave for wave in problem.wave_m if wave is not None) for problem in problems]
    assert min(highest) < 1.25 < 1.5 < max(highest)
    assert {problem.wave_m[-1] is None for problem in problems} == {True, False}


def test_many_vessels_of_qingdao_are_alike():
    vessels = make("qingdao", 0).vessels
    kinds = {tuple(sorted(v.model_dump(exclude={"id", "name", "home_dock", "shifts"}).items())) for v in vessels}
    assert 9 <= len(kinds) <= 10
    assert len({(v.capacity_t, v.home_dock) for v in vessels}) <= 20
    assert len({v.home_dock for v in vessels}) == 5
    for vessel in vessels:
        assert 30 <= vessel.capacity_t <= 200
        assert 8 <= vessel.speed_kn <= 10
        assert 10 <= vessel.collect_t_per_h <= 30
        assert vessel.rigging_h == 0.25


@pytest.mark.parametrize("seed", range(4))
def test_static_is_what_a_router_can_express(seed: int):
    problem = static(seed)
    load = min(vessel.capacity_t for vessel in problem.vessels)
    for patch in problem.patches:
        assert patch.biomass_t <= load
        assert set(patch.remaining) == {1.0}
        assert all(patch.collectable)
        for series in (patch.lon, patch.lat, patch.value_cny_per_t):
            assert len(set(series)) == 1
    assert len({(v.speed_kn, v.collect_t_per_h, v.rigging_h, v.shifts) for v in problem.vessels}) == 1
    assert all(dock.berths >= len(problem.vessels) for dock in problem.docks)
    assert len({(dock.unload_t_per_h, dock.mooring_h) for dock in problem.docks}) == 1
    assert all(dock.windows == (_whole(problem),) for dock in problem.docks)
    assert max(wave for wave in problem.wave_m if wave is not None) == 0.0
    assert not (problem.fleets or problem.links or problem.contracts or problem.supplies or problem.platforms)
    (worth,) = {store.end_value_cny_per_t["ulva"] for place in problem.places for store in place.stores}
    assert worth > 0
    assert sum(patch.biomass_t for patch in problem.patches) < min(p.stores[0].capacity_t for p in problem.places)
    low, high = (1.5, 2.5) if seed % 2 else (0.6, 1.2)
    # Patches cut to a load shift the typical leg a little.
    assert 0.95 * low <= scarcity(problem) <= 1.05 * high


def test_what_cannot_be_collected_is_not_catchable():
    problem = static(0)
    assert catchable_t(problem) == pytest.approx(sum(patch.biomass_t for patch in problem.patches))
    first, second, *rest = problem.patches
    gone = first.model_copy(update={"collectable": (False,) * 25})
    grown = second.model_copy(update={"remaining": (1.0,) * 10 + (1.5,) * 15})
    late = second.model_copy(update={"remaining": (1.0,) * 17 + (1.5,) * 8})
    expected = catchable_t(problem) - first.biomass_t
    for patch, factor in ((grown, 1.5), (late, 1.0)):
        changed = problem.model_copy(update={"patches": (gone, patch, *rest)})
        assert catchable_t(changed) == pytest.approx(expected + (factor - 1.0) * second.biomass_t)


def test_carriable_is_what_a_boat_does_to_and_fro():
    problem = static(0)
    dock, patch, vessel = problem.docks[0], problem.patches[0], problem.vessels[0]
    # At the quay itself: no legs; 0.25 h of rigging, 2.5 h at 20 t/h, 0.25 h of mooring, 1 h at 50 t/h for 50 t.
    here = patch.model_copy(update={"lon": (dock.lon,) * 25, "lat": (dock.lat,) * 25})
    alone = problem.model_copy(update={"docks": (dock,), "patches": (here,), "vessels": (vessel,)})
    assert (vessel.capacity_t, dock.unload_t_per_h) == (50.0, 50.0)
    assert carriable_t(alone) == pytest.approx(50.0 * 16 / 4.0)
    # A blow from hour 5 to hour 8 leaves the eight hours until 16:00.
    blow = tuple(2.0 if 5 <= hour < 8 else 0.0 for hour in range(24))
    assert carriable_t(alone.model_copy(update={"wave_m": blow})) == pytest.approx(50.0 * 8 / 4.0)
    assert carriable_t(alone.model_copy(update={"wave_m": (2.0,) * 24})) == 0.0
    assert catchable_t(alone.model_copy(update={"wave_m": (2.0,) * 24})) == 0.0
    # One berth takes a load in 1.25 h, whatever the number of boats.
    narrow = dock.model_copy(update={"berths": 1, "windows": (Window(start=problem.start, end=vessel.shifts[0].end),)})
    many = alone.model_copy(update={"docks": (narrow,), "vessels": (vessel,) * 9})
    assert carriable_t(many) == pytest.approx(50.0 * 16 / 1.25)


@pytest.mark.parametrize("size", ["huge", ""])
def test_an_unknown_size_is_refused(size: str):
    with pytest.raises(InputError, match="choose one of rushan, day, large, qingdao, tiny, small, static"):
        make(size, 0)


@pytest.mark.parametrize("size", ["tiny", "static"])
def test_a_seed_below_zero_is_refused(size: str):
    with pytest.raises(InputError, match="give 0 or more"):
        make(size, -1)


def test_patches_begin_on_the_size_s_ground():
    ground = Polygon(size_named("qingdao").ground)
    assert all(shapely.intersects_xy(ground.buffer(1e-6), p.lon[0], p.lat[0]) for p in make("qingdao", 1).patches)


def _collectable_ways(problem: Problem) -> Iterator[list[LonLat]]:
    """Yield the track of every patch as long as it is collectable."""
    for patch in problem.patches:
        track = list(zip(patch.lon, patch.lat, patch.collectable, strict=True))
        yield [(lon, lat) for lon, lat, collectable in track if collectable]


def _in_metres(ways: list[list[LonLat]]) -> np.ndarray:
    lines = [shapely.Point(way[0]) if len(way) == 1 else shapely.LineString(way) for way in ways]
    return shapely.get_parts(reproject(shapely.GeometryCollection(lines), 4326, UTM))


def _metric(polygons: tuple[tuple[Ring, ...], ...]) -> BaseGeometry:
    return reproject(MultiPolygon([Polygon(outer, holes) for outer, *holes in polygons]), 4326, UTM)


def _whole(problem: Problem) -> Window:
    (window,) = {window for dock in problem.docks for window in dock.windows}
    assert (window.end - window.start).total_seconds() == problem.horizon_h * 3600
    return window
