"""The command line, end to end on a small product: exit codes, sentences, and what lies on the disk afterwards."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import rasterio
from affine import Affine
from typer.testing import CliRunner, Result

from documents.explanation import Explanations, Kind
from documents.patches import Patches
from documents.plan import Origin, Plan
from documents.problem import Problem
from documents.scene import Level
from documents.tracks import Tracks
from models.unet import BANDS, NEEDED, OPTIONAL
from service import daily as day_module
from service.cli import app
from tests.detection.scenes import sea
from tests.service.handmade import OWN
from tests.service.handmade_plan import make_plan
from tests.service.handmade_problem import make_problem

pytestmark = pytest.mark.usefixtures("rough_bounds")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(safe_product: Path, tmp_path_factory: pytest.TempPathFactory, quick_site: Path) -> Path:
    runs = tmp_path_factory.mktemp("runs")
    result = run("daily", "--site", quick_site, "--scene", safe_product, "--runs", runs)
    assert result.exit_code == 0, result.output
    return runs / "2026-06-18"


def test_a_day_holds_every_document(made: Path):
    names = {path.name for path in made.iterdir()}
    assert {
        "cover.tif", "observed.tif", "patches.geojson", "tracks.geojson", "problem.json", "plan.json", "plan.log",
        "bulletin.md", "map.png", "routes", "intake", "run.json", "item.json",
    } <= names  # fmt: skip
    assert Patches.read(made / "patches.geojson").patches
    assert "快报" in (made / "bulletin.md").read_text(encoding="utf-8")
    problem = Problem.read(made / "problem.json")
    docks = {dock.id for dock in problem.docks}
    places = {place.id for place in problem.places} - docks
    assert places, "plants and platforms"
    assert {path.stem for path in (made / "intake").iterdir()} == places


def test_the_plan_of_a_day_passes_the_check_and_sails(made: Path):
    assert run("check", made / "problem.json", made / "plan.json").exit_code == 0
    plan = Plan.read(made / "plan.json")
    assert plan.voyages
    assert sum(parcel.tonnes for parcel in plan.parcels if parcel.origin is Origin.LANDING) > 0
    assert plan.batches
    assert plan.bound_cny is not None
    assert plan.gap is not None
    assert plan.gap < 0.1
    assert {path.suffix for path in (made / "routes").iterdir()} == {".gpx", ".html", ".md"}


@pytest.mark.parametrize("safe_product", [Level.L1C], indirect=True)  # the plan does not know the level
def test_a_plan_from_its_documents_is_that_of_the_day(made: Path, tmp_path: Path, quick_site: Path):
    posed = run(
        "plan", "--patches", made / "patches.geojson", "--tracks", made / "tracks.geojson", "--site", quick_site,
        "--day", "2026-06-18", "--out", tmp_path / "posed",
    )  # fmt: skip
    assert posed.exit_code == 0, posed.output
    for name in ("problem.json", "plan.json"):
        assert (tmp_path / "posed" / name).read_bytes() == (made / name).read_bytes()


@pytest.mark.parametrize("safe_product", [Level.L1C], indirect=True)  # the plan does not know the level
def test_a_plan_by_cbc_passes_the_check_and_prints_no_bound(made: Path, tmp_path: Path):
    result = run("plan", made / "problem.json", "--solver", "cbc", "--work", "0", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "bound of the model none (gap none), in continuous time none" in result.output
    assert "CBC" in Plan.read(tmp_path / "plan.json").solver
    assert run("check", made / "problem.json", tmp_path / "plan.json").exit_code == 0
    assert run("plan", made / "problem.json", "--solver", "gurobi", "--out", tmp_path / "no").exit_code == 2


@pytest.mark.parametrize("safe_product", [Level.L1C], indirect=True)  # the plan does not know the level
def test_plan_wants_one_input_or_the_other(made: Path, tmp_path: Path):
    result = run("plan", "--out", tmp_path)
    assert result.exit_code == 2
    assert "either a PROBLEM or both" in result.output
    result = run("plan", made / "problem.json", "--tracks", made / "tracks.geojson", "--out", tmp_path)
    assert result.exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("safe_product", [Level.L1C], indirect=True)  # the plan does not know the level
def test_a_plan_is_explained(made: Path, tmp_path: Path):
    result = run("explain", made / "problem.json", made / "plan.json", "--work", "0", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "原因与代价" in result.output
    told = Explanations.read(tmp_path / "explanations.json").explanations
    assert {each.kind for each in told} >= {Kind.PLANT}
    name = next(each.id for each in told if each.kind is Kind.PLANT)
    again = run(
        "explain", made / "problem.json", made / "plan.json", "--work", "0", "--plant", name, "--language", "en"
    )
    assert again.exit_code == 0, again.output
    assert f"Plant {name}" in " ".join(again.output.split())
    missing = run("explain", made / "problem.json", made / "plan.json", "--patch", "nowhere")
    assert missing.exit_code == 2
    assert "has no patch nowhere" in missing.output


def test_a_refused_plan_is_kept_apart_and_said(
    made: Path, safe_product: Path, tmp_path: Path, quick_site: Path, monkeypatch: pytest.MonkeyPatch
):
    def overload(problem: Path, out: Path, _: object) -> Plan:
        plan = Plan.read(made / "plan.json")
        broken = plan.model_copy(update={"bound_cny": None})
        broken.write(out / "plan.json")
        return broken

    monkeypatch.setattr(day_module, "solve_file", overload)
    result = run("daily", "--site", quick_site, "--scene", safe_product, "--runs", tmp_path)
    assert result.exit_code == 0, result.output
    day = tmp_path / "2026-06-18"
    assert (day / "plan.refused.json").exists()
    assert not (day / "plan.json").exists()
    assert "没有通过独立校核的计划，未发布航线" in (day / "bulletin.md").read_text(encoding="utf-8")
    assert "gap-misstated" in result.output


def test_the_same_day_again_has_the_same_bytes(made: Path, safe_product: Path, tmp_path: Path, quick_site: Path):
    assert run("daily", "--site", quick_site, "--scene", safe_product, "--runs", tmp_path).exit_code == 0
    other = tmp_path / "2026-06-18"
    files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    different = [
        str(f)
        for f in files
        if f.name not in ("run.json", "plan.log") and (made / f).read_bytes() != (other / f).read_bytes()
    ]
    assert different == []


def test_a_failed_step_leaves_the_last_good_day(
    made: Path, safe_product: Path, monkeypatch: pytest.MonkeyPatch, quick_site: Path
):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}

    def fail(*_: object) -> None:
        raise RuntimeError("the drift is broken")

    monkeypatch.setattr(day_module, "forecast", fail)
    result = run("daily", "--site", quick_site, "--scene", safe_product, "--runs", made.parent)
    assert result.exit_code == 2
    assert "Step drift failed" in result.output
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in made.parent.iterdir()) == ["2026-06-18"]


def test_detect_and_drift_follow_one_another(safe_product: Path, tmp_path: Path, quick_site: Path):
    found = run("detect", safe_product, "--site", quick_site, "--out", tmp_path)
    assert found.exit_code == 0, found.output
    drifted = run("drift", tmp_path / "patches.geojson", "--site", quick_site, "--out", tmp_path)
    assert drifted.exit_code == 0, drifted.output
    assert Tracks.read(tmp_path / "tracks.geojson").members


def test_detect_runs_on_the_fine_bands_alone_and_says_so(tmp_path: Path):
    water = sea(200, 200)[[BANDS.index(band) for band in NEEDED]]
    profile = {"driver": "GTiff", "count": len(NEEDED), "height": 200, "width": 200, "dtype": "float32"}
    where = {"crs": "EPSG:32651", "transform": Affine(10, 0, 400_000, 0, -10, 4_000_000)}
    with rasterio.open(tmp_path / "fine.tif", "w", **profile, **where) as target:
        target.write(water)
        target.descriptions = NEEDED
        target.update_tags(datetime="2026-06-18T02:35:51Z")
    found = run("detect", tmp_path / "fine.tif", "--out", tmp_path / "out")
    assert found.exit_code == 0, found.output
    assert "lacks B05, B06, B8A, B11" in " ".join(found.output.split())
    assert Patches.read(tmp_path / "out" / "patches.geojson").lacking_bands == OPTIONAL


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("daily", "--site", "none.yaml"), "none.yaml"),
        (("daily", "--day", "yesterday"), "YYYY-MM-DD"),
        (("detect", "none.tif", "--out", "x"), "none.tif"),
        (("drift", "none.geojson", "--out", "x"), "none.geojson"),
        (("check", "none.json", "none.json"), "none.json"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output.replace("\n", "")
    assert "Traceback" not in result.output


def test_check_accepts_the_plan_and_names_what_is_broken(tmp_path: Path):
    problem = make_problem(OWN)
    problem.write(tmp_path / "problem.json")
    digest = hashlib.sha256((tmp_path / "problem.json").read_bytes()).hexdigest()
    plan = make_plan(problem)
    plan.model_copy(update={"problem_sha256": digest}).write(tmp_path / "plan.json")
    good = run("check", tmp_path / "problem.json", tmp_path / "plan.json")
    assert good.exit_code == 0, good.output
    plan.write(tmp_path / "plan.json")
    bad = run("check", tmp_path / "problem.json", tmp_path / "plan.json")
    assert bad.exit_code == 1
    assert "wrong-problem" in bad.output


def test_what_is_left_of_a_plan_is_written_and_stands(tmp_path: Path):
    problem = make_problem(OWN)
    problem.write(tmp_path / "problem.json")
    make_plan(problem).write(tmp_path / "plan.json")
    given = tmp_path / "problem.json", tmp_path / "plan.json"
    later, rest = tmp_path / "later.json", tmp_path / "rest.json"
    time = (problem.start + timedelta(hours=3)).isoformat()
    made = run("roll", *given, "--at", time, "-o", later, "--rest", rest)
    assert made.exit_code == 0, made.output
    assert run("check", later, rest).exit_code == 0
    again = run("plan", later, "--previous", rest, "--work", "0", "--out", tmp_path / "again")
    assert again.exit_code == 0, again.output
    kept, now = Plan.read(rest), Plan.read(tmp_path / "again" / "plan.json")
    assert now.bound_cny is not None  # it was planned anew
    assert now.objective.total_cny >= kept.objective.total_cny
    assert run("check", later, tmp_path / "again" / "plan.json").exit_code == 0
    for wrong, sentence in (
        ("noon", "is no time"),
        ("2026-06-18T09:00", "needs a zone"),
        ("2020-01-01T00:00Z", "hour"),
    ):
        refused = run("roll", *given, "--at", wrong, "-o", later)
        assert refused.exit_code == 2
        assert sentence in refused.output


def test_help_names_every_command():
    text = run("--help").output
    for name in ("daily", "detect", "drift", "check", "simulate", "plan", "roll", "train", "evaluate"):
        assert name in text
        assert run(name, "--help").exit_code == 0
