"""A day written out: what becomes of routes once they are sailed and landed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from documents.changes import changed_stops
from documents.plan import Mooring, Objective, Plan, Voyage
from documents.problem import Problem
from optimizer.accounts import objective
from optimizer.allotment import REACHES_H, Allotment, allot, small_visits
from optimizer.ashore import Ashore
from optimizer.assemble import sail
from optimizer.conflicts import unkept
from optimizer.effort import COUNTING_SHARE, Effort
from optimizer.ledger import Books, keep_books
from optimizer.limits import MISSED_BATCHES, MISSED_T
from optimizer.network import Network
from optimizer.refine import Refined
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.search import Found
from optimizer.stops import Wishes

LEAST_VISIT_T = 0.05
"""示例. No boat rigs for less."""


@dataclass(frozen=True)
class Made:
    """What is done at sea and ashore, and what it comes to."""

    voyages: Sequence[Voyage]
    moorings: Sequence[Mooring]
    books: Books
    objective: Objective


def as_before(problem: Problem, plan: Plan) -> Made:
    """Return what is made where ``plan`` stands as it is."""
    books = Books([*plan.parcels], [*plan.batches], [*plan.hauls], [*plan.sales], [*plan.disposals])
    return Made(plan.voyages, plan.moorings, books, objective(problem, plan.voyages, plan.moorings, books))


def or_before(problem: Problem, made: Made, before: Plan) -> Made:
    """Return what is ``made`` where it is worth its changes, else the plan ``before``, which stands as it is."""
    old = as_before(problem, before)
    changed = changed_stops(before.voyages, made.voyages, [vessel.id for vessel in problem.vessels])
    gained = made.objective.total_cny - old.objective.total_cny
    return made if gained > problem.orders.change_cost_cny * max(changed, 1) else old


@dataclass(frozen=True)
class Day:
    """What becomes of some routes, to the second and to the kilogram."""

    allotment: Allotment
    made: Made
    wishes: Wishes

    @property
    def worth(self) -> tuple[bool, float]:
        """Return by what the better of two is told: what must be is kept first; then changes have their cost."""
        flows, routes = self.allotment.flows, self.allotment.routes
        must = (
            max(flows.missed.values(), default=0.0) <= MISSED_T
            and max(flows.unkept.values(), default=0.0) <= MISSED_BATCHES
            and not unkept(self.wishes, routes)
        )
        changes_cny = self.wishes.all_given_up_cny + sum(map(self.wishes.changes_cny, routes))
        return must, self.made.objective.total_cny - changes_cny


def day_of(
    wishes: Wishes,
    network: Network,
    sea: Sea,
    ashore: Ashore | None,
    routes: Sequence[Route],
    effort: Effort,
    reaches_h: Sequence[float] = REACHES_H,
    trips: Mapping[str, float] = MappingProxyType({}),
) -> Day:
    """Return what becomes of ``routes`` of the grid of ``wishes``.

    Times are told anew once for each of ``reaches_h``, or are those of the grid. Vehicles make their ``trips`` ashore
    at first, by the names of the variables.
    """
    grid = wishes.grid
    outings = grid.outings
    order = sorted(routes, key=lambda route: (outings[route.outing].vessel, outings[route.outing].first))
    allotment = _settle(wishes, network, sea, ashore, order, effort, reaches_h, trips)
    sailed = sail(grid, network, sea, allotment.routes, allotment.taken, allotment.out)
    books = keep_books(network, sailed.landings, allotment.flows)
    result = objective(grid.problem, sailed.voyages, sailed.moorings, books)
    return Day(allotment, Made(sailed.voyages, sailed.moorings, books, result), wishes)


def best_day(
    fine: Wishes,
    refined: Refined,
    rough: Wishes,
    network: Network,
    sea: Sea,
    ashore: Ashore,
    found: Found,
    effort: Effort,
) -> Day:
    """Return the best of what is ``refined`` on the ``fine`` clock, the routes chosen on the other, and staying home.

    The latter are told only where they are worth more by themselves than what is known, and while there is time; nobody
    stays home who must go.
    """
    fleet = refined.routes
    day = day_of(fine, network, sea, refined.ashore, fleet, effort, trips=refined.trips)
    chosen = found.choice.routes
    for reaches_h in (REACHES_H, ()):
        if chosen and effort.left_s(COUNTING_SHARE) > 0.0 and day.worth < (True, found.choice.value_cny):
            day = max(day, day_of(rough, network, sea, ashore, chosen, effort, reaches_h), key=lambda each: each.worth)
    may_stay = not any(fine.grid.must_go)
    if fleet and may_stay and day.worth < (True, found.home_cny - fine.all_given_up_cny):
        day = max(day, day_of(rough, network, sea, ashore, (), effort), key=lambda each: each.worth)
    return day


def _settle(
    wishes: Wishes,
    network: Network,
    sea: Sea,
    ashore: Ashore | None,
    routes: Sequence[Route],
    effort: Effort,
    reaches_h: Sequence[float],
    trips: Mapping[str, float],
) -> Allotment:
    """Return times and tonnes of ``routes``; what is not worth rigging for is left out."""
    counts: Mapping[str, float] = {}
    while True:
        allotment = allot(wishes.grid, network, sea, ashore, routes, effort, counts, wishes, reaches_h, trips)
        counts = allotment.counts
        small = small_visits(allotment, LEAST_VISIT_T)
        if not any(small):
            return allotment
        routes = [
            rest
            for route, unwanted in zip(allotment.routes, small, strict=True)
            if (rest := route.without(unwanted)).trips
        ]
