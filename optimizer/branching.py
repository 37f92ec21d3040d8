"""Where platforms lie, day by day: a bound for every choice of it, and the likely best.

A day out costs the same whether one boat calls or ten do, but the relaxation takes a platform out by the fraction that
the most eager boat needs, so its bound pays for fractions of days only. With platforms where they lie in one choice the
relaxation is solved anew, and bounds that choice. The prices it ends with bound every other choice too, if less
closely, as any prices do: with what the best voyage of each shift is worth for either station told once, all choices
are summed up from that. The one with the highest bound is solved next, until none is above the best choice, so that
few are solved. The highest bound bounds all plans.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from optimizer.effort import BRANCH_SHARE, Effort
from optimizer.generation import ROUGHLY, ROUNDING, THREADS, Generated, generate
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Relaxation

MOST_CHOICES = 20_000
"""With more the bound stays that of the relaxation."""
SLIGHT = 2e-4
"""How far above the bound of the best choice, relative to it, others may stay unsolved."""
Moorings = frozenset[int]
Floats = npt.NDArray[np.float64]
Tell = Callable[[float, float], None]
"""Told of every choice: what its relaxation comes to, and the bound on all plans so far, CNY."""


@dataclass(frozen=True)
class Moored:
    """The bound on all plans, and where platforms likely lie in the best."""

    bound_cny: float
    prices: Prices
    """Those of the bound of the best choice."""
    moorings: Moorings | None
    """None where no choice was solved."""


class Branching:
    """Looks at choices in one relaxation, which is left at the best."""

    def __init__(self, relaxation: Relaxation, pricing: Pricing, effort: Effort, tell: Tell) -> None:
        """``pricing`` is the exact one."""
        self.relaxation, self.pricing, self.effort, self.tell = relaxation, pricing, effort, tell
        self._quick = pricing.quicker()
        grid = pricing.grid
        days: dict[tuple[int, int], list[int]] = defaultdict(list)
        for m, mooring in enumerate(grid.moorings):
            days[mooring.platform, mooring.day].append(m)
        number = np.prod([len(stations) + 1 for stations in days.values()], dtype=float)
        every = itertools.product(*([None, *stations] for stations in days.values())) if number <= MOST_CHOICES else ()
        self.choices = [frozenset(m for m in choice if m is not None) for choice in every]
        """All, by the moorings at which platforms lie; none where there are too many."""
        self._reach = [
            frozenset(m for m, mooring in enumerate(grid.moorings) if mooring.meets(outing)) for outing in grid.outings
        ]
        """By outing, the moorings that are at work while it goes on."""
        self._day_cny = np.array([grid.day_cny(mooring) for mooring in range(len(grid.moorings))])

    def run(self, root: Generated) -> Moored:
        """Return the bound and the best choice, where all choices together come to ``root``."""
        best, best_cny, enough_cny = Moored(root.bound_cny, root.prices, None), -np.inf, -np.inf
        if len(self.choices) < 2:
            return best
        every = np.arange(len(self.choices))
        bounds = np.minimum(self._bounds_cny(root.prices, frozenset(), every), root.bound_cny)
        while bounds.max() > enough_cny and self.effort.left_s(BRANCH_SHARE) > 0.0:
            highest = int(bounds.argmax())
            found = self._solved(self.choices[highest], enough_cny)
            value_cny = self.relaxation.value_cny
            if value_cny > best_cny:
                best, best_cny = Moored(root.bound_cny, found.prices, self.choices[highest]), value_cny
            bounds[highest] = min(bounds[highest], found.bound_cny)
            enough_cny = max(enough_cny, bounds[highest] + SLIGHT * abs(bounds[highest]))
            left = np.flatnonzero(bounds > enough_cny)
            bounds[left] = np.minimum(bounds[left], self._bounds_cny(found.prices, self.choices[highest], left))
            self.tell(value_cny, float(bounds.max()))
        if best.moorings is not None:
            self.relaxation.moor(best.moorings)
        return replace(best, bound_cny=float(bounds.max()))

    def _solved(self, moorings: Moorings, enough_cny: float) -> Generated:
        """Let routes come in for ``moorings`` until the bound is ``enough_cny`` or less, or comes no closer."""
        self.relaxation.moor(moorings)
        quick, exact = (each.moored(moorings) for each in (self._quick, self.pricing))
        shifts = set(range(len(self.pricing.grid.shifts)))
        generated = partial(generate, self.relaxation, shifts=shifts, effort=self.effort, until=BRANCH_SHARE)
        rough = generated(pricing=quick, closed=ROUGHLY)
        return generated(pricing=exact, centre=rough.prices, enough_cny=enough_cny)

    def _bounds_cny(self, prices: Prices, moorings: Moorings, numbers: npt.NDArray[np.int64]) -> Floats:
        """Return what no plan exceeds, for each of the choices ``numbers``.

        ``prices`` are those of a relaxation with platforms at ``moorings``. There a day out is worth what shifts give
        for it less what it costs; the rest is worth as much in any other choice.
        """
        grid = self.pricing.grid
        here = sorted(moorings)
        worth_cny = float(prices.worth_cny - (prices.use[:, here].sum(axis=0) - self._day_cny[here]).sum())
        free = replace(prices, use=np.zeros_like(prices.use))
        choices = [self.choices[number] for number in numbers]
        jobs = [
            [(self.pricing.alike[outing], choice & reach) for choice in choices]
            for outing, reach in enumerate(self._reach)
        ]
        every = list(dict.fromkeys(itertools.chain(*jobs)))
        with ThreadPoolExecutor(THREADS) as pool:
            told = pool.map(lambda job: self.pricing.best(job[0], free, 0, moorings=job[1]).best_cny, every)
            best_cny = dict(zip(every, told, strict=True))
        of_shift = np.full((len(grid.shifts), len(choices)), -np.inf)
        for shift, row in zip(grid.shift_row, jobs, strict=True):
            of_shift[shift] = np.maximum(of_shift[shift], [best_cny[job] for job in row])
        days_cny = np.array([self._day_cny[sorted(choice)].sum() for choice in choices])
        return np.asarray(worth_cny + ROUNDING * abs(worth_cny) - days_cny + of_shift.sum(axis=0))
