"""The peers: index thresholds, fixed and Otsu's, and a random forest; none of them has seen the scene it is scored on.

Otsu's threshold is the exception by its nature: it comes from the histogram of the very image, and from no label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestClassifier

from training.evaluation.indices import INDICES, Index, fdi
from training.evaluation.real import Labelled, RealScene

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

ROUND_NUMBERS = {
    "NDVI": tuple(round(0.05 * k, 2) for k in range(-4, 17)),
    "FAI": tuple(round(0.01 * k, 2) for k in range(-2, 21)),
    "AFAI": tuple(round(0.01 * k, 2) for k in range(-2, 21)),
}
"""Thresholds that a person would try."""

TREES = 100
PER_CLASS = 2000
"""At most so many labelled pixels of one class of one scene: some scenes hold tens of thousands of one kind."""

FOREST = "random forest"


class Peer(Protocol):
    """A method that looks at each pixel by itself."""

    @property
    def name(self) -> str:
        """Return what the tables call it."""

    @property
    def detail(self) -> str:
        """Return the same with its figure."""

    def called(self, values: Float) -> Mask:
        """Return which of reflectance (bands, …) is called algae (…)."""


@dataclass(frozen=True)
class Threshold:
    """An index above a threshold."""

    name: str
    index: Index
    threshold: float

    @property
    def detail(self) -> str:
        """Return the name with the threshold."""
        return f"{self.name} > {self.threshold:.3g}"

    def called(self, values: Float) -> Mask:
        """Return where the index is above the threshold; NaN is not called."""
        return np.asarray(self.index(values) > self.threshold)


@dataclass(frozen=True)
class Forest:
    """Breiman's random forest on bands and indices."""

    forest: RandomForestClassifier
    name: str = FOREST

    @property
    def detail(self) -> str:
        """Return the name with the number of trees."""
        return f"{self.name} ({TREES} trees)"

    def called(self, values: Float) -> Mask:
        """Return where more than half of the trees say algae; NaN is not called."""
        flat = values.reshape(len(values), -1)
        valid = np.isfinite(flat).all(axis=0)
        called = np.zeros(flat.shape[1], bool)
        if valid.any():
            called[valid] = self.forest.predict_proba(features(flat[:, valid]))[:, 1] > 0.5
        return called.reshape(values.shape[1:])


def peers_of(scene: RealScene, others: Sequence[Labelled]) -> tuple[Peer, ...]:
    """Return the peers for ``scene``, made from the labelled pixels of the ``others``.

    Raise ValueError when the scene itself is among them.
    """
    if any(other.scene == scene.name for other in others):
        raise ValueError(f"{scene.name} would be scored by what was fitted to it")
    values, clear = scene.values(), scene.clear
    peers: list[Peer] = []
    for name, index in INDICES.items():
        of_scene = index(values)[clear]
        peers.append(Threshold(f"{name} fixed", index, fixed_threshold(name, others)))
        peers.append(Threshold(f"{name} Otsu", index, otsu(of_scene[np.isfinite(of_scene)])))
    return (*peers, grow_forest(others))


def fixed_threshold(name: str, labelled: Sequence[Labelled]) -> float:
    """Return the round number that gives the best F1 on the clear labelled pixels; of equals the middle one."""
    index = np.concatenate([INDICES[name](part.values[:, part.clear]) for part in labelled])
    algae = np.concatenate([part.algae[part.clear] for part in labelled])
    scores = []
    for threshold in ROUND_NUMBERS[name]:
        called = index > threshold
        scores.append(2.0 * int((called & algae).sum()) / max(int(called.sum()) + int(algae.sum()), 1))
    best = np.flatnonzero(np.asarray(scores) == max(scores))
    return ROUND_NUMBERS[name][int(best[len(best) // 2])]


def otsu(values: Float) -> float:
    """Return Otsu's threshold (1979) of ``values``, over their range between the 0.01 % and 99.99 % quantiles."""
    low, high = (float(q) for q in np.quantile(values, [1e-4, 1 - 1e-4]))
    scaled = np.clip((values - low) / max(high - low, 1e-9) * 65535, 0, 65535).astype(np.uint16).reshape(-1, 1)
    level, _ = cv2.threshold(scaled, 0, 65535, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return low + float(level) / 65535 * (high - low)


def grow_forest(labelled: Sequence[Labelled], seed: int = 0) -> Forest:
    """Return a forest grown on the clear labelled pixels, algae and all else weighing the same."""
    rng = np.random.default_rng(seed)
    rows, truth = [], []
    for part in labelled:
        for label in np.unique(part.label):
            places = np.flatnonzero(part.clear & (part.label == label) & np.isfinite(part.values).all(axis=0))
            places = np.sort(rng.permutation(places)[:PER_CLASS])
            rows.append(features(part.values[:, places]))
            truth.append(part.algae[places])
    forest = RandomForestClassifier(TREES, min_samples_leaf=2, class_weight="balanced", random_state=seed, n_jobs=1)
    return Forest(forest.fit(np.concatenate(rows), np.concatenate(truth)))


def features(values: Float) -> Float:
    """Return bands and indices (n, features) of reflectance (bands, n)."""
    return np.stack([*values, *(index(values) for index in (*INDICES.values(), fdi))], axis=1)
