"""The patches of a benchmark instance: strips that drift, grow or decay, and do harm where they come."""

import numpy as np
import shapely
from shapely.geometry import Polygon

from benchmarks.instance_data import ChartData, SizeData
from benchmarks.instance_sea import Bools, Current, Floats, Waters, drift
from documents.geodesy import WGS84, bearing_deg, compass_zh, distance_m
from documents.patches import Biomass
from documents.problem import PatchState

SENSED_H = 17
"""Hours from the image (10:40 local, Sentinel-2 at Rushan) to the start at 04:00, in whole hours."""
RATE_PER_DAY = (-0.08, 0.03)
"""Growth: 3 % a day in the mid Yellow Sea in June; the decay is 示例, floating algae decay from about day 6."""
LOG_SPREAD = 0.9
"""示例. Standard deviation of the logarithm of a patch's tonnes."""
BIOMASS_SD = 0.36
"""Total uncertainty of the biomass (Opt. Express 27:18620)."""
IN_STRIPS = 0.75
"""示例. Share of the patches that lie in strips; strips are 10–200 m wide and tens of km long (Subei 2018)."""
STRIP_M = (8_000.0, 20_000.0)
STRIP_WIDTH_M = 500.0
AHEAD_H = 48
"""How far beyond the horizon harm is looked for."""
SEA_VALUE_CNY_PER_T = 150.0
"""示例. What a tonne is worth that harms no asset: it would sink in own waters or wash ashore somewhere."""
MISS_KM = 5.0
"""示例. The chance of harm falls to 1/e for a track that passes this far outside an asset's radius."""
LEAD_H = 36.0
"""示例. Likewise for harm that lies so many hours ahead: forecasts grow sure as the patch comes near."""


def make_patches(
    size: SizeData, chart: ChartData, sea: Waters, current: Current, horizon_h: int, rng: np.random.Generator
) -> tuple[PatchState, ...]:
    """Return patches whose tonnes are right relative to one another, the median being 1 t at sensing time."""
    number = int(rng.integers(size.fewest_patches or size.patches, size.patches + 1))
    track, free = _tracks(size, sea, current, number, horizon_h + AHEAD_H, rng)
    rates = rng.triangular(RATE_PER_DAY[0], 0.0, RATE_PER_DAY[1], number)
    remaining = np.exp(rates[:, None] / 24.0 * (np.arange(horizon_h + 1) + SENSED_H))
    value = _values(chart, track)[:, : horizon_h + 1]
    tonnes = rng.lognormal(0.0, LOG_SPREAD, number)
    marks = slice(0, horizon_h + 1)
    return tuple(
        PatchState(
            id=f"patch-{p + 1:03d}",
            name=_name(chart, track[p, 0]),
            biomass=_biomass(tonnes[p]),
            biomass_t=tonnes[p],
            lon=tuple(track[p, marks, 0].tolist()),
            lat=tuple(track[p, marks, 1].tolist()),
            remaining=tuple(remaining[p].round(5).tolist()),
            value_cny_per_t=tuple(value[p].round(1).tolist()),
            collectable=tuple(free[p, marks].tolist()),
        )
        for p in range(number)
    )


def scaled(patch: PatchState, factor: float) -> PatchState:
    """Return ``patch`` with ``factor`` times its tonnes, to a tenth of a tonne."""
    tonnes = max(round(patch.biomass_t * factor, 1), 0.1)
    return patch.model_copy(update={"biomass_t": tonnes, "biomass": _biomass(tonnes)})


def stilled(patch: PatchState) -> PatchState:
    """Return ``patch`` as it would be if it lay still, neither grew nor decayed, and kept its first value."""
    marks = len(patch.lon)
    return patch.model_copy(
        update={
            "lon": patch.lon[:1] * marks,
            "lat": patch.lat[:1] * marks,
            "remaining": (1.0,) * marks,
            "value_cny_per_t": patch.value_cny_per_t[:1] * marks,
            "collectable": (True,) * marks,
        }
    )


