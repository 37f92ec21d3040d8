"""Courses against what the locks say, stop by stop, and the sweep's voyages against both."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.random_problem import random_problem, window
from documents.orders import Forbidden, Lock, LockedStop, Orders
from documents.problem import Problem
from optimizer.clock import STEP_H, span_of
from optimizer.course import Course, course_of
from optimizer.grid import Grid

HOURS = 4
PROBLEM = random_problem(13, hours=HOURS, most_patches=3)
PLACES = [*(("patch", patch.id) for patch in PROBLEM.patches), *(("quay", quay.id) for quay in PROBLEM.quays)]
Event = tuple[int, int]
"""Place, and the step in which a stop begins there."""


def ordered(orders: Orders) -> Problem:
    return Problem(**{**dict(PROBLEM), "orders": orders})


def is_kept(lock: Lock, stops: list[Event]) -> bool:
    """Say whether some run of ``stops``, or all of them where the lock is whole, are those of the lock."""
    number = len(lock.stops)
    runs = [stops] if lock.whole else [stops[first : first + number] for first in range(len(stops) - number + 1)]
    return any(len(run) == number and all(map(is_stop, lock.stops, run)) for run in runs)


def is_stop(locked: LockedStop, event: Event) -> bool:
    place, step = event
    start_h, end_h = span_of(PROBLEM, locked.window)
    is_there = PLACES[place] in (("patch", locked.patch), ("quay", locked.quay))
    return is_there and start_h - 1e-9 <= step * STEP_H <= end_h + 1e-9


def ends(course: Course, stops: list[Event]) -> int:
    """Return the stage in which ``stops`` end, -1 where they may not be."""
    stage, patches = 0, len(PROBLEM.patches)
    for place, step in stops:
        stage = int(course.visit[stage, place, step] if place < patches else course.call[stage, place - patches, step])
        if stage < 0:
            return stage
    return stage


@st.composite
def places(draw: st.DrawFn) -> dict[str, str]:
    kind, name = draw(st.sampled_from(PLACES))
    return {kind: name}


@st.composite
def locked_stops(draw: st.DrawFn) -> LockedStop:
    first = draw(st.integers(0, 4 * HOURS - 2))
    last = draw(st.integers(first + 1, 4 * HOURS))
    return LockedStop(**draw(places()), window=window(first / 4, last / 4))


@st.composite
def locks(draw: st.DrawFn) -> tuple[Lock, ...]:
    number = draw(st.integers(0, 3))
    whole = draw(st.sampled_from([None, *range(number)]))
    stops = st.lists(locked_stops(), min_size=1, max_size=3).map(tuple)
    return tuple(
        Lock(id=f"lock-{n}", vessel="boat-0", shift=0, stops=draw(stops), whole=n == whole) for n in range(number)
    )


@st.composite
def voyages(draw: st.DrawFn) -> list[Event]:
    steps = draw(st.lists(st.integers(0, 4 * HOURS - 1), unique=True, max_size=6).map(sorted))
    return [(draw(st.integers(0, len(PLACES) - 1)), step) for step in steps]


@settings(max_examples=400)
@given(locks(), voyages(), st.data())
def test_a_voyage_ends_in_the_last_stage_where_it_keeps_all_locks(
    drawn: tuple[Lock, ...], stops: list[Event], data: st.DataObject
):
    if drawn and stops:  # else few voyages keep anything
        follow = data.draw(st.sampled_from(drawn))
        names = [PLACES.index(("patch", at.patch) if at.patch else ("quay", at.quay or "")) for at in follow.stops]
        stops = [(place, step) for place, (_, step) in zip([*names, *names, *names], stops, strict=False)]
    course = course_of(Grid(ordered(Orders(locks=drawn))), 0)
    kept = all(is_kept(lock, stops) for lock in drawn)
    assert (ends(course, stops) == course.last >= 0) is kept


@settings(max_examples=100)
@given(places(), voyages())
def test_nobody_stops_where_it_is_forbidden(place: dict[str, str], stops: list[Event]):
    course = course_of(Grid(ordered(Orders(forbidden=(Forbidden(vessel="boat-0", **place),)))), 0)
    banned = PLACES.index(next(iter(place.items())))
    assert (ends(course, stops) == 0) is all(at != banned for at, _ in stops)


def test_locks_in_a_row_need_a_stage_each():
    stops = [LockedStop(patch="patch-0", window=window(0.5 * n, 0.5 * n + 0.25)) for n in range(1, 7)]
    drawn = tuple(Lock(id=f"lock-{n}", vessel="boat-0", shift=0, stops=(stop,)) for n, stop in enumerate(stops))
    course = course_of(Grid(ordered(Orders(locks=drawn))), 0)
    assert len(course.visit) == 7
    steps = [int(np.flatnonzero((course.visit[stage] == stage + 1).any(axis=0))[0]) for stage in range(6)]
    assert all(first < second for first, second in pairwise(steps))


def test_wider_windows_allow_more():
    stop = LockedStop(patch="patch-0", window=window(1.05, 1.2))
    grid = Grid(ordered(Orders(locks=(Lock(id="a", vessel="boat-0", shift=0, stops=(stop,)),))))
    assert course_of(grid, 0).last == -1, "no quarter hour lies within"
    assert ends(course_of(grid, 0, slack_steps=1), [(0, 4)]) == course_of(grid, 0, slack_steps=1).last
