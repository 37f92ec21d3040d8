"""The relaxation of the master program, solved again and again as routes come in."""

from collections.abc import Sequence
from typing import Any

import highspy
import pulp

from optimizer.ashore import Ashore
from optimizer.grid import Grid
from optimizer.master import Master
from optimizer.pricing import Prices
from optimizer.route import Route


class Relaxation:
    """Columns come in by and by; HiGHS goes on from its last basis on the model that PuLP built."""

    def __init__(self, grid: Grid, ashore: Ashore, routes: Sequence[Route], fixed: Sequence[Route] = ()) -> None:
        self.routes, self.fixed = list(routes), tuple(fixed)
        self._master = Master(grid, ashore, routes, integral=False, fixed=fixed)
        model = self._master.model
        model.solve(pulp.HiGHS(msg=False, threads=1))
        self._solver: Any = model.solverModel
        self._at = {name: row.index for name, row in self._master.rows.items()}
        self._own = [go.index for go in self._master.go]

    def add(self, routes: Sequence[Route]) -> None:
        """Add columns for ``routes`` and solve again."""
        for route in routes:
            row = self._master.row(route)
            entries = {self._at[f"patch_{p}"]: used for p, used in row.patch.items()}
            entries |= {self._at[f"berth_{d}_{s}"]: taken for (d, s), taken in row.berth.items()}
            entries |= {self._at[f"lot_{c}"]: tonnes for c, tonnes in row.lot.items()}
            entries[self._at[f"shift_{row.shift}"]] = 1.0
            self._own.append(self._solver.getNumCol())
            self._solver.addCol(
                row.cost_cny, 0.0, highspy.kHighsInf, len(entries), list(entries), list(entries.values())
            )
        self.routes.extend(routes)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the relaxation was not solved: {self._solver.getModelStatus()}")

    @property
    def value_cny(self) -> float:
        """Return the value of the relaxation over the routes so far."""
        return -float(self._solver.getObjectiveValue())

    def profit_cny(self, route: Route, prices: Prices) -> float:
        """Return what ``route`` earns at ``prices`` beyond the price of its shift."""
        row = self._master.row(route)
        charged = sum(float(prices.patch[p]) * used for p, used in row.patch.items())
        charged += sum(float(prices.berth[key]) * taken for key, taken in row.berth.items())
        landed = sum(float(prices.landed[c]) * tonnes for c, tonnes in row.lot.items())
        return landed - row.cost_cny - charged - float(prices.shift[row.shift])

    def prices(self) -> Prices:
        """Return the prices of the last solution."""
        duals = list(self._solver.getSolution().row_dual)
        return self._master.prices(lambda row: float(duals[row.index]))

    def shares(self) -> list[float]:
        """Return how much of each route is made in the last solution."""
        values = self._solver.getSolution().col_value
        return [float(values[index]) for index in self._own]
