"""Small cases for the tests of what is measured: a grid, patches that were found, a scene in MARIDA's form."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from affine import Affine
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from documents.geodesy import reproject
from documents.patches import Biomass, Kind, Patch
from training.evaluation.cases import Case, make_case
from training.evaluation.imagery import Found

Float = npt.NDArray[np.float32]

GRID = GeoBox((60, 80), Affine(10, 0, 400_000, 0, -10, 4_000_000), "EPSG:32651")


def patch(rows: slice, cols: slice, confidence: float = 0.9, tonnes: tuple[float, float, float] = (1, 2, 3)) -> Patch:
    """Return a found patch over a rectangle of GRID."""
    left, top = GRID.transform * (cols.start, rows.start)
    right, bottom = GRID.transform * (cols.stop, rows.stop)
    outline = reproject(box(left, bottom, right, top), str(GRID.crs), 4326)
    ring = tuple((float(x), float(y)) for x, y in outline.exterior.coords)
    return Patch(
        id=f"p-{rows.start}-{cols.start}",
        polygons=((ring,),),
        centre=ring[0],
        coverage_area_km2=0.01,
        mean_cover=0.5,
        pixels=(rows.stop - rows.start) * (cols.stop - cols.start),
        biomass=Biomass(low_t=tonnes[0], mid_t=tonnes[1], high_t=tonnes[2]),
        confidence=confidence,
        kind=Kind.UNKNOWN,
        nearest_place="—",
        nearest_place_km=0,
        nearest_place_bearing_deg=0,
        sensing_time=datetime(2026, 6, 18, tzinfo=UTC),
        in_own_waters=False,
    )


def case_of(truth: Float, cover: Float, *patches: Patch, kind: str = "uniform mats", level: str = "L1C") -> Case:
    """Return a case on GRID in which all is judged."""
    return make_case(kind, level, "somewhere", truth, Found(cover, patches, GRID), np.ones(truth.shape, bool))


def square(cover: float, rows: slice = slice(20, 30), cols: slice = slice(20, 40)) -> Float:
    """Return a map with one rectangle of ``cover``."""
    field = np.zeros(GRID.shape, np.float32)
    field[rows, cols] = cover
    return field
