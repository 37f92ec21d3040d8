"""Fair-weather clouds with soft edges, and the shadows they throw."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.simulate.sky import Geometry
from training.simulate.texture import F32, fractal, shrink, smoothstep

FINE = 2
"""10 m pixels along the side of a cloud pixel (20 m)."""

CELL_M = 20.0

OPAQUE = 0.2
"""Opacity from which a pixel counts as cloud: the sea shows through less than that. 示例."""

DARK = 0.3
"""Share of direct sunlight lost from which a pixel counts as shadow. 示例."""

BASE_M = (700.0, 1_400.0)
"""示例: height range of summer cumulus over the Yellow Sea."""


@dataclass(frozen=True)
class Clouds:
    """Clouds at 20 m, (rows, cols) each."""

    opacity: F32
    """0–1."""
    tone: F32
    """Brightness relative to a thick cloud, about 0.7–1.1."""
    shadow: F32
    """Share of direct sunlight that the clouds take from the ground, 0–1."""

    @property
    def opaque(self) -> npt.NDArray[np.bool_]:
        """Return where there is cloud."""
        return np.asarray(self.opacity > OPAQUE)

    @property
    def shaded(self) -> npt.NDArray[np.bool_]:
        """Return where there is shadow and no cloud."""
        return np.asarray((self.shadow > DARK) & ~self.opaque)


def make_clouds(
    shape: tuple[int, int], cover: F32, geometry: Geometry, fraction: float, rng: np.random.Generator
) -> Clouds:
    """Return clouds over a scene of ``shape`` (10 m) that hide about ``fraction`` of it and some of the algae.

    The same sky is tried in a few positions over ``cover`` (algae at 10 m); the one kept hides nearest to ``fraction``
    of the algae, so that every scene shows what cloud does to a count and none hides it all.
    """
    size = (shape[0] // FINE, shape[1] // FINE)
    thickness = _thickness(size, fraction, rng)
    coarse_algae = shrink(cover, 6)
    coarse_cloud = shrink((thickness > 0.35).astype(np.float32), 3)
    total = float(coarse_algae.sum(dtype=np.float64))
    shifts = [(int(rng.integers(coarse_cloud.shape[0])), int(rng.integers(coarse_cloud.shape[1]))) for _ in range(24)]

    def miss(shift: tuple[int, int]) -> float:
        hidden = (np.roll(coarse_cloud, shift, (0, 1)) * coarse_algae).sum(dtype=np.float64)
        return abs(float(hidden) / total - fraction) if total else 0.0

    down, right = min(shifts, key=miss)
    thickness = np.roll(thickness, (down * 3, right * 3), (0, 1))
    opacity = smoothstep(thickness, 0.0, 1.0)
    height = rng.uniform(*BASE_M)
    shift_px = height * math.tan(math.radians(geometry.sun_zenith)) / CELL_M
    azimuth = math.radians(geometry.sun_azimuth)
    # A shadow lies away from the sun: down the rows for a northern sun, to the west for one in the east.
    move = np.array([[1, 0, -shift_px * math.sin(azimuth)], [0, 1, shift_px * math.cos(azimuth)]], np.float32)
    shadow = cv2.warpAffine(opacity, move, (size[1], size[0]), borderMode=cv2.BORDER_REPLICATE)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 1.5)
    return Clouds(opacity, _tone(thickness, geometry, rng), np.asarray(0.92 * shadow, np.float32))


def _thickness(size: tuple[int, int], fraction: float, rng: np.random.Generator) -> F32:
    """Return a seamless field that is above 0.35 in about ``fraction`` of its pixels: clumps of cumulus."""
    clumps = fractal(size, rng, largest=260.0, slope=2.6)
    cells = fractal(size, rng, largest=55.0, smallest=2.5, slope=1.75)
    field = 0.75 * clumps + cells
    sample = field[::4, ::4]
    threshold = np.float32(np.quantile(sample, 1.0 - fraction))
    return np.asarray((field - threshold) / np.float32(0.55) + np.float32(0.35), np.float32)


def _tone(thickness: F32, geometry: Geometry, rng: np.random.Generator) -> F32:
    """Return the brightness of clouds: thicker is whiter, the side to the sun is brighter."""
    top = cv2.GaussianBlur(np.clip(thickness, 0.0, 4.0), (0, 0), 2.0)
    azimuth = math.radians(geometry.sun_azimuth)
    down, right = np.gradient(top)
    # Towards the sun the cloud's side falls off: a negative slope in that direction is lit.
    lit = down * math.cos(azimuth) - right * math.sin(azimuth)
    grain = fractal((thickness.shape[0], thickness.shape[1]), rng, largest=20.0, slope=1.3)
    return np.clip(0.72 + 0.09 * top + 0.5 * lit + 0.025 * grain, 0.5, 1.15).astype(np.float32)
