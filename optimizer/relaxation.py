"""The relaxation of the master program, solved again and again as routes come in."""

from collections.abc import Sequence
from typing import Any

import pulp

from optimizer import solvers
from optimizer.ashore import Ashore
from optimizer.grid import Grid
from optimizer.master import Master
from optimizer.pricing import Prices
from optimizer.route import Route

NO_LIMIT_S = 3600.0


class Relaxation:
    """The program with fractions of routes; ``fixed`` routes are made whole.

    Columns come in by and by. HiGHS then goes on from its last basis on the model that PuLP built; with CBC the model
    is posed anew.
    """

    def __init__(self, grid: Grid, ashore: Ashore, routes: Sequence[Route], fixed: Sequence[Route] = ()) -> None:
        self.routes, self.fixed = list(routes), tuple(fixed)
        self._grid, self._ashore = grid, ashore
        self._master = self._posed()
        self._solved: _Hot | _Cold = _Hot(self._master) if solvers.HAS_HIGHS else _Cold(self._master)

    def add(self, routes: Sequence[Route]) -> None:
        """Add columns for ``routes`` and solve again."""
        self.routes.extend(routes)
        if isinstance(self._solved, _Hot):
            self._solved.add(routes)
        else:
            self._master = self._posed()
            self._solved = _Cold(self._master)

    def _posed(self) -> Master:
        return Master(self._grid, self._ashore, self.routes, integral=False, fixed=self.fixed)

    @property
    def value_cny(self) -> float:
        """Return the value of the relaxation over the routes so far."""
        return -self._solved.cost_cny()

    def profit_cny(self, route: Route, prices: Prices) -> float:
        """Return what ``route`` earns at ``prices`` beyond the price of its shift."""
        row = self._master.row(route)
        charged = sum(float(prices.patch[p]) * used for p, used in row.patch.items())
        charged += sum(float(prices.berth[key]) * taken for key, taken in row.berth.items())
        landed = sum(float(prices.landed[c]) * tonnes for c, tonnes in row.lot.items())
        return landed - row.cost_cny - charged - float(prices.shift[row.shift])

    def prices(self) -> Prices:
        """Return the prices of the last solution."""
        return self._master.prices(self._solved.duals())

    def shares(self) -> list[float]:
        """Return how much of each route is made in the last solution."""
        return self._solved.shares()


def _optimal(is_optimal: bool, status: Any) -> None:
    """Raise RuntimeError unless ``is_optimal``: doing nothing always holds, so anything else is a fault of ours."""
    if not is_optimal:
        raise RuntimeError(f"the relaxation was not solved: {status}")


class _Hot:
    """HiGHS, kept warm."""

    def __init__(self, master: Master) -> None:
        self._master = master
        master.model.solve(pulp.HiGHS(msg=False, threads=1))
        self._solver: Any = master.model.solverModel
        self._columns = [go.index for go in master.go]
        self._check()

    def add(self, routes: Sequence[Route]) -> None:
        rows = self._master.rows
        for route in routes:
            own = self._master.row(route)
            entries = {rows[f"patch_{p}"].index: used for p, used in own.patch.items()}
            entries |= {rows[f"berth_{d}_{s}"].index: taken for (d, s), taken in own.berth.items()}
            entries |= {rows[f"lot_{c}"].index: tonnes for c, tonnes in own.lot.items()}
            entries[rows[f"shift_{own.shift}"].index] = 1.0
            self._columns.append(self._solver.getNumCol())
            self._solver.addCol(
                own.cost_cny, 0.0, self._solver.inf, len(entries), list(entries), list(entries.values())
            )
        self._solver.run()
        self._check()

    def _check(self) -> None:
        status = self._solver.modelStatusToString(self._solver.getModelStatus())
        _optimal(status == "Optimal", status)

    def cost_cny(self) -> float:
        return float(self._solver.getObjectiveValue())

    def duals(self) -> dict[str, float]:
        values = list(self._solver.getSolution().row_dual)
        return {name: float(values[row.index]) for name, row in self._master.rows.items()}

    def shares(self) -> list[float]:
        values = list(self._solver.getSolution().col_value)
        return [float(values[column]) for column in self._columns]


class _Cold:
    """Any solver of PuLP's."""

    def __init__(self, master: Master) -> None:
        self._master = master
        master.model.solve(solvers.solver(nodes=1, time_limit_s=NO_LIMIT_S))
        _optimal(master.model.status == pulp.LpStatusOptimal, pulp.LpStatus[master.model.status])

    def cost_cny(self) -> float:
        return float(pulp.value(self._master.model.objective))

    def duals(self) -> dict[str, float]:
        return {name: float(row.pi) for name, row in self._master.rows.items()}

    def shares(self) -> list[float]:
        return [float(go.varValue) for go in self._master.go]
