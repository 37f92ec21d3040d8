"""What a pixel's surroundings say of it: masks and clear-water background of a scene, found on a coarse grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rasterio.features
from odc.geo.geobox import GeoBox
from rasterio.windows import Window
from shapely import make_valid
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from detection import masks
from detection.cloud import cloud_mask
from detection.coarse import CoarseBands, wet
from detection.land import land_from_scene
from detection.scene import Reflectance, Scene
from detection.water import CELL, background_window, water_background
from documents.coast import Coast
from documents.cover import Observed
from documents.geodesy import reproject
from documents.site import Site
from models.unet import BANDS

Codes = npt.NDArray[np.uint8]
Float = npt.NDArray[np.float32]

OVERVIEW = 2
"""The coarse grid is the scene's grid halved this often (40 m for a 10 m scene)."""

FACTOR = 2**OVERVIEW

NIR = BANDS.index("B08")

VISIBLE_NIR = [BANDS.index(band) for band in ("B02", "B03", "B04", "B08")]


@dataclass(frozen=True)
class Context:
    """Masks and background of a whole scene; small, so that it is held while the scene is read by windows."""

    grid: GeoBox
    codes: Codes
    """Observed codes on the coarse grid; land by the coastline is not in them."""
    background: Float
    """(BANDS, cell rows, cell cols) of :func:`detection.water.water_background`; 0 in the bands that are lacking."""
    bottom: npt.NDArray[np.bool_]
    """Where the sea floor shows through, on the coarse grid."""
    land: BaseGeometry | None
    """Land by the site's coastline with its buffer, in the scene's CRS; None where the site does not reach."""
    land_rule: str

    def codes_window(self, window: Window) -> Codes:
        """Return the observed codes of a window of the scene's grid, land by the coastline included."""
        codes = self.codes[self._coarse(window)].copy()
        if self.land is not None:
            codes[self._land_window(window)] = Observed.LAND
        return codes

    def bottom_window(self, window: Window) -> npt.NDArray[np.bool_]:
        """Return where the sea floor shows through in a window of the scene's grid."""
        return self.bottom[self._coarse(window)]

    def background_of(self, window: Window) -> Float:
        """Return the clear-water background of a window of the scene's grid, (bands, rows, cols)."""
        shape = (int(window.height), int(window.width))
        return background_window(self.background, int(window.row_off), int(window.col_off), shape, CELL * FACTOR)

    def _coarse(self, window: Window) -> tuple[npt.NDArray[np.intp], ...]:
        """Return the index that cuts a window of the scene's grid out of an array on the coarse grid."""
        rows = np.minimum(np.arange(window.row_off, window.row_off + window.height) // FACTOR, self.codes.shape[0] - 1)
        cols = np.minimum(np.arange(window.col_off, window.col_off + window.width) // FACTOR, self.codes.shape[1] - 1)
        return np.ix_(rows, cols)

    def _land_window(self, window: Window) -> npt.NDArray[np.bool_]:
        transform = rasterio.windows.transform(window, self.grid.transform)
        shape = (int(window.height), int(window.width))
        assert self.land is not None
        near = self.land.intersection(box(*rasterio.windows.bounds(window, self.grid.transform)))
        if near.is_empty:
            return np.zeros(shape, bool)
        return np.asarray(
            rasterio.features.rasterize([mapping(near)], out_shape=shape, transform=transform, dtype="uint8") > 0
        )


def look_around(scene: Scene, site: Site | None, coast: Coast | None) -> Context:
    """Return the context of ``scene``; with a site, land inside its coastline's box comes from that coastline."""
    present = tuple(band for band in BANDS if band in scene.info.bands)
    coarse = scene.read(present, overview=OVERVIEW)
    values = dict(zip(present, coarse.values, strict=True))
    pixel_m = abs(scene.grid.transform.a) * FACTOR
    bands = CoarseBands(values["B02"], values["B03"], values["B04"], values["B08"], values.get("B11"), pixel_m)
    # What the masks do not need may be missing too, at the edge of a detector: that is no data as well.
    valid = coarse.valid

    land, known, rule = _coast_land(scene.grid, coarse.grid, site, coast)
    on_land = np.zeros(valid.shape, bool)
    if land is not None and not land.is_empty:
        on_land = rasterio.features.rasterize(
            [mapping(land)], out_shape=on_land.shape, transform=coarse.grid.transform, dtype="uint8", all_touched=True
        ).astype(bool)

    cloud = cloud_mask(bands, scene.read_cloud(overview=OVERVIEW))
    scene_land = land_from_scene(bands, cloud) & ~known
    cloud &= ~scene_land
    # Twice: the first background is taken over all that is left, the second without the shadows that it shows.
    water = wet(bands) & ~(on_land | scene_land | cloud)
    algae = masks.dense_algae(bands)
    background = _background(coarse, water & ~algae)
    blue, green = (_expand(background, valid.shape)[BANDS.index(band)] for band in ("B02", "B03"))
    shadow = masks.shadow_mask(bands, blue, green, cloud) & ~scene_land
    water &= ~shadow
    background = _background(coarse, water & ~algae)
    glint = np.zeros_like(water)
    if bands.swir is not None:
        glint = masks.glint_mask(_expand(background, valid.shape)[BANDS.index("B11")], water)
    bottom = masks.bottom_mask(bands, background[VISIBLE_NIR], water)

    codes = np.full(valid.shape, Observed.CLEAR, np.uint8)
    for mask, code in ((glint, Observed.GLINT), (shadow, Observed.SHADOW), (cloud, Observed.CLOUD)):
        codes[mask] = code
    codes[~valid] = Observed.NO_DATA
    codes[scene_land] = Observed.LAND
    if not known.all():
        seen_by = "短波红外" if bands.swir is not None else "近红外（产品缺 B11，小岛和窄陆地可能漏判）"
        rule += f"；岸线资料以外的陆地由影像自身判定（{seen_by}反射率与连片面积）"
    return Context(scene.grid, codes, background, bottom, land, rule)


def _background(coarse: Reflectance, water: npt.NDArray[np.bool_]) -> Float:
    """Return the background of all BANDS on the cell grid, 0 in those that ``coarse`` has not."""
    cells = water_background(coarse.values, water, coarse.bands.index("B08"))
    background = np.zeros((len(BANDS), *cells.shape[1:]), np.float32)
    background[[BANDS.index(band) for band in coarse.bands]] = cells
    return background


def _expand(cells: Float, shape: tuple[int, int]) -> Float:
    return background_window(cells, 0, 0, shape, CELL)


def _coast_land(
    grid: GeoBox, coarse: GeoBox, site: Site | None, coast: Coast | None
) -> tuple[BaseGeometry | None, npt.NDArray[np.bool_], str]:
    """Return buffered land in the CRS of ``grid``, where on ``coarse`` the coastline is known, and the rule."""
    unknown = np.zeros(coarse.shape, bool)
    if site is None or coast is None:
        return None, unknown, "未使用岸线资料"
    footprint = reproject(grid.extent.geom, str(grid.crs), 4326)
    if not footprint.intersects(coast.extent):
        return None, unknown, f"影像不在{site.name}岸线资料范围内"
    near = coast.land.intersection(footprint.buffer(0.05))
    land = make_valid(reproject(near, 4326, str(grid.crs))).buffer(site.coast_buffer_m)
    extent = reproject(coast.extent.segmentize(0.05), 4326, str(grid.crs))
    known = rasterio.features.rasterize(
        [mapping(extent)], out_shape=coarse.shape, transform=coarse.transform, dtype="uint8"
    ).astype(bool)
    rule = (
        f"陆地取自岸线资料（GSHHG 2.3.7），并外扩 {site.coast_buffer_m:.0f} m；"
        f"离岸 {site.coast_buffer_m:.0f} m 以内的水面因此不作判断"
    )
    return land, known, rule
