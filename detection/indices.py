"""Spectral indices of floating vegetation, on arrays of reflectance or of its anomaly over water."""

import numpy as np
import numpy.typing as npt

from models.unet import FAI_WEIGHT

Float = npt.NDArray[np.float32]


def fai(red: Float, nir: Float, swir: Float) -> Float:
    """Return the floating algae index (Hu 2009, doi 10.1016/j.rse.2009.05.012) of B04, B08, B11."""
    return nir - (red + (swir - red) * np.float32(FAI_WEIGHT))


def ndvi(red: Float, nir: Float) -> Float:
    """Return (N − R)/(N + R), 0 where the sum is not positive."""
    total = nir + red
    return np.asarray(np.divide(nir - red, total, out=np.zeros_like(total), where=total > 0))
