"""The water of a benchmark instance: where boats may work, and the current that carries patches.

The current is the sum of a mean, a smooth field of eddies without divergence, and a tide; every patch adds a noise of
its own. All lengths are metres in a plane round the chart's middle.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon

from benchmarks.instance_data import charts
from documents.geodesy import WGS84, reproject

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

UTM = 32651
OFF_M = 250.0
"""示例. Nothing is collected nearer to land or rafts; the coast buffer of configs/rushan.yaml is 150 m."""
MEAN_M_S = (0.02, 0.104)
"""About 9 km a day northward in June 2009 (press); the eastward part is that of configs/rushan.yaml, 示例."""
EDDY_M_S = 0.08
"""示例, root mean square of each component."""
EDDY_KM = (18.0, 60.0)
"""示例, wavelengths of the eddies."""
EDDIES = 12
TIDE_M_S = (0.30, 0.10)
"""示例, half axes of the tidal ellipse, along and across the coast: 2 km there and back."""
TIDE_H = 12.42
"""Period of the M2 tide."""
NOISE_M_S = 0.05
"""示例; the spread of configs/rushan.yaml's current."""
NOISE_H = 3.0
"""示例, how long a gust of it lasts."""
STEP_H = 0.25


@dataclass(frozen=True)
class Waters:
    """The sea of a chart."""

    origin: Floats
    """(2,) degrees."""
    scale: Floats
    """(2,) metres a degree."""
    barred: shapely.Geometry
    """Degrees: land and closed areas with OFF_M around them, prepared."""

    def metres(self, lonlat: Floats) -> Floats:
        """Return degrees (n, 2) in metres."""
        return np.asarray((lonlat - self.origin) * self.scale)

    def lonlat(self, metres: Floats) -> Floats:
        """Return metres (n, 2) in degrees."""
        return np.asarray(metres / self.scale + self.origin)

    def is_barred(self, metres: Floats) -> Bools:
        """Say for every position (n, 2) whether nothing may be collected there."""
        points = self.lonlat(metres)
        return np.asarray(shapely.intersects_xy(self.barred, points[:, 0], points[:, 1]))

    def is_crossed(self, a: Floats, b: Floats) -> Bools:
        """Say for every straight way from ``a`` to ``b``, both (..., 2) degrees, whether it meets what is barred."""
        return np.asarray(shapely.intersects(self.barred, shapely.linestrings(np.stack([a, b], axis=-2))))


@cache
def waters(chart: str) -> Waters:
    """Return the sea of the chart of that name."""
    data = charts()[chart]
    solid = MultiPolygon([Polygon(ring) for ring in (*data.land, *data.closed)])
    west, south, east, north = solid.bounds
    middle = (south + north) / 2.0
    scale = (
        float(WGS84.inv(west, middle, west + 1.0, middle)[2]),
        float(WGS84.inv(west, middle - 0.5, west, middle + 0.5)[2]),
    )
    barred = reproject(reproject(solid, 4326, UTM).buffer(OFF_M), UTM, 4326)
    shapely.prepare(barred)
    return Waters(np.array([(west + east) / 2.0, middle]), np.array(scale), barred)


class Current:
    """A smooth current, drawn by ``rng``."""

    def __init__(self, rng: np.random.Generator) -> None:
        wavelength = 1000.0 * rng.uniform(*EDDY_KM, EDDIES)
        heading = rng.uniform(0.0, 2.0 * np.pi, EDDIES)
        self._wave = 2.0 * np.pi / wavelength * np.stack([np.cos(heading), np.sin(heading)])
        """(2, eddies), radians a metre."""
        self._phase = rng.uniform(0.0, 2.0 * np.pi, EDDIES)
        # Each eddy runs along its crests, so none of them gathers or scatters water. Their root mean square speed is
        # the sum's over the square root of half their number, in one of two components.
        self._speed = EDDY_M_S * np.sqrt(4.0 / EDDIES) * np.stack([-np.sin(heading), np.cos(heading)])
        self._tide = rng.uniform(0.0, 2.0 * np.pi)
        """Phase at the start, radians."""

    def at(self, metres: Floats, hour: float) -> Floats:
        """Return the current, m/s, at positions (n, 2)."""
        eddies = np.cos(metres @ self._wave + self._phase) @ self._speed.T
        angle = self._tide + 2.0 * np.pi * hour / TIDE_H
        tide = np.array([TIDE_M_S[0] * np.cos(angle), TIDE_M_S[1] * np.sin(angle)])
        return np.asarray(eddies + np.array(MEAN_M_S) + tide)

    @property
    def first_high_water_h(self) -> float:
        """Return when water is first high in the docks: as the flood along the coast slackens."""
        return float((np.pi / 2.0 - self._tide) % (2.0 * np.pi) / (2.0 * np.pi) * TIDE_H)


def drift(sea: Waters, current: Current, start: Floats, hours: int, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Return hourly positions (n, hours + 1, 2) in degrees, rounded, and whether each patch is still free there.

    A patch that comes to what is barred stays where it was a moment before: ashore, or in the rafts. It is free no
    more from the hour mark on at which it has met it, and neither from the mark to which it would come across it.
    """
    here, noise = start.copy(), rng.normal(0.0, NOISE_M_S, start.shape)
    moving = ~sea.is_barred(here)
    fade = np.exp(-STEP_H / NOISE_H)
    steps = round(1.0 / STEP_H)
    places, free = [here.copy()], [moving.copy()]
    for step in range(hours * steps):
        there = here + 3600.0 * STEP_H * (current.at(here, step * STEP_H) + noise)
        moving &= ~sea.is_barred(there)
        here[moving] = there[moving]
        noise = fade * noise + rng.normal(0.0, NOISE_M_S * np.sqrt(1.0 - fade**2), noise.shape)
        if (step + 1) % steps == 0:
            places.append(here.copy())
            free.append(moving.copy())
    track = np.stack([sea.lonlat(place) for place in places], axis=1).round(6)
    clear = np.stack(free, axis=1)
    clear[:, 1:] &= ~sea.is_crossed(track[:, :-1], track[:, 1:])
    return track, np.logical_and.accumulate(clear, axis=1)
