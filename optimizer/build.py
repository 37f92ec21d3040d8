"""From patches, tracks and site to the problem of a day."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import shapely

from documents.base import LonLat
from documents.coast import Coast, as_multipolygon
from documents.errors import InputError
from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84, compass_zh, reproject
from documents.patches import Patch, Patches
from documents.problem import (
    DockSpec,
    HaulSpec,
    LeftOut,
    LineSpec,
    PatchState,
    PlantSpec,
    Problem,
    Ring,
    VesselSpec,
)
from documents.site import Site
from documents.tracks import Member, Tracks
from optimizer.mean_track import MeanTrack, mean_track
from optimizer.windows import open_within, shifts_within

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

OFFSHORE_M = 150.0
"""示例. A boat works no nearer to the coastline: the line is decades old and lacks reclaimed land (Rushan's
``coast_buffer_m`` is the same), and a boat with its booms out needs sea room."""
AFLOAT_SHARE = 0.5
"""示例. A patch counts as there while at least half of its members are afloat."""
LEAST_REMAINING = 1e-4
"""The problem divides by the mass remaining, so it never reaches 0; at this floor nothing is collectable."""
LAND_MARGIN_KM = 15.0
"""Land this far around docks and patches enters the problem: a way round it is never worth a longer detour here, as
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
    hours = np.arange(site.planning.horizon_h + 1, dtype=np.float64) + ahead_h
    end = start + timedelta(hours=site.planning.horizon_h)
    vessels, docks = _vessels(site, start, end), _docks(site, start, end)
    waters, fleet = _Waters(coast, site.epsg), _Fleet(vessels, docks)
    states: list[PatchState] = []
    left_out: list[LeftOut] = []
    members_of: dict[str, list[Member]] = {}
    for member in tracks.members:
        members_of.setdefault(member.patch_id, []).append(member)
    for patch in patches.patches:
        members = members_of.get(patch.id)
        if members is None:
            raise InputError(f"The tracks hold no member of patch {patch.id}: make them again from these patches.")
        track = mean_track(members, hours)
        at_sea = waters.is_workable(track.lon, track.lat)
        collectable = at_sea & track.known & (track.afloat >= AFLOAT_SHARE) & (track.remaining > LEAST_REMAINING)
        reason = _reason_to_leave(patch, track, collectable, waters, fleet, site.planning.min_patch_t)
        if reason is None:
            states.append(_state(patch, track, collectable))
        else:
            left_out.append(LeftOut(id=patch.id, tonnes=patch.biomass.mid_t, reason=reason))
    states, surplus = _largest(states, site.planning.max_patches)
    return Problem(
        site_id=site.id,
        day=day.isoformat(),
        start=start,
        horizon_h=site.planning.horizon_h,
        patches=tuple(states),
        left_out=(*left_out, *surplus),
        vessels=vessels,
        docks=docks,
        plants=_plants(site, start, end),
        wave_m=_waves(tracks, hours),
        disposal_cny_per_t=site.planning.disposal_cny_per_t,
        land=_land(coast, docks, states),
        time_limit_s=site.planning.time_limit_s,
        work=site.planning.work,
    )


class _Waters:
    """Where a boat may work: inside the coast's box and OFFSHORE_M off the coastline."""

    def __init__(self, coast: Coast, epsg: int) -> None:
        self.extent = coast.extent
        self._shore = reproject(reproject(coast.land, 4326, epsg).buffer(OFFSHORE_M), epsg, 4326)
        shapely.prepare(self._shore)

    def is_known(self, lon: Floats, lat: Floats) -> Bools:
        """Say for each position whether the coastline is known there."""
        return np.asarray(shapely.intersects_xy(self.extent, lon, lat))

    def is_workable(self, lon: Floats, lat: Floats) -> Bools:
        """Say for each position of a track whether a boat may work there, and on the way from and to its neighbours."""
        points = np.column_stack([lon, lat])
        steps = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
        clear = ~np.asarray(shapely.intersects(self._shore, steps))
        return np.asarray(np.append(True, clear) & np.append(clear, True) & self.is_known(lon, lat))


