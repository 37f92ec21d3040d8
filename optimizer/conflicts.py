"""Locks of voyages that cannot hold: which, and what is in their way.

Before the search each shift is asked for some voyage that keeps all its locks, and all such shifts for fractions of
voyages that keep them together. Where windows are too narrow for the clock they are taken wider, and routes are fitted
to them to the second. Locks of several shifts that need the same berths, or the same patch, are told in pairs. After
the search, those that whole voyages did not keep are tried likewise.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from documents.errors import InputError
from documents.orders import Lock, LockedStop
from documents.problem import Problem
from optimizer.choice import Choice, choose
from optimizer.course import course_of, hits, is_forbidden
from optimizer.effort import Effort
from optimizer.fitting import Fitter
from optimizer.generation import generate
from optimizer.pricing import Prices, Pricing
from optimizer.relaxation import Base, Relaxation
from optimizer.sea import Sea
from optimizer.stops import Wishes
from optimizer.timing import TimedRoute

SLACKS_H = (0.0, 0.25, 0.5, 1.0, 2.0)
"""By how much windows are taken wider, one after the other."""
STINGY_CNY_PER_T = 1e5
"""More than any tonne is worth."""
LEAST_IDLE = 1e-3
"""Less of a shift than this is rounding."""
NODES = 1000
"""Branching for two shifts."""
GUARD_S = 120.0
"""Routes of two shifts take seconds; this is no limit but a guard."""


def prepare(pricing: Pricing, sea: Sea, wishes: Wishes) -> None:
    """Let ``pricing`` find voyages that keep all locks; raise InputError where some shift has none."""
    grid = pricing.grid
    rows = {shift: k for k, shift in enumerate(grid.shifts)}
    for v, vessel in enumerate(grid.problem.vessels):
        for number in range(len(vessel.shifts)):
            locks = [lock for lock in grid.problem.orders.of(vessel.id, number) if lock.stops]
            if locks and (v, number) not in rows:
                raise _stays(grid.problem, vessel.id, number, locks[0])
            if locks:
                _Keeper(pricing, sea, wishes, rows[v, number], locks).prepare()


def _stays(problem: Problem, vessel: str, shift: int, lock: Lock) -> InputError:
    for home in problem.orders.of(vessel, shift):
        if home.whole and not home.stops:
            return InputError(
                f"Locks {home.id} and {lock.id} cannot both be kept: {home.id} keeps vessel {vessel} in harbour."
            )
    return InputError(f"Lock {lock.id} cannot be kept: vessel {vessel} may not be out in that shift.")


class _Keeper:
    """Tells which ``locks`` of a shift can be kept."""

    def __init__(self, pricing: Pricing, sea: Sea, wishes: Wishes, shift: int, locks: Sequence[Lock]) -> None:
        self.pricing, self.grid, self.sea = pricing, pricing.grid, sea
        self.wishes, self.shift, self.locks = wishes, shift, locks
        self.outings = [o for o, row in enumerate(self.grid.shift_row) if row == shift]
        self.vessel = self.grid.problem.vessels[self.grid.shifts[shift][0]]

    def prepare(self) -> None:
        """Set the course of the shift; raise InputError where its locks cannot be kept."""
        if not self._keep(self.locks):
            raise InputError(self._why())

    def _keep(self, locks: Sequence[Lock]) -> bool:
        """Set the course of the shift to keep ``locks``; return whether there is a voyage, as short or as long."""
        pricing = self.pricing
        fitter = Fitter(self.grid, pricing.network, pricing.lots, self.sea, self.wishes.narrowed(self.shift, locks))
        for slack_h in SLACKS_H:
            course = course_of(self.grid, self.shift, self._steps(slack_h), locks)
            pricing.courses[self.shift] = course
            pricing.fits.pop(self.shift, None)
            if slack_h > 0.0:
                pricing.fits[self.shift] = fitter
            for at in (free(pricing), _stingy(pricing)):
                if course.last >= 0 and any(pricing.best(outing, at).routes for outing in self.outings):
                    return True
        return False

    def _steps(self, slack_h: float) -> int:
        return round(slack_h * self.grid.per_h)

    def _why(self) -> str:
        for lock in self.locks:
            if not self._keep([lock]):
                return f"Lock {lock.id} cannot be kept: {self._obstacle(lock)}."
        for first, second in combinations(self.locks, 2):
            if not self._keep([first, second]):
                return f"Locks {first.id} and {second.id} of vessel {self.vessel.id} cannot both be kept in one voyage."
        names = ", ".join(lock.id for lock in self.locks)
        return f"Locks {names} of vessel {self.vessel.id} cannot all be kept in one voyage, though any two of them can."

    def _obstacle(self, lock: Lock) -> str:
        name = self.vessel.id
        never = is_forbidden(self.grid, self.grid.shifts[self.shift][0])
        out = np.zeros(self.grid.steps, dtype=bool)
        for outing in (self.grid.outings[o] for o in self.outings):
            out[outing.first : outing.last] = True
        works = np.concatenate([self.grid.workable, self.grid.open])
        for stop in lock.stops:
            there = hits(self.grid, stop, self._steps(SLACKS_H[1]))
            if (there & never[:, None]).any():
                return f"{_place(stop)} is forbidden to vessel {name}"
            if not (there & out).any():
                return f"vessel {name} may not be out when it should be at {_place(stop)}"
            if not (there & out & works).any():
                return f"{_place(stop)} may not be {'collected' if stop.patch else 'called at'} then"
        for number, stop in enumerate(lock.stops, 1):
            if not self._keep([lock.model_copy(update={"stops": lock.stops[:number], "whole": False})]):
                since = "" if number == 1 else f" after {_place(lock.stops[number - 2])}"
                return (
                    f"vessel {name}, which makes {self.vessel.speed_kn:g} kn, is not at {_place(stop)} in time{since}"
                )
        return f"vessel {name} makes other stops on its way, or is not home in time"


def _place(stop: LockedStop) -> str:
    return f"patch {stop.patch}" if stop.patch is not None else f"quay {stop.quay}"


def free(pricing: Pricing) -> Prices:
    """Return prices at which nothing costs anything, and whoever must go goes."""
    grid = pricing.grid
    return Prices(
        patch=np.zeros(len(grid.problem.patches)),
        berth=np.zeros((len(grid.quays), grid.steps)),
        landed=np.zeros(len(pricing.lots)),
        shift=np.where(grid.must_go, -np.inf, 0.0),
        use=np.zeros((len(grid.shifts), len(grid.moorings))),
        worth_cny=np.float64(0.0),
    )


def _stingy(pricing: Pricing) -> Prices:
    """Return prices at which whoever must go goes, but makes no stop that it need not."""
    return replace(free(pricing), patch=np.full(len(pricing.grid.problem.patches), STINGY_CNY_PER_T))


def check_kept(base: Base, pricing: Pricing, kept: Collection[tuple[int, int]], effort: Effort) -> None:
    """Raise InputError, with the locks that are in each other's way, where some shifts' are not kept.

    ``kept`` are the (vessel, shift) of those who go.
    """
    must = [k for k, must_go in enumerate(base.grid.must_go) if must_go]
    for shift in must:
        if base.grid.shifts[shift] in kept:
            continue
        for other in must:
            if other != shift and not _both(base, pricing, shift, other, effort):
                raise _in_the_way(pricing, min(shift, other), max(shift, other))
        own = _told(pricing, shift)
        raise InputError(f"{own} cannot be kept beside all other locks: no two of them are in each other's way alone.")


def check_together(base: Base, pricing: Pricing, effort: Effort) -> None:
    """Raise InputError where locks of several shifts cannot all be kept even by fractions of voyages.

    ``base`` may know the shore by its planes.
    """
    must = [k for k, must_go in enumerate(base.grid.must_go) if must_go]
    if len(must) < 2 or _idle(base, pricing, must, effort) <= LEAST_IDLE:
        return
    for pair in combinations(must, 2):
        if _idle(base, pricing, pair, effort) > LEAST_IDLE:
            raise _in_the_way(pricing, *pair)
    names = ", ".join(lock.id for lock in base.grid.problem.orders.locks if lock.stops)
    raise InputError(f"Locks {names} cannot all be kept together, though any two vessels can keep theirs.")


def _idle(base: Base, pricing: Pricing, shifts: Collection[int], effort: Effort) -> float:
    """Return how many of ``shifts`` must stay home where voyages may be made in fractions."""
    relaxation = Relaxation(base, [])
    generate(relaxation, pricing, shifts, Effort(GUARD_S, 0, effort.stopped))
    idle = relaxation.idle()
    return sum(idle[shift] for shift in shifts)


def _in_the_way(pricing: Pricing, shift: int, other: int) -> InputError:
    single = {quay.spec.id for quay in pricing.grid.quays if quay.spec.berths == 1}
    quays = sorted(set(_quays(pricing, shift)) & set(_quays(pricing, other)) & single)
    what = f"the berths of quay {quays[0]}" if quays else "the same berths or the same patch"
    own, others = _told(pricing, shift), _told(pricing, other)
    return InputError(f"{own} and {others[0].lower()}{others[1:]} cannot both be kept: they need {what}.")


def unkept(wishes: Wishes, routes: Sequence[TimedRoute]) -> list[Lock]:
    """Return the locks that ``routes`` do not keep to the second."""
    grid = wishes.grid
    made = {grid.shift_row[route.outing]: route for route in routes}
    return [
        lock
        for shift, must_go in enumerate(grid.must_go)
        if must_go
        for lock in (wishes.unkept(made[shift]) if shift in made else wishes.locks[shift])
    ]


def check_times(wishes: Wishes, routes: Sequence[TimedRoute]) -> None:
    """Raise InputError where routes do not keep their locks to the second."""
    for lock in unkept(wishes, routes):
        raise InputError(
            f"Lock {lock.id} of vessel {lock.vessel} cannot be kept to the second beside what else is planned: give it"
            " a wider window."
        )


def _told(pricing: Pricing, shift: int) -> str:
    vessel, number = pricing.grid.shifts[shift]
    name = pricing.grid.problem.vessels[vessel].id
    locks = [lock.id for lock in pricing.grid.problem.orders.of(name, number)]
    return f"Lock{'s' * (len(locks) > 1)} {', '.join(locks)} of vessel {name}"


def _quays(pricing: Pricing, shift: int) -> Iterator[str]:
    vessel, number = pricing.grid.shifts[shift]
    for lock in pricing.grid.problem.orders.of(pricing.grid.problem.vessels[vessel].id, number):
        yield from (stop.quay for stop in lock.stops if stop.quay is not None)


def _both(base: Base, pricing: Pricing, shift: int, other: int, effort: Effort) -> bool:
    """Return whether some voyages of two shifts keep the locks of both."""
    relaxation = Relaxation(base, [])
    generate(relaxation, pricing, {shift, other}, Effort(GUARD_S, 0, effort.stopped))
    nothing = Choice((), -np.inf, (), np.zeros(base.columns))
    found = choose(base, nothing, relaxation.routes, (), NODES, GUARD_S, whole=False)
    made = [] if found is None else [pricing.grid.shift_row[route.outing] for route in found.routes]
    return {shift, other} <= set(made)
