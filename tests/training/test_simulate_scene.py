"""Scenes: what is where, and what the camera makes of it."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from rasterio.transform import from_origin

from documents.coast import Coast
from documents.cover import Observed
from documents.scene import Level
from documents.site import Site
from training.endmembers import CLEAR_WATER, TURBID_WATER, ULVA, floating_index
from training.simulate.camera import MAT_COVER, Camera, SceneClass, scene_classification
from training.simulate.extent import Extent, mgrs_tile, scene_grid
from training.simulate.scene import ALGAE_FROM_COAST_M, Scene, compose
from training.simulate.sensor import blur, resample
from training.simulate.texture import shrink
from training.simulate.truth import cloud_mask, true_cover, true_observed

MOMENT = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)


def quiet(_step: str, _share: float) -> None:
    pass


def grid_at(lon: float, lat: float, pixels: int) -> GeoBox:
    east, north = Transformer.from_crs(4326, 32651, always_xy=True).transform(lon, lat)
    return GeoBox((pixels, pixels), from_origin(60 * round(east / 60), 60 * round(north / 60), 10, 10), "EPSG:32651")


@pytest.fixture(scope="module")
def demo(site: Site, coast: Coast) -> Scene:
    return compose(coast, scene_grid(Extent.DEMO, site, coast)[1], 1, MOMENT, quiet)


@pytest.fixture(scope="module")
def offshore(coast: Coast) -> Scene:
    return compose(coast, grid_at(121.70, 36.70, 360), 3, MOMENT, quiet)


def test_extents(site: Site, coast: Coast) -> None:
    tile, demo = scene_grid(Extent.DEMO, site, coast)
    full_tile, full = scene_grid(Extent.FULL, site, coast)
    assert tile == full_tile == "51SUA"
    assert full.shape == (10_980, 10_980)
    assert (full.transform.c, full.transform.f) == (300_000, 4_100_040)
    assert demo.shape[0] % 6 == demo.shape[1] % 6 == 0
    assert full.extent.geom.contains(demo.extent.geom)


@pytest.mark.parametrize(
    ("epsg", "east", "north", "expected"),
    [
        (32632, 720_000, 5_150_000, ("32TQS", 699_960, 5_200_020)),
        (32633, 350_000, 5_250_000, ("33TUN", 300_000, 5_300_040)),
        (32633, 550_000, 8_850_000, ("33XWJ", 499_980, 8_900_040)),  # as in a real product's metadata
        (32651, 450_000, 4_050_000, ("51SVA", 399_960, 4_100_040)),
    ],
)
def test_tiles_lie_on_the_grid_of_the_mission(
    epsg: int, east: float, north: float, expected: tuple[str, int, int]
) -> None:
    assert mgrs_tile(epsg, east, north) == expected


def test_demo_is_a_green_tide_off_a_coast(demo: Scene) -> None:
    observed = true_observed(demo)
    cover = true_cover(demo, observed)
    assert 1.0 < demo.cover.sum() * 1e-4 < 4.0
    called = (np.nan_to_num(cover) > 0).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(called, connectivity=8)
    assert 10 <= (stats[1:, cv2.CC_STAT_AREA] >= 20).sum() <= 60
    assert demo.cover[demo.cover > 0.2].sum() > 0.75 * demo.cover.sum()
    assert 0.04 < cloud_mask(demo).mean() < 0.15
    hidden = 1.0 - np.nansum(cover) / demo.cover.sum()
    assert 0.02 < hidden < 0.3
    assert 0.15 < demo.shore.land.mean() < 0.5


def test_no_algae_on_land_or_near_it(demo: Scene) -> None:
    assert demo.cover[demo.shore.land].max() == 0.0
    near = demo.shore.distance_m.repeat(6, 0).repeat(6, 1) < ALGAE_FROM_COAST_M - 600.0
    assert demo.cover[near].sum() == 0.0
    cover = true_cover(demo, true_observed(demo))
    assert np.isnan(cover[demo.shore.land]).all()


def test_truth_is_unknown_exactly_where_nothing_was_seen(offshore: Scene) -> None:
    observed = true_observed(offshore)
    cover = true_cover(offshore, observed)
    np.testing.assert_array_equal(np.isnan(cover), observed != Observed.CLEAR)
    assert {Observed.CLEAR, Observed.CLOUD} <= set(np.unique(observed).tolist())
    np.testing.assert_array_equal(cover[observed == Observed.CLEAR], offshore.cover[observed == Observed.CLEAR])


def test_same_seed_same_scene(coast: Coast, offshore: Scene) -> None:
    grid = offshore.grid
    again, other = (compose(coast, grid, seed, MOMENT, quiet) for seed in (3, 4))
    for band in ("B04", "B11"):
        first = Camera(offshore, Level.L2A).reflectance(band)
        np.testing.assert_array_equal(first, Camera(again, Level.L2A).reflectance(band))
        assert (first != Camera(other, Level.L2A).reflectance(band)).mean() > 0.9
    np.testing.assert_array_equal(offshore.cover, again.cover)
    np.testing.assert_array_equal(offshore.clouds.opacity, again.clouds.opacity)
    assert (offshore.cover != other.cover).any()


def test_strips_make_the_same_light_as_the_whole(offshore: Scene) -> None:
    whole = offshore.toa("B08", slice(0, 360))
    np.testing.assert_allclose(offshore.toa("B08", slice(120, 240)), whole[120:240], atol=1e-6)


def test_index_of_the_image_is_linear_in_cover(demo: Scene) -> None:
    """FAI of L2A pixels rises with the true (blurred) cover as the end-members say, within their spread."""
    camera = Camera(demo, Level.L2A)
    image = {band: resample(camera.reflectance(band), band) for band in ("B04", "B08", "B11")}
    share = (832.8 - 664.6) / (1613.7 - 664.6)
    fai = image["B08"] - (image["B04"] + share * (image["B11"] - image["B04"]))
    clear = (true_observed(demo) == Observed.CLEAR) & (demo.clouds.shadow.repeat(2, 0).repeat(2, 1) < 0.02)
    clear &= demo.clouds.opacity.repeat(2, 0).repeat(2, 1) < 0.01
    seen = blur(demo.cover)
    full = floating_index(ULVA, "B04", "B08", "B11")
    water = np.mean([floating_index(s, "B04", "B08", "B11") for s in (CLEAR_WATER, TURBID_WATER)])
    dense = clear & (seen > 0.6)
    assert dense.sum() > 500
    ratio = (fai[dense] - water) / (seen[dense] * (full - water))
    assert np.median(ratio) == pytest.approx(1.0, abs=0.08)
    assert np.percentile(np.abs(ratio - 1.0), 90) < 0.2
    empty = clear & (seen == 0) & (demo.shore.offshore_m > 300) & (demo.hulls == 0) & (demo.foam == 0)
    assert abs(float(np.median(fai[empty])) - water) < 0.01


def test_levels_differ_by_the_atmosphere(offshore: Scene) -> None:
    top, bottom = (Camera(offshore, level).reflectance("B02") for level in (Level.L1C, Level.L2A))
    sea = ~cloud_mask(offshore)
    assert np.median(top[sea]) > np.median(bottom[sea]) + 0.04
    assert Camera(offshore, Level.L1C).reflectance("B10").max() < 0.03


@pytest.mark.parametrize(("band", "pixels"), [("B08", 360), ("B8A", 180), ("B01", 60)])
def test_bands_have_their_own_resolution(offshore: Scene, band: str, pixels: int) -> None:
    image = Camera(offshore, Level.L1C).reflectance(band)
    assert image.shape == (pixels, pixels)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()


def test_classification_takes_mats_for_vegetation(demo: Scene) -> None:
    codes = scene_classification(demo)
    clouds = demo.clouds.opaque | demo.clouds.shaded
    mats = (shrink(demo.cover, 2) > MAT_COVER) & ~clouds
    assert mats.sum() > 100
    assert (codes[mats] == SceneClass.VEGETATION).all()
    sea = (shrink(demo.shore.land.astype(np.float32), 2) == 0) & ~clouds & (shrink(demo.cover, 2) < 0.1)
    assert (codes[sea] == SceneClass.WATER).mean() > 0.98
    assert np.isin(codes[demo.clouds.opaque], (SceneClass.CLOUD_MEDIUM, SceneClass.CLOUD_HIGH)).all()
    assert (codes[demo.clouds.shaded] == SceneClass.SHADOW).all()


def test_clouds_hide_and_darken(demo: Scene) -> None:
    top = Camera(demo, Level.L1C).reflectance("B02")
    opaque = (demo.clouds.opacity > 0.9).repeat(2, 0).repeat(2, 1)
    sea = ~demo.shore.land & (demo.shore.offshore_m > 300)
    assert np.percentile(top[opaque], 5) > 0.25
    shaded = demo.clouds.shaded.repeat(2, 0).repeat(2, 1)
    clear = true_observed(demo) == Observed.CLEAR
    assert np.median(top[shaded & sea]) < np.median(top[clear & sea])


def test_ships_are_small_and_bright(demo: Scene) -> None:
    count, _, stats, _ = cv2.connectedComponentsWithStats((demo.hulls > 0.05).astype(np.uint8), connectivity=8)
    assert count > 3
    assert stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max() <= 14
    assert not demo.hulls[demo.shore.land].any()
