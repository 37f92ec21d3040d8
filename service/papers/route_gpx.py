"""The route of one vessel as GPX 1.1: an ``rte`` a voyage, a point a waypoint, with names and times."""

from datetime import datetime
from itertools import accumulate, pairwise

import gpxpy.gpx

from documents.base import LonLat
from documents.geodesy import distance_m
from documents.plan import Stop, StopKind, Voyage
from documents.problem import VesselSpec
from service.papers.day import Day
from service.papers.route_sheet import stop_target
from service.papers.words import BEIJING, STOPS, clock, long_day

SAME_PLACE_M = 50.0
"""A leg's first waypoint is left out where it lies this close to the stop before it: the boat has not moved."""


def route_gpx(day: Day, vessel: VesselSpec) -> str | None:
    """Return the voyages of ``vessel`` as GPX; None where it stays in port."""
    voyages = [voyage for voyage in day.plan.voyages if voyage.vessel_id == vessel.id] if day.plan is not None else []
    if not voyages:
        return None
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "Greentide"
    gpx.name = f"{vessel.name} {long_day(day.problem.start.astimezone(BEIJING).date())}"
    if day.simulated:
        gpx.description = "由模拟影像得出，仅供演示，不得用于出海"
    gpx.routes = [_route(day, vessel, number, voyage) for number, voyage in enumerate(voyages, 1)]
    return str(gpx.to_xml(version="1.1"))


def _route(day: Day, vessel: VesselSpec, number: int, voyage: Voyage) -> gpxpy.gpx.GPXRoute:
    route = gpxpy.gpx.GPXRoute(name=f"{vessel.id} 第 {number} 航次", number=number)
    before: Stop | None = None
    for order, stop in enumerate(voyage.stops):
        if before is not None:
            route.points += _under_way(order, before, stop)
        route.points.append(_stop_point(day, vessel, order, stop))
        before = stop
    return route


def _stop_point(day: Day, vessel: VesselSpec, order: int, stop: Stop) -> gpxpy.gpx.GPXRoutePoint:
    working = "" if stop.start == stop.end else f"，{clock(stop.start)}–{clock(stop.end)} 作业 {stop.tonnes:.1f} t"
    comes = "离" if stop.kind is StopKind.DEPART else "到"
    target = stop_target(day, vessel.id, stop)
    return gpxpy.gpx.GPXRoutePoint(
        latitude=stop.lat,
        longitude=stop.lon,
        time=stop.arrive,
        name=f"{order} {STOPS[stop.kind]}",
        description=f"{target}，{clock(stop.arrive)} {comes}{working}，载量 {stop.load_t:.1f} t",
        symbol=stop.kind.value,
    )


def _under_way(order: int, before: Stop, stop: Stop) -> list[gpxpy.gpx.GPXRoutePoint]:
    """Return the waypoints between two stops, timed as if sailed evenly from leaving to arriving."""
    timed = list(zip(stop.waypoints, _times(stop.waypoints, before.end, stop.arrive), strict=True))[:-1]
    if timed and distance_m(timed[0][0], (before.lon, before.lat)) <= SAME_PLACE_M:
        timed = timed[1:]
    return [
        gpxpy.gpx.GPXRoutePoint(latitude=lat, longitude=lon, time=time, name=f"{order - 1}-{order}.{index}")
        for index, ((lon, lat), time) in enumerate(timed, 1)
    ]


def _times(points: tuple[LonLat, ...], leave: datetime, arrive: datetime) -> list[datetime]:
    gone = list(accumulate((distance_m(a, b) for a, b in pairwise(points)), initial=0.0))
    shares = [distance / gone[-1] if gone[-1] else 1.0 for distance in gone]
    return [(leave + share * (arrive - leave)).replace(microsecond=0) for share in shares[: len(points)]]
