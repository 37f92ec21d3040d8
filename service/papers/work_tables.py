"""What one place makes, keeps, sells and disposes of."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from documents.base import Id
from documents.network import PlaceSpec
from documents.plan import Batch, Draw
from service.papers.day import Day
from service.papers.expected import Spread, outputs_of, outputs_of_all
from service.papers.ledger import LEAST_T, Flow, Ledger
from service.papers.place_columns import AGE, FIGURES, HIGH, LOW, MID, MONEY, PRICE, TONNES, UNIT, ages
from service.papers.sheet import Table
from service.papers.words import day_clock, span

BATCH_COLUMNS = (UNIT, "时间（北京）", "工序", TONNES, "物料", AGE, "预计产出 t（低–中–高）")
OUTPUT_COLUMNS = ("物料", LOW, MID, HIGH)
SALE_COLUMNS = ("时间（北京）", "合同", "物料", TONNES, PRICE, MONEY)
DISPOSAL_COLUMNS = ("时间（北京）", "物料", TONNES, AGE)


def batches_at(book: Ledger, place: Id) -> list[Batch]:
    """Return the batches of ``place``, by time."""
    own = [batch for batch in book.plan.batches if batch.place_id == place]
    return sorted(own, key=lambda batch: (batch.start, batch.id))


def batch_tables(book: Ledger, place: PlaceSpec) -> list[Table]:
    """Return the batches of each unit, machine by machine in time order; of a unit that stands still, nothing."""
    unit_of = {task.id: task.unit for task in place.tasks}
    tables = []
    for unit in place.units:
        own = [batch for batch in batches_at(book, place.id) if unit_of[batch.task_id] == unit.id]
        if own:
            number = "" if unit.number == 1 else f"（{unit.number} 台）"
            rows = tuple(_batch_row(book, batch) for batch in sorted(own, key=lambda batch: batch.unit))
            tables.append(Table(f"生产批次：{unit.name}{number}", BATCH_COLUMNS, rows, FIGURES))
    return tables


def _batch_row(book: Ledger, batch: Batch) -> tuple[str, ...]:
    fed: dict[Id, float] = defaultdict(float)
    for draw in batch.draws:
        fed[book.material(book.parcels[draw.parcel_id], batch.start)] += draw.tonnes
    shares = {book.name(material): f" {tonnes:.2f}" if len(fed) > 1 else "" for material, tonnes in fed.items()}
    return (
        f"{batch.unit + 1}",
        span(batch.start, batch.end),
        book.tasks[batch.place_id, batch.task_id].name,
        f"{batch.tonnes:.2f}",
        "、".join(f"{name}{share}" for name, share in shares.items()),
        ages(book, ((book.parcels[draw.parcel_id], batch.start) for draw in batch.draws)),
        "、".join(f"{book.name(material)} {_interval(given)}" for material, given in outputs_of(book, batch).items()),
    )


def _interval(given: Spread) -> str:
    return f"{given.low:.2f}–{given.mid:.2f}–{given.high:.2f}"


def output_table(book: Ledger, place: Id) -> Table:
    """Return what all batches of the place are expected to give together, by material."""
    given = outputs_of_all(book, batches_at(book, place), through_hauls=False)
    rows = tuple((book.name(m), f"{s.low:.2f}", f"{s.mid:.2f}", f"{s.high:.2f}") for m, s in given.items())
    return Table("计划期预计产出合计", OUTPUT_COLUMNS, rows, FIGURES)


def account_table(book: Ledger, place: Id) -> Table:
    """Return stock at the start, what comes and goes, and stock at the end, by material; nothing has no column."""
    account = {material: amounts for material, amounts in book.account(place).items() if _any(amounts.values())}
    flows = [
        flow for flow in Flow if flow in (Flow.STOCK, Flow.REST) or _any(amounts[flow] for amounts in account.values())
    ]
    rows = tuple(
        (book.name(material), *(f"{amounts[flow]:.2f}" if _any((amounts[flow],)) else "–" for flow in flows))
        for material, amounts in account.items()
    )
    columns = tuple(flow.value for flow in flows)
    return Table("库存与收支（吨）", ("物料", *columns), rows, frozenset(columns))


def _any(amounts: Iterable[float]) -> bool:
    return any(abs(amount) >= LEAST_T for amount in amounts)


def sale_table(day: Day, book: Ledger, place: Id) -> Table:
    """Return the sales at the place, by time and contract, with what the contract pays."""
    contracts = {contract.id: contract for contract in day.problem.contracts if contract.place == place}
    sums: dict[tuple[datetime, Id], float] = defaultdict(float)
    for sale in book.plan.sales:
        if sale.contract_id in contracts:
            sums[sale.time, sale.contract_id] += sale.draw.tonnes
    rows = []
    for (time, name), mass in sorted(sums.items()):
        contract = contracts[name]
        paid = f"{mass * contract.price_cny_per_t:,.0f}"
        row = (
            contract.name + day.marks.contract(contract),
            book.name(contract.material),
            f"{mass:.2f}",
            f"{contract.price_cny_per_t:,.0f}",
            paid,
        )
        rows.append((day_clock(time), *row))
    return Table("销售", SALE_COLUMNS, tuple(rows), FIGURES)


def disposal_table(book: Ledger, place: Id) -> Table:
    """Return what is disposed of at the place, by time and material."""
    groups: dict[tuple[datetime, str], list[Draw]] = defaultdict(list)
    for disposal in book.plan.disposals:
        parcel = book.parcels[disposal.draw.parcel_id]
        if parcel.place_id == place:
            groups[disposal.time, book.name(book.material(parcel, disposal.time))].append(disposal.draw)
    rows = tuple(
        (
            day_clock(time),
            material,
            f"{sum(draw.tonnes for draw in draws):.2f}",
            ages(book, ((book.parcels[draw.parcel_id], time) for draw in draws)),
        )
        for (time, material), draws in sorted(groups.items())
    )
    return Table("处置", DISPOSAL_COLUMNS, rows, FIGURES)
