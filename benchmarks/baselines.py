"""How far ahead of other methods we are: ``python -m benchmarks.baselines``.

Each method plans each instance of :mod:`benchmarks.instances` in a process of its own, within the same time, one after
the other. Values are those of the checker, which replays every plan on the moving patches. Even seeds are scarce, odd
ones rich. A method is ahead by the share of our value that it lacks; one that finds nothing stays home.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.apart import apart
from benchmarks.instances import make
from benchmarks.plan_quality import NO_END, SECONDS
from benchmarks.planned import BASELINES, OURS, STARTED, planned
from optimizer.check import check, value
from optimizer.effort import Effort

SIZES = ("rushan", "day", "large")
SEEDS = range(1, 21)
METHODS = (OURS, STARTED, *BASELINES)
GRACE = 1.5, 20.0
"""A process is ended at so many times its limit and so many seconds more: its interpreter has to start as well."""
RESAMPLES = 10_000
INTERVAL = (2.5, 97.5)
"""Percentiles of the resampled means."""


@dataclass(frozen=True)
class Outcome:
    """What a method came to."""

    value_cny: float
    """Recomputed by the checker."""
    violations: int
    seconds: float


Outcomes = Mapping[str, Outcome | None]
"""By method; None where it did not end in time."""


def outcome(method: str, size: str, seed: int, limit_s: float) -> Outcome:
    """Return what ``method`` comes to; meant for a process of its own."""
    problem, begin = make(size, seed), time.monotonic()
    plan = planned(method, problem, Effort(limit_s, NO_END))
    seconds = time.monotonic() - begin
    return Outcome(value(problem, plan).total_cny, len(check(problem, plan)), seconds)


def lead(found: Outcomes, method: str) -> float | None:
    """Return which share of our value ``method`` lacks; None where either did not end."""
    ours, other = found[OURS], found[method]
    if ours is None or other is None:
        return None
    return (ours.value_cny - other.value_cny) / max(abs(ours.value_cny), 1.0)


def row(size: str, seed: int, found: Outcomes) -> str:
    """Return the line of one instance."""
    kind = "rich" if seed % 2 else "scarce"
    longest = max((each.seconds for each in found.values() if each is not None), default=np.nan)
    return f"| {size} | {seed} | {kind} | {' | '.join(_told(found[name]) for name in METHODS)} | {longest:.0f} |"


def summary(size: str, rows: Sequence[Outcomes]) -> list[str]:
    """Return the lines below all instances of ``size``: how many we are ahead on, and the mean lead."""
    wins, means = [], []
    for name in METHODS[1:]:
        leads = [each for found in rows if (each := lead(found, name)) is not None]
        wins.append(f"{sum(each > 0 for each in leads)} of {len(leads)}")
        low, high = interval(leads) if leads else (np.nan, np.nan)
        means.append(f"{np.mean(leads):+.1%} ({low:+.1%} … {high:+.1%})" if leads else "none")
    return [
        f"| {size} | all | we win | | {' | '.join(wins)} | |",
        f"| {size} | all | mean lead (95 %) | | {' | '.join(means)} | |",
    ]


def interval(leads: Sequence[float]) -> tuple[float, float]:
    """Return the bootstrap interval of the mean of ``leads``."""
    drawn = np.random.default_rng(0).choice(np.array(leads), (RESAMPLES, len(leads)))
    low, high = np.percentile(np.mean(drawn, axis=1), INTERVAL)
    return float(low), float(high)


def _told(found: Outcome | None) -> str:
    if found is None:
        return "none"
    return f"{found.value_cny:,.0f}" + (f" ({found.violations} violations)" if found.violations else "")


def main() -> None:
    """Plan the instances that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", choices=SECONDS, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--seconds", type=float)
    asked = parser.parse_args()
    print(f"| size | seed | kind | {' | '.join(METHODS)} | longest, s |")
    print("| --- " * (4 + len(METHODS)) + "|", flush=True)
    for size in asked.sizes:
        limit_s = asked.seconds or SECONDS[size]
        rows: list[Outcomes] = []
        for seed in asked.seeds:
            most_s = GRACE[0] * limit_s + GRACE[1]
            rows.append({method: apart(most_s, outcome, method, size, seed, limit_s) for method in METHODS})
            print(row(size, seed, rows[-1]), flush=True)
        print("\n".join(summary(size, rows)), flush=True)


if __name__ == "__main__":
    main()
