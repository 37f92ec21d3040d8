"""A problem and its plan, made ready to be asked about: the bound of all plans, and the plan on its clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from documents.plan import Plan
from documents.problem import Problem
from optimizer.anneal import Rounds
from optimizer.ashore import Ashore
from optimizer.before import routes_before
from optimizer.conflicts import prepare
from optimizer.effort import ROOT_SHARE, Effort
from optimizer.explain.ashore import Fork
from optimizer.explain.clocked import Clocked
from optimizer.generation import Generated, generate
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing, landable
from optimizer.refine import PER_H, WARMTH
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
    pricing: Pricing
    ashore: Fork
    wishes: Wishes
    relaxation: Relaxation
    generated: Generated
    fleet: Fleet
    """The plan, its voyages known to the second, or what a search from there found."""
    value_cny: float
    """Of ``fleet``."""
    clock_cny: float
    """Of a fleet wholly on the clock of the bound."""

    @property
    def grid(self) -> Grid:
        """Return the clock of the bound."""
        return self.pricing.grid

    @property
    def bound_cny(self) -> float:
        """Return what no plan of the clock exceeds."""
        return self.generated.bound_cny


def pose(problem: Problem, plan: Plan, effort: Effort, say: Callable[[str], None]) -> Posed:
    """Return ``problem`` and ``plan`` made ready; raise InputError where orders cannot be kept."""
    grid, sea = Grid(problem), Sea(problem)
    network = Network(problem, *shore_clock(problem))
    lots = sorted({*landable(grid, network), *landable(Grid(problem, PER_H), network)})
    pricing = Pricing(grid, sea, network, lots)
    wishes = Wishes(grid, {})
    prepare(pricing, sea, wishes)
    ashore = Ashore(network, lots)
    planned, moorings = routes_before(pricing, sea, wishes, plan), _moorings(grid, plan)
    relaxation = Relaxation(Base(grid, network, lots, ashore=ashore), [])
    clocked = Clocked(pricing, ashore, relaxation.prices(), wishes).told(planned, moorings)
    if clocked.made:
        relaxation.add(clocked.routes)
    every = set(range(len(grid.shifts)))
    own = replace(effort, limit_s=LONGER * effort.limit_s, work=LONGER * effort.work, started_s=time.monotonic())
    generated = generate(
        relaxation, pricing, every, own, lambda n, value, bound: say(f"{n}: {value:,.0f}, bound {bound:,.0f} CNY")
    )
    responder = Responder(pricing, ashore, generated.prices, wishes)
    rounds = Rounds(responder, own, lambda _: None)
    clock_cny, found = rounds.run(clocked, WARMTH, ROOT_SHARE, CLOCK_SHARE, float("inf"))[0]
    start = max(responder.fleet(planned, moorings), found, key=rounds.value_cny)
    value_cny, fleet = rounds.run(start, WARMTH, CLOCK_SHARE, 1.0, float("inf"))[0]
    say(
        f"This plan: {plan.objective.total_cny:,.0f} CNY as stated, {value_cny:,.0f} as it is told here; wholly on the"
        f" clock {clock_cny:,.0f}"
    )
    return Posed(problem, plan, pricing, Fork(ashore), wishes, relaxation, generated, fleet, value_cny, clock_cny)


def _moorings(grid: Grid, plan: Plan) -> set[int]:
    """Return where the platforms of ``plan`` lie."""
    platforms = grid.problem.platforms
    at = {(mooring.platform_id, mooring.day, mooring.station_id) for mooring in plan.moorings}
    return {
        number
        for number, m in enumerate(grid.moorings)
        if (platforms[m.platform].id, m.day, platforms[m.platform].stations[m.station].id) in at
    }
