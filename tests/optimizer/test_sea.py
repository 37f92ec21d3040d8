"""Ways over water: never through land, never shorter than the crow flies, the same in tables as on the chart."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint

from documents.coast import Coast, as_multipolygon
from documents.geodesy import METRES_PER_NAUTICAL_MILE, distance_m
from documents.problem import Problem
from documents.site import Site
from optimizer.check.geometry import Obstacle
from optimizer.sea import Sea
from tests.optimizer.handmade import ISLAND, SOUTH_ROUTE, make_problem, miles

PLACES = st.tuples(st.floats(121.98, 122.12), st.floats(36.44, 36.56))


@pytest.fixture(scope="module")
def islet() -> Sea:
    return Sea(make_problem())


@pytest.fixture(scope="module")
def rushan(site: Site, coast: Coast) -> Problem:
    """Return a problem with the docks and the land of Rushan."""
    near = as_multipolygon(coast.land.intersection(shapely.box(121.3, 36.6, 122.0, 37.0)))
    land = tuple((tuple(part.exterior.coords), *(tuple(hole.coords) for hole in part.interiors)) for part in near.geoms)
    dock = make_problem().docks[0]
    docks = tuple(dock.model_copy(update={"id": d.id, "lon": d.lon, "lat": d.lat}) for d in site.docks)
    return make_problem().model_copy(update={"land": land, "docks": docks})


def test_the_way_round_an_island_is_the_shorter_one(islet: Sea):
    a, b = (122.0, 36.49), (122.1, 36.49)
    path = islet.path(a, b)
    assert path is not None
    assert path.waypoints[0] == a
    assert path.waypoints[-1] == b
    assert all(lat < 36.5 for _, lat in path.waypoints)
    assert distance_m(a, b) / METRES_PER_NAUTICAL_MILE < path.miles < miles((a, *SOUTH_ROUTE, b))


@settings(max_examples=150, deadline=None)
@given(a=PLACES, b=PLACES)
def test_ways_keep_to_the_water_and_tables_tell_their_length(
    islet: Sea, a: tuple[float, float], b: tuple[float, float]
):
    assume(islet.is_open(np.array([a, b])).all())
    path = islet.path(a, b)
    assert path is not None
    assert Obstacle(make_problem().land).crossed_m(path.waypoints) == 0
    crow = distance_m(a, b) / METRES_PER_NAUTICAL_MILE
    assert path.miles >= crow - 2e-4
    there, back = islet.distances_nm(np.array([a, b]), np.array([b, a]))
    assert there == pytest.approx(path.miles, abs=5e-4)
    assert back == pytest.approx(there, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(a=PLACES, b=PLACES, c=PLACES)
def test_no_detour_is_shorter(islet: Sea, a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]):
    assume(islet.is_open(np.array([a, b, c])).all())
    ab, bc, ac = islet.distances_nm(np.array([a, b, a]), np.array([b, c, c]))
    # Corners keep a standoff that a way through b need not keep: at most four are cut.
    assert ac <= ab + bc + 4 * 0.2


def test_land_is_no_way(islet: Sea):
    inside, outside = (122.04, 36.5), (122.1, 36.49)
    assert islet.is_open(np.array([inside, outside])).tolist() == [False, True]
    assert islet.path(inside, outside) is None
    assert np.isinf(islet.distances_nm(np.array([outside]), np.array([inside]))).all()


def test_a_lake_is_water_without_a_way_out():
    lake = tuple((122.035 + 0.01 * x, 36.495 + 0.01 * y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)))
    sea = Sea(make_problem().model_copy(update={"land": ((ISLAND, lake),)}))
    swan, other, boat = (122.04, 36.5), (122.043, 36.503), (122.1, 36.5)
    assert sea.is_open(np.array([swan])).all()
    assert sea.path(swan, boat) is None
    path = sea.path(swan, other)
    assert path is not None
    assert len(path.waypoints) == 2


def test_without_land_the_way_is_straight():
    sea = Sea(make_problem().model_copy(update={"land": ((ISLAND[:2],),)}))
    path = sea.path((122.0, 36.5), (122.1, 36.5))
    assert path is not None
    assert len(path.waypoints) == 2


def test_closed_areas_are_sailed_round():
    problem = make_problem()
    raft = tuple((122.08 + 0.01 * x, 36.48 + 0.01 * y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)))
    path = Sea(problem.model_copy(update={"closed_areas": ((raft,),)})).path((122.075, 36.485), (122.1, 36.485))
    assert path is not None
    assert Obstacle(((raft,),)).crossed_m(path.waypoints) == 0
    assert len(path.waypoints) > 2


def test_every_dock_of_rushan_reaches_the_open_sea(rushan: Problem):
    sea, land = Sea(rushan), Obstacle(rushan.land)
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.uniform(121.45, 121.85, 60), rng.uniform(36.65, 36.85, 60)])
    points = points[sea.is_open(points)]
    coast = MultiPoint(points)
    assert len(coast.geoms) > 30
    for dock in rushan.docks:
        reached = 0
        for lon, lat in points.tolist():
            path = sea.path((dock.lon, dock.lat), (lon, lat))
            if path is not None:
                reached += 1
                assert land.crossed_m(path.waypoints) == 0
        assert reached > 0.8 * len(points)
