"""Stranding: where a track first meets the shore, it ends."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from documents.coast import Coast

Floats = npt.NDArray[np.float64]

SHORE_DEG = 1e-4
"""A patch is ashore within this distance of the coastline: 11 m of latitude, 9 m of longitude at 37 N. It keeps a
stranded position on the sea side of the line after rounding to 1e-5 degrees, and is far below what the coastline
itself is good for (GSHHG full resolution: a point every 100 m or so)."""


@dataclass(frozen=True)
class Landed:
    """Tracks that end at the shore."""

    lon: Floats
    """(patches, members, hours); from stranding on, the point where the track met the shore."""
    lat: Floats
    stranded_from: npt.NDArray[np.intp]
    """(patches, members): index of the first hour ashore; the number of hours where there is none."""


def strand(lon: Floats, lat: Floats, coast: Coast) -> Landed:
    """Stop every track (patches, members, hours) at the first hour whose straight step meets the shore of ``coast``.

    Outside the coast's box nothing is known and nothing strands.
    """
    hours = lon.shape[-1]
    points = np.stack([lon, lat], axis=-1).reshape(-1, hours, 2)
    first = np.full(len(points), hours, dtype=np.intp)
    shore = coast.land.buffer(SHORE_DEG)
    shapely.prepare(shore)
    meets = np.flatnonzero(shapely.intersects(shore, shapely.linestrings(points)))
    if len(meets):
        steps = np.asarray(shapely.linestrings(np.stack([points[meets, :-1], points[meets, 1:]], axis=2)))
        step = np.argmax(shapely.intersects(shore, steps), axis=1)
        step_line = steps[np.arange(len(meets)), step]
        origin = shapely.points(points[meets, step])
        entry = shapely.shortest_line(origin, shapely.intersection(step_line, shore))
        at_shore = shapely.get_coordinates(shapely.get_point(entry, 1))
        first[meets] = np.where(shapely.intersects(shore, origin), step, step + 1)
        ashore = np.arange(hours) >= first[meets, None]
        points[meets] = np.where(ashore[..., None], at_shore[:, None], points[meets])
    tracks = points.reshape(*lon.shape, 2)
    return Landed(tracks[..., 0], tracks[..., 1], first.reshape(lon.shape[:2]))
