"""The network ashore on its clock: what lies where, how old, and what may be done with it at which moment.

Moments are whole steps of ``step_h`` hours from the problem's start; what happens ashore happens at a moment. Wet algae
and whatever else ages are told apart by the *bucket* of ``born_h`` hours in which they were born. Together they make a
*pool*: material born (with all that it becomes), place and bucket. Rounding is against the plan: what comes in is there
from the next moment on, and what is done with it must be allowed whether it was born early or late in its bucket. So
whatever holds here holds in continuous time. An *optimistic* network rounds the other way and accepts what is allowed
for any birth in the bucket, at any time in the step: whatever holds in continuous time holds there.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from documents.base import Window
from documents.network import LinkSpec, StoreSpec, TaskSpec
from documents.problem import Problem
from optimizer.clock import TINY_H, Span, hour_of, joined, span_of

KEEPS = -1_000_000
"""Bucket of what does not age, far before that of anything that does."""
GONE = -1
"""In place of a material: aged past its last shelf life."""


class Pool(NamedTuple):
    """What is interchangeable ashore."""

    place: int
    material: int
    """As born."""
    born: int
    """Bucket, or KEEPS."""


class Lot(NamedTuple):
    """What boats land at one place, available from one moment on, born in one bucket."""

    place: int
    moment: int
    born: int


@dataclass(frozen=True)
class Work:
    """A task of a place, as numbers."""

    place: int
    spec: TaskSpec
    unit: tuple[int, int]
    """Place and index of the unit."""
    starts: tuple[int, ...]
    """Moments at which a batch may start."""
    occupies: int
    """Moments from its start during which its unit is taken."""
    in_a_step: int
    """How many may follow one another on one unit within a step."""


@dataclass(frozen=True)
class Way:
    """A link, as numbers."""

    spec: LinkSpec
    origin: int
    target: int
    fleet: int
    leaves: tuple[int, ...]
    """Moments at which a vehicle may leave."""
    occupies: int
    in_a_step: int


class Network:
    """The places, materials and moments of a problem."""

    def __init__(self, problem: Problem, step_h: float, born_h: float, *, optimistic: bool = False) -> None:
        self.problem, self.step_h, self.born_h, self.optimistic = problem, step_h, born_h, optimistic
        self.last = math.floor(problem.horizon_h / step_h + TINY_H)
        """The moment at which the horizon ends, or the last before it."""
        self.end = problem.horizon_h / step_h
        """When the horizon ends, in moments."""
        self.place_of = {place.id: p for p, place in enumerate(problem.places)}
        self.material_of = {material.id: m for m, material in enumerate(problem.materials)}
        self.landed = self.material_of[problem.landed_material]
        self.oldest_h = max((-hour_of(problem, supply.since) for supply in problem.supplies), default=0.0)
        """How long before the start anything was born that comes or lies there."""
        self._platform_at = {self.place_of[spec.id]: number for number, spec in enumerate(problem.platforms)}
        self._chains = tuple(tuple(self._chain(m)) for m in range(len(problem.materials)))
        self.works = tuple(self._work(p, task) for p, place in enumerate(problem.places) for task in place.tasks)
        fleet_of = {fleet.id: f for f, fleet in enumerate(problem.fleets)}
        self.ways = tuple(self._way(link, fleet_of[link.fleet]) for link in problem.links)
        self._materials_of = lru_cache(maxsize=None)(self._materials_between)

    def moment_in(self, hours: float) -> int:
        """Return the moment from which on what comes in at ``hours`` is there."""
        steps = hours / self.step_h
        return math.floor(steps + TINY_H) if self.optimistic else math.ceil(steps - TINY_H)

    def arrivals(self, hours: float) -> list[tuple[int, int]]:
        """Return from which moments on, and born in which buckets, what comes of a step may be there.

        It comes at ``hours`` where it was begun at the step's moment, in an optimistic network up to a step later.
        """
        ways = [hours]
        if self.optimistic:
            marks = ((self.moment_in(hours) + 1) * self.step_h, (self.bucket(hours) + 1) * self.born_h)
            ways += [mark for mark in marks if mark < hours + self.step_h - TINY_H]
        return sorted({(self.moment_in(way), self.bucket(way)) for way in ways})

    def bucket(self, hours: float) -> int:
        """Return the bucket of what is born at ``hours``."""
        return math.floor(hours / self.born_h + TINY_H)

    def pool(self, place: int, material: int, born_hours: float) -> Pool:
        """Return the pool of what is born at ``born_hours``."""
        return Pool(place, material, self.bucket(born_hours) if self.ages(material) else KEEPS)

    def ages(self, material: int) -> bool:
        """Return whether what is born as ``material`` becomes anything else within the horizon."""
        life_h, most_h = self._chains[material][0][0], self.problem.horizon_h + max(self.oldest_h, 0.0)
        return life_h < most_h or (self.optimistic and life_h == most_h)

    def material_at(self, material: int, age_h: float) -> int:
        """Return what is born as ``material`` is at an age, at last what it was last."""
        chain = self._chains[material]
        return next((each for life_h, each in chain if age_h <= life_h + TINY_H), chain[-1][1])

    def busy(self, free_from: Sequence[datetime], moment: int) -> int:
        """Return how many of some alike are not free at ``moment``; in an optimistic network, all through its step."""
        at_h = (moment + self.optimistic) * self.step_h
        return sum(hour_of(self.problem, time) > at_h + TINY_H for time in free_from)

    def last_of(self, pool: Pool) -> int:
        """Return the last moment at which something may be done with what is in ``pool``."""
        if pool.born == KEEPS:
            return self.last
        born = (pool.born + 1 if self.optimistic else pool.born) * self.born_h
        last_h = min(born + self._chains[pool.material][-1][0], self.problem.horizon_h)
        return math.floor(last_h / self.step_h + TINY_H)

    def materials(self, pool: Pool, first: float, last: float) -> frozenset[int]:
        """Return what the contents of ``pool`` may be between two moments, GONE included."""
        if pool.born == KEEPS:
            return frozenset((pool.material,))
        youngest = max(first * self.step_h - (pool.born + 1) * self.born_h, 0.0)
        return self._materials_of(pool.material, youngest, last * self.step_h - pool.born * self.born_h)

    def accepts(self, pool: Pool, moment: int, materials: Sequence[str]) -> bool:
        """Return whether what is in ``pool`` counts at ``moment`` as one of ``materials``."""
        wanted = {self.material_of[name] for name in materials}
        if self.optimistic:
            return not wanted.isdisjoint(self.materials(pool, moment, self._until(moment)))
        return self.materials(pool, moment, moment) <= wanted

    def store_of(self, pool: Pool, moment: int) -> StoreSpec | None:
        """Return the store of the place that holds ``pool`` from ``moment`` to the next, None where none may.

        What is there at the end of the horizon stays as it is.
        """
        return self._store_between(pool, moment, self._until(moment))

    def stores_of(self, pool: Pool, moment: int) -> list[StoreSpec]:
        """Return the stores of the place that what is in ``pool`` may need from ``moment`` to the next."""
        return self._stores_between(pool, moment, self._until(moment))

    def is_on_time(self, hours: float) -> bool:
        """Return whether what comes at ``hours`` counts from that very time on."""
        return self.optimistic or self.moment_in(hours) * self.step_h <= hours + TINY_H

    def may_wait(self, pool: Pool, hours: float) -> bool:
        """Return whether a store takes what comes into ``pool`` at ``hours`` until the moment that it counts from."""
        moment = self.moment_in(hours)
        since = moment if self.is_on_time(hours) else moment - 1
        return moment <= self.last_of(pool) and self._store_between(pool, since, moment) is not None

    def may_come(self, pool: Pool, hours: float) -> bool:
        """Return whether what comes into ``pool`` at ``hours`` need not be disposed of there and then."""
        if self.is_on_time(hours):  # it may leave at once, and need no store
            return self.moment_in(hours) <= self.last_of(pool)
        return self.may_wait(pool, hours)

    def end_value_cny_per_t(self, pool: Pool) -> float | None:
        """Return what a tonne left at the end of the horizon is worth, None where nothing may be left."""
        worth = [self._end_value(pool.place, m) for m in self.materials(pool, self.end, self.end)]
        known = [value for value in worth if value is not None]
        if self.optimistic:
            return max(known, default=None)
        return min(known) if len(known) == len(worth) else None

    def disposal_cny_per_t(self, pool: Pool, moment: int) -> float:
        """Return what disposing of a tonne costs at ``moment``."""
        until = self._until(moment) if self.optimistic else moment
        seen = [m for m in self.materials(pool, moment, until) if m != GONE]
        costs = [self.problem.materials[m].disposal_cny_per_t for m in seen]
        return min(costs) if self.optimistic else max(costs)

    def is_within(self, moment: int, window: Window) -> bool:
        """Return whether what happens at ``moment`` happens within ``window``."""
        start_h, end_h = span_of(self.problem, window)
        return start_h / self.step_h - self.optimistic - TINY_H <= moment <= end_h / self.step_h + TINY_H

    def platform_at(self, place: int) -> int | None:
        """Return the platform that ``place`` is, None where it is none."""
        return self._platform_at.get(place)

    def days_around(self, place: int, from_hours: float, to_hours: float) -> list[int]:
        """Return the days of the platform at ``place`` within which two times lie."""
        return [
            day
            for day, (comes, goes) in enumerate(self._days(place))
            if comes <= from_hours + TINY_H and to_hours <= goes + TINY_H
        ]

    def may_land(self, lot: Lot) -> bool:
        """Return whether ``lot`` is of some use when it is landed, or may at least be disposed of."""
        pool = Pool(lot.place, self.landed, lot.born if self.ages(self.landed) else KEEPS)
        if self.optimistic:  # it may leave at once, and need no store
            return lot.moment <= self.last_of(pool)
        return lot.moment <= self.last_of(pool) and self.store_of(pool, max(lot.moment - 1, 0)) is not None

    def lots(self, from_hours: float, to_hours: float) -> Iterator[tuple[int, int]]:
        """Yield (moment, bucket) of all that may be landed by a boat that is out between two times."""
        first, last = self.bucket(from_hours), self.moment_in(to_hours)
        for moment in range(self.moment_in(from_hours), min(last, self.last) + 1):
            for born in range(first, self.bucket(moment * self.step_h + self.optimistic * self.step_h) + 1):
                yield moment, born

    def _store_between(self, pool: Pool, first: float, last: float) -> StoreSpec | None:
        seen = self.materials(pool, first, last)
        for store in self._stores_between(pool, first, last):
            if self.optimistic or seen <= {self.material_of[name] for name in store.materials}:
                return store
        return None

    def _stores_between(self, pool: Pool, first: float, last: float) -> list[StoreSpec]:
        seen = self.materials(pool, first, last)
        stores = self.problem.places[pool.place].stores
        return [store for store in stores if not seen.isdisjoint(self.material_of[name] for name in store.materials)]

    def _until(self, moment: int) -> float:
        """Return the moment up to which what is there at ``moment`` lies there, at most the end of the horizon."""
        return min(moment + 1, self.end if self.optimistic else self.last)

    def _end_value(self, place: int, material: int) -> float | None:
        if material == GONE:
            return None
        name = self.problem.materials[material].id
        for store in self.problem.places[place].stores:
            if name in store.end_value_cny_per_t:
                return store.end_value_cny_per_t[name]
        return None

    def _chain(self, material: int) -> Iterator[tuple[float, int]]:
        """Yield (age up to which, material) of what is born as ``material``."""
        here: int | None = material
        while here is not None:
            spec = self.problem.materials[here]
            yield (math.inf if spec.shelf_life_h is None else spec.shelf_life_h), here
            here = None if spec.becomes is None else self.material_of[spec.becomes]

    def _materials_between(self, born_as: int, youngest_h: float, oldest_h: float) -> frozenset[int]:
        seen, begins = set(), 0.0
        for life_h, material in self._chains[born_as]:
            if youngest_h <= life_h + TINY_H and (oldest_h > begins + TINY_H or begins == 0.0):
                seen.add(material)
            begins = life_h
        if oldest_h > begins + TINY_H:
            seen.add(GONE)
        return frozenset(seen)

    def _days(self, place: int) -> list[Span]:
        platform = self.problem.platforms[self._platform_at[place]]
        return [span_of(self.problem, day) for day in platform.days]

    def _work(self, place: int, task: TaskSpec) -> Work:
        units = self.problem.places[place].units
        unit = next(u for u, spec in enumerate(units) if spec.id == task.unit)
        starts = self._starts(self._open(place, units[unit].windows), task.hours)
        return Work(place, task, (place, unit), starts, self._occupied(task.hours), self._in_a_step(task.hours))

    def _way(self, link: LinkSpec, fleet: int) -> Way:
        origin, target = self.place_of[link.origin], self.place_of[link.target]
        leaves = self._starts(self._open(origin, self.problem.fleets[fleet].windows), 0.0)
        if target in self._platform_at:
            arrives = [(comes - link.hours, goes - link.hours) for comes, goes in self._days(target)]
            arriving = set(self._starts(arrives, 0.0))
            leaves = tuple(moment for moment in leaves if moment in arriving)
        ends = origin, target
        return Way(link, *ends, fleet, leaves, self._occupied(link.turnaround_h), self._in_a_step(link.turnaround_h))

    def _open(self, place: int, windows: Sequence[Window]) -> list[Span]:
        """Return ``windows`` as spans, those of a platform within each of its days by itself."""
        spans = joined(span_of(self.problem, window) for window in windows)
        if place not in self._platform_at:
            return spans
        pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in spans for b in self._days(place))
        return [(start, end) for start, end in pairs if start <= end]

    def _occupied(self, hours: float) -> int:
        """Return for how many moments equipment is taken; all that start within them are at work at one time."""
        steps = hours / self.step_h
        return max(math.floor(steps + TINY_H), 1) if self.optimistic else math.ceil(steps - TINY_H)

    def _in_a_step(self, hours: float) -> int:
        return math.ceil(self.step_h / hours - TINY_H) if self.optimistic else 1

    def _starts(self, spans: Sequence[Span], hours: float) -> tuple[int, ...]:
        """Return the moments from which something of ``hours`` fits into one of ``spans`` and the horizon."""
        return tuple(t for t in range(self.last + 1) if any(self._fits(t, hours, span) for span in spans))

    def _fits(self, moment: int, hours: float, span: tuple[float, float]) -> bool:
        begins = moment * self.step_h
        if self.optimistic:
            begins = max(begins, span[0])
            if begins > (moment + 1) * self.step_h + TINY_H:
                return False
        ends = begins + hours
        return span[0] <= begins + TINY_H and ends <= min(span[1], self.problem.horizon_h) + TINY_H
