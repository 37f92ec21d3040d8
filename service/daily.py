"""The day: scenes → patches → tracks → plan → papers, whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from detection.detect import detect
from detection.mosaic import mosaic
from detection.open_scene import open_scene
from detection.scene import Scene
from documents.coast import Coast
from documents.errors import GreentideError, InputError
from documents.problem import Problem
from documents.scene import Level
from documents.site import Site, read_site, site_coast
from drift.forecast import forecast
from models.weights import DEFAULT as WEIGHTS
from service.console import Report, StepError, Steps
from service.files import PATCHES, PLAN, PROBLEM, REFUSED_PLAN, RUN, TRACKS
from service.item import write_item
from service.papers.day import Day
from service.papers.write import write_papers
from service.planning import check_files, pose, solve_file
from service.record import make_run
from service.staging import staged_folder
from service.timing import date_scene
from training.simulate.extent import Extent
from training.simulate.product import simulate

DEMO_SEED = 20260618
DEMO_FOLDER = "demo"


@dataclass(frozen=True)
class Made:
    """What came of a day."""

    folder: Path
    day: Day


def make_demo(site_path: Path, runs: Path, steps: Steps) -> Path:
    """Simulate the demonstration product into ``runs/demo`` and return its path."""
    site = read_site(site_path)
    target = runs / DEMO_FOLDER
    with _named("simulate", steps, "模拟影像 Simulate", target) as report, staged_folder(target) as stage:
        name = simulate(site, site_coast(site), DEMO_SEED, Extent.DEMO, Level.L1C, stage, progress=report).name
    return target / name


def make_day(
    site_path: Path, paths: Sequence[Path], day: date | None, runs: Path, steps: Steps, *, simulated: bool = False
) -> Made:
    """Make the day of the scenes at ``paths`` into ``runs/<business day>``; until it is whole, what was there stays.

    Several scenes, of one datatake, are taken as one.

    Raise InputError for input that does not hold, StepError when a step fails.
    """
    site = read_site(site_path)
    coast = site_coast(site)
    with ExitStack() as stack:
        scenes = [stack.enter_context(open_scene(path)) for path in paths]
        scene = mosaic(scenes)
        notes = _date(scene, site, day)
        assert scene.info.sensing_time is not None
        business_day = day or site.business_day(scene.info.sensing_time)
        target = runs / business_day.isoformat()
        with staged_folder(target) as stage:
            made = _run_steps(site, coast, scene, business_day, stage, target, steps, notes, simulated)
            inputs = {"site": site_path, "coastline": site.coastline, "weights": WEIGHTS}
            inputs |= {f"scene {number}": path for number, path in enumerate(paths, 1)}
            names = [each.info.id for each in scenes]
            remarks = [*made.notes, *made.violations]
            run = make_run(site, business_day, names, inputs, made.patches.land_rule, stage, remarks, steps.timings_s)
            run.write(stage / RUN)
    return Made(target, made)


def _date(scene: Scene, site: Site, day: date | None) -> tuple[str, ...]:
    """Give ``scene`` a sensing time where it has none; return the notes on it; refuse an image of after the day."""
    taken = scene.info.sensing_time
    if taken is None:
        if day is None:
            raise InputError(f"{scene.info.id} does not say when it was taken; give the day of the image with --day.")
        return (*scene.warnings, date_scene(scene, day, site.zone))
    if day is not None and site.business_day(taken) > day:
        raise InputError(
            f"{scene.info.id} was taken on {site.business_day(taken)}, after the day {day}; leave --day out."
        )
    return scene.warnings


def _run_steps(
    site: Site,
    coast: Coast,
    scene: Scene,
    day: date,
    stage: Path,
    target: Path,
    steps: Steps,
    notes: tuple[str, ...],
    simulated: bool,
) -> Day:
    with _named("detect", steps, "识别 Detect", target) as report:
        patches = detect(scene, site, stage, report)
    with _named("drift", steps, "漂移 Drift", target):
        tracks = forecast(patches, site, coast)
        tracks.write(stage / TRACKS)
    with _named("plan", steps, "计划 Plan", target) as report:
        problem = pose(stage / PATCHES, stage / TRACKS, site, coast, day, stage)
        plan = solve_file(problem, stage, report)
    with _named("check", steps, "校核 Check", target):
        violations = check_files(stage / PROBLEM, stage / PLAN)
        if violations:
            (stage / PLAN).rename(stage / REFUSED_PLAN)
    made = Day(
        site=site,
        coast=coast,
        day=day,
        patches=patches,
        tracks=tracks,
        problem=Problem.read(stage / PROBLEM),
        plan=None if violations else plan,
        violations=tuple(f"{violation.rule} {violation.where}: {violation.message}" for violation in violations),
        simulated=simulated,
        notes=notes,
    )
    with _named("papers", steps, "文书 Papers", target) as report:
        write_papers(made, scene, stage, report)
        write_item(made, scene, stage)
    return made


@contextmanager
def _named(name: str, steps: Steps, title: str, target: Path) -> Iterator[Report]:
    """Run a step; when it fails, say which step it was, why, and what of the day still stands."""
    try:
        with steps.step(name, title) as report:
            yield report
    except Exception as error:
        stands = f"{target} stays as it was" if target.exists() else f"{target} was not made"
        reason = str(error) if isinstance(error, GreentideError) else f"{type(error).__name__}: {error}."
        failed = StepError(f"Step {name} failed, and {stands}: {reason}")
        failed.exit_code = error.exit_code if isinstance(error, GreentideError) else failed.exit_code
        raise failed from error
