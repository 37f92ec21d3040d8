"""The picture behind a map panel: false colour (B08, B04, B03) and what was not observed."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.warp
from matplotlib.axes import Axes
from odc.geo.geobox import GeoBox
from rasterio.enums import Resampling
from rasterio.windows import Window

from detection.scene import Scene
from documents.cover import Observed
from service.papers.map_frame import Panel

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]

FALSE_COLOUR = ("B08", "B04", "B03")
"""Near infrared as red: algae and vegetation shine red, water is dark."""

STRETCH = (1.0, 99.0)
"""Percentiles of a band over the clear sea and land of the picture that become black and white."""

GAMMA = 0.75
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


def panel_codes(path: Path, panel: Panel) -> Codes:
    """Return the observed codes of the raster at ``path`` on the panel's grid; 0 (no data) outside."""
    with rasterio.open(path) as source:
        grid = GeoBox((source.height, source.width), source.transform, source.crs)
        window, overview = _window(grid, panel.grid)
        if window is None:
            return np.zeros(panel.grid.shape, np.uint8)
        shape = (max(1, int(window.height) >> overview), max(1, int(window.width) >> overview))
        codes = source.read(1, window=window, out_shape=shape, resampling=Resampling.nearest)
        transform = source.window_transform(window) * rasterio.Affine.scale(
            window.width / shape[1], window.height / shape[0]
        )
    return _warp(codes, GeoBox(shape, transform, grid.crs), panel.grid, Resampling.nearest, 0)


def _window(grid: GeoBox, target: GeoBox) -> tuple[Window | None, int]:
    """Return the part of ``grid`` under ``target``, aligned to its overview of about the target's pixel size."""
    left, bottom, right, top = rasterio.warp.transform_bounds(str(target.crs), str(grid.crs), *target.extent.boundingbox)
    to_pixel = ~grid.transform
    columns, rows = zip(*(to_pixel * corner for corner in ((left, top), (right, top), (left, bottom), (right, bottom))), strict=True)
    pixel = abs(target.transform.a) * max(1.0, (max(columns) - min(columns)) / WIDTH) if False else abs(target.transform.a)
    overview = max(0, math.floor(math.log2(pixel / abs(grid.transform.a)))) if pixel > abs(grid.transform.a) else 0
    step = 2**overview
    first_row, last_row = (_clip(value, grid.shape[0], step) for value in (min(rows), max(rows) + step))
    first_col, last_col = (_clip(value, grid.shape[1], step) for value in (min(columns), max(columns) + step))
    if last_row - first_row < step or last_col - first_col < step:
        return None, 0
    return Window(first_col, first_row, last_col - first_col, last_row - first_row), overview
