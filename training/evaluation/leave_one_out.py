"""Real scenes: every method on the same labelled pixels, each scored on a scene it has never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.weights import DEFAULT
from training.evaluation import bootstrap
from training.evaluation.counts import Counts, count, f1, precision, recall
from training.evaluation.imagery import Found, Progress
from training.evaluation.peers import Peer, peers_of
from training.evaluation.real import RealScene, find_real, read_real
from training.evaluation.table import Cell, Table
from training.marida import scenes

Mask = npt.NDArray[np.bool_]

NETWORK = "network"

POOLED = "all scenes"

SLACK_PIXELS = 1
"""On no scene may the network be behind another method by more wrong pixels than this."""

F1_WANTED, PRECISION_WANTED = 0.96, 0.985
"""What the network is to reach over all scenes with algae; the MARIDA U-Net's published F1 there is 0.945."""


@dataclass(frozen=True)
class SceneResult:
    """One real scene: what each method calls of its labelled pixels."""

    scene: RealScene
    found: Found
    peers: tuple[Peer, ...]
    called: Mapping[str, Mask]
    """By method, of the labelled pixels (n,)."""
    weights: str
    """Which weights detected."""

    def counts(self, method: str) -> Counts:
        """Return hits, false alarms and misses of ``method``."""
        labelled = self.scene.labelled
        return count(self.called[method], labelled.algae, labelled.cluster)


def score(scene: RealScene, found: Found, peers: tuple[Peer, ...], weights: str) -> SceneResult:
    """Return what the network (``found``) and the ``peers`` call; the masks of detection apply to all alike."""
    labelled = scene.labelled
    at = tuple(labelled.place.T)
    called = {NETWORK: scene.stack(found.called)[at]}
    called |= {peer.name: peer.called(labelled.values) & labelled.clear for peer in peers}
    return SceneResult(scene, found, peers, called, weights)


def score_scene(folder: Path, name: str, progress: Progress, weights: Path = DEFAULT) -> SceneResult:
    """Return the scores on the one scene ``name`` of the data set in ``folder``, the peers fitted to all others."""
    scene = read_real(folder, name)
    others = [read_real(folder, other).labelled for other in scenes(folder) if other != name]
    return score(scene, find_real(scene, weights, progress), peers_of(scene, others), weights.stem)


def leave_one_out_table(results: Sequence[SceneResult]) -> Table:
    """Return the scores of every method on each scene with algae labels, and of all together."""
    rows: list[tuple[Cell, ...]] = []
    groups = [(result.scene.name, [result]) for result in results]
    if len(results) > 1:
        groups.append((POOLED, list(results)))
    for name, group in groups:
        rows += [_row(name, method, group) for method in group[0].called]
    return Table(
        "leave-one-out",
        "Real scenes with labelled algae, each left out",
        (
            "A pixel is called where cover.tif > 0; NaN is not called. The masks of detection apply to all alike.",
            "Fixed thresholds are round numbers and the forest is grown from the labelled pixels of the other scenes.",
            "Intervals: bootstrap, 95 %, over connected components of labels within each scene.",
            *(f"{r.scene.name}: {', '.join(p.detail for p in r.peers)}; weights {r.weights}" for r in results),
            *(verdict(name, group) for name, group in groups),
        ),
        ("scene", "method", "F1", "precision", "recall", "hits", "false alarms", "misses"),
        tuple(rows),
        keys=2,
    )


def verdict(name: str, group: Sequence[SceneResult]) -> str:
    """Return which methods are best on a scene, and how the network stands to them."""
    scores = {method: _pooled_f1(method, group) for method in group[0].called}
    wrong = {method: sum(result.counts(method).wrong for result in group) for method in scores}
    best = [method for method in scores if scores[method] == max(scores.values())]
    ahead = {m: wrong[NETWORK] - wrong[m] for m in scores if wrong[NETWORK] - wrong[m] > SLACK_PIXELS}
    behind = ", ".join(f"{method} by {pixels} pixels" for method, pixels in ahead.items())
    sentence = f"{name}: best F1 {max(scores.values()):.3f} ({', '.join(best)}); the network is "
    sentence += f"behind {behind}" if behind else f"behind none by more than {SLACK_PIXELS} pixel"
    if name == POOLED:
        sums = sum(result.counts(NETWORK).by_cluster.sum(axis=0) for result in group)
        reached = scores[NETWORK] >= F1_WANTED and float(precision(np.asarray(sums))) >= PRECISION_WANTED
        sentence += f"; F1 ≥ {F1_WANTED} and precision ≥ {PRECISION_WANTED}: {'yes' if reached else 'no'}"
    return sentence + "."


def _pooled_f1(method: str, group: Sequence[SceneResult]) -> float:
    return float(f1(np.sum([result.counts(method).by_cluster.sum(axis=0) for result in group], axis=0)))


def _row(name: str, method: str, group: Sequence[SceneResult]) -> tuple[Cell, ...]:
    counts = [result.counts(method) for result in group]
    strata = [each.by_cluster for each in counts]
    figures = (bootstrap.estimate(strata, statistic) for statistic in (f1, precision, recall))
    totals = (sum(getattr(each, what) for each in counts) for what in ("hits", "false_alarms", "misses"))
    return (name, method, *figures, *totals)
