"""The plants on a hourly clock: which lots may go where, and how much each line takes.

What a call lands belongs to a *class*: all that was landed at one dock in one hour and began to be collected in
one hour. Rounding is against the plan (landed later, older, processed by an earlier deadline), so whatever holds here
holds in continuous time.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from documents.problem import LineSpec, PlantSpec, Problem
from optimizer.clock import STEP_H, STEPS_PER_H, TINY_H, joined, span_of
from optimizer.grid import Grid

ASHORE_STEP_H = 1.0
"""Half hours raise what the Rushan day is worth by 0.1 % and take three times as long."""


class LotClass(NamedTuple):
    """What is interchangeable ashore."""

    dock: int
    landed: int
    """Hour by whose start the call has ended."""
    oldest: int
    """Hour in which collecting began."""


@dataclass(frozen=True)
class Use:
    """One class going into one line."""

    line: int
    arrives: int
    """First hour in which it can go in."""
    deadline: int
    """Hour before whose start it must be in."""
    margin_cny_per_t: float
    """Product value less processing and hauling."""


@dataclass(frozen=True)
class Line:
    """A line of a plant and how many tonnes it takes in each hour."""

    plant: PlantSpec
    spec: LineSpec
    capacity_t: npt.NDArray[np.float64]


class Ashore:
    """All classes that can come about, and their uses."""

    def __init__(self, grid: Grid) -> None:
        problem = grid.problem
        self.steps = round(problem.horizon_h / ASHORE_STEP_H)
        self.lines = tuple(
            Line(plant, line, _capacity(problem, line, self.steps)) for plant in problem.plants for line in plant.lines
        )
        self.classes = tuple(_classes(grid))
        self.index = {lot: c for c, lot in enumerate(self.classes)}
        self.uses = tuple(tuple(self._uses(problem, lot)) for lot in self.classes)

    def class_of(self, dock: int, last: int, oldest: int) -> int:
        """Return the class of what a call that ends at sea moment ``last`` lands, collected from step ``oldest`` on."""
        return self.index[LotClass(dock, _landed(last), oldest // STEPS_PER_H)]

    def _uses(self, problem: Problem, lot: LotClass) -> list[Use]:
        dock = problem.docks[lot.dock].id
        uses: list[Use] = []
        for number, line in enumerate(self.lines):
            for haul in line.plant.hauls:
                if haul.dock != dock:
                    continue
                arrives = math.ceil(lot.landed + (haul.hours - TINY_H) / ASHORE_STEP_H)
                deadline = min(math.floor((lot.oldest + line.spec.max_age_h + TINY_H) / ASHORE_STEP_H), self.steps)
                margin = line.spec.value_cny_per_t - line.spec.cost_cny_per_t - haul.cost_cny_per_t
                if line.capacity_t[arrives:deadline].any() and margin > -problem.disposal_cny_per_t:
                    uses.append(Use(number, arrives, deadline, margin))
        return uses


def _landed(moment: int) -> int:
    return math.ceil(moment * STEP_H / ASHORE_STEP_H - TINY_H)


def _classes(grid: Grid) -> list[LotClass]:
    """Return every class that some voyage can land: a boat collects for a step and then lands, within one outing."""
    found: set[LotClass] = set()
    for outing in grid.outings:
        for moment in range(outing.first + 2, outing.last + 1):
            for oldest in range(outing.first // STEPS_PER_H, (moment - 2) // STEPS_PER_H + 1):
                for dock in range(len(grid.docks)):
                    found.add(LotClass(dock, _landed(moment), oldest))
    return sorted(found)


def _capacity(problem: Problem, line: LineSpec, steps: int) -> npt.NDArray[np.float64]:
    """Return the tonnes that ``line`` takes in each hour, by the share of it that the line is open."""
    edges = np.arange(steps + 1) * ASHORE_STEP_H
    open_h = np.zeros(steps)
    for start, end in joined(span_of(problem, window) for window in line.windows):
        open_h += np.diff(np.clip(edges, start, max(start, end)))
    return np.asarray(np.where(open_h > TINY_H, open_h, 0.0) * line.capacity_t_per_h)
