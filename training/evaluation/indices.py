"""The indices of the peers, on reflectance (bands of :data:`training.evaluation.imagery.BANDS` first)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from detection.indices import fai, ndvi
from training.endmembers import WAVELENGTH_NM
from training.evaluation.imagery import BANDS

Float = npt.NDArray[np.float32]

Index = Callable[[Float], Float]
"""From reflectance (bands, …) to the index (…)."""


def _share(low: str, peak: str, high: str) -> np.float32:
    return np.float32((WAVELENGTH_NM[peak] - WAVELENGTH_NM[low]) / (WAVELENGTH_NM[high] - WAVELENGTH_NM[low]))


def _band(values: Float, name: str) -> Float:
    return np.asarray(values[BANDS.index(name)])


def _ndvi(values: Float) -> Float:
    return ndvi(_band(values, "B04"), _band(values, "B08"))


def _fai(values: Float) -> Float:
    return fai(_band(values, "B04"), _band(values, "B08"), _band(values, "B11"))


def _afai(values: Float) -> Float:
    """Return the height of B06 above the line from B04 to B8A (the bands nearest to 667, 748 and 869 nm)."""
    red, edge, nir = (_band(values, name) for name in ("B04", "B06", "B8A"))
    return edge - (red + (nir - red) * _share("B04", "B06", "B8A"))


def fdi(values: Float) -> Float:
    """Return the floating debris index (Biermann et al. 2020, doi 10.1038/s41598-020-62298-z)."""
    edge, nir, swir = (_band(values, name) for name in ("B06", "B08", "B11"))
    return nir - (edge + np.float32(10.0) * (swir - edge) * _share("B04", "B08", "B11"))


INDICES: Mapping[str, Index] = MappingProxyType({"NDVI": _ndvi, "FAI": _fai, "AFAI": _afai})