class _Fleet:
    """How far the vessels come, out and back in their longest shift, as the crow flies."""

    def __init__(self, vessels: tuple[VesselSpec, ...], docks: tuple[DockSpec, ...]) -> None:
        place = {dock.id: (dock.lon, dock.lat) for dock in docks}
        self._reach: list[tuple[LonLat, float]] = []
        for vessel in vessels:
            longest_h = max(((w.end - w.start).total_seconds() / 3600.0 for w in vessel.shifts), default=0.0)
            reach_m = vessel.speed_kn * METRES_PER_NAUTICAL_MILE * (longest_h - vessel.rigging_h) / 2.0
            self._reach.append((place[vessel.home_dock], reach_m))

    def can_reach(self, lon: Floats, lat: Floats) -> bool:
        """Say whether any vessel can go to any of the positions, rig there and be back home."""
        return any(
            np.min(WGS84.inv(np.full_like(lon, home[0]), np.full_like(lat, home[1]), lon, lat)[2]) <= reach_m
            for home, reach_m in self._reach
        )


def _reason_to_leave(
    patch: Patch, track: MeanTrack, collectable: Bools, waters: _Waters, fleet: _Fleet, least_t: float
) -> str | None:
    """Return why ``patch`` cannot enter the program, None where it can."""
    if patch.biomass.mid_t < least_t:
        return f"不足 {least_t:g} t"
    if not waters.is_known(track.lon, track.lat).any():
        return "超出岸线资料范围"
    if not track.known.any():
        return "超出漂移预报时段"
    if not (track.known & (track.afloat >= AFLOAT_SHARE)).any():
        return "计划时段内多半已搁浅"
    if not collectable.any():
        return f"计划时段内距岸不足 {OFFSHORE_M:g} m"
    if not fleet.can_reach(track.lon[collectable], track.lat[collectable]):
        return "超出船队可达范围"
    return None


def _state(patch: Patch, track: MeanTrack, collectable: Bools) -> PatchState:
    where = f"{compass_zh(patch.nearest_place_bearing_deg)} {patch.nearest_place_km:.1f} km"
    return PatchState(
        id=patch.id,
        name=f"{patch.nearest_place}{where}",
        biomass=patch.biomass,
        biomass_t=patch.biomass.mid_t,
        lon=tuple(track.lon.round(6).tolist()),
        lat=tuple(track.lat.round(6).tolist()),
        remaining=tuple(np.maximum(track.remaining, LEAST_REMAINING).round(6).tolist()),
        value_cny_per_t=tuple(track.value_cny_per_t.round(2).tolist()),
        collectable=tuple(collectable.tolist()),
    )


def _largest(states: list[PatchState], limit: int) -> tuple[list[PatchState], list[LeftOut]]:
    """Return the ``limit`` largest of ``states``, in their order, and the others as left out."""
    ranked = sorted(states, key=lambda state: (-state.biomass_t, state.id))
    kept = {state.id for state in ranked[:limit]}
    reason = f"斑块多于 {limit} 个，此斑块较小，未列入"
    surplus = [LeftOut(id=state.id, tonnes=state.biomass_t, reason=reason) for state in states if state.id not in kept]
    return [state for state in states if state.id in kept], surplus


def _vessels(site: Site, start: datetime, end: datetime) -> tuple[VesselSpec, ...]:
    return tuple(
        VesselSpec(
            **vessel.model_dump(exclude={"shift", "source"}),
            shifts=shifts_within(vessel.shift, site.zone, start, end),
        )
        for vessel in site.vessels
    )


def _docks(site: Site, start: datetime, end: datetime) -> tuple[DockSpec, ...]:
    return tuple(
        DockSpec(**dock.model_dump(exclude={"open", "source"}), windows=open_within(dock.open, site.zone, start, end))
        for dock in site.docks
    )


def _plants(site: Site, start: datetime, end: datetime) -> tuple[PlantSpec, ...]:
    return tuple(
        PlantSpec(
            **plant.model_dump(exclude={"lines", "hauls", "source"}),
            lines=tuple(
                LineSpec(**line.model_dump(exclude={"open"}), windows=open_within(line.open, site.zone, start, end))
                for line in plant.lines
            ),
            hauls=tuple(HaulSpec(**haul.model_dump()) for haul in plant.hauls),
        )
        for plant in site.plants
    )


def _waves(tracks: Tracks, hours: Floats) -> tuple[float | None, ...]:
    """Return for every hour of the horizon the highest wave forecast at the track hours around it."""
    waves: list[float | None] = []
    for first, last in zip(np.floor(hours[:-1]), np.ceil(hours[1:]), strict=True):
        around = [weather.wave_m for weather in tracks.weather[int(first) : int(last) + 1]]
        waves.append(max((wave for wave in around if wave is not None), default=None))
    return tuple(waves)


def _land(coast: Coast, docks: tuple[DockSpec, ...], states: list[PatchState]) -> tuple[tuple[Ring, ...], ...]:
    """Return the land around all docks and all places where a patch may be collected."""
    points = [(dock.lon, dock.lat) for dock in docks]
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
