"""The frame of a map panel: its extent in metres, graticule, scale bar and north arrow."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from rasterio import Affine
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from documents.geodesy import reproject

Box = tuple[float, float, float, float]
"""left, bottom, right, top in the panel's CRS, metres."""

WIDTH_PX = 1600
"""Pixels across the picture behind a panel."""

STEPS_DEG = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
"""Spacings that a graticule may have."""


@dataclass(frozen=True)
class Panel:
    """One map: a rectangle of a projected CRS."""

    epsg: int
    bounds: Box

    @property
    def grid(self) -> GeoBox:
        """Return the grid of the picture behind the map."""
        left, bottom, right, top = self.bounds
        pixel = (right - left) / WIDTH_PX
        rows = max(1, round((top - bottom) / pixel))
        return GeoBox((rows, WIDTH_PX), Affine(pixel, 0, left, 0, -pixel, top), f"EPSG:{self.epsg}")

    @property
    def box(self) -> BaseGeometry:
        """Return the panel as a rectangle in its CRS."""
        return box(*self.bounds)

    @property
    def width_m(self) -> float:
        """Return the width of the panel."""
        return self.bounds[2] - self.bounds[0]

    def place(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return ``geometry`` (degrees) in the panel's CRS."""
        return reproject(geometry, 4326, self.epsg)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a position (degrees) in the panel's CRS."""
        x, y = Transformer.from_crs(4326, self.epsg, always_xy=True).transform(lon, lat)
        return float(x), float(y)

    def shows(self, lon: float, lat: float) -> bool:
        """Say whether a position lies inside."""
        x, y = self.point(lon, lat)
        left, bottom, right, top = self.bounds
        return left <= x <= right and bottom <= y <= top

    def degrees(self) -> Box:
        """Return west, south, east, north of the panel."""
        west, south, east, north = reproject(shapely.segmentize(self.box, self.width_m / 20), self.epsg, 4326).bounds
        return west, south, east, north


def fitted(epsg: int, content: Box, aspect: float, margin: float = 0.05) -> Panel:
    """Return the panel around ``content`` with a margin, widened or heightened to ``aspect`` (width ÷ height)."""
    left, bottom, right, top = content
    width, height = (1 + 2 * margin) * (right - left), (1 + 2 * margin) * (top - bottom)
    width, height = max(width, height * aspect), max(height, width / aspect)
    x, y = (left + right) / 2, (bottom + top) / 2
    return Panel(epsg, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def draw_frame(axes: Axes, panel: Panel, *, lines: int) -> None:
    """Set the extent of ``axes`` and draw about ``lines`` meridians and parallels, named along the edges."""
    left, bottom, right, top = panel.bounds
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
    west, south, east, north = panel.degrees()
    step = min(STEPS_DEG, key=lambda step: abs((east - west) / step - lines))
    digits = max(0, math.ceil(-math.log10(step) - 1e-9))
    move = Transformer.from_crs(4326, panel.epsg, always_xy=True)
    lons = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
    lats = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
    ticks: tuple[list[float], list[float]] = ([], [])
    names: tuple[list[str], list[str]] = ([], [])
    style: dict[str, Any] = {"color": "white", "linewidth": 0.5, "alpha": 0.35, "zorder": 2}
    for lon in lons.tolist():
        x, y = move.transform(np.full(50, lon), np.linspace(south, north, 50))
        axes.plot(x, y, **style)
        ticks[0].append(float(np.interp(bottom, y, x)))
        names[0].append(f"{abs(lon):.{digits}f}°{'E' if lon >= 0 else 'W'}")
    for lat in lats.tolist():
        x, y = move.transform(np.linspace(west, east, 50), np.full(50, lat))
        axes.plot(x, y, **style)
        ticks[1].append(float(np.interp(left, x, y)))
        names[1].append(f"{abs(lat):.{digits}f}°{'N' if lat >= 0 else 'S'}")
    for axis, positions, labels, low, high in (
        (axes.xaxis, ticks[0], names[0], left, right),
        (axes.yaxis, ticks[1], names[1], bottom, top),
    ):
        kept = [(position, name) for position, name in zip(positions, labels, strict=True) if low <= position <= high]
        axis.set_ticks([position for position, _ in kept], [name for _, name in kept])
    axes.tick_params(labelsize=8, length=3, direction="out")
    for label in axes.get_yticklabels():
        label.set(rotation=90, va="center")


def draw_scale(axes: Axes, panel: Panel) -> None:
    """Draw a scale bar at the lower left and a north arrow at the upper right of ``axes``."""
    left, bottom, right, top = panel.bounds
    width, height = right - left, top - bottom
    length = next(step for step in (50e3, 20e3, 10e3, 5e3, 2e3, 1e3, 500.0, 200.0) if step <= 0.25 * width)
    x, y = left + 0.035 * width, bottom + 0.035 * height
    thick = 0.008 * height
    for part, colour in ((0, "black"), (1, "white")):
        axes.fill_between(
            [x + part * length / 2, x + (part + 1) * length / 2],
            y,
            y + thick,
            color=colour,
            ec="black",
            lw=0.8,
            zorder=12,
        )
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for share, text in ((0.0, "0"), (0.5, f"{length / 2000:g}"), (1.0, f"{length / 1000:g} km")):
        axes.text(
            x + share * length,
            y + 1.6 * thick,
            text,
            fontsize=8.5,
            ha="center",
            va="bottom",
            path_effects=halo,
            zorder=12,
        )
    axes.annotate(
        "北",
        xy=(right - 0.035 * width, top - 0.03 * height),
        xytext=(right - 0.035 * width, top - 0.12 * height),
        ha="center",
        va="center",
        fontsize=11,
        path_effects=halo,
        arrowprops={"arrowstyle": "-|>,head_width=0.35,head_length=0.7", "color": "black", "lw": 1.8},
        zorder=12,
    )
