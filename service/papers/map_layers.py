"""What lies on a map panel: coast, waters, assets, patches and routes."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from documents.coast import as_multipolygon
from documents.patches import Patch
from documents.plan import StopKind, Voyage
from documents.site import AssetKind, Site
from service.papers.day import Day
from service.papers.map_background import LAND
from service.papers.map_frame import Panel

PATCH_EDGE, PATCH_FACE = "#ffe14d", "#ffe14d"
COAST_COLOUR, BUFFER_COLOUR, WATERS_COLOUR = "#3b2a14", "#8a5a1c", "#12365c"
ASSETS = {
    AssetKind.BEACH: ("海水浴场", "#d9480f"),
    AssetKind.OYSTER: ("牡蛎养殖区", "#0b7285"),
    AssetKind.INTAKE: ("取水口", "#a61e4d"),
}

ROUTE_COLOURS = ("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#e6ab02", "#a6761d", "#1f5ad9", "#666666", "#000000")
"""ColorBrewer's Dark2 but for its green, which is too near the first; blue and black follow."""

WIDEST, NARROWEST = 5.5, 1.6
"""Line widths of the first and the last route out of a dock, points."""

DRIFT_LINE: Any = {
    "color": "#fff3a0",
    "linewidth": 1.3,
    "linestyle": (0, (2, 2)),
    "path_effects": [withStroke(linewidth=2.8, foreground="#222222")],
}

DISC_PX = 22.0
"""Pixels from the middle of a stop's disc to that of the next."""


def draw_coast(axes: Axes, panel: Panel, day: Day) -> None:
    """Draw the land's outline (filled below the image) and the edge of the coast buffer."""
    near = shapely.make_valid(day.coast.land.intersection(shapely.box(*panel.degrees()).buffer(0.05)))
    land = as_multipolygon(panel.place(near))
    axes.add_patch(_patch(land, facecolor=LAND, edgecolor="none", zorder=0.5))
    axes.add_patch(_patch(land, facecolor="none", edgecolor=COAST_COLOUR, linewidth=0.9, zorder=3))
    hidden = as_multipolygon(land.buffer(day.site.coast_buffer_m))
    axes.add_patch(
        _patch(hidden, facecolor="none", edgecolor=BUFFER_COLOUR, linewidth=0.8, linestyle=(0, (4, 2)), zorder=3)
    )


def draw_waters(axes: Axes, panel: Panel, site: Site) -> None:
    """Draw the border of the site's own waters."""
    outline = panel.place(shapely.segmentize(site.own_waters_polygon(), 0.02))
    axes.add_patch(
        _patch(as_multipolygon(outline), facecolor="none", edgecolor="white", linewidth=2.6, alpha=0.7, zorder=3.5)
    )
    axes.add_patch(
        _patch(
            as_multipolygon(outline),
            facecolor="none",
            edgecolor=WATERS_COLOUR,
            linewidth=1.2,
            linestyle=(0, (7, 2, 1.5, 2)),
            zorder=3.6,
        )
    )


def draw_assets(axes: Axes, panel: Panel, site: Site) -> None:
    """Draw what is to be protected: its radius of harm and its centre."""
    for asset in site.assets:
        colour = ASSETS[asset.kind][1]
        x, y = panel.point(asset.lon, asset.lat)
        ring = shapely.Point(x, y).buffer(1000.0 * asset.radius_km)
        axes.add_patch(_patch(MultiPolygon([ring]), facecolor=colour, edgecolor="none", alpha=0.10, zorder=4))
        axes.add_patch(
            _patch(MultiPolygon([ring]), facecolor="none", edgecolor=colour, linewidth=1.0, linestyle=":", zorder=4)
        )
        axes.plot(x, y, marker="D", markersize=5.5, color=colour, markeredgecolor="white", zorder=8)


def draw_patches(axes: Axes, panel: Panel, patches: Sequence[Patch]) -> None:
    """Draw the outlines of all patches at sensing time."""
    polygons = [Polygon(rings[0], rings[1:]) for patch in patches for rings in patch.polygons]
    if polygons:
        outline = as_multipolygon(panel.place(MultiPolygon(polygons)))
        axes.add_patch(_patch(outline, facecolor=(1, 0.88, 0.3, 0.25), edgecolor="black", linewidth=1.5, zorder=5))
        axes.add_patch(_patch(outline, facecolor="none", edgecolor=PATCH_EDGE, linewidth=0.8, zorder=5.1))


def draw_dots(axes: Axes, panel: Panel, patches: Sequence[Patch]) -> None:
    """Draw every patch as a dot, for a panel too small for outlines."""
    for patch in patches:
        axes.plot(*panel.point(*patch.centre), "o", markersize=3.5, color=PATCH_EDGE, mec="black", mew=0.5, zorder=6)


