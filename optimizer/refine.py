"""The fleet of the quarter-hour clock on a finer one, and from there in its own time (:mod:`optimizer.own_time`)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from optimizer.ashore import Ashore
from optimizer.effort import Effort
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
) -> Fleet:
    """Return the best that annealing makes of ``fleet``, told by the clock of ``pricing``; it is one of ``rougher``.

    ``wishes`` are told by the finer clock, as are the voyages of the plan ``before``.
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
    return OwnTime(rougher, responder, sea, effort, say).run(start) if grid.shifts else start


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
