"""Which windows of the real scenes are worth looking at: best, median, worst, and what is falsely called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from pyproj import Transformer

from training.evaluation.leave_one_out import NETWORK, SceneResult
from training.marida import Label

SIDE = 64
"""Side of a neighbourhood, pixels."""

WORST_CLASSES = 6
"""So many classes are shown where they are falsely called most."""


@dataclass(frozen=True)
class Window:
    """One neighbourhood: where it is, why it is shown, and the network's counts in it."""

    title: str
    result: SceneResult
    patch: int
    row: int
    col: int
    hits: int
    false_alarms: int
    misses: int

    @property
    def f1(self) -> float:
        """Return the network's F1 in the window."""
        return 2 * self.hits / max(2 * self.hits + self.false_alarms + self.misses, 1)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Return rows and columns within the patch."""
        return slice(self.row, self.row + SIDE), slice(self.col, self.col + SIDE)

    @property
    def lon_lat(self) -> tuple[float, float]:
        """Return the middle of the window in degrees."""
        grid: GeoBox = self.result.scene.grid(self.patch)
        x, y = grid.transform * (self.col + SIDE / 2, self.row + SIDE / 2)
        lon, lat = Transformer.from_crs(str(grid.crs), 4326, always_xy=True).transform(x, y)
        return float(lon), float(lat)


def choose(results: Sequence[SceneResult]) -> list[Window]:
    """Return best, median and worst neighbourhood of each scene with algae, then the worst false alarms by class."""
    chosen: list[Window] = []
    for result in results:
        if not result.scene.has_algae:
            continue
        ranked = sorted(_windows(result), key=lambda w: (w.f1, w.hits, -w.misses - w.false_alarms, -w.patch))
        for what, window in (("worst", ranked[0]), ("median", ranked[len(ranked) // 2]), ("best", ranked[-1])):
            if not any(_same(window, other) for other in chosen):
                chosen.append(replace(window, title=f"{what} of {len(ranked)} neighbourhoods"))
    for result in results:
        chosen += _most_called(result) if not result.scene.has_algae else []
    for kind, window, count in _worst_by_class(results):
        title = f"most pixels of one class falsely called: {count} of {kind.name.lower().replace('_', ' ')}"
        chosen.append(replace(window, title=title))
    return chosen


def _windows(result: SceneResult, kind: Label | None = None) -> list[Window]:
    """Return the neighbourhoods with labelled algae or, given a class, with called pixels of it."""
    labelled, called = result.scene.labelled, result.called[NETWORK]
    square = labelled.place // [1, SIDE, SIDE]
    wanted = labelled.algae if kind is None else called & (labelled.label == kind)
    windows = []
    for patch, row, col in np.unique(square[wanted], axis=0):
        here: npt.NDArray[np.bool_] = (square == [patch, row, col]).all(axis=1)
        truth, hit = labelled.algae[here], called[here]
        counts = (int((hit & truth).sum()), int((hit & ~truth).sum()), int((~hit & truth).sum()))
        windows.append(Window("", result, int(patch), int(row) * SIDE, int(col) * SIDE, *counts))
    return windows


def _most_called(result: SceneResult) -> list[Window]:
    """Return the neighbourhood where most pixels are called, labelled or not; none where none is."""
    called = result.scene.stack(result.found.called) & result.scene.clear
    patches, rows, cols = (n // s for n, s in zip(called.shape, (1, SIDE, SIDE), strict=True))
    counts = called[:, : rows * SIDE, : cols * SIDE].reshape(patches, rows, SIDE, cols, SIDE).sum(axis=(2, 4))
    patch, row, col = (int(n) for n in np.unravel_index(int(np.argmax(counts)), counts.shape))
    if not counts[patch, row, col]:
        return []
    title = f"most called where no algae are labelled: {counts[patch, row, col]} pixels"
    labelled = result.scene.labelled
    here = (labelled.place // [1, SIDE, SIDE] == [patch, row, col]).all(axis=1)
    false_alarms = int((result.called[NETWORK] & here).sum())
    return [Window(title, result, patch, row * SIDE, col * SIDE, 0, false_alarms, 0)]


def _worst_by_class(results: Sequence[SceneResult]) -> list[tuple[Label, Window, int]]:
    worst: list[tuple[Label, Window, int]] = []
    for kind in Label:
        found = []
        for result in results:
            labelled = result.scene.labelled
            if kind is Label.NONE or labelled.algae[labelled.label == kind].any():
                continue
            places = labelled.place[result.called[NETWORK] & (labelled.label == kind)] // [1, SIDE, SIDE]
            for window in _windows(result, kind):
                count = int((places == [window.patch, window.row // SIDE, window.col // SIDE]).all(axis=1).sum())
                found.append((kind, window, count))
        if found:
            worst.append(max(found, key=lambda entry: entry[2]))
    return sorted(worst, key=lambda entry: -entry[2])[:WORST_CLASSES]


def _same(one: Window, other: Window) -> bool:
    return (one.result is other.result) and (one.patch, one.row, one.col) == (other.patch, other.row, other.col)
