"""The truth of a simulated scene: cover, what could be observed, and the patches."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox

from documents.cover import COVER_NAME, OBSERVED_NAME, Observed, raster_profile
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
