from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from documents.errors import InputError
from models.unet import BANDS, INPUTS
from training import samples
from training.marida import Label, read_scene, scenes, write_mosaic
from training.samples import SIZE, Materials, Piece, mixed_sample, piece_of, real_sample, sargassum_directions
from training.silt import SATURATION, silt_reflectance

ALL = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
SARGASSUM = np.array([[0.02, 0.06, 0.04, 0.18, 0.24, 0.03]], np.float32)


def write_scene(folder: Path, scene: str, patches: int = 2) -> None:
    """Write a scene in MARIDA's form: water with a labelled streak of Sargassum."""
    (folder / scene).mkdir(parents=True)
    for index in range(patches):
        rng = np.random.default_rng(index)
        values = rng.normal(150, 8, (11, 256, 256))
        labels = np.zeros((256, 256), np.float32)
        values[7:9, 100:104, 50:200] += 900
        labels[100:104, 50:200:3] = Label.DENSE_SARGASSUM
        labels[200:220, 20:200] = Label.MARINE_WATER
        labels[10:14, 10:14] = Label.SHIP
        profile = {
            "driver": "GTiff", "height": 256, "width": 256, "crs": "EPSG:32616",
            "transform": Affine(10, 0, 400_000 + 2560 * index, 0, -10, 1_700_000),
        }  # fmt: skip
        path = folder / scene / f"{scene}_{index}.tif"
        with rasterio.open(path, "w", count=11, dtype="int16", nodata=-32768, **profile) as target:
            target.write(values.astype(np.int16))
            target.descriptions = ALL
            target.scales = (0.0001,) * 11
            target.update_tags(ACQUISITION_DATE="2018-09-14")
        with rasterio.open(path.with_name(f"{path.stem}_cl.tif"), "w", count=1, dtype="float32", **profile) as target:
            target.write(labels, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marida")
    write_scene(folder, "S2_1-1-20_16PCC")
    return folder


@pytest.fixture(scope="module")
def pieces(folder: Path) -> list[Piece]:
    return [piece_of(patch) for patch in read_scene(folder, "S2_1-1-20_16PCC")]


def test_scenes_are_found_and_their_absence_is_a_sentence(folder: Path, tmp_path: Path):
    assert scenes(folder) == ["S2_1-1-20_16PCC"]
    with pytest.raises(InputError, match="no MARIDA scenes"):
        scenes(tmp_path)


def test_the_mosaic_holds_every_patch_in_its_place(folder: Path, tmp_path: Path):
    path, labels = write_mosaic(folder, "S2_1-1-20_16PCC", tmp_path)
    with rasterio.open(path) as mosaic:
        assert mosaic.shape == labels.shape == (256, 512)
        assert mosaic.descriptions == ALL
        assert mosaic.tags()["datetime"].startswith("2018-09-14T")
        with rasterio.open(folder / "S2_1-1-20_16PCC" / "S2_1-1-20_16PCC_1.tif") as patch:
            assert (mosaic.read(8)[:, 256:] == patch.read(8)).all()


def test_the_background_is_the_water_around(pieces: list[Piece]):
    assert pieces[0].background[BANDS.index("B08")] == pytest.approx(0.0147, abs=0.0015)
    assert pieces[0].anomaly[BANDS.index("B08"), 101, 60] > 0.08


def test_algae_are_never_quiet_and_plain_water_is(pieces: list[Piece]):
    quiet = pieces[0].quiet
    assert not quiet[100:104, 50:200].any()
    assert quiet[200:220, 20:200].all()


def test_a_real_sample_counts_labels_alone(pieces: list[Piece]):
    spots = [np.array([[0, 101, 80]])]
    for seed in range(5):
        sample = real_sample(pieces, spots, np.random.default_rng(seed))
        assert sample.inputs.shape == (INPUTS, SIZE, SIZE)
        assert sample.called_weight[sample.called > 0].min() == 1.0
        assert (sample.cover_weight[sample.called > 0] == 0).all(), "labels tell nothing of the cover fraction"
        assert (sample.ulva == 0).all()


def test_a_mixture_is_the_linear_one(pieces: list[Piece], monkeypatch: pytest.MonkeyPatch):
    materials = Materials(SARGASSUM, np.zeros((1, len(BANDS)), np.float32))
    monkeypatch.setattr(samples, "cover_field", lambda shape, rng, density: np.full(shape, 0.5, np.float32))
    seen = 0
    for seed in range(12):
        sample = mixed_sample(pieces, materials, np.random.default_rng(seed))
        bright = sample.inputs[BANDS.index("B08")][(sample.cover > 0.45) & (sample.cover_weight > 0)]
        if len(bright):
            seen += 1
            assert 0.05 < np.median(bright) < 0.35
            assert (sample.called[sample.cover >= samples.CALLED_COVER] == 1).all()
    assert seen >= 3


def test_samples_are_seeded(pieces: list[Piece]):
    materials = Materials(SARGASSUM, np.full((1, len(BANDS)), 0.1, np.float32))
    one, again = (mixed_sample(pieces, materials, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one.inputs, again.inputs)
    other = mixed_sample(pieces, materials, np.random.default_rng(5))
    assert not np.array_equal(one.inputs, other.inputs)


def test_silt_saturates_in_red_before_the_near_infrared():
    load = np.array([10.0, 100.0, 1000.0, 1e6], np.float32)
    water = silt_reflectance(load)
    assert (np.diff(water, axis=1) > 0).all()
    assert water[:, -1] == pytest.approx(SATURATION, rel=0.08)
    red, nir = water[BANDS.index("B04")], water[BANDS.index("B08")]
    assert nir[0] < red[0] / 3
    assert nir[3] > red[3]


def test_sargassum_is_scaled_to_full_cover(shared: Path):
    spectra = sargassum_directions(shared / "data" / "spectra" / "floating_sargassum_s2_pixels.csv")
    assert len(spectra) > 100
    assert np.median(spectra[:, BANDS.index("B08")]) > 0.2
