"""The picture behind a map panel: false colour (B08, B04, B03) and what was not observed."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
import rasterio.warp
import shapely
from matplotlib.axes import Axes
from odc.geo.geobox import GeoBox
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.windows import Window
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from detection.scene import Scene
from documents.cover import Observed
from service.papers.map_frame import Panel

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]

FALSE_COLOUR = ("B08", "B04", "B03")
"""Near infrared as red: algae and vegetation shine red, water is dark."""

STRETCH = (0.5, 99.0)
"""Percentiles of a band over the clear sea and land of the picture that become black and white."""

GAMMA = 0.5
"""Below 1: lifts the dark sea so that its structure shows."""

SEA, LAND = "#b9cfdd", "#e4dcc8"
"""Where the panel shows no image."""


def panel_colours(scene: Scene, panel: Panel) -> Floats | None:
    """Return reflectance of FALSE_COLOUR on the panel's grid, (3, rows, cols), NaN outside; None without overlap."""
    window, overview = _window(scene.grid, panel.grid)
    if window is None:
        return None
    read = scene.read(FALSE_COLOUR, window, overview)
    return np.stack([_warp(band, read.grid, panel.grid, Resampling.bilinear, np.nan) for band in read.values])


def panel_codes(path: Path, panel: Panel, land: BaseGeometry) -> Codes:
    """Return the observed codes of the raster at ``path`` on the panel's grid; outside it, ``land`` or no data."""
    codes = _read_codes(path, panel)
    beyond = codes == Observed.NO_DATA
    near = panel.place(shapely.make_valid(land.intersection(shapely.box(*panel.degrees()))))
    if beyond.any() and not near.is_empty:
        shape, transform = panel.grid.shape, panel.grid.transform
        ground = rasterio.features.rasterize([mapping(near)], out_shape=shape, transform=transform, dtype="uint8") > 0
        codes[beyond & ground] = Observed.LAND
    return codes


def _read_codes(path: Path, panel: Panel) -> Codes:
    with rasterio.open(path) as source:
        grid = GeoBox((source.height, source.width), source.transform, source.crs)
        window, overview = _window(grid, panel.grid)
        if window is None:
            return np.zeros(panel.grid.shape, np.uint8)
        shape = (max(1, int(window.height) >> overview), max(1, int(window.width) >> overview))
        codes = source.read(1, window=window, out_shape=shape, resampling=Resampling.nearest)
        scale = Affine.scale(window.width / shape[1], window.height / shape[0])
        transform = source.window_transform(window) * scale
    return _warp(codes, GeoBox(shape, transform, grid.crs), panel.grid, Resampling.nearest, 0)


def _window(grid: GeoBox, target: GeoBox) -> tuple[Window | None, int]:
    """Return the part of ``grid`` under ``target``, on the pixels of the overview that has about the target's size."""
    corners = rasterio.warp.transform_bounds(str(target.crs), str(grid.crs), *target.extent.boundingbox)
    left, bottom, right, top = corners
    to_pixel = ~grid.transform
    ends = [to_pixel * corner for corner in ((left, top), (right, top), (left, bottom), (right, bottom))]
    columns, rows = [column for column, _ in ends], [row for _, row in ends]
    overview = max(0, math.floor(math.log2((max(columns) - min(columns)) / target.shape[1])))
    step = 2**overview
    top_row, end_row = (_aligned(row, grid.shape[0], step) for row in (min(rows), max(rows) + step))
    first, end = (_aligned(column, grid.shape[1], step) for column in (min(columns), max(columns) + step))
    if end_row <= top_row or end <= first:
        return None, 0
    return Window(first, top_row, end - first, end_row - top_row), overview


def _aligned(index: float, size: int, step: int) -> int:
    """Return ``index`` moved onto a multiple of ``step`` inside an axis of ``size``."""
    return int(np.clip(math.floor(index / step), 0, size // step)) * step


def _warp(values: npt.NDArray[Any], source: GeoBox, target: GeoBox, how: Resampling, nodata: float) -> npt.NDArray[Any]:
    out = np.full(target.shape, nodata, values.dtype)
    rasterio.warp.reproject(
        values,
        out,
        src_transform=source.transform,
        src_crs=str(source.crs),
        dst_transform=target.transform,
        dst_crs=str(target.crs),
        src_nodata=None if how is Resampling.nearest else nodata,
        dst_nodata=nodata,
        resampling=how,
        num_threads=1,
    )
    return out


def draw_background(axes: Axes, panel: Panel, colours: Floats | None, codes: Codes) -> None:
    """Draw the picture and, hatched over it, all that is neither clear nor land."""
    left, bottom, right, top = panel.bounds
    axes.set_facecolor(SEA)
    if colours is not None:
        axes.imshow(_stretched(colours, codes), extent=(left, right, bottom, top), zorder=1, interpolation="bilinear")
    hidden = (codes != Observed.CLEAR) & (codes != Observed.LAND)
    rows, columns = codes.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    if hidden.any():
        axes.contourf(x, y, hidden.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"], zorder=1.5)


def _stretched(colours: Floats, codes: Codes) -> Floats:
    """Return (rows, cols, 4): each band stretched between its percentiles; transparent where there is no image."""
    shown = np.isfinite(colours).all(axis=0)
    judged = shown & np.isin(codes, (Observed.CLEAR, Observed.LAND))
    picture = np.zeros((*shown.shape, 4), np.float32)
    for index, band in enumerate(colours):
        values = band[judged] if judged.any() else band[shown]
        low, high = np.percentile(values, STRETCH) if values.size else (0.0, 1.0)
        picture[..., index] = np.clip((np.nan_to_num(band) - low) / max(high - low, 1e-6), 0, 1) ** GAMMA
    picture[..., 3] = shown
    return picture
