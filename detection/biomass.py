"""From the floating algae index of a pixel to wet tonnes, always as low, mid and high."""

import math

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]

SATURATION_FAI = 0.2
SATURATION_KG_M2 = 1.81
"""FAI is linear in wet mass per area up to this point, then thickness no longer shows (Opt. Express 27:18620)."""

RELATIVE_SD = 0.36
"""Total uncertainty of that curve (same source), read as one standard deviation."""

INTERVAL_Z = 1.645
"""The interval low–high holds 90 % of a log-normal error with that standard deviation."""

SATURATED_MAX_KG_M2 = 5.0
"""Named maximum of mass per area where FAI is saturated and the high end is open. 示例."""

_SIGMA = math.sqrt(math.log1p(RELATIVE_SD**2))
LOW_FACTOR = math.exp(-INTERVAL_Z * _SIGMA)
HIGH_FACTOR = math.exp(INTERVAL_Z * _SIGMA)


def density_kg_m2(fai_anomaly: Float) -> tuple[Float, Float, Float]:
    """Return low, mid and high wet mass per area (kg/m²) of pixels with ``fai_anomaly`` above clear water.

    Above saturation low and mid stay on the curve and high is open up to ``SATURATED_MAX_KG_M2``.
    """
    mid = (np.clip(fai_anomaly, 0.0, SATURATION_FAI) * (SATURATION_KG_M2 / SATURATION_FAI)).astype(np.float32)
    high = np.where(fai_anomaly >= SATURATION_FAI, np.float32(SATURATED_MAX_KG_M2), mid * np.float32(HIGH_FACTOR))
    return mid * np.float32(LOW_FACTOR), mid, high.astype(np.float32)
