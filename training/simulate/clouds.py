"""Fair-weather clouds with soft edges, and the shadows they throw."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.fft import next_fast_len

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
    # Seamless, so that it can be rolled; a little larger than the scene and a multiple of the coarse pixel.
    paved = tuple(3 * next_fast_len(math.ceil(side / 3), real=True) for side in size)
    thickness = _thickness((paved[0], paved[1]), fraction, rng)
    coarse_algae = shrink(cover, 6)
    coarse_cloud = shrink((thickness > 0.35).astype(np.float32), 3)
    total = float(coarse_algae.sum(dtype=np.float64))
    shifts = [(int(rng.integers(coarse_cloud.shape[0])), int(rng.integers(coarse_cloud.shape[1]))) for _ in range(24)]

    def miss(shift: tuple[int, int]) -> float:
        rolled = np.roll(coarse_cloud, shift, (0, 1))[: coarse_algae.shape[0], : coarse_algae.shape[1]]
        hidden = (rolled * coarse_algae).sum(dtype=np.float64)
        return abs(float(hidden) / total - fraction) if total else 0.0

    down, right = min(shifts, key=miss)
    thickness = np.roll(thickness, (down * 3, right * 3), (0, 1))
    opacity = smoothstep(thickness, 0.0, 1.0)
    shift_px = rng.uniform(*BASE_M) * math.tan(math.radians(geometry.sun_zenith)) / CELL_M
    azimuth = math.radians(geometry.sun_azimuth)
    # A shadow lies away from the sun: up the rows for a sun in the south, to the left for one in the east.
    move = np.array([[1, 0, -shift_px * math.sin(azimuth)], [0, 1, shift_px * math.cos(azimuth)]], np.float32)
    shadow = cv2.warpAffine(opacity, move, opacity.shape[::-1], borderMode=cv2.BORDER_WRAP)
    shadow = np.float32(0.92) * cv2.GaussianBlur(shadow, (0, 0), 1.5)
    tone = _tone(thickness, geometry, rng)
    opacity, tone, shadow = (np.ascontiguousarray(f[: size[0], : size[1]], np.float32) for f in (opacity, tone, shadow))
    return Clouds(opacity, tone, shadow)


def _thickness(size: tuple[int, int], fraction: float, rng: np.random.Generator) -> F32:
    """Return a seamless field that is above 0.35 in about ``fraction`` of its pixels: clumps of cumulus."""
    clumps = fractal(size, rng, largest=300.0, slope=2.6)
    cells = fractal(size, rng, largest=55.0, smallest=4.0, slope=1.9)
    field = 2.2 * clumps + cells
    sample = field[::4, ::4]
    threshold = np.float32(np.quantile(sample, 1.0 - fraction))
    return np.asarray((field - threshold) / np.float32(0.7) + np.float32(0.35), np.float32)


def _tone(thickness: F32, geometry: Geometry, rng: np.random.Generator) -> F32:
    """Return the brightness of clouds: thicker is whiter, the side to the sun is brighter."""
    top = cv2.GaussianBlur(np.clip(thickness, 0.0, 4.0), (0, 0), 2.0)
    azimuth = math.radians(geometry.sun_azimuth)
    down, right = np.gradient(top)
    # Towards the sun the cloud's side falls off: a negative slope in that direction is lit.
    lit = down * math.cos(azimuth) - right * math.sin(azimuth)
    grain = fractal((thickness.shape[0], thickness.shape[1]), rng, largest=20.0, slope=1.3)
    return np.asarray(np.clip(0.72 + 0.09 * top + 0.5 * lit + 0.025 * grain, 0.5, 1.15), np.float32)
