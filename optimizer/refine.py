"""The fleet of the quarter-hour clock on a finer one: less of a shift is lost to rounding, and it is annealed further.

Ways take their time rounded up to the finer step; boats still collect whole quarter hours, as loads are told so.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from optimizer.anneal import Rounds
from optimizer.ashore import Ashore
from optimizer.effort import REFINE_SHARE, Effort
from optimizer.grid import Grid
from optimizer.pricing import Prices, Pricing
from optimizer.response import Fleet, Responder
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.stops import Wishes
from optimizer.timing import on_the_grid
from optimizer.to_the_second import route_of

PER_H = 12
"""Steps of five minutes."""
WARMTH = (3e-4, 1e-5)
"""What a step may lose at first and at last, relative to the whole."""


def refine(
    pricing: Pricing,
    sea: Sea,
    ashore: Ashore,
    prices: Prices,
    fleet: Fleet,
    rough: Grid,
    wishes: Wishes,
    before: Sequence[Route],
    effort: Effort,
    say: Callable[[str], None],
) -> Fleet:
    """Return the best fleet that annealing comes to on the clock of ``pricing``; ``fleet`` is one of ``rough``.

    ``wishes`` are told by the finer clock, as are the voyages of the plan ``before``.
    """
    grid = pricing.grid
    each = grid.per_h // rough.per_h
    responder = Responder(pricing, ashore, prices.on_finer(each), wishes, before)
    rounds = Rounds(responder, effort, lambda value: say(f"On {60 // grid.per_h}-minute steps: {value:,.0f} CNY"))
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
    say(f"On {60 // grid.per_h}-minute steps: {rounds.value_cny(start):,.0f} CNY at first")
    return rounds.run(start, WARMTH, effort.spent_s / effort.limit_s, REFINE_SHARE, float("inf"))[0][1]


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
