"""Shortest ways over water, round land and closed areas.

Boats do not shave rocks: where there is room they keep their clearance, in straits as much of it as fits. Between
points with that room a way is the shortest that keeps it, so these lengths are symmetric and no detour is shorter. From
or to a point closer inshore the first or last leg keeps off the shore alone; where no such leg leads out, the whole way
is the shortest along the shore.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from documents.base import LonLat
from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84, path_length_nm
from documents.problem import Problem, Ring
from optimizer.kept import Kept, Tables
from optimizer.visibility import Bools, Floats, Plane, Visibility, grazed

SEA_ROOM_M = ((160.0, 95.0), (40.0, 25.0), (8.0, 5.0))
"""示例. How far boats are drawn off the shore, and what thinning the corners may take of that again: it leaves 50 m.
The next pair holds in straits too narrow for the one before; the last leaves 2 m."""
INSHORE_M = (3.0, 2.0)
"""The same for ways along the shore."""
ARC = 2
"""Chords that stand for a quarter circle; they cut 8 % of the distance."""
STRAY_M = 0.25
"""A leg may leave the chart's straight line by this much: a geodesic strays L² tan(latitude) / (8 R) from it."""
DECIMALS = 6
"""Of a waypoint's degrees: 0.1 m."""


@dataclass(frozen=True)
class SeaPath:
    """A way by sea."""

    waypoints: tuple[LonLat, ...]
    """Both ends included, rounded to 1e-6 degrees."""
    miles: float
    """Geodesic length of these very waypoints, nautical miles."""


class Sea:
    """The water of a problem."""

    def __init__(self, problem: Problem, kept: Kept | None = None) -> None:
        """With ``kept``, what is told of it is told once."""
        self._problem, self._kept = problem, kept
        degrees = shapely.union_all([_polygons(problem.land), _polygons(problem.closed_areas)])
        self._plane = _plane(degrees)
        self._shore = shapely.transform(degrees, self._plane.metres)
        self._land = grazed(self._shore)

    def again(self) -> "Sea":
        """Return the same water for another thread: a chart is not shared."""
        return Sea(self._problem, self._kept)

    def told_once(self, told_from: Iterable[object], tell: Callable[[], Tables]) -> Tables:
        """Return what ``tell`` tells of this water, which nothing else but ``told_from`` decides."""
        waters = self._problem.land, self._problem.closed_areas
        return tell() if self._kept is None else self._kept.told([*waters, *told_from], tell)

    def is_open(self, points: Floats) -> Bools:
        """Return for lon/lat ``points`` (n, 2) whether they lie in the water."""
        x, y = self._plane.metres(np.asarray(points, dtype=float).reshape(-1, 2)).T
        return ~np.asarray(shapely.intersects_xy(self._land, x, y), dtype=bool)

    def distances_nm(self, a: Floats, b: Floats) -> Floats:
        """Return the lengths (n,) of the shortest ways from ``a`` (n, 2) to ``b`` (n, 2); inf where there is none.

        They are those of :meth:`path` to 0.0005 nm + 0.02 %: it rounds its waypoints, and adds some to long legs.
        """
        a, b = (np.asarray(points, dtype=float).reshape(-1, 2) for points in (a, b))
        from_m, to_m = self._plane.metres(a), self._plane.metres(b)
        metres = self._roomy.lengths_m(from_m, to_m)
        lost = np.flatnonzero(np.isinf(metres))
        lost = lost[self.is_open(a[lost]) & self.is_open(b[lost])]
        if len(lost):
            metres[lost] = self._inshore.lengths_m(from_m[lost], to_m[lost])
        return metres / METRES_PER_NAUTICAL_MILE

    def room_nm(self, points: Floats) -> Floats:
        """Return how far lon/lat ``points`` (…, 2) are from all that boats go round, on the chart."""
        metres = self._roomy.room_m(self._plane.metres(points.reshape(-1, 2))).reshape(points.shape[:-1])
        return metres / METRES_PER_NAUTICAL_MILE

    def charted_nm(self, a: Floats, b: Floats) -> Floats:
        """Return how far lon/lat ``a`` (n, 2) are from ``b`` (n, 2) in a straight line on the chart."""
        way = self._plane.metres(a) - self._plane.metres(b)
        return np.asarray(np.hypot(way[:, 0], way[:, 1])) / METRES_PER_NAUTICAL_MILE

    def straight_nm(self, a: Floats, b: Floats) -> Floats:
        """Return the lengths (n,) of geodesics from ``a`` (n, 2) to ``b`` (n, 2), whatever lies in between."""
        return np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]) / METRES_PER_NAUTICAL_MILE

    def path(self, a: LonLat, b: LonLat) -> SeaPath | None:
        """Return the shortest way from ``a`` to ``b``, None where there is none."""
        ends = np.array([a, b], dtype=float)
        if not self.is_open(ends).all():
            return None
        start, end = self._plane.metres(ends)
        way = self._roomy.way(start, end)
        if way is None:
            way = self._inshore.way(start, end)
        return None if way is None else self._sounded(way)

    @cached_property
    def _roomy(self) -> Visibility:
        return Visibility(with_sea_room(self._shore), self._land, self._plane)

    @cached_property
    def _inshore(self) -> Visibility:
        return Visibility(_drawn_off(self._shore, *INSHORE_M), self._land, self._plane)

    def _sounded(self, way: Floats) -> SeaPath:
        """Return ``way`` with more waypoints where a geodesic might stray into land."""
        legs = [way[:1]]
        for a, b in pairwise(way):
            steepest = math.tan(math.radians(float(np.abs(self._plane.lonlat(np.stack([a, b]))[:, 1]).max())))
            stray = float(np.sum((b - a) ** 2)) * steepest / (8.0 * WGS84.a)
            near = stray > STRAY_M and self._land.distance(shapely.LineString([a, b])) < 2.0 * stray
            pieces = math.ceil(math.sqrt(stray / STRAY_M)) if near else 1
            legs.append(a + np.arange(1, pieces + 1)[:, None] / pieces * (b - a))
        points = np.round(self._plane.lonlat(np.concatenate(legs)), DECIMALS)
        waypoints = tuple((float(lon), float(lat)) for lon, lat in points)
        return SeaPath(waypoints, path_length_nm(waypoints))


