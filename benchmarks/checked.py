"""Whether plans hold: ``python -m benchmarks.checked N [--first SEED] [--work W] [--processes P]``.

N small random problems are planned, every other one with something amiss, and the checker replays each plan. A rule
that a plan breaks is a fault, as is a tonne that is not accounted for (:mod:`benchmarks.balance`), and a planner that
breaks off; what cannot be done at all is refused in a sentence.
"""

import argparse
import multiprocessing
import sys
import traceback
from dataclasses import dataclass
from io import StringIO

from benchmarks.balance import imbalances
from benchmarks.hard_problem import hard_problem
from benchmarks.random_problem import random_problem
from benchmarks.unbounded import NO_FILE
from documents.errors import InputError
from optimizer.check import check
from optimizer.effort import Effort
from optimizer.solve import solve

NO_END_S = 1e9
"""Plans end by work alone."""


@dataclass(frozen=True)
class Checked:
    """One problem, planned and checked."""

    seed: int
    voyages: int = 0
    refused: str = ""
    faults: tuple[str, ...] = ()


def checked(seed: int, work: int) -> Checked:
    """Return what came of the problem of ``seed``."""
    problem = hard_problem(seed) if seed % 2 else random_problem(seed, most_vessels=2)
    try:
        plan = solve(problem, NO_FILE, StringIO(), lambda _what, _share: None, Effort(NO_END_S, work))
    except InputError as error:
        return Checked(seed, refused=str(error))
    except Exception:  # whatever breaks the planner off is what is looked for
        return Checked(seed, faults=(traceback.format_exc(),))
    broken = [f"{each.rule} {each.where}: {each.message}" for each in check(problem, plan)]
    return Checked(seed, len(plan.voyages), faults=tuple(broken or imbalances(problem, plan)))


def main() -> None:
    """Plan and check, tell faults and refusals as they come, and how many there were."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checked", description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--work", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    every: list[Checked] = []
    seeds = range(asked.first, asked.first + asked.number)
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        for one in pool.imap(_checked, ((seed, asked.work) for seed in seeds)):
            every.append(one)
            for fault in one.faults:
                print(f"{one.seed}: {fault}", flush=True)
            if one.refused:
                print(f"{one.seed} is refused: {one.refused}", flush=True)
    refused, faulty = sum(bool(one.refused) for one in every), sum(bool(one.faults) for one in every)
    print(
        f"Seeds {seeds[0]} to {seeds[-1]}: {len(every)} problems, {refused} of them refused;"
        f" {sum(one.voyages for one in every)} voyages; {faulty} plans with faults"
    )
    sys.exit(1 if faulty else 0)


def _checked(given: tuple[int, int]) -> Checked:
    return checked(*given)


if __name__ == "__main__":
    main()
