"""The cover map: cover fraction and what was observed, as two rasters on one grid."""

from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox

from documents.errors import InputError

COVER_NAME, OBSERVED_NAME = "cover.tif", "observed.tif"


class Observed(IntEnum):
    """The codes of ``observed.tif``; only CLEAR lets anyone say "no algae"."""

    NO_DATA = 0
    CLEAR = 1
    CLOUD = 2
    SHADOW = 3
    GLINT = 4
    LAND = 5


LABELS_ZH = {
    Observed.NO_DATA: "无数据",
    Observed.CLEAR: "清晰",
    Observed.CLOUD: "云",
    Observed.SHADOW: "云影",
    Observed.GLINT: "耀斑",
    Observed.LAND: "陆地",
}


def raster_profile(grid: GeoBox, dtype: str, nodata: float | None) -> dict[str, object]:
    """Return the rasterio profile of a one-band, tiled, compressed GeoTIFF on ``grid``."""
    return {
        "driver": "GTiff",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": 1,
        "dtype": dtype,
        "crs": rasterio.crs.CRS.from_user_input(str(grid.crs)),
        "transform": grid.transform,
        "nodata": nodata,
        "tiled": True,
        "blockxsize": 512,
        "blockysize": 512,
        "compress": "deflate",
        "predictor": 3 if dtype == "float32" else 2,
        "BIGTIFF": "IF_SAFER",
    }


def read_grid(path: Path) -> GeoBox:
    """Return the grid of the raster at ``path``."""
    try:
        with rasterio.open(path) as source:
            return GeoBox((source.height, source.width), source.transform, source.crs)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(f"{path} is no raster that can be read: {error}.") from error


def read_cover(folder: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8], GeoBox]:
    """Return cover fraction (rows, columns; NaN = not observed or land), observed codes and the grid of ``folder``."""
    grid = read_grid(folder / COVER_NAME)
    with rasterio.open(folder / COVER_NAME) as cover, rasterio.open(folder / OBSERVED_NAME) as observed:
        return cover.read(1), observed.read(1), grid
