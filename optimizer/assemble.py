"""From times and tonnes to the stops of voyages and the parcels that they land; every figure is rounded here."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents.base import LonLat
from documents.errors import GreentideError
from documents.plan import Mooring, Origin, Parcel, Stop, StopKind, Voyage
from documents.problem import Problem
from documents.under_way import SECOND
from optimizer.afloat import Day, called, day_at
from optimizer.column import lot_of
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.sea import Sea, SeaPath
from optimizer.series import place_at
from optimizer.timing import Leg, Pilot, TimedRoute, TimedTrip

TONNE_DECIMALS = 3
DEGREE_DECIMALS = 6


@dataclass(frozen=True)
class Sailed:
    """All voyages with what they land."""

    voyages: tuple[Voyage, ...]
    moorings: tuple[Mooring, ...]
    landings: tuple[tuple[Parcel, Lot], ...]
    """Each with the lot that it was planned as."""


def sail(
    grid: Grid,
    network: Network,
    sea: Sea,
    routes: Sequence[TimedRoute],
    taken_t: Sequence[Sequence[Sequence[float]]],
    out: Collection[Day] = (),
) -> Sailed:
    """Return the voyages of ``routes`` with the tonnes ``taken_t`` by route, trip and visit.

    Platforms lie out where boats call, and on the days ``out``.
    """
    voyages: list[Voyage] = []
    landings: list[tuple[Parcel, Lot]] = []
    for route, tonnes in zip(routes, taken_t, strict=True):
        skipper = _Skipper(grid, sea, route)
        for trip, amounts in zip(route.trips, tonnes, strict=True):
            lot = lot_of(grid, network, trip.planned)
            # No sooner than the step before the one that it counts from: the program has room for it from there on.
            soonest_s = math.floor((lot.moment - 1) * network.step_h * 3600) + 1
            landings.append((skipper.make(trip, amounts, soonest_s), lot))
        voyages.append(skipper.voyage())
    return Sailed(tuple(_with_berths(grid.problem, voyages)), _moorings(grid, routes, out), tuple(landings))


def _moorings(grid: Grid, routes: Sequence[TimedRoute], out: Collection[Day]) -> tuple[Mooring, ...]:
    anywhere = {day_at(grid, m): m for m in reversed(range(len(grid.moorings)))}
    found: list[Mooring] = []
    for number in sorted(called(grid, routes) | {anywhere[day] for day in out}):
        mooring = grid.moorings[number]
        platform = grid.problem.platforms[mooring.platform]
        station = platform.stations[mooring.station]
        found.append(Mooring(platform_id=platform.id, day=mooring.day, station_id=station.id))
    return tuple(found)


class _Skipper:
    """Sails one route stop by stop."""

    def __init__(self, grid: Grid, sea: Sea, route: TimedRoute) -> None:
        outing = grid.outings[route.outing]
        self.grid, self.problem = grid, grid.problem
        self.vessel = self.problem.vessels[outing.vessel]
        self.shift = outing.shift
        self.pilot = Pilot(grid.problem, sea, outing.vessel)
        self.home = grid.dock_of[self.vessel.home_dock]
        self.begins_s = math.ceil(outing.start_h * 3600 - 1e-6)
        self.place: LonLat = (grid.quays[self.home].lon, grid.quays[self.home].lat)
        self.leave_s = -1
        self.stops: list[Stop] = []
        self.calls = 0

    def make(self, trip: TimedTrip, amounts: Sequence[float], soonest_s: int) -> Parcel:
        """Sail one trip; return what it lands, at ``soonest_s`` or later."""
        load = 0.0
        for visit, amount in zip(trip.visits, amounts, strict=True):
            if not self.stops:
                self._depart(visit.patch, visit.start_s)
            leg = self._sound(self.pilot.to_patch(self.place, self.leave_s, visit.patch, visit.start_s))
            patch = self.problem.patches[visit.patch]
            load = round(load + amount, TONNE_DECIMALS)
            self._add(StopKind.COLLECT, leg, visit.start_s, visit.end_s, tonnes=amount, load_t=load, patch_id=patch.id)
            self.place = _rounded(place_at(patch, visit.end_s / 3600))
        quay = self.grid.quays[trip.call.quay]
        leg = self._sound(self.pilot.to_quay(self.place, self.leave_s, quay))
        start_s = max(leg.arrive_s, trip.call.start_s)
        needed_s = math.ceil((quay.spec.mooring_h + load / quay.spec.unload_t_per_h) * 3600 - 1e-6)
        end_s = max(start_s + needed_s, soonest_s)
        self.calls += 1
        name = f"{self.vessel.id}-{self.shift + 1}-{self.calls}"
        self._add(StopKind.UNLOAD, leg, start_s, end_s, tonnes=load, quay_id=quay.spec.id, berth=0, parcel_id=name)
        self.place = quay.lon, quay.lat
        return Parcel(
            id=name,
            place_id=quay.spec.id,
            material=self.problem.landed_material,
            tonnes=load,
            available=moment(self.problem, end_s),
            born=moment(self.problem, trip.visits[0].start_s),
            origin=Origin.LANDING,
            of=self.vessel.id,
        )

    def voyage(self) -> Voyage:
        """Sail home and return the voyage."""
        leg = self._sound(self.pilot.to_quay(self.place, self.leave_s, self.grid.quays[self.home]))
        self._add(StopKind.RETURN, leg, leg.arrive_s, leg.arrive_s)
        return Voyage(vessel_id=self.vessel.id, shift=self.shift, stops=tuple(self.stops))

    def _depart(self, patch: int, start_s: int) -> None:
        """Leave home as late as the first visit allows."""
        met = place_at(self.problem.patches[patch], (start_s - self.pilot.rigging_s) / 3600)
        path = self.pilot.path(self.place, met)
        latest = start_s - self.pilot.rigging_s
        leave_s = self.begins_s
        if path is not None:
            # The patch is met a little elsewhere than it was aimed at, by seconds of sailing.
            leave_s = max(self.begins_s, latest - math.ceil(path.miles / self.vessel.speed_kn * 3600))
            while leave_s > self.begins_s:
                leg = self.pilot.to_patch(self.place, leave_s, patch, start_s)
                if leg is not None and leg.arrive_s <= latest:
                    break
                leave_s = max(self.begins_s, leave_s - 10)
        now = moment(self.problem, leave_s)
        lon, lat = self.place
        self.stops.append(Stop(kind=StopKind.DEPART, arrive=now, start=now, end=now, lon=lon, lat=lat))
        self.leave_s = leave_s

    def _add(self, kind: StopKind, leg: Leg, start_s: int, end_s: int, **more: object) -> None:
        lon, lat = leg.path.waypoints[-1]
        arrive, start, end = (moment(self.problem, second) for second in (leg.arrive_s, start_s, end_s))
        stop = {"arrive": arrive, "start": start, "end": end, "lon": lon, "lat": lat, **more}
        path: SeaPath = leg.path
        self.stops.append(
            Stop.model_validate(
                {"kind": kind, "waypoints": path.waypoints, "distance_nm": round(path.miles, 3), **stop}
            )
        )
        self.leave_s = end_s

    def _sound(self, leg: Leg | None) -> Leg:
        if leg is None:
            raise GreentideError(f"Vessel {self.vessel.id} has lost its way: a leg that was sailed before is blocked.")
        return leg


def _rounded(place: LonLat) -> LonLat:
    return round(place[0], DEGREE_DECIMALS), round(place[1], DEGREE_DECIMALS)


def moment(problem: Problem, second: int) -> datetime:
    """Return the moment ``second`` seconds after the problem's start."""
    return problem.start + timedelta(seconds=second)


