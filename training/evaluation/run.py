"""The whole evaluation: real scenes, semi-real mixtures and simulated scenes, into tables and a gallery."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from documents.base import write_text
from documents.coast import Coast
from documents.errors import InputError
from documents.scene import Level
from documents.site import Site
from models.weights import DEFAULT, fold_path, load_weights
from training.evaluation.alarms import class_table, clear_sea_table, crops_table
from training.evaluation.areas import area_table, mat_area_table, simulated_area_table
from training.evaluation.biomass import biomass_table
from training.evaluation.cases import Case
from training.evaluation.gallery import Semireal, page
from training.evaluation.imagery import Progress
from training.evaluation.leave_one_out import SceneResult, leave_one_out_table, score
from training.evaluation.marks import marks_table
from training.evaluation.peers import peers_of
from training.evaluation.pictures import FALSE_COLOUR, NATURAL, Mask, coloured
from training.evaluation.real import RealScene, find_real, read_real
from training.evaluation.recall import beside_table, recall_table
from training.evaluation.reliability import real_pairs, reliability_table, semireal_pairs
from training.evaluation.semireal import backgrounds_of, semireal_cases
from training.evaluation.showcase import choose
from training.evaluation.simulated import FIRST_SEED, simulated_case
from training.evaluation.table import Table, comma_separated, markdown
from training.marida import scenes

Step = Callable[[str, str], AbstractContextManager[Progress]]
"""From name and title to the step that shows its progress."""

SEED = 9000


@dataclass(frozen=True)
class Extent:
    """How much is looked at."""

    other_scenes: int | None
    """Real scenes without algae; None: all."""
    backgrounds: int
    """Patches of water of each scene with algae that algae are mixed into."""
    simulated: int
    """Simulated scenes with algae, and half as many without."""


WHOLE, QUICK = Extent(None, 9, 4), Extent(1, 2, 1)


def evaluate(
    data: Path, site: Site, coast: Coast, out: Path, weights: Path | None, extent: Extent, step: Step
) -> list[Table]:
    """Score detection on all that ``data`` holds; write table.csv, table.md and gallery.html into ``out``.

    Without ``weights``, scenes with algae are scored with their fold's, all others with the shipped ones. Raise
    InputError when a fold's weights are absent.
    """
    folder = data / "marida"
    with step("labels", "Labelled pixels of the real scenes") as report:
        names = scenes(folder)
        read = []
        for index, name in enumerate(names):
            report(name, index / len(names))
            read.append(read_real(folder, name))
    with_algae = [scene for scene in read if scene.has_algae]
    without = [scene for scene in read if not scene.has_algae][: extent.other_scenes]
    chosen = {scene.name: _weights(scene, weights) for scene in (*with_algae, *without)}
    results = [_real(scene, read, chosen[scene.name], step) for scene in (*with_algae, *without)]
    algae_results = results[: len(with_algae)]
    tables = [
        leave_one_out_table(algae_results),
        class_table(results),
        clear_sea_table(results[len(with_algae) :]),
    ]
    default = weights or DEFAULT
    with step("crops", "Coastal crops") as report:
        tables.append(crops_table(data / "crops", default, report))
    with step("classes", "Simulated scenes without algae") as report:
        tables.append(marks_table(site, coast, (extent.simulated + 1) // 2, default, report))
    cases, mixtures, peers_called = _semireal(algae_results, chosen, extent, step)
    tables += [recall_table(cases, peers_called), beside_table(cases), area_table(cases), mat_area_table(cases)]
    simulated = []
    for index in range(extent.simulated):
        seed, level = FIRST_SEED + index, (Level.L1C, Level.L2A)[index % 2]
        with step(f"seed-{seed}", f"Simulated scene {seed} {level}") as report:
            simulated.append(simulated_case(site, coast, seed, level, default, report))
    tables += [simulated_area_table(simulated), biomass_table([*cases, *simulated])]
    groups = [
        ("semi-real", [semireal_pairs(case) for case in cases]),
        ("real, labelled pixels", [real_pairs(result) for result in algae_results]),
    ]
    tables.append(reliability_table(groups))
    with step("gallery", "Gallery") as report:
        out.mkdir(parents=True, exist_ok=True)
        write_text(out / "gallery.html", page(choose(results), mixtures))
    write_text(out / "table.md", markdown(tables))
    write_text(out / "table.csv", comma_separated(tables))
    return tables


def _weights(scene: RealScene, override: Path | None) -> Path:
    if override is not None:
        return override
    if not scene.has_algae:
        return DEFAULT
    path = fold_path(scene.name)
    if not path.exists():
        raise InputError(
            f"There are no weights trained without {scene.name} ({path}); make them with greentide train --fold "
            f"{scene.name}, or score one set of weights everywhere with --weights."
        )
    return path


def _real(scene: RealScene, read: Sequence[RealScene], weights: Path, step: Step) -> SceneResult:
    with step(scene.name, f"Real scene {scene.name}") as report:
        report("fitting the peers", 0.0)
        peers = peers_of(scene, [other.labelled for other in read if other.name != scene.name])
        trained = load_weights(weights)
        recipe = f", recipe {trained.recipe[:12]}" if trained.recipe else ""
        found = find_real(scene, weights, report)
        return score(scene, found, peers, f"{weights.stem} (sha256 {trained.sha256[:12]}{recipe})")


def _semireal(
    results: Sequence[SceneResult], chosen: dict[str, Path], extent: Extent, step: Step
) -> tuple[list[Case], list[Semireal], list[dict[str, Mask]]]:
    cases, mixtures, peers_called = [], [], []
    for result in results:
        with step(f"semi-real-{result.scene.name}", f"Ulva on water of {result.scene.name}") as report:
            backgrounds = backgrounds_of(result.scene, extent.backgrounds, SEED)
            for case, values in semireal_cases(backgrounds, chosen[result.scene.name], SEED, report):
                cases.append(case)
                mixtures.append(Semireal(case, coloured(values, NATURAL), coloured(values, FALSE_COLOUR)))
                of_peers = result.peers if case.level == "Rayleigh-corrected" else ()
                peers_called.append({peer.name: peer.called(values) for peer in of_peers})
    return cases, mixtures, peers_called
