import numpy as np
import pytest
from scipy import ndimage

from detection import masks
from detection.coarse import large_components
from detection.context import look_around
from documents.coast import Coast
from documents.cover import Observed
from documents.site import Site
from tests.detection.scenes import CLOUD, FIELD, ULVA, WATER, scene_at, sea

SIZE = 512  # 128 coarse pixels


def codes_of(values, **kwargs):
    return look_around(scene_at(values, **kwargs), None, None).codes


def test_open_water_is_clear():
    assert (codes_of(sea(SIZE, SIZE)) == Observed.CLEAR).all()


def test_a_cloud_is_cloud_and_grows_a_margin():
    values = sea(SIZE, SIZE)
    values[:, 200:300, 200:300] = CLOUD[:, None, None]
    codes = codes_of(values)
    assert (codes[50:75, 50:75] == Observed.CLOUD).all()
    assert codes[48, 60] == Observed.CLOUD
    assert codes[0, 0] == Observed.CLEAR


def test_a_ship_is_no_cloud():
    values = sea(SIZE, SIZE)
    values[:, 200:208, 200:204] = CLOUD[:, None, None]
    assert (codes_of(values) == Observed.CLEAR).all()


def test_the_shadow_of_a_cloud_is_shadow_and_dark_water_elsewhere_is_not():
    values = sea(SIZE, SIZE)
    values[:, 100:180, 100:180] = CLOUD[:, None, None]
    values[:, 260:340, 200:280] *= 0.6
    assert (codes_of(values)[68:82, 53:67] == Observed.SHADOW).mean() > 0.9
    values = sea(SIZE, SIZE)
    values[:, 260:340, 200:280] *= 0.6
    assert not (codes_of(values) == Observed.SHADOW).any()


def test_land_and_its_pond_are_land_by_the_scene_itself():
    values = sea(SIZE, SIZE)
    values[:, :240, :] = FIELD[:, None, None]
    values[:, 80:120, 100:160] = sea(40, 60)
    codes = codes_of(values)
    assert (codes[:60] == Observed.LAND).all()
    assert (codes[70:] == Observed.CLEAR).all()


# Full cover by floating Sargassum, in the bands of the segmenter: the labelled mixed pixels of class Sf
# (intanika/SargassumSensing), less their deep water, doubled.
SARGASSUM = WATER + np.array([0.0, 0.06, 0.04, 0.21, 0.26, 0.35, 0.29, 0.035], np.float32)
LEVELS = {
    "surface": np.zeros(8, np.float32),
    # Path radiance of a clear atmosphere above what the surface reflects.
    "top of atmosphere": np.array([0.075, 0.05, 0.03, 0.024, 0.019, 0.014, 0.012, 0.003], np.float32),
    "glint": np.full(8, 0.03, np.float32),
}


def paint(values, rows, cols, spectrum, cover=1.0):
    values[:, rows, cols] += cover * (np.asarray(spectrum)[:, None, None] - values[:, rows, cols])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("algae", [ULVA, SARGASSUM], ids=["ulva", "sargassum"])
@pytest.mark.parametrize("side", [70, 120])
def test_a_dense_mat_is_never_land_or_cloud(level, algae, side: int):
    values = sea(SIZE, SIZE)
    paint(values, slice(150, 150 + side), slice(150, 150 + side), algae)
    paint(values, slice(SIZE - side, SIZE), slice(SIZE - side, SIZE), algae)  # cut by the edge of the image
    assert (codes_of(values + LEVELS[level][:, None, None]) == Observed.CLEAR).all()


@pytest.mark.parametrize("algae", [ULVA, SARGASSUM], ids=["ulva", "sargassum"])
def test_a_mat_200_m_off_the_land_is_clear(algae):
    values = sea(SIZE, SIZE)
    paint(values, slice(0, 200), slice(None), FIELD)
    paint(values, slice(220, 290), slice(150, 220), algae)
    codes = codes_of(values)
    assert (codes[:50] == Observed.LAND).all()
    assert (codes[55:] == Observed.CLEAR).all()


def test_filaments_beside_a_cloud_are_clear():
    values = sea(SIZE, SIZE)
    paint(values, slice(100, 200), slice(100, 200), CLOUD)
    paint(values, slice(230, 234), slice(None), ULVA)
    paint(values, slice(None), slice(230, 234), SARGASSUM)
    codes = codes_of(values)
    assert (codes[56:] == Observed.CLEAR).all()
    assert (codes[:, 56:] == Observed.CLEAR).all()


