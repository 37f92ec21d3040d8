from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from documents.errors import InputError
from models.unet import BANDS, INPUTS, OPTIONAL
from training import samples
from training.bottom import seen_through
from training.marida import Label, read_scene, scenes, write_mosaic
from training.negatives import ABOVE, BELOW, Painter, Palette
from training.samples import (
    SIZE,
    Materials,
    Piece,
    Sample,
    bands_left,
    materials_of,
    mixed_sample,
    piece_of,
    raft_weight,
    real_sample,
    turned,
)
from training.silt import SATURATION, silt_reflectance
from training.simulate.sky import Geometry
from training.sky_levels import View
from training.spectra import LabelledSpectra, read_spectra

ALL = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
SARGASSUM = np.array([[0.02, 0.06, 0.04, 0.14, 0.18, 0.24, 0.20, 0.03]], np.float32)
LAND = np.array([[0.04, 0.07, 0.05, 0.11, 0.21, 0.28, 0.30, 0.18]], np.float32)


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
        values[:, 10:14, 10:14] += 2000
        labels[10:14, 10:14] = Label.SHIP
        values[:, 230:250, 230:250] += 3000  # a cloud without a label
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


@pytest.fixture(scope="module")
def materials(pieces: list[Piece]) -> Materials:
    return materials_of(pieces, LabelledSpectra(SARGASSUM, LAND))


def test_the_background_is_the_water_around(pieces: list[Piece]):
    assert pieces[0].background[BANDS.index("B08")] == pytest.approx(0.0147, abs=0.0015)
    assert pieces[0].anomaly("B08")[101, 60] > 0.08


def test_what_is_unlabelled_counts_by_its_spectrum_alone(pieces: list[Piece]):
    piece = pieces[0]
    assert not piece.quiet[100:104, 50:200].any(), "an unlabelled pixel of a mat is unknown"
    assert piece.quiet[120:190].mean() > 0.99
    assert piece.dry[235:245, 235:245].all(), "a cloud is as bright in the short-wave infrared"
    assert not piece.dry[95:109].any()
    assert piece.water[201:219, 21:199].all()
    assert not piece.water[100:104, 50:200].any()


def test_mats_are_cut_out_whole(materials: Materials):
    assert len(materials.mats) == 2
    for mat in materials.mats:
        assert mat.shape == (len(BANDS), 8, 154), "4 × 150 pixels and a rim of two"
        assert mat[BANDS.index("B08"), 4, 77] == pytest.approx(0.09, abs=0.005)


def test_a_real_sample_counts_labels_and_clear_spectra_alone(materials: Materials):
    seen = 0
    for seed in range(6):
        sample = real_sample(materials, np.random.default_rng(seed))
        assert sample.inputs.shape == (INPUTS, SIZE, SIZE)
        algae = sample.called > 0
        assert algae.sum() == 200
        assert (sample.called_weight[algae] == samples.LABEL_WEIGHT).all()
        assert (sample.cover_weight[algae] == 0).all(), "labels tell nothing of the cover fraction"
        seen += int((sample.called_weight == 0).sum())
    assert seen > 6 * 400, "unlabelled pixels of the mat are unknown"


def test_a_mixture_is_the_linear_one(materials: Materials, monkeypatch: pytest.MonkeyPatch):
    streak = np.zeros((SIZE, SIZE), np.float32)
    streak[:, 130:170] = 0.5
    monkeypatch.setattr(samples, "cover_field", lambda shape, rng, density: streak)
    monkeypatch.setattr(samples, "BELOW", {})
    monkeypatch.setattr(samples, "ABOVE", {})
    plain = View(False, False, Geometry(30, 0, 0, 0), 0.0, np.ones(8, np.float32), np.zeros(8, np.float32))
    monkeypatch.setattr(samples.View, "draw", lambda rng: plain)
    for seed in range(40):
        sample = mixed_sample(materials, np.random.default_rng(seed))
        sure = (sample.cover_weight > 0) & (sample.cover > 0.49)
        if not sure.any() or (sample.ulva[sure] == 0).any() or sample.inputs[-len(OPTIONAL) :].min() == 0:
            continue
        step = np.median(sample.inputs[BANDS.index("B08")][sure] / sample.cover[sure])
        assert step == pytest.approx(0.515 - 0.015, rel=0.2)
        assert (sample.called[sure] == 1).all()
        return
    raise AssertionError("no Ulva was drawn")