def _biomass(tonnes: float) -> Biomass:
    low, high = (round(tonnes * (1.0 + sign * BIOMASS_SD), 2) for sign in (-1.0, 1.0))
    return Biomass(low_t=min(low, tonnes), mid_t=tonnes, high_t=max(high, tonnes))


def _name(chart: ChartData, here: Floats) -> str:
    point = (float(here[0]), float(here[1]))
    nearest = min(chart.places, key=lambda place: distance_m((place.lon, place.lat), point))
    origin = (nearest.lon, nearest.lat)
    return f"{nearest.name}{compass_zh(bearing_deg(origin, point))} {distance_m(origin, point) / 1000.0:.1f} km"


def _tracks(
    size: SizeData, sea: Waters, current: Current, number: int, hours: int, rng: np.random.Generator
) -> tuple[Floats, Bools]:
    """Return tracks (number, hours + 1, 2), degrees, and where each patch is free, of patches free for long enough."""
    tracks, frees = [np.empty((0, hours + 1, 2))], [np.empty((0, hours + 1), dtype=bool)]
    while sum(map(len, tracks)) < number:
        track, free = drift(sea, current, _scattered(size, sea, 2 * number, rng), hours, rng)
        lasting = free[:, size.free_h]
        tracks.append(track[lasting])
        frees.append(free[lasting])
    return np.concatenate(tracks)[:number], np.concatenate(frees)[:number]


def _scattered(size: SizeData, sea: Waters, number: int, rng: np.random.Generator) -> Floats:
    """Return ``number`` positions on the size's ground, metres, in strips and between them, in random order."""
    corners = sea.metres(np.array(size.ground))
    ground = Polygon(corners)
    shapely.prepare(ground)
    low, high = corners.min(axis=0), corners.max(axis=0)
    strips = 3 + number // 40
    middle = rng.uniform(low, high, (strips, 2))
    heading = rng.normal(np.radians(20.0), np.radians(25.0), strips)
    along = np.stack([np.cos(heading), -np.sin(heading)], axis=1)
    length = rng.uniform(*STRIP_M, strips)
    found = np.empty((0, 2))
    while len(found) < number:
        strip = rng.integers(strips, size=number)
        offset = rng.uniform(-0.5, 0.5, number)[:, None] * length[strip, None] * along[strip]
        loose = rng.random(number) >= IN_STRIPS
        points = middle[strip] + offset + rng.normal(0.0, STRIP_WIDTH_M, (number, 2))
        points[loose] = rng.uniform(low, high, (number, 2))[loose]
        inside = shapely.intersects_xy(ground, points[:, 0], points[:, 1]) & ~sea.is_barred(points)
        found = np.concatenate([found, points[inside]])
    return found[:number]


def _values(chart: ChartData, track: Floats) -> Floats:
    """Return CNY a tonne (patches, hours): the worst harm that a patch still has before it.

    It rises as a patch comes to an asset and falls once it has passed, for what counts is how near it will yet come.
    """
    patches, hours, _ = track.shape
    value = np.full((patches, hours), SEA_VALUE_CNY_PER_T)
    for asset in chart.assets:
        to = np.full(track.shape[:2], [[asset.lon]]), np.full(track.shape[:2], [[asset.lat]])
        metres = np.asarray(WGS84.inv(track[..., 0].ravel(), track[..., 1].ravel(), to[0].ravel(), to[1].ravel())[2])
        miss_km = np.maximum(metres.reshape(patches, hours) / 1000.0 - asset.radius_km, 0.0)
        share = np.zeros((patches, hours))
        share[:, -1] = np.exp(-((miss_km[:, -1] / MISS_KM) ** 2))
        for hour in range(hours - 2, -1, -1):
            ahead = share[:, hour + 1] * np.exp(-1.0 / LEAD_H)
            share[:, hour] = np.maximum(np.exp(-((miss_km[:, hour] / MISS_KM) ** 2)), ahead)
        value = np.maximum(value, asset.damage_cny_per_t * share)
    return value
