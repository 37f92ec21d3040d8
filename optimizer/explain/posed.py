"""A problem and its plan, made ready to be asked about: the bound of all plans, and the plan on its clock."""

from collections.abc import Callable
from dataclasses import dataclass

from documents.plan import Plan
from documents.problem import Problem
from optimizer.anneal import Rounds
from optimizer.ashore import Ashore
from optimizer.before import routes_before
from optimizer.conflicts import prepare
from optimizer.effort import Effort
from optimizer.explain.ashore import Fork
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


@dataclass(frozen=True)
class Posed:
    """What every question starts from."""

    problem: Problem
    plan: Plan
    pricing: Pricing
    ashore: Fork
    wishes: Wishes
    relaxation: Relaxation
    generated: Generated
    fleet: Fleet
    """The plan on the clock of the bound, or what a search from it found."""
    value_cny: float
    """Of ``fleet``, batches and trips in fractions."""

    @property
    def grid(self) -> Grid:
        """Return the clock of the bound."""
        return self.pricing.grid

    @property
    def bound_cny(self) -> float:
        """Return what no plan of the clock exceeds."""
        return max(self.generated.bound_cny, self.value_cny)


def pose(problem: Problem, plan: Plan, effort: Effort, say: Callable[[str], None]) -> Posed:
    """Return ``problem`` and ``plan`` made ready; raise InputError where orders cannot be kept."""
    grid, sea = Grid(problem), Sea(problem)
    network = Network(problem, *shore_clock(problem))
    lots = sorted({*landable(grid, network), *landable(Grid(problem, PER_H), network)})
    pricing = Pricing(grid, sea, network, lots)
    wishes = Wishes(grid, {})
    prepare(pricing, sea, wishes)
    ashore = Ashore(network, lots)
    planned = routes_before(pricing, sea, wishes, plan)
    relaxation = Relaxation(Base(grid, network, lots, ashore=ashore), [])
    if planned:
        relaxation.add(planned)
    every = set(range(len(grid.shifts)))
    generated = generate(
        relaxation, pricing, every, effort, lambda n, value, bound: say(f"{n}: {value:,.0f}, bound {bound:,.0f} CNY")
    )
    responder = Responder(pricing, ashore, generated.prices, wishes)
    at = {(mooring.platform_id, mooring.day, mooring.station_id) for mooring in plan.moorings}
    moorings = {
        number
        for number, m in enumerate(grid.moorings)
        if (problem.platforms[m.platform].id, m.day, problem.platforms[m.platform].stations[m.station].id) in at
    }
    start = responder.fleet(planned, moorings)
    rounds = Rounds(responder, effort, lambda value: say(f"This plan searched on: {value:,.0f} CNY"))
    say(f"This plan: {rounds.value_cny(start):,.0f} CNY; it states {plan.objective.total_cny:,.0f}")
    value_cny, fleet = rounds.run(start, WARMTH, 0.0, 1.0, float("inf"))[0]
    return Posed(problem, plan, pricing, Fork(ashore), wishes, relaxation, generated, fleet, value_cny)
