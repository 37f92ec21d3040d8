"""Sun, view and clear sky: from surface reflectance to the top of the atmosphere and back.

The forms are those of a plane, uniform atmosphere over a Lambertian surface (Vermote et al. 1997, doi
10.1109/36.581987): ρ_toa = T_g · (ρ_a + T ρ_s / (1 − S ρ_s)), with single scattering for the path. They are exact in
neither term but smooth, invertible and near enough for a scene that only has to look like one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from training.endmembers import BANDS, WAVELENGTH_NM
from training.simulate.texture import F32

GAS_TRANSMITTANCE: Mapping[str, float] = MappingProxyType(
    dict(
        zip(
            BANDS,
            (0.995, 0.985, 0.935, 0.965, 0.960, 0.955, 0.975, 0.955, 0.990, 0.300, 0.002, 0.960, 0.940),
            strict=True,
        )
    )
)
"""示例: two-way transmittance of ozone, oxygen and water vapour on a summer day; B09 and B10 lie in vapour bands."""

ANGSTROM_EXPONENT = 1.2
"""示例: fall of aerosol optical thickness with wavelength for a continental-marine mixture."""

AEROSOL_ALBEDO = 0.95
"""示例: single-scattering albedo of that mixture."""

AEROSOL_ASYMMETRY = 0.68
"""示例: its asymmetry in Henyey and Greenstein's phase function."""


@dataclass(frozen=True)
class Geometry:
    """Where sun and satellite stand, in degrees; azimuths clockwise from north."""

    sun_zenith: float
    sun_azimuth: float
    view_zenith: float
    view_azimuth: float


@dataclass(frozen=True)
class ClearSky:
    """The atmosphere of one band and geometry."""

    path: float
    """Reflectance of the air itself."""
    transmittance: float
    """Down and up, direct and diffuse, without gases."""
    direct_share: float
    """Part of the light on the ground that comes straight from the sun: what a cloud's shadow takes away."""
    albedo: float
    """Of the air, seen from below."""
    gas: float


def sun_position(moment: datetime, lon: float, lat: float) -> tuple[float, float]:
    """Return the sun's zenith and azimuth in degrees at ``moment``, to about 0.3° (Spencer 1971, Search 2(5):172)."""
    utc = moment.astimezone(UTC)
    hours = utc.hour + utc.minute / 60.0 + utc.second / 3600.0
    year = 2.0 * math.pi / 365.0 * (utc.timetuple().tm_yday - 1 + (hours - 12.0) / 24.0)
    declination = (
        0.006918
        - 0.399912 * math.cos(year)
        + 0.070257 * math.sin(year)
        - 0.006758 * math.cos(2 * year)
        + 0.000907 * math.sin(2 * year)
        - 0.002697 * math.cos(3 * year)
        + 0.00148 * math.sin(3 * year)
    )
    equation_of_time_h = (229.18 / 60.0) * (
        0.000075
        + 0.001868 * math.cos(year)
        - 0.032077 * math.sin(year)
        - 0.014615 * math.cos(2 * year)
        - 0.040849 * math.sin(2 * year)
    )
    hour_angle = math.radians(15.0 * (hours + equation_of_time_h + lon / 15.0 - 12.0))
    phi = math.radians(lat)
    up = math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.cos(hour_angle)
    east = -math.cos(declination) * math.sin(hour_angle)
    north = math.cos(phi) * math.sin(declination) - math.sin(phi) * math.cos(declination) * math.cos(hour_angle)
    return math.degrees(math.acos(max(-1.0, min(1.0, up)))), math.degrees(math.atan2(east, north)) % 360.0


@lru_cache(maxsize=256)
def clear_sky(band: str, geometry: Geometry, aot: float) -> ClearSky:
    """Return the atmosphere of ``band`` for an aerosol optical thickness ``aot`` at 550 nm.

    Rayleigh: optical thickness by Hansen and Travis 1974 (doi 10.1007/BF00168069); diffuse transmittance
    exp(−τ/2μ) by Gordon et al. 1983 (doi 10.1364/AO.22.000020), for aerosol with its forward scattering added.
    """
    micron = WAVELENGTH_NM[band] / 1000.0
    rayleigh = 0.008569 * micron**-4 * (1.0 + 0.0113 * micron**-2 + 0.00013 * micron**-4)
    aerosol = aot * (micron / 0.55) ** -ANGSTROM_EXPONENT
    mu_s, mu_v = (math.cos(math.radians(z)) for z in (geometry.sun_zenith, geometry.view_zenith))
    relative = math.radians(geometry.sun_azimuth - geometry.view_azimuth)
    cos_scattering = -mu_s * mu_v - math.sqrt((1 - mu_s**2) * (1 - mu_v**2)) * math.cos(relative)
    rayleigh_phase = 0.75 * (1.0 + cos_scattering**2)
    g = AEROSOL_ASYMMETRY
    aerosol_phase = (1.0 - g * g) / (1.0 + g * g - 2.0 * g * cos_scattering) ** 1.5
    path = (rayleigh * rayleigh_phase + AEROSOL_ALBEDO * aerosol * aerosol_phase) / (4.0 * mu_s * mu_v)
    lost = rayleigh / 2.0 + aerosol * (1.0 - AEROSOL_ALBEDO * (1.0 + g) / 2.0)
    down, up = math.exp(-lost / mu_s), math.exp(-lost / mu_v)
    direct = math.exp(-(rayleigh + aerosol) / mu_s)
    albedo = 0.92 * rayleigh * math.exp(-rayleigh) + (1.0 - g) / 2.0 * aerosol
    return ClearSky(path, down * up, direct / down, albedo, GAS_TRANSMITTANCE[band])


def to_toa(surface: F32, band: str, geometry: Geometry, aot: float) -> F32:
    """Return top-of-atmosphere reflectance of ``surface`` reflectance; with ``aot`` 0 only the Rayleigh part is added.

    A Rayleigh-corrected image still holds its own aerosol: lift it with ``aot`` 0.
    """
    sky = clear_sky(band, geometry, aot)
    return np.asarray(sky.gas * (sky.path + sky.transmittance * surface / (1.0 - sky.albedo * surface)), np.float32)


def to_surface(toa: F32, band: str, geometry: Geometry, aot: float) -> F32:
    """Return the surface reflectance of ``toa``: the inverse of :func:`to_toa`."""
    sky = clear_sky(band, geometry, aot)
    reduced = (toa / sky.gas - sky.path) / sky.transmittance
    return np.asarray(reduced / (1.0 + sky.albedo * reduced), np.float32)
