"""A vehicle router (PyVRP) put to the task: prize-collecting clients, trips with reload depots, nothing that moves.

Each portion of a patch is a client on each day, where the patch is in the middle of it; one of these is served at most.
Its prize is the damage that it would do then and the price of a tonne landed. As vessels collect and rig at their own
pace, the time at a client is part of the way there, in a profile for every kind of vessel; so is unloading, at the mean
pace of the quays. Berths, the drift of patches and the shore are beyond the router. Money is counted in 1/3600 CNY and
ways in 1/3600 nm, so that costs by the hour and by the mile are whole numbers a second and a unit.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyvrp

from benchmarks.desk import Desk
from benchmarks.retime import Call, Order, Patch
from benchmarks.router_process import routed
from documents.problem import VesselSpec
from optimizer.clock import STEP_H, joined, span_of
from optimizer.effort import Effort

Floats = npt.NDArray[np.float64]

PER_H = 3600
"""Seconds an hour, and units of money a CNY and of length a nautical mile."""
KG = 1000
ITERATIONS = 1000
"""Of the router at most, for one of a search's :attr:`~optimizer.effort.Effort.work`."""
MOST_CLIENTS = 1000
"""The least valuable portions beyond these are left out; they are more than all boats can carry."""
NO_WAY_H = 1000.0
"""In place of a way that there is not."""


@dataclass(frozen=True)
class Portion:
    """A client: some tonnes of a patch on one day."""

    patch: int
    group: int
    """The same portion on all days."""
    tonnes: float
    prize_cny: float
    lon: float
    lat: float
    from_h: float
    until_h: float
    """When collecting must have ended."""


def portions(desk: Desk, most_t: float) -> list[Portion]:
    """Return every patch in equal portions of at most ``most_t`` on every day, the most valuable first."""
    spans = joined((outing.first, outing.last) for outing in desk.grid.outings)
    found: list[list[Portion]] = []
    for p, patch in enumerate(desk.problem.patches):
        number = max(math.ceil(patch.biomass_t * max(patch.remaining) / most_t - 1e-9), 1)
        days = [day for first, last in spans if (day := _day(desk, p, int(first), int(last), number))]
        found += [days] * number
    ranked = sorted((days for days in found if days), key=lambda days: -max(day.prize_cny / day.tonnes for day in days))
    return [replace(day, group=group) for group, days in enumerate(ranked) for day in days][:MOST_CLIENTS]


