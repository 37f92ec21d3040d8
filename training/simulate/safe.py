"""Writing a simulated product in the layout of a real Sentinel-2 one: a ``.SAFE`` folder of JPEG 2000 and XML."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox

from documents.scene import Level
from training.simulate import sensor
from training.simulate.safe_jp2 import U8, to_grey, to_numbers, write_jp2
from training.simulate.safe_manifest import manifest
from training.simulate.safe_metadata import Facts, datastrip_metadata, product_metadata, tile_metadata
from training.simulate.safe_names import CLASSIFICATION, IMAGES, TRUE_COLOUR, SafeNames
from training.simulate.texture import F32, shrink

Mask = npt.NDArray[np.bool_]

COARSEST_M = 60
"""Pixel size of the coarsest bands and of the classification mask."""

RED_GREEN_BLUE = ("B04", "B03", "B02")


@dataclass(frozen=True)
class SimulatedProduct:
    """What a product of one tile shows."""

    level: Level
    """L1C or L2A."""
    satellite: str
    """``S2A`` or ``S2B``."""
    sensing_time: datetime
    tile: str
    """Name of the tile without the T: ``51SUA``."""
    relative_orbit: int
    grid: GeoBox
    """10 m; rows and columns multiples of 6."""
    reflectance: Callable[[str], F32]
    """From a band's name to its image (rows, cols) at the band's own resolution; NaN where there is no data."""
    cloud: Mask
    """Opaque cloud at 10 m."""
    classification: U8 | None
    """Scene classification at 20 m, for L2A alone."""


def write_safe(
    product: SimulatedProduct,
    out: Path,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
) -> Path:
    """Write ``product`` into ``out`` and return its ``.SAFE`` folder; one of the same name is replaced.

    The folder appears whole: it is written beside its place under a hidden name. Bands are asked for one at a time.

    Raises:
        ValueError: the grid's sizes are not multiples of 6, or an image does not fit the grid.
    """
    if any(size % (COARSEST_M // sensor.FINEST_M) for size in product.grid.shape):
        raise ValueError(f"a grid of {product.grid.shape} is not divisible into pixels of {COARSEST_M} m.")
    names = SafeNames(product.level, product.satellite, product.sensing_time, product.tile, product.relative_orbit)
    folder = out / names.product
    partial = out / f".{names.product}.partial"
    _remove(partial)
    try:
        _write_images(product, names, partial, progress)
        _write_metadata(Facts(names, product.grid, 100.0 * float(product.cloud.mean())), partial)
        _remove(folder)
        partial.rename(folder)
    finally:
        _remove(partial)
    return folder


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_images(
    product: SimulatedProduct, names: SafeNames, folder: Path, progress: Callable[[str, float], None]
) -> None:
    """Write every image of the level and the classification mask; each band is computed once."""
    wanted = IMAGES[product.level]
    bands = [name for name in dict.fromkeys(band for band, _ in wanted) if name in sensor.RESOLUTION_M]
    colour: dict[str, U8] = {}

    def write(image: npt.NDArray[np.uint16] | U8, name: str, resolution: int) -> None:
        path = folder / f"{names.image(name, resolution)}.jp2"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_jp2(image, _grid(product, resolution), path, colour=name == TRUE_COLOUR)

    for done, band in enumerate(bands):
        progress(band, done / len(bands))
        native = product.reflectance(band)
        for _, resolution in (image for image in wanted if image[0] == band):
            step = resolution // sensor.RESOLUTION_M[band]
            numbers = to_numbers(shrink(native, step) if step > 1 else native)
            write(numbers, band, resolution)
            if band in RED_GREEN_BLUE and step == 1:
                colour[band] = to_grey(numbers, product.level)
    progress(TRUE_COLOUR, 1.0)
    write(np.stack([colour.pop(band) for band in RED_GREEN_BLUE]), TRUE_COLOUR, sensor.FINEST_M)
    if product.classification is not None:
        write(product.classification, CLASSIFICATION, 20)
    mask = folder / names.cloud_mask
    mask.parent.mkdir(parents=True, exist_ok=True)
    write_jp2(_classification_mask(product.cloud), _grid(product, COARSEST_M), mask)


def _grid(product: SimulatedProduct, resolution_m: int) -> GeoBox:
    step = resolution_m // sensor.FINEST_M
    return product.grid.zoom_out(step) if step > 1 else product.grid


def _classification_mask(cloud: Mask) -> U8:
    """Return (3, rows, cols) at 60 m: opaque cloud where it fills half of the pixel, and no cirrus, snow or ice."""
    opaque = shrink(cloud.astype(np.float32), COARSEST_M // sensor.FINEST_M) >= 0.5
    mask = np.zeros((3, *opaque.shape), np.uint8)
    mask[0] = opaque
    return mask


def _write_metadata(facts: Facts, folder: Path) -> None:
    names = facts.names
    datastrip = folder / names.datastrip
    datastrip.mkdir(parents=True)
    (folder / names.metadata).write_bytes(product_metadata(facts))
    (folder / names.granule / "MTD_TL.xml").write_bytes(tile_metadata(facts))
    (datastrip / "MTD_DS.xml").write_bytes(datastrip_metadata(facts))
    (folder / "manifest.safe").write_bytes(manifest(facts, folder))
