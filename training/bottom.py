"""Shallow water: the bottom shines through, green most, and what grows on it looks a little like algae afloat."""

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]

ATTENUATION_PER_M = np.array([0.03, 0.07, 0.44, 0.72, 2.5, 3.0, 4.7, 600.0], np.float32)
"""Absorption of pure water at the bands of the segmenter, per metre, with a little of what is dissolved: Pope and Fry
1997 (doi 10.1364/AO.36.008710) to 700 nm, Kou, Labrie and Chylek 1993 (doi 10.1364/AO.32.003531) beyond; rounded,
示例."""

PATHS = 2.2
"""Light goes down and comes back up, both aslant. 示例."""


def seen_through(bottom: Float, water: Float, depth_m: Float) -> Float:
    """Return reflectance (bands, rows, cols) of ``bottom`` (bands,) under ``depth_m`` (rows, cols) of ``water``.

    The shallow-water form of Maritorena, Morel and Gentili 1994 (doi 10.4319/lo.1994.39.7.1689).
    """
    left = np.exp(-PATHS * ATTENUATION_PER_M[:, None, None] * depth_m[None])
    return np.asarray(water + (bottom[:, None, None] - water) * left, np.float32)
