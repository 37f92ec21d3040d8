"""How far ahead of other methods we are: ``python -m benchmarks.baselines SIZE SEED... [--seconds S]``.

Each method plans each instance of :mod:`benchmarks.instances` in a process of its own, within the same time. The value
is that of the checker, which replays every plan on the moving patches; even seeds are scarce, odd ones rich.
"""

import argparse
import statistics
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

METHODS = (OURS, STARTED, *BASELINES)
GRACE = 1.5, 20.0
"""A process is ended at so many times its limit and so many seconds more: its interpreter has to start as well."""
RESAMPLES = 10_000
INTERVAL = (2.5, 97.5)
"""Percentiles of the resampled medians."""


@dataclass(frozen=True)
class Outcome:
    """What a method came to."""

    value_cny: float
    """Recomputed by the checker."""
    violations: int
    seconds: float


Outcomes = Mapping[str, Outcome | None]
"""By method; None where it found no plan in time."""


def outcome(method: str, size: str, seed: int, limit_s: float) -> Outcome | None:
    """Return what ``method`` comes to; meant for a process of its own."""
    problem, begin = make(size, seed), time.monotonic()
    plan = planned(method, problem, Effort(limit_s, NO_END))
    seconds = time.monotonic() - begin
    return None if plan is None else Outcome(value(problem, plan).total_cny, len(check(problem, plan)), seconds)


def lead(ours: Outcome, other: Outcome | None) -> float:
    """Return by which share of its value we are ahead of ``other``; infinite where that found nothing."""
    if other is None:
        return np.inf
    return (ours.value_cny - other.value_cny) / max(abs(other.value_cny), 1.0)


def row(seed: int, found: Outcomes) -> str:
    """Return the line of one instance."""
    ours = found[OURS]
    assert ours is not None
    rivals = [each for name in BASELINES if (each := found[name]) is not None]
    best = max(rivals, key=lambda each: each.value_cny, default=None)
    longest = max(each.seconds for each in found.values() if each is not None)
    kind = "rich" if seed % 2 else "scarce"
    values = " | ".join(_told(found[name]) for name in METHODS)
    return f"| {seed} | {kind} | {values} | {_share(lead(ours, best))} | {longest:.0f} |"


def summary(rows: Sequence[Outcomes]) -> list[str]:
    """Return the lines below all instances: how many we are ahead on, and the median lead with its interval."""
    ahead, median = [], []
    for name in METHODS[1:]:
        leads = [lead(ours, found[name]) for found in rows if (ours := found[OURS]) is not None]
        known = [each for each in leads if np.isfinite(each)]
        ahead.append(f"{sum(each > 0 for each in leads)} of {len(leads)}")
        low, high = interval(known) if known else (np.nan, np.nan)
        median.append(f"{_share(statistics.median(known))} ({_share(low)} … {_share(high)})" if known else "none")
    return [
        f"| all | ahead of it on | | {' | '.join(ahead)} | | |",
        f"| all | median lead (95 %) | | {' | '.join(median)} | | |",
    ]


def interval(leads: Sequence[float]) -> tuple[float, float]:
    """Return the bootstrap interval of the median of ``leads``."""
    drawn = np.random.default_rng(0).choice(np.array(leads), (RESAMPLES, len(leads)))
    low, high = np.percentile(np.median(drawn, axis=1), INTERVAL)
    return float(low), float(high)


def _told(found: Outcome | None) -> str:
    if found is None:
        return "none"
    return f"{found.value_cny:,.0f}" + (f" ({found.violations} violations)" if found.violations else "")


def _share(share: float) -> str:
    return f"{share:+.1%}" if np.isfinite(share) else "none"


def main() -> None:
    """Plan the instances that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=SECONDS)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--seconds", type=float)
    asked = parser.parse_args()
    limit_s = asked.seconds or SECONDS[asked.size]
    print(f"{asked.size}, {limit_s:g} s each, CNY\n")
    print(f"| seed | kind | {' | '.join(METHODS)} | lead over the best baseline | longest, s |")
    print("| --- " * (4 + len(METHODS)) + "|")
    rows: list[Outcomes] = []
    for seed in asked.seeds:
        rows.append(
            {
                method: apart(GRACE[0] * limit_s + GRACE[1], outcome, method, asked.size, seed, limit_s)
                for method in METHODS
            }
        )
        print(row(seed, rows[-1]), flush=True)
    print("\n".join(summary(rows)))


if __name__ == "__main__":
    main()