def _day(desk: Desk, p: int, first: int, last: int, number: int) -> Portion | None:
    """Return one of ``number`` portions of patch ``p`` in the middle of such steps as it may be worked in."""
    grid = desk.grid
    steps = first + np.flatnonzero(grid.workable[p, first:last])
    if not len(steps):
        return None
    middle = int(steps[len(steps) // 2])
    lon, lat = grid.positions(np.array([middle * STEP_H]))[p, 0]
    tonnes = grid.problem.patches[p].biomass_t / grid.use_per_t[p, middle] / number
    prize = tonnes * (grid.value_cny_per_t[p, middle] + desk.price_cny_per_t)
    return Portion(p, 0, tonnes, prize, lon, lat, steps[0] * STEP_H, (steps[-1] + 1) * STEP_H)


@dataclass(frozen=True)
class Answer:
    """What the router found."""

    orders: dict[int, Order]
    """By outing."""
    value_cny: float
    """By its own account."""


class Router:
    """The task as PyVRP's data; platforms lie at ``stations`` (quays of the grid) on all their days."""

    def __init__(self, desk: Desk, clients: Sequence[Portion], stations: Sequence[int] = ()) -> None:
        self.desk, self.grid, self.clients = desk, desk.grid, clients
        self.depots: list[tuple[int, float, float]] = [*self._depots(stations)]
        """(quay, opens, closes): first every dock without a window, to start and end at."""
        self.outings = self._alike()
        """By vehicle type: boats that are alike, in one shift."""
        self._miles = self._distances_nm()
        self.data = self._data()

    def solve(self, effort: Effort, seed: int = 0) -> Answer:
        """Return the best that was found in all of the time."""
        return self._answer(routed(self.data, effort.left_s(), ITERATIONS * effort.work, seed))

    def _depots(self, stations: Sequence[int]) -> Iterator[tuple[int, float, float]]:
        problem = self.grid.problem
        docks = range(len(problem.docks))
        yield from ((quay, 0.0, float(problem.horizon_h)) for quay in docks)
        for quay in (*docks, *stations):
            for window in self.grid.quays[quay].windows:
                yield quay, *span_of(problem, window)

    def _distances_nm(self) -> Floats:
        """Return the ways between all quays and clients."""
        places = np.concatenate([self.grid.places, [(client.lon, client.lat) for client in self.clients]])
        own, row = np.unique(places, axis=0, return_inverse=True)
        row = row.reshape(-1)
        a, b = np.triu_indices(len(own), 1)
        miles = np.zeros((len(own), len(own)))
        miles[a, b] = miles[b, a] = self.desk.sea.distances_nm(own[a], own[b])
        return np.asarray(miles[np.ix_(row, row)])

    def _hours(self, vessel: VesselSpec) -> Floats:
        """Return how long each way takes, with all that is done at its end."""
        quays = [quay.spec for quay in self.grid.quays]
        place = [-1 - q for q in range(len(quays))] + [client.patch for client in self.clients]
        is_other = np.not_equal.outer(place, place)
        hours = self._miles / vessel.speed_kn
        tonnes = np.array([client.tonnes for client in self.clients])
        rate = float(np.mean([quay.unload_t_per_h for quay in quays]))
        hours[:, len(quays) :] += tonnes / vessel.collect_t_per_h + tonnes / rate
        hours[:, len(quays) :] += vessel.rigging_h * is_other[:, len(quays) :]
        hours[len(quays) :, : len(quays)] += [quay.mooring_h for quay in quays]
        np.fill_diagonal(hours, 0.0)
        return hours

    def _data(self) -> pyvrp.ProblemData:
        quays = len(self.grid.quays)
        locations = [pyvrp.Location(*place) for place in self.grid.places]
        locations += [pyvrp.Location(client.lon, client.lat) for client in self.clients]
        days = Counter(client.group for client in self.clients)
        numbers = {group: g for g, group in enumerate(group for group, number in days.items() if number > 1)}
        groups = [pyvrp.ClientGroup(required=False) for _ in numbers]
        for k, client in enumerate(self.clients):
            if client.group in numbers:
                groups[numbers[client.group]].add_client(k)
        clients = [
            pyvrp.Client(
                location=quays + k,
                pickup=[math.floor(client.tonnes * KG)],
                tw_early=math.ceil(client.from_h * PER_H),
                tw_late=math.floor(client.until_h * PER_H),
                prize=round(client.prize_cny * PER_H),
                required=False,
                group=numbers.get(client.group),
            )
            for k, client in enumerate(self.clients)
        ]
        depots = [
            pyvrp.Depot(quay, math.ceil(first * PER_H), math.floor(last * PER_H)) for quay, first, last in self.depots
        ]
        vessels = self.grid.problem.vessels
        profiles = {kind: n for n, kind in enumerate(dict.fromkeys(map(_pace, vessels)))}
        kinds = {_pace(vessel): vessel for vessel in vessels}
        miles = _whole(self._miles)
        hours = [_whole(self._hours(kinds[kind])) for kind in profiles]
        vehicles = [self._vehicle(numbers, profiles) for numbers in self.outings]
        return pyvrp.ProblemData(locations, clients, depots, vehicles, [miles] * len(hours), hours, groups)

    def _alike(self) -> list[list[int]]:
        alike: dict[tuple[object, ...], list[int]] = {}
        for number in self.desk.longest:
            outing = self.grid.outings[number]
            vessel = self.grid.problem.vessels[outing.vessel].model_dump(exclude={"id", "name", "shifts"})
            alike.setdefault((*vessel.values(), outing.start_h, outing.end_h), []).append(number)
        return list(alike.values())

    def _vehicle(self, numbers: Sequence[int], profiles: dict[tuple[float, float, float], int]) -> pyvrp.VehicleType:
        outing = self.grid.outings[numbers[0]]
        vessel = self.grid.problem.vessels[outing.vessel]
        home = self.grid.dock_of[vessel.home_dock]
        return pyvrp.VehicleType(
            num_available=len(numbers),
            capacity=[math.floor(vessel.capacity_t * KG)],
            start_depot=home,
            end_depot=home,
            tw_early=math.ceil(outing.start_h * PER_H),
            tw_late=math.floor(outing.end_h * PER_H),
            unit_distance_cost=round(vessel.cost_per_nm_cny),
            unit_duration_cost=round(vessel.cost_per_h_cny),
            profile=profiles[_pace(vessel)],
            reload_depots=list(range(len(self.grid.problem.docks), len(self.depots))),
        )

    def _answer(self, solution: pyvrp.Solution | None) -> Answer:
        if solution is None:
            return Answer({}, 0.0)
        waiting = [list(numbers) for numbers in self.outings]
        orders: dict[int, Order] = {}
        for route in solution.routes():
            stops: list[Patch | Call] = []
            for activity in route.schedule()[1:]:
                if activity.is_depot():
                    stops.append(Call(self.depots[activity.idx][0]))
                    continue
                client, last = self.clients[activity.idx], stops[-1] if stops else None
                if isinstance(last, Patch) and last.number == client.patch:
                    stops[-1] = Patch(client.patch, last.tonnes + client.tonnes)
                else:
                    stops.append(Patch(client.patch, client.tonnes))
            orders[waiting[route.vehicle_type()].pop(0)] = stops
        cost = solution.distance_cost() + solution.duration_cost()
        return Answer(orders, (solution.prizes() - cost) / PER_H)


def _pace(vessel: VesselSpec) -> tuple[float, float, float]:
    return vessel.speed_kn, vessel.rigging_h, vessel.collect_t_per_h


def _whole(amounts: Floats) -> npt.NDArray[np.int64]:
    """Return hours in seconds or miles in units, rounded up."""
    amounts = np.minimum(amounts, NO_WAY_H)
    return np.ceil(amounts * PER_H - 1e-6).astype(np.int64)
