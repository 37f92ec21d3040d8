"""What of a scene can be judged: land, cloud, shadow, glint and no data, on a coarse grid.

All tests are on reflectance of either level. The site's coastline decides about land where it is known; only beyond it
does the scene itself (:func:`land_from_scene`). A scene classification never makes land.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

DRY_SWIR = 0.075
"""B11 from which a pixel is not water: the wettest land classes of the labelled spectra (mangrove) start about 0.08,
the MARIDA medians of everything that floats end at 0.032 (foam) and of floating Sargassum at 0.066."""

BRIGHT_BLUE = 0.09
"""Excess of B02 over clear water from which a large object is cloud. The MARIDA median of foam lies 0.06–0.08 above its
water medians; opaque cloud is far above."""

CLOUD_SWIR = 0.03
"""Excess of B11 over clear water that cloud has as well and foam (0.03 in the MARIDA median) hardly has."""

ICE_AND_DROPS = 0.9
"""Excess of B11 over that of B02 up to which a bright thing is cloud: soil, sand and roofs are brighter in the
short-wave infrared than in the blue, water droplets and ice darker. 示例."""

CLOUD_MIN_KM2 = 0.02
"""A bright thing smaller than this is a ship, a breaker or a building, not a cloud that hides the sea."""

CLOUD_MARGIN_M = 100.0
"""Cloud edges are thin and mixed, so a cloud is grown by this much. 示例."""

LAND_MIN_KM2 = 0.3
"""Connected dry ground from this size is land or a cloud, never a ship. 示例."""

LAND_MARGIN_M = 120.0
"""Surf, wet sand and mixed pixels along land found from the scene. 示例."""

MOSTLY = 0.6
"""Share of cloud from which a dry thing is a cloud and not land under clouds. 示例."""

POND_MAX_KM2 = 4.0
"""Water enclosed by land and smaller than this is a pond, a lagoon or a salt lake, not the sea. 示例."""

SHADOW_RATIO = 0.82
"""B02 and B03 relative to clear water below which water near a cloud lies in its shadow, whatever its shape. 示例."""

FAINT_SHADOW_RATIO = 0.97
"""The same where a cloud of the scene, moved by the scene's own shadow offset, falls on the pixel: seen from the top of
the atmosphere most of the blue is path radiance, and a shadow takes little of it. 示例."""

SHADOW_STEP = 0.003
"""Fall of B02 + B03 below which it cannot be told from noise: clear ocean is nearly black without a shadow. 示例."""

SHADOW_CONTRAST = 0.015
"""How much darker, on average, the water under the moved clouds must be than under clouds moved anywhere else. 示例."""

SHADOW_REACH_M = 4000.0
"""How far a cloud's shadow may lie from it: a cloud top at 3 km under a sun 53° from the zenith. 示例."""

GLINT_SWIR = 0.045
"""B11 of the *background* from which water is glint: water absorbs at 1.6 µm, so this is the surface. 示例."""


@dataclass(frozen=True)
class CoarseBands:
    """The bands the masks need, on the coarse grid: each (rows, cols), NaN where no data."""

    blue: Float
    green: Float
    red: Float
    nir: Float
    swir: Float
    pixel_m: float

    @property
    def valid(self) -> Mask:
        """Return where all bands hold data."""
        return np.asarray(np.isfinite(self.blue + self.green + self.red + self.nir + self.swir))


def wet(bands: CoarseBands) -> Mask:
    """Return where the short-wave infrared says water, or something afloat on it."""
    return np.asarray(bands.valid & (bands.swir < DRY_SWIR))


def cloud_mask(bands: CoarseBands, blue: Float, swir: Float, product: Mask | None) -> Mask:
    """Return cloud: large, bright and grey against the background (``blue``, ``swir``), or the product's own mask."""
    bright = bands.valid & (bands.blue - blue > BRIGHT_BLUE) & (bands.swir - swir > CLOUD_SWIR)
    bright &= bands.red > 0.6 * bands.blue  # cloud is grey,
    bright &= bands.swir - swir < ICE_AND_DROPS * (bands.blue - blue)  # and absorbs at 1.6 µm; roofs and soil do not
    cloud = large_components(bright, CLOUD_MIN_KM2, bands.pixel_m)
    if product is not None:
        cloud |= product & bands.valid
    return grow(cloud, CLOUD_MARGIN_M / bands.pixel_m) & bands.valid


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
    return large_components(shadow, CLOUD_MIN_KM2, bands.pixel_m)


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


def land_from_scene(bands: CoarseBands, cloud: Mask) -> Mask:
    """Return land by the scene itself: large dry ground, with the ponds it encloses and a margin."""
    dry = bands.valid & ~wet(bands)
    ground = large_components(dry, LAND_MIN_KM2, bands.pixel_m)
    # A cloud over the sea is dry to the short-wave infrared as well: what is mostly cloud is left to the cloud mask.
    labels, count = ndimage.label(ground, structure=np.ones((3, 3)))
    if not count:
        return np.zeros_like(ground)
    cloudy = ndimage.mean(cloud, labels, index=np.arange(1, count + 1))
    land = np.isin(labels, 1 + np.flatnonzero(np.asarray(cloudy) < MOSTLY))
    land = _close(land, 3)
    return grow(land | _ponds(land, bands), LAND_MARGIN_M / bands.pixel_m) & bands.valid


def _ponds(land: Mask, bands: CoarseBands) -> Mask:
    """Return small water bodies whose rim is land for the most part."""
    labels, count = ndimage.label(bands.valid & ~land)
    if not count:
        return np.zeros_like(land)
    area_km2 = np.bincount(labels.ravel(), minlength=count + 1) * (bands.pixel_m / 1000.0) ** 2
    ponds = np.zeros_like(land)
    for index, box in enumerate(ndimage.find_objects(labels), start=1):
        if area_km2[index] >= POND_MAX_KM2:
            continue
        around = tuple(slice(max(s.start - 1, 0), s.stop + 1) for s in box)
        body = labels[around] == index
        rim = ndimage.binary_dilation(body) & ~body
        if rim.any() and land[around][rim].mean() > 0.5:
            ponds[around] |= body
    return ponds


def glint_mask(swir_background: Float, water: Mask) -> Mask:
    """Return water whose background shines in the short-wave infrared."""
    return water & (swir_background > GLINT_SWIR)


def large_components(mask: Mask, min_km2: float, pixel_m: float) -> Mask:
    """Return the 8-connected components of ``mask`` of at least ``min_km2``."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] * (pixel_m / 1000.0) ** 2 >= min_km2
    keep[0] = False
    return np.asarray(keep[labels]) if count > 1 else np.zeros_like(mask)


def grow(mask: Mask, pixels: float) -> Mask:
    """Return ``mask`` grown by ``pixels`` (a disc; at least one pixel when positive)."""
    if pixels <= 0 or not mask.any():
        return mask
    return np.asarray(ndimage.distance_transform_edt(~mask) <= max(pixels, 1.0))


def _close(mask: Mask, size: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * size + 1, 2 * size + 1))
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel).astype(bool)


def _smooth(band: Float) -> Float:
    return np.asarray(ndimage.uniform_filter(np.nan_to_num(band), 5))
