"""CBC in the place of HiGHS where whole numbers are found at last: plans hold, and state no bound."""

import io
from collections.abc import Sequence

import pytest

from benchmarks.hard_problem import changed
from benchmarks.instances import make
from benchmarks.random_problem import random_problem
from documents.errors import InputError
from documents.problem import Problem
from optimizer import search, solvers
from optimizer.check import check
from optimizer.choice import Choice, choose
from optimizer.effort import Effort
from optimizer.pool import choose_of_pool
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_plan, make_problem
from tests.optimizer.test_brute_force import SAME, Everything, found_by_search, tiny


def with_cbc(problem: Problem) -> Problem:
    return changed(problem, solver="cbc")


@pytest.mark.parametrize(
    "problem", [make_problem(), make("tiny", 2), *(random_problem(seed, most_vessels=2) for seed in (1_000, 1_004))]
)
def test_plans_hold_and_state_no_bound(problem: Problem):
    log = io.StringIO()
    plan = solve(with_cbc(problem), SHA256, log, lambda *_: None, Effort(1e9, 1))
    assert check(with_cbc(problem), plan, SHA256) == []
    assert plan.voyages
    assert (plan.bound_cny, plan.gap, plan.continuous_bound_cny) == (None, None, None)
    assert "CBC" in plan.solver
    assert "Bounds: none on the quarter-hour clock, none in continuous time" in log.getvalue()


def test_the_plan_is_as_good_as_that_of_highs():
    problem = make_problem()
    plans = [solve(p, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 2)) for p in (problem, with_cbc(problem))]
    values = [plan.objective.total_cny for plan in plans]
    assert values[1] >= 0.99 * values[0] > make_plan(problem).objective.total_cny
    assert "CBC" not in plans[0].solver


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_a_pool_is_that_of_highs_and_of_all_combinations(seed: int, monkeypatch: pytest.MonkeyPatch):
    chosen: list[tuple[Choice, Choice]] = []

    def by_both(base: Base, start: Choice, others: Sequence[Route], nodes: int, time_limit_s: float) -> Choice:
        cbc = choose_of_pool(base, start, others, nodes, time_limit_s)
        highs = choose(base, start, others, (), nodes, time_limit_s, whole=False)
        assert cbc is not None
        assert highs is not None
        chosen.append((cbc, highs))
        return cbc

    monkeypatch.setattr(search, "choose_of_pool", by_both)
    everything = Everything(with_cbc(tiny(seed)))
    best = everything.best_cny(whole=False, free=False)
    assert best is not None
    assert found_by_search(everything).choice.value_cny >= best - SAME * max(abs(best), 1.0)
    assert len(chosen) == 1
    for cbc, highs in chosen:
        assert cbc.value_cny == pytest.approx(highs.value_cny, rel=SAME, abs=0.01)


def test_the_same_problem_gives_the_same_bytes():
    problem = with_cbc(make_problem())
    plans = {solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 1)).model_dump_json() for _ in range(2)}
    assert len(plans) == 1


def test_where_cbc_does_not_run_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solvers.pulp.PULP_CBC_CMD, "pulp_cbc_path", "/nowhere/cbc")
    with pytest.raises(InputError, match="does not run on this machine"):
        solve(with_cbc(make_problem()), SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 1))
