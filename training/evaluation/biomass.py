"""Tonnes: does the low–high interval of a patch hold a truth that is drawn without asking the estimator?

The truth: a pixel's wet mass per area is that of the published curve at the pixel's true index (its true cover times
the step in FAI from the water to full cover), times one error for each true patch, log-normal with mean 1 and a
standard deviation of 36 % (the curve's own uncertainty). Where the index is beyond saturation a thickness comes on top,
one share for each patch of the way to the named maximum: the square of a uniform draw, since most mats are thin. 示例.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from training.endmembers import CLEAR_WATER, ULVA, floating_index
from training.evaluation import bootstrap
from training.evaluation.areas import MIN_COVER, SIZES
from training.evaluation.cases import Case, reach
from training.evaluation.table import Cell, Table

SATURATION_FAI, SATURATION_KG_M2, RELATIVE_SD = 0.2, 1.81, 0.36
"""The curve (Opt. Express 27:18620): linear up to this point, with this total uncertainty."""

MAX_KG_M2 = 5.0
"""示例: the thickest mat that floats."""

FAI_STEP = floating_index(ULVA, "B04", "B08", "B11") - floating_index(CLEAR_WATER, "B04", "B08", "B11")

INSIDE_WANTED, WIDTH_WANTED = (0.85, 0.97), 1.5
"""Share of truths inside low–high, and the median of (high − low) / mid."""

Array = npt.NDArray[np.float64]


def true_density(case: Case, seed: int) -> tuple[Array, Array]:
    """Return the true wet mass per area (rows, cols), kg/m², drawn by ``seed``: all of it, and what no index shows."""
    rng = np.random.default_rng([seed, 0xB10])
    count = int(case.numbers.max(initial=0)) + 1
    sigma = math.sqrt(math.log1p(RELATIVE_SD**2))
    error = rng.lognormal(-(sigma**2) / 2.0, sigma, count)[case.numbers]
    thick = (rng.random(count) ** 2)[case.numbers]
    index = case.truth * FAI_STEP
    curve = np.minimum(index, SATURATION_FAI) * (SATURATION_KG_M2 / SATURATION_FAI) * error
    thicker = np.minimum(curve + thick * (MAX_KG_M2 - SATURATION_KG_M2), MAX_KG_M2)
    density = np.where(index >= SATURATION_FAI, thicker, curve)
    return np.asarray(density), np.asarray(density - curve)


@dataclass(frozen=True)
class Masses:
    """What is claimed and what is true of patches, (n,) each, tonnes."""

    low: Array
    mid: Array
    high: Array
    true: Array
    hidden: Array
    """What of the truth lies beyond the curve's saturation."""

    def only(self, where: npt.NDArray[np.bool_]) -> "Masses":
        """Return some of the patches."""
        return Masses(*(getattr(self, field.name)[where] for field in fields(self)))


def joined(parts: Sequence[Masses]) -> Masses:
    """Return the patches of all ``parts``."""
    return Masses(*(np.concatenate([np.zeros(0), *(getattr(p, f.name) for p in parts)]) for f in fields(Masses)))


def true_patch_masses(case: Case, seed: int) -> Masses:
    """Return the masses of true patches of mean cover MIN_COVER and SIZES[0] pixels or more, found or not.

    Patches that run together on either side count as one; what is not found is claimed to weigh nothing.
    """
    found = case.found.patch_numbers()
    truths, founds = int(case.numbers.max(initial=0)), len(case.found.patches)
    near = reach(case.numbers)
    both = (near > 0) & (found > 0)
    nodes = truths + founds + 1  # node 0 stands for no patch
    edges = (np.ones(int(both.sum())), (near[both], found[both] + truths))
    _, group = connected_components(coo_array(edges, shape=(nodes, nodes)), directed=False)

    def of(values: Array, nodes_of: npt.NDArray[np.integer]) -> Array:
        return np.asarray(np.bincount(group[nodes_of], values, group.max() + 1), np.float64)

    true, hidden, cover, pixels = (
        of(
            np.asarray(np.bincount(case.numbers.ravel(), field.ravel(), truths + 1)[1:], np.float64),
            np.arange(1, truths + 1),
        )
        for field in (*_tonnes(case, seed), case.truth, case.truth > 0)
    )
    low, mid, high = (of(claim, np.arange(truths + 1, nodes)) for claim in _claims(case))
    wanted = (pixels >= SIZES[0]) & (cover >= MIN_COVER * pixels)
    return Masses(low, mid, high, true, hidden).only(wanted)


