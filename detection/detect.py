"""Detection, whole: a scene in; cover map, observed map and patches out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
from rasterio.windows import Window
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from detection.context import look_around
from detection.distribution import area_km2, envelope
from detection.scene import Scene
from detection.segment import CoverMap, segment
from detection.vectorise import components, drop_specks, make_patch
from documents.coast import Coast
from documents.cover import COVER_NAME, OBSERVED_NAME, Observed, raster_profile
from documents.errors import InputError
from documents.geodesy import reproject
from documents.patches import Biomass, Patch, Patches
from documents.scene import SceneInfo
from documents.site import Site, site_coast
from models.unet import NEEDED, OPTIONAL
from models.weights import DEFAULT, load_weights

PATCHES_NAME = "patches.geojson"

WRITE_ROWS = 512


def detect(
    scene: Scene, site: Site | None, out: Path, progress: Callable[[str, float], None], weights: Path = DEFAULT
) -> Patches:
    """Detect floating algae in ``scene`` and write cover.tif, observed.tif and patches.geojson into ``out``.

    Without a site, land comes from the scene alone and no waters are anybody's own. Raise InputError when the scene
    lacks a band or a time, or the weights do not load.
    """
    missing = [band for band in NEEDED if band not in scene.info.bands]
    if missing:
        raise InputError(f"{scene.info.id} lacks {', '.join(missing)}; detection needs {', '.join(NEEDED)}.")
    if scene.info.sensing_time is None:
        raise InputError(f"{scene.info.id} does not say when it was taken; set its tag datetime (ISO 8601, UTC).")
    try:
        trained = load_weights(weights)
    except ValueError as error:
        raise InputError(f"{error}.") from error
    coast = site_coast(site) if site is not None else None
    progress("looking around", 0.0)
    context = look_around(scene, site, coast)
    cover = segment(scene, context, trained, progress)
    kept = components(cover)
    drop_specks(cover, kept)
    patches = [make_patch(component, cover, site, scene.info.sensing_time) for component in kept]
    network = f"{trained.name} sha256:{trained.sha256}"
    result = summarise(patches, cover, scene.info, site, coast, context.land_rule, network)
    write_rasters(cover.cover, cover.observed, cover, out)
    result.write(out / PATCHES_NAME)
    progress("detected", 1.0)
    return result


def summarise(
    patches: Sequence[Patch],
    cover: CoverMap,
    info: SceneInfo,
    site: Site | None,
    coast: Coast | None,
    land_rule: str,
    network: str,
) -> Patches:
    """Return the document of all ``patches`` with the totals of the scene and of the site's own waters."""
    assert info.sensing_time is not None
    own = [patch for patch in patches if patch.in_own_waters]
    crs = str(cover.grid.crs)
    sea = envelope(patches, site.distribution, crs, coast) if site is not None else None
    return Patches(
        site_id=site.id if site is not None else "no-site",
        sensing_time=info.sensing_time,
        scenes=(info,),
        patches=tuple(patches),
        coverage_area_km2=round(sum(patch.coverage_area_km2 for patch in patches), 6),
        own_coverage_area_km2=round(sum(patch.coverage_area_km2 for patch in own), 6),
        distribution_area_km2=0.0 if sea is None else round(area_km2(sea), 3),
        own_distribution_area_km2=_area_inside(sea, site, own=True),
        near_shore_distribution_area_km2=_area_inside(sea, site, own=False),
        distribution_rule=(
            f"各斑块外扩 {site.distribution.radius_km:g} km 合并后内缩同样距离并扣除陆地（{site.distribution.source}）"
            if site is not None
            else "未给出站点，未计"
        ),
        biomass=Biomass(
            low_t=round(sum(patch.biomass.low_t for patch in patches), 1),
            mid_t=round(sum(patch.biomass.mid_t for patch in patches), 1),
            high_t=round(sum(patch.biomass.high_t for patch in patches), 1),
        ),
        observed_share=_own_share(cover, site, coast),
        clear_share=_share(cover.observed),
        land_rule=land_rule,
        lacking_bands=tuple(band for band in OPTIONAL if band not in info.bands),
        network=network,
    )


def _area_inside(sea: BaseGeometry | None, site: Site | None, *, own: bool) -> float:
    if sea is None or site is None:
        return 0.0
    waters = site.own_waters_polygon() if own else site.near_shore_polygon()
    return round(area_km2(waters.intersection(sea)), 3)


def _share(observed: npt.NDArray[np.uint8]) -> float:
    """Return clear ÷ (all but land); 0 where there is nothing but land."""
    counts = np.bincount(observed.ravel(), minlength=len(Observed))
    sea = int(counts.sum() - counts[Observed.LAND])
    return round(int(counts[Observed.CLEAR]) / sea, 4) if sea else 0.0


def _own_share(cover: CoverMap, site: Site | None, coast: Coast | None) -> float | None:
    """Return the observed share of the site's own waters; what of them lies outside the scene was not observed."""
    if site is None or coast is None:
        return None
    crs = str(cover.grid.crs)
    waters = reproject(site.own_waters_polygon(), 4326, crs)
    if not waters.intersects(cover.grid.extent.geom):
        return None
    inside = rasterio.features.rasterize(
        [mapping(waters)], out_shape=cover.observed.shape, transform=cover.grid.transform, dtype="uint8"
    ).astype(bool)
    counts = np.bincount(cover.observed[inside], minlength=len(Observed))
    pixel = abs(cover.grid.transform.determinant)
    open_sea = reproject(site.own_waters_polygon().difference(coast.land), 4326, crs)
    unseen = open_sea.difference(cover.grid.extent.geom).area / pixel
    sea = int(counts.sum() - counts[Observed.LAND]) + unseen
    return round(int(counts[Observed.CLEAR]) / sea, 4) if sea else None


def write_rasters(
    cover: npt.NDArray[np.float32], observed: npt.NDArray[np.uint8], grid_of: CoverMap, out: Path
) -> None:
    """Write ``cover.tif`` and ``observed.tif`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    for name, data, dtype, nodata in (
        (COVER_NAME, cover, "float32", float("nan")),
        (OBSERVED_NAME, observed, "uint8", None),
    ):
        profile = raster_profile(grid_of.grid, dtype, nodata)
        with rasterio.open(out / name, "w", **profile) as target:
            for top in range(0, data.shape[0], WRITE_ROWS):
                height = min(WRITE_ROWS, data.shape[0] - top)
                target.write(data[top : top + height], 1, window=Window(0, top, data.shape[1], height))
