"""From patches to tracks by a constant current with a spread, ending at the shore."""

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from documents.coast import Coast
from documents.patches import Patches
from documents.site import Site
from documents.tracks import Member, Tracks, Weather
from drift.ensemble import draw_ensemble, drift_positions, remaining_mass
from drift.risk import arrivals, next_hours_inside, removal_values
from drift.stranding import Landed, strand

POSITION_DECIMALS, MASS_DECIMALS, VALUE_DECIMALS = 5, 4, 1
"""What is written: positions to 1 m, mass to 1e-4, worth to 0.1 CNY; finer than any of them is known."""


def forecast(patches: Patches, site: Site, coast: Coast) -> Tracks:
    """Return the tracks of all ``patches``: hourly from the sensing time, for every member of the site's ensemble."""
    drift, centres = site.drift, [patch.centre for patch in patches.patches]
    ensemble = draw_ensemble(drift)
    landed = strand(*drift_positions(centres, ensemble, drift.hours), coast)
    remaining = remaining_mass(ensemble, landed.stranded_from, drift.hours)
    upcoming = [next_hours_inside(landed, asset) for asset in site.assets]
    values = removal_values(landed, remaining, site.assets, upcoming, site.planning.other_damage_cny_per_t)
    times = tuple(patches.sensing_time + timedelta(hours=hour) for hour in range(drift.hours + 1))
    return Tracks(
        site_id=site.id,
        sensing_time=patches.sensing_time,
        times=times,
        members=_members(patches, landed, remaining, values),
        arrivals=arrivals(patches.patches, remaining, site.assets, upcoming),
        weather=tuple(Weather(time=moment) for moment in times),
        forcing=(_forcing(site),) * len(times),
        method=(
            f"恒定海流集合预报：{drift.members} 个成员，自成像时刻起 {drift.hours} h；"
            f"每个成员取一个海流和一个日增长率，对所有斑块相同；遇岸即搁浅。随机种子 {drift.seed}。"
        ),
    )


def _members(
    patches: Patches,
    landed: Landed,
    remaining: npt.NDArray[np.float64],
    values: npt.NDArray[np.float64],
) -> tuple[Member, ...]:
    lon, lat = landed.lon.round(POSITION_DECIMALS), landed.lat.round(POSITION_DECIMALS)
    mass, worth = remaining.round(MASS_DECIMALS), values.round(VALUE_DECIMALS)
    patch_count, member_count, hours = lon.shape
    return tuple(
        Member(
            patch_id=patches.patches[p].id,
            member=m,
            lon=tuple(lon[p, m].tolist()),
            lat=tuple(lat[p, m].tolist()),
            remaining=tuple(mass[p, m].tolist()),
            stranded_from=int(landed.stranded_from[p, m]) if landed.stranded_from[p, m] < hours else None,
            value_cny_per_t=tuple(worth[p, m].tolist()),
        )
        for p in range(patch_count)
        for m in range(member_count)
    )


def _forcing(site: Site) -> str:
    current, growth = site.drift.current, site.drift.growth
    return (
        f"恒定海流：东 {current.east_m_s:g} m/s、北 {current.north_m_s:g} m/s，各分量标准差 {current.spread_m_s:g} m/s"
        f"（{current.source}）；日增长率 {growth.low_per_day:g}–{growth.high_per_day:g}（{growth.source}）"
    )
