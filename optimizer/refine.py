"""The fleet of the quarter-hour clock on a finer one, and from there in its own time (:mod:`optimizer.own_time`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.allotment import trips_of
from optimizer.ashore import Ashore
from optimizer.effort import FREE_SHARE, REFINE_SHARE, TRIPS_SHARE, Effort
from optimizer.grid import Grid
from optimizer.own_time import OwnTime
from optimizer.pricing import Prices, Pricing
from optimizer.response import Fleet, Responder
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.stops import Wishes
from optimizer.timing import on_the_grid
from optimizer.to_the_second import route_of

PER_H = 12
"""Steps of five minutes."""
FREELY, PAID = (7e-3, 7e-4), (4e-3, 2e-4)
"""What a step may lose at first and at last, relative to what a shift is worth in the mean: while vehicles make
fractions of trips ashore, and once they make those that are paid for."""


@dataclass(frozen=True)
class Refined:
    """A fleet in its own time, and what it was told of the shore."""

    routes: Sequence[Route]
    ashore: Ashore
    trips: Mapping[str, float]
    """That are paid for there, by the names of their variables."""


def refine(
    pricing: Pricing,
    sea: Sea,
    ashore: Ashore,
    prices: Prices,
    fleet: Fleet,
    rougher: Pricing,
    wishes: Wishes,
    before: Sequence[Route],
    effort: Effort,
    say: Callable[[str], None],
) -> Refined:
    """Return the best that annealing makes of ``fleet``, told by the clock of ``pricing``; it is one of ``rougher``.

    Vehicles make fractions of trips ashore at first. Then those are counted in whole numbers and paid for, and the
    fleet is annealed again: what a trip has room for beyond its fraction costs nothing more. ``wishes`` are told by the
    finer clock, as are the voyages of the plan ``before``.
    """
    grid, rough = pricing.grid, rougher.grid
    each = grid.per_h // rough.per_h
    responder = Responder(pricing, ashore, prices.on_finer(each), wishes, before)
    outing_of = {(o.vessel, o.shift, o.start_h): number for number, o in enumerate(grid.outings)}
    mooring_of = {(m.platform, m.day, m.station): number for number, m in enumerate(grid.moorings)}
    routes = []
    for route in fleet.routes:
        outing = rough.outings[route.outing]
        number = outing_of[outing.vessel, outing.shift, outing.start_h]
        routes.append(_finer_to_the_second(pricing, sea, rough, route, number) or _finer(route, number, each))
    at = [rough.moorings[m] for m in fleet.moorings]
    start = responder.fleet(routes, [mooring_of[m.platform, m.day, m.station] for m in at])
    dropped = [shift for shift in sorted({grid.shift_row[r.outing] for r in routes}) if shift not in start.made]
    start = responder.refill(start, dropped, [0.0] * len(dropped))
    if not grid.shifts:
        return Refined(start.routes, ashore, {})
    say("In their own time, with fractions of trips ashore")
    free = OwnTime(rougher, responder, sea, effort, say).run(start, FREELY, FREE_SHARE)
    trips = trips_of(grid, pricing.network, sea, free.routes, wishes, effort.left_s(TRIPS_SHARE))
    if not any(trips.values()):
        return Refined(free.routes, ashore, {})
    say(f"In their own time, with {sum(trips.values()):.0f} trips ashore paid for")
    responder = Responder(pricing, ashore.that_pays(trips), prices.on_finer(each), wishes, before)
    paid = OwnTime(rougher, responder, sea, effort, say).run(free, PAID, REFINE_SHARE)
    return Refined(paid.routes, responder.ashore, trips)


def _finer_to_the_second(pricing: Pricing, sea: Sea, rough: Grid, route: Route, outing: int) -> Route | None:
    """Return ``route`` of the ``rough`` clock on that of ``pricing``, if its times are known to the second."""
    if any(trip.span_s is None for trip in route.trips):
        return None
    timed = replace(on_the_grid(rough, route), planned=Route(outing, (), route.sailing_cny))
    return route_of(pricing.grid, pricing.network, frozenset(pricing.lots), sea, timed)


def _finer(route: Route, outing: int, each: int) -> Route:
    """Return ``route`` on a clock of ``each`` steps to one of its own."""
    trips = []
    for trip in route.trips:
        visits = tuple(
            Visit(
                visit.patch,
                tuple(step * each + k for step in visit.steps for k in range(each)),
                tuple(tonnes / each for tonnes in visit.tonnes for _ in range(each)),
            )
            for visit in trip.visits
        )
        trips.append(Trip(visits, trip.quay, trip.first * each, trip.last * each))
    return Route(outing, tuple(trips), route.sailing_cny)
