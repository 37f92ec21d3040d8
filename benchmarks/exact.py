"""A router's routes as a plan in their own time: to the second, each patch as long as its tonnes take.

Where patches lie still, berths are free and quays take whatever comes, what a router plans can be done as it stands;
the checker replays that.
"""

import math
from collections.abc import Mapping

from benchmarks.desk import Desk
from benchmarks.retime import Call, Order
from benchmarks.unbounded import unbounded
from documents.plan import Plan
from optimizer.accounts import objective
from optimizer.assemble import sail
from optimizer.day import Made
from optimizer.ledger import Books
from optimizer.route import Route, Trip, Visit
from optimizer.series import place_at
from optimizer.timing import Pilot, TimedCall, TimedRoute, TimedTrip, TimedVisit


def exact_plan(desk: Desk, orders: Mapping[int, Order]) -> Plan:
    """Return the plan of ``orders`` by outing, every stop as early as can be; what they land stays where it is."""
    routes = [_timed(desk, outing, order) for outing, order in orders.items()]
    taken = [[[visit.planned.total_t for visit in trip.visits] for trip in route.trips] for route in routes]
    sailed = sail(desk.grid, desk.network, desk.sea, routes, taken)
    books = Books(parcels=[parcel for parcel, _ in sailed.landings])
    result = objective(desk.problem, sailed.voyages, sailed.moorings, books)
    return unbounded(desk.problem, Made(sailed.voyages, sailed.moorings, books, result))


def _timed(desk: Desk, number: int, order: Order) -> TimedRoute:
    grid, problem = desk.grid, desk.problem
    outing = grid.outings[number]
    vessel = problem.vessels[outing.vessel]
    pilot = Pilot(problem, desk.sea, outing.vessel)
    home = grid.quays[grid.dock_of[vessel.home_dock]]
    place, free_s = (home.lon, home.lat), math.ceil(outing.start_h * 3600)
    trips: list[TimedTrip] = []
    visits: list[TimedVisit] = []
    for stop in (*order, Call(grid.dock_of[vessel.home_dock])):
        if not isinstance(stop, Call):
            leg = pilot.to_patch(place, free_s, stop.number, None)
            assert leg is not None
            start_s = leg.arrive_s + pilot.rigging_s
            free_s = start_s + math.ceil(stop.tonnes / vessel.collect_t_per_h * 3600)
            steps = tuple(range(start_s // grid.step_s, -(-free_s // grid.step_s)))
            planned = Visit(stop.number, steps, (stop.tonnes / len(steps),) * len(steps))
            visits.append(TimedVisit(planned, start_s, free_s))
            place = place_at(problem.patches[stop.number], free_s / 3600)
        elif visits:
            quay = grid.quays[stop.quay]
            leg = pilot.to_quay(place, free_s, quay)
            assert leg is not None
            tonnes = sum(visit.planned.total_t for visit in visits)
            free_s = leg.arrive_s + math.ceil((quay.spec.mooring_h + tonnes / quay.spec.unload_t_per_h) * 3600)
            call = TimedCall(stop.quay, leg.arrive_s, free_s)
            first, last = leg.arrive_s // grid.step_s, -(-free_s // grid.step_s)
            trips.append(TimedTrip(Trip(tuple(v.planned for v in visits), stop.quay, first, last), tuple(visits), call))
            visits, place = [], (quay.lon, quay.lat)
    return TimedRoute(Route(number, tuple(trip.planned for trip in trips), 0.0), tuple(trips))
