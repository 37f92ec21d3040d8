"""A problem as the baselines see it: the sea as it is, the shore told by one price a tonne.

Every baseline tells who goes where; what comes of it is told in one way for all, by the planner's own last step: times
set free, and the real shore making the best of what is landed then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pulp

from benchmarks.instance_measures import carriable_t, catchable_t
from benchmarks.unbounded import unbounded
from documents.network import MaterialSpec, PlaceSpec, StoreSpec
from documents.plan import Plan
from documents.problem import Problem
from optimizer.ashore import Ashore
from optimizer.day import day_of
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.pricing import Pricing
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.shore import Shore, Terms
from optimizer.solve import shore_clock
from optimizer.solvers import solver
from optimizer.stops import Wishes

ROUTES_SHARE = 0.75
"""Of the time: when a baseline's routes stand; what is left goes to times, whole batches and trips."""
SHORE_S = 60.0
"""A program ashore without whole numbers takes a second or two; this is no limit but a guard."""
ROOM_T = 1e6
"""Of a store that takes whatever comes."""


@dataclass(frozen=True)
class Desk:
    """What every baseline is given."""

    grid: Grid
    sea: Sea
    pricing: Pricing
    """With the sailing tables and all lots."""
    price_cny_per_t: float
    """What a tonne landed is worth, told as one price for all."""

    @property
    def problem(self) -> Problem:
        """Return the problem."""
        return self.grid.problem

    @property
    def network(self) -> Network:
        """Return the real shore."""
        return self.pricing.network

    @cached_property
    def longest(self) -> tuple[int, ...]:
        """Return the longest outing of every shift: where waves cut a shift in two, a boat makes one of them."""
        best: dict[int, int] = {}
        for number, row in enumerate(self.grid.shift_row):
            if row not in best or self._steps(number) > self._steps(best[row]):
                best[row] = number
        return tuple(best.values())

    def _steps(self, outing: int) -> int:
        return self.grid.outings[outing].last - self.grid.outings[outing].first

    def plan(self, routes: Sequence[Route], effort: Effort) -> Plan:
        """Return the plan that makes the best of ``routes`` with the real shore, or of staying home."""
        wishes = Wishes(self.grid, {})
        ashore = Ashore(self.network, self.pricing.lots)
        days = [day_of(wishes, self.network, self.sea, ashore, each, effort) for each in (routes, ())]
        return unbounded(self.problem, max(days, key=lambda day: day.worth).made)


def desk_of(problem: Problem) -> Desk:
    """Return ``problem`` as the baselines see it."""
    grid, sea = Grid(problem), Sea(problem)
    pricing = Pricing(grid, sea, Network(problem, *shore_clock(problem)))
    return Desk(grid, sea, pricing, flat_price_cny_per_t(pricing.network, pricing.lots))


def flat_price_cny_per_t(network: Network, lots: Sequence[Lot]) -> float:
    """Return what the shore makes, in the mean, of each tonne of all that the fleet might land.

    It may come when and where it suits the shore best, in fractions of batches and trips.
    """
    problem = network.problem
    tonnes = min(carriable_t(problem), catchable_t(problem))
    if tonnes <= 0.0 or not lots:
        return 0.0
    return (_worth_cny(network, lots, tonnes) - _worth_cny(network, lots, 0.0)) / tonnes


def _worth_cny(network: Network, lots: Sequence[Lot], landed_t: float) -> float:
    model, cost = pulp.LpProblem("shore", pulp.LpMinimize), Terms()
    shore = Shore(network, model, cost, lots, integral=False)
    model += pulp.lpSum(shore.flows.landed.values()) <= landed_t
    model.setObjective(pulp.LpAffineExpression(cost))
    model.solve(solver(0, SHORE_S))
    return -float(pulp.value(model.objective))


def flat_shore(problem: Problem, price_cny_per_t: float) -> Problem:
    """Return ``problem`` with quays that take whatever comes at one price, and nothing else ashore."""
    landed = MaterialSpec(id=problem.landed_material, name=problem.landed_material, disposal_cny_per_t=0.0)
    store = StoreSpec(materials=(landed.id,), capacity_t=ROOM_T, end_value_cny_per_t={landed.id: price_cny_per_t})
    nothing = {"fleets": (), "links": (), "supplies": (), "contracts": ()}
    places = tuple(PlaceSpec(id=quay.id, name=quay.name, stores=(store,)) for quay in problem.quays)
    return problem.model_copy(update={"materials": (landed,), "places": places, **nothing})
