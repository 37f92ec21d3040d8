"""What may be asked for, and the program and the pricing under it.

A question takes hold of a row of the boats' program that is there already: of a patch at least so much is used, in a
shift there is one voyage; or it adds a row ashore. What it costs a row to be kept, its dual, enters pricing as a bonus
for a tonne of that patch, as the price of a shift that may be negative, or by the planes of the shore. All bounds hold
as in :mod:`optimizer.generation`: what is short of a question has a price, which only raises what plans may be worth.
"""

import copy
from dataclasses import dataclass, replace

import numpy as np

from optimizer import solvers
from optimizer.explain.ashore import SHORT_CNY_PER_T, Fork
from optimizer.master import IDLE_CNY
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import DUAL, Relaxation
from optimizer.solvers import highspy


@dataclass(frozen=True)
class Take:
    """At least ``tonnes`` of a patch, told at sensing time."""

    patch: int
    tonnes: float
    more: float
    """Of them, beyond what the plan takes."""


@dataclass(frozen=True)
class Sail:
    """A voyage in a shift, by its row in the grid."""

    shift: int


@dataclass(frozen=True)
class Feed:
    """At least ``tonnes`` in some columns of the program ashore: what a place takes in, or what a contract is sold."""

    columns: tuple[int, ...]
    tonnes: float
    more: float


Asked = Take | Sail | Feed


def pricing_for(pricing: Pricing, asked: Asked) -> Pricing:
    """Return ``pricing`` in which the vessel of the shift asked for must go."""
    if not isinstance(asked, Sail):
        return pricing
    forced = copy.copy(pricing)
    forced.grid = copy.copy(pricing.grid)
    must_go = [*pricing.grid.must_go]
    must_go[asked.shift] = True
    forced.grid.must_go = tuple(must_go)
    rows = pricing.grid.shift_row
    own = len(rows)  # none of the others is alike: they may stay
    forced.alike = [own + n if rows[n] == asked.shift else first for n, first in enumerate(pricing.alike)]
    return forced


def ashore_for(ashore: Fork, asked: Asked) -> Fork:
    """Return a copy of the program ashore with what is asked of it."""
    forced = Fork(ashore)
    if isinstance(asked, Feed):
        forced.ask(asked.columns, asked.tonnes)
    return forced


class ForcedRelaxation(Relaxation):
    """A copy of a solved relaxation, with what is asked, that goes on by itself."""

    def __init__(self, free: Relaxation, pricing: Pricing, ashore: Fork, asked: Asked) -> None:
        """``pricing`` and ``ashore`` are those for ``asked``."""
        vars(self).update(vars(free))
        self.base = copy.copy(free.base)
        self.base.grid, self.base.ashore = pricing.grid, ashore
        self.routes, self.fixed, self._index = [*free.routes], [*free.fixed], [*free._index]
        self._columns, self._entries = [*free._columns], [*free._entries]
        self._of_shift = [[*numbers] for numbers in free._of_shift]
        self._solver = solvers.linear(free._solver.getLp())
        self._solver.setBasis(free._solver.getBasis())
        self._asked = asked
        self._short = self._hold(asked)
        self._solve(DUAL)

    def _hold(self, asked: Asked) -> int | None:
        """Let the row of ``asked`` be kept; return the column of what is short of it."""
        if isinstance(asked, Feed):
            return None
        if isinstance(asked, Take):
            most = self.base.grid.problem.patches[asked.patch].biomass_t
            row, least, cost_cny = self.base.row_of[f"patch_{asked.patch}"], asked.tonnes, SHORT_CNY_PER_T
        else:
            row, least, most, cost_cny = self.base.row_of[f"shift_{asked.shift}"], 1.0, 1.0, IDLE_CNY
        short = int(self._solver.getNumCol())
        self._solver.addCol(cost_cny, 0.0, least, 1, np.array([row], np.int32), np.ones(1))
        self._solver.changeRowBounds(row, least, max(most, least) if most < highspy.kHighsInf else most)
        return short

    def prices(self) -> Prices:
        """Return the prices of the last solution; that of a patch asked for may be below 0."""
        prices = super().prices()
        if not isinstance(self._asked, Take):
            return prices
        patch = prices.patch.copy()
        patch[self._asked.patch] = -self._dual[self.base.row_of[f"patch_{self._asked.patch}"]]
        return replace(prices, patch=patch)

    @property
    def short(self) -> float:
        """Return how much is short of what is asked in the last solution."""
        return 0.0 if self._short is None else float(self._value[self._short])
