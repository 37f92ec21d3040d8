import numpy as np
import pytest
from scipy import ndimage

from detection import masks
from detection.context import look_around
from documents.coast import Coast
from documents.cover import Observed
from documents.site import Site
from tests.detection.scenes import CLOUD, FIELD, mix, scene_at, sea

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


def test_a_dense_mat_is_never_land_or_cloud():
    cover = np.zeros((SIZE, SIZE), np.float32)
    cover[150:350, 150:350] = 1.0
    assert (codes_of(mix(sea(SIZE, SIZE), cover)) == Observed.CLEAR).all()


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
    assert masks.large_components(mask, 0.1, 40.0).sum() == 100


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
