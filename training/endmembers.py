"""Reflectance of pure surfaces in the bands of Sentinel-2: what a pixel is a linear mixture of.

Every spectrum is a surface reflectance (0–1) by band name, B01 … B12 with B8A, B09 and B10 included. Marks as in the
field's sheet: [V] read in the named source, [C] computed from such, 示例 an editable assumption.

B09 (945 nm) and B10 (1374 nm) lie in water-vapour bands where hardly anything of the surface is seen; no source gives
them, so :func:`_spectrum` takes B09 from B8A and B10 from the line between B8A and B11 (示例).
"""

from collections.abc import Mapping
from types import MappingProxyType

BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
"""All bands of Sentinel-2, in the order of wavelength."""

WAVELENGTH_NM: Mapping[str, float] = MappingProxyType(
    dict(
        zip(
            BANDS,
            (442.7, 492.4, 559.8, 664.6, 704.1, 740.5, 782.8, 832.8, 864.7, 945.1, 1373.5, 1613.7, 2202.4),
            strict=True,
        )
    )
)
"""Centre wavelengths of Sentinel-2A, nm (ESA, Sentinel-2 MSI user guide, spatial resolution)."""

Spectrum = Mapping[str, float]
"""Reflectance (0–1) by band name."""

_MEASURED = tuple(band for band in BANDS if band not in ("B09", "B10"))


def _spectrum(*values: float) -> Spectrum:
    """Return the spectrum of ``values`` in the eleven bands without B09 and B10, which are filled in (see above)."""
    known = dict(zip(_MEASURED, values, strict=True))
    near, swir = known["B8A"], known["B11"]
    share = (WAVELENGTH_NM["B10"] - WAVELENGTH_NM["B8A"]) / (WAVELENGTH_NM["B11"] - WAVELENGTH_NM["B8A"])
    return MappingProxyType({**known, "B09": near, "B10": near + share * (swir - near)})


def _extrapolate(mixed: Spectrum, background: Spectrum, fraction: float) -> Spectrum:
    """Return the pure spectrum S of which ``mixed`` = fraction × S + (1 − fraction) × ``background``."""
    return MappingProxyType({b: max((mixed[b] - (1.0 - fraction) * background[b]) / fraction, 0.0) for b in BANDS})


def floating_index(spectrum: Spectrum, low: str, peak: str, high: str) -> float:
    """Return the height of band ``peak`` above the line from ``low`` to ``high``.

    FAI is that of B08 over B04 and B11, AFAI that of B06 over B04 and B8A: Hu 2009, doi 10.1016/j.rse.2009.05.012.
    """
    share = (WAVELENGTH_NM[peak] - WAVELENGTH_NM[low]) / (WAVELENGTH_NM[high] - WAVELENGTH_NM[low])
    return spectrum[peak] - (spectrum[low] + share * (spectrum[high] - spectrum[low]))


# Water ---------------------------------------------------------------------------------------------------------------

CLEAR_WATER = _spectrum(0.032, 0.028, 0.018, 0.012, 0.010, 0.010, 0.011, 0.009, 0.010, 0.006, 0.004)
"""[C] Median of the 18,106 pixels of class 7 (marine water) of MARIDA, doi 10.5281/zenodo.5151941; as all medians
of that set here without the scene S2_14-9-18_16PCC, which is held out of everything the segmenter learns from."""

TURBID_WATER = _spectrum(0.055, 0.065, 0.079, 0.046, 0.033, 0.018, 0.019, 0.016, 0.016, 0.008, 0.006)
"""[C] Median of class 10 (turbid water) in MARIDA."""

SILTY_WATER = _spectrum(0.077, 0.085, 0.104, 0.128, 0.111, 0.072, 0.082, 0.064, 0.062, 0.026, 0.019)
"""[C] Median of class 8 (sediment-laden water) in MARIDA."""

# Floating algae ------------------------------------------------------------------------------------------------------

ULVA = _spectrum(0.009, 0.019, 0.070, 0.017, 0.131, 0.423, 0.506, 0.515, 0.518, 0.060, 0.030)
"""A pixel fully covered by *Ulva*: B01–B8A are a measured spectrum convolved with the response of Sentinel-2A [C].

B11 and B12 were not measured: 0.06 and 0.03 are 示例. Wet thalli hold a film of water, which absorbs there, so the
ratio to B08 (0.12) is taken from floating *Sargassum* at sea (MARIDA class 2: 0.016 / 0.133 [C]).
"""

_SARGASSUM_MIXED = _spectrum(0.096, 0.065, 0.093, 0.076, 0.164, 0.184, 0.202, 0.225, 0.197, 0.066, 0.047)
"""[C] Median of the 674 pixels of class Sf (floating *Sargassum*) of intanika/SargassumSensing: mixed pixels."""

_SARGASSUM_WATER = _spectrum(0.068, 0.070, 0.061, 0.054, 0.058, 0.053, 0.054, 0.048, 0.052, 0.050, 0.045)
"""[C] Median of the 655 pixels of class Wd (deep water) of the same set, seen through the same atmosphere."""

