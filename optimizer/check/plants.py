"""Ashore: lots, batches, lines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from documents.plan import Batch, Lot, Plan
from optimizer.check.register import Register
from optimizer.check.replay import Call, calls
from optimizer.check.rules import AGE_H, MASS_T, TIME_H, Rule, Violation


def check_lots(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check that lots and calls agree, and that what is landed is either processed or disposed of."""
    lots = {lot.id: lot for lot in plan.lots}
    for lot_id, number in Counter(lot.id for lot in plan.lots).items():
        if number > 1:
            yield Violation(Rule.DUPLICATE_ID, "lots", f"{number} lots have the id {lot_id}.")
    landed: Counter[str] = Counter()
    for call in calls(register, plan):
        if call.stop.lot_id is None:
            if call.stop.tonnes > MASS_T:
                text = f"Vessel {call.vessel_id} lands {call.stop.tonnes:.3f} t at dock {call.stop.dock_id} as no lot."
                yield Violation(Rule.LOT_MISMATCH, call.where, text)
            continue
        landed[call.stop.lot_id] += 1
        lot = lots.get(call.stop.lot_id)
        if lot is None:
            text = f"Vessel {call.vessel_id} lands the lot {call.stop.lot_id}, which the plan does not list."
            yield Violation(Rule.UNKNOWN_ID, call.where, text)
        else:
            yield from _compare(register, lot, call)
    for i, lot in enumerate(plan.lots):
        if landed[lot.id] != 1:
            text = f"Lot {lot.id} is landed by {landed[lot.id]} calls instead of one."
            yield Violation(Rule.LOT_MISMATCH, f"lots[{i}]", text)
        shares = [batch.tonnes for batch in plan.batches if batch.lot_id == lot.id]
        out = sum(shares) + lot.disposed_t
        if abs(out - lot.tonnes) > MASS_T * (2 + len(shares)):
            text = f"Lot {lot.id} holds {lot.tonnes:.3f} t while its batches and disposal add up to {out:.3f} t."
            yield Violation(Rule.LOT_NOT_BALANCED, f"lots[{i}]", text)


def _compare(register: Register, lot: Lot, call: Call) -> Iterator[Violation]:
    pairs = (("vessel", lot.vessel_id, call.vessel_id), ("dock", lot.dock_id, call.stop.dock_id))
    for what, stated, told in pairs:
        if stated != told:
            text = f"Lot {lot.id} states the {what} {stated}, its call being by vessel {call.vessel_id} at {told}."
            yield Violation(Rule.LOT_MISMATCH, call.where, text)
    if abs(lot.tonnes - call.stop.tonnes) > MASS_T:
        text = f"Lot {lot.id} states {lot.tonnes:.3f} t, its call landing {call.stop.tonnes:.3f} t."
        yield Violation(Rule.LOT_MISMATCH, call.where, text)
    for what, stated_h, own_h in (
        ("available", register.hour(lot.available), call.end),
        ("first collected", register.hour(lot.oldest_collected), call.oldest),
    ):
        if abs(stated_h - own_h) > TIME_H:
            text = f"Lot {lot.id} is {what} at hour {stated_h:.4f} as stated, at hour {own_h:.4f} by its voyage."
            yield Violation(Rule.LOT_MISMATCH, call.where, text)


@dataclass(frozen=True)
class _Run:
    """A batch on a line, at the lowest rate and for the shortest time that rounding leaves open."""

    start: float
    end: float
    t_per_h: float


