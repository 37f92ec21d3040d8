"""Water full of silt: the hard negative that looks most like algae, since its near infrared rises with its load.

Red saturates before the near infrared does, so that *within* a turbid river plume a denser streak stands out in the
near infrared as a raft of algae does in clear water. Labelled scenes hold few such plumes, so a
bio-optical law makes them.
"""

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]

SLOPE_G_M3 = np.array([60.0, 105.0, 355.0, 560.0, 1400.0, 2500.0, 2950.0, 60_000.0], np.float32)
SATURATION = np.array([0.11, 0.145, 0.173, 0.19, 0.20, 0.21, 0.212, 0.25], np.float32)
"""A and C of S = A ρ / (1 − ρ / C) for the bands of the segmenter, S in g/m³ (the law of Nechad, Ruddick and Park
2010, Remote Sensing of Environment 114:854). The values are rounded, that of B11 is assumed:
示例, varied in training."""


def silt_reflectance(load_g_m3: Float, slope: Float = SLOPE_G_M3, saturation: Float = SATURATION) -> Float:
    """Return the water-leaving reflectance (bands, …) of suspended matter of ``load_g_m3`` (any shape)."""
    shape = (len(slope), *(1,) * load_g_m3.ndim)
    return np.asarray(load_g_m3 / (slope.reshape(shape) + load_g_m3 / saturation.reshape(shape)), np.float32)


def silt_field(field: Float, rng: np.random.Generator) -> Float:
    """Return the reflectance (bands, rows, cols) of a plume whose load follows ``field`` (mean 0, variance 1)."""
    middle = float(np.exp(rng.uniform(np.log(10.0), np.log(600.0))))
    load = middle * np.exp(float(rng.uniform(0.2, 1.2)) * field)
    vary = rng.lognormal(0.0, 0.15, (2, len(SLOPE_G_M3))).astype(np.float32)
    return silt_reflectance(np.asarray(load, np.float32), SLOPE_G_M3 * vary[0], SATURATION * vary[1])
