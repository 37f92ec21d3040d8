"""Coverage area, found against true, patch by patch."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.evaluation import bootstrap
from training.evaluation.cases import Case, PatchAreas, patch_areas
from training.evaluation.semireal import COVERS, LEVELS, MATS
from training.evaluation.table import Cell, Estimate, Table

MIN_COVER = 0.05
"""Patches of this mean cover and more are judged."""

SIZES = (3, 20)
"""Patches from so many pixels: what detection calls a patch at all, and what is no speck."""

BIAS_WANTED, TOLERANCE, WITHIN_WANTED = 0.08, 0.15, 0.80
"""Total area is to be right within ± 8 %, and within ± 15 % for 80 % of patches."""


def area_table(cases: Sequence[Case]) -> Table:
    """Return area bias and the share of patches that are right, of the semi-real images by kind and level."""
    rows: list[tuple[Cell, ...]] = []
    groups = [(kind, level) for kind in sorted({case.kind for case in cases}, reverse=True) for level in LEVELS]
    areas = [(case.kind, case.level, patch_areas(case)) for case in cases]
    for kind, level in [*groups, *(("both", level) for level in LEVELS)]:
        chosen = [part for k, lev, part in areas if kind in (k, "both") and lev == level]
        rows += [(kind, level, f"≥ {size}", *area_cells(chosen, size)) for size in SIZES]
    return Table(
        "area",
        f"Semi-real Ulva: coverage area of true patches of mean cover ≥ {MIN_COVER:.0%}",
        (
            "Found area is what is called in a patch and within the point spread's reach; a patch that is not found "
            "counts as 0. Intervals: bootstrap over patches.",
            f"Wanted: total within ± {BIAS_WANTED:.0%}, {WITHIN_WANTED:.0%} of patches within ± {TOLERANCE:.0%}.",
        ),
        ("image", "level", "pixels", "patches", "bias of the total", "within ± 15 %", "not found", "holds"),
        tuple(rows),
        keys=3,
    )


def mat_area_table(cases: Sequence[Case]) -> Table:
    """Return the same of the uniform mats, cover by cover: where a bias comes from."""
    rows: list[tuple[Cell, ...]] = []
    areas = [(case.level, patch_areas(case)) for case in cases if case.kind == MATS]
    for level in LEVELS:
        for cover in COVERS:
            chosen = [part.only(np.isclose(part.mean_cover, cover, rtol=1e-3)) for lev, part in areas if lev == level]
            found, true = (_joined([getattr(part, name) for part in chosen]) for name in ("found_km2", "true_km2"))
            total = bootstrap.estimate([np.stack([found, true], axis=1)], bootstrap.bias, percent=True)
            within = _share(np.abs(found / true - 1.0) <= TOLERANCE)
            rows.append((level, f"{cover:.0%}", len(found), total, within))
    return Table(
        "area-by-cover",
        "Semi-real Ulva: coverage area of uniform mats, by their cover",
        ("Below the cover that a single pixel shows (1–2 %) nothing is asked.",),
        ("level", "cover", "mats", "bias of the total", "within ± 15 %"),
        tuple(rows),
        keys=2,
    )


def area_cells(parts: Sequence[PatchAreas], size: int) -> tuple[Cell, ...]:
    """Return count, bias, share within TOLERANCE, count not found, and whether all that is as wanted."""
    chosen = [part.only((part.pixels >= size) & (part.mean_cover >= MIN_COVER)) for part in parts]
    found, true = (_joined([getattr(part, name) for part in chosen]) for name in ("found_km2", "true_km2"))
    total = bootstrap.estimate([np.stack([found, true], axis=1)], bootstrap.bias, percent=True)
    within = _share(np.abs(found / true - 1.0) <= TOLERANCE)
    holds = abs(total.value) <= BIAS_WANTED and within.value >= WITHIN_WANTED
    return (len(found), total, within, int((found == 0).sum()), "yes" if holds else "no")


def _joined(arrays: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    return np.concatenate([np.zeros(0), *arrays])


def _share(right: npt.NDArray[np.bool_]) -> Estimate:
    sums = np.stack([right, np.ones(len(right))], axis=1)
    return bootstrap.estimate([sums], bootstrap.ratio, percent=True)


def simulated_area_table(cases: Sequence[Case]) -> Table:
    """Return the same of simulated scenes, one by one and all together."""
    rows: list[tuple[Cell, ...]] = []
    groups = [(case.place, case.level, [case]) for case in cases]
    if len(cases) > 1:
        groups.append(("all", "both", list(cases)))
    for place, level, group in groups:
        areas = [patch_areas(case) for case in group]
        true, found = (float(sum(getattr(part, name).sum() for part in areas)) for name in ("true_km2", "found_km2"))
        rows.append((place, level, round(true, 3), round(found, 3), *area_cells(areas, SIZES[-1])))
    return Table(
        "simulated",
        f"Simulated scenes: coverage area; patches of ≥ {SIZES[-1]} pixels and mean cover ≥ {MIN_COVER:.0%}",
        ("What either side could not see (clouds, shadows, land and its buffer) is left out.",),
        (
            "seed",
            "level",
            "true km²",
            "found km²",
            "patches",
            "bias of the total",
            "within ± 15 %",
            "not found",
            "holds",
        ),
        tuple(rows),
        keys=2,
    )
