"""The intake sheet of one plant, its own figures only: what comes from where, how fresh, and what is made of it."""

from documents.network import PlaceSpec
from service.papers.day import Day
from service.papers.haul_tables import brought, count_trips, hour_table, load_table, sent_table
from service.papers.ledger import Ledger
from service.papers.parameter_tables import parameter_tables
from service.papers.place_facts import horizon_fact, place_notes, sum_fact
from service.papers.sheet import Sheet, Table
from service.papers.work_tables import account_table, batch_tables, disposal_table, output_table, sale_table

REFUSED = "没有通过校核的计划，未发布进厂安排。"
IDLE = "本计划期内无来料，也不开工。"


def intake_sheet(day: Day, plant: PlaceSpec) -> Sheet:
    """Return the sheet of ``plant``."""
    facts = [f"{horizon_fact(day)}，吨为各物料当时的重量"]
    book = day.ledger
    told = sum_fact(book, plant) if book is not None else None
    facts.append(REFUSED if book is None else told or IDLE)
    tables = _tables(day, book, plant) if book is not None and told is not None else []
    tables += parameter_tables(day, plant)
    notes = place_notes(day, facts, tables)
    return Sheet(f"{plant.name}（{plant.id}）进厂安排", tuple(facts), tuple(tables), tuple(notes))


def _tables(day: Day, book: Ledger, plant: PlaceSpec) -> list[Table]:
    tables = [
        hour_table(day, book, plant.id),
        *batch_tables(book, plant),
        output_table(book, plant.id),
        account_table(book, plant.id),
        sale_table(day, book, plant.id),
        sent_table(day, book, plant.id, "外运"),
        disposal_table(book, plant.id),
        *([load_table(day, book, plant.id)] if count_trips(brought(book, plant.id)) else []),
    ]
    return [table for table in tables if table.rows]
