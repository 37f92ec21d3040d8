"""From the floating algae index to wet tonnes, always as low, mid and high."""

import math

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.floating]

SATURATION_FAI = 0.2
SATURATION_KG_M2 = 1.81
"""FAI is linear in wet mass per area up to this point, then thickness no longer shows (Opt. Express 27:18620)."""

RELATIVE_SD = 0.36
"""Total uncertainty of that curve (same source), read as one standard deviation."""

WATER_SD = 0.004
"""Standard deviation of the error of a patch's mean FAI anomaly: by so much the clear water under it may differ from
that around it. Mixtures of known cover into real water gave 0.002–0.008; it matters where cover is thin."""

WATER_MAX = 0.5
"""The most that this error counts relative to a patch's index. 示例."""

INTERVAL_Z = 1.645
"""The interval low–high holds 90 % of a log-normal error."""

SATURATED_MAX_KG_M2 = 5.0
"""Named maximum of mass per area where FAI is saturated and the high end is open. 示例."""


def density_kg_m2(fai_anomaly: Float) -> Float:
    """Return wet mass per area (kg/m²) on the curve, of pixels with ``fai_anomaly`` above clear water."""
    return np.clip(fai_anomaly, 0.0, SATURATION_FAI) * (SATURATION_KG_M2 / SATURATION_FAI)


def wet_mass_t(fai_anomaly: Float, area_m2: Float) -> tuple[float, float, float]:
    """Return low, mid and high tonnes of one patch of pixels with ``fai_anomaly`` above water and ``area_m2`` (n,).

    All its pixels err together: the curve's error is that of this bloom, the water's that of this place. Beyond
    saturation low and mid stay on the curve and high is open up to ``SATURATED_MAX_KG_M2``.
    """
    mass = density_kg_m2(fai_anomaly) * area_m2 / 1000.0
    mid = float(mass.sum())
    index = float((np.maximum(fai_anomaly, 0.0) * area_m2).sum() / area_m2.sum())
    water = min(WATER_SD / index, WATER_MAX) if index > 0 else WATER_MAX
    factor = math.exp(INTERVAL_Z * math.sqrt(math.log1p(RELATIVE_SD**2) + water**2))
    saturated = fai_anomaly >= SATURATION_FAI
    open_end = float(area_m2[saturated].sum()) * SATURATED_MAX_KG_M2 / 1000.0
    high = float(mass[~saturated].sum()) * factor + max(open_end, float(mass[saturated].sum()) * factor)
    return mid / factor, mid, high
