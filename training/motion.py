"""What moves, or flies, is seen by each band in another place: the bands look one after the other.

A cloud's top is displaced along the track by its height, a ship or a wave by its speed. Along their edges the bands
disagree, which looks like a red edge where there is none.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]

DELAY_S: Mapping[str, float] = MappingProxyType(
    {"B02": 0.0, "B08": 0.264, "B03": 0.527, "B04": 1.005, "B05": 1.269, "B11": 1.468, "B06": 1.525, "B8A": 2.055}
)
"""Time of each band after B02, s: the fixed values of ESA's handbook, within 2 % everywhere (Binet, Bergsma and Poulain
2022, ISPRS Annals V-1-2022:57)."""

PARALLAX_PER_S = 6_700.0 / 786_000.0
"""How far a thing moves along the track for each metre of its height in a second: ground speed by orbit height of
Sentinel-2 (ESA). For a cloud at 2 km it gives 1.7 pixels between B02 and B04; above 1.1 is seen (Skakun et al. 2018,
doi 10.1109/LGRS.2017.2766448)."""

PIXEL_M = 10.0


@dataclass(frozen=True)
class Motion:
    """Apparent velocity in pixels of 10 m a second, down the rows and along the columns."""

    down: float
    right: float

    @classmethod
    def of_ship(cls, heading_rad: float, speed_m_s: float) -> "Motion":
        """Return the motion of what goes at ``speed_m_s``; heading clockwise from up the rows."""
        pixels = speed_m_s / PIXEL_M
        return cls(-pixels * math.cos(heading_rad), pixels * math.sin(heading_rad))

    @classmethod
    def of_cloud(cls, height_m: float, rng: np.random.Generator) -> "Motion":
        """Return the motion of a cloud: parallax along the track, either way (odd and even detectors), and wind."""
        along = float(rng.choice([-1.0, 1.0])) * height_m * PARALLAX_PER_S / PIXEL_M
        wind = cls.of_ship(float(rng.uniform(0.0, 2.0 * math.pi)), float(rng.uniform(0.0, 15.0)))
        return cls(along + wind.down, wind.right)

    def seen_by(self, band: str, field: Float) -> Float:
        """Return ``field`` (rows, cols), drawn at the middle of the bands' times, where ``band`` sees it."""
        late = DELAY_S[band] - 1.0
        if max(abs(self.down * late), abs(self.right * late)) < 0.02:
            return field
        shift = np.array([[1, 0, self.right * late], [0, 1, self.down * late]], np.float32)
        return np.asarray(
            cv2.warpAffine(field, shift, field.shape[::-1], borderMode=cv2.BORDER_REFLECT_101), np.float32
        )
