"""The distribution area (分布面积): the sea inside the envelope of all patches, by one named rule."""

from collections.abc import Sequence

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from documents.coast import Coast
from documents.geodesy import WGS84, reproject
from documents.patches import Patch
from documents.site import DistributionRule

SIMPLIFY_M = 30.0
"""Outlines are simplified by this much before they are grown by kilometres."""


def envelope(patches: Sequence[Patch], rule: DistributionRule, crs: str, coast: Coast | None) -> BaseGeometry:
    """Return the envelope of ``patches`` less land, in degrees.

    Each outline is grown by ``rule.radius_km``, the union shrunk back by as much: patches closer than twice the radius
    share an envelope, a lone patch keeps its own outline.
    """
    if not patches:
        return MultiPolygon()
    outlines = [Polygon(rings[0], rings[1:]) for patch in patches for rings in patch.polygons]
    metres = [reproject(outline, 4326, crs).simplify(SIMPLIFY_M) for outline in outlines]
    radius = rule.radius_km * 1000.0
    grown = shapely.union_all([shape.buffer(radius) for shape in metres])
    sea = reproject(grown.buffer(-radius), crs, 4326)
    return sea.difference(coast.land) if coast is not None else sea


def area_km2(geometry: BaseGeometry) -> float:
    """Return the ellipsoidal area of a geometry in degrees, in km²."""
    return abs(float(WGS84.geometry_area_perimeter(shapely.orient_polygons(geometry))[0])) / 1e6
