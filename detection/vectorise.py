"""From a cover map to patches: connected components, outlines, areas on the ellipsoid, tonnes, nearest place."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import rasterio.transform
import shapely
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from shapely import make_valid
from shapely.geometry import MultiPolygon, Point, Polygon

from detection.biomass import wet_mass_t
from detection.segment import CoverMap
from documents.base import LonLat, format_utc
from documents.coast import as_multipolygon
from documents.geodesy import bearing_deg, distance_m, pixel_areas, reproject
from documents.patches import Biomass, Kind, Patch
from documents.site import Place, Site

MIN_PIXELS = 3
"""A smaller group of called pixels is not reported: at 10 m it is as likely a ship as a raft of algae."""

KIND_MIN_COVER = 0.25
"""Telling the species needs 20–30 % cover (Hu 2015): only pixels above it vote."""

KIND_SURE = 0.8
"""Share of votes from which a kind is named."""

_UP = 2  # contours are traced on a doubled raster, so that a patch one pixel wide has an outline with an area


@dataclass(frozen=True)
class Component:
    """One connected group of called pixels: positions and values, in the order of their flat index."""

    rows: npt.NDArray[np.int64]
    cols: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    """Index of each pixel among the called pixels of the cover map."""


def components(cover: CoverMap) -> list[Component]:
    """Return the 8-connected components of at least MIN_PIXELS called pixels and a sure one, the largest first."""
    shape = cover.cover.shape
    mask = np.zeros(shape, np.uint8)
    mask.ravel()[cover.called] = 1
    count, labels = cv2.connectedComponents(mask, connectivity=8, ltype=cv2.CV_32S)
    label = labels.ravel()[cover.called]
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(1, count + 1))
    groups = [order[start:end] for start, end in pairwise(bounds)]
    groups = [group for group in groups if len(group) >= MIN_PIXELS and cover.sure[group].any()]
    groups.sort(key=lambda group: (-len(group), int(cover.called[group[0]])))
    return [Component(*np.divmod(cover.called[group], shape[1]), order=group) for group in groups]


def drop_specks(cover: CoverMap, kept: Sequence[Component]) -> None:
    """Set the cover of called pixels outside ``kept`` to 0, in place: what is no patch is not called."""
    keep = np.zeros(len(cover.called), bool)
    for component in kept:
        keep[component.order] = True
    cover.cover.ravel()[cover.called[~keep]] = 0.0


def make_patch(component: Component, cover: CoverMap, site: Site | None, sensing_time: datetime) -> Patch:
    """Return ``component`` as a patch."""
    grid = cover.grid
    fraction = cover.cover[component.rows, component.cols].astype(np.float64)
    pixel_areas_m2 = _pixel_areas(grid, component)
    area = pixel_areas_m2 * fraction
    total = float(area.sum())
    low, mid, high = wet_mass_t(cover.fai_anomaly[component.order], pixel_areas_m2)
    outline = outline_of(component, grid)
    centre = _centre(component, area, grid)
    place, distance, bearing = nearest_place(centre, site.places if site else ())
    stamp = f"{format_utc(sensing_time)} {centre[0]:.5f} {centre[1]:.5f} {total:.1f} {len(fraction)}"
    return Patch(
        id=f"p-{hashlib.sha256(stamp.encode()).hexdigest()[:8]}",
        polygons=tuple(_rings(polygon) for polygon in outline.geoms),
        centre=centre,
        coverage_area_km2=round(total / 1e6, 6),
        mean_cover=round(float(fraction.mean()), 4),
        pixels=len(fraction),
        biomass=Biomass(low_t=round(low, 2), mid_t=round(mid, 2), high_t=round(high, 2)),
        confidence=round(float(np.average(cover.probability[component.order], weights=fraction + 1e-6)), 3),
        kind=_kind(cover.ulva[component.order], fraction),
        nearest_place=place,
        nearest_place_km=round(distance / 1000.0, 2),
        nearest_place_bearing_deg=round(bearing, 1),
        sensing_time=sensing_time,
        in_own_waters=site is not None and bool(site.own_waters_polygon().contains(Point(centre))),
    )


def outline_of(component: Component, grid: GeoBox) -> MultiPolygon:
    """Return the outline of ``component`` in degrees, along the outer edges of its pixels."""
    top, left = int(component.rows.min()), int(component.cols.min())
    local = np.zeros((int(component.rows.max()) - top + 3, int(component.cols.max()) - left + 3), np.uint8)
    local[component.rows - top + 1, component.cols - left + 1] = 1
    doubled = cv2.resize(local, None, fx=_UP, fy=_UP, interpolation=cv2.INTER_NEAREST)
    contours, hierarchy = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    polygons = []
    for index, contour in enumerate(contours):
        if hierarchy[0][index][3] >= 0 or len(contour) < 3:
            continue
        holes, child = [], int(hierarchy[0][index][2])
        while child >= 0:
            if len(contours[child]) >= 3:
                holes.append(_ring(contours[child]))
            child = int(hierarchy[0][child][0])
        polygons.append(Polygon(_ring(contour), holes))
    # findContours runs through the centres of edge pixels; half a (doubled) pixel outward is the true edge.
    edge = make_valid(MultiPolygon(polygons)).buffer(0.5 / _UP, join_style="mitre")
    a = grid.transform
    affine = np.array([[a.a, a.b], [a.d, a.e]])
    origin = affine @ [left - 1, top - 1] + [a.c, a.f]
    edge = shapely.transform(edge, lambda xy: xy @ affine.T + origin)
    return as_multipolygon(make_valid(shapely.set_precision(reproject(edge, str(grid.crs), 4326), 1e-6)))


def nearest_place(point: LonLat, places: Sequence[Place]) -> tuple[str, float, float]:
    """Return the name of the nearest place, the distance in metres and the bearing from it; ('—', 0, 0) without any."""
    if not places:
        return "—", 0.0, 0.0
    place = min(places, key=lambda place: distance_m((place.lon, place.lat), point))
    origin = (place.lon, place.lat)
    return place.name, distance_m(origin, point), bearing_deg(origin, point)


def _ring(contour: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return (contour[:, 0, :].astype(np.float64) + 0.5) / _UP


def _rings(polygon: Polygon) -> tuple[tuple[LonLat, ...], ...]:
    return tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (polygon.exterior, *polygon.interiors))


def _pixel_areas(grid: GeoBox, component: Component) -> npt.NDArray[np.float64]:
    """Return the area of each pixel; the areal scale hardly varies over a patch's columns, so its rows decide."""
    rows, inverse = np.unique(component.rows, return_inverse=True)
    return np.asarray(pixel_areas(grid, rows, [float(component.cols.mean())])[inverse, 0])


def _centre(component: Component, weight: npt.NDArray[np.float64], grid: GeoBox) -> LonLat:
    weight = weight + 1e-9
    row = float(np.average(component.rows, weights=weight))
    col = float(np.average(component.cols, weights=weight))
    nearest = int(np.argmin((component.rows - row) ** 2 + (component.cols - col) ** 2))
    x, y = rasterio.transform.xy(grid.transform, component.rows[nearest], component.cols[nearest])
    lon, lat = Transformer.from_crs(str(grid.crs), 4326, always_xy=True).transform(x, y)
    return round(lon, 6), round(lat, 6)


def _kind(ulva: npt.NDArray[np.float32], fraction: npt.NDArray[np.float64]) -> Kind:
    votes = ulva[fraction >= KIND_MIN_COVER]
    if len(votes) == 0:
        return Kind.UNKNOWN
    share = float(votes.mean())
    return Kind.ULVA if share >= KIND_SURE else Kind.SARGASSUM if share <= 1 - KIND_SURE else Kind.UNKNOWN
