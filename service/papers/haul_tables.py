"""What vehicles bring to one place and take from it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from documents.base import Id
from documents.plan import Haul, Origin, Parcel
from service.papers.day import Day
from service.papers.ledger import Ledger
from service.papers.moorings import quay_name
from service.papers.place_columns import AGE, FIGURES, TONNES, TRIPS, ages
from service.papers.sheet import Table
from service.papers.words import clock, day_clock

HOUR_COLUMNS = ("时段（北京）", "物料", TONNES, AGE, "来源", TRIPS)
LOAD_COLUMNS = ("到达（北京）", "车船", "来源", "离开", "物料", TONNES, AGE, "单号")
SENT_COLUMNS = ("离开（北京）", "车船", "去向", "到达", "物料", TONNES, AGE)

ELSEWHERE = "外部来料"
"""Where a supply comes from."""


def brought(book: Ledger, place: Id) -> list[Parcel]:
    """Return what hauls and supplies bring to ``place``, by time."""
    return [parcel for parcel in book.lying_at(place) if parcel.origin in (Origin.HAUL, Origin.SUPPLY)]


def count_trips(parcels: Iterable[Parcel]) -> int:
    """Return how many hauls brought ``parcels``."""
    return len({parcel.of for parcel in parcels if parcel.origin is Origin.HAUL})


def sent(book: Ledger, place: Id) -> list[Haul]:
    """Return the hauls that leave ``place``, by time."""
    hauls = [haul for haul in book.plan.hauls if book.links[haul.link_id].origin == place]
    return sorted(hauls, key=lambda haul: (haul.leave, haul.id))


def hour_table(day: Day, book: Ledger, place: Id) -> Table:
    """Return what is brought by clock hour, material and source."""
    order = [material.id for material in day.problem.materials]
    groups: dict[tuple[datetime, int, str], list[Parcel]] = defaultdict(list)
    for parcel in brought(book, place):
        hour = parcel.available.replace(minute=0, second=0, microsecond=0)
        material = order.index(book.material(parcel, parcel.available))
        groups[hour, material, _source(day, book, parcel)].append(parcel)
    rows = []
    for (hour, material, source), parcels in sorted(groups.items()):
        trips = count_trips(parcels)
        rows.append(
            (
                f"{day_clock(hour)}–{clock(hour + timedelta(hours=1))}",
                book.name(order[material]),
                f"{sum(parcel.tonnes for parcel in parcels):.2f}",
                ages(book, ((parcel, parcel.available) for parcel in parcels)),
                source,
                str(trips) if trips else "–",
            )
        )
    return Table("逐时到料", HOUR_COLUMNS, tuple(rows), FIGURES)


def load_table(day: Day, book: Ledger, place: Id) -> Table:
    """Return every load that is brought, by time; what a vehicle brings of several parcels is one load."""
    loads: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in brought(book, place):
        loads[parcel.of].append(parcel)
    rows = []
    for number, parcels in loads.items():
        haul = book.hauls.get(number)
        arrive = parcels[0].available
        names = dict.fromkeys(book.name(book.material(parcel, arrive)) for parcel in parcels)
        rows.append(
            (
                day_clock(arrive),
                "–" if haul is None else vehicle(day, book, haul),
                _source(day, book, parcels[0]),
                "–" if haul is None else day_clock(haul.leave),
                "、".join(names),
                f"{sum(parcel.tonnes for parcel in parcels):.2f}",
                ages(book, ((parcel, arrive) for parcel in parcels)),
                number,
            )
        )
    return Table("来料明细", LOAD_COLUMNS, tuple(rows), FIGURES)


def sent_table(day: Day, book: Ledger, place: Id, title: str) -> Table:
    """Return every load that leaves the place, by time."""
    rows = []
    for haul in sent(book, place):
        parcels = [book.parcels[draw.parcel_id] for draw in haul.draws]
        names = dict.fromkeys(book.name(book.material(parcel, haul.leave)) for parcel in parcels)
        rows.append(
            (
                day_clock(haul.leave),
                vehicle(day, book, haul),
                _place_name(day, book, book.links[haul.link_id].target, haul.arrive),
                day_clock(haul.arrive),
                "、".join(names),
                f"{haul.tonnes:.2f}",
                ages(book, ((parcel, haul.leave) for parcel in parcels)),
            )
        )
    return Table(title, SENT_COLUMNS, tuple(rows), FIGURES)


def vehicle(day: Day, book: Ledger, haul: Haul) -> str:
    """Return which vehicle makes a haul: its fleet and its number in it, from 1."""
    fleet = book.links[haul.link_id].fleet
    name = next(each.name for each in day.problem.fleets if each.id == fleet)
    return f"{name} {haul.vehicle + 1} 号"


def _source(day: Day, book: Ledger, parcel: Parcel) -> str:
    if parcel.origin is not Origin.HAUL:
        return ELSEWHERE
    haul = book.hauls[parcel.of]
    return _place_name(day, book, book.links[haul.link_id].origin, haul.leave)


def _place_name(day: Day, book: Ledger, place: Id, moment: datetime) -> str:
    is_quay = any(quay.id == place for quay in day.problem.quays)
    return quay_name(day, place, moment) if is_quay else book.places[place].name
