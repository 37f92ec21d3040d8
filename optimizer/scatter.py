"""Routes that no price asks for: the best ones at prices drawn by chance, for programs small enough to choose of many.

An optimal plan may need routes that are never the best at the prices of the relaxation: a boat that calls an hour later
because another holds the berth. Where patches, landings and spans of berths cost other than they do, and holds are
smaller, these come up.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optimizer.pricing import Bools, Floats, Prices, Pricing
from optimizer.response import BARRED_CNY
from optimizer.route import Route

DRAWS, MOST_DRAWS = 125, 2_000
"""For all outings together: for each round of work, and at most. With 400, 1 % of 300 problems lacked a best route."""
DEAREST = 1.5
"""Prices of patches are drawn up to this multiple of what they are, or of the most that a tonne is worth there."""
WORTH = (0.7, 1.3)
"""What landings are worth is drawn between these multiples."""
WHOLE = 0.5
"""Share of the patches that may be collected at all times."""
SHORTEST_H, LONGEST_H = 0.5, 4.0
"""How long a berth is held by others."""


def scattered(pricing: Pricing, prices: Prices, work: int, rng: np.random.Generator) -> Iterator[Route]:
    """Yield routes, some of them several times; the more, the more ``work`` there may be."""
    grid = pricing.grid
    most = grid.value_cny_per_t.max(axis=1, initial=0.0)
    for outing, span in enumerate(grid.outings):
        for _ in range(min(DRAWS * work, MOST_DRAWS) // len(grid.outings)):
            drawn = replace(
                prices,
                patch=rng.uniform(0.0, DEAREST, len(most)) * np.where(rng.random(len(most)) < 0.5, prices.patch, most),
                landed=prices.landed * rng.uniform(*WORTH, len(prices.landed)),
                berth=_held(pricing, outing, rng),
                shift=np.where(grid.must_go, -np.inf, 0.0),
                use=np.zeros_like(prices.use),
            )
            loads = int(rng.integers(1, pricing.loads(span) + 1))
            yield from pricing.within(_free(pricing, outing, rng)).best(outing, drawn, loads=loads).routes


def _free(pricing: Pricing, outing: int, rng: np.random.Generator) -> Bools:
    """Return (P, S) the span of the outing in which each patch may be collected, for some of them the whole."""
    grid = pricing.grid
    span = grid.outings[outing]
    ends = np.sort(rng.integers(span.first, span.last + 1, (len(grid.problem.patches), 2)), axis=1)
    ends[rng.random(len(ends)) < WHOLE] = span.first, span.last
    steps = np.arange(grid.steps)
    return np.asarray((ends[:, :1] <= steps) & (steps < ends[:, 1:]))


def _held(pricing: Pricing, outing: int, rng: np.random.Generator) -> Floats:
    """Return berth prices (Q, S) that bar each quay for a span of the outing."""
    grid = pricing.grid
    span = grid.outings[outing]
    price = np.zeros((len(grid.quays), grid.steps))
    for quay in range(len(grid.quays)):
        first = int(rng.integers(span.first, span.last + 1))
        price[quay, first : first + round(rng.uniform(SHORTEST_H, LONGEST_H) * grid.per_h)] = BARRED_CNY
    return price