def _with_berths(problem: Problem, voyages: Sequence[Voyage]) -> list[Voyage]:
    """Give every call the lowest berth that is free: enough are, as the calls fit their number at every moment.

    What voyages begun before the start hold takes its turn.
    """
    calls = [
        (stop.start, v, s)
        for v, voyage in enumerate(voyages)
        for s, stop in enumerate(voyage.stops)
        if stop.kind is StopKind.UNLOAD
    ]
    held = [(quay.id, window) for quay in problem.quays for window in quay.held]
    calls += [(window.start, -1, number) for number, (_, window) in enumerate(held)]
    longest_ago = datetime.min.replace(tzinfo=problem.start.tzinfo)
    free_from = {quay.id: [longest_ago] * quay.berths for quay in problem.quays}
    stops = [list(voyage.stops) for voyage in voyages]
    for start, v, s in sorted(calls):
        quay, end = (held[s][0], held[s][1].end - SECOND) if v < 0 else (stops[v][s].quay_id, stops[v][s].end)
        assert quay is not None
        berths = free_from[quay]
        berth = next((b for b, free in enumerate(berths) if free <= start), None)
        if berth is None:
            raise GreentideError(f"Quay {quay} has no free berth at {start:%H:%M}Z; the plan does not hold.")
        berths[berth] = end
        if v >= 0:
            stops[v][s] = stops[v][s].model_copy(update={"berth": berth})
    return [voyage.model_copy(update={"stops": tuple(stops[v])}) for v, voyage in enumerate(voyages)]
