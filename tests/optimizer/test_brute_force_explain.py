"""What is forced against every combination of voyages that does it: the best lies between what is found and proven."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pytest

from documents.problem import Problem
from optimizer.effort import Effort
from optimizer.explain.answer import Answer, answer
from optimizer.explain.forced import Asked, Feed, Sail, Take
from optimizer.explain.posed import pose
from optimizer.explain.respond import ENOUGH_T
from optimizer.explain.things import intake
from optimizer.response import LEAST_T
from tests.optimizer.explained_problem import nothing
from tests.optimizer.test_brute_force import SAME, Everything, Way, tiny

INSTANCES = 10
NEAR = 0.01
"""How far what is found falls short of the best at most, in most cases."""
FED_T = 1.5
"""Asked of a plant."""


class Forced(Everything):
    """All voyages of a problem, with what is asked of their combinations."""

    asked: Asked | None = None

    def _solver(self, *, whole: bool) -> Any:
        solver = super()._solver(whole=whole)
        if isinstance(self.asked, Take):
            row, most = self.row_of["patch", self.asked.patch], self.problem.patches[self.asked.patch].biomass_t
            solver.changeRowBounds(row, self.asked.tonnes - ENOUGH_T, most)
        elif isinstance(self.asked, Feed):
            columns = np.array(self.asked.columns, np.int32)
            solver.addRow(self.asked.tonnes - ENOUGH_T, highspy.kHighsInf, len(columns), columns, np.ones(len(columns)))
        return solver

    def _staying(self, shift: int) -> list[tuple[float, int]]:
        return [] if self.asked == Sail(shift) else super()._staying(shift)

    def used_t(self, way: Way, patch: int) -> float:
        """Return what a way takes of a patch at most."""
        return sum(
            float(self.grid.use_per_t[patch, visit.first : visit.last] @ np.array(visit.tonnes))
            for load in way.loads
            for visit in load.visits
            if visit.patch == patch
        )

    def best_asked_cny(self) -> float | None:
        """Return the best that does what is asked; -inf where nothing does, None where too many might be it."""
        if isinstance(self.asked, Sail) and not self.ways[self.asked.shift]:
            return -np.inf
        if self.relaxed().getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return -np.inf
        return self.best_cny(whole=False)


@dataclass(frozen=True)
class Case:
    """One thing asked."""

    asked: Asked
    best: float | None
    answer: Answer


def cases(problem: Problem) -> Iterator[Case]:
    """Yield what may be asked of a problem of which nothing is planned, and what comes of it."""
    effort = Effort(1e9, 1)
    posed = pose(problem, nothing(problem), effort, lambda _: None, on_clock=True)
    bare = Forced(problem)
    pairs: list[tuple[Asked, Asked]] = [(Sail(shift), Sail(shift)) for shift in range(len(bare.grid.shifts))]
    for p, patch in enumerate(problem.patches):
        most = max((bare.used_t(way, p) for ways in bare.ways for way in ways), default=0.0)
        tonnes = min(0.6 * most, patch.biomass_t)
        if tonnes >= LEAST_T:
            pairs.append((Take(p, tonnes, tonnes), Take(p, tonnes, tonnes)))
    for place in problem.places:
        if place.tasks:
            theirs = intake(place)(bare.network, bare.flows)
            ours = intake(place)(posed.pricing.network, posed.ashore.flows)
            if theirs and ours:
                pairs.append((Feed(ours, FED_T, FED_T), Feed(theirs, FED_T, FED_T)))
    for ours_asked, theirs_asked in pairs:
        everything = copy(bare)  # before it has bounds
        everything.asked = theirs_asked
        yield Case(ours_asked, everything.best_asked_cny(), answer(posed, ours_asked, effort))


@pytest.mark.no_cover
def test_the_best_that_does_what_is_asked_lies_between_what_is_found_and_what_is_proven():
    known = near = 0
    for seed in range(INSTANCES):
        for case in cases(tiny(seed)):
            found, bound = case.answer.value_cny, case.answer.bound_cny
            if case.best is None:
                continue
            slack = SAME * max(abs(case.best), 1.0) if np.isfinite(case.best) else 0.0
            if found is not None:
                assert found <= case.best + slack, (seed, case.asked)
            if bound is None:
                assert case.best == -np.inf, (seed, case.asked)
            assert bound is None or case.best <= bound + slack, (seed, case.asked)
            if np.isfinite(case.best):
                known += 1
                near += found is not None and found >= case.best - NEAR * max(abs(case.best), 1.0)
    assert known >= 2 * INSTANCES
    assert near >= 0.8 * known