def found_patch_masses(case: Case, seed: int) -> Masses:
    """Return the masses of found patches, whatever their cover: the truth is what floats in their own pixels."""
    numbers, count = case.found.patch_numbers().ravel(), len(case.found.patches) + 1
    true, hidden = (
        np.asarray(np.bincount(numbers, field.ravel(), count)[1:], np.float64) for field in _tonnes(case, seed)
    )
    low, mid, high = _claims(case)
    return Masses(low, mid, high, true, hidden).only(true > 0)


def _claims(case: Case) -> Array:
    """Return low, mid and high (3, patches) of the found patches."""
    claims = [(p.biomass.low_t, p.biomass.mid_t, p.biomass.high_t) for p in case.found.patches]
    return np.reshape(np.array(claims, np.float64), (-1, 3)).T


def _tonnes(case: Case, seed: int) -> tuple[Array, Array]:
    density, hidden = true_density(case, seed)
    return density * case.area_km2 * 1e3, hidden * case.area_km2 * 1e3


def biomass_table(cases: Sequence[Case]) -> Table:
    """Return bias of mid, share of truths inside the interval and its median width, by kind of image and level."""
    masses = [(case.kind, case.level, true_patch_masses(case, seed)) for seed, case in enumerate(cases)]
    groups = list(dict.fromkeys((kind, level) for kind, level, _ in masses))
    rows = [(*group, *_cells([m for k, lev, m in masses if (k, lev) == group])) for group in groups]
    rows.append(("all", "all", *_cells([mass for _, _, mass in masses])))
    found = [found_patch_masses(case, seed) for seed, case in enumerate(cases)]
    rows.append(("found patches", "all", *_cells(found)))
    return Table(
        "biomass",
        f"Biomass of true patches of mean cover ≥ {MIN_COVER:.0%} and ≥ {SIZES[0]} pixels, found or not",
        (
            "Truth, which the estimator does not read: FAI curve at the true cover × a log-normal error a patch "
            f"(mean 1, sd {RELATIVE_SD:.0%}); beyond saturation plus u² of the way from {SATURATION_KG_M2} to "
            f"{MAX_KG_M2} kg/m², u uniform a patch (示例).",
            "On the curve: mid against the truth without the thickness that no index shows.",
            "Found patches: whatever is found, parts of thin patches included, against what floats in its own pixels.",
            f"Wanted: {INSIDE_WANTED[0]:.0%}–{INSIDE_WANTED[1]:.0%} inside, median width ≤ {WIDTH_WANTED}.",
        ),
        (
            "image",
            "level",
            "patches",
            "bias of mid",
            "the same on the curve",
            "truth inside low–high",
            "median width",
            "holds",
        ),
        tuple(rows),
        keys=2,
    )


def _cells(parts: Sequence[Masses]) -> tuple[Cell, ...]:
    all_of = joined(parts)
    inside = (all_of.low <= all_of.true) & (all_of.true <= all_of.high)
    total, shown = (
        bootstrap.estimate([np.stack([all_of.mid, against], axis=1)], bootstrap.bias, percent=True)
        for against in (all_of.true, all_of.true - all_of.hidden)
    )
    share = bootstrap.estimate([np.stack([inside, np.ones(len(inside))], axis=1)], bootstrap.ratio, percent=True)
    some = all_of.only(all_of.mid > 0)
    width = bootstrap.median_estimate((some.high - some.low) / some.mid)
    holds = INSIDE_WANTED[0] <= share.value <= INSIDE_WANTED[1] and width.value <= WIDTH_WANTED
    return (len(inside), total, shown, share, width, "yes" if holds else "no")
