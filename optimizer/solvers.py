"""The solvers behind PuLP: HiGHS by default, CBC where HiGHS is not installed."""

from importlib.metadata import version
from typing import Any

import highspy
import numpy as np
import pulp


def solver_name() -> str:
    """Return what solves, with versions, for the plan."""
    return f"PuLP {pulp.VERSION}, HiGHS {version('highspy')}"


class HiGHS(pulp.HiGHS):  # type: ignore[misc]  # PuLP is untyped
    """PuLP's HiGHS, on one thread, that starts from the variables' initial values and may stop by work.

    PuLP 3.3 ignores ``warmStart`` for HiGHS and has no words for a run that ended at a node limit: both are mended.
    One thread, because the search of several is not the same twice.
    """

    def __init__(self, nodes: int, time_limit_s: float, gap: float = 1e-4) -> None:
        super().__init__(
            msg=False,
            threads=1,
            gapRel=gap,
            timeLimit=time_limit_s,
            mip_max_nodes=nodes,
            random_seed=0,
            mip_pscost_minreliable=0,
        )

    def callSolver(self, lp: Any) -> None:  # noqa: N802 - PuLP's name
        """Run HiGHS from the initial values of those variables that have one."""
        start = {variable.index: variable.varValue for variable in lp.variables() if variable.varValue is not None}
        if start:
            lp.solverModel.setSolution(len(start), np.array([*start], np.int32), np.array([*start.values()], float))
        lp.solverModel.run()

    def findSolutionValues(self, lp: Any) -> Any:  # noqa: N802 - PuLP's name
        """Return PuLP's status; a run that stopped by work with a solution in hand has a feasible one."""
        if lp.solverModel.getModelStatus() != highspy.HighsModelStatus.kSolutionLimit:
            return super().findSolutionValues(lp)
        values = lp.solverModel.getSolution().col_value
        if len(values) != len(lp.variables()):
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        for variable, value in zip(lp.variables(), values, strict=True):
            variable.varValue = value
        return pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible
