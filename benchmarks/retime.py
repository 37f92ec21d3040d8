"""Orders of stops put on the quarter-hour clock: each boat as early as it can, who comes first is served first.

A boat with anything on board always holds a berth booked for it, so that what it collects can be landed and the boat is
home in time: a visit is as long as the patch, the hold and such a booking allow.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.desk import Desk
from optimizer.clock import STEP_H, TINY_H, steps_up
from optimizer.column import use
from optimizer.grid import Grid
from optimizer.network import Lot
from optimizer.route import Route, Trip, Visit
from optimizer.sailing import NEVER

LEAST_T = 1e-3
"""Less than a kilogram is nothing."""


@dataclass(frozen=True)
class Patch:
    """A stop at a patch."""

    number: int
    tonnes: float = math.inf
    """Wanted there; what the hold does not take stays."""


@dataclass(frozen=True)
class Call:
    """A stop at a quay, by its number in the grid."""

    quay: int


Order = Sequence[Patch | Call]


class Waters:
    """What all boats share: the masses, the berths, and where the platforms lie."""

    def __init__(self, desk: Desk, moorings: Iterable[int] = ()) -> None:
        """``moorings`` are those at which platforms lie."""
        grid = desk.grid
        self.desk, self.grid = desk, grid
        self.left_t = np.array([patch.biomass_t for patch in grid.problem.patches])
        """Told at sensing time."""
        docks = np.array([quay.platform is None for quay in grid.quays])
        calls = np.repeat(docks[:, None], grid.steps, axis=1)
        for number in moorings:
            mooring = grid.moorings[number]
            calls[mooring.quay, mooring.first : mooring.last] = True
        berths = np.array([quay.spec.berths for quay in grid.quays], dtype=np.int64)
        self.free = np.where(calls & grid.open, berths[:, None], 0)
        """(quays, steps): berths."""

    def book(self, trip: Trip, sign: int) -> None:
        """Take the berth of ``trip`` and what its visits use up, or give them back."""
        self.free[trip.quay, trip.first : trip.last] -= sign
        for visit in trip.visits:
            self.left_t[visit.patch] -= sign * use(self.grid, visit) * visit.total_t


class Boat:
    """A boat on its outing; ``now`` is the moment at which it is free to go on."""

    def __init__(self, waters: Waters, outing: int) -> None:
        desk, grid = waters.desk, waters.grid
        self.waters, self.grid, self.network = waters, grid, desk.network
        self.number, self.outing = outing, grid.outings[outing]
        self.vessel = grid.problem.vessels[self.outing.vessel]
        self.table = desk.pricing.tables[self.vessel.speed_kn, self.vessel.rigging_h]
        self.home = grid.dock_of[self.vessel.home_dock]
        self.now, self.quay = self.outing.first, self.home
        self.patch: int | None = None
        """Where it is; None at ``quay``."""
        self.trips: list[Trip] = []
        self.booked: Trip | None = None
        """The trip so far, and the call that would end it."""
        self._left_h: float | None = None
        self._miles = 0.0

    @property
    def load_t(self) -> float:
        """Return what is on board."""
        return 0.0 if self.booked is None else self.booked.total_t

    @property
    def has_room(self) -> bool:
        """Return whether the hold takes any more."""
        return self.vessel.capacity_t - self.load_t > LEAST_T

    def ready(self, patch: int) -> int | None:
        """Return the step at which it would be rigged alongside ``patch``, None for never."""
        first, last = self.outing.first, self.outing.last
        if self._left_h is None:
            steps = np.flatnonzero(self.table.first_h[first:last, self.home, patch] >= first * STEP_H - TINY_H)
            return first + int(steps[0]) if len(steps) else None
        table = self.table.out[self.now, self.quay] if self.patch is None else self.table.between[self.now, self.patch]
        return int(table[patch]) if NEVER < table[patch] < last else None

    def takes(self, patch: int, ready: int, wanted_t: float = math.inf) -> list[float]:
        """Return what it would collect in each step from ``ready`` on, were there no end of the shift."""
        grid = self.grid
        room, mass = min(self.vessel.capacity_t - self.load_t, wanted_t), float(self.waters.left_t[patch])
        taken: list[float] = []
        for step in range(ready, self.outing.last):
            tonnes = min(self.vessel.collect_t_per_h * STEP_H, room, mass / grid.use_per_t[patch, step])
            if tonnes < LEAST_T or not grid.workable[patch, step]:
                break
            taken.append(float(tonnes))
            room, mass = room - tonnes, mass - tonnes * grid.use_per_t[patch, step]
        return taken

    def visit(self, stop: Patch, quay: int | None = None) -> bool:
        """Collect at ``stop``, to land it at ``quay`` if that may be; return whether there was time for it."""
        ready = self.ready(stop.number)
        if ready is None:
            return False
        taken = self.takes(stop.number, ready, stop.tonnes)
        before = self.booked
        if before is not None:
            self.waters.book(before, -1)
        for steps in range(len(taken), 0, -1):
            visit = Visit(stop.number, tuple(range(ready, ready + steps)), tuple(taken[:steps]))
            trip = self._landed((*(before.visits if before else ()), visit), quay)
            if trip is not None:
                self.waters.book(trip, 1)
                self._go_to(stop.number, ready)
                self.booked, self.now, self.patch = trip, visit.last, stop.number
                return True
        if before is not None:
            self.waters.book(before, 1)
        return False

    def unload(self) -> None:
        """Make the call that is booked."""
        assert self.booked is not None
        assert self.patch is not None
        self._miles += float(self.table.home_nm[self.now, self.patch, self.booked.quay])
        self.trips.append(self.booked)
        self.now, self.quay, self.patch, self.booked = self.booked.last, self.booked.quay, None, None

    def route(self) -> Route | None:
        """Return the voyage, home from the last quay; None where it lands nothing."""
        if not self.trips or self._left_h is None:
            return None
        back_nm = float(self.table.quays_nm[self.quay, self.home])
        hours = self.now * STEP_H + back_nm / self.vessel.speed_kn - self._left_h
        miles = self._miles + back_nm
        sailing = hours * self.vessel.cost_per_h_cny + miles * self.vessel.cost_per_nm_cny
        return Route(self.number, tuple(self.trips), sailing)

    def _go_to(self, patch: int, ready: int) -> None:
        if self._left_h is None:
            self._left_h = float(self.table.first_h[ready, self.home, patch])
            self._miles = float(self.table.first_nm[ready, self.home, patch])
        elif self.patch is None:
            self._miles += float(self.table.out_nm[self.now, self.quay, patch])
        else:
            self._miles += float(self.table.between_nm[self.now, self.patch, patch])

    def _landed(self, visits: tuple[Visit, ...], wanted: int | None) -> Trip | None:
        """Return ``visits`` with a call at the quay ``wanted``, or else where it ends soonest; None for no time."""
        calls = [trip for quay in range(len(self.grid.quays)) if (trip := self._call(visits, quay)) is not None]
        return min(calls, key=lambda trip: (trip.quay != wanted, trip.last), default=None)

    def _call(self, visits: tuple[Visit, ...], quay: int) -> Trip | None:
        last, spec = visits[-1].last, self.grid.quays[quay].spec
        arrives = int(self.table.home[last, visits[-1].patch, quay])
        back_h = float(self.table.quays_nm[quay, self.home]) / self.vessel.speed_kn
        tonnes = sum(visit.total_t for visit in visits)
        steps = max(steps_up(spec.mooring_h + tonnes / spec.unload_t_per_h), 1)
        if arrives == NEVER or not math.isfinite(back_h):
            return None
        latest = math.floor(self.outing.last - back_h / STEP_H + TINY_H)
        place = self.network.place_of[spec.id]
        for first in range(arrives, latest - steps + 1):
            free = self.waters.free[quay, first : first + steps] > 0
            moment = self.network.moment_in((first + steps) * STEP_H)
            lot = Lot(place, moment, self.network.bucket(visits[0].first * STEP_H))
            if free.all() and self.network.may_land(lot):
                return Trip(visits, quay, first, first + steps)
        return None


def sail(boats: Iterable[Boat], act: Callable[[Boat], bool]) -> list[Route]:
    """Let each boat ``act`` as soon as it is free, until it does no more; return the routes that come of it."""
    out = list(boats)
    waiting = set(range(len(out)))
    while waiting:
        number = min(waiting, key=lambda n: (out[n].now, n))
        if not act(out[number]):
            waiting.discard(number)
    return [route for boat in out if (route := boat.route()) is not None]


def retimed(desk: Desk, orders: Mapping[int, Order], moorings: Iterable[int] = ()) -> list[Route]:
    """Return the routes of ``orders`` by outing; what cannot be reached is left out."""
    waters = Waters(desk, moorings)
    left = {outing: list(order) for outing, order in orders.items()}

    def act(boat: Boat) -> bool:
        stops = left[boat.number]
        while stops:
            stop = stops.pop(0)
            if isinstance(stop, Call):
                if boat.booked is not None:
                    boat.unload()
                    return True
            elif boat.has_room:
                quay = next((each.quay for each in stops if isinstance(each, Call)), None)
                if boat.visit(stop, quay):
                    return True
        if boat.booked is not None:
            boat.unload()
        return False

    return sail([Boat(waters, outing) for outing in orders], act)


def moorings_at(grid: Grid, quays: Iterable[int]) -> list[int]:
    """Return the moorings of platforms that lie at ``quays`` on all their days."""
    wanted = set(quays)
    return [number for number, mooring in enumerate(grid.moorings) if mooring.quay in wanted]
