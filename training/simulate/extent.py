"""Where a simulated scene lies: a whole Sentinel-2 tile, or a part of one off the site's coast."""

import math
from enum import StrEnum

from odc.geo.geobox import GeoBox
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import Polygon

from documents.coast import Coast
from documents.site import Site

TILE_PIXELS = 10_980
"""Side of a tile at 10 m: 100 km of its own, 9.8 km shared with the next (ESA, Sentinel-2 products specification)."""

DEMO_PIXELS = 2_046
"""Side of the demonstration extent: 20.46 km, a multiple of 60 m."""

PIXEL_M = 10
GRID_M = 60
"""The corners of tiles lie on multiples of this, so that 10, 20 and 60 m pixels nest."""


class Extent(StrEnum):
    """How much is simulated."""

    DEMO = "demo"
    FULL = "full"


def scene_grid(extent: Extent, site: Site, coast: Coast) -> tuple[str, GeoBox]:
    """Return the tile's name and the 10 m grid of a scene off ``site``.

    The demonstration is centred half-way between the middle of the sea in the near-shore waters and that in the own
    waters, which shows the coast and the open sea in about equal parts.
    """
    to_utm = Transformer.from_crs(4326, site.epsg, always_xy=True)
    near, own = (_middle_of_sea(waters, coast) for waters in (site.near_shore_polygon(), site.own_waters_polygon()))
    east, north = to_utm.transform((near[0] + own[0]) / 2.0, (near[1] + own[1]) / 2.0)
    name, left, top = mgrs_tile(site.epsg, east, north)
    pixels = TILE_PIXELS
    if extent is Extent.DEMO:
        pixels = DEMO_PIXELS
        half = pixels * PIXEL_M / 2.0
        left, top = (GRID_M * round(v / GRID_M) for v in (east - half, north + half))
    return name, GeoBox((pixels, pixels), from_origin(left, top, PIXEL_M, PIXEL_M), f"EPSG:{site.epsg}")


def _middle_of_sea(waters: Polygon, coast: Coast) -> tuple[float, float]:
    middle = waters.difference(coast.land).centroid
    return middle.x, middle.y


def mgrs_tile(epsg: int, east: float, north: float) -> tuple[str, int, int]:
    """Return name, left edge and top edge (UTM metres) of the Sentinel-2 tile around a point of a UTM zone (north).

    A tile is the 100 km square of the military grid reference system that holds the point (NGA.STND.0037: columns run
    A–H, J–R, S–Z by zone modulo 3, rows A–V every 2,000 km, from F in even zones; I and O are left out), widened to the
    east and south. Its corner is that of the square, moved out to the next multiple of 60 m: 51SUA begins at
    300000 E, 4100040 N.
    """
    zone = epsg % 100
    column, row = math.floor(east / 100_000), math.floor(north / 100_000)
    columns = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[zone % 3]
    rows = "ABCDEFGHJKLMNPQRSTUV"
    latitude = Transformer.from_crs(epsg, 4326, always_xy=True).transform(east, north)[1]
    band = "CDEFGHJKLMNPQRSTUVWXX"[math.floor((latitude + 80.0) / 8.0)]
    letters = columns[column - 1] + rows[(row + (5 if zone % 2 == 0 else 0)) % 20]
    left = GRID_M * math.floor(column * 100_000 / GRID_M)
    top = GRID_M * math.ceil((row + 1) * 100_000 / GRID_M)
    return f"{zone:02d}{band}{letters}", left, top
