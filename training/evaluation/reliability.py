"""Is the confidence a probability: of what is called with 0.8, are four in five right?"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.evaluation.cases import Case
from training.evaluation.leave_one_out import SceneResult
from training.evaluation.table import Cell, Table
from training.simulate.sensor import blur

RIGHT_COVER = 0.01
"""A called pixel is right where the point spread brings at least this cover: no sensor of this kind shows less (1–2 %,
Hu 2015)."""

BINS = 10

Pairs = npt.NDArray[np.float64]
"""(n, 3): confidence of a patch, pixels of it that are known, and how many of those are right."""


def semireal_pairs(case: Case) -> Pairs:
    """Return the pairs of the patches found in a case whose true cover is known."""
    return _pairs(case.found.patch_numbers(), case.judged, blur(case.truth) >= RIGHT_COVER, _confidence(case))


def real_pairs(result: SceneResult) -> Pairs:
    """Return the pairs of the patches found on labelled pixels of a real scene."""
    scene = result.scene
    numbers = scene.stack(result.found.patch_numbers())[tuple(scene.labelled.place.T)]
    return _pairs(numbers, np.ones(numbers.shape, bool), scene.labelled.algae, _confidence(result))


def _confidence(holder: Case | SceneResult) -> Pairs:
    return np.array([patch.confidence for patch in holder.found.patches], np.float64)


def _pairs(
    numbers: npt.NDArray[np.generic], known: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_], confidence: Pairs
) -> Pairs:
    count = len(confidence) + 1
    pixels = np.bincount(numbers[known].ravel(), minlength=count)[1:]
    good = np.bincount(numbers[known & right].ravel(), minlength=count)[1:]
    pairs = np.column_stack([confidence, pixels, good]).astype(np.float64)
    return pairs[pixels > 0]


def calibration_error(pairs: Pairs, weight: Pairs) -> float:
    """Return the expected calibration error: mean |confidence − share right| over BINS bins, weighted."""
    right = pairs[:, 2] / pairs[:, 1]
    index = _bins(pairs)
    gaps = [abs(float((weight * (pairs[:, 0] - right))[index == k].sum())) for k in range(BINS)]
    return sum(gaps) / max(float(weight.sum()), 1e-9)


def _bins(pairs: Pairs) -> npt.NDArray[np.int64]:
    return np.minimum((pairs[:, 0] * BINS).astype(np.int64), BINS - 1)


def reliability_table(groups: Sequence[tuple[str, Sequence[Pairs]]]) -> Table:
    """Return, by bin of confidence, how many patches and pixels there are and which share of the pixels is right."""
    rows: list[tuple[Cell, ...]] = []
    notes = [f"Confidence is that of the patch; a semi-real pixel is right from {RIGHT_COVER:.0%} cover as it is seen."]
    for name, parts in groups:
        pairs = np.concatenate([np.zeros((0, 3)), *parts])
        index = _bins(pairs)
        for k in range(BINS):
            here = pairs[index == k]
            if len(here):
                mean = float(np.average(here[:, 0], weights=here[:, 1]))
                share = float(here[:, 2].sum() / here[:, 1].sum())
                rows.append(
                    (name, f"{k / BINS:.1f}–{(k + 1) / BINS:.1f}", len(here), int(here[:, 1].sum()), mean, share)
                )
        errors = (calibration_error(pairs, weight) for weight in (pairs[:, 1], np.ones(len(pairs))))
        notes.append("{}: expected calibration error {:.3f} by pixel, {:.3f} by patch.".format(name, *errors))
    return Table(
        "reliability",
        "Reliability of the confidence",
        tuple(notes),
        ("image", "confidence", "patches", "pixels", "mean confidence", "share right"),
        tuple(rows),
        keys=2,
    )
