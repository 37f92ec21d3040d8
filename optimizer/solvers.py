"""The solvers behind PuLP: HiGHS, and CBC, which comes with PuLP, where HiGHS is not there or CBC is asked for.

CBC solves what PuLP poses and is solved once. Routes are generated with a program that is solved again and again as
they come in: that is HiGHS's own model.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import pulp

from documents.errors import InputError
from documents.problem import Problem, Solver

try:
    import highspy as highspy  # for others to take it from here
except ImportError:  # then CBC plans
    highspy = None  # type: ignore[assignment]

GAP = 1e-4
"""Relative gap at which an integer program counts as solved."""
SOLVED = (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
"""PuLP's words for a solution in hand."""


def solver_name(which: Solver) -> str:
    """Return what solves, with versions, for the plan."""
    return f"PuLP {pulp.VERSION}, " + (f"HiGHS {version('highspy')}" if which == "highs" else "its CBC on a fixed pool")


def solvable(problem: Problem, say: Callable[[str], None]) -> Problem:
    """Return ``problem`` with a solver that runs here; raise InputError where there is none."""
    if problem.solver == "highs" and highspy is None:
        say("HiGHS is not there: CBC plans from a fixed pool")
        problem = problem.model_copy(update={"solver": "cbc"})
    if problem.solver == "cbc" and not _cbc(1, 1.0, GAP).available():
        raise InputError("The CBC that comes with PuLP does not run on this machine; plan with the solver highs.")
    return problem


def solver(nodes: int, time_limit_s: float, gap: float = GAP, which: Solver = "highs") -> Any:
    """Return a solver for PuLP that branches on ``nodes`` nodes at most; deterministic unless time runs out.

    One thread, because the search of several is not the same twice.
    """
    return HiGHS(nodes, time_limit_s, gap) if which == "highs" else _cbc(nodes, time_limit_s, gap)


def _cbc(nodes: int, time_limit_s: float, gap: float) -> Any:
    """Return CBC, which starts from the variables' initial values where those make a solution."""
    path = pulp.PULP_CBC_CMD.pulp_cbc_path
    limits = {"gapRel": gap, "timeLimit": max(time_limit_s, 1.0), "maxNodes": nodes, "threads": 1}
    return pulp.COIN_CMD(path=path, msg=False, warmStart=True, **limits)


def posed(model: Any) -> Any:
    """Return the HiGHS model that PuLP builds of ``model``; the index of each row and column stands in PuLP's own."""
    highs = pulp.HiGHS(msg=False, threads=1)
    highs.createAndConfigureSolver(model)
    highs.buildSolverModel(model)
    return model.solverModel


def linear(program: Any) -> Any:
    """Return HiGHS with ``program``, whole numbers relaxed; it keeps its basis from one run to the next."""
    highs = _quiet()
    highs.passModel(program)
    highs.setOptionValue("solve_relaxation", True)
    return highs


def run(linear_program: Any, what: str) -> None:
    """Solve from the basis at hand, and where HiGHS gets lost from there, anew; RuntimeError where that fails too."""
    solved = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
    linear_program.run()
    if linear_program.getModelStatus() not in solved:
        linear_program.clearSolver()
        linear_program.run()
    status = linear_program.getModelStatus()
    if status not in solved:
        raise RuntimeError(f"{what} was not solved: {linear_program.modelStatusToString(status)}")


def integer(program: Any, nodes: int, time_limit_s: float) -> Any:
    """Return HiGHS with ``program``, to branch on ``nodes`` nodes at most; deterministic unless time runs out."""
    highs = _quiet()
    highs.passModel(program)
    highs.setOptionValue("mip_rel_gap", GAP)
    highs.setOptionValue("mip_detect_symmetry", False)
    highs.setOptionValue("mip_allow_restart", False)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("time_limit", max(time_limit_s, 0.1))
    return highs


def _quiet() -> Any:
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    return highs


class HiGHS(pulp.HiGHS):  # type: ignore[misc]  # PuLP is untyped
    """PuLP's HiGHS, that starts from the variables' initial values and may stop by work.

    PuLP 3.3 ignores ``warmStart`` for HiGHS and has no words for a run that ended at a node limit: both are mended.
    """

    def __init__(self, nodes: int, time_limit_s: float, gap: float) -> None:
        super().__init__(
            msg=False,
            threads=1,
            gapRel=gap,
            timeLimit=time_limit_s,
            mip_max_nodes=nodes,
            random_seed=0,
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
        if lp.solverModel.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        values = lp.solverModel.getSolution().col_value
        for variable in lp.variables():
            variable.varValue = values[variable.index]
        return pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible
