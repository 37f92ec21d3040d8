"""What the instrument does to the scene: pixel size, point spread, resampling, noise.

Sources: native resolutions, reference radiances and signal-to-noise requirements from ESA's Sentinel-2 MSI user guide
(spatial and radiometric resolution); solar irradiance from the metadata of a real Sentinel-2A product
(``Product_Image_Characteristics/Reflectance_Conversion``).
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from training.endmembers import BANDS
from training.simulate.texture import F32, enlarge, shrink

FINEST_M = 10
"""Pixel size of the finest bands in metres; every scene is composed on this grid."""


def _by_band(*values: float) -> Mapping[str, float]:
    return MappingProxyType(dict(zip(BANDS, values, strict=True)))


RESOLUTION_M: Mapping[str, int] = MappingProxyType(
    dict(zip(BANDS, (60, 10, 10, 10, 20, 20, 20, 10, 20, 60, 60, 20, 20), strict=True))
)
"""Native pixel size by band, m."""

REFERENCE_RADIANCE = _by_band(129, 128, 128, 108, 74.5, 68, 67, 103, 52.5, 9, 6, 4, 1.5)
"""Reference radiance, W m⁻² sr⁻¹ µm⁻¹."""

SNR_AT_REFERENCE = _by_band(129, 154, 168, 142, 117, 89, 105, 174, 72, 114, 50, 100, 100)
"""Required signal-to-noise ratio at the reference radiance."""

SOLAR_IRRADIANCE = _by_band(
    1884.69, 1959.72, 1823.24, 1512.06, 1424.64, 1287.61, 1162.08, 1041.63, 955.32, 812.92, 367.15, 245.59, 85.25
)
"""Irradiance of the sun outside the atmosphere at 1 AU, W m⁻² µm⁻¹, Sentinel-2A."""

POINT_SPREAD_SIGMA_PX = 0.55
"""Standard deviation of the optics' point spread in native pixels.

The sampled kernel passes 0.45 of the Nyquist frequency and the pixel's own square 2/π of that: a modulation transfer of
0.28, within the 0.15–0.30 that ESA's mission requirements ask for; the value itself is 示例.
"""

_KERNEL_PX = 5
"""Width of the blur's kernel: ± 2 px, 3.6 σ."""

HALO_PX = _KERNEL_PX // 2
"""Native pixels beyond an edge that the blur looks at."""


def factor(band: str) -> int:
    """Return how many 10 m pixels lie along the side of a pixel of ``band``."""
    return RESOLUTION_M[band] // FINEST_M


def blur(image: F32) -> F32:
    """Return ``image`` (native resolution) spread by the optics; sums are kept but for what crosses the edge."""
    size = (_KERNEL_PX, _KERNEL_PX)
    sigma = POINT_SPREAD_SIGMA_PX
    return np.asarray(cv2.GaussianBlur(image, size, sigma, borderType=cv2.BORDER_REFLECT_101), np.float32)


def observe(fine: F32, band: str) -> F32:
    """Return what ``band`` sees of ``fine`` (rows, columns at 10 m): pixel means at its own resolution, blurred."""
    return blur(shrink(fine, factor(band)) if factor(band) > 1 else fine)


def resample(native: F32, band: str) -> F32:
    """Return an image of ``band`` interpolated bilinearly to 10 m, as a reader does that stacks bands."""
    return enlarge(native, factor(band)) if factor(band) > 1 else native


def reflectance_of(radiance: float, band: str, sun_zenith_deg: float) -> float:
    """Return the top-of-atmosphere reflectance of ``radiance`` (W m⁻² sr⁻¹ µm⁻¹) at 1 AU: π L / (E₀ cos θ)."""
    return math.pi * radiance / (SOLAR_IRRADIANCE[band] * math.cos(math.radians(sun_zenith_deg)))


def noise_sigma(toa: npt.ArrayLike, band: str, sun_zenith_deg: float) -> F32:
    """Return the standard deviation of the noise of top-of-atmosphere reflectance ``toa`` in ``band``.

    It meets the required ratio at the reference radiance and falls with the root of the signal, as photon noise does.
    """
    reference = reflectance_of(REFERENCE_RADIANCE[band], band, sun_zenith_deg)
    signal = np.maximum(np.asarray(toa, np.float32), np.float32(0.0))
    return np.asarray(np.sqrt(signal * np.float32(reference)) / np.float32(SNR_AT_REFERENCE[band]), np.float32)


def add_noise(toa: F32, band: str, sun_zenith_deg: float, rng: np.random.Generator) -> F32:
    """Return ``toa`` (native resolution, top of atmosphere) with the instrument's noise."""
    return toa + noise_sigma(toa, band, sun_zenith_deg) * rng.standard_normal(toa.shape, dtype=np.float32)
