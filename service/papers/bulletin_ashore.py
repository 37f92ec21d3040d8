"""What the plan does ashore, in a bulletin: landings, what becomes of the catch, products, transport and energy."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from documents.plan import Origin
from documents.site import EXAMPLE
from service.papers.day import Day
from service.papers.expected import outputs_of_all
from service.papers.ledger import Flow, Ledger
from service.papers.moorings import moored
from service.papers.words import NONE, NOT_COUNTED, day_clock, short_day, tonnes

SHOWN_T = 0.05
"""Less is printed as 0.0 t."""

FATES = {Flow.SOLD: "原料销售", Flow.DISPOSED: "处置"}
KEPT = "期末留存"


def ashore_lines(day: Day, book: Ledger) -> list[str]:
    """Return the paragraphs on platforms, landings, processing, sales and transport; none of what does not happen."""
    return [
        line
        for line in (_platforms(day), _landed(day, book), _made(day, book), _sold(day, book), _hauled(day, book))
        if line
    ]


def _platforms(day: Day) -> str:
    days: dict[str, list[str]] = defaultdict(list)
    for each in moored(day):
        where = "在港" if each.station is None else f"泊于{each.station.name}"
        days[f"{each.platform.name}{day.marks.place(each.platform.id)}"].append(
            f"{short_day(each.window.start)} {where}"
        )
    return "平台：" + "；".join(f"{name} {'、'.join(where)}" for name, where in days.items()) + "。" if days else ""


def _landed(day: Day, book: Ledger) -> str:
    landings = [parcel for parcel in book.plan.parcels if parcel.origin is Origin.LANDING]
    supplies = [parcel for parcel in book.plan.parcels if parcel.origin is Origin.SUPPLY]
    lines = []
    if landings:
        quays = {quay.id: quay.name for quay in day.problem.quays}
        landed = sums((quays[parcel.place_id], parcel.tonnes) for parcel in landings)
        first = day_clock(min(parcel.available for parcel in landings))
        lines.append(f"卸载：{landed}（首批 {first}）。去向：{sums(fates(book))}。")
    if supplies:
        lines.append(f"另有外部来料：{sums((book.name(parcel.material), parcel.tonnes) for parcel in supplies)}。")
    return "".join(lines)


def fates(book: Ledger) -> Iterator[tuple[str, float]]:
    """Yield what becomes of what boats landed, in parts that add up to it; a haul passes it on."""
    for parcel in book.plan.parcels:
        if book.is_catch(parcel):
            for taking in book.takings.get(parcel.id, ()):
                if taking.flow is Flow.USED:
                    batch = book.batches[taking.of]
                    yield book.tasks[batch.place_id, batch.task_id].name, taking.tonnes
                elif taking.flow is not Flow.SENT:
                    yield FATES[taking.flow], taking.tonnes
            yield KEPT, book.rest_t(parcel)


def _made(day: Day, book: Ledger) -> str:
    given = outputs_of_all(book, book.plan.batches, through_hauls=True)
    used: dict[str, float] = defaultdict(float)
    for batch in book.plan.batches:
        for draw in batch.draws:
            used[book.material(book.parcels[draw.parcel_id], batch.start)] += draw.tonnes
    parts = [
        f"{book.name(material)} {spread.low:,.1f}–{spread.mid:,.1f}–{spread.high:,.1f} t"
        + (f"（其中 {tonnes(used[material])} 继续加工）" if used[material] >= SHOWN_T else "")
        for material, spread in given.items()
        if spread.high >= SHOWN_T
    ]
    if not parts:
        return ""
    worked = {(batch.place_id, batch.task_id): None for batch in book.plan.batches}
    assumed = dict.fromkeys(book.tasks[each].name for each in worked if day.marks.task(*each))
    note = f"得率为{EXAMPLE}：{'、'.join(assumed)}。" if assumed else ""
    return f"预计产出（低–中–高，按计划来料与各道得率）：{'、'.join(parts)}。{note}"


def _sold(day: Day, book: Ledger) -> str:
    contracts = {contract.id: contract for contract in day.problem.contracts}
    sold = sums((book.name(contracts[sale.contract_id].material), sale.draw.tonnes) for sale in book.plan.sales)
    return f"计划销售：{sold}。" if sold != NONE else ""


def _hauled(day: Day, book: Ledger) -> str:
    trips: dict[str, list[float]] = defaultdict(list)
    for haul in book.plan.hauls:
        trips[book.links[haul.link_id].fleet].append(haul.tonnes)
    parts = [
        f"{fleet.name}{day.marks.fleet(fleet.id)} {len(trips[fleet.id])} 趟 {tonnes(sum(trips[fleet.id]))}"
        for fleet in book.problem.fleets
        if trips[fleet.id]
    ]
    return f"运输：{'、'.join(parts)}。" if parts else ""


def energy(day: Day, book: Ledger) -> str:
    """Return the energy of processing where somebody measured it, and what is not counted."""
    kwh: dict[str, float] = defaultdict(float)
    unknown: dict[str, None] = {}
    mark = ""
    for batch in book.plan.batches:
        task = book.tasks[batch.place_id, batch.task_id]
        if task.energy_kwh_per_t is None:
            unknown[task.name] = None
        else:
            kwh[task.name] += batch.tonnes * task.energy_kwh_per_t
            mark = mark or day.marks.task(batch.place_id, batch.task_id)
    if not kwh:
        return f"作业能耗：{NOT_COUNTED}"
    known = "、".join(f"{name} {amount:,.0f} kWh" for name, amount in kwh.items())
    rest = "、".join([*(f"部分{name}" if name in kwh else name for name in unknown), "船舶与运输"])
    return f"加工能耗{mark}：{known}；{rest}：{NOT_COUNTED}"


def sums(parts: Iterable[tuple[str, float]]) -> str:
    """Return the tonnes by name, the most first; what would be printed as 0.0 t is not."""
    totals: dict[str, float] = defaultdict(float)
    for name, mass in parts:
        totals[name] += mass
    ordered = sorted(totals.items(), key=lambda item: -item[1])
    return "、".join(f"{name} {tonnes(mass)}" for name, mass in ordered if mass >= SHOWN_T) or NONE
