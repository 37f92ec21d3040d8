"""Images as a user hands them in, and detection as a user runs it: a GeoTIFF in, its rasters and patches back."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
from odc.geo.geobox import GeoBox
from shapely.geometry import Polygon, mapping

from detection.detect import detect
from detection.open_scene import open_scene
from documents.cover import read_cover
from documents.geodesy import reproject
from documents.patches import Patch
from documents.scene import Level
from documents.site import Site

Float = npt.NDArray[np.float32]

Progress = Callable[[str, float], None]

BANDS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
"""The bands of 10 and 20 m that look at the surface: what the images made here hold, and what the peers are given."""

SCALE, OFFSET, NODATA = 1e-4, -0.1, 0
"""Numbers of products since baseline 04.00: reflectance = number / 10000 − 0.1, 0 is no data (ESA)."""


@dataclass(frozen=True)
class Found:
    """What detection wrote of one image; arrays (rows, cols)."""

    cover: Float
    """NaN where not observed."""
    patches: tuple[Patch, ...]
    grid: GeoBox

    @property
    def called(self) -> npt.NDArray[np.bool_]:
        """Return where a pixel is called: ``cover`` > 0; NaN is not called."""
        return np.asarray(self.cover > 0)

    def patch_numbers(self) -> npt.NDArray[np.int32]:
        """Return the number of the patch, from 1, that each pixel lies in; 0 outside."""
        outlines = (
            (mapping(reproject(Polygon(rings[0], rings[1:]), 4326, str(self.grid.crs))), number)
            for number, patch in enumerate(self.patches, start=1)
            for rings in patch.polygons
        )
        if not self.patches:
            return np.zeros(self.cover.shape, np.int32)
        return np.asarray(
            rasterio.features.rasterize(
                outlines, out_shape=self.cover.shape, transform=self.grid.transform, dtype="int32"
            )
        )


def find(image: Path, weights: Path, progress: Progress, site: Site | None = None) -> Found:
    """Run detection on the product or GeoTIFF at ``image``."""
    with tempfile.TemporaryDirectory() as temporary, open_scene(image) as scene:
        result = detect(scene, site, Path(temporary), progress, weights)
        cover, _, grid = read_cover(Path(temporary))
    return Found(cover, result.patches, grid)


def write_image(
    path: Path, values: Float, grid: GeoBox, moment: datetime, level: Level, bands: Sequence[str] = BANDS
) -> None:
    """Write reflectance (bands, rows, cols; NaN is no data) as a GeoTIFF in the numbers of a product of ``level``."""
    numbers = np.nan_to_num(np.round((values - OFFSET) / SCALE).clip(1, 65535), nan=NODATA).astype(np.uint16)
    profile = {
        "driver": "GTiff", "count": len(bands), "height": values.shape[1], "width": values.shape[2], "dtype": "uint16",
        "crs": rasterio.crs.CRS.from_user_input(str(grid.crs)), "transform": grid.transform, "nodata": NODATA,
    }  # fmt: skip
    tags = {"datetime": moment.isoformat()}
    if level is not Level.UNKNOWN:
        tags["scene_id"] = f"S2A_MSI{level}_{moment:%Y%m%dT%H%M%S}"
    with rasterio.open(path, "w", **profile) as target:
        target.descriptions = tuple(bands)
        target.scales, target.offsets = (SCALE,) * len(bands), (OFFSET,) * len(bands)
        target.update_tags(**tags)
        target.write(numbers)
