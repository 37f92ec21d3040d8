"""The program ashore for one question: more may be asked of it, and limits set free."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from optimizer import solvers
from optimizer.ashore import Ashore
from optimizer.solvers import highspy

Floats = npt.NDArray[np.float64]
SHORT_CNY_PER_T = 1e5
"""What a tonne short of what is asked costs in the program: more than any tonne is worth."""


class Fork(Ashore):
    """A copy of a program ashore that goes on by itself; planes known before hold for it, as more is asked of it."""

    def __init__(self, whole: Ashore) -> None:
        self._short: int | None = None
        vars(self).update(vars(whole))
        self._solver = solvers.linear(whole._solver.getLp())
        self._solver.setBasis(whole._solver.getBasis())

    def ask(self, columns: Iterable[int], tonnes: float) -> None:
        """Let the sum of ``columns`` be at least ``tonnes``, or what is short of it be paid dearly."""
        self._short = int(self._solver.getNumCol())
        self._solver.addCol(SHORT_CNY_PER_T, 0.0, highspy.kHighsInf, 0, np.zeros(0, np.int32), np.zeros(0))
        entries = np.array([*columns, self._short], np.int32)
        self._solver.addRow(tonnes, highspy.kHighsInf, len(entries), entries, np.ones(len(entries)))

    def free(self, rows: str, columns: Iterable[int] = ()) -> None:
        """Let rows whose names begin with ``rows`` be no limit, nor the bounds of ``columns``; old planes do not hold
        then."""
        for row in self.model.constraints():
            if rows and (row.name or "").startswith(rows):
                self._solver.changeRowBounds(int(row.index), -highspy.kHighsInf, highspy.kHighsInf)
        for column in columns:
            self._solver.changeColBounds(column, 0.0, highspy.kHighsInf)

    def land_anything(self) -> None:
        """Let boats land as much more as is of use."""
        for variable in self.lost:
            self._solver.changeColBounds(int(variable.index), -highspy.kHighsInf, highspy.kHighsInf)
            self._solver.changeColCost(int(variable.index), 0.0)

    def sums_t(self, landed_t: Floats, *groups: Iterable[int]) -> list[float]:
        """Return the sums of some groups of columns where ``landed_t`` is landed."""
        self.worth_cny(landed_t)
        values = np.array(self._solver.getSolution().col_value)
        return [float(values[[*group]].sum()) for group in groups]

    def short_t(self, landed_t: Floats) -> float:
        """Return how much is short of what is asked."""
        return 0.0 if self._short is None else self.sums_t(landed_t, [self._short])[0]

    def lost_t(self, landed_t: Floats) -> float:
        """Return for how much of ``landed_t`` there is no room."""
        return self.sums_t(landed_t, [variable.index for variable in self.lost])[0]
