"""Why a patch stays in the sea, in a sentence for people."""

from collections.abc import Mapping

import numpy as np

from optimizer.grid import Grid
from optimizer.pricing import Prices, Pricing


def reasons(grid: Grid, pricing: Pricing, prices: Prices, left_t: Mapping[str, float]) -> dict[str, str]:
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
        elif not _is_worth_it_alone(grid, pricing, prices, p):
            told[patch.id] = "班次内无船能往返，或专程采收得不偿失"
        else:
            told[patch.id] = "船时与舱容用于其他斑块，收益更高"
    return told


def _is_worth_it_alone(grid: Grid, pricing: Pricing, prices: Prices, patch: int) -> bool:
    """Return whether any voyage earns anything from ``patch`` alone, each tonne landed at the best of ``prices``."""
    alone_t = np.zeros(len(grid.problem.patches))
    alone_t[patch] = pricing.mass_t[patch]
    free = Prices(
        patch=np.zeros(len(alone_t)),
        berth=np.zeros((len(grid.quays), grid.steps)),
        landed=np.full(len(pricing.lots), prices.landed.max(initial=0.0)),
        shift=np.zeros(len(grid.shifts)),
        use=np.zeros((len(grid.shifts), len(grid.moorings))),
        worth_cny=np.float64(0.0),
    )
    return any(pricing.best(outing, free, 0, alone_t).best_cny > 0 for outing in range(len(grid.outings)))
