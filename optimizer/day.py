"""A day written out: what becomes of routes once they are sailed and landed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.plan import Objective
from optimizer.accounts import objective
from optimizer.allotment import REACHES_H, Allotment, allot, small_visits
from optimizer.assemble import Sailed, sail
from optimizer.effort import COUNTING_SHARE, Effort
from optimizer.grid import Grid
from optimizer.ledger import Books, keep_books
from optimizer.network import Network
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.search import Found

MISSED_T = 1e-3
"""Less than this short of a contract is rounding."""
LEAST_VISIT_T = 0.05
"""示例. No boat rigs for less."""


@dataclass(frozen=True)
class Day:
    """What becomes of some routes, to the second and to the kilogram."""

    allotment: Allotment
    sailed: Sailed
    books: Books
    objective: Objective

    @property
    def worth(self) -> tuple[bool, float]:
        """Return by what the better of two is told: contracts are kept first."""
        return max(self.allotment.flows.missed.values(), default=0.0) <= MISSED_T, self.objective.total_cny


def day_of(
    grid: Grid,
    network: Network,
    sea: Sea,
    routes: Sequence[Route],
    effort: Effort,
    reaches_h: Sequence[float] = REACHES_H,
) -> Day:
    """Return what becomes of ``routes``, at times told anew once for each of ``reaches_h``, or at the grid's times."""
    outings = grid.outings
    order = sorted(routes, key=lambda route: (outings[route.outing].vessel, outings[route.outing].first))
    allotment = _settle(grid, network, sea, order, effort, reaches_h)
    sailed = sail(grid, network, sea, allotment.routes, allotment.taken)
    books = keep_books(network, sailed.landings, allotment.flows)
    return Day(allotment, sailed, books, objective(grid.problem, sailed.voyages, sailed.moorings, books))


def best_day(
    fine: Grid, fleet: Sequence[Route], grid: Grid, network: Network, sea: Sea, found: Found, effort: Effort
) -> Day:
    """Return the best of ``fleet`` on the ``fine`` clock, the routes that were chosen on the other, and staying home.

    The latter are told only where they are worth more by themselves than what is known, and while there is time.
    """
    day = day_of(fine, network, sea, fleet, effort)
    chosen = found.choice.routes
    for reaches_h in (REACHES_H, ()):
        if chosen and effort.left_s(COUNTING_SHARE) > 0.0 and day.worth < (True, found.choice.value_cny):
            day = max(day, day_of(grid, network, sea, chosen, effort, reaches_h), key=lambda each: each.worth)
    if fleet and day.worth < (True, found.home_cny):
        day = max(day, day_of(grid, network, sea, (), effort), key=lambda each: each.worth)
    return day


def _settle(
    grid: Grid,
    network: Network,
    sea: Sea,
    routes: Sequence[Route],
    effort: Effort,
    reaches_h: Sequence[float],
) -> Allotment:
    """Return times and tonnes of ``routes``; what is not worth rigging for is left out."""
    counts: Mapping[str, float] = {}
    while True:
        allotment = allot(grid, network, sea, routes, effort, counts, reaches_h)
        counts = allotment.counts
        small = small_visits(allotment, LEAST_VISIT_T)
        if not any(small):
            return allotment
        routes = [
            rest
            for route, unwanted in zip(allotment.routes, small, strict=True)
            if (rest := route.without(unwanted)).trips
        ]
