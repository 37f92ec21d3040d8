"""The search for a good plan on the quarter-hour clock, and the bound on all of them.

Routes are generated until the relaxation is solved. A dive then fixes the routes that the relaxation likes best, some
shifts at a time, generating new ones for what is left. After that, again and again, a few shifts that work close to one
another are freed while the rest keep their routes: new routes are generated for them at the prices that this leaves,
others answer to what the rest leaves (:mod:`optimizer.response`), and an integer program chooses among them.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.choice import Choice, choose
from optimizer.column import moorings_of
from optimizer.effort import SEARCH_SHARE, Effort
from optimizer.generation import generate
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Base, Relaxation
from optimizer.response import EAGER, Berths, Responder, near
from optimizer.route import Route

POOL = 200
"""Routes beside the present ones that a program chooses from, by their worth: more slow it down."""
FREED = 6
"""Shifts freed at a time: fewer improve less, more take longer than they are worth."""
NODES = 40
"""Branching of one integer program: what it finds, it mostly finds before."""
DIVES = 8
"""Of many shifts an eighth may be fixed at a time."""
DIVE_ROUNDS = NEAR_ROUNDS = 3
"""Rounds of generation after some shifts were fixed, and after some were freed."""
ANSWERS = 4
"""How often the freed shifts answer, in another order and eagerness each time."""
LIKELY = 300
"""Routes that the bound in continuous time starts from: half as many leave it 10 % higher."""
LEAST_SHARE = 1e-6
"""Less of a route than this is rounding."""
WORTH_IT = 1e-5
"""Least relative improvement for which a program is posed."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """The best choice found, and what no plan of the grid exceeds."""

    choice: Choice
    bound_cny: float
    """Infinite where no bound was sought."""
    prices: Prices
    """Those of the bound."""
    likely: tuple[Route, ...]
    """The most profitable routes of the relaxation: the bound in continuous time starts from them."""


class Search:
    """One search; the same problem and work give the same routes unless the clock cuts it short."""

    def __init__(
        self,
        base: Base,
        pricing: Pricing,
        effort: Effort,
        say: Say,
        show: Callable[[float], None],
        start: Sequence[Route] = (),
    ) -> None:
        """``start`` are routes that can be made together; the search comes out no worse than they do."""
        self.base, self.grid, self.pricing = base, base.grid, pricing
        self.effort, self.say, self.show, self.start = effort, say, show, start

    def run(self) -> Found:
        """Return the best that was found."""
        relaxation = Relaxation(self.base, self.start)
        every = set(range(len(self.grid.shifts)))
        generated = generate(relaxation, self.pricing, every, self.effort, self._tell)
        self.bound = max(generated.bound_cny, 0.0)
        ranked = np.argsort(-relaxation.profits_cny(), kind="stable")[:LIKELY]
        likely = tuple(relaxation.routes[int(number)] for number in ranked)
        self.show(0.2)
        self._dive(relaxation, every)
        made = [relaxation.routes[number] for number in sorted(relaxation.fixed)]
        best = self._choose(self._nothing(), made, (), NODES)
        if self.start:
            begun = self._choose(self._nothing(), self.start, (), NODES)
            best = max(best, begun, key=lambda choice: choice.value_cny)
        self.say(f"By diving: {self._standing(best)}")
        return Found(self._improve(relaxation, best), self.bound, generated.prices, likely)

    def _nothing(self) -> Choice:
        return Choice((), -np.inf, (), np.zeros(self.base.columns))

    def _dive(self, relaxation: Relaxation, shifts: Collection[int]) -> None:
        """Fix the likeliest routes of some shifts after others, until no likely one is left."""
        left = set(shifts)
        while left:
            likeliest = self._likeliest(relaxation, left, math.ceil(len(shifts) / DIVES))
            if not likeliest:
                break
            left -= {self._shift(relaxation.routes[number]) for number in likeliest}
            relaxation.fix(likeliest)
            if left and self.effort.left_s(SEARCH_SHARE) > 0.0:
                generate(relaxation, self.pricing, left, self.effort, least_cny=1.0, rounds=DIVE_ROUNDS)

    def _likeliest(self, relaxation: Relaxation, free: Collection[int], most: int) -> list[int]:
        """Return the route with the largest share, and those over a half that go with it, up to ``most``."""
        shares = relaxation.shares()
        order = [int(n) for n in np.argsort(-shares, kind="stable") if self._shift(relaxation.routes[n]) in free]
        if not order or shares[order[0]] <= LEAST_SHARE:
            return []
        berths = Berths(self.grid, [relaxation.routes[number] for number in relaxation.fixed])
        chosen: list[int] = []
        for number in order:
            if chosen and (shares[number] <= 0.5 or len(chosen) == most):
                break
            if berths.admit(relaxation.routes[number]):
                chosen.append(number)
        return chosen

    def _shift(self, route: Route) -> int:
        return self.grid.shift_row[route.outing]

    def _improve(self, relaxation: Relaxation, best: Choice) -> Choice:
        """Free some shifts that work close to one another, choose for them anew, and keep what is better."""
        rng = np.random.default_rng(self.grid.problem.seed)
        number_of: dict[int, int] = {}
        for done in range(self.effort.work):
            if self.effort.left_s(SEARCH_SHARE) <= 0.0 or self._is_closed(best):
                break
            free = near(self.grid, best.routes, rng, FREED)
            kept = [route for route in best.routes if self._shift(route) not in free]
            number_of |= {id(route): n for n, route in enumerate(relaxation.routes[len(number_of) :], len(number_of))}
            relaxation.turn([number_of[id(route)] for route in kept])
            room = relaxation.value_cny - best.value_cny
            if room > WORTH_IT * abs(best.value_cny):
                generate(relaxation, self.pricing, free, self.effort, least_cny=10.0, rounds=NEAR_ROUNDS)
                relaxation.insert(self._answers(relaxation, kept, free, rng))
                found = self._choose(best, self._promising(relaxation, free, best), kept, NODES)
                if found.value_cny > best.value_cny:
                    best = found
                    self.say(f"After {done + 1} neighbourhoods: {self._standing(best)}")
            self.show(0.3 + 0.6 * self._done(done + 1))
        return best

    def _done(self, tried: int) -> float:
        """Return which share of the search is done, by work or by the clock, whichever ends it."""
        return min(max(tried / max(self.effort.work, 1), self.effort.spent_s / self.effort.limit_s / SEARCH_SHARE), 1.0)

    def _answers(
        self, relaxation: Relaxation, kept: Sequence[Route], free: Sequence[int], rng: np.random.Generator
    ) -> list[Route]:
        """Return routes of ``free`` shifts that answer to what ``kept`` ones leave."""
        moorings = self._moorings(relaxation, kept)
        responder = Responder(self.pricing, relaxation.prices(), moorings)
        fleet = responder.fleet(kept)
        found: list[Route] = []
        for _ in range(ANSWERS):
            order = [int(shift) for shift in rng.permutation(free)]
            answer = responder.refill(fleet, order, [float(rng.choice(EAGER)) for _ in order])
            found += [answer.routes[shift] for shift in order if shift in answer.routes]
        return found

    def _moorings(self, relaxation: Relaxation, kept: Sequence[Route]) -> set[int]:
        """Return where the platforms lie for ``kept`` routes; on other days, where they most likely would."""
        chosen: dict[tuple[int, int], int] = {}
        called = {mooring for route in kept for mooring in moorings_of(self.grid, route)}
        likely = relaxation.out()
        for m in sorted(range(len(likely)), key=lambda m: (m not in called, -likely[m])):
            if m in called or likely[m] > LEAST_SHARE:
                chosen.setdefault((self.grid.moorings[m].platform, self.grid.moorings[m].day), m)
        return set(chosen.values())

    def _promising(self, relaxation: Relaxation, free: Collection[int], best: Choice) -> list[Route]:
        """Return the routes of ``free`` shifts that could be in a better choice, the most profitable first."""
        own = {id(route) for route in best.routes}
        room = relaxation.value_cny - best.value_cny
        profits = relaxation.profits_cny()
        routes = [relaxation.routes[int(n)] for n in np.argsort(-profits, kind="stable") if profits[n] > -room]
        return [route for route in routes if self._shift(route) in free and id(route) not in own][:POOL]

    def _choose(self, best: Choice, others: Sequence[Route], kept: Sequence[Route], nodes: int) -> Choice:
        """Return the better of ``best`` and what the integer program over its routes and ``others`` finds."""
        left_s = max(self.effort.left_s(SEARCH_SHARE), 1.0)
        found = choose(self.base, best, others, kept, nodes, left_s, whole=False)
        return best if found is None or found.value_cny < best.value_cny else found

    def _tell(self, number: int, value: float, bound: float) -> None:
        self.say(f"Round {number}: relaxation {value:,.0f} CNY, bound {bound:,.0f} CNY")
        self.show(0.2 * min(value / max(bound, 1.0), 1.0))

    def _standing(self, found: Choice) -> str:
        gap = (self.bound - found.value_cny) / max(abs(self.bound), 1.0)
        return f"{found.value_cny:,.0f} CNY, bound {self.bound:,.0f} CNY, gap {gap:.2%}"

    def _is_closed(self, found: Choice) -> bool:
        return self.bound - found.value_cny <= 1e-4 * max(abs(self.bound), 1.0)
