"""The parcels: each has an id of its own and exactly one origin, which tells the same of it."""

from collections import Counter
from collections.abc import Iterator

from documents.plan import Parcel
from optimizer.check.ledger import Ledger
from optimizer.check.origins import Told, told
from optimizer.check.register import Register
from optimizer.check.rules import BALANCE_T, TIME_H, Rule, Violation


def check_parcels(ledger: Ledger) -> Iterator[Violation]:
    """Check ids, names, times and origins of all parcels."""
    register, plan = ledger.register, ledger.plan
    for parcel_id, number in Counter(parcel.id for parcel in plan.parcels).items():
        if number > 1:
            yield Violation(Rule.DUPLICATE_ID, "parcels", f"{number} parcels have the id {parcel_id}.")
    for i, parcel in enumerate(plan.parcels):
        yield from _check_names(register, parcel, f"parcels[{i}]")
    given: Counter[str] = Counter()
    for origin in told(ledger):
        given.update(origin.parcels)
        if len(origin.parcels) != 1 and (origin.tonnes is None or origin.tonnes > BALANCE_T):
            tonnes = "what it gives" if origin.tonnes is None else f"its {origin.tonnes:.3f} t"
            text = f"{origin.who} has {len(origin.parcels)} parcels for {tonnes} instead of one."
            yield Violation(Rule.PARCEL_UNACCOUNTED, origin.where, text)
        for parcel_id in origin.parcels:
            there = ledger.parcels.get(parcel_id)
            if there is None:
                text = f"{origin.who} gives the parcel {parcel_id}, which the plan does not list."
                yield Violation(Rule.UNKNOWN_ID, origin.where, text)
            else:
                yield from _compare(register, there, origin)
    for i, parcel in enumerate(plan.parcels):
        if given[parcel.id] != 1:
            text = f"Parcel {parcel.id} comes from {given[parcel.id]} origins instead of one."
            yield Violation(Rule.PARCEL_UNACCOUNTED, f"parcels[{i}]", text)


def _check_names(register: Register, parcel: Parcel, where: str) -> Iterator[Violation]:
    if parcel.place_id not in register.places:
        text = f"Parcel {parcel.id} lies at the place {parcel.place_id}, which the problem does not know."
        yield Violation(Rule.UNKNOWN_ID, where, text)
    if parcel.material not in register.materials:
        text = f"Parcel {parcel.id} is of the material {parcel.material}, which the problem does not know."
        yield Violation(Rule.UNKNOWN_ID, where, text)
    if not register.in_horizon(parcel.available):
        text = f"Parcel {parcel.id} is available at {parcel.available:%Y-%m-%d %H:%M:%SZ}, outside the horizon."
        yield Violation(Rule.OUTSIDE_HORIZON, where, text)


def _compare(register: Register, parcel: Parcel, origin: Told) -> Iterator[Violation]:
    for what, stated, own in (
        ("origin", parcel.origin, origin.origin),
        ("giver", parcel.of, origin.of),
        ("place", parcel.place_id, origin.place_id),
        ("material", parcel.material, origin.material),
    ):
        if own is not None and stated != own:
            text = f"Parcel {parcel.id} states the {what} {stated or 'none'}, {origin.who} tells {own or 'none'}."
            yield Violation(Rule.PARCEL_MISMATCH, origin.where, text)
    if origin.tonnes is not None and abs(parcel.tonnes - origin.tonnes) > origin.room_t:
        text = f"Parcel {parcel.id} states {parcel.tonnes:.6f} t, {origin.who} gives {origin.tonnes:.6f} t."
        yield Violation(Rule.PARCEL_MISMATCH, origin.where, text)
    for what, moment, hour in (("available", parcel.available, origin.available), ("born", parcel.born, origin.born)):
        if hour is not None and abs(register.hour(moment) - hour) > TIME_H:
            text = (
                f"Parcel {parcel.id} is {what} at hour {register.hour(moment):.4f} as stated,"
                f" at hour {hour:.4f} by what {origin.who} tells."
            )
            yield Violation(Rule.PARCEL_MISMATCH, origin.where, text)
