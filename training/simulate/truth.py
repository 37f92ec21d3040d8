"""The truth of a simulated scene: cover, what could be observed, and the patches."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox

from detection.detect import PATCHES_NAME, summarise
from detection.segment import CoverMap
from detection.vectorise import components, make_patch
from documents.coast import Coast
from documents.cover import COVER_NAME, OBSERVED_NAME, Observed, raster_profile
from documents.scene import SceneInfo
from documents.site import Site
from training.endmembers import CLEAR_WATER, ULVA, floating_index
from training.simulate.algae import MIN_COVER
from training.simulate.clouds import FINE
from training.simulate.scene import Scene
from training.simulate.texture import F32

U8 = npt.NDArray[np.uint8]


def true_observed(scene: Scene) -> U8:
    """Return what a perfect observer could judge, as codes of Observed: land is the coast's, without any buffer."""
    codes = np.full(scene.cover.shape, Observed.CLEAR, np.uint8)
    codes[scene.shore.land] = Observed.LAND
    for mask, code in ((scene.clouds.shaded, Observed.SHADOW), (scene.clouds.opaque, Observed.CLOUD)):
        codes[_finer(mask) & ~scene.shore.land] = code
    return codes


def true_cover(scene: Scene, observed: U8) -> F32:
    """Return the area fraction of algae in each pixel before any blur: NaN where not observed, 0 below MIN_COVER."""
    cover = np.where(scene.cover < MIN_COVER, np.float32(0.0), scene.cover)
    cover[observed != Observed.CLEAR] = np.nan
    return cover


def cloud_mask(scene: Scene) -> npt.NDArray[np.bool_]:
    """Return opaque cloud at 10 m, over land as well."""
    return _finer(scene.clouds.opaque)


def _finer(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return mask.repeat(FINE, axis=0).repeat(FINE, axis=1)


def write_rasters(cover: F32, observed: U8, grid: GeoBox, out: Path) -> None:
    """Write ``cover.tif`` and ``observed.tif`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with rasterio.open(out / COVER_NAME, "w", **raster_profile(grid, "float32", float("nan"))) as target:
        target.write(cover, 1)
    with rasterio.open(out / OBSERVED_NAME, "w", **raster_profile(grid, "uint8", None)) as target:
        target.write(observed, 1)


def write_patches(cover: F32, observed: U8, grid: GeoBox, info: SceneInfo, site: Site, coast: Coast, out: Path) -> None:
    """Write ``patches.geojson`` into ``out``: the true cover, vectorised as detection vectorises what it finds.

    A pixel's index above clear water is taken as linear in its cover, as the mixture is.
    """
    assert info.sensing_time is not None
    called = np.flatnonzero(np.nan_to_num(cover) > 0.0)
    full, none = (floating_index(spectrum, "B04", "B08", "B11") for spectrum in (ULVA, CLEAR_WATER))
    certain = np.ones(len(called), np.float32)
    rise = cover.ravel()[called] * np.float32(full - none)
    seen = CoverMap(grid, cover, observed, called, certain, certain > 0, rise, certain)
    patches = [make_patch(component, seen, site, info.sensing_time) for component in components(seen)]
    rule = "海岸线原样，不设缓冲（模拟真值）"
    summarise(patches, seen, info, site, coast, rule, "模拟真值").write(out / PATCHES_NAME)
