"""What landed lots are worth ashore, told by planes above it.

The worth of a landing ashore is the optimum of the program of :mod:`optimizer.shore`, a concave function of the tonnes
landed by lot. Wherever it was solved for, its dual prices give a plane that touches it there and lies above it
everywhere (Benders 1962, "Partitioning procedures for solving mixed-variables programming problems", Numerische
Mathematik 4). A program that knows the shore by its planes is small, and what bounds it bounds the whole: more planes
only bring it closer.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pulp

from optimizer import solvers
from optimizer.network import Lot, Network
from optimizer.shore import Flows, Shore, Terms

LOST_CNY_PER_T = 5e3
"""What a tonne costs for which there is no room ashore: more than any tonne is worth afloat, so that none lands."""
HEIGHT_CNY = 1e10
"""Above all that can be earned ashore: what a program takes for it that knows no plane yet."""


Floats = npt.NDArray[np.float64]


class Ceiling:
    """In place of the shore in the master program: what it is worth, to be kept below planes."""

    def __init__(self, model: Any, cost: Terms, lots: Sequence[Lot]) -> None:
        """Add variables to ``model`` and what they cost to ``cost``."""
        self.flows = Flows()
        for number, lot in enumerate(lots):
            self.flows.landed[lot] = model.add_variable(f"landed_{number}", 0)
        self.worth = model.add_variable("worth", None, HEIGHT_CNY)
        cost.append((self.worth, -1.0))

    def lower(self, model: Any, ashore: "Ashore", landed_t: Floats, most: int) -> None:
        """Keep it below ``most`` planes of ``ashore``: those that are the lowest at ``landed_t``."""
        told = ashore.heights + ashore.slopes @ landed_t
        for number in np.argsort(told, kind="stable")[:most]:
            slopes = dict(zip(ashore.lots, ashore.slopes[number].tolist(), strict=True))
            terms = [(landed, -slopes[lot]) for lot, landed in self.flows.landed.items()]
            model.addConstraint(pulp.LpAffineExpression([(self.worth, 1.0), *terms]) <= float(ashore.heights[number]))


class Ashore:
    """The program ashore, solved again for other tonnes; batches and trips are counted in fractions."""

    def __init__(self, network: Network, lots: Sequence[Lot]) -> None:
        """``lots`` are all that may be landed."""
        model = pulp.LpProblem("ashore", pulp.LpMinimize)
        cost: Terms = []
        self.flows = Shore(network, model, cost, lots, integral=False).flows
        self.lost: list[Any] = []
        """By lot, what there is no room for."""
        rows = []
        for number, landed in enumerate(self.flows.landed.values()):
            lost = model.add_variable(f"lost_{number}", 0)
            self.lost.append(lost)
            cost.append((lost, LOST_CNY_PER_T))
            rows.append(landed + lost == 0.0)
            model.addConstraint(rows[-1], f"given_{number}")
        model.setObjective(pulp.LpAffineExpression(cost))
        self._solver = solvers.linear(solvers.posed(model).getLp())
        self.model = model
        self._rows = np.array([row.index for row in rows], np.int64)
        self._landed = np.zeros(len(lots))
        self._paid_cny = 0.0  # for trips
        self.lots = tuple(lots)
        self.heights: Floats = np.zeros(0)
        """(planes,) CNY where nothing is landed."""
        self.slopes: Floats = np.zeros((0, len(lots)))
        """(planes, lots) CNY per tonne."""
        self.worth_cny(self._landed)

    def worth_cny(self, landed_t: Floats) -> float:
        """Return what ``landed_t`` (lots,) is worth, and remember the plane that touches there."""
        for number in np.flatnonzero(landed_t != self._landed):
            tonnes = float(landed_t[number])
            self._solver.changeRowBounds(int(self._rows[number]), tonnes, tonnes)
        self._landed = landed_t.copy()
        solvers.run(self._solver, "the program ashore")  # all may be lost at sea, and dumped ashore
        worth = -float(self._solver.getInfo().objective_function_value) - self._paid_cny
        slope = -np.array(self._solver.getSolution().row_dual)[self._rows]
        self.remember(np.array([worth - slope @ landed_t]), slope[None, :])
        return worth

    def remember(self, heights: Floats, slopes: Floats) -> None:
        """Take in planes (planes,), (planes, lots) that were found elsewhere for the same shore."""
        self.heights = np.concatenate([self.heights, heights])
        self.slopes = np.vstack([self.slopes, slopes])

    def again(self) -> "Ashore":
        """Return the same, to be asked beside this one."""
        other = copy.copy(self)
        other._solver = solvers.linear(self._solver.getLp())
        other._solver.setBasis(self._solver.getBasis())
        return other

    def that_pays(self, trips: Mapping[str, float]) -> "Ashore":
        """Return the shore on which just ``trips`` are made, by the names of their variables, full or not."""
        those = list(self.flows.trips.values())
        columns = np.array([variable.index for variable in those], np.int32)
        made = np.array([trips.get(variable.name, 0.0) for variable in those])
        program = self._solver.getLp()
        other = copy.copy(self)
        other._solver = solvers.linear(program)
        other._paid_cny = float(np.array(program.col_cost_)[columns] @ made)
        other._solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        other._solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), made)
        other.heights, other.slopes = np.zeros(0), np.zeros((0, len(self.lots)))
        other.worth_cny(self._landed)
        return other

    def numbered(self, tonnes: Mapping[Lot, float]) -> Floats:
        """Return (lots,) ``tonnes`` in the order of the lots."""
        return np.array([tonnes.get(lot, 0.0) for lot in self.lots])

    def below(self, landed_t: Floats) -> tuple[float, Floats]:
        """Return what ``landed_t`` (lots,) is worth at most by the planes so far, and (lots,) CNY per tonne there."""
        told = self.heights + self.slopes @ landed_t
        lowest = int(np.argmin(told))
        return float(told[lowest]), self.slopes[lowest]
