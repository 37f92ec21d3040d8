"""Simulating a Sentinel-2 product off a site's coast, with the truth beside it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from documents.coast import Coast
from documents.scene import Level, SceneInfo
from documents.site import Site
from training.endmembers import BANDS
from training.simulate.camera import Camera, scene_classification
from training.simulate.extent import PIXEL_M, Extent, scene_grid
from training.simulate.safe import SimulatedProduct, write_safe
from training.simulate.scene import compose
from training.simulate.truth import cloud_mask, true_cover, true_observed, write_patches, write_rasters

SENSING_TIME = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)
"""Default moment: mid-season, at the hour Sentinel-2 passes Rushan (about 10:40 Beijing time)."""

SATELLITE = "S2B"
RELATIVE_ORBIT = 89
"""示例: the orbit whose passes over the Yellow Sea carry times of about 02:35 UTC."""

TRUTH_FOLDER = "truth"


def simulate(
    site: Site,
    coast: Coast,
    seed: int,
    extent: Extent,
    level: Level,
    out: Path,
    sensing_time: datetime | None = None,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
) -> Path:
    """Write the product of ``seed`` into ``out`` and its truth into ``out/truth``; return the ``.SAFE`` folder.

    ``truth`` holds cover.tif, observed.tif and patches.geojson: the fields of the sea before the sensor's point spread
    (see :mod:`training.simulate.truth`). The same arguments give the same bytes.
    """
    tile, grid = scene_grid(extent, site, coast)
    moment = (sensing_time or SENSING_TIME).astimezone(UTC)
    scene = compose(coast, grid, seed, moment, lambda step, share: progress(step, 0.2 * share))
    camera = Camera(scene, level)
    product = SimulatedProduct(
        level=level,
        satellite=SATELLITE,
        sensing_time=moment,
        tile=tile,
        relative_orbit=RELATIVE_ORBIT,
        grid=grid,
        reflectance=camera.reflectance,
        cloud=cloud_mask(scene),
        classification=scene_classification(scene) if level is Level.L2A else None,
    )
    folder = write_safe(product, out, lambda step, share: progress(step, 0.2 + 0.7 * share))
    progress("truth", 0.9)
    observed = true_observed(scene)
    cover = true_cover(scene, observed)
    write_rasters(cover, observed, grid, out / TRUTH_FOLDER)
    info = SceneInfo(
        id=folder.stem,
        sensor=SATELLITE,
        level=level,
        sensing_time=moment,
        bands=tuple(band for band in BANDS if level is not Level.L2A or band != "B10"),
        epsg=site.epsg,
        shape=(grid.shape[0], grid.shape[1]),
        pixel_size_m=float(PIXEL_M),
    )
    write_patches(cover, observed, grid, info, site, coast, out / TRUTH_FOLDER)
    progress("simulated", 1.0)
    return folder
