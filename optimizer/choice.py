"""The integer program over given routes: which are made, what each visit takes, and whole batches ashore."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer import solvers
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.solvers import highspy

Floats = npt.NDArray[np.float64]
CHOSEN_GAP = 1e-7
"""Relative gap at which a choice counts as the best: small programs are to be solved."""


@dataclass(frozen=True)
class Choice:
    """Routes that are made, and a value that they reach, less what it costs to change the plan before."""

    routes: tuple[Route, ...]
    value_cny: float
    less: tuple[tuple[float, ...], ...]
    """By route, what each visit waives of what it has time for."""
    ashore: Floats
    """Values of the base's columns."""


def choose(
    base: Base,
    start: Choice,
    others: Sequence[Route],
    kept: Sequence[Route],
    nodes: int,
    time_limit_s: float,
    *,
    whole: bool = True,
) -> Choice | None:
    """Return the best choice among the routes of ``start`` and ``others``, where all ``kept`` are made.

    ``kept`` are of ``start`` too. Batches are counted in fractions unless ``whole``. None where the time did not
    suffice for any.
    """
    solver = solvers.integer(base.model.getLp(), nodes, time_limit_s)
    solver.setOptionValue("mip_rel_gap", CHOSEN_GAP)
    if not whole:
        kinds = [highspy.HighsVarType.kContinuous] * len(base.batches)
        solver.changeColsIntegrality(len(kinds), base.batches, kinds)
    routes = [*start.routes, *others]
    fixed = set(map(id, kept))
    go: list[int] = []
    less: list[list[int]] = []
    for route in routes:
        go.append(solver.getNumCol())
        column = base.column_of(route)
        rows, entries = base.entries(column)
        solver.addCol(column.cost_cny, float(id(route) in fixed), 1.0, len(rows), rows, entries)
        solver.changeColIntegrality(go[-1], highspy.HighsVarType.kInteger)
        less.append([_add_less(solver, base, go[-1], *visit) for visit in base.master.lessened(route)])
    _start_from(solver, base, start, go, less)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = np.array(solver.getSolution().col_value)
    made = [number for number, column in enumerate(go) if values[column] > 0.5]
    return Choice(
        tuple(routes[number] for number in made),
        -float(info.objective_function_value) - base.wishes.all_given_up_cny,
        tuple(tuple(float(values[column]) for column in less[number]) for number in made),
        values[: base.columns],
    )


def _add_less(solver: Any, base: Base, go: int, visit: Any, cost_cny: float, entries: dict[str, float]) -> int:
    column = int(solver.getNumCol())
    rows = np.array([base.row_of[name] for name in entries], np.int32)
    solver.addCol(cost_cny, 0.0, highspy.kHighsInf, len(rows), rows, np.array([*entries.values()], float))
    pair = np.array([column, go], np.int32)
    solver.addRow(-highspy.kHighsInf, 0.0, 2, pair, np.array([1.0, -visit.total_t]))
    return column


def _start_from(solver: Any, base: Base, start: Choice, go: Sequence[int], less: Sequence[Sequence[int]]) -> None:
    values = np.zeros(solver.getNumCol())
    values[: base.columns] = start.ashore
    for number, waived in enumerate(start.less):
        values[go[number]] = 1.0
        values[list(less[number])] = waived
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    solver.setSolution(solution)
