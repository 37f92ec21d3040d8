"""One sea at three levels: Rayleigh-corrected pieces as they are, seen from space, or corrected to the surface."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.unet import BANDS
from training.endmembers import WAVELENGTH_NM
from training.simulate.sky import Geometry, to_surface, to_toa

Float = npt.NDArray[np.float32]

LEVEL_SHARES = (0.3, 0.4, 0.3)
"""How often a sample is Rayleigh-corrected, at the top of the atmosphere, at the surface."""

MAX_AOT = 0.25
"""示例: aerosol optical thickness that may be added on the way up, or taken off on the way down."""


@dataclass(frozen=True)
class View:
    """How a Rayleigh-corrected piece is to look."""

    lifted: bool
    lowered: bool
    geometry: Geometry
    aot: float
    calibration: Float
    """(bands,): residual errors of radiometry and correction, near 1."""
    haze: Float
    """(bands,): what the correction left, reflectance."""

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "View":
        """Return one of the three levels under a sun 15–65° from the zenith."""
        level = int(rng.choice(3, p=LEVEL_SHARES))
        azimuths = rng.uniform(0.0, 360.0, 2)
        wavelength = np.array([WAVELENGTH_NM[band] for band in BANDS], np.float32)
        return cls(
            level == 1,
            level == 2,
            Geometry(float(rng.uniform(15, 65)), float(azimuths[0]), float(rng.uniform(0, 11)), float(azimuths[1])),
            float(rng.uniform(0.0, MAX_AOT)) * float(rng.random() < 0.7),
            rng.normal(1.0, 0.015, len(BANDS)).astype(np.float32),
            np.asarray(rng.uniform(-0.004, 0.012) * (wavelength / 550.0) ** -1.2, np.float32),
        )

    def of(self, reflectance: Float) -> Float:
        """Return ``reflectance`` (bands, rows, cols) as this view has it."""
        out = np.empty_like(reflectance)
        for index, band in enumerate(BANDS):
            seen = reflectance[index] * self.calibration[index] + self.haze[index]
            if self.lifted:
                seen = to_toa(seen, band, self.geometry, self.aot)
            elif self.lowered:
                seen = to_surface(to_toa(seen, band, self.geometry, 0.0), band, self.geometry, self.aot)
            out[index] = seen
        return out
