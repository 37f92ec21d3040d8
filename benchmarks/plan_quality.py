"""How near plans come to their bounds: ``python -m benchmarks.plan_quality SIZE SEED... [--seconds S]``.

Each instance of :mod:`benchmarks.instances` is planned in a process of its own, by the clock; the value is that of the
checker,
the gap is told against the bound of the quarter-hour clock. Even seeds are scarce, odd ones rich.
"""

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from benchmarks.instances import make
from optimizer.check import check, value
from optimizer.effort import Effort
from optimizer.solve import solve

SECONDS = {"tiny": 10.0, "rushan": 60.0, "day": 60.0, "large": 120.0, "qingdao": 600.0}
"""The time a plan of each size has."""
NO_END = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """One instance, planned."""

    size: str
    seed: int
    seconds: float
    value_cny: float
    """Recomputed by the checker."""
    bound_cny: float | None
    continuous_cny: float | None
    violations: int
    memory_gib: float

    @property
    def gap(self) -> float | None:
        """Return (bound − value) / bound on the quarter-hour clock."""
        return None if not self.bound_cny else (self.bound_cny - self.value_cny) / self.bound_cny


def plan(size: str, seed: int, limit_s: float) -> Outcome:
    """Return how the instance comes out; meant for a process of its own."""
    problem = make(size, seed)
    begin = time.monotonic()
    made = solve(problem, "0" * 64, StringIO(), lambda _what, _share: None, Effort(limit_s, NO_END))
    seconds = time.monotonic() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    worth = value(problem, made).total_cny
    broken = check(problem, made)
    for each in broken:
        print(f"{size} {seed}: {each.rule} {each.where}: {each.message}", file=sys.stderr, flush=True)
    return Outcome(size, seed, seconds, worth, made.bound_cny, made.continuous_bound_cny, len(broken), memory)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes as a Markdown table, with the median and worst gap of scarce and rich ones."""
    lines = [
        "| size | seed | kind | s | value, CNY | gap | to continuous bound | violations | GiB |",
        "| --- " * 9 + "|",
    ]
    for each in outcomes:
        ceiling = each.continuous_cny
        apart = "none" if not ceiling else f"{(ceiling - each.value_cny) / ceiling:.2%}"
        lines.append(
            f"| {each.size} | {each.seed} | {_kind(each)} | {each.seconds:.0f} | {each.value_cny:,.0f} |"
            f" {_percent(each.gap)} | {apart} | {each.violations} | {each.memory_gib:.1f} |"
        )
    for kind in ("scarce", "rich"):
        gaps = [each.gap for each in outcomes if _kind(each) == kind and each.gap is not None]
        if gaps:
            lines.append(f"| all | | {kind} | | | median {statistics.median(gaps):.2%}, worst {max(gaps):.2%} | | | |")
    return "\n".join(lines)


def _kind(outcome: Outcome) -> str:
    return "rich" if outcome.seed % 2 else "scarce"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.2%}"


def main() -> None:
    """Plan the instances that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=SECONDS)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--seconds", type=float)
    asked = parser.parse_args()
    limit_s = asked.seconds or SECONDS[asked.size]
    outcomes: list[Outcome] = []
    for seed in asked.seeds:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            outcomes.append(pool.apply(plan, (asked.size, seed, limit_s)))
        print(table(outcomes[-1:]).splitlines()[2], flush=True)
    print(table(outcomes))


if __name__ == "__main__":
    main()
