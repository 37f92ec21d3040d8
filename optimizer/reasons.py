"""Why a patch stays in the sea, in a sentence for people."""

from collections.abc import Mapping

import numpy as np

from optimizer.grid import Grid
from optimizer.pricing import Prices, Pricing

PROHIBITIVE_CNY_PER_T = 1e9
"""A price at which no tonne is collected."""


def reasons(grid: Grid, pricing: Pricing, left_t: Mapping[str, float]) -> dict[str, str]:
    """Return by patch id why ``left_t`` tonnes of it stay, for those where any do.

    A patch that no vessel would go for, were it the only one and all berths and lines free, is told from one that the
    fleet has no time for.
    """
    told: dict[str, str] = {}
    for p, patch in enumerate(grid.problem.patches):
        left = left_t[patch.id]
        if left <= 0:
            continue
        if left < 0.999 * patch.biomass_t:
            told[patch.id] = "已采一部分；其余超出船时、舱容或加工能力"
        elif not grid.workable[p].any():
            told[patch.id] = "计划时段内没有可作业的连续一小时"
        elif _alone_cny(grid, pricing, p) <= 0:
            told[patch.id] = "班次内无船能往返，或专程采收得不偿失"
        else:
            told[patch.id] = "船时与舱容用于其他斑块，收益更高"
    return told


def _alone_cny(grid: Grid, pricing: Pricing, patch: int) -> float:
    """Return the most that any voyage earns from ``patch`` alone, each tonne landed going to its best use."""
    charged = np.full(len(grid.problem.patches), PROHIBITIVE_CNY_PER_T)
    charged[patch] = 0.0
    disposal = grid.problem.disposal_cny_per_t
    best = [max((use.margin_cny_per_t for use in uses), default=-disposal) for uses in pricing.ashore.uses]
    free = Prices(
        patch=charged,
        berth=np.zeros((len(grid.docks), grid.steps)),
        landed=np.array(best, dtype=float),
        shift=np.zeros(len(grid.shifts)),
        line=np.zeros((len(pricing.ashore.lines), pricing.ashore.steps)),
    )
    state = grid.problem.patches[patch]
    there = state.biomass_t * max(state.remaining)
    return max((pricing.best(o, free, 0, there).best_cny for o in range(len(grid.outings))), default=0.0)
