"""The solvers behind PuLP: HiGHS by default, CBC, which comes with PuLP, where HiGHS is not installed."""

from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
import pulp

HAS_HIGHS = find_spec("highspy") is not None

GAP = 1e-4
"""Relative gap at which an integer program counts as solved."""


def solver_name() -> str:
    """Return what solves, with versions, for the plan."""
    return f"PuLP {pulp.VERSION}, " + (f"HiGHS {version('highspy')}" if HAS_HIGHS else "CBC")


def solver(nodes: int, time_limit_s: float) -> Any:
    """Return a solver that branches on ``nodes`` nodes at most; it is deterministic unless time runs out.

    One thread, because the search of several is not the same twice.
    """
    if HAS_HIGHS:
        return HiGHS(nodes, time_limit_s)
    return pulp.COIN_CMD(
        path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, gapRel=GAP, timeLimit=time_limit_s, maxNodes=nodes
    )


class HiGHS(pulp.HiGHS):  # type: ignore[misc]  # PuLP is untyped
    """PuLP's HiGHS, that starts from the variables' initial values and may stop by work.

    PuLP 3.3 ignores ``warmStart`` for HiGHS and has no words for a run that ended at a node limit: both are mended.
    Strong branching is off: it took two thirds of the time and found nothing that the heuristics had not.
    """

    def __init__(self, nodes: int, time_limit_s: float) -> None:
        super().__init__(
            msg=False,
            threads=1,
            gapRel=GAP,
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
        import highspy

        if lp.solverModel.getModelStatus() != highspy.HighsModelStatus.kSolutionLimit:
            return super().findSolutionValues(lp)
        if lp.solverModel.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        values = lp.solverModel.getSolution().col_value
        for variable in lp.variables():
            variable.varValue = values[variable.index]
        return pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible
