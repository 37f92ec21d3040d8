"""The shore of a scene: land, distance to it, and how open to the sea it lies."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
import shapely
from odc.geo.geobox import GeoBox
from shapely.geometry import MultiPoint, mapping

from documents.coast import Coast
from documents.geodesy import reproject
from training.simulate.texture import F32

COARSE = 6
"""10 m pixels along the side of a coarse pixel (60 m)."""

COARSE_M = 60.0

MARGIN_M = 12_000.0
"""How far beyond the scene the coast still counts for distance and shelter."""

SHELTER_M = 2_500.0
"""Standard deviation of the Gaussian over which openness to the sea is averaged. 示例."""

NEAR_M = 400.0
"""Signed distances are kept up to here."""


@dataclass(frozen=True)
class Shore:
    """Land and sea of a grid, without any coast buffer."""

    grid: GeoBox
    land: npt.NDArray[np.bool_]
    """(rows, cols) at 10 m: the pixel's centre lies on land."""
    offshore_m: npt.NDArray[np.float16]
    """(rows, cols) at 10 m: distance to the shoreline, positive at sea, negative on land, held within ± NEAR_M."""
    distance_m: F32
    """(rows, cols) at 60 m: distance to land, 0 on land; land beyond the scene's edge counts."""
    openness: F32
    """(rows, cols) at 60 m: share of sea around, 0–1; bays are low, headlands high."""


def make_shore(coast: Coast, grid: GeoBox) -> Shore:
    """Return the shore of ``grid`` (10 m, size a multiple of 6)."""
    land = _rasterize(coast, (grid.shape[0], grid.shape[1]), grid.transform, grid)
    signed = np.zeros(land.shape, np.float16)
    if land.any() and not land.all():
        sea = land.astype(np.uint8) ^ 1
        signed += np.minimum(cv2.distanceTransform(sea, cv2.DIST_L2, 3) * 10.0, NEAR_M).astype(np.float16)
        signed -= np.minimum(cv2.distanceTransform(1 - sea, cv2.DIST_L2, 3) * 10.0, NEAR_M).astype(np.float16)
    else:
        signed += np.float16(-NEAR_M if land.all() else NEAR_M)
    pad = round(MARGIN_M / COARSE_M)
    rows, cols = (size // COARSE + 2 * pad for size in grid.shape)
    origin = grid.transform * rasterio.Affine.translation(-pad * COARSE, -pad * COARSE) * rasterio.Affine.scale(COARSE)
    wide = _rasterize(coast, (rows, cols), origin, grid)
    inner = np.s_[pad : rows - pad, pad : cols - pad]
    if wide.any():
        distance = cv2.distanceTransform((~wide).astype(np.uint8), cv2.DIST_L2, 5) * np.float32(COARSE_M)
    else:
        distance = np.full(wide.shape, MARGIN_M, np.float32)
    openness = cv2.GaussianBlur((~wide).astype(np.float32), (0, 0), SHELTER_M / COARSE_M)
    return Shore(
        grid, land, signed, np.ascontiguousarray(distance[inner], np.float32), np.ascontiguousarray(openness[inner])
    )


def _rasterize(coast: Coast, shape: tuple[int, int], transform: rasterio.Affine, grid: GeoBox) -> npt.NDArray[np.bool_]:
    """Return land on the raster of ``shape`` and ``transform`` in the reference system of ``grid``."""
    corners = [transform * (c, r) for r in (0, shape[0]) for c in (0, shape[1])]
    window = reproject(MultiPoint(corners), str(grid.crs), 4326).buffer(0.05).envelope
    near = shapely.clip_by_rect(coast.land, *window.bounds)
    if near.is_empty:
        return np.zeros(shape, np.bool_)
    land = mapping(reproject(near, 4326, str(grid.crs)))
    burnt = rasterio.features.rasterize([land], out_shape=shape, transform=transform, dtype="uint8")
    return np.asarray(burnt, np.bool_)
