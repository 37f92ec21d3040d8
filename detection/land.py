"""Land by the scene itself, where no coastline is known: dry ground, with its swamp, ponds and shore."""

import numpy as np
from scipy import ndimage

from detection.cloud import bright, grey
from detection.coarse import DRY_NIR, CoarseBands, Mask, close, components, grow, large_components, wet

GROUND_OF_NIR = 0.25
"""Excess of B11 over that of B08, both less that of B02, from which a thing is ground: mangrove, the wettest vegetation
on land, has 0.35 in the median (intanika/SargassumSensing, less its water), floating algae 0.06 (MARIDA class 2) to
0.17, foam less than nothing."""

SWAMP_SWIR = 0.03
"""Excess of B11 of ground: from here swamp, mangrove and wet flats that join dry ground are land with it. Open water
and what floats on it stay below (98 % of MARIDA's labels of either)."""

LAND_MIN_KM2 = 0.1
"""Connected ground from this size is land: the largest ships are 400 m × 60 m, with their mixed pixels 0.06 km²."""

ISLET_MIN_KM2 = 0.003
"""The same for what a ship is not: grown over, or cut off by the edge of the image. 示例."""

GREEN_NIR = 2.0
"""Excess of B08 over that of B04 from which ground is grown over; hulls, sand and roofs have 1–1.5. 示例."""

GREEN_SHARE = 0.3
"""Share of an islet that is grown over; the rest is beach. 示例."""

LAND_MIN_NIR_KM2 = 2.0
"""Without B11 a dense mat looks like a field; one that fills this much without a gap is not known. 示例."""

LAND_MARGIN_M = 120.0
"""Surf, wet sand and mixed pixels along land found from the scene. 示例."""

MOSTLY = 0.6
"""Share of cloud from which a dry thing is a cloud and not land under clouds. 示例."""

WATER_SHARE = 0.2
"""Share of dark water below which what land cuts off is shaded wood and not the sea. 示例."""

ENCLOSED_MAX_KM2 = 4.0
"""What land encloses and is smaller than this is a pond, a lagoon, a salt lake or a cloud over land. 示例."""


def land_from_scene(bands: CoarseBands, cloud: Mask) -> Mask:
    """Return land: dry ground of some size, what joins it, what it encloses and a margin."""
    ground = _ground(bands)
    dry = ground & ~wet(bands)
    if bands.swir is None:
        land = large_components(dry, LAND_MIN_NIR_KM2, bands.pixel_m)
    else:
        land = _islands(ground, dry, bands, cloud)
    land = _not_cloud(land, cloud)
    if not land.any():
        return land
    land = close(land, 3)
    land |= _enclosed(bands.valid & ~land, land, bands.pixel_m)
    land |= _enclosed(cloud & ~land, land, bands.pixel_m)
    land |= _waterless(bands, bands.valid & ~land & ~cloud)
    return grow(land, LAND_MARGIN_M / bands.pixel_m) & bands.valid


def _waterless(bands: CoarseBands, rest: Mask) -> Mask:
    """Return the connected parts of ``rest``, what land and cloud leave, that show hardly any water."""
    labels, pixels = components(rest)
    water = np.asarray(ndimage.mean(wet(bands) & (bands.nir < DRY_NIR), labels, np.arange(len(pixels))))
    dry = water < WATER_SHARE
    dry[0] = False
    return np.asarray(dry[labels])


def _ground(bands: CoarseBands) -> Mask:
    """Return what has the colour of ground, wet ground included."""
    above = bands.excess
    ground = bands.valid & ~grey(bands) & ~bright(bands)
    if above.swir is None:
        # Silt is darker in the near infrared than in the red; soil, sand and leaves are brighter.
        return np.asarray(ground & (bands.nir > 1.1 * bands.red))
    veil = np.maximum(above.blue, 0.0)  # thin cloud, were it one, adds as much to all bands
    return np.asarray(ground & (above.swir > SWAMP_SWIR) & (above.swir - veil > GROUND_OF_NIR * (above.nir - veil)))


def _islands(ground: Mask, dry: Mask, bands: CoarseBands, cloud: Mask) -> Mask:
    """Return the connected ``ground`` that is ``dry`` somewhere and no ship, for its size or for another reason."""
    labels, pixels = components(ground)
    index = np.arange(len(pixels))
    km2 = pixels * (bands.pixel_m / 1000.0) ** 2
    green = ndimage.mean(bands.excess.nir > GREEN_NIR * bands.excess.red, labels, index)
    rim = grow(np.pad(~bands.valid, 1, constant_values=True), 1.5)[1:-1, 1:-1]
    cut = ndimage.maximum(rim, labels, index)
    firm = np.asarray(ndimage.maximum(dry, labels, index)) > 0
    # Algae under the edge of a cloud are dry and green as well: no islet is seen there.
    open_sky = np.asarray(ndimage.maximum(cloud, labels, index)) == 0
    islet = (km2 >= ISLET_MIN_KM2) & open_sky & ((np.asarray(green) >= GREEN_SHARE) | (np.asarray(cut) > 0))
    keep = firm & ((km2 >= LAND_MIN_KM2) | islet)
    keep[0] = False
    return np.asarray(keep[labels])


def _not_cloud(land: Mask, cloud: Mask) -> Mask:
    """Return the connected parts of ``land`` that are not mostly cloud: its fringes are not white, but dry."""
    labels, pixels = components(land)
    cloudy = ndimage.mean(cloud, labels, np.arange(len(pixels)))
    keep = np.asarray(cloudy) < MOSTLY
    keep[0] = False
    return np.asarray(keep[labels])


def _enclosed(bodies: Mask, land: Mask, pixel_m: float) -> Mask:
    """Return the small connected ``bodies``, water or cloud, whose rim is land for the most part."""
    labels, count = ndimage.label(bodies)
    area_km2 = np.bincount(labels.ravel(), minlength=count + 1) * (pixel_m / 1000.0) ** 2
    enclosed = np.zeros_like(land)
    for index, box in enumerate(ndimage.find_objects(labels), start=1):
        if area_km2[index] >= ENCLOSED_MAX_KM2:
            continue
        around = tuple(slice(max(s.start - 1, 0), s.stop + 1) for s in box)
        body = labels[around] == index
        rim = ndimage.binary_dilation(body) & ~body
        if rim.any() and land[around][rim].mean() > 0.5:
            enclosed[around] |= body
    return enclosed
