"""The ensemble: one current and one growth rate a member, the same for all patches, and where they take each patch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.base import LonLat
from documents.geodesy import WGS84
from documents.site import Drift

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ensemble:
    """What drives each member; every array has the shape (members,)."""

    east_m_s: Floats
    north_m_s: Floats
    growth_per_day: Floats
    """Gain of mass over a day, as a fraction of the mass at its start."""


def draw_ensemble(drift: Drift) -> Ensemble:
    """Draw each component of a member's current from a normal distribution about the site's mean current.

    Growth rates are spaced evenly from the low to the high end, so that even a small ensemble holds both. A member is
    one state of the sea: its current and its growth rate hold for every patch.
    """
    draws = np.random.default_rng(drift.seed).standard_normal((2, drift.members)) * drift.current.spread_m_s
    growth = np.linspace(drift.growth.low_per_day, drift.growth.high_per_day, drift.members)
    return Ensemble(drift.current.east_m_s + draws[0], drift.current.north_m_s + draws[1], growth)


def drift_positions(centres: Sequence[LonLat], ensemble: Ensemble, hours: int) -> tuple[Floats, Floats]:
    """Return longitude and latitude, shape (patches, members, hours + 1), of free drift from ``centres``.

    A constant current takes a patch along a geodesic of the ellipsoid; land is not looked at.
    """
    shape = (len(centres), len(ensemble.east_m_s), hours + 1)
    azimuth = np.degrees(np.arctan2(ensemble.east_m_s, ensemble.north_m_s))[None, :, None]
    metres = np.hypot(ensemble.east_m_s, ensemble.north_m_s)[:, None] * 3600.0 * np.arange(hours + 1)
    start = np.asarray(centres, dtype=float).reshape(len(centres), 2)
    lon, lat, _ = WGS84.fwd(
        np.broadcast_to(start[:, 0, None, None], shape).ravel(),
        np.broadcast_to(start[:, 1, None, None], shape).ravel(),
        np.broadcast_to(azimuth, shape).ravel(),
        np.broadcast_to(metres, shape).ravel(),
    )
    return np.asarray(lon).reshape(shape), np.asarray(lat).reshape(shape)


def remaining_mass(ensemble: Ensemble, stranded_from: npt.NDArray[np.intp], hours: int) -> Floats:
    """Return mass relative to the start, shape (patches, members, hours + 1); growth stops where a member strands.

    ``stranded_from`` (patches, members) is the index of the first hour ashore, ``hours + 1`` where there is none.
    """
    growing_h = np.minimum(np.arange(hours + 1), stranded_from[..., None])
    return np.asarray((1.0 + ensemble.growth_per_day[:, None]) ** (growing_h / 24.0))
