"""A problem and its plan, made ready to be asked about: the bound of all plans, and the plan on its clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from documents.plan import Plan
from documents.problem import Problem
from optimizer.anneal import WARMTH, Rounds
from optimizer.ashore import Ashore
from optimizer.before import routes_before
from optimizer.conflicts import prepare
from optimizer.effort import ROOT_SHARE, Effort
from optimizer.explain.ashore import Fork
from optimizer.explain.clocked import Clocked
from optimizer.explain.settle import settled
from optimizer.generation import Generated, generate
from optimizer.grid import Grid
from optimizer.kept import Kept
from optimizer.network import Network
from optimizer.pricing import Prices, Pricing, landable
from optimizer.refine import PER_H
from optimizer.relaxation import Base, Relaxation
from optimizer.response import Fleet, Responder
from optimizer.sea import Sea
from optimizer.solve import shore_clock
from optimizer.stops import Wishes

LONGER = 4
"""The plan itself is searched on so many times as long as for an answer, so that no answer is better by that alone."""


CLOCK_SHARE = 0.5
"""Of the time: when the search wholly on the clock ends."""


@dataclass(frozen=True)
class Posed:
    """What every question starts from. Values have batches and trips in fractions."""

    problem: Problem
    plan: Plan
    sea: Sea
    pricing: Pricing
    """On the clock of the bound."""
    finer: Pricing
    """On the clock on which days are planned anew."""
    ashore: Fork
    wishes: Wishes
    """Of the finer clock: none but locks."""
    relaxation: Relaxation
    generated: Generated
    prices: Prices
    """Those of the bound, on the finer clock."""
    planned_cny: float
    """Of the plan's own voyages, to the second."""
    fleet: Fleet
    """The plan, searched on from where it is; like days planned anew, to the second."""
    value_cny: float
    """Of ``fleet``."""
    on_clock: bool
    """Whether days are planned anew wholly on the clock of the bound."""
    clock_cny: float
    """Of the best fleet found that is wholly on the clock of the bound."""

    @property
    def grid(self) -> Grid:
        """Return the clock of the bound."""
        return self.pricing.grid

    @property
    def bound_cny(self) -> float:
        """Return what no plan of the clock of the bound exceeds."""
        return self.generated.bound_cny


def pose(
    problem: Problem,
    plan: Plan,
    effort: Effort,
    say: Callable[[str], None],
    *,
    on_clock: bool = False,
    kept: Kept | None = None,
) -> Posed:
    """Return ``problem`` and ``plan`` made ready; raise InputError where orders cannot be kept.

    Days are planned anew to the second; ``on_clock`` wholly on the clock of the bound, so that this bounds them.
    """
    grid, fine, sea = Grid(problem), Grid(problem, PER_H), Sea(problem, kept)
    network = Network(problem, *shore_clock(problem))
    lots = sorted({*landable(grid, network), *landable(fine, network)})
    pricing = Pricing(grid, sea, network, lots)
    finer = Pricing(fine, sea, network, lots, rougher=pricing) if not on_clock else pricing
    wishes, fine_wishes = Wishes(grid, {}), Wishes(finer.grid, {})
    prepare(pricing, sea, wishes)
    prepare(finer, sea, fine_wishes)
    ashore = Ashore(network, lots)
    relaxation = Relaxation(Base(grid, network, lots, ashore=ashore), [])
    known = routes_before(pricing, sea, wishes, plan)
    clocked = Clocked(pricing, ashore, relaxation.prices(), wishes).told(known, _moorings(grid, plan))
    if clocked.made:
        relaxation.add(clocked.routes)
    every = set(range(len(grid.shifts)))
    own = replace(effort, limit_s=LONGER * effort.limit_s, work=LONGER * effort.work, started_s=time.monotonic())
    generated = generate(
        relaxation, pricing, every, own, lambda n, value, bound: say(f"{n}: {value:,.0f}, bound {bound:,.0f} CNY")
    )
    rounds = Rounds(Responder(pricing, ashore, generated.prices, wishes), own, lambda _: None)
    clock_cny = rounds.run(clocked, WARMTH, ROOT_SHARE, CLOCK_SHARE, float("inf"))[0][0]
    prices = generated.prices.on_finer(finer.grid.per_h // grid.per_h)
    answering = Responder(finer, ashore, prices, fine_wishes)
    rounds = Rounds(answering, own, lambda _: None)
    known, moorings = routes_before(finer, sea, fine_wishes, plan), _moorings(finer.grid, plan)
    planned = answering.fleet(known, moorings)
    planned_cny = rounds.responder.value_cny(planned)
    _, found = rounds.run(planned, WARMTH, CLOCK_SHARE, 1.0, float("inf"))[0]
    fleet = found if on_clock else settled(answering, sea, found)
    value_cny = rounds.responder.value_cny(fleet)
    say(f"This plan: {planned_cny:,.0f} CNY, searched on {value_cny:,.0f}; wholly on the clock {clock_cny:,.0f}")
    return Posed(
        problem=problem,
        plan=plan,
        sea=sea,
        pricing=pricing,
        finer=finer,
        ashore=Fork(ashore),
        wishes=fine_wishes,
        relaxation=relaxation,
        generated=generated,
        prices=prices,
        planned_cny=planned_cny,
        fleet=fleet,
        value_cny=value_cny,
        on_clock=on_clock,
        clock_cny=clock_cny,
    )


def _moorings(grid: Grid, plan: Plan) -> set[int]:
    """Return where the platforms of ``plan`` lie."""
    platforms = grid.problem.platforms
    at = {(mooring.platform_id, mooring.day, mooring.station_id) for mooring in plan.moorings}
    return {
        number
        for number, m in enumerate(grid.moorings)
        if (platforms[m.platform].id, m.day, platforms[m.platform].stations[m.station].id) in at
    }
