"""From patches, tracks and site to the problem of a day."""

from datetime import UTC, date, timedelta

import numpy as np
import numpy.typing as npt
import shapely

from documents.base import LonLat
from documents.coast import Coast, as_multipolygon
from documents.errors import InputError
from documents.geodesy import WGS84
from documents.patches import Patches
from documents.problem import PatchState, Problem, Ring
from documents.site import Site
from documents.tracks import Tracks
from optimizer.build_horizon import Horizon
from optimizer.build_network import contracts, docks, fleets, links, materials, places, platforms, supplies, vessels
from optimizer.build_patches import Reach, Waters, choose_patches

Floats = npt.NDArray[np.float64]

LAND_MARGIN_KM = 15.0
"""Land this far around quays and patches enters the problem: a way round it is never worth a longer detour here, as
the coast's gulfs and islands are smaller."""


def build_problem(patches: Patches, tracks: Tracks, site: Site, coast: Coast, day: date) -> Problem:
    """Return what the optimizer is told on business day ``day``: the horizon starts at the site's plan start.

    Raise InputError when the tracks lack a patch or begin after the horizon does.
    """
    start = site.plan_start(day).astimezone(UTC)
    ahead_h = (start - tracks.times[0]).total_seconds() / 3600.0
    if ahead_h < 0:
        raise InputError(
            f"The tracks begin at {tracks.times[0]:%Y-%m-%d %H:%M}Z, after the plan's start at {start:%Y-%m-%d %H:%M}Z:"
            " give the day of the image, or a later one."
        )
    horizon_h = site.planning.horizon_h
    horizon = Horizon(site.zone, start, start + timedelta(hours=horizon_h))
    hours = np.arange(horizon_h + 1, dtype=np.float64) + ahead_h
    boats, quays, motherships = vessels(site, horizon), docks(site, horizon), platforms(site, horizon)
    waters, reach = Waters(coast, site.epsg), Reach(boats, quays)
    states, left_out = choose_patches(patches.patches, tracks.members, hours, waters, reach, site.planning)
    stations = [(station.lon, station.lat) for ship in motherships for station in ship.stations]
    return Problem(
        site_id=site.id,
        day=day.isoformat(),
        start=start,
        horizon_h=horizon_h,
        patches=states,
        left_out=left_out,
        vessels=boats,
        docks=quays,
        platforms=motherships,
        landed_material=site.landed_material,
        materials=materials(site),
        places=places(site, horizon),
        fleets=fleets(site, horizon),
        links=links(site),
        supplies=supplies(site, horizon),
        contracts=contracts(site, horizon),
        wave_m=_waves(tracks, hours),
        land=_land(coast, [(dock.lon, dock.lat) for dock in quays] + stations, states),
        protect_first=site.planning.protect_first,
        time_limit_s=site.planning.time_limit_s,
        work=site.planning.work,
        solver=site.planning.solver,
    )


def _waves(tracks: Tracks, hours: Floats) -> tuple[float | None, ...]:
    """Return for every hour of the horizon the highest wave forecast at the track hours around it."""
    waves: list[float | None] = []
    for first, last in zip(np.floor(hours[:-1]), np.ceil(hours[1:]), strict=True):
        around = [weather.wave_m for weather in tracks.weather[int(first) : int(last) + 1]]
        waves.append(max((wave for wave in around if wave is not None), default=None))
    return tuple(waves)


def _land(coast: Coast, fixed: list[LonLat], states: tuple[PatchState, ...]) -> tuple[tuple[Ring, ...], ...]:
    """Return the land around the ``fixed`` points and all places where a patch may be collected."""
    points = list(fixed)
    for state in states:
        places = zip(state.lon, state.lat, state.collectable, strict=True)
        points.extend((lon, lat) for lon, lat, collectable in places if collectable)
    west, south, east, north = shapely.MultiPoint(points).bounds
    corners = WGS84.fwd([west, east], [south, north], [225.0, 45.0], [LAND_MARGIN_KM * 1000.0 * np.sqrt(2.0)] * 2)
    (west, east), (south, north), _ = corners
    near = shapely.set_precision(coast.land.intersection(shapely.box(west, south, east, north)), 1e-6)
    return tuple((_ring(part.exterior), *map(_ring, part.interiors)) for part in as_multipolygon(near).geoms)


def _ring(ring: shapely.LinearRing) -> Ring:
    return tuple((round(lon, 6), round(lat, 6)) for lon, lat in ring.coords)
