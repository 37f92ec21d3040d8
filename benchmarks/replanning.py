"""How plans hold to orders and to the plan before: ``python -m benchmarks.replanning MEASURE SIZE SEED... [--work N]``.

Each instance of :mod:`benchmarks.instances` is planned by work, and then again:

* ``locks``: with locks drawn at random from its plan (a stop, a trip, a vessel's shift, a batch; give or take a quarter
  of an hour), once from scratch and once from the plan before: how many does the checker find kept?
* ``unchanged``: as it was, from the plan before, twice: as it is, and with half again as much work. How many stops
  change?
* ``lost``: without one vessel, drawn from those that are out, from scratch and from the plan before: how many stops of
  the other vessels change, and what are the plans worth?
"""

import argparse
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO

import numpy as np

from benchmarks.instances import make
from documents.changes import changed_stops
from documents.errors import InputError
from documents.locks import lock_batch, lock_stop, lock_trip, lock_voyage
from documents.orders import BatchLock, Lock, Orders
from documents.plan import Plan, StopKind, Voyage
from documents.problem import Problem
from optimizer.check import Rule, check, stands, value
from optimizer.effort import Effort
from optimizer.solve import solve

NO_LIMIT_S = 1e9
LOCKS, BATCHES = 6, 2
"""Drawn from each plan."""
Row = Mapping[str, float]
"""What is counted of one instance."""


def with_locks(problem: Problem, plan: Plan, work: int, rng: np.random.Generator) -> Row:
    """Return how many locks drawn from ``plan`` are kept."""
    orders = Orders(locks=tuple(drawn_locks(plan, rng)), batches=tuple(drawn_batches(plan, rng)))
    locked = changed(problem, orders=orders)
    number = len(orders.locks) + len(orders.batches)
    scratch, before = (_broken(locked, work, start) for start in (None, plan))
    return {
        "locks": number,
        "kept from scratch": number - scratch[0],
        "kept from the plan before": number - before[0],
        "other violations": scratch[1] + before[1],
    }


