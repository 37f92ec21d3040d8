"""Ways over water: never through land, never shorter than the crow flies, the same in tables as on the chart."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Polygon

from documents.coast import Coast, as_multipolygon
from documents.geodesy import METRES_PER_NAUTICAL_MILE, distance_m
from documents.problem import Problem, Ring
from documents.site import Site
from optimizer.check.geometry import Obstacle
from optimizer.sea import Sea
from optimizer.visibility import Floats, Plane, Visibility, grazed
from tests.optimizer.handmade import ISLAND, SOUTH_ROUTE, make_problem, miles

PLACES = st.tuples(st.floats(121.98, 122.12), st.floats(36.44, 36.56))
SEA_ROOM_NM = 50 / METRES_PER_NAUTICAL_MILE
FREE_NM = 300 / METRES_PER_NAUTICAL_MILE
"""Farther off the shore than any clearance."""
NORTH, EAST = 1 / 111_000, 1 / 89_500
"""Degrees a metre, about latitude 36.6."""


def box(west: float, south: float, east: float, north: float) -> Ring:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def sea_of(*rings: Ring) -> Sea:
    return Sea(make_problem().model_copy(update={"land": tuple((ring,) for ring in rings)}))


def off_shore_nm(place: tuple[float, float], *rings: Ring) -> float:
    """Return about how far off the land ``place`` lies."""
    scale = np.array([60 * math.cos(math.radians(36.5)), 60])
    land = shapely.union_all([Polygon(np.array(ring) * scale) for ring in rings])
    return float(land.distance(shapely.Point(np.array(place) * scale)))


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


@settings(max_examples=150)
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


@settings(max_examples=100)
@given(a=PLACES, b=PLACES, c=PLACES)
def test_no_detour_is_shorter(islet: Sea, a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]):
    assume(min(off_shore_nm(place, ISLAND) for place in (a, b, c)) > FREE_NM)
    ab, bc, ac = islet.distances_nm(np.array([a, b, a]), np.array([b, c, c]))
    assert ac <= ab + bc + 1e-6


@settings(max_examples=100)
@given(a=PLACES, b=PLACES, c=PLACES)
def test_near_the_shore_no_detour_saves_more_than_standing_off(
    islet: Sea, a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
):
    assume(islet.is_open(np.array([a, b, c])).all())
    ab, bc, ac = islet.distances_nm(np.array([a, b, a]), np.array([b, c, c]))
    assert ac <= ab + bc + 2 * FREE_NM


@settings(max_examples=60)
@given(
    hulls=st.lists(st.lists(PLACES, min_size=3, max_size=7), min_size=1, max_size=4),
    places=st.lists(PLACES, min_size=2, max_size=5, unique=True),
)
def test_no_way_enters_convex_islands(hulls: list[list[tuple[float, float]]], places: list[tuple[float, float]]):
    # Hulls are drawn together, so that there are narrow sounds between them.
    shapes = [
        MultiPoint([(122 + (lon - 122) * 0.3 + 0.01 * k, lat) for lon, lat in hull]).convex_hull
        for k, hull in enumerate(hulls)
    ]
    land = shapely.union_all([shape for shape in shapes if isinstance(shape, Polygon)])
    assume(not land.is_empty)
    rings = tuple(tuple(part.exterior.coords) for part in shapely.get_parts(land))
    sea, checker = sea_of(*rings), Obstacle(tuple((ring,) for ring in rings))
    places = [place for place, is_open in zip(places, sea.is_open(np.array(places)), strict=True) if is_open]
    for a, b in itertools.combinations(places, 2):
        path = sea.path(a, b)
        table, back = sea.distances_nm(np.array([a, b]), np.array([b, a]))
        assert back == pytest.approx(table, abs=1e-6)
        if path is None:
            assert math.isinf(table)
            continue
        assert checker.crossed_m(path.waypoints) == 0
        assert path.miles == pytest.approx(table, rel=2e-4, abs=5e-4)
        assert table >= distance_m(a, b) / METRES_PER_NAUTICAL_MILE - 1e-6


def test_capes_are_passed_with_sea_room():
    turn = np.linspace(0, 2 * math.pi, 60)
    radius = 2000 + 60 * np.cos(17 * turn)
    ring = tuple(zip(122.05 + radius * np.sin(turn) * EAST, 36.5 + radius * np.cos(turn) * NORTH, strict=True))
    sea = sea_of(ring)
    for south in np.linspace(-1500, 1500, 13) * NORTH:
        path = sea.path((121.98, 36.5 + south), (122.12, 36.5))
        assert path is not None
        legs = zip(path.waypoints, path.waypoints[1:], strict=False)
        along = [np.array(a) + share * (np.array(b) - a) for a, b in legs for share in np.linspace(0, 1, 50)]
        assert min(off_shore_nm((lon, lat), ring) for lon, lat in along) > 0.99 * SEA_ROOM_NM


def test_tables_are_the_same_in_any_order_and_again(islet: Sea):
    rng = np.random.default_rng(7)
    places = rng.uniform((121.98, 36.44), (122.12, 36.56), (40, 2))
    i, j = rng.integers(0, 40, (2, 500))
    table = islet.distances_nm(places[i], places[j])
    shuffled = rng.permutation(500)
    again = Sea(make_problem()).distances_nm(places[i[shuffled]], places[j[shuffled]])
    assert np.array_equal(again, table[shuffled])


@pytest.mark.parametrize("width_m", [400, 300, 150, 60, 20])
def test_a_strait_far_from_any_dock_stays_open(width_m: float):
    half = width_m / 2 * EAST
    walls = box(121.5, 36.6, 122.5 - half, 36.61), box(122.5 + half, 36.6, 123.5, 36.61)
    path = sea_of(*walls).path((122.52, 36.4), (122.54, 36.8))
    assert path is not None
    assert path.miles < 24.3  # 97 nm round the walls
    assert Obstacle(tuple((wall,) for wall in walls)).crossed_m(path.waypoints) == 0


@pytest.mark.parametrize("width_m", [200, 60, 30])
def test_a_bent_slip_has_a_way_out(width_m: float):
    x, y = 122.3, 36.6
    entrance = shapely.box(x, y - 0.01, x + width_m * EAST, y + 300 * NORTH)
    basin = shapely.box(x, y + (300 - width_m) * NORTH, x + 500 * EAST, y + 300 * NORTH)
    land = shapely.box(121.5, y, 123.0, 36.9).difference(shapely.union(entrance, basin))
    quay = (x + 480 * EAST, y + (300 - width_m / 2) * NORTH)
    path = sea_of(tuple(land.exterior.coords)).path(quay, (122.2, 36.5))
    assert path is not None
    assert path.miles < 1.05 * distance_m(quay, (122.2, 36.5)) / METRES_PER_NAUTICAL_MILE
    assert Obstacle(((tuple(land.exterior.coords),),)).crossed_m(path.waypoints) == 0


def test_from_behind_a_bump_of_the_shore_the_way_is_not_round_the_bay():
    # A boat 10 m off the shore, a bump of 40 m beside it hiding all but the open sea.
    west, east = 122.0, 122.3
    shore = [(west, 36.6), (122.1, 36.6), (122.1, 36.6 - 40 * NORTH), (122.101, 36.6 - 40 * NORTH), (122.101, 36.6)]
    ring = (*shore, (east, 36.6), (east, 36.7), (west, 36.7), (west, 36.6))
    boat, other = (122.1 - 10 * EAST, 36.6 - 10 * NORTH), (122.101 + 10 * EAST, 36.6 - 10 * NORTH)
    path = sea_of(ring).path(boat, other)
    assert path is not None
    # At most they stand off, both of them.
    assert path.miles < distance_m(boat, other) / METRES_PER_NAUTICAL_MILE + 2 * FREE_NM


@pytest.mark.parametrize("latitude", [36.5, 60.0])
@pytest.mark.parametrize("off_m", [5, 120, 400, 3000])
def test_long_legs_do_not_bulge_into_the_land(latitude: float, off_m: float):
    # Along a parallel, the geodesic over 320 km runs up to 3 km nearer to the pole.
    wall = box(120.0, latitude, 124.0, latitude + 0.2)
    a, b = (120.2, latitude - off_m * NORTH), (123.8, latitude - off_m * NORTH)
    path = sea_of(wall).path(a, b)
    assert path is not None
    assert Obstacle(((wall,),)).crossed_m(path.waypoints) == 0
    assert path.miles == pytest.approx(sea_of(wall).distances_nm(np.array([a]), np.array([b]))[0], rel=2e-4)


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


def test_a_bent_lake_is_sailed_within():
    bend = ((0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4), (0, 0))
    lake = tuple((122.035 + 0.0004 * x, 36.495 + 0.0004 * y) for x, y in bend)
    sea = Sea(make_problem().model_copy(update={"land": ((ISLAND, lake),)}))
    one, other = (122.0364, 36.4952), (122.0352, 36.4964)
    path = sea.path(one, other)
    assert path is not None
    assert len(path.waypoints) == 3
    assert Obstacle(((ISLAND, lake),)).crossed_m(path.waypoints) == 0
    assert sea.path(one, (122.1, 36.5)) is None


def water_of(problem: Problem) -> shapely.Geometry:
    """Return the water off Rushan in which the first dock lies, degrees."""
    land = shapely.union_all([Polygon(outer, holes) for outer, *holes in problem.land])
    parts = shapely.get_parts(shapely.box(121.40, 36.62, 121.90, 36.86).difference(land))
    return next(part for part in parts if part.covers(shapely.Point(problem.docks[0].lon, problem.docks[0].lat)))


def shoreline(water: shapely.Geometry, off_m: float, number: int) -> Floats:
    line = water.buffer(-off_m * NORTH).boundary
    return shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(number) / number, normalized=True))


def test_sea_room_costs_little(rushan: Problem):
    # Against the shortest ways of all, shaving every rock.
    sea, water = Sea(rushan), water_of(rushan)
    middle = np.array([121.65, 36.75])
    plane = Plane(middle, np.array([1 / EAST, 1 / NORTH]))
    land = shapely.union_all([Polygon(outer, holes) for outer, *holes in rushan.land])
    shore = shapely.transform(land, plane.metres)
    shaving = Visibility(shore.buffer(1.0, quad_segs=1), grazed(shore), plane)
    rng = np.random.default_rng(5)
    for places in (shoreline(water, 30, 150), shoreline(water, 300, 150)):
        places = places[sea.is_open(places)]
        i, j = rng.integers(0, len(places), (2, 4000))
        far = sea.distances_nm(places[i], places[j])
        least = shaving.lengths_m(plane.metres(places[i]), plane.metres(places[j])) / METRES_PER_NAUTICAL_MILE
        assert np.all(far >= least - 1e-3)
        assert np.all(far <= 1.1 * least + 0.35)


def test_from_inshore_a_boat_makes_for_a_corner_it_sees(rushan: Problem):
    sea = Sea(rushan)
    dock, inlet = (rushan.docks[0].lon, rushan.docks[0].lat), (121.57503, 36.84752)
    path = sea.path(dock, inlet)
    assert path is not None
    # Standing straight off the bank first would take 0.3 nm more.
    assert path.miles < 6.6
    assert path.miles == pytest.approx(sea.distances_nm(np.array([dock]), np.array([inlet]))[0], abs=1e-3)


def test_two_boats_up_a_creek_meet_in_it(rushan: Problem):
    path = Sea(rushan).path((121.49829, 36.83745), (121.48856, 36.82555))
    assert path is not None
    assert path.miles < 1.1  # 3.6 nm by the bay, were the creek left to the land


def test_every_water_off_rushan_is_reached_from_every_dock(rushan: Problem):
    sea, checker, water = Sea(rushan), Obstacle(rushan.land), water_of(rushan)
    docks = np.array([(dock.lon, dock.lat) for dock in rushan.docks])
    assert sea.is_open(docks).all()
    rng = np.random.default_rng(3)
    open_sea = rng.uniform((121.45, 36.65), (121.85, 36.80), (200, 2))
    open_sea = open_sea[shapely.contains_xy(water, open_sea[:, 0], open_sea[:, 1])]
    places = np.concatenate([shoreline(water, 10, 400), open_sea])
    far = sea.distances_nm(np.tile(docks, (len(places), 1)), np.repeat(places, len(docks), axis=0))
    assert np.isfinite(far).all()
    for place, miles_there in zip(places.tolist(), far.reshape(-1, len(docks)).tolist(), strict=True):
        for dock, expected in zip(docks.tolist(), miles_there, strict=True):
            path = sea.path((dock[0], dock[1]), (place[0], place[1]))
            assert path is not None
            assert checker.crossed_m(path.waypoints) == 0
            assert path.miles == pytest.approx(expected, rel=2e-4, abs=5e-4)
            crow = distance_m((dock[0], dock[1]), (place[0], place[1])) / METRES_PER_NAUTICAL_MILE
            assert path.miles >= crow - 2e-4
