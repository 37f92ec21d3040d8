"""The batches: units and their windows, duration, size, and what goes in."""

import itertools
from collections import Counter
from collections.abc import Iterator

from documents.network import TaskSpec
from documents.plan import Batch
from optimizer.check.ageing import materials_at
from optimizer.check.ledger import Ledger
from optimizer.check.moorings import is_out
from optimizer.check.register import Register
from optimizer.check.rules import BALANCE_T, MASS_T, TIME_H, Rule, Violation

_Run = tuple[float, float, str, str]
"""Start and end in hours from the problem's start, id and path of a batch."""


def check_batches(ledger: Ledger) -> Iterator[Violation]:
    """Check every batch against its task and its unit; what comes out is checked with the parcels."""
    register, plan = ledger.register, ledger.plan
    for batch_id, number in Counter(batch.id for batch in plan.batches).items():
        if number > 1:
            yield Violation(Rule.DUPLICATE_ID, "batches", f"{number} batches have the id {batch_id}.")
    running: dict[tuple[str, str, int], list[_Run]] = {}
    for i, batch in enumerate(plan.batches):
        where = f"batches[{i}]"
        if batch.end < batch.start:
            yield Violation(Rule.TIME_ORDER, where, f"Batch {batch.id} ends before it starts.")
        if not register.in_horizon(batch.start, batch.end):
            text = f"Batch {batch.id} runs outside the horizon of {register.problem.horizon_h} h."
            yield Violation(Rule.OUTSIDE_HORIZON, where, text)
        drawn = sum(draw.tonnes for draw in batch.draws)
        if abs(batch.tonnes - drawn) > BALANCE_T:
            text = f"Batch {batch.id} states {batch.tonnes:.3f} t, its draws add up to {drawn:.3f} t."
            yield Violation(Rule.TONNES_MISSTATED, where, text)
        task = register.tasks.get((batch.place_id, batch.task_id))
        if task is None:
            text = f"Batch {batch.id} is of the task {batch.task_id} at {batch.place_id}, which is not known."
            yield Violation(Rule.UNKNOWN_ID, where, text)
            continue
        yield from _check_unit(register, batch, task, where)
        if not is_out(register, plan, batch.place_id, (register.hour(batch.start), register.hour(batch.end))):
            text = f"Batch {batch.id} runs on {batch.place_id} beyond any day on which that lies out."
            yield Violation(Rule.PLATFORM_AWAY, where, text)
        yield from _check_size(register, batch, task, where)
        yield from _check_inputs(ledger, batch, task, where)
        run = (register.hour(batch.start), register.hour(batch.end), batch.id, where)
        running.setdefault((batch.place_id, task.unit, batch.unit), []).append(run)
    for (place_id, unit_id, number), runs in running.items():
        yield from _check_turns(f"{unit_id} {number} at {place_id}", runs)


def _check_unit(register: Register, batch: Batch, task: TaskSpec, where: str) -> Iterator[Violation]:
    unit = register.units[batch.place_id, task.unit]
    if batch.unit >= unit.number:
        text = (
            f"Batch {batch.id} runs on {unit.id} {batch.unit} at {batch.place_id}, those being 0 to {unit.number - 1}."
        )
        yield Violation(Rule.NO_SUCH_UNIT, where, text)
    start, end = register.hour(batch.start), register.hour(batch.end)
    taken_h = register.free_from(unit.free_from, batch.unit) - start
    if taken_h > TIME_H:
        text = f"Batch {batch.id} runs on {unit.id} {batch.unit} {60 * taken_h:.1f} min before that is free."
        yield Violation(Rule.UNIT_TAKEN, where, text)
    if not register.covers(unit.windows, (start, end)):
        text = f"Batch {batch.id} runs on {unit.id} at {batch.place_id} from hour {start:.2f} to {end:.2f}: not open."
        yield Violation(Rule.UNIT_CLOSED, where, text)


def _check_size(register: Register, batch: Batch, task: TaskSpec, where: str) -> Iterator[Violation]:
    hours = register.hour(batch.end) - register.hour(batch.start)
    if abs(hours - task.hours) > TIME_H:
        text = f"Batch {batch.id} takes {60 * hours:.1f} min, its task {task.id} {60 * task.hours:.1f} min."
        yield Violation(Rule.BATCH_DURATION, where, text)
    room = MASS_T * len(batch.draws)
    if not task.batch_min_t - room <= batch.tonnes <= task.batch_max_t + room:
        text = (
            f"Batch {batch.id} takes {batch.tonnes:.3f} t, its task {task.id}"
            f" {task.batch_min_t:g} to {task.batch_max_t:g} t."
        )
        yield Violation(Rule.BATCH_SIZE, where, text)


def _check_inputs(ledger: Ledger, batch: Batch, task: TaskSpec, where: str) -> Iterator[Violation]:
    """Check materials and shares; what ages at that very second may count for either of two inputs."""
    start, allowed = ledger.register.hour(batch.start), {name for part in task.inputs for name in part.materials}
    surely, perhaps = [0.0] * len(task.inputs), [0.0] * len(task.inputs)
    for draw in batch.draws:
        wrong = ledger.wrong_material(draw, start, allowed)
        if wrong is not None:
            text = (
                f"Batch {batch.id} takes {wrong} from parcel {draw.parcel_id}, which its task {task.id} does not use."
            )
            yield Violation(Rule.WRONG_MATERIAL, where, text)
        parcel = ledger.parcels.get(draw.parcel_id)
        there = set() if parcel is None else materials_at(ledger.register, parcel, start)
        fits = [k for k, part in enumerate(task.inputs) if there & set(part.materials)]
        for k in fits:
            perhaps[k] += draw.tonnes
            surely[k] += draw.tonnes if len(fits) == 1 else 0.0
    room = MASS_T * len(batch.draws)
    for part, least, most in zip(task.inputs, surely, perhaps, strict=True):
        share = part.share * batch.tonnes
        if not least - room <= share <= most + room:
            text = (
                f"Batch {batch.id} takes {most:.3f} t of {' or '.join(part.materials)},"
                f" the share of which is {share:.3f} t."
            )
            yield Violation(Rule.BATCH_SHARES, where, text)


def _check_turns(unit: str, runs: list[_Run]) -> Iterator[Violation]:
    for (_, end, first, _), (start, _, second, where) in itertools.pairwise(sorted(runs)):
        if end - start > TIME_H:
            text = f"Batches {first} and {second} share {unit} for {60 * (end - start):.1f} min."
            yield Violation(Rule.UNIT_TAKEN, where, text)