@pytest.mark.parametrize("level", LEVELS)
def test_thin_and_broken_cloud_is_cloud(level):
    rng = np.random.default_rng(3)
    opacity = np.clip(ndimage.gaussian_filter(rng.normal(size=(SIZE, SIZE)), 12) * 4.0, 0.0, 0.2)
    values = sea(SIZE, SIZE) + LEVELS[level][:, None, None]
    values += (opacity * (CLOUD[:, None, None] - values)).astype(np.float32)
    # What a cloud's height does: the red and the near infrared see it two pixels from where the blue does.
    values[2:, :, 2:] = values[2:, :, :-2]
    codes = codes_of(values)
    coarse = opacity.reshape(SIZE // 4, 4, SIZE // 4, 4).mean(axis=(1, 3))
    assert (codes[coarse > 0.1] == Observed.CLOUD).mean() > 0.95
    assert not (codes == Observed.LAND).any()


def test_thick_cloud_over_the_sea_is_no_land():
    values = sea(SIZE, SIZE)
    ramp = np.clip(1.5 - np.hypot(*np.mgrid[-256:256, -256:256]) / 120.0, 0.0, 1.0)
    values += (ramp * (CLOUD[:, None, None] - values)).astype(np.float32)
    codes = codes_of(values)
    assert not (codes == Observed.LAND).any()
    assert (codes[40:88, 40:88] == Observed.CLOUD).all()


def test_ships_wakes_and_foam_lines_are_no_cloud():
    values = sea(SIZE, SIZE)
    paint(values, slice(100, 130), slice(100, 105), np.full(8, 0.3))  # 300 m × 50 m
    paint(values, slice(130, 400), slice(100, 106), WATER + 0.03)  # its wake
    paint(values, slice(None), slice(300, 303), WATER + np.array([0.5, 0.5, 0.5, 0.4, 0.35, 0.35, 0.33, 0.1]))
    assert (codes_of(values) == Observed.CLEAR).all()


def test_silty_water_is_clear():
    values = sea(SIZE, SIZE)
    silt = np.array([0.085, 0.104, 0.128, 0.111, 0.072, 0.064, 0.062, 0.02])
    for row in range(SIZE):  # ever more of it towards the mouth of a river
        paint(values, slice(row, row + 1), slice(None), silt, row / SIZE)
    assert (codes_of(values) == Observed.CLEAR).all()


def test_shining_texture_is_no_cloud():
    rng = np.random.default_rng(4)
    streaks = 1.0 + 0.3 * ndimage.gaussian_filter(rng.normal(size=(SIZE, SIZE)), (2, 20)) * 20.0
    values = sea(SIZE, SIZE) + (0.025 * np.clip(streaks, 0.5, 1.5)).astype(np.float32)
    codes = codes_of(values)
    assert (codes == Observed.CLEAR).mean() > 0.99
    assert not (codes == Observed.LAND).any()


@pytest.mark.parametrize("side", [10, 20, 40])  # 0.01 to 0.16 km²
def test_a_grown_over_islet_is_land(side: int):
    values = sea(SIZE, SIZE)
    paint(values, slice(200, 200 + side), slice(200, 200 + side), FIELD)
    codes = codes_of(values)
    assert (codes[50 : 50 + side // 4, 50 : 50 + side // 4] == Observed.LAND).all()
    assert codes[50 + side // 4 + 5, 50] == Observed.CLEAR


def test_the_corner_of_a_coast_is_land_at_the_edge_of_the_image_and_of_the_data():
    values = sea(SIZE, SIZE)
    paint(values, slice(480, SIZE), slice(0, 12), FIELD)
    paint(values, slice(100, 112), slice(388, 400), FIELD)
    values[:, 60:300, 400:] = np.nan
    codes = codes_of(values)
    assert (codes[120:, :3] == Observed.LAND).all()
    assert (codes[25:28, 97:100] == Observed.LAND).all()
    assert (codes[40:110, :90] == Observed.CLEAR).all()


def test_swamp_beside_land_is_land_and_surf_beyond_is_not():
    values = sea(SIZE, SIZE)
    paint(values, slice(0, 100), slice(None), FIELD)
    swamp = WATER + np.array([0.0, 0.015, 0.01, 0.05, 0.1, 0.13, 0.14, 0.05])
    paint(values, slice(100, 200), slice(None), swamp)
    foam = WATER + np.array([0.1, 0.1, 0.1, 0.09, 0.07, 0.07, 0.07, 0.025])
    paint(values, slice(200, 260), slice(200, 240), foam)
    codes = codes_of(values)
    assert (codes[:50] == Observed.LAND).all()
    assert not (codes[54:] == Observed.LAND).any()


def test_missing_pixels_are_no_data():
    values = sea(SIZE, SIZE)
    values[:, :, 400:] = np.nan
    codes = codes_of(values)
    assert (codes[:, 100:] == Observed.NO_DATA).all()
    assert (codes[:, :100] == Observed.CLEAR).all()


def test_shining_water_is_glint():
    values = sea(SIZE, SIZE) + np.float32(0.05)
    assert (codes_of(values) == Observed.GLINT).all()


def test_the_product_s_cloud_mask_counts():
    scene = scene_at(sea(SIZE, SIZE))
    scene.cloud = np.zeros((SIZE, SIZE), bool)
    scene.cloud[:100, :100] = True
    codes = look_around(scene, None, None).codes
    assert (codes[:25, :25] == Observed.CLOUD).all()
    assert codes[60, 60] == Observed.CLEAR


def test_the_coastline_makes_land_with_its_buffer_and_the_scene_does_not(site: Site, coast: Coast):
    # 乳山口: the coast runs through; the scene itself shows nothing but water.
    scene = scene_at(sea(SIZE, SIZE), x=363_000, y=4_072_000)
    context = look_around(scene, site, coast)
    from rasterio.windows import Window

    codes = context.codes_window(Window(0, 0, SIZE, SIZE))
    assert 0.05 < (codes == Observed.LAND).mean() < 0.95
    assert not (context.codes == Observed.LAND).any()
    assert "150 m" in context.land_rule
    buffer_free = site.model_copy(update={"coast_buffer_m": 0.0})
    bare = look_around(scene, buffer_free, coast).codes_window(Window(0, 0, SIZE, SIZE))
    assert (bare == Observed.LAND).sum() < (codes == Observed.LAND).sum()
    assert not ((bare == Observed.LAND) & (codes != Observed.LAND)).any()


def test_a_land_like_mat_inside_the_coastline_s_box_stays_sea(site: Site, coast: Coast):
    values = sea(SIZE, SIZE)
    values[:, 200:400, 200:400] = FIELD[:, None, None]
    context = look_around(scene_at(values, x=420_000, y=4_030_000), site, coast)
    assert not (context.codes == Observed.LAND).any()


def test_large_components_counts_by_area():
    mask = np.zeros((50, 50), bool)
    mask[:10, :10] = True
    mask[20, 20] = True
    assert large_components(mask, 0.1, 40.0).sum() == 100


@pytest.mark.parametrize("offset", [(12, -20), (-9, 15), (0, 25)])
def test_the_offset_of_shadows_is_found(offset: tuple[int, int]):
    rng = np.random.default_rng(5)
    cloud = ndimage.gaussian_filter(rng.normal(size=(200, 230)), 5) > 0.06
    fallen = ndimage.shift(cloud.astype(np.uint8), offset, order=0) > 0
    water = ~cloud
    darkness = (np.where(fallen & water, 0.05, 0.0) + rng.normal(0, 0.02, cloud.shape)).astype(np.float32)
    assert masks.shadow_offset(darkness * water, water, cloud, 40.0) == offset


def test_no_dark_water_gives_no_offset():
    cloud = np.zeros((100, 100), bool)
    cloud[40:50, 40:50] = True
    assert masks.shadow_offset(np.zeros((100, 100), np.float32), ~cloud, cloud, 40.0) is None


# What a bank of sand under two or three metres of water and a plume of silt add to the water.
BANK = np.array([0.012, 0.016, 0.002, 0.001, 0.0, 0.0, 0.0, 0.0], np.float32)
PLUME = np.array([0.012, 0.016, 0.014, 0.008, 0.005, 0.004, 0.004, 0.0], np.float32)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("added", "cover", "seen"),
    [(BANK, 0.0, True), (BANK, 0.1, True), (PLUME, 0.0, False), (0 * BANK, 0.5, False)],
    ids=["bank", "bank under a raft", "plume", "mat"],
)
def test_the_sea_floor_shows_through_clear_water_alone(level, added, cover, seen):
    values = sea(SIZE, SIZE)
    values[:, 200:300, 200:300] += added[:, None, None]
    paint(values, slice(250, 254), slice(200, 300), ULVA, cover)
    bottom = look_around(scene_at(values + LEVELS[level][:, None, None]), None, None).bottom
    assert (bottom[53:72, 53:72].mean() > 0.8) == seen
    assert not bottom[:40].any()


def test_deep_water_all_over_has_no_floor():
    assert not look_around(scene_at(sea(SIZE, SIZE)), None, None).bottom.any()
