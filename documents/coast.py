"""From a coastline of open lines, clipped to a box, to land polygons."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from documents.base import LonLat, read_bytes
from documents.errors import InputError

Bounds = tuple[float, float, float, float]
"""lon_min, lat_min, lon_max, lat_max in degrees."""


@dataclass(frozen=True)
class Coast:
    """The land of a box, as known to a coastline data set.

    ``land`` is in WGS-84 degrees; outside ``bounds`` nothing is known.
    """

    land: MultiPolygon
    bounds: Bounds
    attribution: str

    @cached_property
    def extent(self) -> Polygon:
        """Return the box within which the coastline is known."""
        return box(*self.bounds)

    @cached_property
    def sea(self) -> MultiPolygon:
        """Return the box less the land."""
        return as_multipolygon(self.extent.difference(self.land))


def read_coast(path: Path, sea_point: LonLat) -> Coast:
    """Read a GeoJSON of coastlines and tell land from sea.

    The file holds LineStrings (a shoreline between land and sea, GSHHG level 1), open where the box cuts them, and the
    foreign members ``bbox`` and ``attribution``. The lines and the box are polygonised; the face that holds
    ``sea_point`` is sea, and every shoreline crossed changes land to sea and back.

    Raise InputError when the file cannot be read, has no ``bbox``, or ``sea_point`` lies outside it.
    """
    try:
        data = json.loads(read_bytes(path))
        lines = [shape(feature["geometry"]) for feature in data["features"]]
        west, south, east, north = (float(v) for v in data["bbox"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no coastline GeoJSON with a bbox: {error}.") from error
    bounds = (west, south, east, north)
    if not box(*bounds).contains(Point(sea_point)):
        raise InputError(f"The sea point {sea_point} of the site lies outside the coastline's box in {path}.")
    land = polygonise(lines, bounds, sea_point)
    return Coast(land, bounds, str(data.get("attribution", "")))


def polygonise(lines: Sequence[BaseGeometry], bounds: Bounds, sea_point: LonLat) -> MultiPolygon:
    """Return the land that ``lines`` and the box ``bounds`` enclose, given one point at sea."""
    shoreline = unary_union([line.intersection(box(*bounds)) for line in lines])
    faces = list(polygonize(unary_union([shoreline, box(*bounds).exterior])))
    is_sea: dict[int, bool] = {next(i for i, f in enumerate(faces) if f.contains(Point(sea_point))): True}
    tree = shapely.STRtree(faces)
    queue = list(is_sea)
    while queue:
        current = queue.pop()
        for other in tree.query(faces[current], predicate="touches").tolist():
            if other not in is_sea and faces[current].boundary.intersection(faces[other].boundary).length > 0:
                is_sea[other] = not is_sea[current]
                queue.append(other)
    return as_multipolygon(unary_union([face for i, face in enumerate(faces) if not is_sea.get(i, True)]))


def as_multipolygon(geometry: shapely.Geometry) -> MultiPolygon:
    """Return the polygons of ``geometry`` as one MultiPolygon; lines and points are dropped."""
    parts = shapely.get_parts(geometry).tolist()
    return MultiPolygon([p for p in parts if isinstance(p, Polygon) and not p.is_empty])
