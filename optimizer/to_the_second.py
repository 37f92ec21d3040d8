"""Routes whose times are known to the second: what they take of the resources that a clock of the boats tells.

Such a route need not fit the clock: its ways are as long as they are. A visit is told by the steps that it touches,
each with what is collected in it. A berth is told by the steps between the marks that follow the start and the end of a
call, so that calls which follow one another do so on the clock as well; what is landed counts from the same moment.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from optimizer.column import lot_of, use
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.route import LEAST_T, Route, Trip, Visit
from optimizer.sea import Sea
from optimizer.timing import TimedRoute, TimedTrip, ways_s


def route_of(grid: Grid, network: Network, lots: Collection[Lot], sea: Sea, timed: TimedRoute) -> Route | None:
    """Return the route that is made at the times of ``timed``, collecting what there is time for.

    None where there is no way, or what it lands is none of ``lots``, or a platform does not lie where it calls.
    """
    ways = ways_s(grid, sea, timed)
    trips = [_trip(grid, timed, trip) for trip in timed.trips]
    if ways is None or any(lot_of(grid, network, trip) not in lots or not _is_moored(grid, trip) for trip in trips):
        return None
    vessel = grid.problem.vessels[grid.outings[timed.outing].vessel]
    first = timed.trips[0].visits[0].start_s - vessel.rigging_h * 3600 - ways[0][0]
    back = timed.trips[-1].call.end_s + ways[-1][0]
    miles = sum(map(sum, ways)) / 3600 * vessel.speed_kn
    sailing = (back - first) / 3600 * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
    return Route(timed.outing, tuple(trips), sailing)


def _trip(grid: Grid, timed: TimedRoute, trip: TimedTrip) -> Trip:
    vessel = grid.problem.vessels[grid.outings[timed.outing].vessel]
    room, step_s = vessel.capacity_t, grid.step_s
    visits: list[Visit] = []
    for visit in trip.visits:
        steps = tuple(range(visit.start_s // step_s, -(-visit.end_s // step_s)))
        spans_s = [min(visit.end_s, (s + 1) * step_s) - max(visit.start_s, s * step_s) for s in steps]
        tonnes = tuple(vessel.collect_t_per_h * seconds / 3600 for seconds in spans_s)
        told = Visit(visit.patch, steps, tonnes, (visit.start_s, visit.end_s))
        there = grid.problem.patches[visit.patch].biomass_t / use(grid, told)
        most = max(min(room, there), LEAST_T)
        room -= min(most, told.total_t)
        visits.append(replace(told, tonnes=_filled(tonnes, most)))
    first = -(-trip.call.start_s // step_s)
    last = max(-(-trip.call.end_s // step_s), first + 1)
    if last > grid.steps:
        first, last = first - 1, last - 1
    return Trip(tuple(visits), trip.call.quay, first, last, (trip.call.start_s, trip.call.end_s))


def _filled(tonnes: Sequence[float], most: float) -> tuple[float, ...]:
    """Return ``tonnes`` up to ``most`` in all, the first first."""
    found: list[float] = []
    for each in tonnes:
        found.append(min(each, max(most - sum(found), 0.0)))
    return tuple(found)


def _is_moored(grid: Grid, trip: Trip) -> bool:
    return grid.quays[trip.quay].platform is None or any(
        mooring.quay == trip.quay and mooring.first <= trip.first < mooring.last for mooring in grid.moorings
    )