def unchanged(problem: Problem, plan: Plan, work: int, _rng: np.random.Generator) -> Row:
    """Return how many stops change though nothing else does."""
    vessels = [vessel.id for vessel in problem.vessels]
    again, longer = planned(problem, work, plan), planned(problem, work + work // 2, plan)
    return {
        "stops": sum(len(voyage.stops) - 2 for voyage in plan.voyages),
        "changed stops": changed_stops(plan.voyages, again.voyages, vessels),
        "changed in any way": float(again.voyages != plan.voyages or again.batches != plan.batches),
        "changed stops, more work": changed_stops(plan.voyages, longer.voyages, vessels),
        "violations": len(check(problem, again)) + len(check(problem, longer)),
    }


def without_a_vessel(problem: Problem, plan: Plan, work: int, rng: np.random.Generator) -> Row:
    """Return how many stops change, and what the plans are worth, where a vessel is lost."""
    out = sorted({voyage.vessel_id for voyage in plan.voyages})
    lost = str(rng.choice(out)) if out else problem.vessels[0].id
    fewer = changed(problem, vessels=tuple(vessel for vessel in problem.vessels if vessel.id != lost))
    scratch, new = planned(fewer, work), planned(fewer, work, plan)
    others = [vessel.id for vessel in fewer.vessels]
    apart = [changed_stops(plan.voyages, made.voyages, others) for made in (scratch, new)]
    worth = [value(fewer, made).total_cny for made in (scratch, new)]
    return {
        "stops of the others": sum(len(v.stops) - 2 for v in plan.voyages if v.vessel_id != lost),
        "changed from scratch": apart[0],
        "changed from the plan before": apart[1],
        "at most half": 2 * apart[1] <= apart[0],
        "worth from scratch, CNY": round(worth[0]),
        "worth from the plan before, CNY": round(worth[1]),
        "at most 1 % less": worth[1] >= worth[0] - 0.01 * abs(worth[0]),
        "violations": len(check(fewer, scratch)) + len(check(fewer, new)),
    }


MEASURES: Mapping[str, Callable[[Problem, Plan, int, np.random.Generator], Row]] = {
    "locks": with_locks,
    "unchanged": unchanged,
    "lost": without_a_vessel,
}


def measured(measure: str, size: str, seed: int, work: int) -> Row:
    """Return how the instance comes out; meant for a process of its own."""
    problem = make(size, seed)
    return MEASURES[measure](problem, planned(problem, work), work, np.random.default_rng(seed))


def planned(problem: Problem, work: int, before: Plan | None = None) -> Plan:
    """Return a plan, made by work alone."""
    still = before is not None and stands(problem, before)
    effort = Effort(NO_LIMIT_S, work)
    return solve(problem, "0" * 64, StringIO(), lambda _what, _share: None, effort, before, stands=still)


def changed(problem: Problem, **parts: object) -> Problem:
    """Return ``problem`` with other ``parts``, validated."""
    return Problem.model_validate({**dict(problem), **parts})


def drawn_locks(plan: Plan, rng: np.random.Generator) -> Iterator[Lock]:
    """Yield locks of stops, trips and whole voyages, of any voyage one whole lock at most."""
    whole: set[tuple[str, int]] = set()
    for number in range(LOCKS if plan.voyages else 0):
        voyage = plan.voyages[int(rng.integers(len(plan.voyages)))]
        kind = str(rng.choice(["stop", "trip", "voyage"], p=[0.5, 0.3, 0.2]))
        name = f"{kind}-{number}"
        if kind == "voyage" and (voyage.vessel_id, voyage.shift) not in whole:
            whole.add((voyage.vessel_id, voyage.shift))
            yield lock_voyage(name, voyage)
        elif kind == "trip":
            yield lock_trip(name, voyage, int(rng.integers(_calls(voyage))))
        else:
            yield lock_stop(name, voyage, int(rng.integers(len(voyage.stops) - 2)))


def _calls(voyage: Voyage) -> int:
    return sum(stop.kind is StopKind.UNLOAD for stop in voyage.stops)


def drawn_batches(plan: Plan, rng: np.random.Generator) -> Iterator[BatchLock]:
    """Yield locks of a few batches."""
    chosen = sorted(rng.permutation(len(plan.batches))[:BATCHES])
    yield from (lock_batch(f"batch-{number}", plan.batches[number]) for number in chosen)


def _broken(problem: Problem, work: int, before: Plan | None) -> tuple[int, int]:
    """Return how many locks a plan does not keep, all where there is none, and how often it is wrong otherwise."""
    orders = problem.orders
    try:
        plan = planned(problem, work, before)
    except InputError as error:
        print(f"{problem.site_id}: {error}", flush=True)
        return len(orders.locks) + len(orders.batches), 0
    rules = [violation.rule for violation in check(problem, plan)]
    return rules.count(Rule.LOCK_BROKEN), len(rules) - rules.count(Rule.LOCK_BROKEN)


def line(name: str, row: Row) -> str:
    """Return one line of the table."""
    return f"| {name} | " + " | ".join(f"{number:,.0f}" for number in row.values()) + " |"


def table(rows: Mapping[str, Row]) -> str:
    """Return rows by instance as a Markdown table, with their sums."""
    titles = list(next(iter(rows.values())))
    every = {title: sum(row[title] for row in rows.values()) for title in titles}
    return "\n".join(
        [
            "| instance | " + " | ".join(titles) + " |",
            "| --- " * (len(titles) + 1) + "|",
            *(line(name, row) for name, row in rows.items()),
            line(f"all {len(rows)}", every),
        ]
    )


def run(measure: str, size: str, seeds: Sequence[int], work: int) -> None:
    """Print the table, each line as soon as it is known."""
    rows: dict[str, Row] = {}
    for seed in seeds:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows[f"{size} {seed}"] = pool.apply(measured, (measure, size, seed, work))
        print(line(f"{size} {seed}", rows[f"{size} {seed}"]), flush=True)
    print(table(rows))


def main() -> None:
    """Plan the instances that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=MEASURES)
    parser.add_argument("size")
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--work", type=int, default=6)
    asked = parser.parse_args()
    run(asked.measure, asked.size, asked.seeds, asked.work)


if __name__ == "__main__":
    main()
