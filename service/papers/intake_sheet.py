"""The intake sheet of one plant, its own figures only: by the hour, what comes from where, how fresh, into what."""

from datetime import datetime, timedelta

from documents.plan import Batch, Lot
from documents.site import EXAMPLE, Plant
from service.papers.day import Day
from service.papers.sheet import Sheet, Table
from service.papers.words import day_clock, long_day, mark, tonnes

HOUR_COLUMNS = ("时段（北京）", "生产线", "吨", "鲜度（采后小时）", "来源码头", "批次")
LOT_COLUMNS = ("批次", "来源码头", "离码头", "到厂", "采收始于", "吨", "生产线")
FIGURES = frozenset(("吨", "鲜度（采后小时）"))


def intake_sheet(day: Day, plant: Plant) -> Sheet:
    """Return the sheet of ``plant``."""
    batches = [batch for batch in day.plan.batches if batch.plant_id == plant.id] if day.plan is not None else []
    start = day.site.plan_start(day.day)
    limits = "；".join(
        f"{line.name} {line.capacity_t_per_h:g} t/h、采后 {line.max_age_h:g} h 内" for line in plant.lines
    )
    facts = [
        f"计划自 {long_day(start.date())} {start:%H:%M} 起 {day.problem.horizon_h} h；时间均为北京时间，吨为湿重",
        f"{limits}{mark(plant)}",
    ]
    if day.plan is None:
        facts.append("没有通过校核的计划，未发布进厂安排。")
    else:
        facts.append(f"合计 {tonnes(sum(b.tonnes for b in batches))}" if batches else "本计划期内无来料。")
    notes = ["吨数按遥感生物量中值与计划采收率推算，以地磅为准。"] if batches else []
    if plant.is_example:
        notes.append(f"带“{EXAMPLE}”的参数为可修改的默认值，不是该厂实际产能。")
    if day.simulated:
        notes.insert(0, "本安排由模拟影像得出，仅供演示。")
    tables = _tables(day, plant, batches) if batches else ()
    return Sheet(f"{plant.name}（{plant.id}）进厂安排", tuple(facts), tables, tuple(notes))


def _tables(day: Day, plant: Plant, batches: list[Batch]) -> tuple[Table, ...]:
    assert day.plan is not None
    lots = {lot.id: lot for lot in day.plan.lots}
    docks = {dock.id: dock.name for dock in day.problem.docks}
    lines = {line.id: line.name for line in plant.lines}
    haul_h = {haul.dock: haul.hours for haul in plant.hauls}
    hours = []
    for begin, batch, mass, end in sorted(
        _by_hour(batches), key=lambda part: (part[0], part[1].line_id, part[1].lot_id)
    ):
        lot = lots[batch.lot_id]
        span = f"{day_clock(begin)}–{day_clock(begin + timedelta(hours=1))[-5:]}"
        hours.append(
            (
                span,
                lines[batch.line_id],
                f"{mass:.2f}",
                _ages(lot, max(begin, batch.start), end),
                docks[lot.dock_id],
                lot.id,
            )
        )
    arrivals = tuple(
        (
            batch.lot_id,
            docks[lots[batch.lot_id].dock_id],
            day_clock(batch.leave_dock),
            day_clock(batch.leave_dock + timedelta(hours=haul_h[lots[batch.lot_id].dock_id])),
            day_clock(lots[batch.lot_id].oldest_collected),
            f"{batch.tonnes:.2f}",
            lines[batch.line_id],
        )
        for batch in sorted(batches, key=lambda batch: (batch.leave_dock, batch.lot_id, batch.line_id))
    )
    return (
        Table("到厂批次", LOT_COLUMNS, arrivals, FIGURES),
        Table("逐时投料", HOUR_COLUMNS, tuple(hours), FIGURES),
    )


def _by_hour(batches: list[Batch]) -> list[tuple[datetime, Batch, float, datetime]]:
    """Return (clock hour, batch, tonnes, end of the batch's part of the hour) of all batches; rates are constant."""
    parts = []
    for batch in batches:
        rate = batch.tonnes / (batch.end - batch.start).total_seconds()
        hour = batch.start.replace(minute=0, second=0, microsecond=0)
        while hour < batch.end:
            begin, end = max(hour, batch.start), min(hour + timedelta(hours=1), batch.end)
            parts.append((hour, batch, rate * (end - begin).total_seconds(), end))
            hour += timedelta(hours=1)
    return parts


def _ages(lot: Lot, begin: datetime, end: datetime) -> str:
    first, last = ((moment - lot.oldest_collected).total_seconds() / 3600 for moment in (begin, end))
    return f"{first:.1f}–{last:.1f}"
