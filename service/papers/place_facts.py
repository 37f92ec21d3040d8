"""What stands at the head and the foot of the sheet of a place."""

from collections.abc import Collection

from documents.network import PlaceSpec
from documents.site import EXAMPLE
from service.papers.day import Day
from service.papers.haul_tables import brought, count_trips, sent
from service.papers.ledger import LEAST_T, Flow, Ledger
from service.papers.place_columns import AGE, AGE_NOTE, MID, TONNES
from service.papers.sheet import Table
from service.papers.words import BEIJING, long_day, tonnes
from service.papers.work_tables import batches_at

TOLD = (Flow.ARRIVED, Flow.SENT, Flow.SOLD, Flow.DISPOSED)


def horizon_fact(day: Day) -> str:
    """Return when the plan begins and how long it is."""
    start = day.problem.start.astimezone(BEIJING)
    return f"计划自 {long_day(start.date())} {start:%H:%M} 起 {day.problem.horizon_h} h；时间均为北京时间"


def sum_fact(book: Ledger, place: PlaceSpec) -> str | None:
    """Return what comes, is worked and leaves over the horizon, by material; None where nothing happens."""
    account = book.account(place.id)
    trips = {
        Flow.ARRIVED: count_trips(brought(book, place.id)),
        Flow.SENT: len(sent(book, place.id)),
    }
    batches = len(batches_at(book, place.id))
    parts = [f"加工 {batches} 批"] if batches else []
    for flow in TOLD:
        amounts = {book.name(material): flows[flow] for material, flows in account.items() if flows[flow] >= LEAST_T}
        if amounts:
            number = f"（{trips[flow]} 趟）" if trips.get(flow) else ""
            parts.append(f"{flow.value} {'、'.join(f'{n} {tonnes(mass)}' for n, mass in amounts.items())}{number}")
    return f"合计：{'；'.join(parts)}" if parts else None


def place_notes(day: Day, facts: Collection[str], tables: Collection[Table]) -> list[str]:
    """Return what must be known of the figures in ``facts`` and ``tables``."""
    said = [*facts, *(cell for table in tables for row in table.rows for cell in row)]
    heads = {column for table in tables for column in table.columns}
    notes = ["本安排由模拟影像得出，仅供演示。"] if day.simulated else []
    if TONNES in heads:
        notes.append("吨数按遥感生物量中值与计划采收率推算，以地磅为准。")
    if MID in heads:
        notes.append("各批预计产出按计划投料量与得率的低–中–高计；合计把本处上道工序的出入一并计入，可宽于各批之和。")
    if AGE in heads:
        notes.append(AGE_NOTE)
    if any(EXAMPLE in text for text in said):
        notes.append(f"带“{EXAMPLE}”的参数为可修改的默认值，不是实际能力。")
    return notes
