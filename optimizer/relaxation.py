"""The relaxation of the master program, solved again and again as routes come in, and the integer program over them.

PuLP poses the program once, without routes; HiGHS goes on from there on the model that PuLP built. A route is a column
of it, and in the integer program its visits have columns of ``less`` beside.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optimizer import solvers
from optimizer.ashore import Ashore
from optimizer.column import Column, column_of
from optimizer.grid import Grid
from optimizer.master import Master
from optimizer.network import Lot, Network
from optimizer.pricing import Prices
from optimizer.route import Route
from optimizer.solvers import highspy
from optimizer.stops import Wishes

DUAL, PRIMAL = 1, 4
"""HiGHS's numbers of simplex strategies: after bounds have changed, and after columns have come in."""

TOUCHED = 1e-5
"""How far above the shore a program may take it to be, relative to the whole; a tenth of what plans are told to."""
TOUCHES = 3
"""Planes added to one program at most before voyages are priced again: prices that are a little off do."""

Ints = np.ndarray[Any, np.dtype[np.int32]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Base:
    """The program without routes, as HiGHS holds it."""

    def __init__(
        self,
        grid: Grid,
        network: Network,
        lots: Sequence[Lot],
        wishes: Wishes | None = None,
        *,
        ashore: Ashore | None = None,
    ) -> None:
        """Pose it with the whole shore, or with the planes of ``ashore`` in its place.

        ``wishes``: what of the plan before should stay, where there is one: its changes are paid for.
        """
        self.grid, self.network, self.lots, self.ashore = grid, network, tuple(lots), ashore
        self.wishes = wishes or Wishes(grid, {})
        self.master = Master(grid, network, lots, integral=True, afloat=ashore is not None)
        self.model = solvers.posed(self.master.model)
        self.columns = self.model.getNumCol()
        self.row_of = {name: int(row.index) for name, row in self.master.rows.items()}
        self.batches = np.array([n.index for n in self.master.flows.batches.values()], np.int32)
        """Columns that count batches."""
        self.lot_rows = np.array([self.row_of[f"lot_{c}"] for c in range(len(self.lots))], dtype=np.int64)

    def column_of(self, route: Route) -> Column:
        """Return the column of ``route``, with what its changes cost."""
        column = column_of(self.grid, self.network, route)
        change_cny = self.wishes.change_cost_cny(route)
        return replace(column, cost_cny=column.cost_cny + change_cny) if change_cny else column

    def entries(self, column: Column) -> tuple[Ints, Floats]:
        """Return the rows of ``column`` and what it adds to them; a berth that is no matter of the grid is free."""
        pairs = [(self.row_of[name], entry) for name, entry in self.master.entries(column) if name in self.row_of]
        return np.array([row for row, _ in pairs], np.int32), np.array([entry for _, entry in pairs])


class Relaxation:
    """The program with fractions of routes, some of which may be fixed: those are made whole."""

    def __init__(self, base: Base, routes: Sequence[Route], fixed: Sequence[Route] = ()) -> None:
        self.base = base
        self.routes: list[Route] = []
        self.fixed: list[int] = []
        """Numbers of the routes that are made."""
        self._columns: list[Column] = []
        self._entries: list[tuple[Ints, Floats]] = []
        self._index: list[int] = []
        """Of each route's column in the solver's model."""
        self._solver = solvers.linear(base.model.getLp())
        self._of_shift: list[list[int]] = [[] for _ in base.grid.shifts]
        self._planes = 0
        """Of those of the shore, which stand in the program."""
        for route in (*fixed, *routes):
            self._add(route)
        self._fix(range(len(fixed)))
        self._solve(DUAL)

    def add(self, routes: Sequence[Route]) -> None:
        """Add columns for ``routes`` and solve again."""
        for route in routes:
            self._add(route)
        self._solve(PRIMAL)

    def fix(self, numbers: Iterable[int]) -> None:
        """Make these routes whole, and no other of their shifts; solve again."""
        self._fix(numbers)
        self._solve(DUAL)

    def moor(self, moorings: Collection[int]) -> None:
        """Let platforms lie at ``moorings`` and nowhere else; solve again."""
        for m, out in enumerate(self.base.master.out):
            self._solver.changeColBounds(out.index, float(m in moorings), float(m in moorings))
        self._solve(DUAL)

    def _fix(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.fixed.append(number)
            for other in self._of_shift[self._columns[number].shift]:
                made = float(other == number)
                self._solver.changeColBounds(self._index[other], made, made)
            for visit, cost_cny, entries in self.base.master.lessened(self.routes[number]):
                rows = np.array([self.base.row_of[name] for name in entries], np.int32)
                self._solver.addCol(cost_cny, 0.0, visit.total_t, len(rows), rows, np.array([*entries.values()]))

    def _solve(self, strategy: int) -> None:
        """Solve, and where the shore is known by its planes, add those that are missed until none is by much."""
        self._add_planes()
        self._run(strategy)
        ceiling = self.base.master.ceiling
        if ceiling is None or self.base.ashore is None:
            return
        landed = [variable.index for variable in self.base.master.flows.landed.values()]
        for _ in range(TOUCHES):
            told = float(self._value[ceiling.worth.index])
            worth = self.base.ashore.worth_cny(np.maximum(self._value[landed], 0.0))
            self._add_planes()
            if told - worth <= TOUCHED * max(abs(self.value_cny), 1.0):
                break
            self._run(DUAL)

    def _add_planes(self) -> None:
        ashore, ceiling = self.base.ashore, self.base.master.ceiling
        if ashore is None or ceiling is None:
            return
        landed = [variable.index for variable in self.base.master.flows.landed.values()]
        columns = np.array([ceiling.worth.index, *landed], np.int32)
        for height, slope in zip(ashore.heights[self._planes :], ashore.slopes[self._planes :], strict=True):
            entries = np.array([1.0, *-slope])
            self._solver.addRow(-highspy.kHighsInf, float(height), len(columns), columns, entries)
        self._planes = len(ashore.heights)

    def _run(self, strategy: int) -> None:
        self._solver.setOptionValue("simplex_strategy", strategy)
        solvers.run(self._solver, "the relaxation")  # staying home always holds
        solution = self._solver.getSolution()
        self._dual = np.array(solution.row_dual)
        self._value = np.array(solution.col_value)
        self.value_cny = -float(self._solver.getObjectiveValue()) - self.base.wishes.all_given_up_cny
        """Of the relaxation over the routes that it was last solved with."""

    def _add(self, route: Route) -> None:
        column = self.base.column_of(route)
        rows, entries = self.base.entries(column)
        self.routes.append(route)
        self._columns.append(column)
        self._entries.append((rows, entries))
        self._of_shift[column.shift].append(len(self.routes) - 1)
        self._index.append(int(self._solver.getNumCol()))
        self._solver.addCol(column.cost_cny, 0.0, highspy.kHighsInf, len(rows), rows, entries)

    def profits_cny(self) -> Floats:
        """Return what each route earns at the present prices beyond the price of its shift."""
        if not self._columns:
            return np.zeros(0)
        rows = np.concatenate([rows for rows, _ in self._entries])
        entries = np.concatenate([entries for _, entries in self._entries])
        first = np.cumsum([0, *(len(rows) for rows, _ in self._entries[:-1])])
        costs = np.array([column.cost_cny for column in self._columns])
        return np.asarray(np.add.reduceat(self._dual[rows] * entries, first) - costs)

    def profit_cny(self, column: Column) -> float:
        """Return what a route of ``column`` earns at the present prices beyond the price of its shift."""
        rows, entries = self.base.entries(column)
        return float(self._dual[rows] @ entries) - column.cost_cny

    def prices(self) -> Prices:
        """Return the prices of the last solution."""
        grid, row_of, dual = self.base.grid, self.base.row_of, self._dual
        berth = np.zeros((len(grid.quays), grid.steps))
        use = np.zeros((len(grid.shifts), len(grid.moorings)))
        for name, row in row_of.items():
            kind, *at = name.split("_")
            if kind == "berth":
                berth[int(at[0]), int(at[1])] = max(-dual[row], 0.0)
            elif kind == "use":
                use[int(at[0]), int(at[1])] = max(-dual[row], 0.0)
        least = np.where(grid.must_go, -np.inf, 0.0)
        shift = np.maximum([-dual[row_of[f"shift_{k}"]] for k in range(len(grid.shifts))], least)
        patch = np.array([max(-dual[row_of[f"patch_{p}"]], 0.0) for p in range(len(grid.problem.patches))])
        return Prices(patch, berth, dual[self.base.lot_rows], shift, use, np.float64(self.value_cny - shift.sum()))

    def shares(self) -> Floats:
        """Return how much of each route is made in the last solution."""
        return self._value[self._index] if self._index else np.zeros(0)

    def idle(self) -> dict[int, float]:
        """Return how much each shift that must go stays home in the last solution."""
        return {shift: float(self._value[variable.index]) for shift, variable in self.base.master.idle.items()}

    def out(self) -> list[float]:
        """Return how much each mooring is taken in the last solution."""
        return [float(self._value[variable.index]) for variable in self.base.master.out]
