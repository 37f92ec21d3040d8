"""Shortest ways over water, round land and closed areas.

A shortest way turns only at outward corners of what lies in its way, so it is a path in the graph of such corners that
see one another. Boats do not shave rocks: the corners stand off the shore by a clearance where they can. The graph
lies in a plane of local metres; every length told is that of WGS-84 geodesics.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numba
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from documents.base import LonLat
from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84, path_length_nm
from documents.problem import Problem, Ring

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STANDOFF_M = 160.0
"""示例. How far the corners stand off the shore before they are thinned; narrower channels have none but near docks."""
THINNING_M = 110.0
"""What thinning the corners may take from the standoff: 50 m of sea room remain."""
HARBOUR_M = 1500.0
"""This far around a dock the corners are drawn finer, as harbours are narrow."""
HARBOUR_STANDOFF_M, HARBOUR_THINNING_M = 25.0, 12.0
"""示例."""
GRAZE_M = 0.5
"""A leg may touch the shore this deep: it may begin at a quay that lies on the line itself."""
STRAIGHT_M = 4000.0
"""Near land a leg has waypoints this far apart: between two such points the geodesic strays from the chart's straight
line by L² tan(latitude) / (8 R), a quarter of a metre at latitude 37."""
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

    def __init__(self, problem: Problem) -> None:
        degrees = shapely.union_all([_polygons(problem.land), _polygons(problem.closed_areas)])
        places = [(dock.lon, dock.lat) for dock in problem.docks]
        latitude = places[0][1] if places else 0.0
        east = math.radians(1.0) * WGS84.a * math.cos(math.radians(latitude))
        north = float(WGS84.inv(0.0, latitude - 0.5, 0.0, latitude + 0.5)[2])
        self._scale = np.array([east, north])
        obstacle = shapely.transform(degrees, lambda points: np.asarray(points * self._scale))
        self._core = obstacle.buffer(-GRAZE_M)
        shapely.prepare(self._core)
        harbours = shapely.MultiPoint(np.array(places).reshape(-1, 2) * self._scale).buffer(HARBOUR_M)
        near = obstacle.intersection(harbours.buffer(HARBOUR_M))
        fine = _corners(near.buffer(HARBOUR_STANDOFF_M, join_style="mitre").simplify(HARBOUR_THINNING_M))
        fine = fine[np.asarray(shapely.intersects_xy(harbours, fine[:, 0], fine[:, 1]), dtype=bool)]
        coarse = _corners(obstacle.buffer(STANDOFF_M, join_style="mitre").simplify(THINNING_M))
        self._nodes = np.concatenate([coarse, fine])
        self._nodes = self._nodes[self._is_open_m(self._nodes)] / self._scale
        self._between, self._before = self._graph()
        self._seen: dict[bytes, Floats] = {}

    def is_open(self, points: Floats) -> Bools:
        """Return for lon/lat ``points`` (n, 2) whether they lie in the water."""
        return self._is_open_m(np.asarray(points, dtype=float).reshape(-1, 2) * self._scale)

    def distances_nm(self, a: Floats, b: Floats) -> Floats:
        """Return the lengths (n,) of the shortest ways from ``a`` (n, 2) to ``b`` (n, 2); inf where there is none."""
        a, b = (np.asarray(points, dtype=float).reshape(-1, 2) for points in (a, b))
        metres = _geodesics_m(a, b)
        blocked = np.flatnonzero(~self._sees(a, b))
        if len(blocked):
            starts, start_of = np.unique(a[blocked], axis=0, return_inverse=True)
            ends, end_of = np.unique(b[blocked], axis=0, return_inverse=True)
            onward = _through(self._to_nodes_m(starts), self._between)
            metres[blocked] = _joined(onward, self._to_nodes_m(ends), start_of.reshape(-1), end_of.reshape(-1))
        return metres / METRES_PER_NAUTICAL_MILE

    def path(self, a: LonLat, b: LonLat) -> SeaPath | None:
        """Return the shortest way from ``a`` to ``b``, None where there is none."""
        ends = np.array([a, b], dtype=float)
        if not self.is_open(ends).all():
            return None
        if self._sees(ends[:1], ends[1:])[0]:
            return self._sounded([a, b])
        first, last = self._to_nodes_m(ends)
        total = first[:, None] + self._between + last[None, :]
        if not np.isfinite(total).any():
            return None
        i, j = divmod(int(np.argmin(total)), len(last))
        turns = [j]
        while turns[-1] != i:
            turns.append(int(self._before[i, turns[-1]]))
        nodes = [(float(self._nodes[k, 0]), float(self._nodes[k, 1])) for k in reversed(turns)]
        return self._sounded([a, *nodes, b])

    def _sounded(self, corners: Sequence[LonLat]) -> SeaPath:
        """Return the way along ``corners``, with waypoints between them where a geodesic might stray into land."""
        points: list[LonLat] = [corners[0]]
        for a, b in pairwise(corners):
            ends = np.array([a, b])
            pieces = math.ceil(float(np.hypot(*((ends[1] - ends[0]) * self._scale))) / STRAIGHT_M)
            line = shapely.LineString(ends * self._scale)
            if pieces > 1 and not self._core.is_empty and self._core.distance(line) < THINNING_M:
                shares = np.arange(1, pieces)[:, None] / pieces
                points.extend((float(x), float(y)) for x, y in ends[0] + shares * (ends[1] - ends[0]))
            points.append(b)
        rounded = tuple((round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in points)
        return SeaPath(rounded, path_length_nm(rounded))

    def _graph(self) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Return the shortest ways between all nodes, metres, and each node's predecessor on them."""
        number = len(self._nodes)
        i, j = np.triu_indices(number, 1)
        seen = self._sees(self._nodes[i], self._nodes[j])
        i, j = i[seen], j[seen]
        edges = np.zeros((number, number))
        edges[i, j] = edges[j, i] = _geodesics_m(self._nodes[i], self._nodes[j])
        if number == 0:
            return edges, edges.astype(np.int32)
        between, before = dijkstra(edges, directed=False, return_predecessors=True)
        return np.asarray(between), np.asarray(before)

    def _to_nodes_m(self, points: Floats) -> Floats:
        """Return metres (n, nodes) from points to the nodes they see, inf to the others; a point is asked of once."""
        keys = [point.tobytes() for point in points]
        new = {key: point for key, point in zip(keys, points, strict=True) if key not in self._seen}
        if new:
            number = len(self._nodes)
            fresh = np.array(list(new.values()))
            a, b = np.repeat(fresh, number, axis=0), np.tile(self._nodes, (len(fresh), 1))
            metres = np.where(self._sees(a, b), _geodesics_m(a, b), np.inf).reshape(len(fresh), number)
            self._seen.update(zip(new, metres, strict=True))
        return np.array([self._seen[key] for key in keys])

    def _sees(self, a: Floats, b: Floats) -> Bools:
        """Return (n,) whether the straight way from ``a`` to ``b`` keeps to the water."""
        lines = shapely.linestrings(np.stack([a * self._scale, b * self._scale], axis=1))
        return ~np.asarray(shapely.intersects(self._core, lines), dtype=bool)

    def _is_open_m(self, points: Floats) -> Bools:
        return ~np.asarray(shapely.intersects_xy(self._core, points[:, 0], points[:, 1]), dtype=bool)


