"""The water itself: colour, plumes and fronts, the shine of the surface, surf and whitecaps."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training import endmembers
from training.simulate.shore import COARSE, Shore
from training.simulate.texture import F32, SpectralWeight, enlarge, fractal, sigmoid, smoothstep, spectral_noise

SWELL_TILE = 1_026
"""Side of the repeated swell texture in 10 m pixels (a multiple of 6)."""

SWELL_WAVELENGTH_PX = 8.0
"""示例: swell of 80 m, a period of 7 s in deep water."""

SWELL_REFLECTANCE = 0.0011
"""示例: standard deviation of the reflectance that the slopes of swell and wind sea add."""

GLINT_REFLECTANCE = 0.007
"""示例: mean reflectance of sky and sun glint at a sun 20° from the zenith and a light wind."""

WHITECAPS_PER_PIXEL = 6e-5
"""示例: breaking waves big enough to show, per 10 m pixel of open sea, at some 5 m/s of wind."""


@dataclass(frozen=True)
class Water:
    """The colour of the sea at 60 m, (rows, cols) each."""

    turbid: F32
    """Share of turbid water, 0–1; the rest is clear."""
    silty: F32
    """Share of sediment-laden water over that."""
    glint: F32
    """Reflectance that the surface adds."""

    def reflectance(self, band: str, rows: slice) -> F32:
        """Return the reflectance of ``rows`` (10 m, both ends multiples of 6) in ``band``, swell apart."""
        clear, turbid, silty = (
            spectrum[band] for spectrum in (endmembers.CLEAR_WATER, endmembers.TURBID_WATER, endmembers.SILTY_WATER)
        )
        mixed = clear + self.turbid * (turbid - clear)
        mixed = mixed + self.silty * (silty - mixed) + self.glint
        return enlarge(mixed.astype(np.float32), COARSE, rows)


def make_water(shore: Shore, rng: np.random.Generator) -> Water:
    """Return turbid water along the coast behind a front, silt in the shallows, and slicks of calmer surface."""
    shape = shore.distance_m.shape
    coarse, fine = (fractal(shape, rng, largest=size, slope=slope) for size, slope in ((120.0, 2.4), (30.0, 1.7)))
    km = shore.distance_m / 1000.0 * np.exp(0.35 * coarse + 0.10 * fine)
    front_km = np.float32(rng.uniform(1.6, 3.2))
    swirls = fractal(shape, rng, largest=55.0, smallest=8.0, slope=2.3)
    front = sigmoid((front_km - km * np.exp(0.45 * swirls)) / np.float32(0.3))
    sheltered = smoothstep(1.0 - shore.openness, 0.25, 0.75)
    offshore = 0.16 + 0.05 * coarse + 0.03 * fine + 0.04 * swirls
    turbid = np.clip(offshore + 0.55 * np.exp(-km / 1.4) + 0.22 * front + 0.35 * sheltered, 0.0, 1.0)
    silty = np.clip(0.35 * np.exp(-km / 0.22) * (0.4 + sheltered) + 0.05 * sheltered * (1.0 + fine), 0.0, 0.7)
    slicks = fractal(shape, rng, largest=80.0, slope=2.0)
    streaks = fractal(shape, rng, largest=60.0, slope=1.5, stretch=5.0)
    glint = GLINT_REFLECTANCE * np.clip(1.0 + 0.22 * slicks + 0.10 * streaks, 0.15, 2.5) * (1.0 - 0.4 * sheltered)
    return Water(turbid.astype(np.float32), silty.astype(np.float32), glint.astype(np.float32))


def make_swell(rng: np.random.Generator) -> F32:
    """Return a seamless texture (SWELL_TILE squared) of reflectance due to the slope of swell and wind sea."""
    heading = rng.uniform(0.0, np.pi)
    swell = spectral_noise((SWELL_TILE, SWELL_TILE), rng, _swell_spectrum(float(heading)))
    chop = rng.standard_normal((SWELL_TILE, SWELL_TILE), dtype=np.float32)
    return np.asarray(SWELL_REFLECTANCE * (0.7 * swell + 0.7 * chop), np.float32)


def _swell_spectrum(heading: float) -> SpectralWeight:
    def weight(r: F32, c: F32) -> F32:
        k = np.hypot(r, c)
        along = (r * np.sin(heading) + c * np.cos(heading)) / np.maximum(k, 1e-6)
        ring = np.exp(-((np.log(np.maximum(k, 1e-6) * SWELL_WAVELENGTH_PX) / 0.25) ** 2))
        return np.asarray(ring * np.abs(along) ** 6, np.float32)

    return weight


def tiled(tile: F32, rows: slice, cols: int) -> F32:
    """Return ``rows`` of the plane paved with ``tile``, ``cols`` wide."""
    r = np.arange(rows.start, rows.stop) % tile.shape[0]
    c = np.arange(cols) % tile.shape[1]
    return np.asarray(tile[r[:, None], c[None, :]])


def add_foam(foam: npt.NDArray[np.float16], shore: Shore, rng: np.random.Generator) -> None:
    """Write into ``foam`` (fraction at 10 m) the surf along open shores and scattered whitecaps."""
    breaks = fractal(shore.openness.shape, rng, largest=20.0, slope=1.2)
    row, col = np.nonzero((shore.offshore_m > 0) & (shore.offshore_m < 140))
    distance = shore.offshore_m[row, col].astype(np.float32)
    coarse = row // COARSE, col // COARSE
    open_shore = smoothstep(shore.openness[coarse], 0.40, 0.62)
    grain = rng.standard_normal(len(row), dtype=np.float32)
    alive = smoothstep(breaks[coarse] + 0.6 * grain, -0.8, 1.6)
    wash = 0.40 * np.exp(-((distance - 8.0) ** 2) / (2 * 8.0**2)) * alive
    bar = 0.30 * np.exp(-((distance - 60.0 - 15.0 * breaks[coarse]) ** 2) / (2 * 10.0**2))
    bar *= smoothstep(breaks[coarse] + 0.5 * grain, 0.9, 2.4)
    foam[row, col] = np.maximum(foam[row, col], open_shore * (wash + bar))
    count = rng.poisson(WHITECAPS_PER_PIXEL * foam.size)
    r, c = rng.integers(0, foam.shape[0], count), rng.integers(0, foam.shape[1], count)
    wind = rng.gamma(1.5, 0.05, count) * (shore.openness[r // COARSE, c // COARSE] > 0.6) * ~shore.land[r, c]
    foam[r, c] = np.maximum(foam[r, c], np.minimum(wind, 0.5))
