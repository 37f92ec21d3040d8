"""Shortest ways in a plane round an obstacle, by its visibility graph.

A shortest way turns only at corners at which the obstacle juts out, and touches it there: both neighbours of the corner
lie on one side of the way. The graph joins such corners that see one another; the ways between all of them are found
once.
Coordinates are metres of the plane, lengths are those of WGS-84 geodesics.
"""

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from documents.geodesy import WGS84

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

GRAZE_M = 0.5
"""A way may touch what it passes this deep: the corners lie on the obstacle's own line, a dock on the shore's."""


@dataclass(frozen=True)
class Plane:
    """A plane of local metres on which the chart's straight lines are straight."""

    origin: Floats
    """(2,) degrees."""
    scale: Floats
    """(2,) metres a degree."""

    def metres(self, lonlat: Floats) -> Floats:
        """Return degrees (n, 2) in metres."""
        return np.asarray((lonlat - self.origin) * self.scale)

    def lonlat(self, metres: Floats) -> Floats:
        """Return metres (n, 2) in degrees."""
        return np.asarray(metres / self.scale + self.origin)


class Visibility:
    """The ways outside ``obstacle``, which contains ``land``.

    From a point inside it, a way may go straight to a point or corner that no land hides, or straight out first.
    """

    def __init__(self, obstacle: BaseGeometry, land: BaseGeometry, plane: Plane) -> None:
        self._plane = plane
        self._obstacle = grazed(obstacle)
        self._edge = obstacle.boundary
        self._land = land
        self.corners, self._sides = _corners(obstacle)
        self._between, self._before = self._graph()
        self._known: dict[bytes, tuple[Indices, Floats]] = {}

    def sees(self, a: Floats, b: Floats) -> Bools:
        """Return (n,) whether the straight way from ``a`` (n, 2) to ``b`` (n, 2) is clear."""
        lines = np.asarray(shapely.linestrings(np.stack([a, b], axis=1)))
        inside = self._inside(a) | self._inside(b)
        blocked = np.zeros(len(a), dtype=bool)
        blocked[inside] = shapely.intersects(self._land, lines[inside])
        blocked[~inside] = shapely.intersects(self._obstacle, lines[~inside])
        return ~blocked

    def room_m(self, points: Floats) -> Floats:
        """Return how far ``points`` (n, 2) are from the obstacle, in the plane; 0 inside of it, inf without any."""
        far = np.full(len(points), np.inf)
        if self._obstacle.is_empty:
            return far
        edge = shapely.STRtree(_sides(self._edge))
        (which, _), metres = edge.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
        far[which] = metres
        far[self._inside(points)] = 0.0
        return far

    def lengths_m(self, a: Floats, b: Floats) -> Floats:
        """Return the lengths (n,) of the shortest ways from ``a`` (n, 2) to ``b`` (n, 2); inf where there is none."""
        metres = self._lengths_m(a, b)
        off_a, off_b = self._stood_off(a), self._stood_off(b)
        moved = np.flatnonzero((off_a != a).any(axis=1) | (off_b != b).any(axis=1))
        if len(moved):
            a, b, off_a, off_b = a[moved], b[moved], off_a[moved], off_b[moved]
            legs = self._geodesics_m(a, off_a) + self._geodesics_m(off_b, b)
            metres[moved] = np.minimum(metres[moved], legs + self._lengths_m(off_a, off_b))
        return metres

    def way(self, a: Floats, b: Floats) -> Floats | None:
        """Return the points (n, 2) of the shortest way from ``a`` (2,) to ``b`` (2,), both included; None for none."""
        off_a, off_b = self._stood_off(np.stack([a, b]))
        ways = [self._way(a, b)]
        if (off_a != a).any() or (off_b != b).any():
            between = self._way(off_a, off_b)
            ways.append(None if between is None else np.vstack([a, between, b]))
        found = [way for way in ways if way is not None]
        return min(found, key=lambda way: float(self._geodesics_m(way[:-1], way[1:]).sum()), default=None)

    def _lengths_m(self, a: Floats, b: Floats) -> Floats:
        metres = self._geodesics_m(a, b)
        blocked = np.flatnonzero(~self.sees(a, b))
        if len(blocked):
            points, row = np.unique(np.concatenate([a[blocked], b[blocked]]), axis=0, return_inverse=True)
            near = self._near(points)
            begin = np.cumsum([0, *(len(corners) for corners, _ in near)])
            corners, lengths = (np.concatenate(parts) for parts in zip(*near, strict=True))
            ends = row.reshape(2, -1)
            metres[blocked] = _joined(ends[0], ends[1], begin, corners, lengths, self._between)
        return metres

    def _way(self, a: Floats, b: Floats) -> Floats | None:
        if self.sees(a[None], b[None])[0]:
            return np.stack([a, b])
        (first, first_m), (last, last_m) = self._near(np.stack([a, b]))
        total = first_m[:, None] + self._between[np.ix_(first, last)] + last_m[None, :]
        if not np.isfinite(total).any():
            return None
        i, j = np.unravel_index(int(np.argmin(total)), total.shape)
        turns = [int(last[j])]
        while turns[-1] != first[i]:
            turns.append(int(self._before[first[i], turns[-1]]))
        return np.vstack([a, self.corners[turns[::-1]], b])

    def _stood_off(self, points: Floats) -> Floats:
        """Return ``points`` (n, 2), those inside the obstacle moved straight out of it where no land is in between."""
        moved = points.copy()
        inside = np.flatnonzero(self._inside(points))
        if len(inside):
            inner, row = np.unique(points[inside], axis=0, return_inverse=True)
            lines = shapely.shortest_line(shapely.points(inner), self._edge)
            outer = shapely.get_coordinates(shapely.get_point(lines, 1))
            clear = ~np.asarray(shapely.intersects(self._land, lines), dtype=bool)
            moved[inside] = np.where(clear[:, None], outer, inner)[row.reshape(-1)]
        return moved

    def _graph(self) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Return the shortest ways between all corners, metres, and each corner's predecessor on them."""
        number = len(self.corners)
        if number == 0:
            return np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int32)
        touching = self._touching(self.corners)
        i, j = np.nonzero(np.triu(touching & touching.T, 1))
        seen = self.sees(self.corners[i], self.corners[j])
        i, j = i[seen], j[seen]
        edges = csr_array((self._geodesics_m(self.corners[i], self.corners[j]), (i, j)), shape=(number, number))
        between, before = dijkstra(edges, directed=False, return_predecessors=True)
        return np.asarray(between), np.asarray(before)

    def _near(self, points: Floats) -> list[tuple[Indices, Floats]]:
        """Return for each of ``points`` (n, 2) the corners at which a way from it may turn, and how far they are."""
        keys = [point.tobytes() for point in points]
        new = {key: point for key, point in zip(keys, points, strict=True) if key not in self._known}
        if new:
            fresh = np.array(list(new.values()))
            useful = self._touching(fresh)
            # Nothing is known of how a way leaves the obstacle's inside.
            useful[self._inside(fresh)] = True
            point, corner = np.nonzero(useful)
            seen = self.sees(fresh[point], self.corners[corner])
            point, corner = point[seen], corner[seen]
            metres = self._geodesics_m(fresh[point], self.corners[corner])
            cuts = np.searchsorted(point, np.arange(1, len(fresh)))
            self._known.update(zip(new, zip(np.split(corner, cuts), np.split(metres, cuts), strict=True), strict=True))
        return [self._known[key] for key in keys]

    def _touching(self, points: Floats) -> Bools:
        """Return (n, corners) whether the line from a point to a corner has both the corner's sides on one side."""
        way = self.corners[None, :, :] - points[:, None, :]
        room = GRAZE_M * np.hypot(way[..., 0], way[..., 1])
        one, other = (way[..., 0] * side[:, 1] - way[..., 1] * side[:, 0] for side in self._sides)
        return np.asarray(((one >= -room) & (other >= -room)) | ((one <= room) & (other <= room)))

    def _inside(self, points: Floats) -> Bools:
        return np.asarray(shapely.intersects_xy(self._obstacle, points[:, 0], points[:, 1]), dtype=bool)

    def _geodesics_m(self, a: Floats, b: Floats) -> Floats:
        a, b = self._plane.lonlat(a), self._plane.lonlat(b)
        return np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2] if len(a) else np.zeros(0))


