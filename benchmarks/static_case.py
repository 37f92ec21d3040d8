"""What a vehicle router can express as well: ``python -m benchmarks.static_case SEED... [--seconds S]``.

On the ``static`` instances patches lie still and are served whole or not at all, boats make trips, and nothing happens
ashore. PyVRP and the planner have the same time on the same cores; both values are those of the checker, PyVRP's routes
replayed in their own time. The planner may also share a patch or leave a part of it, which only adds plans: its bounds
hold for the router's as well. Beside its value stands what patches come to that it takes whole.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from benchmarks.apart import apart
from benchmarks.desk import NO_FILE, desk_of
from benchmarks.exact import exact_plan
from benchmarks.instances import STATIC_VALUE_CNY_PER_T, static
from benchmarks.plan_quality import NO_END
from benchmarks.router import Router, portions
from documents.plan import Plan, StopKind
from documents.problem import Problem
from optimizer.check import check, value
from optimizer.effort import Effort
from optimizer.solve import solve

SECONDS = 60.0
GRACE = 10.0
"""So many times its time, a process is ended."""
WHOLE = 0.99
"""Of a patch: as much counts as the whole, as tonnes are rounded down."""


@dataclass(frozen=True)
class Ours:
    """The planner's plan."""

    value_cny: float
    whole_cny: float
    """Of patches that are taken whole, less all sailing."""
    bound_cny: float | None
    continuous_cny: float | None
    violations: int
    seconds: float


@dataclass(frozen=True)
class Theirs:
    """The router's plan."""

    value_cny: float
    own_cny: float
    """By the router's own account."""
    violations: int


def ours(seed: int, limit_s: float) -> Ours:
    """Return what the planner comes to; meant for a process of its own."""
    problem, begin = static(seed), time.monotonic()
    plan = solve(problem, NO_FILE, StringIO(), lambda _what, _share: None, Effort(limit_s, NO_END))
    seconds = time.monotonic() - begin
    bounds = plan.bound_cny, plan.continuous_bound_cny
    return Ours(value(problem, plan).total_cny, whole_cny(problem, plan), *bounds, len(check(problem, plan)), seconds)


def theirs(seed: int, limit_s: float) -> Theirs:
    """Return what the router comes to; meant for a process of its own."""
    problem = static(seed)
    desk = desk_of(problem)
    answer = Router(desk, portions(desk, min(vessel.capacity_t for vessel in problem.vessels))).solve(limit_s)
    plan = exact_plan(desk, answer.orders)
    return Theirs(value(problem, plan).total_cny, answer.value_cny, len(check(problem, plan)))


def whole_cny(problem: Problem, plan: Plan) -> float:
    """Return what the patches come to that ``plan`` takes whole, less all its sailing."""
    taken: dict[str, float] = defaultdict(float)
    for voyage in plan.voyages:
        for stop in voyage.stops:
            if stop.kind is StopKind.COLLECT and stop.patch_id is not None:
                taken[stop.patch_id] += stop.tonnes
    whole = [patch for patch in problem.patches if taken[patch.id] >= WHOLE * patch.biomass_t]
    gained = sum(taken[patch.id] * (patch.value_cny_per_t[0] + STATIC_VALUE_CNY_PER_T) for patch in whole)
    return gained - value(problem, plan).sailing_cny


def row(seed: int, we: Ours, they: Theirs) -> str:
    """Return the line of one instance."""
    cells = [
        str(seed),
        "rich" if seed % 2 else "scarce",
        *(f"{each:,.0f}" for each in (we.value_cny, we.whole_cny, they.value_cny)),
        *(f"{each / they.value_cny:.3f}" for each in (we.value_cny, we.whole_cny)),
        *("none" if each is None else f"{each:,.0f}" for each in (we.bound_cny, we.continuous_cny)),
        f"{we.violations}, {they.violations}",
        f"{we.seconds:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def summary(rows: Sequence[tuple[Ours, Theirs]]) -> str:
    """Return what all instances come to, in a sentence."""
    ratios = [we.value_cny / they.value_cny for we, they in rows]
    below = sum(we.continuous_cny is not None and we.continuous_cny < they.value_cny for we, they in rows)
    return (
        f"Our value by PyVRP's: median {statistics.median(ratios):.3f}, least {min(ratios):.3f}; bound in continuous"
        f" time below PyVRP's value on {below} of {len(rows)}."
    )


def main() -> None:
    """Plan the instances of the seeds that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    print(f"static, {asked.seconds:g} s each, CNY\n")
    print(
        "| seed | kind | ours | ours, whole patches | PyVRP | ratio | whole | bound of the clock | in continuous time |"
        " violations | ours, s |"
    )
    print("| --- " * 11 + "|")
    rows: list[tuple[Ours, Theirs]] = []
    for seed in asked.seeds:
        we = apart(GRACE * asked.seconds, ours, seed, asked.seconds)
        they = apart(GRACE * asked.seconds, theirs, seed, asked.seconds)
        if we is None or they is None:
            raise SystemExit(f"A plan of seed {seed} took more than {GRACE:g} times its time.")
        rows.append((we, they))
        print(row(seed, we, they), flush=True)
    print(f"\n{summary(rows)}")


if __name__ == "__main__":
    main()
