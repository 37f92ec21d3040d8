"""Images of a Sentinel-2 product: digital numbers, true colour, and lossless JPEG 2000."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.enums import ColorInterp

from documents.scene import Level
from training.simulate.texture import F32

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]

QUANTIFICATION = 10_000
"""Digital numbers a unit of reflectance."""

ADD_OFFSET = -1_000
"""Added to a digital number before it is divided by QUANTIFICATION (processing baseline 04.00 and later)."""

NO_DATA, LOWEST, HIGHEST = 0, 1, 65_535
"""No data, and the range of the rest; the metadata call HIGHEST saturated."""

TRUE_COLOUR_SATURATION = {Level.L1C: 0.3558, Level.L2A: 0.2}
"""Reflectance shown as 255 (ESA, Sentinel-2 MSI user guide, definitions: true colour image); 0 is kept for no data."""

STRIP = 1_024
"""Rows converted at a time: bounds the memory beyond the image itself."""

BLOCK = 1_024
"""Side of the JPEG 2000 tiles, px."""


def to_numbers(reflectance: F32) -> U16:
    """Return the digital numbers of ``reflectance`` (rows, cols): NaN becomes NO_DATA."""
    numbers = np.empty(reflectance.shape, np.uint16)
    for top in range(0, len(numbers), STRIP):
        part = reflectance[top : top + STRIP].astype(np.float64)
        scaled = np.clip(np.rint(part * QUANTIFICATION) - ADD_OFFSET, LOWEST, HIGHEST)
        numbers[top : top + STRIP] = np.where(np.isnan(part), NO_DATA, scaled)
    return numbers


def to_grey(numbers: U16, level: Level) -> U8:
    """Return digital numbers as one channel of the true colour image: 1–255, 0 where there is no data."""
    index = np.arange(HIGHEST + 1)
    share = (index + ADD_OFFSET) / QUANTIFICATION / TRUE_COLOUR_SATURATION[level]
    table = np.clip(np.rint(share * 255.0), 1, 255).astype(np.uint8)
    table[NO_DATA] = 0
    return np.asarray(table[numbers])


def write_jp2(image: U16 | U8, grid: GeoBox, path: Path, *, colour: bool = False) -> None:
    """Write ``image`` (rows, cols or bands, rows, cols) on ``grid`` to ``path`` without loss.

    ``colour`` marks its three bands as red, green and blue.

    Raises:
        ValueError: the image is not of the grid's shape.
    """
    bands = image if image.ndim == 3 else image[None]
    if bands.shape[1:] != grid.shape:
        raise ValueError(f"{path.name}: an image of shape {bands.shape[1:]} does not fit a grid of {grid.shape}.")
    rows, cols = grid.shape
    with rasterio.open(
        path,
        "w",
        driver="JP2OpenJPEG",
        height=rows,
        width=cols,
        count=len(bands),
        dtype=bands.dtype,
        crs=str(grid.crs),
        transform=grid.transform,
        QUALITY="100",
        REVERSIBLE="YES",
        BLOCKXSIZE=min(BLOCK, cols),
        BLOCKYSIZE=min(BLOCK, rows),
    ) as target:
        if colour:
            target.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        target.write(bands)
