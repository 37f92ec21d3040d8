"""What the tables of a place have in common: columns, and how ages are written."""

from collections.abc import Iterable
from datetime import datetime

from documents.plan import Parcel
from service.papers.ledger import Ledger

AGE, TONNES, TRIPS, UNIT = "龄期 h", "吨", "趟数", "台号"
LOW, MID, HIGH = "低 t", "中 t", "高 t"
PRICE, MONEY = "单价 元/t", "金额 元"
FIGURES = frozenset((AGE, TONNES, TRIPS, UNIT, LOW, MID, HIGH, PRICE, MONEY))

AGE_NOTE = "龄期自首次采收起算，外部来料、期初库存与产出自到场或产出起算；可长期存放的物料不计龄期，记“–”。"


def ages(book: Ledger, at: Iterable[tuple[Parcel, datetime]]) -> str:
    """Return the ages of parcels, each at its moment, as 5.3 or 5.3–6.2 hours; of what keeps, a dash."""
    found = [
        (moment - parcel.born).total_seconds() / 3600.0
        for parcel, moment in at
        if not book.keeps(book.material(parcel, moment))
    ]
    if not found:
        return "–"
    low, high = f"{min(found):.1f}", f"{max(found):.1f}"
    return low if low == high else f"{low}–{high}"