def test_faint_algae_are_left_open_and_nothing_is_called_where_nothing_floats(materials: Materials):
    for seed in range(12):
        sample = mixed_sample(materials, np.random.default_rng(seed))
        none = (sample.cover == 0) & (sample.cover_weight > 0)
        assert (sample.called[none] == 0).all()
        assert set(np.unique(sample.called)) <= {0.0, 1.0}
        assert np.isfinite(sample.inputs).all()
        assert sample.cover.min() >= 0
        assert sample.cover.max() <= 1


def test_samples_are_seeded(materials: Materials):
    one, again, other = (mixed_sample(materials, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert np.array_equal(one.inputs, again.inputs)
    assert not np.array_equal(one.inputs, other.inputs)


def test_turning_keeps_targets_on_their_pixels():
    rng = np.random.default_rng(0)
    field = rng.random((SIZE, SIZE)).astype(np.float32)
    sample = Sample(np.repeat(field[None], INPUTS, 0), field, field, field, field, field, field)
    for seed in range(8):
        moved = turned(sample, np.random.default_rng(seed))
        assert np.array_equal(moved.inputs[3], moved.called)
        assert np.array_equal(moved.inputs[INPUTS - 1], moved.ulva_weight)


def test_needed_bands_are_never_left_out_and_others_sometimes():
    drawn = [set(bands_left(np.random.default_rng(seed))) for seed in range(200)]
    assert all(set(BANDS) - set(OPTIONAL) <= bands for bands in drawn)
    assert 0.7 < sum(bands == set(BANDS) for bands in drawn) / 200 < 0.95
    assert set(BANDS) - set(OPTIONAL) in drawn


@pytest.mark.parametrize("paint", [*BELOW.values(), *ABOVE.values()], ids=[*BELOW, *ABOVE])
def test_every_hard_negative_paints_something_and_says_what_it_takes(paint: Painter, pieces: list[Piece]):
    palette = Palette(np.full((3, len(BANDS)), 0.2, np.float32), LAND)
    surface = np.repeat(np.repeat(pieces[0].background.mean((1, 2))[:, None, None], 128, 1), 128, 2)
    for seed in range(4):
        painted = paint(surface, palette, np.random.default_rng(seed))
        assert painted.surface.shape == surface.shape
        assert painted.surface.dtype == np.float32
        assert np.isfinite(painted.surface).all()
        assert painted.taken.shape == surface.shape[1:]
        assert 0 <= painted.taken.min() <= painted.taken.max() <= 1
        assert painted.surface.min() > -0.2
        assert painted.surface.max() < 2
        again = paint(surface, palette, np.random.default_rng(seed))
        assert np.array_equal(painted.surface, again.surface)
    changed = [np.abs(paint(surface, palette, np.random.default_rng(s)).surface - surface).max() for s in range(6)]
    assert max(changed) > 1e-3


def test_clouds_look_like_a_red_edge_along_their_rims(pieces: list[Piece]):
    """What the network must learn: B08 and B04 see a cloud in different places."""
    surface = np.repeat(np.repeat(pieces[0].background.mean((1, 2))[:, None, None], 128, 1), 128, 2)
    palette = Palette(np.full((3, len(BANDS)), 0.2, np.float32), LAND)
    cloudy = [
        ABOVE["cloud edges and shadows"](surface, palette, np.random.default_rng(seed)).surface for seed in range(8)
    ]
    edge = [np.abs(c[BANDS.index("B08")] - c[BANDS.index("B04")]).max() for c in cloudy]
    assert max(edge) > 0.1


def test_silt_saturates_in_red_before_the_near_infrared():
    load = np.array([10.0, 100.0, 1000.0, 1e6], np.float32)
    water = silt_reflectance(load)
    assert (np.diff(water, axis=1) > 0).all()
    assert water[:, -1] == pytest.approx(SATURATION, rel=0.08)
    red, nir = water[BANDS.index("B04")], water[BANDS.index("B08")]
    assert nir[0] < red[0] / 3
    assert nir[3] > red[3]


def test_water_hides_the_bottom_from_the_long_waves_first():
    water, bottom = np.full((len(BANDS), 1, 3), 0.01, np.float32), np.full(len(BANDS), 0.3, np.float32)
    seen = seen_through(bottom, water, np.array([[0.0, 1.0, 20.0]], np.float32))[:, 0]
    assert seen[:, 0] == pytest.approx(0.3)
    assert (np.diff(seen[:, 1]) <= 0).all()
    assert seen[BANDS.index("B08"), 1] < 0.012
    assert seen[BANDS.index("B02"), 1] > 0.25
    assert seen[BANDS.index("B04") :, 2] == pytest.approx(0.01, abs=1e-4)


def test_one_sea_looks_different_at_each_level(pieces: list[Piece]):
    ones, none = np.ones(len(BANDS), np.float32), np.zeros(len(BANDS), np.float32)
    sun = Geometry(30.0, 140.0, 5.0, 100.0)
    corrected = View(False, False, sun, 0.0, ones, none).of(pieces[0].background)
    lifted = View(True, False, sun, 0.0, ones, none).of(pieces[0].background)
    lowered = View(False, True, sun, 0.1, ones, none).of(pieces[0].background)
    assert np.array_equal(corrected, pieces[0].background)
    assert (lifted[0] - corrected[0]).mean() > 0.03, "the air is blue"
    assert np.abs(lifted[-1] - corrected[-1]).mean() < 0.003
    assert (lowered < corrected).all()


def test_sargassum_is_scaled_to_full_cover(shared: Path):
    spectra = read_spectra(shared / "data" / "spectra" / "floating_sargassum_s2_pixels.csv")
    assert len(spectra.sargassum) > 100
    assert np.median(spectra.sargassum[:, BANDS.index("B08")]) > 0.2
    assert np.median(spectra.land[:, BANDS.index("B11")]) > 0.1


@pytest.mark.parametrize(("kind", "weight"), [(1.0, 1.0), (0.0, samples.SARGASSUM_COVER_WEIGHT), (-1.0, 0.0)])
def test_the_cover_of_sargassum_teaches_less_and_that_of_real_mats_nothing(
    pieces: list[Piece], kind: float, weight: float, monkeypatch: pytest.MonkeyPatch
):
    piece = pieces[0]

    def afloat(surface: np.ndarray, *_: object) -> tuple[np.ndarray, ...]:
        addition = np.zeros_like(surface)
        addition[BANDS.index("B08"), 20:40, 20:40] = 0.05
        cover = np.where(addition[BANDS.index("B08")] > 0, np.float32(0.2), np.float32(0.0))
        return addition, addition[BANDS.index("B08")], cover, np.full(cover.shape, kind, np.float32)

    monkeypatch.setattr(samples, "_float_algae", afloat)
    monkeypatch.setattr(samples, "BELOW", {})
    monkeypatch.setattr(samples, "ABOVE", {})
    monkeypatch.setattr(samples, "turned", lambda sample, _: sample)
    materials = materials_of([piece], LabelledSpectra(SARGASSUM, LAND))
    sample = mixed_sample(materials, np.random.default_rng(3))
    assert sample.called[30, 30] == 1.0
    assert sample.cover_weight[25:35, 25:35] == pytest.approx(weight)


def test_pixels_of_small_rafts_count_more_and_those_of_large_ones_once():
    called = np.zeros((40, 40), bool)
    called[0:8, 0:10] = True
    called[20:23, 20:25] = True
    called[30, 30] = True
    weight = raft_weight(called)
    assert weight[4, 4] == 1.0
    assert weight[21, 21] == pytest.approx(2.0)
    assert weight[30, 30] == 5.0
    assert (weight[~called] == 1.0).all()
    assert (raft_weight(np.zeros((4, 4), bool)) == 1.0).all()


def test_small_labelled_rafts_count_more_than_long_ones(pieces: list[Piece]):
    labels = np.zeros((256, 256), np.uint8)
    labels[50, 50] = Label.SPARSE_SARGASSUM
    labels[100:104, 50:200] = Label.DENSE_SARGASSUM
    targets = samples._labels_of(Piece(pieces[0].reflectance, pieces[0].background, labels))
    assert targets["called_weight"][50, 50] > 3 * targets["called_weight"][101, 100] > 0
