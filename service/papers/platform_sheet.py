"""The sheet of one platform: where it lies, who calls when, what its press does and what leaves it."""

from documents.network import PlaceSpec
from documents.plan import StopKind
from documents.problem import PlatformSpec
from service.papers.day import Day
from service.papers.haul_tables import hour_table, sent_table
from service.papers.ledger import Ledger
from service.papers.moorings import moored, station_at
from service.papers.parameter_tables import parameter_tables
from service.papers.place_columns import AGE, FIGURES, TONNES, ages
from service.papers.place_facts import horizon_fact, place_notes, sum_fact
from service.papers.sheet import Sheet, Table
from service.papers.words import clock, day_clock, degrees_minutes, span
from service.papers.work_tables import account_table, batch_tables, disposal_table, output_table, sale_table

STATION_COLUMNS = ("时间（北京）", "站位", "位置")
CALL_COLUMNS = ("到达（北京）", "卸载", "船舶", "泊位", "站位", TONNES, AGE, "料号")

IN_HARBOUR = "在港"


def platform_sheet(day: Day, platform: PlatformSpec) -> Sheet:
    """Return the sheet of ``platform``."""
    place = next(place for place in day.problem.places if place.id == platform.id)
    facts = [
        f"{horizon_fact(day)}，位置为 WGS-84，吨为各物料当时的重量",
        f"泊位 {platform.berths} 个，系泊 {platform.mooring_h:g} h，每泊位卸载 {platform.unload_t_per_h:g} t/h，"
        f"出海一日 {platform.day_cost_cny:,.0f} 元{day.marks.place(platform.id)}",
    ]
    book = day.ledger
    told = sum_fact(book, place) if book is not None else None
    if book is None:
        facts.append("没有通过校核的计划，未发布平台安排。")
    else:
        facts.append(told or "本计划期内无船靠泊，也不开工。")
    tables = _tables(day, book, platform, place) if book is not None else []
    tables += parameter_tables(day, place)
    notes = place_notes(day, facts, tables)
    return Sheet(f"{platform.name}（{platform.id}）平台安排", tuple(facts), tuple(tables), tuple(notes))


def _tables(day: Day, book: Ledger, platform: PlatformSpec, place: PlaceSpec) -> list[Table]:
    tables = [
        _station_table(day, platform),
        _call_table(day, book, platform),
        hour_table(day, book, place.id),
        *batch_tables(book, place),
        sent_table(day, book, place.id, "驳运离泊"),
        output_table(book, place.id),
        account_table(book, place.id),
        sale_table(day, book, place.id),
        disposal_table(book, place.id),
    ]
    return [table for table in tables if table.rows]


def _station_table(day: Day, platform: PlatformSpec) -> Table:
    rows = tuple(
        (span(each.window.start, each.window.end), IN_HARBOUR, "–")
        if each.station is None
        else (
            span(each.window.start, each.window.end),
            each.station.name,
            degrees_minutes(each.station.lon, each.station.lat),
        )
        for each in moored(day)
        if each.platform.id == platform.id
    )
    return Table("逐日站位", STATION_COLUMNS, rows)


def _call_table(day: Day, book: Ledger, platform: PlatformSpec) -> Table:
    names = {vessel.id: vessel.name for vessel in day.problem.vessels}
    calls = [(vessel, stop) for vessel, stop in day.stops(StopKind.UNLOAD) if stop.quay_id == platform.id]
    rows = []
    for vessel, stop in sorted(calls, key=lambda call: (call[1].start, call[0])):
        station = station_at(day, platform.id, stop.start)
        landed = book.parcels[stop.parcel_id] if stop.parcel_id is not None else None
        rows.append(
            (
                day_clock(stop.arrive),
                f"{clock(stop.start)}–{clock(stop.end)}",
                names[vessel],
                f"{(stop.berth or 0) + 1}",
                "–" if station is None else station.name,
                f"{stop.tonnes:.2f}",
                "–" if landed is None else ages(book, ((landed, landed.available),)),
                "–" if landed is None else landed.id,
            )
        )
    return Table("靠泊卸载", CALL_COLUMNS, tuple(rows), FIGURES)