def with_sea_room(shore: BaseGeometry) -> BaseGeometry:
    """Return ``shore`` (metres) and the water round it that boats leave to it; straits stay open."""
    drawn = _drawn_off(shore, *SEA_ROOM_M[0])
    if shore.is_empty:
        return drawn
    water = shapely.box(*shore.bounds).buffer(4.0 * SEA_ROOM_M[0][0], join_style="mitre").difference(shore)
    narrow = water
    for (standoff, thinning), narrower in pairwise(SEA_ROOM_M):
        closed = standoff + thinning
        # Water that holds a circle of this radius is never closed. What remains are straits that join two such waters
        # or more, and coves; only shallow coves are left to the land.
        wide = water.buffer(-closed).buffer(closed + 1.0)
        rest = shapely.get_parts(narrow.difference(wide))
        straits = [part for part in rest if _is_strait_or_deep(part, part.buffer(2.0).intersection(wide), closed)]
        narrow = shapely.union_all(straits)
        opened = narrow.buffer(closed + 2.0, quad_segs=ARC)
        drawn = _drawn_off(shore, *narrower).union(drawn.difference(opened))
    return drawn


def _is_strait_or_deep(water: BaseGeometry, mouths: BaseGeometry, depth_m: float) -> bool:
    return bool(shapely.get_num_geometries(mouths) > 1 or shapely.hausdorff_distance(water, mouths) > depth_m)


def _drawn_off(shore: BaseGeometry, standoff_m: float, thinning_m: float) -> BaseGeometry:
    return shore.buffer(standoff_m, quad_segs=ARC).simplify(thinning_m)


def _polygons(rings: Iterable[Sequence[Ring]]) -> BaseGeometry:
    """Return polygons, mended where a ring crosses itself; a ring of fewer than three points encloses nothing."""
    whole = [Polygon(outer, [hole for hole in holes if len(hole) > 2]) for outer, *holes in rings if len(outer) > 2]
    return shapely.make_valid(MultiPolygon(whole)) if whole else MultiPolygon()


def _plane(degrees: BaseGeometry) -> Plane:
    west, south, east, north = degrees.bounds if not degrees.is_empty else (0.0, 0.0, 0.0, 0.0)
    middle = (south + north) / 2.0
    scale = (
        math.radians(1.0) * WGS84.a * math.cos(math.radians(middle)),
        float(WGS84.inv(0.0, middle - 0.5, 0.0, middle + 0.5)[2]),
    )
    return Plane(np.array([(west + east) / 2.0, middle]), np.array(scale))
