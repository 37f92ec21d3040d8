"""The dispatchers' orders: locks are kept, nobody stops where it is forbidden."""

from collections.abc import Iterator, Sequence

from documents.orders import BatchLock, Lock, LockedStop
from documents.plan import Plan, Stop, StopKind
from optimizer.check.register import Register, stop_path
from optimizer.check.rules import TIME_H, Rule, Violation


def check_orders(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check every lock and every forbidden pair."""
    orders = register.problem.orders
    for lock in orders.locks:
        if not _is_kept(register, plan, lock):
            text = f"The voyage of vessel {lock.vessel} in its shift {lock.shift} does not keep lock {lock.id}."
            yield Violation(Rule.LOCK_BROKEN, f"lock {lock.id}", text)
    for batches in orders.batches:
        number = _batches(register, plan, batches)
        if number < batches.number:
            text = (
                f"{number} batches of {batches.task} start at {batches.place} within lock {batches.id}, which asks for"
                f" {batches.number}."
            )
            yield Violation(Rule.LOCK_BROKEN, f"lock {batches.id}", text)
    never = {(pair.vessel, pair.patch, pair.quay) for pair in orders.forbidden}
    for v, voyage in enumerate(plan.voyages):
        for s, stop in enumerate(voyage.stops):
            if _is_stop(stop) and (voyage.vessel_id, *_place(stop)) in never:
                text = f"Vessel {voyage.vessel_id} stops at {stop.patch_id or stop.quay_id}, where it must not."
                yield Violation(Rule.FORBIDDEN_STOP, stop_path(v, s), text)


def _is_stop(stop: Stop) -> bool:
    return stop.kind is StopKind.UNLOAD or (stop.kind is StopKind.COLLECT and stop.tonnes > 0)


def _place(stop: Stop) -> tuple[str | None, str | None]:
    """Return the patch and the quay of a stop, one of them None."""
    return (stop.patch_id, None) if stop.kind is StopKind.COLLECT else (None, stop.quay_id)


def _is_kept(register: Register, plan: Plan, lock: Lock) -> bool:
    voyages = [voyage for voyage in plan.voyages if (voyage.vessel_id, voyage.shift) == (lock.vessel, lock.shift)]
    made = [[stop for stop in voyage.stops if _is_stop(stop)] for voyage in voyages]
    if not lock.stops:
        return not voyages
    number = len(lock.stops)
    for stops in made:
        firsts = [0] if lock.whole else range(len(stops))
        runs = [stops[first:] if lock.whole else stops[first : first + number] for first in firsts]
        if any(_is_run(register, lock, run) for run in runs):
            return True
    return False


def _is_run(register: Register, lock: Lock, stops: Sequence[Stop]) -> bool:
    """Return whether ``stops`` are those of ``lock``, one by one."""
    pairs = zip(lock.stops, stops, strict=False)
    return len(stops) == len(lock.stops) and all(_is_it(register, locked, stop) for locked, stop in pairs)


def _is_it(register: Register, locked: LockedStop, stop: Stop) -> bool:
    start, end = register.span(locked.window)
    return _place(stop) == (locked.patch, locked.quay) and start - TIME_H <= register.hour(stop.start) <= end + TIME_H


def _batches(register: Register, plan: Plan, lock: BatchLock) -> int:
    start, end = register.span(lock.window)
    return sum(
        (batch.place_id, batch.task_id) == (lock.place, lock.task)
        and start - TIME_H <= register.hour(batch.start) <= end + TIME_H
        for batch in plan.batches
    )
