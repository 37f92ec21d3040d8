"""``map.png``: the day on one sheet, with patches, routes and legend."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from detection.scene import Scene
from documents.geodesy import reproject
from documents.patches import Patch
from documents.plan import StopKind
from service.files import MAP, OBSERVED
from service.papers.day import Day
from service.papers.fonts import chinese_font
from service.papers.map_background import draw_background, panel_codes, panel_colours
from service.papers.map_frame import Panel, draw_frame, draw_scale, fitted
from service.papers.map_labels import Label, Occupied, pixel_lines, place_labels
from service.papers.map_layers import (
    ASSETS,
    DISC_PX,
    draw_assets,
    draw_coast,
    draw_dots,
    draw_drift,
    draw_patches,
    draw_routes,
    draw_stops,
    draw_waters,
    route_line,
)
from service.papers.map_legend import draw_legend
from service.papers.map_spots import SpotKind, draw_spots, spots
from service.papers.words import long_day, long_time, mark, tonnes

SIZE_IN, DPI = (16.0, 10.6), 140
MAIN_AXES = (0.035, 0.045, 0.715, 0.885)
"""left, bottom, width, height of the main panel as shares of the figure."""
SIDE_AXES = (0.775, 0.045, 0.215, 0.25)
LABELLED = 14
"""So many patches are named on the map: those that are visited, then the largest."""

STYLE: Any = {
    "axes.unicode_minus": False,
    "hatch.color": "#3a4f6366",
    "hatch.linewidth": 0.7,
    "axes.linewidth": 0.8,
}


def write_map(day: Day, scene: Scene, folder: Path) -> None:
    """Draw ``map.png`` in ``folder``, where ``observed.tif`` of the day lies."""
    panel, side_panel, side_title = _panels(day, scene)
    with mpl.rc_context({**STYLE, "font.family": chinese_font()}):
        figure = Figure(figsize=SIZE_IN, dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)  # measures text as it will be drawn
        main = figure.add_axes(MAIN_AXES)
        _draw_panel(main, panel, day, scene, folder, small=False)
        draw_scale(main, panel)
        _label(main, panel, day)
        side = figure.add_axes(SIDE_AXES)
        _draw_panel(side, side_panel, day, scene, folder, small=True)
        side.set_title(side_title, fontsize=9, pad=4)
        _title(figure, day)
        draw_legend(figure, day)
        # Neither date nor software in the file: the same day gives the same bytes.
        figure.savefig(folder / MAP, metadata={"Software": None})


def _panels(day: Day, scene: Scene) -> tuple[Panel, Panel, str]:
    """Return the main panel, the small one beside it, and the small one's title.

    The site is the subject where the image shows any of its waters, else the image is. The small panel shows what the
    main one cannot: the whole image, or the whole of the site's waters.
    """
    site = day.site
    waters = reproject(site.own_waters_polygon(), 4326, site.epsg)
    whole_site = fitted(site.epsg, waters.bounds, _aspect(SIDE_AXES))
    footprint = _footprint(scene, scene.info.epsg).bounds
    if not day.touches_own_waters:
        whole_scene = fitted(scene.info.epsg, footprint, _aspect(MAIN_AXES), margin=0.02)
        return whole_scene, whole_site, f"{site.name}管辖水域（影像未覆盖）"
    panel = _site_panel(day, scene)
    if panel.box.covers(_footprint(scene, site.epsg)):
        return panel, whole_site, f"{site.name}管辖水域全貌"
    return panel, fitted(scene.info.epsg, footprint, _aspect(SIDE_AXES), margin=0.02), "影像全幅"


def _footprint(scene: Scene, epsg: int) -> BaseGeometry:
    return reproject(scene.grid.extent.geom, str(scene.grid.crs), epsg)


def _site_panel(day: Day, scene: Scene) -> Panel:
    """Return the panel of the site: docks, platforms, assets, routes, and what the image shows of its waters."""
    site = day.site
    places = [(spot.lon, spot.lat) for spot in spots(day) if spot.kind is not SpotKind.PLANT]
    places += [(asset.lon, asset.lat) for asset in site.assets]
    places += [point for _, stop in day.stops(StopKind.COLLECT) for point in (*stop.waypoints, (stop.lon, stop.lat))]
    content = reproject(shapely.MultiPoint(places), 4326, site.epsg)
    waters = reproject(site.own_waters_polygon(), 4326, site.epsg)
    content = content.union(waters.intersection(_footprint(scene, site.epsg)))
    return fitted(site.epsg, content.bounds, _aspect(MAIN_AXES))


def _aspect(axes: tuple[float, float, float, float]) -> float:
    return axes[2] * SIZE_IN[0] / (axes[3] * SIZE_IN[1])


def _draw_panel(axes: Axes, panel: Panel, day: Day, scene: Scene, folder: Path, *, small: bool) -> None:
    draw_background(axes, panel, panel_colours(scene, panel), panel_codes(folder / OBSERVED, panel, day.coast.land))
    draw_coast(axes, panel, day)
    draw_waters(axes, panel, day.site)
    draw_frame(axes, panel, lines=3 if small else 7)
    if small:
        draw_dots(axes, panel, day.patches.patches)
        return
    draw_assets(axes, panel, day.site)
    draw_patches(axes, panel, day.patches.patches)
    draw_drift(axes, panel, day)
    draw_routes(axes, panel, day)
    draw_spots(axes, panel, day)


def _label(axes: Axes, panel: Panel, day: Day) -> None:
    """Name what lies on the panel, the most important first."""
    site = day.site
    routes = [route_line(panel, voyage) for voyage in day.plan.voyages] if day.plan is not None else []
    occupied = Occupied(soft=pixel_lines(axes, routes))
    occupied.hard += [shapely.Point(pixel).buffer(DISC_PX / 2) for pixel in draw_stops(axes, panel, day)]
    occupied.hard += _corners(axes)
    labels = [
        Label(spot.name, *panel.point(spot.lon, spot.lat), spot.sign.colour, 9.5, clear_px=9)
        for spot in spots(day)
        if panel.shows(spot.lon, spot.lat)
    ]
    labels += [
        Label(f"{asset.name}{mark(asset)}", *panel.point(asset.lon, asset.lat), ASSETS[asset.kind][1], 9)
        for asset in site.assets
        if panel.shows(asset.lon, asset.lat)
    ]
    labels += [
        Label(f"{patch.id}\n{tonnes(patch.biomass.mid_t)}", *panel.point(*patch.centre), "#4a3b00", 7.5, clear_px=4)
        for patch in labelled_patches(day, panel)
    ]
    labels += [
        Label(place.name, *panel.point(place.lon, place.lat), "#333333", 7.5, boxed=False, clear_px=2, required=False)
        for place in site.places
        if panel.shows(place.lon, place.lat)
    ]
    place_labels(axes, labels, occupied)


def labelled_patches(day: Day, panel: Panel) -> list[Patch]:
    """Return the patches that are named: those the plan visits, then the largest."""
    visited = {stop.patch_id for _, stop in day.stops(StopKind.COLLECT)}
    shown = [patch for patch in day.patches.patches if panel.shows(*patch.centre)]
    return sorted(shown, key=lambda patch: (patch.id not in visited, -patch.biomass.mid_t, patch.id))[:LABELLED]


def _corners(axes: Axes) -> list[BaseGeometry]:
    """Return where scale bar and north arrow stand, in pixels."""
    corners = ((0.0, 0.0, 0.32, 0.09), (0.93, 0.85, 1.0, 1.0))
    return [shapely.box(*axes.transAxes.transform([(a, b), (c, d)]).ravel()) for a, b, c, d in corners]


def _title(figure: Figure, day: Day) -> None:
    title = f"{day.site.region}{day.site.name}绿潮监测与采收计划图　{long_day(day.day)}"
    figure.text(0.035, 0.965, title, fontsize=17, va="center")
    state = "" if day.plan is not None else "　没有通过校核的计划，未绘航线"
    where = "" if day.touches_own_waters else f"　影像不在{day.site.name}管辖水域"
    subtitle = f"成像 {long_time(day.patches.sensing_time)}{where}{state}"
    figure.text(0.035, 0.942, subtitle, fontsize=10.5, va="center", color="#333333")
    if day.simulated:
        figure.text(0.75, 0.962, "演示：模拟影像，非真实观测", fontsize=12, color="#b00020", ha="right", va="center")
