"""What a vehicle router can express as well: ``python -m benchmarks.static_case [SEED...] [--seconds S]``.

On the ``static`` instances patches lie still and are served whole or not at all, boats make trips, and nothing happens
ashore. PyVRP and the planner have the same time on the same cores; both values are those of the checker, PyVRP's routes
replayed in their own time. The planner may also share a patch or leave a part of it, which only adds plans: its bound
in continuous time holds for the router's as well. Beside its value stands what patches come to that it takes whole.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.apart import apart
from benchmarks.baselines import SEEDS
from benchmarks.desk import desk_of
from benchmarks.exact import exact_plan
from benchmarks.instances import STATIC_VALUE_CNY_PER_T, static
from benchmarks.plan_quality import NO_END
from benchmarks.planned import solved
from benchmarks.router import Router, portions
from documents.plan import Plan, StopKind
from documents.problem import Problem
from optimizer.check import check, value
from optimizer.effort import Effort

SECONDS = 60.0
GRACE = 5.0
"""A process is ended at so many times its limit; what it took is told."""
WANTED = 0.99
"""Of the router's value."""
WHOLE = 0.99
"""Of a patch: as much counts as the whole, as tonnes are rounded down."""


@dataclass(frozen=True)
class Outcome:
    """A plan of the planner, or of the router."""

    value_cny: float
    whole_cny: float
    """Of patches that are taken whole, less all sailing."""
    bound_cny: float | None
    """In continuous time."""
    violations: int
    seconds: float


def ours(seed: int, limit_s: float) -> Outcome:
    """Return what the planner comes to; meant for a process of its own."""
    problem, effort = static(seed), Effort(limit_s, NO_END)
    return _outcome(problem, solved(problem, effort), effort)


def theirs(seed: int, limit_s: float) -> Outcome:
    """Return what the router comes to, posing its task apart; meant for a process of its own."""
    problem = static(seed)
    desk = desk_of(problem)
    router = Router(desk, portions(desk, min(vessel.capacity_t for vessel in problem.vessels)))
    effort = Effort(limit_s, NO_END)
    return _outcome(problem, exact_plan(desk, router.solve(effort).orders), effort)


def _outcome(problem: Problem, plan: Plan, effort: Effort) -> Outcome:
    seconds = effort.spent_s
    total, violations = value(problem, plan).total_cny, len(check(problem, plan))
    return Outcome(total, whole_cny(problem, plan), plan.continuous_bound_cny, violations, seconds)


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


def row(seed: int, we: Outcome, they: Outcome) -> str:
    """Return the line of one instance."""
    cells = [
        str(seed),
        "rich" if seed % 2 else "scarce",
        *(f"{each:,.0f}" for each in (we.value_cny, they.value_cny)),
        *(f"{each / they.value_cny:.3f}" for each in (we.value_cny, we.whole_cny)),
        "none" if we.bound_cny is None else f"{we.bound_cny / they.value_cny:.3f}",
        f"{we.violations}, {they.violations}",
        f"{we.seconds:.0f}, {they.seconds:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def summary(rows: Sequence[tuple[Outcome, Outcome]]) -> str:
    """Return what all instances come to, in a sentence."""
    ratios = [we.value_cny / they.value_cny for we, they in rows]
    bounds = [we.bound_cny / they.value_cny for we, they in rows if we.bound_cny is not None]
    reached = sum(ratio >= WANTED for ratio in ratios)
    least = f"{min(bounds):.3f} at least" if bounds else "none"
    return (
        f"Our value by PyVRP's: {min(ratios):.3f} at least, {WANTED:g} or more on {reached} of {len(rows)};"
        f" our bound by PyVRP's value: {least}, known on {len(bounds)}."
    )


def main() -> None:
    """Plan the instances of the seeds that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="*", default=[*SEEDS])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    print(f"static, {asked.seconds:g} s each, CNY\n")
    print("| seed | kind | ours | PyVRP | ours / PyVRP | the same of whole patches | bound / PyVRP | violations | s |")
    print("| --- " * 9 + "|", flush=True)
    rows: list[tuple[Outcome, Outcome]] = []
    most_s = GRACE * asked.seconds
    for seed in asked.seeds:
        we, they = (apart(most_s, each, seed, asked.seconds) for each in (ours, theirs))
        if we is None or they is None:
            raise SystemExit(f"A plan of seed {seed} took more than {most_s:g} s.")
        rows.append((we, they))
        print(row(seed, we, they), flush=True)
    print(f"\n{summary(rows)}")


if __name__ == "__main__":
    main()
