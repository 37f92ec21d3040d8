"""What a voyage may do next, by what it has done of the locks of its shift: a deterministic automaton.

A *stage* holds, lock by lock, how far it is kept: of a whole lock the number of its stops that have been made; of any
other the lengths of all its beginnings that the last stops have made, or that it is kept. A stage in which some lock
cannot be kept any more is left out, so a shift with a few locks has a few stages, and a shift without any has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.orders import Lock, LockedStop
from optimizer.clock import TINY_H, span_of
from optimizer.grid import Grid

Bools = npt.NDArray[np.bool_]
Stages = npt.NDArray[np.int16]
Made = int | frozenset[int]
"""How far a lock is kept."""
KEPT: frozenset[int] = frozenset((-1,))
NOT_ALLOWED = -1


@dataclass(frozen=True)
class Course:
    """What the voyage of a shift may do; a voyage begins in stage 0."""

    visit: Stages
    """(stages, P, S): the stage after a visit to a patch begins in a step, -1 where it may not."""
    call: Stages
    """(stages, Q, S): the same of a call at a quay."""
    last: int
    """The stage in which all locks are kept, -1 where there is none."""


def course_of(grid: Grid, shift: int, slack_steps: int = 0, locks: Sequence[Lock] | None = None) -> Course:
    """Return what the voyage of a shift, by its index in the grid, may do.

    It keeps ``locks`` (None: all that it has), windows that many steps wider at both ends.
    """
    vessel, number = grid.shifts[shift]
    if locks is None:
        locks = [lock for lock in grid.problem.orders.of(grid.problem.vessels[vessel].id, number) if lock.stops]
    automaton = _Automaton(grid, locks, slack_steps)
    stages, last = automaton.stages(~is_forbidden(grid, vessel))
    patches = len(grid.problem.patches)
    return Course(stages[:, :patches].copy(), stages[:, patches:].copy(), last)


def is_forbidden(grid: Grid, vessel: int) -> Bools:
    """Return (P + Q,) at which patches, then quays, a vessel makes no stop."""
    name = grid.problem.vessels[vessel].id
    pairs = [pair for pair in grid.problem.orders.forbidden if pair.vessel == name]
    return np.any([_is_at(grid, pair.patch, pair.quay) for pair in pairs], axis=0) if pairs else ~_is_any(grid)


def hits(grid: Grid, stop: LockedStop, slack_steps: int = 0) -> Bools:
    """Return (P + Q, S) where and in which steps a stop may begin that is ``stop``."""
    start_h, end_h = span_of(grid.problem, stop.window)
    begins_h = np.arange(grid.steps) * grid.step_h
    slack_h = slack_steps * grid.step_h + TINY_H
    within = (begins_h >= start_h - slack_h) & (begins_h <= end_h + slack_h)
    return _is_at(grid, stop.patch, stop.quay)[:, None] & within


def _is_any(grid: Grid) -> Bools:
    return np.ones(len(grid.problem.patches) + len(grid.quays), dtype=bool)


def _is_at(grid: Grid, patch: str | None, quay: str | None) -> Bools:
    patches = [each.id == patch for each in grid.problem.patches]
    return np.array([*patches, *(each.spec.id == quay for each in grid.quays)], dtype=bool)


class _Automaton:
    """The stages of ``locks``."""

    def __init__(self, grid: Grid, locks: Sequence[Lock], slack_steps: int) -> None:
        self.grid, self.locks = grid, locks
        self._hits = [np.array([hits(grid, stop, slack_steps) for stop in lock.stops]) for lock in locks]
        """By lock: (stops, P + Q, S)."""
        self._late = [_last_steps(each) for each in self._hits]
        """By lock: the last step from which on it can be kept, by how many of its stops have been made."""

    def stages(self, may: Bools) -> tuple[Stages, int]:
        """Return (stages, P + Q, S) which stage follows a stop that begins in a step, and the last stage.

        ``may`` (P + Q,): where there may be stops at all.
        """
        shape = len(may), self.grid.steps
        allowed = np.repeat(may[:, None], shape[1], axis=1)
        if not self.locks:
            return np.where(allowed, 0, NOT_ALLOWED)[None].astype(np.int16), 0
        flat = np.concatenate([each.reshape(len(each), -1) for each in self._hits])
        patterns, which = np.unique(flat, axis=1, return_inverse=True)
        which = which.reshape(shape)
        steps = [np.flatnonzero((allowed & (which == n)).any(axis=0)) for n in range(patterns.shape[1])]
        begin: tuple[Made, ...] = tuple(0 if lock.whole else frozenset() for lock in self.locks)
        soonest = {begin: -1}
        """By stage, in which step it is reached at the soonest."""
        waiting = [begin]
        after: dict[tuple[Made, ...], list[tuple[Made, ...] | None]] = {}
        while waiting:
            made = waiting.pop()
            after[made] = [self._after(made, pattern) for pattern in patterns.T]
            for there, follows in zip(steps, after[made], strict=True):
                later = there[there > soonest[made]]
                if follows is None or not len(later) or later[0] >= self._until(follows):
                    continue
                if later[0] < soonest.get(follows, shape[1]):
                    soonest[follows] = int(later[0])
                    waiting.append(follows)
        number = {made: g for g, made in enumerate(soonest)}
        table = np.full((len(number), *shape), NOT_ALLOWED, dtype=np.int16)
        for made, g in number.items():
            known = [follows if follows in number else None for follows in after[made]]
            into = np.array([NOT_ALLOWED if follows is None else number[follows] for follows in known], np.int16)
            until = np.array([0 if follows is None else self._until(follows) for follows in known])
            table[g] = np.where(allowed & (np.arange(shape[1]) < until[which]), into[which], NOT_ALLOWED)
        kept: tuple[Made, ...] = tuple(len(lock.stops) if lock.whole else KEPT for lock in self.locks)
        return table, number.get(kept, NOT_ALLOWED)

    def _after(self, made: tuple[Made, ...], pattern: Bools) -> tuple[Made, ...] | None:
        """Return how far locks are kept after a stop that is those of ``pattern``, None where it may not be."""
        found: list[Made] = []
        first = 0
        for lock, so_far in zip(self.locks, made, strict=True):
            own = pattern[first : first + len(lock.stops)]
            first += len(lock.stops)
            if isinstance(so_far, int):
                if so_far == len(own) or not own[so_far]:
                    return None
                found.append(so_far + 1)
            elif so_far == KEPT:
                found.append(KEPT)
            else:
                lengths = frozenset(length + 1 for length in (0, *so_far) if own[length])
                found.append(KEPT if len(own) in lengths else lengths)
        return tuple(found)

    def _until(self, made: tuple[Made, ...]) -> int:
        """Return the step before which a stop may lead to a stage, so that all locks can still be kept."""
        most = self.grid.steps
        for late, so_far in zip(self._late, made, strict=True):
            if isinstance(so_far, int):
                most = min(most, late[so_far])
            elif so_far != KEPT:
                most = min(most, max(late[length] for length in (0, *so_far)))
        return most


def _last_steps(there: Bools) -> list[int]:
    """Return, by how many of the stops (stops, P + Q, S) have been made, the last step of the next that closes."""
    steps = there.shape[2]
    last = [int(np.flatnonzero(each.any(axis=0))[-1]) if each.any() else -1 for each in there]
    return [min(last[made:], default=steps) for made in range(len(last) + 1)]
