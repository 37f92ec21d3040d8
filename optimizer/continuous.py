"""A bound in continuous time: what no plan exceeds, whatever the second at which anything happens.

The network ashore is posed so that every rounding is in the plan's favour (:class:`optimizer.network.Network`,
optimistic). Voyages are sought on a clock of minutes, rounded in the boat's favour as well
(:mod:`optimizer.fine_clock`). At any prices that the columns ashore accept, what masses, berths and all that is given
ashore are worth, plus the best voyage of each shift, bounds all plans (Lagrangian duality, as in
:mod:`optimizer.generation`). Good prices come of the program over routes of the quarter-hour clock, and better ones as
voyages of a rougher clock of minutes come in; the bound is then told on a finer one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from documents.problem import Problem
from optimizer.clock import TINY_H
from optimizer.column import Column
from optimizer.effort import Effort
from optimizer.fine_clock import FineClock, Span
from optimizer.fine_pricing import FinePricing, work
from optimizer.generation import SMOOTHING
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.pricing import Prices
from optimizer.relaxation import Base, Relaxation
from optimizer.route import Route
from optimizer.sea import Sea

FINE_CLOCKS = (120, 60, 40, 20, 12, 8)
"""Steps an hour, all multiples of four: half a minute to seven and a half."""
ROUND_WORK, LAST_WORK, ALL_WORK = 1e10, 2.5e10, 3.7e10
"""What sweeps may go through in one round, in the last, and in all rounds (see :func:`optimizer.fine_pricing.work`):
together a few seconds on two cores."""
SHORE_CLOCKS = ((36, 0.5, 2.0), (math.inf, 2.0, 8.0))
"""Up to how many hours of horizon the optimistic network steps by how many hours, and tells ages apart by how many at
most."""
FEWEST_ROUNDS, MOST_ROUNDS = 3, 40
"""The Rushan day has six; six more bring the bound 1 % closer."""
CLOSED = 1e-3
"""Relative distance of bound and program at which better prices are sought no more."""
LEAST_CNY = 1e-3
"""Voyages that are worth less than this beyond their shift are rounding."""


@dataclass(frozen=True)
class FineRoute(Route):
    """A voyage of a fine clock, of which no more is known than its column."""

    column: Column


class FineBase(Base):
    """The program over routes of either clock."""

    def column_of(self, route: Route) -> Column:
        """Return the column of ``route``."""
        return route.column if isinstance(route, FineRoute) else super().column_of(route)


def continuous_bound_cny(grid: Grid, sea: Sea, routes: Sequence[Route], effort: Effort) -> float | None:
    """Return a bound on all plans in continuous time; the better ``routes`` are, the closer it comes.

    None where no clock is fine enough: rigging or mooring takes less than two of its steps, or something drifts faster
    than a boat sails. When the time of ``effort`` is over, prices are taken as they are.
    """
    problem = grid.problem
    step_h, born_h = _shore_clock(problem)
    clocks = [FineClock(grid, sea, per_h) for per_h in _per_h(problem, born_h)]
    if not clocks or not clocks[0].is_outrun:
        return None
    network = Network(problem, step_h, born_h, optimistic=True)
    lots = landable(network, clocks[0].spans)
    relaxation = Relaxation(FineBase(grid, network, lots), routes)
    rough, *finer = (FinePricing(clock, network, lots) for clock in clocks)
    rounds = ALL_WORK / max(work(problem, clocks[0].per_h, born_h), 1.0)
    bound, prices = _generate(relaxation, rough, effort, int(min(max(rounds, FEWEST_ROUNDS), MOST_ROUNDS)))
    return min([bound, *(pricing.bound(prices)[0] for pricing in finer)])


def _generate(relaxation: Relaxation, pricing: FinePricing, effort: Effort, rounds: int) -> tuple[float, Prices]:
    """Return the best bound, and its prices, that comes of some ``rounds`` of adding voyages to ``relaxation``."""
    bound, best = math.inf, relaxation.prices()
    for _ in range(rounds):
        now = relaxation.prices()
        new: list[FineRoute] = []
        for share in (SMOOTHING, 0.0):
            at = now.towards(best, share)
            found, columns = pricing.bound(at)
            if found < bound:
                bound, best = found, at
            new = [FineRoute(-1, (), 0.0, each) for each in columns if relaxation.profit_cny(each) > LEAST_CNY]
            if new:
                break
        if not new or effort.left_s() <= 0.0:
            break
        relaxation.add(new)
        if bound - relaxation.value_cny <= CLOSED * max(abs(bound), 1.0):
            break
    return bound, best


def _shore_clock(problem: Problem) -> tuple[float, float]:
    """Return by how many hours the network steps and tells ages apart: by half the life of what is landed at most."""
    step_h, born_h = next((step, born) for most, step, born in SHORE_CLOCKS if problem.horizon_h <= most)
    life_h = next(material.shelf_life_h for material in problem.materials if material.id == problem.landed_material)
    while life_h is not None and born_h > max(life_h / 2.0, step_h):
        born_h /= 2.0
    return step_h, born_h


def _per_h(problem: Problem, born_h: float) -> list[int]:
    """Return how many steps an hour the clock of the rounds has, and that of the last where it is another."""
    shortest = [vessel.rigging_h for vessel in problem.vessels] + [quay.mooring_h for quay in problem.quays]
    fine = [per_h for per_h in FINE_CLOCKS if min(shortest, default=1.0) >= 2.0 / per_h - TINY_H]
    if not fine:
        return []
    within = (
        next((per_h for per_h in fine if work(problem, per_h, born_h) <= most), fine[-1])
        for most in (ROUND_WORK, LAST_WORK)
    )
    return list(dict.fromkeys(within))


def landable(network: Network, spans: Sequence[Span]) -> tuple[Lot, ...]:
    """Return all lots that any voyage within ``spans`` can land."""
    places = {network.place_of[quay.id] for quay in network.problem.quays}
    found: set[Lot] = set()
    for start_h, end_h in {(span.start_h, span.end_h) for span in spans}:
        for moment, born in network.lots(start_h, end_h):
            if born * network.born_h < (moment + 1) * network.step_h - TINY_H:  # born before it is landed
                found |= {lot for place in places if network.may_land(lot := Lot(place, moment, born))}
    return tuple(sorted(found))
