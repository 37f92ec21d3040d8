"""Composing a scene: the layers of what is there, as light of any band at the top of the atmosphere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from pyproj import Transformer

from documents.coast import Coast
from training import endmembers
from training.simulate.algae import Flow, fill, make_flow
from training.simulate.clouds import FINE, Clouds, make_clouds
from training.simulate.land import land_reflectance, paint_land
from training.simulate.marks import draw_rafts, draw_ships, make_ships
from training.simulate.sea import Water, add_foam, make_swell, make_water, tiled
from training.simulate.shore import COARSE, Shore, make_shore
from training.simulate.sky import Geometry, clear_sky, sun_position, to_toa
from training.simulate.texture import F32, enlarge, fractal, sigmoid

U8 = npt.NDArray[np.uint8]
F16 = npt.NDArray[np.float16]

VIEW_ZENITH_DEG, VIEW_AZIMUTH_DEG = 5.0, 105.0
"""示例: a satellite a little to the east of the zenith."""

ALGAE_FROM_COAST_M = 3_000.0
"""Slicks keep this far off: what has come nearer is on the beach by the time a boat is out. 示例."""

ALGAE_SHARE = (0.006, 0.012)
"""示例: cover fraction of the sea beyond that, in a field of green tide near the coast: 477 of 51,500 km² in 2019."""

CLOUD_SHARE = (0.05, 0.10)
"""示例: share of the scene under cloud."""

AOT = (0.12, 0.25)
"""示例: aerosol optical thickness at 550 nm on a clear day over the Yellow Sea."""

TONE_SPREAD = 0.10
"""Brightness of Ulva varies by up to this much, with thickness and wetness."""


@dataclass(frozen=True)
class Scene:
    """Everything that is there at one moment, at 10 m (full rows and columns) unless said otherwise."""

    shore: Shore
    geometry: Geometry
    aot: float
    water: Water
    swell: F32
    cover: F32
    """True cover fraction of Ulva, 0 on land."""
    algae_tone: F32
    """At 60 m: brightness of the algae, 1 ± TONE_SPREAD."""
    rafts: F16
    foam: F16
    hulls: F16
    land_class: U8
    land_tone: U8
    clouds: Clouds
    seed: int

    @property
    def grid(self) -> GeoBox:
        """Return the 10 m grid."""
        return self.shore.grid

    def surface(self, band: str, rows: slice) -> F32:
        """Return the surface reflectance of ``rows`` (both ends multiples of 6) in ``band``."""
        value = self.water.reflectance(band, rows) + tiled(self.swell, rows, self.cover.shape[1])
        value += self.rafts[rows] * (endmembers.RAFT[band] - value)
        value += self.foam[rows] * (endmembers.FOAM[band] - value)
        ulva = np.float32(endmembers.ULVA[band]) * enlarge(self.algae_tone, COARSE, rows)
        value += self.cover[rows] * (ulva - value)
        value += self.hulls[rows] * (endmembers.SHIP[band] - value)
        land = self.land_class[rows] > 0
        value[land] = land_reflectance(self.land_class[rows][land], self.land_tone[rows][land], band)
        return np.asarray(np.maximum(value, np.float32(0.0)), np.float32)

    def toa(self, band: str, rows: slice) -> F32:
        """Return the top-of-atmosphere reflectance of ``rows`` in ``band``, clouds and shadows included, at 10 m."""
        sky = clear_sky(band, self.geometry, self.aot)
        lit = 1.0 - np.float32(sky.direct_share) * enlarge(self.clouds.shadow, FINE, rows)
        value = to_toa(self.surface(band, rows) * lit, band, self.geometry, self.aot)
        cloud = endmembers.CLOUD[band] * enlarge(self.clouds.tone, FINE, rows)
        return np.asarray(value + enlarge(self.clouds.opacity, FINE, rows) * (cloud - value), np.float32)


def compose(coast: Coast, grid: GeoBox, seed: int, moment: datetime, progress: Callable[[str, float], None]) -> Scene:
    """Return the scene of ``seed`` on ``grid`` (10 m, rows and columns multiples of 6) at ``moment``."""
    rngs = iter(np.random.default_rng(seed).spawn(12))
    progress("coast", 0.0)
    shore = make_shore(coast, grid)
    general = next(rngs)
    zenith, azimuth = sun_position(moment, *_middle(grid))
    geometry = Geometry(zenith, azimuth, VIEW_ZENITH_DEG, VIEW_AZIMUTH_DEG)
    progress("water", 0.1)
    water, swell = make_water(shore, next(rngs)), make_swell(next(rngs))
    progress("algae", 0.25)
    cover = _float_algae(shore, next(rngs))
    tone = fractal(shore.openness.shape, next(rngs), largest=15.0, slope=1.2)
    rafts, foam, hulls = (np.zeros(shore.land.shape, np.float16) for _ in range(3))
    progress("ships and rafts", 0.4)
    add_foam(foam, shore, next(rngs))
    draw_rafts(rafts, shore, next(rngs))
    boats = next(rngs)
    draw_ships(make_ships(shore, cover, boats), hulls, foam, cover)
    cover[shore.land] = 0.0
    progress("land", 0.6)
    land_class, land_tone = paint_land(shore, next(rngs))
    progress("clouds", 0.8)
    share = float(general.uniform(*CLOUD_SHARE))
    clouds = make_clouds(shore.land.shape, cover, geometry, share, next(rngs))
    progress("composed", 1.0)
    return Scene(
        shore=shore,
        geometry=geometry,
        aot=float(general.uniform(*AOT)),
        water=water,
        swell=swell,
        cover=cover,
        algae_tone=(1.0 + TONE_SPREAD * np.tanh(tone)).astype(np.float32),
        rafts=rafts,
        foam=foam,
        hulls=hulls,
        land_class=land_class,
        land_tone=land_tone,
        clouds=clouds,
        seed=seed,
    )


def _middle(grid: GeoBox) -> tuple[float, float]:
    x, y = grid.transform * (grid.shape[1] / 2.0, grid.shape[0] / 2.0)
    lon, lat = Transformer.from_crs(str(grid.crs), 4326, always_xy=True).transform(x, y)
    return float(lon), float(lat)


def _float_algae(shore: Shore, rng: np.random.Generator) -> F32:
    """Return a field of slicks off the coast: clustered, along one flow, none nearer than ALGAE_FROM_COAST_M."""
    offshore = shore.distance_m > ALGAE_FROM_COAST_M
    target = float(rng.uniform(*ALGAE_SHARE)) * float(offshore.sum()) * COARSE**2
    if not offshore.any():
        return np.zeros(shore.land.shape, np.float32)
    # Slicks come in clusters: the chance of a seed varies over kilometres.
    gather = sigmoid(3.0 * fractal(offshore.shape, rng, largest=90.0, slope=2.2)) * offshore
    odds = np.cumsum(gather.ravel(), dtype=np.float64)

    def seeds() -> tuple[float, float]:
        index = int(np.searchsorted(odds, rng.uniform(0.0, odds[-1])))
        row, col = np.divmod(min(index, offshore.size - 1), offshore.shape[1])
        return (row + float(rng.random())) * COARSE, (col + float(rng.random())) * COARSE

    def allowed(row: F32, col: F32) -> npt.NDArray[np.bool_]:
        r, c = (row / COARSE).astype(int), (col / COARSE).astype(int)
        inside = (r >= 0) & (r < offshore.shape[0]) & (c >= 0) & (c < offshore.shape[1])
        return np.asarray(inside & offshore[r.clip(0, offshore.shape[0] - 1), c.clip(0, offshore.shape[1] - 1)])

    flow: Flow = make_flow(rng)
    return fill(shore.land.shape, rng, flow, target, seeds=seeds, allowed=allowed)
