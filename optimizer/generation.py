"""Column generation: routes come in until no voyage is worth more than its shift at the current prices.

At any prices y that the plants' columns accept, no plan is worth more than

    y · (masses, berths, all that is given ashore) + Σ_shifts max(0, best voyage of the shift at y)

(Lagrangian duality), so every round tells a bound; the first term is the relaxation's own dual, less its shifts. Prices
are smoothed towards the best ones so far (Wentges 1997, "Weighted Dantzig–Wolfe decomposition for linear mixed-integer
programming", ITOR 4), which keeps them from swinging; what accepts two price vectors accepts what lies between them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.effort import ROOT_SHARE, Effort
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Relaxation
from optimizer.route import Route

SMOOTHING = 0.5
"""Share of the best prices so far; 0.3–0.7 took as many rounds on the Rushan day."""
CLOSED = 1e-4
"""Relative distance of bound and relaxation at which generation ends; plans are told to 1e-4."""
ROUGHLY = 3e-3
"""The same where quick answers have done what they can."""
STALLED = 3
"""Rounds after which generation ends where they brought bound and relaxation no closer than that: the last load of
a visit is rounded up in the hold, so the bound does not always come down to what there is."""
ROUNDS = 300
ROUNDING = 1e-6
"""Added to what the resources are worth: HiGHS keeps duals to 1e-7, CBC tells them to eight figures."""
THREADS = 2
"""Sweeps run side by side, outside of Python's lock."""
Tell = Callable[[int, float, float], None]
"""Told after each round: its number, the relaxation's value and the bound, CNY."""


@dataclass(frozen=True)
class Generated:
    """What column generation ended with."""

    bound_cny: float
    prices: Prices
    """Those of the bound."""


def generate(
    relaxation: Relaxation,
    pricing: Pricing,
    shifts: Collection[int],
    effort: Effort,
    tell: Tell | None = None,
    least_cny: float = 1e-3,
    rounds: int = ROUNDS,
    closed: float = CLOSED,
    centre: Prices | None = None,
    until: float = ROOT_SHARE,
    enough_cny: float = -np.inf,
) -> Generated:
    """Add routes of ``shifts`` to ``relaxation`` until none is worth ``least_cny`` more.

    It ends early after ``rounds``, when bound and value are ``closed`` to each other, when the bound is ``enough_cny``
    or less, and when the share ``until`` of the time is over. Prices are smoothed towards ``centre`` (None: the present
    ones) until there are better ones.

    The bound holds for all plans where ``shifts`` are all, and tells nothing where the relaxation has fixed routes.
    """
    outings = [o for o, row in enumerate(pricing.grid.shift_row) if row in shifts]
    best = Generated(np.inf, relaxation.prices() if centre is None else centre)
    apart: list[float] = []
    for number in range(rounds):
        now = relaxation.prices()
        new: list[Route] = []
        for share in (SMOOTHING, 0.0):
            at = now.towards(best.prices, share)
            bound, routes = _price(pricing, outings, at)
            if bound < best.bound_cny:
                best = Generated(bound, at)
            new = [route for route in routes if relaxation.profit_cny(relaxation.base.column_of(route)) > least_cny]
            if new:
                break
        if not new or best.bound_cny <= enough_cny:
            break
        relaxation.add(new)
        if tell is not None:
            tell(number + 1, relaxation.value_cny, best.bound_cny)
        apart.append(best.bound_cny - relaxation.value_cny)
        is_stalled = len(apart) > STALLED and apart[-1 - STALLED] - apart[-1] < CLOSED * abs(best.bound_cny)
        is_closed = best.bound_cny - relaxation.value_cny <= closed * max(abs(best.bound_cny), 1.0)
        if ((is_closed or is_stalled) and not relaxation.fixed) or effort.left_s(until) <= 0.0:
            break
    return best


def _price(pricing: Pricing, outings: list[int], prices: Prices) -> tuple[float, list[Route]]:
    """Return the bound at ``prices`` and the routes found; those alike are priced once."""
    bound = float(prices.worth_cny) + ROUNDING * abs(float(prices.worth_cny))
    row = pricing.grid.shift_row
    alike: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for outing in outings:
        alike[pricing.alike[outing], prices.use[row[outing]].tobytes()].append(outing)
    cheapest = [min(group, key=lambda outing: prices.shift[row[outing]]) for group in alike.values()]
    best: dict[int, float] = defaultdict(lambda: -np.inf)
    routes: list[Route] = []
    with ThreadPoolExecutor(THREADS) as pool:
        priced = pool.map(lambda outing: pricing.best(outing, prices), cheapest)
        for group, found in zip(alike.values(), priced, strict=True):
            for outing in group:
                best[row[outing]] = max(best[row[outing]], found.best_cny)
                routes += [replace(route, outing=outing) for route in found.routes]
    return bound + sum(best.values()), routes
