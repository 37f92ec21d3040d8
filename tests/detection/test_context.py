"""Looking around where a product lacks bands."""

import numpy as np
import pytest
from rasterio.windows import Window

from detection.context import Context, look_around
from documents.cover import Observed
from models.unet import BANDS, NEEDED
from tests.detection.scenes import CLOUD, FIELD, ULVA, WATER, scene_at, sea
from training.array_scene import ArrayScene

SIZE = 1024
WHOLE = Window(0, 0, SIZE, SIZE)


def without(scene: ArrayScene, lacking: tuple[str, ...]) -> ArrayScene:
    """Return ``scene`` without some bands; that nothing reads them is seen by their being NaN."""
    scene.info = scene.info.model_copy(update={"bands": tuple(band for band in BANDS if band not in lacking)})
    scene.values = scene.values.copy()
    scene.values[[BANDS.index(band) for band in lacking]] = np.nan
    return scene


@pytest.fixture(scope="module")
def bare() -> Context:
    """Land of 40 km², a cloud, and a mat of 0.5 km² that touches neither, in the bands of 10 m alone."""
    values = sea(SIZE, SIZE)
    values[:, :400] = FIELD[:, None, None]
    values[:, 600:700, 100:250] = CLOUD[:, None, None]
    values[:, 700:770, 600:670] = ULVA[:, None, None]
    return look_around(without(scene_at(values), tuple(b for b in BANDS if b not in NEEDED)), None, None)


def test_the_background_has_all_bands_and_is_0_in_those_that_lack(bare: Context):
    background = bare.background_of(WHOLE)
    assert background.shape == (len(BANDS), SIZE, SIZE)
    for index, band in enumerate(BANDS):
        expected = WATER[index] if band in NEEDED else 0.0
        assert np.allclose(background[index], expected, atol=0.002), band


def test_land_and_cloud_are_told_by_the_bands_of_10_m(bare: Context):
    codes = bare.codes_window(WHOLE)
    assert (codes[:400] == Observed.LAND).all()
    assert (codes[600:700, 100:250] == Observed.CLOUD).all()
    assert (codes[700:770, 600:670] == Observed.CLEAR).all()
    assert (codes[800:] == Observed.CLEAR).all()
    assert "缺 B11" in bare.land_rule


def test_only_b11_changes_how_land_is_found():
    values = sea(512, 512)
    values[:, :100] = FIELD[:, None, None]
    full = look_around(scene_at(values), None, None)
    fewer = look_around(without(scene_at(values), ("B05", "B06", "B8A")), None, None)
    assert np.array_equal(full.codes, fewer.codes)
    assert full.land_rule == fewer.land_rule
    assert "缺 B11" not in full.land_rule
