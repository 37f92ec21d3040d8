"""The search for a good plan on the quarter-hour clock, and the bound on all of them.

Routes are generated until the relaxation is solved. A dive then fixes the route that the relaxation likes best, shift
by shift, generating new ones each time for what is left; an integer program chooses among these and the best others.
After that, again and again, a few shifts are freed while the rest keep their routes, new routes are generated for the
free ones at the prices that this leaves, and an integer program chooses among them.
"""

import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pulp

from optimizer.generation import generate
from optimizer.grid import Grid
from optimizer.master import Master
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Relaxation
from optimizer.route import Route
from optimizer.solvers import solver

POOL = 250
"""Routes beside those of the dive that the first integer program chooses from, by their worth: more slow it down."""
FREED = 3
"""Shifts freed at a time: two improve less, four take ten times as long."""
NODES = 40
"""Branching of one integer program: what it finds, it mostly finds before."""
DIVES = 8
"""Of many shifts an eighth may be fixed at a time."""
DIVE_ROUNDS = 15
LEAST_SHARE = 1e-6
"""Less of a route than this is rounding."""
WORTH_IT = 1e-5
"""Least relative improvement for which the search goes on."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """The best routes found, and what no plan of the grid exceeds."""

    routes: tuple[Route, ...]
    value_cny: float
    bound_cny: float
    prices: Prices
    """Those of the bound."""


class Search:
    """One search; the same problem and ``work`` give the same routes unless ``deadline`` cuts it short."""

    def __init__(self, grid: Grid, pricing: Pricing, deadline: float, say: Say, show: Callable[[float], None]) -> None:
        self.grid, self.pricing, self.ashore = grid, pricing, pricing.ashore
        self.deadline, self.say, self.show = deadline, say, show

    def run(self, work: int) -> Found:
        """Return what ``work`` neighbourhoods at most, after the first program, have found."""
        relaxation = Relaxation(self.grid, self.ashore, [])
        every = range(len(self.grid.shifts))
        generated = generate(relaxation, self.pricing, every, self.deadline, self._tell)
        self.bound, self.prices = max(generated.bound_cny, 0.0), generated.prices
        self.show(0.2)
        best = self._dive(relaxation)
        self.say(f"By diving: {self._standing(best)}")
        prices = relaxation.prices()
        ranked = sorted(relaxation.routes, key=lambda route: -relaxation.profit_cny(route, prices))
        best = max(best, self._choose(best.routes, ranked[:POOL], ()), key=lambda found: found.value_cny)
        self.say(f"Of all routes: {self._standing(best)}")
        self.show(0.3)
        return self._improve(best, work)

    def _dive(self, relaxation: Relaxation) -> Found:
        """Return the plan that comes of fixing the likeliest route of one shift after the other."""
        free = set(range(len(self.grid.shifts)))
        kept: list[Route] = []
        while free:
            likeliest = self._likeliest(relaxation, math.ceil(len(free) / DIVES))
            if not likeliest:
                break
            kept.extend(likeliest)
            free -= {self.grid.shift_row[route.outing] for route in likeliest}
            others = [other for other in relaxation.routes if self.grid.shift_row[other.outing] in free]
            relaxation = Relaxation(self.grid, self.ashore, others, kept)
            if free and time.monotonic() < self.deadline:
                generate(relaxation, self.pricing, free, self.deadline, least_cny=1.0, rounds=DIVE_ROUNDS)
        return Found(tuple(kept), relaxation.value_cny, self.bound, self.prices)

    @staticmethod
    def _likeliest(relaxation: Relaxation, most: int) -> list[Route]:
        """Return the route with the largest share, and those over a half (of other shifts, then) up to ``most``."""
        shares = relaxation.shares()
        order = sorted(range(len(shares)), key=lambda number: -shares[number])
        certain = [number for number in order[:most] if shares[number] > 0.5]
        return [relaxation.routes[number] for number in certain or order[:1] if shares[number] > LEAST_SHARE]

    def _improve(self, best: Found, work: int) -> Found:
        """Free a few shifts at a time, in turn, until a whole round has found nothing."""
        freed = list(itertools.combinations(range(len(self.grid.shifts)), min(FREED, len(self.grid.shifts))))
        rng = np.random.default_rng(self.grid.problem.seed)
        done = idle = 0
        while freed and done < work and idle < len(freed) and not self._is_closed(best):
            for choice in rng.permutation(len(freed)):
                if done == work or idle == len(freed) or time.monotonic() > self.deadline:
                    return best
                found = self._neighbour(best, freed[choice])
                done, idle = done + 1, idle + 1
                if found.value_cny > best.value_cny + WORTH_IT * max(abs(best.value_cny), 1.0):
                    best, idle = found, 0
                    self.say(f"After {done} neighbourhoods: {self._standing(best)}")
                self.show(0.3 + 0.65 * done / work)
        return best

    def _neighbour(self, best: Found, free: Sequence[int]) -> Found:
        """Return the best found when the routes of the shifts ``free`` are chosen anew."""
        kept = tuple(route for route in best.routes if self.grid.shift_row[route.outing] not in free)
        own = [route for route in best.routes if self.grid.shift_row[route.outing] in free]
        relaxation = Relaxation(self.grid, self.ashore, own, kept)
        generate(relaxation, self.pricing, free, self.deadline, least_cny=1.0)
        if relaxation.value_cny <= best.value_cny + 1.0:
            return best
        room, prices = relaxation.value_cny - best.value_cny, relaxation.prices()
        promising = [route for route in relaxation.routes[len(own) :] if relaxation.profit_cny(route, prices) > -room]
        return self._choose(own, promising, kept)

    def _choose(self, own: Sequence[Route], others: Sequence[Route], kept: Sequence[Route]) -> Found:
        """Solve the integer program over ``own`` routes, where it starts, and ``others``, beside those ``kept``."""
        routes = [*own, *others]
        master = Master(self.grid, self.ashore, routes, integral=True, fixed=kept)
        for number, go in enumerate(master.go):
            go.setInitialValue(1.0 if number < len(own) else 0.0)
        left_s = max(self.deadline - time.monotonic(), 1.0)
        master.model.solve(solver(NODES, left_s))
        if master.model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
            return Found(tuple(kept), -np.inf, self.bound, self.prices)
        chosen = [route for route, go in zip(routes, master.go, strict=True) if go.varValue > 0.5]
        return Found((*chosen, *kept), -float(pulp.value(master.model.objective)), self.bound, self.prices)

    def _tell(self, number: int, value: float, bound: float) -> None:
        self.say(f"Round {number}: relaxation {value:,.0f} CNY, bound {bound:,.0f} CNY")
        self.show(0.2 * min(value / max(bound, 1.0), 1.0))

    def _standing(self, found: Found) -> str:
        gap = (self.bound - found.value_cny) / max(abs(self.bound), 1.0)
        return f"{found.value_cny:,.0f} CNY, bound {self.bound:,.0f} CNY, gap {gap:.2%}"

    def _is_closed(self, found: Found) -> bool:
        return self.bound - found.value_cny <= 1e-4 * max(abs(self.bound), 1.0)
