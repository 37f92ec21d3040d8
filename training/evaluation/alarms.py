"""False alarms on real imagery: by class of label, of all clear sea, and on coasts without algae."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio

from training.evaluation import bootstrap
from training.evaluation.imagery import Progress, find
from training.evaluation.leave_one_out import NETWORK, SceneResult
from training.evaluation.table import Cell, Table
from training.marida import ALGAE, Label

LIMIT, DEBRIS_LIMIT = 0.001, 0.005
"""Share of a class that may be called; one pixel may be in any class."""

FOREST_STEP = 4
"""Of all clear sea every fourth pixel of every fourth row is counted for the peers: a forest is slow."""

SCL_LAND = (4, 5)
"""Vegetation and bare ground in the scene classification of a Level-2A product (ESA)."""


def allowed(pixels: int, limit: float = LIMIT) -> int:
    """Return how many of so many pixels may be called."""
    return max(1, math.floor(limit * pixels))


def class_table(results: Sequence[SceneResult]) -> Table:
    """Return called and labelled pixels of every class but algae, over all real scenes."""
    methods = list(results[0].called)
    label = np.concatenate([result.scene.labelled.label for result in results])
    clear = np.concatenate([result.scene.labelled.clear for result in results])
    called = {method: np.concatenate([result.called[method] for result in results]) for method in methods}
    rows: list[tuple[Cell, ...]] = []
    for kind in Label:
        here = label == kind
        if kind in (Label.NONE, *ALGAE) or not here.any():
            continue
        total = int(here.sum())
        limit = allowed(total, DEBRIS_LIMIT if kind is Label.DEBRIS else LIMIT)
        counts = {method: int((called[method] & here).sum()) for method in methods}
        share = bootstrap.estimate([_by_cluster(result, kind) for result in results], bootstrap.ratio, percent=True)
        holds = "yes" if counts[NETWORK] <= limit else "no"
        name = kind.name.lower().replace("_", " ")
        rows.append((name, total, int((here & clear).sum()), share, *counts.values(), limit, holds))
    return Table(
        "false-alarms-by-class",
        "False alarms by labelled class, all real scenes",
        (
            f"Allowed: one pixel, or {LIMIT:.1%} of the class ({DEBRIS_LIMIT:.1%} of debris). "
            "Columns of methods hold called pixels.",
            "Natural organic material may be floating vegetation itself.",
            *(f"{result.scene.name}: weights {result.weights}" for result in results),
        ),
        ("class", "labelled", "of it clear", f"share called, {NETWORK}", *methods, "allowed", "holds"),
        tuple(rows),
    )


def _by_cluster(result: SceneResult, kind: Label) -> bootstrap.Array:
    labelled = result.scene.labelled
    here = labelled.label == kind
    numbers = np.unique(labelled.cluster[here], return_inverse=True)[1]
    called = result.called[NETWORK][here]
    return np.stack([np.bincount(numbers, called), np.bincount(numbers)], axis=1).astype(np.float64)


def clear_sea_table(results: Sequence[SceneResult]) -> Table:
    """Return the share of all clear sea, labelled or not, that is called on the scenes without labelled algae."""
    rows: list[tuple[Cell, ...]] = []
    methods = list(results[0].called) if results else [NETWORK]
    sums = np.zeros((2, len(methods)))
    for result in results:
        clear = result.scene.clear
        counts = [int((result.scene.stack(result.found.called) & clear).sum())]
        totals = [int(clear.sum())]
        step = (slice(None), slice(None), slice(None, None, FOREST_STEP), slice(None, None, FOREST_STEP))
        values, seen = result.scene.values()[step], clear[step[1:]]
        for peer in result.peers:
            counts.append(int((peer.called(values) & seen).sum()))
            totals.append(int(seen.sum()))
        sums += [counts, totals]
        rows.append((result.scene.name, totals[0], *_shares(np.array([counts, totals], float))))
    if len(results) > 1:
        rows.append(("all of them", int(sums[1, 0]), *_shares(sums)))
    share = sums[0, 0] / max(sums[1, 0], 1.0)
    return Table(
        "clear-sea",
        "All clear sea, labelled or not, on real scenes without labelled algae: share called",
        (
            f"At most {LIMIT:.1%} may be called by the network: {'yes' if share <= LIMIT else 'no'}.",
            f"Peers are counted on every {FOREST_STEP}th pixel of every {FOREST_STEP}th row.",
            *(f"{result.scene.name}: weights {result.weights}" for result in results),
        ),
        ("scene", "clear pixels", *methods),
        tuple(rows),
    )


def _shares(sums: bootstrap.Array) -> list[str]:
    return [f"{share:.3%}" for share in sums[0] / np.maximum(sums[1], 1.0)]


def crops_table(folder: Path, weights: Path, progress: Progress) -> Table:
    """Return the patches found in the coastal crops of ``folder``, which show no algae, and those on land."""
    rows: list[tuple[Cell, ...]] = []
    for path in sorted(folder.glob("*.tif")):
        found = find(path, weights, progress)
        with rasterio.open(path) as source:
            classes = source.read(source.descriptions.index("SCL") + 1)
        land = np.isin(classes, SCL_LAND)
        numbers = found.patch_numbers()
        rows.append(
            (path.stem, len(found.patches), len(np.unique(numbers[land & (numbers > 0)])), int(found.called.sum()))
        )
    return Table(
        "coastal-crops",
        "Coasts without algae (data/crops), without a coastline",
        (f"A patch is on land where the product's scene classification says {SCL_LAND}. Weights {weights.stem}.",),
        ("crop", "patches", "of them on land", "called pixels"),
        tuple(rows),
    )
