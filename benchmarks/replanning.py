"""How plans hold to orders and to the plan before: ``python -m benchmarks.replanning MEASURE SIZE SEED... [--work N]``.

A seed may be a range, as in ``0-49``. Each instance of :mod:`benchmarks.instances` is planned by work, and then again:

* ``locks``: with locks drawn at random (a stop, a trip, a vessel's shift, a batch; give or take one minute to one hour)
  from its plan, and from one for other worths of the patches, in which a vessel stays in harbour, as is ordered then,
  and one makes no stop at a patch forbidden to it: such locks can hold. Each time it is planned once from scratch and
  once from its plan: how many does the checker find kept?
* ``unchanged``: as it was, from the plan before; and with nothing changed but the seed of the search, so that it goes
  on from that plan: how many stops change, and what is gained by it?
* ``lost``: without one vessel, drawn from those that are out, from scratch and from the plan before: how many stops of
  the other vessels change, and what are the plans worth?
* ``impossible``: with orders and contracts that cannot hold: how many are refused, and how many by what is in the way?
"""

import argparse
import multiprocessing
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from benchmarks.drawn_orders import changed, elsewhere, impossible, kept_by
from benchmarks.instances import make
from benchmarks.planned import solved
from documents.changes import changed_stops
from documents.errors import InputError
from documents.orders import Orders
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import Rule, check, value
from optimizer.effort import Effort

NO_LIMIT_S = 1e9
EACH = 8
"""Instances that a process plans before another takes its place."""
Row = Mapping[str, float]
"""What is counted of one instance."""


def with_locks(problem: Problem, plan: Plan, work: int, rng: np.random.Generator) -> Row:
    """Return how many locks drawn from ``plan``, and from one for other worths, are kept."""
    row: dict[str, float] = {}
    for name, orders in (("of its plan", kept_by(plan, rng)), ("of another", _kept_elsewhere(problem, work, rng))):
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


def what_cannot_be(problem: Problem, plan: Plan, work: int, rng: np.random.Generator) -> Row:
    """Return how many orders and contracts that cannot hold are refused in a sentence with the names in it."""
    posed = list(impossible(problem, plan, rng))
    told = [_refusal(asked, work) for asked, _ in posed]
    refused = [(text, names) for text, (_, names) in zip(told, posed, strict=True) if text]
    return {
        "asked": len(posed),
        "refused": len(refused),
        "named": sum(all(name in text for name in names) and _is_sentence(text) for text, names in refused),
    }


def _refusal(problem: Problem, work: int) -> str:
    """Return why there is no plan, "" where there is one."""
    try:
        planned(problem, work)
    except InputError as error:
        print(f"{problem.site_id}: {error}", flush=True)
        return str(error)
    return ""


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and ". " not in text


MEASURES: Mapping[str, Callable[[Problem, Plan, int, np.random.Generator], Row]] = {
    "locks": with_locks,
    "unchanged": unchanged,
    "lost": without_a_vessel,
    "impossible": what_cannot_be,
}


def measured(measure: str, size: str, seed: int, work: int) -> Row:
    """Return how the instance comes out; meant for a process of its own."""
    problem = make(size, seed)
    return MEASURES[measure](problem, planned(problem, work), work, np.random.default_rng(seed))


def planned(problem: Problem, work: int, before: Plan | None = None) -> Plan:
    """Return a plan, made by work alone."""
    return solved(problem, Effort(NO_LIMIT_S, work), before)


def _kept_elsewhere(problem: Problem, work: int, rng: np.random.Generator) -> Orders:
    """Return orders that a plan for other worths of the patches keeps."""
    posed = elsewhere(problem, rng)
    found = kept_by(planned(posed, work), rng)
    return posed.orders.model_copy(update={"locks": (*posed.orders.locks, *found.locks), "batches": found.batches})


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
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=EACH) as pool:
        tasks = [(seed, pool.apply_async(measured, (measure, size, seed, work))) for seed in seeds]
        for seed, task in tasks:
            rows[f"{size} {seed}"] = task.get()
            print(line(f"{size} {seed}", rows[f"{size} {seed}"]), flush=True)
    print(table(rows))


def seeds_of(text: str) -> list[int]:
    """Return the seeds that ``text`` tells: one, or a range as in ``0-49``."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Plan the instances that are named and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=MEASURES)
    parser.add_argument("size")
    parser.add_argument("seeds", type=seeds_of, nargs="+")
    parser.add_argument("--work", type=int, default=6)
    asked = parser.parse_args()
    run(asked.measure, asked.size, [seed for some in asked.seeds for seed in some], asked.work)


if __name__ == "__main__":
    main()
