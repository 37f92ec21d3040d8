"""Voyages that answer to what others leave, where so much of a patch is to be taken."""

import numpy as np

from optimizer.ashore import Ashore
from optimizer.explain.ashore import SHORT_CNY_PER_T
from optimizer.explain.forced import Asked, Take
from optimizer.pricing import Prices, Pricing
from optimizer.response import Fleet, Floats, Ints, Made, Responder
from optimizer.stops import Wishes
from optimizer.voyage_kernel import LEAST_T

ENOUGH_T = 0.01
"""Less than this short of what is asked is rounding."""
LEAST_CNY, MORE = 200.0, (1.0, 2.0)
"""The bonus for a tonne is at least so much, and the dual of what is asked, or a multiple of it: with little voyages
take a patch on their way, with much they take what they can of it."""


def responder_for(
    pricing: Pricing, ashore: Ashore, prices: Prices, wishes: Wishes, asked: Asked, forced: Prices
) -> Responder:
    """Return what answers under ``asked``; all but ``Take`` is told by the other parts.

    ``forced`` are the prices under what is asked.
    """
    if isinstance(asked, Take):
        return TakeResponder(pricing, ashore, prices, wishes, asked, max(-float(forced.patch[asked.patch]), LEAST_CNY))
    return Responder(pricing, ashore, prices, wishes)


class TakeResponder(Responder):
    """Who answers while too little is taken of the patch asked for takes of it what is short."""

    def __init__(
        self, pricing: Pricing, ashore: Ashore, prices: Prices, wishes: Wishes, asked: Take, bonus_cny: float
    ) -> None:
        super().__init__(pricing, ashore, prices, wishes)
        self.asked = asked
        self._bonuses_cny = [share * bonus_cny for share in MORE]

    def short_t(self, fleet: Fleet) -> float:
        """Return how much less than asked ``fleet`` takes."""
        taken = sum(made.column.patch.get(self.asked.patch, 0.0) for made in fleet.made.values())
        return max(self.asked.tonnes - taken - ENOUGH_T, 0.0)

    def afloat_cny(self, fleet: Fleet) -> float:
        """Return what ``fleet`` is worth but for its catch, less what is short of what is asked."""
        return super().afloat_cny(fleet) - SHORT_CNY_PER_T * self.short_t(fleet)

    def _answer(
        self, shift: int, mass: Floats, berths: Ints, share: float, landed_cny: Floats, moorings: frozenset[int]
    ) -> Made | None:
        free = super()._answer(shift, mass, berths, share, landed_cny, moorings)
        patch = self.asked.patch
        short_t = self.asked.tonnes - (float(self.pricing.mass_t[patch]) - float(mass[patch]))
        if short_t <= ENOUGH_T or mass[patch] < LEAST_T:
            return free
        capped = mass.copy()
        capped[patch] = min(mass[patch], max(short_t, LEAST_T))
        found = [] if free is None else [free]
        for bonus_cny, there in [*((each, mass) for each in self._bonuses_cny), (SHORT_CNY_PER_T, capped)]:
            charged = share * self.prices.patch
            charged[patch] = -bonus_cny
            found += self._candidates(shift, there, berths, charged, landed_cny, moorings)

        def worth_cny(made: Made) -> float:
            taken = min(made.column.patch.get(patch, 0.0), short_t)
            return self._earned_cny(made, landed_cny) + SHORT_CNY_PER_T * float(np.round(taken, 6))

        return max(found, key=worth_cny, default=None)
