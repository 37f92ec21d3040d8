"""Hits, false alarms and misses of one method on labelled pixels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """(clusters, 3): hits, false alarms and misses of each cluster of labelled pixels."""

    by_cluster: Array

    @property
    def hits(self) -> int:
        """Return the algae pixels that are called."""
        return int(self.by_cluster[:, 0].sum())

    @property
    def false_alarms(self) -> int:
        """Return the other pixels that are called."""
        return int(self.by_cluster[:, 1].sum())

    @property
    def misses(self) -> int:
        """Return the algae pixels that are not called."""
        return int(self.by_cluster[:, 2].sum())

    @property
    def wrong(self) -> int:
        """Return false alarms and misses together."""
        return self.false_alarms + self.misses

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return float(f1(self.by_cluster.sum(axis=0)))


def count(called: Mask, truth: Mask, cluster: npt.NDArray[np.int64]) -> Counts:
    """Return the counts of labelled pixels (n,), each in a ``cluster`` numbered from 0."""
    size = int(cluster.max(initial=-1)) + 1
    kinds = (called & truth, called & ~truth, ~called & truth)
    return Counts(np.stack([np.bincount(cluster[kind], minlength=size) for kind in kinds], axis=1).astype(np.float64))


def precision(sums: Array) -> Array:
    """Return hits ÷ called; 0 where nothing is called."""
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 0] + sums[..., 1], 1.0))


def recall(sums: Array) -> Array:
    """Return hits ÷ algae; 0 where there are none."""
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 0] + sums[..., 2], 1.0))


def f1(sums: Array) -> Array:
    """Return the harmonic mean of both."""
    return np.asarray(2.0 * sums[..., 0] / np.maximum(2.0 * sums[..., 0] + sums[..., 1] + sums[..., 2], 1.0))
