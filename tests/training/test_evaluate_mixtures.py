"""Known truth: semi-real and simulated images, areas, tonnes, confidence; and the whole command on tiny data."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from odc.geo.geobox import GeoBox
from scipy import ndimage
from typer.testing import CliRunner

from detection.open_scene import open_scene
from documents.coast import Coast
from documents.scene import Level
from documents.site import Site
from models.unet import Segmenter
from models.weights import save_weights
from service.cli import app
from tests.conftest import SEA_GRID
from tests.training.evaluation_cases import GRID, case_of, patch, square
from tests.training.test_samples import write_scene
from training.endmembers import ULVA
from training.evaluation import marks, run
from training.evaluation.areas import area_cells, mat_area_table
from training.evaluation.biomass import FAI_STEP, biomass_table, found_patch_masses, true_density, true_patch_masses
from training.evaluation.cases import make_case, patch_areas
from training.evaluation.imagery import BANDS, Found, write_image
from training.evaluation.real import read_real
from training.evaluation.recall import recall_table
from training.evaluation.reliability import calibration_error, semireal_pairs
from training.evaluation.semireal import COVERS, MARGIN_PX, Background, backgrounds_of, floatable, mats, mix
from training.simulate import product
from training.simulate.sky import clear_sky


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "marida"
    write_scene(folder, "S2_1-1-20_16PCC")
    write_scene(folder, "S2_2-2-20_16PCC", patches=1)
    return folder


@pytest.fixture(scope="module")
def water(folder: Path) -> Background:
    return backgrounds_of(read_real(folder, "S2_1-1-20_16PCC"), 1, 7)[0]


def test_images_are_read_back_as_they_were_written(tmp_path: Path):
    values = np.linspace(-0.02, 0.9, len(BANDS) * 60 * 80, dtype=np.float32).reshape(len(BANDS), 60, 80)
    values[:, 0, 0] = np.nan
    write_image(tmp_path / "x.tif", values, GRID, datetime(2026, 6, 18, tzinfo=UTC), Level.L2A)
    with open_scene(tmp_path / "x.tif") as scene:
        assert scene.info.level is Level.L2A
        assert scene.info.bands == BANDS
        read = scene.read(BANDS).values
    assert np.isnan(read[:, 0, 0]).all()
    assert np.nanmax(np.abs(read - values)) < 6e-5


def test_algae_are_mixed_into_water_and_nothing_else(folder: Path, water: Background):
    scene = read_real(folder, "S2_1-1-20_16PCC")
    where = floatable(scene.read_patch(0), scene.labels[0], scene.clear[0])
    assert not where[100:104, 50:200].any(), "real algae"
    assert not where[9:15, 10:14].any(), "a ship and its neighbours"
    assert where[202:218, 22:198].mean() > 0.9, "labelled water"
    cover = mats(water.floatable, np.random.default_rng(3))
    assert set(np.unique(cover)) <= {np.float32(c) for c in (0.0, *COVERS)}
    assert not (ndimage.binary_dilation(cover > 0, iterations=MARGIN_PX) & ~water.floatable).any()
    _, count = ndimage.label(cover > 0)
    assert count > len(COVERS), "each cover at least once"


def test_a_mixture_is_linear_and_spread(water: Background):
    cover = np.zeros(water.floatable.shape, np.float32)
    cover[40:60, 40:60] = 0.25
    mixed = mix(water.values, cover)
    for band in ("B04", "B08", "B11"):
        index = BANDS.index(band)
        want = 0.75 * water.values[index, 50, 50] + 0.25 * ULVA[band]
        assert mixed[index, 50, 50] == pytest.approx(want, abs=1e-5)
    nir = mixed[BANDS.index("B08")] - water.values[BANDS.index("B08")]
    assert 0 < nir[39, 50] < 0.5 * nir[50, 50], "light of the mat falls beside it"
    assert (nir[:36] == 0).all()


def test_levels_are_those_of_the_sky(water: Background):
    toa = water.at_level(water.values, Level.L1C)
    blue = BANDS.index("B02")
    assert water.at_level(water.values, Level.UNKNOWN) is water.values
    path = clear_sky("B02", water.geometry, 0.0).path
    assert float(np.mean(toa[blue] - water.values[blue])) == pytest.approx(path, rel=0.3)
    surface = water.at_level(water.values, Level.L2A)
    assert np.median(surface[blue] - water.values[blue]) < 0, "an aerosol is taken off"


def test_area_is_counted_patch_by_patch_and_around_it():
    truth = square(0.5) + square(0.2, slice(45, 50), slice(60, 66))
    cover = np.roll(square(0.5), 1, axis=1)  # the point spread moves it, the other patch is not found
    areas = patch_areas(case_of(truth, cover))
    assert areas.pixels.tolist() == [200, 30]
    assert areas.mean_cover == pytest.approx([0.5, 0.2])
    assert areas.found_km2 / areas.true_km2 == pytest.approx([1.0, 0.0], abs=1e-5)
    count, total, within, missed, holds = area_cells([areas], 3)
    assert (count, missed, holds) == (2, 1, "no")
    assert total.value == pytest.approx(-6 / 106, abs=1e-3)  # type: ignore[union-attr]
    assert within.value == 0.5  # type: ignore[union-attr]
    assert area_cells([areas], 100)[-1] == "yes", "the small one is left out"


def test_mats_are_told_by_their_cover():
    truth = square(0.5) + square(0.05, slice(45, 55), slice(60, 70))
    rows = {row[1]: row for row in mat_area_table([case_of(truth, 1.1 * truth)]).rows if row[0] == "L1C"}
    assert [rows[cover][2] for cover in ("2%", "5%", "50%")] == [0, 1, 1]
    assert rows["5%"][3].value == pytest.approx(0.1, abs=1e-3)  # type: ignore[union-attr]
    assert rows["50%"][4].value == 1.0  # type: ignore[union-attr]


def test_small_and_thin_patches_are_left_out_and_nan_is_nothing():
    truth = square(0.04)
    cover = np.full(GRID.shape, np.nan, np.float32)
    assert area_cells([patch_areas(case_of(truth, cover))], 3)[0] == 0
    areas = patch_areas(case_of(square(0.5), cover))
    assert areas.found_km2.tolist() == [0.0]
    half = np.ones(GRID.shape, bool)
    half[:, 30:] = False
    judged = make_case("x", "L1C", "y", square(0.5), Found(square(0.5), (), GRID), half)
    assert patch_areas(judged).pixels.tolist() == [100]


def test_recall_is_that_of_the_pixels_of_a_cover():
    truth = square(0.10) + square(0.01, slice(5, 10), slice(5, 15))
    cover = square(0.1, cols=slice(20, 35))
    case = case_of(truth, cover, level="Rayleigh-corrected")
    table = recall_table([case], [{"FAI fixed": truth > 0.05}])
    rows = {row[2]: row for row in table.rows if row[1] == "Rayleigh-corrected"}
    ten = table.columns.index("10%")
    assert rows["network"][ten].value == 0.75  # type: ignore[union-attr]
    assert rows["FAI fixed"][ten].value == 1.0  # type: ignore[union-attr]
    assert rows["network"][table.columns.index("1%")].value == 0.0  # type: ignore[union-attr]


def test_true_mass_scatters_as_stated_and_hides_only_beyond_saturation():
    thin, thick = case_of(square(0.2), square(0.2)), case_of(square(1.0), square(1.0))
    curve = 0.2 * FAI_STEP * 1.81 / 0.2
    drawn = np.array([true_density(thin, seed)[0][25, 25] for seed in range(3000)])
    assert drawn.mean() == pytest.approx(curve, rel=0.03)
    assert drawn.std() / drawn.mean() == pytest.approx(0.36, rel=0.06)
    assert not true_density(thin, 1)[1].any()
    dense = np.array([[field[25, 25] for field in true_density(thick, seed)] for seed in range(500)])
    assert dense[:, 0].max() <= 5.0
    assert dense[:, 0].mean() > 1.81
    assert (dense[:, 1] >= 0).mean() > 0.9


def test_the_interval_is_asked_of_each_found_patch():
    truth = square(0.2)
    exact = 0.2 * FAI_STEP * 1.81 / 0.2 * 200 * 100 / 1000  # tonnes
    here, other = (slice(20, 30), slice(20, 40)), (slice(50, 55), slice(5, 10))
    wide = case_of(truth, truth, patch(*here, tonnes=(exact / 5, exact, exact * 5)), patch(*other))
    mass = found_patch_masses(wide, 3)
    assert mass.true == pytest.approx([true_density(wide, 3)[0][25, 25] * 20], rel=2e-3), "only one holds algae"
    assert mass.low[0] < mass.true[0] < mass.high[0]
    assert mass.hidden.tolist() == [0.0]
    narrow = case_of(truth, truth, patch(*here, tonnes=(exact * 9, exact * 10, exact * 11)))
    shares = [biomass_table([case]).rows[-2][5].value for case in (wide, narrow)]  # type: ignore[union-attr]
    assert shares == [1.0, 0.0]


def test_true_patches_count_found_or_not_and_fragments_add_up():
    truth = square(0.2) + square(0.2, slice(45, 50), slice(60, 70)) + square(0.03, slice(5, 8), slice(60, 70))
    halves = [patch(slice(20, 30), cols, tonnes=(1, 2, 3)) for cols in (slice(20, 28), slice(32, 40))]
    masses = true_patch_masses(case_of(truth, truth, *halves), 3)
    assert masses.mid.tolist() == [4.0, 0.0], "the thin one is not asked for"
    assert masses.true[0] == pytest.approx(true_density(case_of(truth, truth), 3)[0][25, 25] * 20, rel=2e-3)
    # One found patch over both: they are one.
    bridge = patch(slice(15, 55), slice(15, 75), tonnes=(1, 9, 10))
    assert true_patch_masses(case_of(truth, truth, bridge), 3).mid.tolist() == [9.0]


def test_confidence_that_is_right_has_no_error():
    truth = square(0.5)
    found = (patch(slice(21, 29), slice(21, 39), 0.95), patch(slice(50, 54), slice(50, 60), 0.55))
    pairs = semireal_pairs(case_of(truth, truth, *found))
    assert pairs.tolist() == [[0.95, 144, 144], [0.55, 40, 0]]
    assert calibration_error(pairs, np.ones(2)) == pytest.approx((0.05 + 0.55) / 2)
    even = np.array([[0.75, 100, 75], [0.25, 100, 25]])
    assert calibration_error(even, even[:, 1]) == 0.0


def test_marks_are_on_a_sea_without_algae(site: Site, coast: Coast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marks, "scene_grid", lambda *_: ("51SUA", SEA_GRID))
    scene = marks.bare_scene(site, coast, 5, lambda _m, _s: None)
    assert not scene.cover.any()
    values = np.zeros((len(BANDS), *SEA_GRID.shape), np.float32)
    beside = marks.add_seams(values, 5)
    steps = np.abs(np.diff(values, axis=2)).max(axis=0) > 0
    assert steps.sum(axis=1).tolist() == [2] * SEA_GRID.shape[0] or steps.any()
    assert beside[:, 1:][steps].all()
    masks = marks.class_masks(scene, beside)
    assert masks["all of the sea"].all()
    assert masks["glint"].any()
    assert not masks["ponds"].any()


TINY = run.Extent(other_scenes=None, backgrounds=1, simulated=1)


@pytest.fixture
def data(folder: Path) -> Path:
    """Return the data folder with one crop of plain water."""
    crops = folder.parent / "crops"
    crops.mkdir(exist_ok=True)
    bands = ("B02", "B03", "B04", "B06", "B08", "B11", "SCL")
    numbers = np.full((7, 128, 128), 1200, np.uint16)
    numbers[6] = 6
    profile = {
        "driver": "GTiff", "width": 128, "height": 128, "count": 7, "dtype": "uint16",
        "crs": "EPSG:32630", "transform": Affine(10, 0, 800_000, 0, -10, 600_000),
    }  # fmt: skip
    with rasterio.open(crops / "somewhere.tif", "w", **profile) as target:
        target.write(numbers)
        target.descriptions = bands
        target.scales, target.offsets = (1e-4,) * 6 + (1.0,), (-0.1,) * 6 + (0.0,)
        target.update_tags(datetime="2024-06-01T10:00:00Z")
    return folder.parent


def test_the_command_writes_tables_and_gallery(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_weights(Segmenter(), tmp_path / "random.safetensors", "random", 0.5)
    grid = GeoBox((360, 360), SEA_GRID.transform, SEA_GRID.crs)
    for module in (marks, product):
        monkeypatch.setattr(module, "scene_grid", lambda *_: ("51SUA", grid))
    monkeypatch.setattr(run, "QUICK", TINY)
    arguments = ["evaluate", "--quick", "--data", data, "--weights", tmp_path / "random.safetensors"]
    result = CliRunner().invoke(app, [str(word) for word in (*arguments, "--out", tmp_path / "scores")])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "scores" / "table.md").read_text("utf-8")
    for title in ("Real scenes", "False alarms", "Coasts", "recall", "coverage area", "Biomass", "Reliability"):
        assert title in text
    lines = (tmp_path / "scores" / "table.csv").read_text("utf-8").splitlines()
    assert sum(line.startswith("leave-one-out,S2_1-1-20_16PCC / network,") for line in lines) == 6
    assert "data:image/png" in (tmp_path / "scores" / "gallery.html").read_text("utf-8")


def test_a_fold_without_weights_is_a_sentence(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "fold_path", lambda scene: tmp_path / f"{scene}.safetensors")
    result = CliRunner().invoke(app, ["evaluate", "--data", str(data), "--out", str(tmp_path / "scores")])
    assert result.exit_code == 2
    assert "--fold S2_1-1-20_16PCC" in result.output.replace("\n", " ")
    assert not (tmp_path / "scores").exists()
