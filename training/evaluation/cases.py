"""A case: an image whose true cover is known, and what detection found in it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from documents.geodesy import pixel_areas
from training.evaluation.imagery import Found

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

REACH_PX = 2
"""What detection finds within this distance of a true patch belongs to it: the point spread moves cover that far."""


@dataclass(frozen=True)
class Case:
    """One image; arrays (rows, cols)."""

    kind: str
    """What was simulated: the tables' rows."""
    level: str
    place: str
    """Scene or seed."""
    truth: Float
    """True area fraction before the point spread; 0 where not judged."""
    cover: Float
    """Found cover fraction; 0 where not judged, not called or NaN."""
    judged: Mask
    """Where both count."""
    found: Found
    numbers: npt.NDArray[np.int32]
    """Of the connected components of ``truth``, from 1."""

    @property
    def area_km2(self) -> npt.NDArray[np.float64]:
        """Return the area of a pixel of each row (rows, 1)."""
        rows, cols = self.truth.shape
        return pixel_areas(self.found.grid, np.arange(rows), [cols / 2.0]) / 1e6


def make_case(kind: str, level: str, place: str, truth: Float, found: Found, judged: Mask) -> Case:
    """Return the case of ``truth`` and ``found``; what is not ``judged`` is left out of both."""
    known = np.where(judged, np.nan_to_num(truth), np.float32(0))
    cover = np.where(judged, np.nan_to_num(found.cover), np.float32(0))
    _, numbers = cv2.connectedComponents((known > 0).astype(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    return Case(kind, level, place, known, cover, judged, found, np.asarray(numbers, np.int32))


@dataclass(frozen=True)
class PatchAreas:
    """The true patches of one case, (n,) each."""

    true_km2: npt.NDArray[np.float64]
    found_km2: npt.NDArray[np.float64]
    pixels: npt.NDArray[np.int64]
    mean_cover: npt.NDArray[np.float64]

    def only(self, where: Mask) -> "PatchAreas":
        """Return some of the patches."""
        return PatchAreas(self.true_km2[where], self.found_km2[where], self.pixels[where], self.mean_cover[where])


def patch_areas(case: Case) -> PatchAreas:
    """Return the coverage area of every true patch, and what was found in it and within REACH_PX."""
    count = int(case.numbers.max(initial=0)) + 1
    area = case.truth * case.area_km2

    def total(numbers: npt.NDArray[np.int32], values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        return np.asarray(np.bincount(numbers.ravel(), values.ravel(), count)[1:], np.float64)

    pixels = np.bincount(case.numbers.ravel(), minlength=count)[1:]
    found = total(reach(case.numbers), case.cover * case.area_km2)
    return PatchAreas(total(case.numbers, area), found, pixels, total(case.numbers, case.truth) / np.maximum(pixels, 1))


def reach(numbers: npt.NDArray[np.int32], pixels: int = REACH_PX) -> npt.NDArray[np.int32]:
    """Return ``numbers`` with every pixel within reach of a component given to the nearest one."""
    if not numbers.any():
        return numbers
    distance, (rows, cols) = ndimage.distance_transform_edt(numbers == 0, return_indices=True)
    return np.asarray(np.where(distance <= pixels, numbers[rows, cols], 0), np.int32)