def vessel_colours(site: Site) -> dict[str, str]:
    """Return the colour of each vessel's route, the same from day to day."""
    return {vessel.id: ROUTE_COLOURS[i % len(ROUTE_COLOURS)] for i, vessel in enumerate(site.vessels)}


def route_line(panel: Panel, voyage: Voyage) -> list[tuple[float, float]]:
    """Return the whole way of a voyage on the panel, drifting with its patches included."""
    points = [point for stop in voyage.stops for point in (stop.waypoints or ((stop.lon, stop.lat),))]
    return [panel.point(*point) for point in points]


def draw_routes(axes: Axes, panel: Panel, day: Day) -> None:
    """Draw the route of every voyage in its vessel's colour, with arrows under way."""
    voyages = day.plan.voyages if day.plan is not None else ()
    colours = vessel_colours(day.site)
    docks = [(voyage.stops[0].lon, voyage.stops[0].lat) for voyage in voyages]
    for index, voyage in enumerate(voyages):
        line, colour = route_line(panel, voyage), colours[voyage.vessel_id]
        # Routes share their way out of a dock: the later ones are drawn narrower, so that each shows.
        rank, last = docks[:index].count(docks[index]), docks.count(docks[index]) - 1
        width = WIDEST - (WIDEST - NARROWEST) * rank / max(1, last)
        x, y = [point[0] for point in line], [point[1] for point in line]
        axes.plot(x, y, color="white", linewidth=width + 1.4, zorder=6, solid_joinstyle="round")
        axes.plot(x, y, color=colour, linewidth=width, zorder=6.1 + 0.01 * index, solid_joinstyle="round")
        _draw_arrows(axes, panel, line, colour)


def draw_drift(axes: Axes, panel: Panel, day: Day) -> None:
    """Draw from where the image shows a patch to where it is collected, so that a stop is seen to be its patch."""
    centres = {patch.id: patch.centre for patch in day.patches.patches}
    for _, stop in day.stops(StopKind.COLLECT):
        (x0, y0), (x1, y1) = panel.point(*centres[stop.patch_id or ""]), panel.point(stop.lon, stop.lat)
        axes.plot([x0, x1], [y0, y1], **DRIFT_LINE, zorder=5.5)


def _draw_arrows(axes: Axes, panel: Panel, line: list[tuple[float, float]], colour: str) -> None:
    for (x0, y0), (x1, y1) in pairwise(line):
        length = shapely.LineString([(x0, y0), (x1, y1)]).length
        if length > 0.06 * panel.width_m:
            x, y, dx, dy = x0 + 0.5 * (x1 - x0), y0 + 0.5 * (y1 - y0), (x1 - x0) / length, (y1 - y0) / length
            axes.annotate(
                "",
                xy=(x + dx, y + dy),
                xytext=(x, y),
                arrowprops={
                    "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
                    "color": colour,
                    "ec": "white",
                    "lw": 0.6,
                },
                zorder=6.5,
            )


def draw_stops(axes: Axes, panel: Panel, day: Day) -> list[tuple[float, float]]:
    """Draw every collecting stop as a disc with its number in the voyage, and return where they are, in pixels.

    Discs that would hide one another are moved apart by as little as it takes.
    """
    colours = vessel_colours(day.site)
    taken: list[tuple[float, float]] = []
    back = axes.transData.inverted()
    for voyage in day.plan.voyages if day.plan is not None else ():
        collecting = [stop for stop in voyage.stops if stop.kind is StopKind.COLLECT]
        for number, stop in enumerate(collecting, 1):
            pixel = _free_place(axes.transData.transform(panel.point(stop.lon, stop.lat)).tolist(), taken)
            taken.append(pixel)
            x, y = back.transform(pixel)
            colour = colours[voyage.vessel_id]
            axes.plot(x, y, "o", markersize=10.5, color=colour, markeredgecolor="white", mew=1.0, zorder=7)
            axes.text(x, y, str(number), fontsize=7, color="white", ha="center", va="center_baseline", zorder=7.1)
    return taken


def _free_place(pixel: Sequence[float], taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the place nearest to ``pixel``, on circles around it, that is a disc's width from all ``taken``."""
    for radius in range(0, 200, 6):
        for step in range(max(1, radius)):
            angle = 2 * math.pi * step / max(1, radius)
            place = (float(pixel[0]) + radius * math.cos(angle), float(pixel[1]) + radius * math.sin(angle))
            if all(math.dist(place, other) >= DISC_PX for other in taken):
                return place
    return float(pixel[0]), float(pixel[1])


def _patch(geometry: BaseGeometry, **style: object) -> PathPatch:
    rings = [
        Outline(ring.coords, closed=True)
        for polygon in shapely.get_parts(geometry).tolist()
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    outline = Outline.make_compound_path(*rings) if rings else Outline([(0.0, 0.0)])
    return PathPatch(outline, **style)
