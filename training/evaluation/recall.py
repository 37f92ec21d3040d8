"""How much of what is there is found: recall by cover fraction, and what is called beside it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from training.evaluation import bootstrap
from training.evaluation.cases import REACH_PX, Case
from training.evaluation.leave_one_out import NETWORK
from training.evaluation.semireal import COVERS, LEVELS, MATS
from training.evaluation.table import Cell, Table

Mask = npt.NDArray[np.bool_]

EDGES = (0.007, *(float(np.sqrt(a * b)) for a, b in pairwise(COVERS)), np.inf)
"""Bins of cover around COVERS: from one geometric mean of neighbours to the next."""

WANTED = {0.05: 0.6, 0.10: 0.9}
"""Recall that the network is to reach at these covers."""


def recall_table(cases: Sequence[Case], peers_called: Sequence[Mapping[str, Mask]]) -> Table:
    """Return recall by true cover, for each kind of image and level; ``peers_called`` holds each case's masks by peer.

    Peers are scored on Rayleigh-corrected images alone: their thresholds come from such.
    """
    rows: list[tuple[Cell, ...]] = []
    names = sorted({name for masks in peers_called for name in masks})
    for kind in sorted({case.kind for case in cases}, reverse=True):
        for level in LEVELS:
            chosen = [(c, p) for c, p in zip(cases, peers_called, strict=True) if (c.kind, c.level) == (kind, level)]
            if not chosen:
                continue
            for method in [NETWORK, *(names if level == "Rayleigh-corrected" else [])]:
                parts = [_sums(case, case.cover > 0 if method == NETWORK else masks[method]) for case, masks in chosen]
                cells = [bootstrap.estimate([np.concatenate([p[i] for p in parts])], bootstrap.ratio) for i in range(8)]
                rows.append((kind, level, method, *cells))
    wanted = ", ".join(f"≥ {recall} at {cover:.0%}" for cover, recall in WANTED.items())
    held = all(
        row[3 + COVERS.index(cover)].value >= recall  # type: ignore[union-attr]
        for row in rows
        for cover, recall in WANTED.items()
        if row[0] == MATS and row[2] == NETWORK
    )
    return Table(
        "recall-by-cover",
        "Semi-real Ulva: recall by true cover fraction",
        (
            "Cover is the area fraction of a 10 m pixel before the sensor's point spread. Mats are squares of 8–30 "
            "pixels with exactly that cover, edges included; fields hold slicks of all covers, in bins around these "
            "figures, where most pixels of little cover lie beside ones of more.",
            "NaN counts as not called. Intervals: bootstrap over patches.",
            f"The network on mats is to reach {wanted}, at each level: {'yes' if held else 'no'}.",
        ),
        ("image", "level", "method", *(f"{cover:.0%}" for cover in COVERS)),
        tuple(rows),
        keys=3,
    )


def _sums(case: Case, called: Mask) -> list[bootstrap.Array]:
    """Return, by bin of cover, called and all pixels (patches, 2) of every true patch."""
    bins = np.digitize(case.truth, EDGES) - 1
    count = int(case.numbers.max(initial=0)) + 1
    parts = []
    for index in range(len(COVERS)):
        here = (bins == index) & (case.numbers > 0)
        numbers = case.numbers[here]
        both = [np.bincount(numbers, called[here], count), np.bincount(numbers, minlength=count)]
        sums = np.stack(both, axis=1).astype(np.float64)
        parts.append(sums[sums[:, 1] > 0])
    return parts


def beside_table(cases: Sequence[Case]) -> Table:
    """Return how many pixels are called where no algae are within the point spread's reach."""
    rows: list[tuple[Cell, ...]] = []
    for kind in sorted({case.kind for case in cases}, reverse=True):
        for level in LEVELS:
            counts = []
            for case in cases:
                if (case.kind, case.level) == (kind, level):
                    seen = np.isfinite(case.found.cover) & case.judged
                    away = seen & ~ndimage.binary_dilation(case.truth > 0, iterations=REACH_PX + 1)
                    counts.append((int((away & (case.cover > 0)).sum()), int(away.sum())))
            rows.append((kind, level, *(int(n) for n in np.sum(counts, axis=0))))
    return Table(
        "beside",
        f"Semi-real Ulva: pixels called more than {REACH_PX} pixels from any algae",
        ("Real algae, foam and the like that detection calls in the bare background are left out.",),
        ("image", "level", "called", "of"),
        tuple(rows),
        keys=2,
    )
