"""How much of the sea in an image was seen, and what hid the rest."""

from pathlib import Path

import numpy as np
import rasterio

from documents.cover import Observed


def observed_shares(path: Path) -> dict[Observed, float]:
    """Return the share of each code among all but land in the raster at ``path``; all 0 where there is only land."""
    counts = np.zeros(len(Observed), np.int64)
    with rasterio.open(path) as source:
        for _, window in source.block_windows(1):
            counts += np.bincount(source.read(1, window=window).ravel(), minlength=len(Observed))
    sea = int(counts.sum() - counts[Observed.LAND])
    return {code: float(counts[code]) / sea if sea else 0.0 for code in Observed if code is not Observed.LAND}
