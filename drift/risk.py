"""What a tonne would still do: arrival at assets, and the worth of taking it out before.

A tonne does its harm once. Its worth at an hour is the worst single harm that still lies ahead of it in that member:
at each asset whose radius it is in now or comes into later, the asset's damage per tonne; ashore anywhere else, the
site's clean-up cost; each times the growth until then. While it lies inside an asset's radius it can still be spared,
so it keeps that worth; once it has left the radius, or stranded, that harm is done. A tonne that reaches nothing within
the forecast is worth nothing here.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from documents.geodesy import WGS84
from documents.patches import Patch
from documents.site import Asset
from documents.tracks import Arrival
from drift.stranding import Landed

Floats = npt.NDArray[np.float64]
Hours = npt.NDArray[np.intp]


def next_hours_inside(landed: Landed, asset: Asset) -> Hours:
    """Return, for every hour (patches, members, hours), the first hour from then on inside ``asset``'s radius.

    The hour of stranding is the last that counts; the number of hours stands where there is none.
    """
    hours = landed.lon.shape[-1]
    flat = landed.lon.size
    lon, lat = np.full(flat, asset.lon), np.full(flat, asset.lat)
    metres = np.asarray(WGS84.inv(landed.lon.ravel(), landed.lat.ravel(), lon, lat)[2]).reshape(landed.lon.shape)
    hour = np.arange(hours)
    inside = (metres <= 1000.0 * asset.radius_km) & (hour <= landed.stranded_from[..., None])
    upcoming = np.where(inside, hour, hours)
    return np.asarray(np.minimum.accumulate(upcoming[..., ::-1], axis=-1)[..., ::-1])


def removal_values(
    landed: Landed, remaining: Floats, assets: Sequence[Asset], upcoming: Sequence[Hours], other_damage: float
) -> Floats:
    """Return the worth of removing a tonne, CNY, shape (patches, members, hours); see the module's text.

    ``upcoming`` has, for each of ``assets``, what :func:`next_hours_inside` returns.
    """
    hours = remaining.shape[-1]
    ashore = np.broadcast_to(landed.stranded_from[..., None], remaining.shape)
    worth = _harm(other_damage, ashore, remaining)
    for asset, hour in zip(assets, upcoming, strict=True):
        worth = np.maximum(worth, _harm(asset.damage_cny_per_t, hour, remaining))
    return np.where(np.arange(hours) < ashore, worth, 0.0)


def _harm(damage: float, hour: Hours, remaining: Floats) -> Floats:
    """Return ``damage`` done at index ``hour``, per tonne of each earlier hour; 0 where the hour never comes."""
    last = remaining.shape[-1] - 1
    then = np.take_along_axis(remaining, np.minimum(hour, last), axis=-1)
    return np.where(hour <= last, damage * then / remaining, 0.0)


def arrivals(
    patches: Sequence[Patch], remaining: Floats, assets: Sequence[Asset], upcoming: Sequence[Hours]
) -> tuple[Arrival, ...]:
    """Return the chance of every patch at every asset that some member reaches, patch by patch."""
    hours, found = remaining.shape[-1], []
    for p, patch in enumerate(patches):
        for asset, ahead in zip(assets, upcoming, strict=True):
            first = ahead[p, :, 0]
            reached = first < hours
            if not reached.any():
                continue
            mass = np.take_along_axis(remaining[p], np.minimum(first, hours - 1)[:, None], axis=-1)[:, 0]
            found.append(
                Arrival(
                    patch_id=patch.id,
                    asset_id=asset.id,
                    probability=round(float(reached.mean()), 4),
                    tonnes=round(patch.biomass.mid_t * float((mass * reached).mean()), 1),
                    first_h=float(first[reached].min()),
                    median_h=float(np.median(first[reached])),
                )
            )
    return tuple(found)
