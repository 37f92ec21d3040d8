"""Distances, bearings and areas on the WGS-84 ellipsoid."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from odc.geo.geobox import GeoBox
from pyproj import CRS, Geod, Transformer
from shapely.geometry.base import BaseGeometry

from documents.base import LonLat
from documents.errors import InputError

WGS84 = Geod(ellps="WGS84")
METRES_PER_NAUTICAL_MILE = 1852.0
"""Exact by definition (SI brochure, 8th edition, table 8)."""


def distance_m(a: LonLat, b: LonLat) -> float:
    """Return the geodesic distance from ``a`` to ``b`` in metres."""
    return float(WGS84.inv(a[0], a[1], b[0], b[1])[2])


def bearing_deg(a: LonLat, b: LonLat) -> float:
    """Return the initial bearing from ``a`` to ``b`` in degrees clockwise from north, 0–360."""
    return float(WGS84.inv(a[0], a[1], b[0], b[1])[0]) % 360.0


def reproject(geometry: BaseGeometry, source: int | str, target: int | str) -> BaseGeometry:
    """Return ``geometry`` moved from the CRS ``source`` to ``target`` (EPSG codes or names), vertex by vertex."""
    move = Transformer.from_crs(source, target, always_xy=True)

    def step(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(move.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometry, step)


def path_length_nm(points: Sequence[LonLat]) -> float:
    """Return the length of the polyline ``points`` in nautical miles, geodesic from point to point."""
    if len(points) < 2:
        return 0.0
    lon, lat = zip(*points, strict=True)
    return float(WGS84.line_length(lon, lat)) / METRES_PER_NAUTICAL_MILE


def pixel_areas(grid: GeoBox, rows: npt.ArrayLike, cols: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the ellipsoidal area in m² of the pixels at the outer product of ``rows`` and ``cols``.

    Each pixel is taken as the quadrilateral of its four corners, whose geodesic area is found from the areal scale of
    the projection at its centre. Rows and columns are pixel indices; centres lie at index + 0.5.
    """
    r, c = np.meshgrid(np.asarray(rows, float) + 0.5, np.asarray(cols, float) + 0.5, indexing="ij")
    return _areal_scale(grid, r, c)


def _areal_scale(grid: GeoBox, row: npt.NDArray[np.float64], col: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    a = grid.transform
    crs = CRS.from_user_input(str(grid.crs))
    to_lonlat = Transformer.from_crs(crs, 4326, always_xy=True)
    half = 0.5
    corners = [
        to_lonlat.transform(a.a * (col + dc) + a.b * (row + dr) + a.c, a.d * (col + dc) + a.e * (row + dr) + a.f)
        for dr, dc in ((-half, -half), (-half, half), (half, half), (half, -half))
    ]
    # The quadrilateral is metres across, so its diagonals on the local tangent plane give the area to 1e-9.
    lat0 = np.radians(np.mean([lat for _, lat in corners], axis=0))
    e2 = WGS84.es
    w = np.sqrt(1.0 - e2 * np.sin(lat0) ** 2)
    east = WGS84.a / w * np.cos(lat0)
    north = WGS84.a * (1.0 - e2) / w**3
    x = [np.radians(lon - corners[0][0]) * east for lon, _ in corners]
    y = [np.radians(lat - corners[0][1]) * north for _, lat in corners]
    cross = (x[2] - x[0]) * (y[3] - y[1]) - (x[3] - x[1]) * (y[2] - y[0])
    return np.asarray(np.abs(cross) / 2.0)


COMPASS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def compass_zh(bearing: float) -> str:
    """Return the eight-point Chinese compass name of ``bearing`` (degrees)."""
    return COMPASS[math.floor((bearing + 22.5) / 45.0) % 8]


def epsg_of(grid: GeoBox) -> int:
    """Return the EPSG code of the CRS of ``grid``; raise InputError where it has none."""
    code = grid.crs.to_epsg() if grid.crs is not None else None
    if code is None:
        raise InputError("The image's coordinate system has no EPSG code; reproject it to its UTM zone.")
    return int(code)
