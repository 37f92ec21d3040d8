"""The search for a good plan on the quarter-hour clock, and the bound on all of them.

Routes are generated until the relaxation is solved, in which the shore is known by its planes
(:mod:`optimizer.ashore`), and on for choices of where platforms lie (:mod:`optimizer.branching`). A dive then fixes the
routes that the relaxation likes best, some shifts at a time. From there, or from the plan before where that is better,
two chains anneal side by side, round after round, each round from the best so far (:mod:`optimizer.anneal`). At last,
on small problems, the integer program of sea and shore chooses among the routes found.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.anneal import Rounds
from optimizer.ashore import Ashore
from optimizer.berths import Berths
from optimizer.branching import Branching
from optimizer.choice import Choice, choose
from optimizer.column import moorings_of
from optimizer.effort import SEARCH_SHARE, Effort
from optimizer.generation import ROUGHLY, ROUNDS, generate
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Base, Relaxation
from optimizer.response import Fleet, Responder
from optimizer.route import Route
from optimizer.scatter import scattered

POOL = 600
"""Routes beside the present ones that the last program chooses from: more slow it down."""
NODES = 200
"""Branching of the last program: what it finds, it mostly finds before."""
SMALL = 1_500
"""Columns of a program ashore up to which the last program finds anything that annealing does not, in useful time."""
FEW = 12
"""Patches up to which it has routes enough to choose from: of more there are too many ways to draw."""
DIVES = 8
"""Of many shifts an eighth may be fixed at a time."""
WARM, COLD = 1e-3, 3e-5
"""What a step may lose at first and at last, relative to the whole."""
LIKELY = 300
"""Routes that the bound in continuous time starts from: half as many leave it 10 % higher."""
GUARD_S = 600.0
"""A program without whole numbers takes seconds; this is no limit but a guard."""
CLOSED = 1e-4
"""Relative distance of the bound at which the search ends."""
FIRST_ROUNDS = 3
"""Of exact pricing where platforms may lie anywhere: what bounds plans comes after that."""
LEAST_SHARE = 1e-6
"""Less of a route than this is rounding."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """The best choice found, and what no plan of the grid exceeds."""

    choice: Choice
    fleet: Fleet
    """The best without what a visit waives."""
    bound_cny: float
    prices: Prices
    """Those of the bound."""
    likely: tuple[Route, ...]
    """The most profitable routes of the relaxation: the bound in continuous time starts from them."""
    home_cny: float
    """What staying home is worth at most on the grid."""


class Search:
    """One search; the same problem and work give the same routes unless the clock cuts it short."""

    def __init__(
        self,
        base: Base,
        pricing: Pricing,
        ashore: Ashore,
        effort: Effort,
        say: Say,
        show: Callable[[float], None],
        before: Sequence[Route] = (),
    ) -> None:
        """``before`` are the voyages of the plan before: what is found is no worse than them."""
        self.before = before
        self.base, self.grid, self.pricing, self.ashore = base, base.grid, pricing, ashore
        self.effort, self.say, self.show = effort, say, show

    def run(self) -> Found:
        """Return the best that was found."""
        relaxation = Relaxation(Base(self.grid, self.base.network, self.base.lots, ashore=self.ashore), [])
        home_cny = relaxation.value_cny
        every = set(range(len(self.grid.shifts)))
        quick = self.pricing.quicker()  # what it finds bounds nothing, but most routes come of it
        rough = generate(relaxation, quick, every, self.effort, self._tell_roughly, closed=ROUGHLY)
        branching = Branching(relaxation, self.pricing, self.effort, self._tell_choice)
        first = FIRST_ROUNDS if len(branching.choices) > 1 else ROUNDS
        root = generate(relaxation, self.pricing, every, self.effort, self._tell, centre=rough.prices, rounds=first)
        moored = branching.run(root)
        self.bound = moored.bound_cny
        ranked = np.argsort(-relaxation.profits_cny(), kind="stable")[:LIKELY]
        likely = tuple(relaxation.routes[int(number)] for number in ranked)
        self.show(0.2)
        if self.base.wishes.before:
            relaxation = self._start_again(relaxation, every, moored.moorings)
        self._dive(relaxation, every)
        made = [relaxation.routes[number] for number in relaxation.fixed]
        responder = Responder(self.pricing, self.ashore, moored.prices, self.base.wishes, self.before)
        start = responder.fleet(made, self._moorings(relaxation, made))
        rounds = Rounds(responder, self.effort, lambda value: self.say(f"Annealed: {self._standing(value)}"))
        self.say(f"By diving: {self._standing(responder.value_cny(start))}")
        if self.before:
            before = responder.fleet(self.before, self._moorings(relaxation, self.before))
            self.say(f"The plan before: {self._standing(responder.value_cny(before))}")
            start = max(before, start, key=responder.value_cny)
        enough = self.bound - CLOSED * abs(self.bound)
        begins = self.effort.spent_s / self.effort.limit_s
        fleets = rounds.run(start, (WARM, COLD), begins, begins + SEARCH_SHARE, enough)
        choice = self._choose([fleet for _, fleet in fleets], relaxation, moored.prices)
        chosen = responder.fleet(choice.routes, fleets[0][1].moorings)
        best = max(fleets[0], (responder.value_cny(chosen), chosen), key=lambda pair: pair[0])[1]
        return Found(choice, best, self.bound, moored.prices, likely, home_cny)

    def _start_again(
        self, relaxation: Relaxation, shifts: Collection[int], moorings: frozenset[int] | None
    ) -> Relaxation:
        """Return the relaxation with the plan before in it, in which changes are paid for from now on.

        Platforms lie at ``moorings``, if these are known.
        """
        self.pricing = self.pricing.that_keeps(self.base.wishes)
        base = Base(self.grid, self.base.network, self.base.lots, self.base.wishes, ashore=self.ashore)
        again = Relaxation(base, [*self.before, *relaxation.routes])
        if moorings is not None:
            again.moor(moorings)
        generate(again, self.pricing if moorings is None else self.pricing.moored(moorings), shifts, self.effort)
        return again

    def _dive(self, relaxation: Relaxation, shifts: Collection[int]) -> None:
        """Fix the likeliest routes of some shifts after others, until no likely one is left."""
        left = set(shifts)
        while left:
            likeliest = self._likeliest(relaxation, left, math.ceil(len(shifts) / DIVES))
            if not likeliest:
                break
            left -= {self._shift(relaxation.routes[number]) for number in likeliest}
            relaxation.fix(likeliest)

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

    def _moorings(self, relaxation: Relaxation, made: Sequence[Route]) -> set[int]:
        """Return where the platforms lie for the routes that are made; on other days, where they most likely would."""
        chosen: dict[tuple[int, int], int] = {}
        called = {m for route in made for m in moorings_of(self.grid, route)}
        likely = relaxation.out()
        for m in sorted(range(len(likely)), key=lambda m: (m not in called, -likely[m])):
            if m in called or likely[m] > LEAST_SHARE:
                chosen.setdefault((self.grid.moorings[m].platform, self.grid.moorings[m].day), m)
        return set(chosen.values())

    def _choose(self, fleets: list[Fleet], relaxation: Relaxation, prices: Prices) -> Choice:
        """Return what the integer program chooses, starting from the first of ``fleets``.

        Of a small problem it is given all routes at hand that could be in a better plan, which those that earn too
        little in the relaxation over all of them cannot. Of a large one it tells what the first fleet's visits take.
        """
        start = choose(self.base, self._nothing(), fleets[0].routes, (), 1, GUARD_S, whole=False) or self._nothing()
        if self.base.columns > SMALL or len(self.grid.problem.patches) > FEW:
            return start
        rng = np.random.default_rng(self.grid.problem.seed)
        others = [*relaxation.routes, *(route for fleet in fleets for route in fleet.routes)]
        every = Relaxation(
            relaxation.base, [*dict.fromkeys([*others, *scattered(self.pricing, prices, self.effort.work, rng)])]
        )
        profits = every.profits_cny()
        room = every.value_cny - start.value_cny
        ranked = [every.routes[int(n)] for n in np.argsort(-profits, kind="stable") if profits[n] >= -room]
        known = set(start.routes)
        others = [route for route in ranked if route not in known][:POOL]
        left_s = max(SEARCH_SHARE * self.effort.limit_s, 1.0)
        found = choose(self.base, start, others, (), NODES, left_s, whole=False)
        best = start if found is None or found.value_cny < start.value_cny else found
        self.say(f"Chosen of {len(others)} more routes: {self._standing(best.value_cny)}")
        return best

    def _nothing(self) -> Choice:
        return Choice((), -np.inf, (), np.zeros(self.base.columns))

    def _tell_roughly(self, number: int, value: float, bound: float) -> None:
        self.say(f"Round {number} of quick answers: relaxation {value:,.0f} CNY")
        self.show(0.1 * min(max(value / max(bound, 1.0), 0.0), 1.0))

    def _tell(self, number: int, value: float, bound: float) -> None:
        self.say(f"Round {number}: relaxation {value:,.0f} CNY, bound {bound:,.0f} CNY")
        self.show(0.2 * min(max(value / max(bound, 1.0), 0.0), 1.0))

    def _tell_choice(self, value: float, bound: float) -> None:
        self.say(f"Where platforms lie: relaxation {value:,.0f} CNY, bound {bound:,.0f} CNY")

    def _standing(self, value_cny: float) -> str:
        gap = (self.bound - value_cny) / max(abs(self.bound), 1.0)
        return f"{value_cny:,.0f} CNY, bound {self.bound:,.0f} CNY, gap {gap:.2%}"
