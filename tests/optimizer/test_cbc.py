"""CBC in the place of HiGHS: plans from a fixed pool hold, and state no bound."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pulp
import pytest

from benchmarks.hard_problem import changed
from benchmarks.instances import make
from benchmarks.random_problem import random_problem
from documents.errors import InputError
from documents.plan import Plan
from documents.problem import Problem, Solver
from optimizer import pool, solvers
from optimizer.check import check, stands
from optimizer.choice import Choice, choose
from optimizer.effort import Effort
from optimizer.explain.explain import About, explain
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pool import choose_of, draw, prices_ashore
from optimizer.pricing import Pricing
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.solve import shore_clock, solve
from optimizer.solvers import solver
from optimizer.stops import Wishes
from tests.optimizer.handmade import SHA256, make_problem
from tests.optimizer.test_brute_force import tiny

WITHOUT_HIGHS = """
import sys
sys.modules["highspy"] = None
from typer.testing import CliRunner
from service.cli import app
result = CliRunner().invoke(app, sys.argv[1:])
print(result.output, result.exception)
sys.exit(result.exit_code)
"""


def with_cbc(problem: Problem) -> Problem:
    return changed(problem, solver="cbc")


def plan_of(problem: Problem, before: Plan | None = None, *, stands: bool = False) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 1), before, stands=stands)


@cache
def planned() -> Plan:
    """Return the plan of the problem made by hand."""
    return plan_of(with_cbc(make_problem()))


def pricing_of(problem: Problem) -> Pricing:
    return Pricing(Grid(problem), Sea(problem), Network(problem, *shore_clock(problem)))


@pytest.mark.parametrize(
    "problem", [make_problem(), make("tiny", 2), *(random_problem(seed, most_vessels=2) for seed in (1_000, 1_004))]
)
def test_plans_hold_and_state_no_bound(problem: Problem):
    plan = plan_of(with_cbc(problem))
    assert check(with_cbc(problem), plan, SHA256) == []
    assert plan.voyages
    assert (plan.bound_cny, plan.gap, plan.continuous_bound_cny) == (None, None, None)
    assert "CBC" in plan.solver
    assert "HiGHS" not in plan.solver


def test_it_earns_most_of_what_highs_finds_and_is_the_same_twice():
    problem = make_problem()
    best, plan, again = plan_of(problem), planned(), plan_of(with_cbc(problem))
    assert 0.9 * best.objective.total_cny <= plan.objective.total_cny <= best.continuous_bound_cny
    assert plan.model_dump_json() == again.model_dump_json()


@pytest.mark.parametrize("seed", range(6))
def test_of_a_pool_the_best_are_chosen(seed: int):
    pricing = pricing_of(tiny(seed))
    base = Base(pricing.grid, pricing.network, pricing.lots)
    effort = Effort(1e9, 1)
    routes = draw(pricing, prices_ashore(pricing, effort), effort)
    chosen = choose_of(pricing, Wishes(pricing.grid, {}), routes, effort)

    def worth_cny(those: Sequence[Route]) -> float:
        nothing = Choice((), -np.inf, (), np.zeros(base.columns))
        found = choose(base, nothing, those, (), 10_000, 60.0, whole=False)
        assert found is not None
        return found.value_cny

    best_cny = worth_cny(routes)
    assert set(chosen) <= set(routes)
    assert worth_cny(chosen) >= best_cny - 2.0 * pool.GAP * max(abs(best_cny), 1.0)


def test_where_time_is_short_those_that_fit_are_made(monkeypatch: pytest.MonkeyPatch):
    problem = random_problem(1_000, most_vessels=2)

    def cut_short(nodes: int, time_limit_s: float, gap: float, which: Solver) -> Any:
        return solver(nodes, time_limit_s, gap, which) if nodes == 0 else Nothing()

    monkeypatch.setattr(pool, "solver", cut_short)
    plan = plan_of(with_cbc(problem))
    assert plan.voyages
    assert check(with_cbc(problem), plan, SHA256) == []


class Nothing(pulp.LpSolver):  # type: ignore[misc]  # PuLP is untyped
    """A solver that finds nothing in its time."""

    def actualSolve(self, lp: Any, **_: Any) -> int:  # noqa: N802 - PuLP's name
        """Say so."""
        lp.assignStatus(pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound)
        return int(pulp.LpStatusNotSolved)


def test_a_plan_that_stands_is_changed_only_where_it_is_worth_it():
    problem = with_cbc(make_problem())
    before = planned().model_copy(update={"problem_sha256": "1" * 64})
    assert stands(problem, before)
    again = plan_of(problem, before, stands=True)
    assert again.changed_stops == 0
    assert again.objective == before.objective


def test_what_must_be_and_is_not_is_named():
    problem = make_problem()
    asked = problem.contracts[0].model_copy(update={"min_t": 1e4, "max_t": 1e4})
    with pytest.raises(InputError, match=f"does not keep contract {asked.id}"):
        plan_of(with_cbc(changed(problem, contracts=(asked, *problem.contracts[1:]))))


def test_such_a_plan_is_explained_all_the_same():
    problem = with_cbc(make_problem())
    plan = planned()
    told = explain(problem, SHA256, plan, About(), lambda: Effort(1e9, 0), lambda *_: None)
    assert told.plan_cny == pytest.approx(plan.objective.total_cny)


def test_without_highs_cbc_plans_and_nothing_explains(tmp_path: Path):
    problem = make_problem()
    problem.write(tmp_path / "problem.json")

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        told = [sys.executable, "-c", WITHOUT_HIGHS, *map(str, words)]
        return subprocess.run(told, capture_output=True, text=True, check=False)

    planned = run("plan", tmp_path / "problem.json", "--work", "1", "--out", tmp_path)
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "bound of the model none (gap none), in continuous time none" in planned.stdout
    assert "HiGHS is not there" in (tmp_path / "plan.log").read_text()
    content = (tmp_path / "problem.json").read_bytes()
    plan = Plan.read(tmp_path / "plan.json")
    assert plan.voyages
    assert check(problem, plan, hashlib.sha256(content).hexdigest()) == []
    asked = run("explain", tmp_path / "problem.json", tmp_path / "plan.json")
    assert asked.returncode == 2
    assert "install highspy" in asked.stdout + asked.stderr


def test_where_cbc_does_not_run_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solvers.pulp.PULP_CBC_CMD, "pulp_cbc_path", "/nowhere/cbc")
    with pytest.raises(InputError, match="does not run on this machine"):
        plan_of(with_cbc(make_problem()))
