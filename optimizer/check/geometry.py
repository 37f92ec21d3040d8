"""Legs on the ellipsoid and what they must not cross.

Distances are geodesics of WGS-84. For crossings a leg is densified along its geodesics and laid, with the land, into a
plane of local metres, where the land is first eroded by the tolerance: what the leg then still meets, it crosses.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Polygon

from documents.base import LonLat
from documents.problem import Ring
from optimizer.check.rules import SHORE_DEPTH_M

GEOD = Geod(ellps="WGS84")
METRES_PER_NM = 1852.0
"""Exact by definition (SI brochure, 8th edition, table 8)."""
STEP_M = 500.0
"""Spacing along a geodesic: between two such points a straight line on the chart strays by L² tan(latitude) / (8 R),
4 mm at latitude 37."""


def is_on_globe(points: Sequence[LonLat]) -> bool:
    """Say whether every point is a longitude within ±180 and a latitude within ±90."""
    return all(abs(lon) <= 180.0 and abs(lat) <= 90.0 for lon, lat in points)


def distance_m(a: LonLat, b: LonLat) -> float:
    """Return the geodesic distance; infinite where a point lies off the globe."""
    if not is_on_globe((a, b)):
        return math.inf
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])


def length_nm(points: Sequence[LonLat]) -> float:
    """Return the length of the polyline ``points`` in nautical miles; 0 for a path that leaves the globe."""
    if len(points) < 2 or not is_on_globe(points):
        return 0.0
    lon, lat = zip(*points, strict=True)
    return float(GEOD.line_length(lon, lat)) / METRES_PER_NM


def densified(points: Sequence[LonLat]) -> npt.NDArray[np.float64]:
    """Return points (n, 2) along the geodesics from each of ``points`` to the next, at most STEP_M apart."""
    path: list[LonLat] = [points[0]]
    for a, b in itertools.pairwise(points):
        between = math.ceil(distance_m(a, b) / STEP_M) - 1
        if between > 0:
            path.extend(GEOD.npts(a[0], a[1], b[0], b[1], between))
        path.append(b)
    return np.asarray(path, dtype=float)


class Obstacle:
    """Land or closed areas, shrunk by SHORE_DEPTH_M."""

    def __init__(self, polygons: Sequence[Sequence[Ring]]) -> None:
        degrees = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])
        middle = 0.0 if degrees.is_empty else (degrees.bounds[1] + degrees.bounds[3]) / 2.0
        north_m = GEOD.inv(0.0, middle - 0.5, 0.0, middle + 0.5)[2]
        east_m = math.pi / 180.0 * GEOD.a * math.cos(math.radians(middle))
        # The plane's scale errs by about 1 % a degree away from the middle: nothing against a depth of one metre.
        self._metres = np.array([east_m, north_m])
        shrunk = shapely.transform(degrees, self._to_plane).buffer(-SHORE_DEPTH_M)
        shapely.prepare(shrunk)
        self._inside = shrunk

    def _to_plane(self, lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(lonlat * self._metres)

    def crossed_m(self, points: Sequence[LonLat]) -> float:
        """Return how many metres of the leg ``points`` run inside; 0 when it keeps clear."""
        if len(points) < 2:
            return 0.0
        line = LineString(self._to_plane(densified(points)))
        return float(line.intersection(self._inside).length) if self._inside.intersects(line) else 0.0
