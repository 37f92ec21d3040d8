"""The coarse grid on which a scene is looked over: its bands, their excess over dark water, and shapes on it."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from detection.water import CELL, background_window, water_background

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

DRY_SWIR = 0.075
"""B11 from which a pixel is not water: the wettest land classes of the labelled spectra (mangrove) start about 0.08,
the MARIDA medians of everything that floats end at 0.032 (foam) and of floating Sargassum at 0.066."""

DRY_NIR = 0.12
"""B08 from which a pixel may be land or dense algae. Silty water of MARIDA ends at 0.082 (98 % of its
pixels), forest and soil of the labelled spectra (intanika/SargassumSensing) start at 0.15."""

REACH_CELLS = 2
"""Dark water is looked for among the cells so far around (1.6 km at 40 m): under broken cloud, in a large mat and at a
coast of wet mangrove the cell's own water is not dark. Farther off, haze and glint may differ. 示例."""


@dataclass(frozen=True)
class CoarseBands:
    """The bands the masks need, on the coarse grid: each (rows, cols), NaN where no data."""

    blue: Float
    green: Float
    red: Float
    nir: Float
    swir: Float | None
    """B11; None where the product has none. Land, cloud and glint are then told less well."""
    pixel_m: float

    @property
    def stack(self) -> Float:
        """Return the bands as one array (4 or 5, rows, cols), the near infrared fourth."""
        bands = [self.blue, self.green, self.red, self.nir]
        return np.stack(bands if self.swir is None else [*bands, self.swir])

    @cached_property
    def valid(self) -> Mask:
        """Return where all bands hold data."""
        return np.asarray(np.isfinite(self.stack).all(axis=0))

    @cached_property
    def excess(self) -> "CoarseBands":
        """Return the bands less the darkest water near each pixel: what lies above the sea, at any level."""
        return self._like(self.stack - self._dark_water())

    @cached_property
    def smooth(self) -> "CoarseBands":
        """Return means of 3 × 3 pixels: wider than what a cloud's height displaces one band against another."""
        weight = ndimage.uniform_filter(self.valid.astype(np.float32), 3)
        sums = np.stack([ndimage.uniform_filter(np.where(self.valid, band, 0.0), 3) for band in self.stack])
        return self._like(np.where(self.valid, sums / np.maximum(weight, 0.1), np.float32(np.nan)))

    def _like(self, stack: Float) -> "CoarseBands":
        swir = None if self.swir is None else stack[4]
        return CoarseBands(stack[0], stack[1], stack[2], stack[3], swir, self.pixel_m)

    def _dark_water(self) -> Float:
        """Return, for each pixel, the background of the cell around it that is darkest in the longest band."""
        # Woods in the shade are as dark at 1.6 µm as water is, but not in the near infrared.
        cells = water_background(self.stack, wet(self) & (self.nir < DRY_NIR), 3)
        rows, cols = cells.shape[1:]
        size = 2 * REACH_CELLS + 1
        padded = np.pad(cells[-1], REACH_CELLS, mode="edge")
        around = np.lib.stride_tricks.sliding_window_view(padded, (size, size)).reshape(rows, cols, size * size)
        row, col = np.divmod(around.argmin(axis=-1), size)
        row = np.clip(np.arange(rows)[:, None] + row - REACH_CELLS, 0, rows - 1)
        col = np.clip(np.arange(cols)[None, :] + col - REACH_CELLS, 0, cols - 1)
        return background_window(cells[:, row, col], 0, 0, self.blue.shape, CELL)


def wet(bands: CoarseBands) -> Mask:
    """Return where the short-wave infrared says water, or something afloat on it; without it, dark near infrared."""
    if bands.swir is None:
        return np.asarray(bands.valid & (bands.nir < DRY_NIR))
    return np.asarray(bands.valid & (bands.swir < DRY_SWIR))


def components(mask: Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the labels of the 8-connected components of ``mask`` (0 elsewhere) and the pixels of each label."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return np.asarray(labels, np.int32), stats[:, cv2.CC_STAT_AREA].astype(np.int64)


def large_components(mask: Mask, min_km2: float, pixel_m: float) -> Mask:
    """Return the 8-connected components of ``mask`` of at least ``min_km2``."""
    labels, pixels = components(mask)
    keep = pixels * (pixel_m / 1000.0) ** 2 >= min_km2
    keep[0] = False
    return np.asarray(keep[labels])


def grow(mask: Mask, pixels: float) -> Mask:
    """Return ``mask`` grown by ``pixels`` (a disc; at least one pixel when positive)."""
    if pixels <= 0 or not mask.any():
        return mask
    return np.asarray(ndimage.distance_transform_edt(~mask) <= max(pixels, 1.0))


def close(mask: Mask, size: int) -> Mask:
    """Return ``mask`` with gaps up to 2 × ``size`` pixels closed."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * size + 1, 2 * size + 1))
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel).astype(bool)
