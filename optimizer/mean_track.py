"""One track for a patch out of its ensemble: what the plan is made on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.tracks import Member

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MeanTrack:
    """A patch at each hour asked for; every array has the shape (hours,)."""

    lon: Floats
    lat: Floats
    """Mean over the members afloat; where none is, the last such position."""
    remaining: Floats
    """Mass afloat relative to sensing time, mean over all members."""
    value_cny_per_t: Floats
    """Mean over the members afloat, weighted by their mass; 0 where none is."""
    afloat: Floats
    """Share of the members afloat."""
    known: npt.NDArray[np.bool_]
    """Whether the tracks reach that far."""


def mean_track(members: Sequence[Member], hours: Floats) -> MeanTrack:
    """Return the mean of ``members`` at ``hours`` after the first of their hourly times.

    Position and mass run linearly from hour to hour. The worth of a tonne holds from its hour mark to the next: a
    member's worth drops to 0 in the hour it strands, and a tonne taken before that spares the harm whole.
    """
    lon, lat, mass, value = (
        np.array([getattr(member, name) for member in members])
        for name in ("lon", "lat", "remaining", "value_cny_per_t")
    )
    last = lon.shape[1] - 1
    x = np.clip(hours, 0.0, last)
    mark = np.minimum(x.astype(int), last - 1)
    share = x - mark
    ends = np.array([np.inf if member.stranded_from is None else member.stranded_from for member in members])
    afloat = x < ends[:, None]
    count = afloat.sum(axis=0)

    def between(series: Floats) -> Floats:
        return np.asarray(series[:, mark] * (1.0 - share) + series[:, mark + 1] * share)

    def mean_afloat(series: Floats) -> Floats:
        mean = (series * afloat).sum(axis=0) / np.maximum(count, 1)
        if not count.any():
            return np.asarray(series.mean(axis=0))
        # Where no member is afloat: the last hour with one, or before the first such hour, that one.
        filled = np.maximum.accumulate(np.where(count > 0, np.arange(len(x)), np.argmax(count > 0)))
        return np.asarray(mean[filled])

    weight = between(mass) * afloat
    total = weight.sum(axis=0)
    worth = (weight * value[:, np.floor(x).astype(int)]).sum(axis=0) / np.where(total > 0, total, 1.0)
    return MeanTrack(
        lon=mean_afloat(between(lon)),
        lat=mean_afloat(between(lat)),
        remaining=total / len(members),
        value_cny_per_t=worth,
        afloat=count / len(members),
        known=hours <= last,
    )