def check_batches(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check roads, times, freshness, and the rates on every line."""
    lots = {lot.id: lot for lot in plan.lots}
    by_lot = {call.stop.lot_id: call for call in calls(register, plan)}
    running: dict[tuple[str, str], list[_Run]] = {}
    for i, batch in enumerate(plan.batches):
        where = f"batches[{i}]"
        lot = lots.get(batch.lot_id)
        if lot is None:
            yield Violation(Rule.UNKNOWN_ID, where, f"The plan lists no lot {batch.lot_id}.")
        else:
            yield from _check_road(register, batch, lot, by_lot.get(lot.id), where)
        yield from _check_line(register, batch, where)
        start, end = register.hour(batch.start), register.hour(batch.end)
        if end <= start:
            text = f"A batch of lot {batch.lot_id} into {batch.plant_id}/{batch.line_id} ends no later than it starts."
            yield Violation(Rule.TIME_ORDER, where, text)
        else:
            rate = max(batch.tonnes - MASS_T, 0.0) / (end - start + TIME_H)
            key = (batch.plant_id, batch.line_id)
            running.setdefault(key, []).append(_Run(start + TIME_H / 2.0, end - TIME_H / 2.0, rate))
    for (plant_id, line_id), runs in running.items():
        yield from _check_rates(register, plant_id, line_id, runs)


def _check_road(register: Register, batch: Batch, lot: Lot, call: Call | None, where: str) -> Iterator[Violation]:
    """Check a batch from the quay to the line; the call that landed the lot is trusted before the lot's own words."""
    leave, start, end = (register.hour(moment) for moment in (batch.leave_dock, batch.start, batch.end))
    landed = register.hour(lot.available) if call is None else call.end
    oldest = register.hour(lot.oldest_collected) if call is None else call.oldest
    to = f"{batch.plant_id}/{batch.line_id}"
    if leave < landed - TIME_H:
        text = (
            f"A batch of lot {lot.id} leaves dock {lot.dock_id} {60 * (landed - leave):.1f} min before the call's end."
        )
        yield Violation(Rule.LEAVES_BEFORE_LANDED, where, text)
    haul = register.haul(batch.plant_id, lot.dock_id)
    if haul is None:
        text = f"Plant {batch.plant_id} takes nothing from dock {lot.dock_id}, where lot {lot.id} was landed."
        yield Violation(Rule.NO_HAUL, where, text)
    elif start < leave + haul.hours - TIME_H:
        early = 60 * (leave + haul.hours - start)
        text = f"A batch of lot {lot.id} goes into {to} {early:.1f} min before its haul arrives."
        yield Violation(Rule.BEFORE_ARRIVAL, where, text)
    age = end - oldest
    line = register.line(batch.plant_id, batch.line_id)
    if line is not None and age > line.max_age_h + TIME_H:
        text = f"Lot {lot.id} is {age:.2f} h old at the end of its batch into {to}, which takes {line.max_age_h:g} h."
        yield Violation(Rule.STALE, where, text)
    if abs(batch.age_at_end_h - age) > AGE_H:
        text = f"A batch of lot {lot.id} states an age of {batch.age_at_end_h:.3f} h where it is {age:.3f} h."
        yield Violation(Rule.AGE_MISSTATED, where, text)


def _check_line(register: Register, batch: Batch, where: str) -> Iterator[Violation]:
    span = register.hour(batch.start), register.hour(batch.end)
    if register.hour(batch.leave_dock) < -TIME_H or span[1] > register.problem.horizon_h + TIME_H:
        text = f"A batch of lot {batch.lot_id} runs outside the horizon of {register.problem.horizon_h} h."
        yield Violation(Rule.OUTSIDE_HORIZON, where, text)
    if batch.plant_id not in register.plants:
        yield Violation(Rule.UNKNOWN_ID, where, f"The problem knows no plant {batch.plant_id}.")
        return
    line = register.line(batch.plant_id, batch.line_id)
    if line is None:
        yield Violation(Rule.UNKNOWN_ID, where, f"Plant {batch.plant_id} has no line {batch.line_id}.")
    elif not register.covers(line.windows, span):
        text = (
            f"A batch of lot {batch.lot_id} goes into {batch.plant_id}/{line.id} from hour {span[0]:.2f} to"
            f" {span[1]:.2f}, when the line is not open."
        )
        yield Violation(Rule.LINE_CLOSED, where, text)


def _check_rates(register: Register, plant_id: str, line_id: str, runs: list[_Run]) -> Iterator[Violation]:
    line = register.line(plant_id, line_id)
    if line is None:
        return
    worst, when = max((sum(r.t_per_h for r in runs if r.start <= at.start < r.end), at.start) for at in runs)
    if worst > line.capacity_t_per_h * (1.0 + 1e-9):
        text = (
            f"Line {plant_id}/{line_id} takes {worst:.3f} t/h at hour {when:.2f},"
            f" its capacity being {line.capacity_t_per_h:g} t/h."
        )
        yield Violation(Rule.LINE_OVER_CAPACITY, f"line {plant_id}/{line_id}", text)
