"""Cloud: thick and bright, or thin and broken; the bands rise alike over it, which no floating matter does."""

import numpy as np
from scipy import ndimage

from detection.coarse import CoarseBands, Float, Mask, grow, wet

BRIGHT_BLUE = 0.09
"""Excess of B02 over dark water from which a large object is cloud. The MARIDA median of foam lies 0.06–0.08 above its
water medians; opaque cloud is far above."""

CLOUD_SWIR = 0.03
"""Excess of B11 over dark water that thick cloud has as well and foam (0.03 in the MARIDA median) hardly has."""

ICE_AND_DROPS = 0.9
"""Excess of B11 over that of B02 up to which a bright thing is cloud: soil, sand and roofs are brighter in the
short-wave infrared than in the blue, water droplets and ice darker. 示例."""

WHITE = 0.015
"""Excess over dark water from which a grey thing is thin cloud. Of the MARIDA cloud labels 74–95 % a scene reach it; of
the turbid, silty and shallow water that reaches it nothing is grey."""

GREY = 0.5
"""Least excess over largest, among B02, B04, B08 and B11, of what is grey. Where MARIDA's labels exceed WHITE the
medians are 0.74 for cloud (a tenth is below 0.61), 0.35 for foam, 0.09 for Sargassum and 0.03 for silt."""

GREY_BLUE = 0.67
"""Excess of B02 over the largest from which a *dry* grey thing may be cloud: sand, soil and roofs are up
to 0.6. 示例."""

CORE_PX = 5
"""A thin cloud fills most of a square so wide (200 m at 40 m): ships, wakes and foam lines are narrower."""

CORE_FILL = 0.7
"""What "most" is: a ship or wake 60 m wide touches at most 3 of 5 columns of pixels (0.6)."""

FIELD_PX = 25
"""A field of broken cloud fills some of a square so wide (1 km at 40 m)."""

FIELD_FILL = 0.2
"""What "some" is: a wake, blurred to 3 of 25 columns, fills 0.12, and 0.17 where it lies askew."""

SCRAP_M = 500.0
"""Grey scraps of any size so near to a cloud belong to it. 示例."""

BRIGHT_PX = 3
"""A bright thing narrower than this (120 m at 40 m) is a ship, a breaker or a building, not a cloud that hides the
sea. 示例."""

CLOUD_MARGIN_M = 100.0
"""Cloud edges are thin and mixed, so a cloud is grown by this much. 示例."""


def cloud_mask(bands: CoarseBands, product: Mask | None) -> Mask:
    """Return cloud with a margin: thick, thin and broken cloud by its look, and the product's own cloud mask."""
    pale = _pale(bands)
    cloud = pale & grow(_filled(pale, bands.valid, CORE_PX, CORE_FILL), CORE_PX // 2)
    cloud |= pale & grow(_filled(pale, bands.valid, FIELD_PX, FIELD_FILL), FIELD_PX // 2)
    cloud |= ndimage.binary_opening(bright(bands), np.ones((BRIGHT_PX, BRIGHT_PX)))
    cloud |= pale & grow(cloud, SCRAP_M / bands.pixel_m)
    if product is not None:
        cloud |= product & bands.valid
    return grow(cloud, CLOUD_MARGIN_M / bands.pixel_m) & bands.valid


def bright(bands: CoarseBands) -> Mask:
    """Return what is as bright as thick cloud, grey, and darker in the short-wave infrared."""
    above = bands.excess
    mask = bands.valid & (above.blue > BRIGHT_BLUE) & (bands.red > 0.6 * bands.blue)
    if above.swir is not None:
        mask &= (above.swir > CLOUD_SWIR) & (above.swir < ICE_AND_DROPS * above.blue)
    return np.asarray(mask)


def grey(bands: CoarseBands) -> Mask:
    """Return where all bands rise alike above dark water: cloud and glint, and no ground, algae, foam or silt."""
    looked, largest = _looked(bands.excess.smooth)
    blue = bands.excess.smooth.blue
    return np.asarray(bands.valid & (looked.min(axis=0) > GREY * largest) & (wet(bands) | (blue > GREY_BLUE * largest)))


def _pale(bands: CoarseBands) -> Mask:
    """Return what is grey and brighter than water by WHITE, and by what glint can do.

    Glint is grey as well; how much it varies goes with how much there is of it, so the water's own B11 is a floor.
    Without B11 foam and silt are told less well, and twice the excess is asked for.
    """
    _, largest = _looked(bands.excess)  # not smoothed: that would widen ships and wakes
    above = bands.excess.swir
    if bands.swir is None or above is None:
        return np.asarray(grey(bands) & (largest > 2.0 * WHITE))
    return np.asarray(grey(bands) & (largest > np.maximum(WHITE, bands.swir - above)))


def _looked(above: CoarseBands) -> tuple[Float, Float]:
    """Return the bands that tell grey from ``above``, an excess, (bands, rows, cols), and the largest of them."""
    three = [above.blue, above.red, above.nir]
    looked = np.stack(three if above.swir is None else [*three, above.swir])
    return looked, looked.max(axis=0)


def _filled(mask: Mask, valid: Mask, size: int, share: float) -> Mask:
    """Return the middles of squares of ``size`` of whose ``valid`` pixels ``mask`` fills ``share``."""
    filled = ndimage.uniform_filter(mask.astype(np.float32), size, mode="constant")
    known = ndimage.uniform_filter(valid.astype(np.float32), size, mode="constant")
    return np.asarray(valid & (filled >= share * known))