def _polygons(rings: Iterable[Sequence[Ring]]) -> BaseGeometry:
    """Return polygons, mended where a ring crosses itself; a ring of fewer than three points encloses nothing."""
    whole = [Polygon(outer, [hole for hole in holes if len(hole) > 2]) for outer, *holes in rings if len(outer) > 2]
    return shapely.make_valid(MultiPolygon(whole)) if whole else MultiPolygon()


def _corners(geometry: BaseGeometry) -> Floats:
    """Return (n, 2) the corners at which ``geometry`` juts out."""
    found: list[Floats] = []
    for polygon in shapely.get_parts(geometry):
        if not isinstance(polygon, Polygon) or polygon.is_empty:
            continue
        oriented = shapely.geometry.polygon.orient(polygon, sign=-1.0)
        for ring in (oriented.exterior, *oriented.interiors):
            # The obstacle lies to the right of every ring, so its outward corners are those that turn right.
            points = np.asarray(ring.coords)[:-1]
            before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found.append(points[turn < 0])
    return np.concatenate(found) if found else np.empty((0, 2))


def _geodesics_m(a: Floats, b: Floats) -> Floats:
    if len(a) == 0:
        return np.zeros(0)
    return np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2], dtype=float)


@numba.njit(cache=True)
def _through(first: Floats, between: Floats) -> Floats:  # pragma: no cover - compiled
    """Return (n, nodes) the shortest ways from points to nodes, given those to the nodes they see."""
    points, nodes = first.shape
    result = np.full((points, nodes), np.inf)
    for p in range(points):
        for i in range(nodes):
            if first[p, i] < np.inf:
                for j in range(nodes):
                    result[p, j] = min(result[p, j], first[p, i] + between[i, j])
    return result


@numba.njit(cache=True)
def _joined(
    onward: Floats, last: Floats, start_of: npt.NDArray[np.intp], end_of: npt.NDArray[np.intp]
) -> Floats:  # pragma: no cover - compiled
    """Return (pairs,) the least sum of a way to a node and from there to the end."""
    result = np.full(len(start_of), np.inf)
    for pair in range(len(start_of)):
        a, b = start_of[pair], end_of[pair]
        for node in range(onward.shape[1]):
            result[pair] = min(result[pair], onward[a, node] + last[b, node])
    return result
