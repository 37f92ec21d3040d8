"""Percentile bootstrap intervals (Efron 1979, doi 10.1214/aos/1176344552) of sums and medians, seeded.

What is drawn again is a cluster (a connected component of labels, a patch), not a pixel: neighbouring pixels are alike,
and drawing them one by one would make intervals far too narrow.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from training.evaluation.table import Estimate

Array = npt.NDArray[np.float64]

Statistic = Callable[[Array], Array]
"""From sums (..., k) to a figure (...)."""

REPLICATES = 2000
LEVEL = 0.95
_CHUNK = 100


def estimate(
    strata: Sequence[npt.ArrayLike], statistic: Statistic, *, percent: bool = False, seed: int = 0
) -> Estimate:
    """Return ``statistic`` of the sums over all clusters with its interval.

    Each stratum is (clusters, k) counts; clusters are drawn with replacement within their stratum (a scene).
    """
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(stratum, np.float64) for stratum in strata if len(np.asarray(stratum))]
    if not arrays:
        return Estimate(np.nan, np.nan, np.nan, percent)
    total = sum(array.sum(axis=0) for array in arrays)
    replicates = np.concatenate([sum(_drawn(array, rng) for array in arrays) for _ in range(0, REPLICATES, _CHUNK)])
    return _estimate(float(statistic(np.asarray(total))), statistic(replicates), percent)


def median_estimate(values: npt.ArrayLike, *, percent: bool = False, seed: int = 0) -> Estimate:
    """Return the median of ``values`` (n,), one of each cluster, with its interval."""
    array = np.asarray(values, np.float64)
    if not len(array):
        return Estimate(np.nan, np.nan, np.nan, percent)
    rng = np.random.default_rng(seed)
    chunks = [np.median(rng.choice(array, (_CHUNK, len(array))), axis=1) for _ in range(0, REPLICATES, _CHUNK)]
    return _estimate(float(np.median(array)), np.concatenate(chunks), percent)


def ratio(sums: Array) -> Array:
    """Return the first sum ÷ the second; NaN where that is 0."""
    bottom = np.asarray(sums[..., 1], np.float64)
    return np.asarray(np.divide(sums[..., 0], bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0))


def bias(sums: Array) -> Array:
    """Return first ÷ second − 1."""
    return ratio(sums) - 1.0


def _drawn(array: Array, rng: np.random.Generator) -> Array:
    """Return the sums (_CHUNK, k) of as many clusters as there are, drawn with replacement."""
    counted = array[array.any(axis=1)]
    n, m = len(array), len(counted)
    odds = np.append(np.full(m, 1.0 / n), (n - m) / n)  # clusters that count nothing are drawn as one
    return np.asarray(rng.multinomial(n, odds, size=_CHUNK)[:, :m] @ counted)


def _estimate(value: float, replicates: Array, percent: bool) -> Estimate:
    tail = 100.0 * (1.0 - LEVEL) / 2.0
    if not np.isfinite(replicates).any():
        return Estimate(value, np.nan, np.nan, percent)
    low, high = np.nanpercentile(replicates, [tail, 100.0 - tail])
    return Estimate(value, float(low), float(high), percent)