SARGASSUM_AFAI_PER_COVER = 0.08
"""ΔAFAI of a pixel fully covered by *Sargassum*, linear in cover (Descloitres et al. 2021) [V]."""


def _afai(spectrum: Spectrum) -> float:
    return floating_index(spectrum, "B04", "B06", "B8A")


SARGASSUM_MIXED_COVER = (_afai(_SARGASSUM_MIXED) - _afai(_SARGASSUM_WATER)) / SARGASSUM_AFAI_PER_COVER
"""Cover fraction of the mixed median by that scale: AFAI is linear in reflectance,
so f = (AFAI(M) − AFAI(W)) / 0.08."""

_SARGASSUM_SEEN = _extrapolate(_SARGASSUM_MIXED, _SARGASSUM_WATER, SARGASSUM_MIXED_COVER)

SARGASSUM: Spectrum = MappingProxyType(
    {b: max(_SARGASSUM_SEEN[b] - (_SARGASSUM_WATER[b] - CLEAR_WATER[b]), 0.0) for b in BANDS}
)
"""A pixel fully covered by floating *Sargassum* [C].

The mixed median M is extrapolated with the deep water W of the same set to full cover, S = (M − (1 − f) W) / f, so that
AFAI(S) − AFAI(W) = 0.08; the haze that the set still holds (W is 0.05 even in the SWIR) is then taken off as the
difference between W and clear water, which leaves that step in AFAI as it is.
"""

# Other bright or dark things at sea ----------------------------------------------------------------------------------

_FOAM_MIXED = _spectrum(0.062, 0.110, 0.123, 0.114, 0.086, 0.076, 0.083, 0.081, 0.081, 0.030, 0.012)
"""[C] Median of class 9 (foam) in MARIDA: mixed pixels."""

FRESH_FOAM_RED = 0.55
"""Reflectance of fresh, dense foam in the visible (Koepke 1984, Applied Optics 23:1816)."""

_FOAM_COVER = (_FOAM_MIXED["B04"] - CLEAR_WATER["B04"]) / (FRESH_FOAM_RED - CLEAR_WATER["B04"])

FOAM = _extrapolate(_FOAM_MIXED, CLEAR_WATER, _FOAM_COVER)
"""A pixel full of fresh foam: MARIDA's median extrapolated until its red reflectance is Koepke's [C]."""

SHIP = _spectrum(0.30, 0.32, 0.33, 0.34, 0.34, 0.34, 0.34, 0.34, 0.34, 0.30, 0.26)
"""示例: painted metal, bright and nearly grey; MARIDA's ship pixels (class 5) are mixtures of the like with water."""

RAFT = _spectrum(0.025, 0.022, 0.024, 0.022, 0.028, 0.048, 0.052, 0.055, 0.056, 0.020, 0.012)
"""示例: ropes and floats of oyster and laver rafts: darker than turbid water, with a weak rise in the near infrared."""

# Land ----------------------------------------------------------------------------------------------------------------

FOREST = _spectrum(0.025, 0.028, 0.052, 0.032, 0.075, 0.230, 0.300, 0.320, 0.340, 0.165, 0.075)
"""示例: broad-leaved hills in June."""

CROP = _spectrum(0.040, 0.048, 0.080, 0.062, 0.115, 0.245, 0.295, 0.310, 0.325, 0.215, 0.120)
"""示例: maize, groundnut and orchards in June, soil showing between the rows."""

SOIL = _spectrum(0.078, 0.099, 0.151, 0.209, 0.235, 0.242, 0.256, 0.249, 0.258, 0.387, 0.343)
"""[C] Median of the 537 pixels of class Ls (soil) of intanika/SargassumSensing."""

SAND = _spectrum(0.150, 0.200, 0.250, 0.290, 0.305, 0.310, 0.325, 0.340, 0.350, 0.370, 0.300)
"""示例: quartz beach; the carbonate beaches of intanika/SargassumSensing (class Lb) are brighter (0.43 in red)."""

BUILT = _spectrum(0.110, 0.125, 0.140, 0.150, 0.158, 0.168, 0.178, 0.190, 0.195, 0.215, 0.195)
"""示例: roofs, streets and yards of a town."""

POND = _spectrum(0.045, 0.050, 0.062, 0.045, 0.040, 0.026, 0.026, 0.022, 0.022, 0.010, 0.007)
"""示例: a shrimp or sea-cucumber pond behind the dyke: a mixture of clear and turbid water."""

# Above ---------------------------------------------------------------------------------------------------------------

CLOUD = MappingProxyType(
    {
        **_spectrum(0.68, 0.68, 0.67, 0.68, 0.70, 0.71, 0.72, 0.72, 0.72, 0.52, 0.38),
        "B09": 0.45,
        "B10": 0.012,
    }
)
"""示例, at the top of the atmosphere: a thick, low water cloud; vapour above it dims B09 and hides it in B10."""
