"""Tiled inference and detection whole, with a pointwise stand-in for the network: what it says of a pixel is known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from rasterio.windows import Window
from torch import Tensor, nn

from detection import detect as detection
from detection import segment as tiles
from detection.context import look_around
from detection.detect import detect
from detection.scene import Reflectance
from detection.segment import segment
from detection.vectorise import components
from documents.cover import Observed, read_cover
from documents.errors import InputError
from documents.patches import Patches
from documents.site import Site
from models.unet import BANDS, NEEDED, OPTIONAL, Segmentation, Segmenter
from models.weights import Weights
from tests.detection.scenes import CLOUD, WATER, mix, scene_at, sea

STEP = 0.515 - WATER[BANDS.index("B08")]


class Pointwise(nn.Module):
    """Calls a pixel by its near-infrared anomaly and reads the cover off it."""

    def forward(self, inputs: Tensor) -> Segmentation:
        nir = inputs[:, BANDS.index("B08")].float()
        cover = (nir / float(STEP)).clamp(0.0, 1.0)
        return Segmentation(floating=(nir - 0.02) * 400, cover=cover, ulva=torch.full_like(nir, 4.0))


@pytest.fixture
def weights() -> Weights:
    return Weights(Pointwise(), "pointwise", "0" * 64, 0.5, 0.6)  # type: ignore[arg-type]


def streak(rows: int, cols: int) -> np.ndarray:
    cover = np.zeros((rows, cols), np.float32)
    cover[:, cols // 2 : cols // 2 + 3] = 0.6
    cover[rows // 2 : rows // 2 + 4, 20 : cols - 20] = 0.3
    return cover


def silent(message: str, share: float) -> None:
    assert message
    assert 0 <= share <= 1


@pytest.mark.parametrize("size", [(600, 700), (513, 200), (100, 90), (449, 961)])
def test_tiles_cover_every_pixel_and_seams_do_not_show(weights: Weights, size: tuple[int, int]):
    truth = streak(*size)
    scene = scene_at(mix(sea(*size), truth))
    result = segment(scene, look_around(scene, None, None), weights, silent)
    assert result.cover.shape == size
    assert np.isfinite(result.cover).all()
    assert np.abs(result.cover - truth).max() < 0.03
    assert np.array_equal(np.flatnonzero(result.cover > 0), result.called)


@pytest.mark.parametrize("core", [64, 144])
def test_smaller_tiles_give_the_same_map(monkeypatch: pytest.MonkeyPatch, core: int):
    torch.manual_seed(0)
    weights = Weights(Segmenter().eval(), "untrained", "0" * 64, 0.5, 0.5)
    size = (330, 350)  # a tile in the midst of it has all its surroundings
    scene = scene_at(mix(sea(*size), streak(*size)))
    context = look_around(scene, None, None)
    whole = segment(scene, context, weights, silent)
    monkeypatch.setattr(tiles, "CORE", core)
    pieces = segment(scene, context, weights, silent)
    assert len(whole.called) > 0
    assert np.nanmax(np.abs(whole.cover - pieces.cover)) < 1e-3


def test_each_row_is_read_once(weights: Weights, monkeypatch: pytest.MonkeyPatch):
    scene = scene_at(mix(sea(900, 60), streak(900, 60)))
    context = look_around(scene, None, None)
    read: list[int] = []
    original = scene.read

    def watch(bands: Sequence[str], window: Window | None = None, overview: int = 0) -> Reflectance:
        assert window is not None
        read.extend(range(window.row_off, window.row_off + window.height))
        return original(bands, window, overview)

    monkeypatch.setattr(scene, "read", watch)
    monkeypatch.setattr(tiles, "CORE", 144)
    segment(scene, context, weights, silent)
    assert read == list(range(900))


def test_a_scene_of_the_four_fine_bands_is_told_as_such(weights: Weights, site: Site, tmp_path: Path, shipped: None):
    truth = streak(200, 200)
    scene = scene_at(mix(sea(200, 200), truth))
    scene.info = scene.info.model_copy(update={"bands": NEEDED})
    result = detect(scene, site, tmp_path, silent)
    assert result.lacking_bands == OPTIONAL
    cover, _, _ = read_cover(tmp_path)
    assert np.nanmax(np.abs(cover - truth)) < 0.03


def test_a_patch_needs_a_sure_pixel(weights: Weights):
    """A streak of faint pixels alone is no patch; beside a dense one it is."""
    truth = np.zeros((200, 200), np.float32)
    faint = 0.0205 / float(STEP)  # called, but below 0.6
    truth[50, 20:60], truth[150, 20:60] = faint, faint
    truth[150, 40] = 0.5
    scene = scene_at(mix(np.repeat(WATER, 200 * 200).reshape(len(BANDS), 200, 200), truth))
    result = segment(scene, look_around(scene, None, None), weights, silent)
    assert (result.cover[50, 22:58] > 0).all()
    (patch,) = components(result)
    assert set(patch.rows) == {150}


def test_what_is_not_seen_is_nan_and_never_zero(weights: Weights):
    values = mix(sea(400, 400), streak(400, 400))
    values[:, :60] = np.nan
    values[:, 100:200, 100:200] = CLOUD[:, None, None]
    scene = scene_at(values)
    result = segment(scene, look_around(scene, None, None), weights, silent)
    clear = result.observed == Observed.CLEAR
    assert np.array_equal(np.isfinite(result.cover), clear)
    assert (result.observed[:60] == Observed.NO_DATA).all()
    assert (result.observed[110:190, 110:190] == Observed.CLOUD).all()


@pytest.fixture
def shipped(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "load_weights", lambda path: weights)


@pytest.mark.usefixtures("shipped")
def test_detection_writes_its_three_documents(site: Site, tmp_path: Path):
    scene = scene_at(mix(sea(400, 400), streak(400, 400)), x=385_000, y=4_060_000)
    result = detect(scene, site, tmp_path, silent)
    assert Patches.read(tmp_path / "patches.geojson") == result
    cover, _observed, grid = read_cover(tmp_path)
    assert grid == scene.grid
    assert len(result.patches) == 1
    patch = result.patches[0]
    assert patch.in_own_waters
    assert patch.coverage_area_km2 == result.own_coverage_area_km2 == result.coverage_area_km2
    assert result.coverage_area_km2 == pytest.approx(np.nansum(cover) * 100 / 1e6, rel=0.002)
    assert result.distribution_area_km2 > result.coverage_area_km2
    assert result.observed_share is not None
    assert 0 < result.observed_share < 0.1, "the scene shows a small part of the site's waters"
    assert result.clear_share == 1.0
    assert "pointwise" in result.network


@pytest.mark.usefixtures("shipped")
def test_the_same_scene_gives_the_same_bytes(site: Site, tmp_path: Path):
    for name in ("one", "two"):
        detect(scene_at(mix(sea(200, 200), streak(200, 200))), site, tmp_path / name, silent)
    for file in ("cover.tif", "observed.tif", "patches.geojson"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.usefixtures("shipped")
def test_empty_water_is_no_patch_and_cloud_no_clear_water(site: Site, tmp_path: Path):
    clear = detect(scene_at(sea(200, 200)), site, tmp_path / "clear", silent)
    assert (clear.patches, clear.coverage_area_km2, clear.clear_share) == ((), 0.0, 1.0)
    clouds = np.broadcast_to(CLOUD[:, None, None], (len(BANDS), 200, 200)).astype(np.float32)
    scene = scene_at(clouds)
    scene.cloud = np.ones((200, 200), bool)
    cloudy = detect(scene, site, tmp_path / "cloudy", silent)
    assert (cloudy.patches, cloudy.clear_share) == ((), 0.0)


def test_a_scene_without_time_or_band_is_a_sentence(tmp_path: Path):
    scene = scene_at(sea(64, 64))
    scene.info = scene.info.model_copy(update={"sensing_time": None})
    with pytest.raises(InputError, match="when it was taken"):
        detect(scene, None, tmp_path, silent)
    scene.info = scene.info.model_copy(update={"bands": ("B02", "B03")})
    with pytest.raises(InputError, match="lacks B04, B08"):
        detect(scene, None, tmp_path, silent)
    scene = scene_at(sea(64, 64))
    with pytest.raises(InputError, match="holds no weights"):
        detect(scene, None, tmp_path, silent, tmp_path / "none.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_thin_algae_over_a_visible_floor_are_left_open_and_thick_ones_called(weights: Weights):
    values = sea(512, 512)
    values[:, 200:300, 200:300] += np.array([0.012, 0.016, 0.002, 0.001, 0, 0, 0, 0], np.float32)[:, None, None]
    truth = np.zeros((512, 512), np.float32)
    truth[240, 220:280], truth[260, 220:280], truth[40, 220:280] = 0.1, 0.6, 0.1
    scene = scene_at(mix(values, truth))
    cover = segment(scene, look_around(scene, None, None), weights, silent).cover
    assert not (cover[240, 220:280] > 0).any()
    assert (cover[260, 220:280] > 0.5).all()
    assert (cover[40, 220:280] > 0.05).all(), "off the bank the same thin algae are called"
