"""Shadow, glint, mats and the sea floor on the coarse grid; land and cloud have files of their own."""

import cv2
import numpy as np
from scipy import ndimage, signal

from detection.cloud import CLOUD_MARGIN_M
from detection.coarse import REACH_CELLS, CoarseBands, Float, Mask, large_components, wet
from detection.water import CELL, background_window

SHADOW_RATIO = 0.82
"""B02 and B03 relative to clear water below which water near a cloud lies in its shadow, whatever its shape. 示例."""

FAINT_SHADOW_RATIO = 0.97
"""The same where a cloud of the scene, moved by the scene's own shadow offset, falls on the pixel: seen from the top of
the atmosphere most of the blue is path radiance, and a shadow takes little of it. 示例."""

SHADOW_STEP = 0.003
"""Fall of B02 + B03 below which it cannot be told from noise: clear ocean is nearly black without a shadow. 示例."""

SHADOW_MIN_KM2 = 0.02
"""A dark thing smaller than this is noise, not a cloud's shadow. 示例."""

SHADOW_CONTRAST = 0.015
"""How much darker, on average, the water under the moved clouds must be than under clouds moved anywhere else. 示例."""

SHADOW_REACH_M = 4000.0
"""How far a cloud's shadow may lie from it: a cloud top at 3 km under a sun 53° from the zenith. 示例."""

GLINT_SWIR = 0.045
"""B11 of the *background* from which water is glint: water absorbs at 1.6 µm, so this is the surface. 示例."""

ALGAE_NIR = 0.05
"""Excess of B08 from which a thing that is as red-edged as algae is no background: a third of full cover. 示例."""

ALGAE_RED = 2.0
"""Excess of B08 over that of B04 of floating algae at least (MARIDA class 2: 4.2); silt and foam have 0.8–1.2."""

BOTTOM_BLUE, BOTTOM_GREEN = 0.004, 0.008
"""Rise of B02 and B03 over the darkest background around from which the sea floor shows through: 89 % of MARIDA's
labels of shallow water reach both, none of floating algae. Silt and plankton take of the blue."""

BOTTOM_RED, BOTTOM_NIR = 0.4, 0.35
"""Rise of B04 and B08 in that of B03 at most: a metre of water over sand leaves less than half of the red and a
tenth of the near infrared (Pope and Fry 1997); silt and whatever floats raise both."""


def dense_algae(bands: CoarseBands) -> Mask:
    """Return what a mat larger than a cell of the background would put into it."""
    above = bands.excess
    return np.asarray(bands.valid & (above.nir > ALGAE_NIR) & (above.nir > ALGAE_RED * above.red))


def shadow_mask(bands: CoarseBands, blue: Float, green: Float, cloud: Mask) -> Mask:
    """Return water in the shadow of ``cloud``: much darker than the background near one, or faintly where one falls."""
    if not cloud.any():
        return np.zeros_like(cloud)
    ratio = _smooth((bands.blue + bands.green) / np.maximum(blue + green, np.float32(1e-3)))
    seen = (1.0 - ratio) * (blue + green) > SHADOW_STEP
    water = wet(bands) & ~cloud
    near = ndimage.distance_transform_edt(~cloud) * bands.pixel_m < SHADOW_REACH_M
    shadow = water & near & seen & (ratio < SHADOW_RATIO)
    offset = shadow_offset(np.where(water, 1.0 - ratio, 0.0).clip(-0.1, 0.1), water, cloud, bands.pixel_m)
    if offset is not None:
        fallen = ndimage.shift(cloud.astype(np.uint8), offset, order=0) > 0
        shadow |= water & fallen & seen & (ratio < FAINT_SHADOW_RATIO)
    return large_components(shadow, SHADOW_MIN_KM2, bands.pixel_m)


def shadow_offset(darkness: Float, water: Mask, cloud: Mask, pixel_m: float) -> tuple[int, int] | None:
    """Return by how many (rows, cols) the clouds of a scene must move to cover its darkest water; None if none is dark.

    Every offset within SHADOW_REACH_M is tried at once by correlation: the mean ``darkness`` of the water under the
    moved clouds is largest at that of the shadows. One offset serves the scene: its sun, and clouds of one height.
    """
    reach = int(SHADOW_REACH_M / pixel_m)
    moved = cloud[::-1, ::-1].astype(np.float32)
    total = signal.oaconvolve(darkness.astype(np.float32), moved, mode="same")
    count = signal.oaconvolve(water.astype(np.float32), moved, mode="same")
    rows, cols = cloud.shape
    # "same" keeps the middle of the full correlation: no offset lies here.
    middle = ((rows - 1) - (rows - 1) // 2, (cols - 1) - (cols - 1) // 2)
    r, c = np.ogrid[:rows, :cols]
    offset_r, offset_c = r - middle[0], c - middle[1]
    far = np.hypot(offset_r, offset_c)
    usable = (far <= reach) & (far * pixel_m > CLOUD_MARGIN_M) & (count > 0.2 * cloud.sum())
    if not usable.any():
        return None
    mean = np.where(usable, total / np.maximum(count, 1.0), -1.0)
    best = np.unravel_index(int(np.argmax(mean)), mean.shape)
    if mean[best] - np.median(mean[usable]) < SHADOW_CONTRAST:
        return None
    return int(best[0]) - middle[0], int(best[1]) - middle[1]


def glint_mask(swir_background: Float, water: Mask) -> Mask:
    """Return water whose background shines in the short-wave infrared."""
    return water & (swir_background > GLINT_SWIR)


def bottom_mask(bands: CoarseBands, background: Float, water: Mask) -> Mask:
    """Return ``water`` whose floor shines through: what grows on it looks like thin algae afloat.

    ``background`` (4, cell rows, cell cols) is that of B02, B03, B04 and B08; its darkest cells around stand for water
    too deep to see through. Medians over 200 m are looked at: the floor is wider than what floats over it.
    """
    deepest = ndimage.minimum_filter(background, (1, 2 * REACH_CELLS + 1, 2 * REACH_CELLS + 1), mode="nearest")
    deep = background_window(deepest, 0, 0, water.shape, CELL)
    above = np.stack((bands.blue, bands.green, bands.red, bands.nir)) - deep
    blue, green, red, nir = (cv2.medianBlur(np.where(water, band, np.float32(0)), 5) for band in above)
    floor = (blue > BOTTOM_BLUE) & (green > BOTTOM_GREEN) & (red < BOTTOM_RED * green) & (nir < BOTTOM_NIR * green)
    return np.asarray(water & floor)


def _smooth(band: Float) -> Float:
    """Return means of the valid pixels of 5 × 5."""
    known = np.isfinite(band)
    weight = ndimage.uniform_filter(known.astype(np.float32), 5)
    return np.asarray(ndimage.uniform_filter(np.where(known, band, 0.0), 5) / np.maximum(weight, 0.01))
