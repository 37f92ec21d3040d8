"""How plans hold to orders and to the plan before: ``python -m benchmarks.replanning MEASURE SIZE SEED... [--work N]``.

Each instance of :mod:`benchmarks.instances` is planned by work, and then again:

* ``locks``: with locks drawn at random (a stop, a trip, a vessel's shift, a batch; give or take one minute to one hour)
  from its plan, and from one for other worths of the patches, in which a vessel stays in harbour, as is ordered then,
  and one makes no stop at a patch forbidden to it: such locks can hold. Each time it is planned once from scratch and
  once from its plan: how many does the checker find kept?
* ``unchanged``: as it was, from the plan before; and with nothing changed but the seed of the search, so that it goes
  on from that plan: how many stops change, and what is gained by it?
* ``lost``: without one vessel, drawn from those that are out, from scratch and from the plan before: how many stops of
  the other vessels change, and what are the plans worth?
"""

import argparse
import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO

import numpy as np

from benchmarks.instances import make
from documents.changes import changed_stops
from documents.errors import InputError
from documents.locks import lock_batch, lock_stop, lock_trip, lock_voyage
from documents.orders import BatchLock, Forbidden, Lock, Orders
from documents.plan import Plan, StopKind, Voyage
from documents.problem import Problem
from optimizer.check import Rule, check, stands, value
from optimizer.effort import Effort
from optimizer.solve import solve

NO_LIMIT_S = 1e9
LOCKS, BATCHES = 6, 2
"""Drawn from each plan."""
LEEWAYS_H = (1 / 60, 1 / 12, 1 / 4, 1.0)
"""By one of which what is locked may move."""
WORTH = (0.3, 2.0)
"""Other worths of a patch are between these multiples of its own."""
Row = Mapping[str, float]
"""What is counted of one instance."""


def with_locks(problem: Problem, plan: Plan, work: int, rng: np.random.Generator) -> Row:
    """Return how many locks drawn from ``plan``, and from one for other worths, are kept."""
    row: dict[str, float] = {}
    for name, orders in (("of its plan", drawn(plan, rng)), ("of another", drawn_elsewhere(problem, work, rng))):
        locked = changed(problem, orders=orders)
        number = len(orders.locks) + len(orders.batches)
        scratch, before = (_broken(locked, work, start) for start in (None, plan))
        row |= {
            f"locks {name}": number,
            "kept " + name + ", from scratch": number - scratch[0],
            "kept " + name + ", from the plan before": number - before[0],
            "other violations, " + name: scratch[1] + before[1],
        }
    return row


def unchanged(problem: Problem, plan: Plan, work: int, _rng: np.random.Generator) -> Row:
    """Return how many stops change though nothing else does."""
    vessels = [vessel.id for vessel in problem.vessels]
    again = planned(problem, work, plan)
    other = changed(problem, seed=problem.seed + 1)
    searched = planned(other, work, plan)
    return {
        "stops": sum(len(voyage.stops) - 2 for voyage in plan.voyages),
        "changed stops": changed_stops(plan.voyages, again.voyages, vessels),
        "changed in any way": float(again.voyages != plan.voyages or again.batches != plan.batches),
        "changed stops, another seed": changed_stops(plan.voyages, searched.voyages, vessels),
        "gained, CNY": round(searched.objective.total_cny - plan.objective.total_cny),
        "violations": len(check(problem, again)) + len(check(other, searched)),
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
    effort, sha256 = Effort(NO_LIMIT_S, work), hashlib.sha256(problem.model_dump_json().encode()).hexdigest()
    return solve(problem, sha256, StringIO(), lambda _what, _share: None, effort, before, stands=still)


def changed(problem: Problem, **parts: object) -> Problem:
    """Return ``problem`` with other ``parts``, validated."""
    return Problem.model_validate({**dict(problem), **parts})


def drawn(plan: Plan, rng: np.random.Generator) -> Orders:
    """Return orders that ``plan`` keeps."""
    return Orders(locks=tuple(drawn_locks(plan, rng)), batches=tuple(drawn_batches(plan, rng)))


def drawn_elsewhere(problem: Problem, work: int, rng: np.random.Generator) -> Orders:
    """Return orders that a plan for other worths of the patches keeps, in which a vessel is ordered to stay at home."""
    vessel = problem.vessels[int(rng.integers(len(problem.vessels)))]
    home = Lock(id="home", vessel=vessel.id, shift=int(rng.integers(len(vessel.shifts))), whole=True)
    other = problem.vessels[int(rng.integers(len(problem.vessels)))]
    pair = Forbidden(vessel=other.id, patch=problem.patches[int(rng.integers(len(problem.patches)))].id)
    patches = [
        patch.model_copy(update={"value_cny_per_t": tuple(share * each for each in patch.value_cny_per_t)})
        for patch, share in zip(problem.patches, rng.uniform(*WORTH, len(problem.patches)), strict=True)
    ]
    posed = changed(problem, patches=tuple(patches), orders=Orders(locks=(home,), forbidden=(pair,)))
    found = drawn(planned(posed, work), rng)
    return Orders(locks=(home, *found.locks), batches=found.batches, forbidden=(pair,))


def drawn_locks(plan: Plan, rng: np.random.Generator) -> Iterator[Lock]:
    """Yield locks of stops, trips and whole voyages, of any voyage one whole lock at most."""
    whole: set[tuple[str, int]] = set()
    for number in range(LOCKS if plan.voyages else 0):
        voyage = plan.voyages[int(rng.integers(len(plan.voyages)))]
        kind = str(rng.choice(["stop", "trip", "voyage"], p=[0.5, 0.3, 0.2]))
        name, leeway_h = f"{kind}-{number}", float(rng.choice(LEEWAYS_H))
        if kind == "voyage" and (voyage.vessel_id, voyage.shift) not in whole:
            whole.add((voyage.vessel_id, voyage.shift))
            yield lock_voyage(name, voyage, leeway_h)
        elif kind == "trip":
            yield lock_trip(name, voyage, int(rng.integers(_calls(voyage))), leeway_h)
        else:
            yield lock_stop(name, voyage, int(rng.integers(len(voyage.stops) - 2)), leeway_h)


def _calls(voyage: Voyage) -> int:
    return sum(stop.kind is StopKind.UNLOAD for stop in voyage.stops)


def drawn_batches(plan: Plan, rng: np.random.Generator) -> Iterator[BatchLock]:
    """Yield locks of a few batches."""
    chosen = sorted(rng.permutation(len(plan.batches))[:BATCHES])
    for number in chosen:
        yield lock_batch(f"batch-{number}", plan.batches[number], float(rng.choice(LEEWAYS_H)))


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
