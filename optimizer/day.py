"""A day written out: what becomes of the routes of the quarter-hour clock once they are sailed and landed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.plan import Objective
from optimizer.accounts import objective
from optimizer.allotment import REACHES_H, Allotment, allot, small_visits
from optimizer.assemble import Sailed, sail
from optimizer.effort import COUNTING_SHARE, Effort
from optimizer.ledger import Books, keep_books
from optimizer.relaxation import Base
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
    base: Base, sea: Sea, routes: Sequence[Route], effort: Effort, reaches_h: Sequence[float] = REACHES_H
) -> Day:
    """Return what becomes of ``routes``, at times told anew once for each of ``reaches_h``, or at the grid's times."""
    allotment = _settle(base, sea, routes, effort, reaches_h)
    sailed = sail(base.grid, base.network, sea, allotment.routes, allotment.taken, allotment.out)
    books = keep_books(base.network, sailed.landings, allotment.flows)
    return Day(allotment, sailed, books, objective(base.grid.problem, sailed.voyages, sailed.moorings, books))


def best_day(base: Base, sea: Sea, found: Found, effort: Effort) -> Day:
    """Return the best of the routes at free times, the routes at the grid's times, and staying home.

    The latter two are told only where, on the grid, they are worth more than what is known; the grid's times only
    while there is time.
    """
    outings = base.grid.outings
    routes = sorted(found.choice.routes, key=lambda route: (outings[route.outing].vessel, outings[route.outing].first))
    day = day_of(base, sea, routes, effort)
    has_time = effort.left_s(COUNTING_SHARE) > 0.0
    if routes and has_time and day.worth < (True, found.choice.value_cny):
        day = max(day, day_of(base, sea, routes, effort, ()), key=lambda each: each.worth)
    if routes and day.worth < (True, found.home_cny):
        day = max(day, day_of(base, sea, (), effort), key=lambda each: each.worth)
    return day


def _settle(base: Base, sea: Sea, routes: Sequence[Route], effort: Effort, reaches_h: Sequence[float]) -> Allotment:
    """Return times and tonnes of ``routes``; what is not worth rigging for is left out."""
    counts: Mapping[str, float] = {}
    while True:
        allotment = allot(base.grid, base.network, sea, routes, effort, counts, reaches_h)
        counts = allotment.counts
        small = small_visits(allotment, LEAST_VISIT_T)
        if not any(small):
            return allotment
        routes = [
            rest
            for route, unwanted in zip(allotment.routes, small, strict=True)
            if (rest := route.without(unwanted)).trips
        ]
