"""The real labelled patches of MARIDA (Kikaki et al. 2022, doi 10.5281/zenodo.5151941, CC-BY-4.0), scene by scene.

Labels are sparse: a pixel without a label is unknown, not negative. Splits go by scene, never by patch.
"""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.windows import Window

from detection.cloud import cloud_mask
from detection.coarse import CoarseBands, wet
from detection.context import FACTOR, NIR
from detection.land import land_from_scene
from detection.masks import dense_algae
from detection.water import CELL, background_window, water_background
from documents.errors import InputError
from models.unet import BANDS

Float = npt.NDArray[np.float32]


class Label(IntEnum):
    """The classes of the data set; 0 is "not labelled"."""

    NONE = 0
    DEBRIS = 1
    DENSE_SARGASSUM = 2
    SPARSE_SARGASSUM = 3
    NATURAL_ORGANIC = 4
    SHIP = 5
    CLOUD = 6
    MARINE_WATER = 7
    SEDIMENT = 8
    FOAM = 9
    TURBID = 10
    SHALLOW = 11
    WAVES = 12
    CLOUD_SHADOW = 13
    WAKES = 14
    MIXED_WATER = 15


ALGAE = (Label.DENSE_SARGASSUM, Label.SPARSE_SARGASSUM)


@dataclass(frozen=True)
class LabelledPatch:
    """One patch of 256 × 256 pixels: reflectance (bands, rows, cols) and labels (rows, cols)."""

    scene: str
    reflectance: Float
    labels: npt.NDArray[np.uint8]

    @property
    def algae(self) -> npt.NDArray[np.bool_]:
        """Return where Sargassum is labelled."""
        return np.isin(self.labels, ALGAE)


def scenes(folder: Path) -> list[str]:
    """Return the names of the scenes in ``folder``; raise InputError when there are none."""
    found = sorted(path.name for path in folder.glob("S2_*") if path.is_dir())
    if not found:
        raise InputError(f"{folder} holds no MARIDA scenes (folders S2_…); give their folder with --marida.")
    return found


def read_scene(folder: Path, scene: str) -> list[LabelledPatch]:
    """Return the patches of ``scene``, in order of file name."""
    patches = []
    for path in sorted((folder / scene).glob("*.tif")):
        if path.stem.endswith("_cl"):
            continue
        with rasterio.open(path) as source, rasterio.open(path.with_name(f"{path.stem}_cl.tif")) as labels:
            indexes = [source.descriptions.index(band) + 1 for band in BANDS]
            scale = np.float32(source.scales[0])
            reflectance = source.read(indexes).astype(np.float32) * scale
            patches.append(LabelledPatch(scene, reflectance, labels.read(1).astype(np.uint8)))
    return patches


def background_of(reflectance: Float) -> Float:
    """Return the clear-water background (bands, rows, cols) as detection computes it, for an array by itself."""
    coarse = np.stack([_shrink(band) for band in reflectance])
    values = dict(zip(BANDS, coarse, strict=True))
    bands = CoarseBands(values["B02"], values["B03"], values["B04"], values["B08"], values["B11"], 10.0 * FACTOR)
    cloud = cloud_mask(bands, None)
    water = wet(bands) & ~(cloud | land_from_scene(bands, cloud) | dense_algae(bands))
    cells = water_background(coarse, water, NIR)
    return background_window(cells, 0, 0, reflectance.shape[1:], CELL * FACTOR)


def _shrink(band: Float) -> Float:
    rows, cols = band.shape
    size = (cols // FACTOR, rows // FACTOR)
    return np.asarray(cv2.resize(band, size, interpolation=cv2.INTER_AREA), np.float32)


def write_mosaic(folder: Path, scene: str, out: Path) -> tuple[Path, npt.NDArray[np.uint8]]:
    """Write the patches of ``scene`` as one GeoTIFF into ``out``; return its path and the labels on its grid."""
    paths = [path for path in sorted((folder / scene).glob("*.tif")) if not path.stem.endswith("_cl")]
    with rasterio.open(paths[0]) as first:
        profile, names = first.profile, first.descriptions
        scales, offsets, tags = first.scales, first.offsets, first.tags()
    bounds = [_bounds(path) for path in paths]
    left, bottom = min(b.left for b in bounds), min(b.bottom for b in bounds)
    right, top = max(b.right for b in bounds), max(b.top for b in bounds)
    pixel = profile["transform"].a
    shape = (round((top - bottom) / pixel), round((right - left) / pixel))
    transform = rasterio.transform.from_origin(left, top, pixel, pixel)
    profile.update(height=shape[0], width=shape[1], transform=transform, tiled=True, blockxsize=256, blockysize=256)
    labels = np.zeros(shape, np.uint8)
    target = out / f"{scene}.tif"
    with rasterio.open(target, "w", **profile, SPARSE_OK=True) as mosaic:
        mosaic.descriptions, mosaic.scales, mosaic.offsets = names, scales, offsets
        mosaic.update_tags(datetime=f"{tags['ACQUISITION_DATE']}T16:00:00Z", **tags)
        for path, box in zip(paths, bounds, strict=True):
            with rasterio.open(path) as source, rasterio.open(path.with_name(f"{path.stem}_cl.tif")) as classes:
                row, col = round((top - box.top) / pixel), round((box.left - left) / pixel)
                mosaic.write(source.read(), window=Window(col, row, source.width, source.height))
                labels[row : row + source.height, col : col + source.width] = classes.read(1)
    return target, labels


def _bounds(path: Path) -> rasterio.coords.BoundingBox:
    with rasterio.open(path) as source:
        return source.bounds
