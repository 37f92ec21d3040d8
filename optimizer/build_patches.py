"""Which patches enter the program, on the mean of their tracks, and which are left out for which reason."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from documents.base import LonLat
from documents.coast import Coast
from documents.errors import InputError
from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84, compass_zh, reproject
from documents.patches import Patch
from documents.problem import DockSpec, LeftOut, PatchState, VesselSpec
from documents.site import Planning
from documents.tracks import Member
from optimizer.mean_track import MeanTrack, mean_track

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

OFFSHORE_M = 150.0
"""示例. A boat works no nearer to the coastline: the line is decades old and lacks reclaimed land (Rushan's
``coast_buffer_m`` is the same), and a boat with its booms out needs sea room."""
AFLOAT_SHARE = 0.5
"""示例. A patch counts as there while at least half of its members are afloat."""
LEAST_REMAINING = 1e-4
"""The problem divides by the mass remaining, so it never reaches 0; at this floor nothing is collectable."""


class Waters:
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


class Reach:
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


def choose_patches(
    patches: Sequence[Patch], members: Sequence[Member], hours: Floats, waters: Waters, reach: Reach, planning: Planning
) -> tuple[tuple[PatchState, ...], tuple[LeftOut, ...]]:
    """Return the patches that enter the program and those that are left out, at ``hours`` after the tracks' first time.

    Raise InputError when a patch has no member among ``members``.
    """
    states: list[PatchState] = []
    left_out: list[LeftOut] = []
    members_of: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        members_of[member.patch_id].append(member)
    for patch in patches:
        if patch.id not in members_of:
            raise InputError(f"The tracks hold no member of patch {patch.id}: make them again from these patches.")
        track = mean_track(members_of[patch.id], hours)
        at_sea = waters.is_workable(track.lon, track.lat)
        collectable = at_sea & track.known & (track.afloat >= AFLOAT_SHARE) & (track.remaining > LEAST_REMAINING)
        reason = _reason_to_leave(patch, track, collectable, waters, reach, planning.min_patch_t)
        if reason is None:
            states.append(_state(patch, track, collectable))
        else:
            left_out.append(LeftOut(id=patch.id, tonnes=patch.biomass.mid_t, reason=reason))
    states, surplus = _largest(states, planning.max_patches)
    return tuple(states), (*left_out, *surplus)


def _reason_to_leave(
    patch: Patch, track: MeanTrack, collectable: Bools, waters: Waters, reach: Reach, least_t: float
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
    if not reach.can_reach(track.lon[collectable], track.lat[collectable]):
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