def grazed(shape: BaseGeometry) -> BaseGeometry:
    """Return ``shape`` less GRAZE_M all round, prepared."""
    # One chord a quarter circle lies inside the arc: rather less is taken off than more.
    less = shape.buffer(-GRAZE_M, quad_segs=1)
    shapely.prepare(less)
    return less


def _corners(shape: BaseGeometry) -> tuple[Floats, tuple[Floats, Floats]]:
    """Return (n, 2) the corners at which ``shape`` juts out, and the vectors (n, 2) to both neighbours of each."""
    corners, befores, afters = [np.empty((0, 2))], [np.empty((0, 2))], [np.empty((0, 2))]
    for polygon in shapely.get_parts(shape):
        if not isinstance(polygon, Polygon) or polygon.is_empty:
            continue
        oriented = shapely.geometry.polygon.orient(polygon)
        for ring in (oriented.exterior, *oriented.interiors):
            # The obstacle lies to the left of every ring, so it juts out where the ring turns left.
            points = np.asarray(ring.coords)[:-1]
            before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
            out = after[:, 0] * before[:, 1] - after[:, 1] * before[:, 0] > 0
            corners.append(points[out])
            befores.append(before[out])
            afters.append(after[out])
    return np.concatenate(corners), (np.concatenate(befores), np.concatenate(afters))


def _sides(lines: BaseGeometry) -> npt.NDArray[np.object_]:
    """Return the straight pieces of ``lines``."""
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    pairs = np.stack([points[:-1], points[1:]], axis=1)[line[:-1] == line[1:]]
    return np.asarray(shapely.linestrings(pairs))


@numba.njit(cache=True)
def _joined(
    start: Indices, end: Indices, begin: Indices, corners: Indices, metres: Floats, between: Floats
) -> Floats:  # pragma: no cover - compiled
    """Return (pairs,) the least way by the corners near the start and near the end, point p's from ``begin[p]`` on."""
    result = np.full(len(start), np.inf)
    for pair in range(len(start)):
        a, b = start[pair], end[pair]
        for i in range(begin[a], begin[a + 1]):
            for j in range(begin[b], begin[b + 1]):
                result[pair] = min(result[pair], metres[i] + between[corners[i], corners[j]] + metres[j])
    return result
