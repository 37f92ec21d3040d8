"""The clear-water background: what each band would read around a pixel if nothing floated there.

The segmenter is fed reflectance less this background, so that one set of weights serves top-of-atmosphere,
Rayleigh-corrected and surface reflectance: path radiance, haze and water colour are common to a pixel and the water
around it, and cancel.
"""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Float = npt.NDArray[np.float32]

CELL = 16
"""Side of a background cell in pixels of the coarse grid (640 m at 40 m)."""

DARKER_SHARE = 0.5
"""Share of a cell's water, the darkest in the near infrared, that stands for clear water: algae only brighten it."""

MIN_WATER = 12
"""Water pixels below which a cell takes its background from its neighbours."""

SMOOTHING_CELLS = 1.0
"""Standard deviation of the smoothing between cells."""


def water_background(reflectance: Float, water: npt.NDArray[np.bool_], nir: int) -> Float:
    """Return the background on the cell grid: (bands, cell rows, cell cols), finite everywhere.

    ``reflectance`` (bands, rows, cols) and ``water`` (rows, cols: clear water or what floats on it) are on the coarse
    grid; ``nir`` is the index of the near-infrared band. Where a scene has no water at all the background is 0.
    """
    bands, rows, cols = reflectance.shape
    shape = (-(-rows // CELL), -(-cols // CELL))
    cells = np.full((bands, *shape), np.nan, np.float32)
    for i in range(shape[0]):
        for j in range(shape[1]):
            window = np.s_[i * CELL : (i + 1) * CELL, j * CELL : (j + 1) * CELL]
            pixels = reflectance[:, window[0], window[1]][:, water[window]]
            if pixels.shape[1] >= MIN_WATER:
                dark = pixels[:, pixels[nir] <= np.quantile(pixels[nir], DARKER_SHARE)]
                cells[:, i, j] = np.median(dark, axis=1)
    known = np.isfinite(cells[0])
    if not known.any():
        return np.zeros_like(cells)
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    filled = cells[:, nearest[0], nearest[1]]
    return np.stack([ndimage.gaussian_filter(band, SMOOTHING_CELLS, mode="nearest") for band in filled])


def background_window(cells: Float, row: int, col: int, shape: tuple[int, int], cell_px: int) -> Float:
    """Return the background of a window of the full grid, (bands, rows, cols), interpolated linearly between cells.

    ``row``, ``col`` and ``shape`` are the window's in full-resolution pixels; ``cell_px`` is a cell's side in them.
    """
    y = np.clip((np.arange(row, row + shape[0]) + 0.5) / cell_px - 0.5, 0, cells.shape[1] - 1)
    x = np.clip((np.arange(col, col + shape[1]) + 0.5) / cell_px - 0.5, 0, cells.shape[2] - 1)
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    y1, x1 = np.minimum(y0 + 1, cells.shape[1] - 1), np.minimum(x0 + 1, cells.shape[2] - 1)
    fy, fx = (y - y0).astype(np.float32)[:, None], (x - x0).astype(np.float32)
    columns = cells[:, :, x0] * (1 - fx) + cells[:, :, x1] * fx
    return np.asarray(columns[:, y0] * (1 - fy) + columns[:, y1] * fy)
