"""What lies ashore at every moment: in a store that takes it, within its capacity, unspoilt, and worth keeping at last.

A parcel lies as one material after another, and counts each time in the store of what it then is. What comes and what
goes within a second of one another counts as going first, so that rounding alone fills no store.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from documents.network import StoreSpec
from documents.plan import Parcel
from optimizer.check.ageing import Stage, materials_at, stages
from optimizer.check.ledger import Ledger
from optimizer.check.rules import BALANCE_T, MASS_T, TIME_H, Rule, Violation


@dataclass(frozen=True)
class _Move:
    """Tonnes into a store, or out of it where below 0, and how many parcels more it holds from then on."""

    hour: float
    tonnes: float
    parcels: int


def check_stores(ledger: Ledger) -> Iterator[Violation]:
    """Check where and how long every parcel lies, then what every store holds over time."""
    register = ledger.register
    stores = {(place.id, store.materials): store for place in register.problem.places for store in place.stores}
    moves: dict[tuple[str, tuple[str, ...]], list[_Move]] = {key: [] for key in stores}
    for i, parcel in enumerate(ledger.plan.parcels):
        for stage in _lying(ledger, parcel):
            store = register.stores.get((parcel.place_id, stage.material))
            if store is not None:
                moves[parcel.place_id, store.materials] += _moves(ledger, parcel, stage)
            elif ledger.left(parcel, stage.start + TIME_H) > BALANCE_T and stage.end - stage.start > TIME_H:
                text = (
                    f"Parcel {parcel.id} lies at {parcel.place_id} as {stage.material} from hour {stage.start:.2f} on,"
                    " which no store there takes."
                )
                yield Violation(Rule.NO_STORE, f"parcels[{i}]", text)
        yield from _check_last(ledger, parcel, f"parcels[{i}]")
    for (place_id, materials), store in stores.items():
        yield from _check_level(place_id, store, moves[place_id, materials])


def _lying(ledger: Ledger, parcel: Parcel) -> Iterator[Stage]:
    """Yield the stages of ``parcel`` from when it is available to the end of the horizon."""
    available, end = ledger.register.hour(parcel.available), float(ledger.register.problem.horizon_h)
    for stage in stages(ledger.register, parcel):
        within = Stage(stage.material, max(stage.start, available), min(stage.end, end))
        if within.end > within.start:
            yield within


def _moves(ledger: Ledger, parcel: Parcel, stage: Stage) -> Iterator[_Move]:
    """Yield what ``parcel`` moves in the store of ``stage``: in at its start, out by takings, the rest at its end."""
    there = ledger.left(parcel, stage.start)
    if there <= BALANCE_T:
        return
    yield _Move(stage.start + TIME_H / 2.0, there, 1)
    for taking in ledger.out_of(parcel):
        if stage.start < taking.hour < stage.end and there > BALANCE_T:
            there -= taking.draw.tonnes
            yield _Move(taking.hour - TIME_H / 2.0, -taking.draw.tonnes, 0 if there > BALANCE_T else -1)
    if there > BALANCE_T:
        yield _Move(stage.end - TIME_H / 2.0, -there, -1)


def _check_level(place_id: str, store: StoreSpec, moves: list[_Move]) -> Iterator[Violation]:
    """Find the moment at which most lies in a store beyond what it, and the rounding of what lies there, allows."""
    level, parcels, worst, when = 0.0, 0, 0.0, 0.0
    for hour, together in itertools.groupby(sorted(moves, key=lambda move: move.hour), key=lambda move: move.hour):
        for move in together:
            level, parcels = level + move.tonnes, parcels + move.parcels
        if level > store.capacity_t + MASS_T * max(parcels, 1) and level > worst:
            worst, when = level, hour
    if worst > 0.0:
        what = "+".join(store.materials)
        text = f"{worst:.3f} t of {what} lie at {place_id} at hour {when:.2f}: its store holds {store.capacity_t:g} t."
        yield Violation(Rule.STORE_OVER_CAPACITY, f"store {place_id}/{what}", text)


def _check_last(ledger: Ledger, parcel: Parcel, where: str) -> Iterator[Violation]:
    register, end = ledger.register, float(ledger.register.problem.horizon_h)
    *_, last = stages(register, parcel)
    spoilt = last.end + TIME_H
    if spoilt < end and ledger.left(parcel, spoilt) > BALANCE_T:
        text = (
            f"Of parcel {parcel.id} {ledger.left(parcel, spoilt):.3f} t lie at {parcel.place_id} beyond hour"
            f" {last.end:.2f}, when {last.material} spoils."
        )
        yield Violation(Rule.SPOILT, where, text)
        return
    left = ledger.left(parcel, end + TIME_H)
    if left <= BALANCE_T:
        return
    for material in sorted(materials_at(register, parcel, end)):
        store = register.stores.get((parcel.place_id, material))
        if store is not None and material in store.end_value_cny_per_t:
            return
    text = f"Of parcel {parcel.id} {left:.3f} t are left at {parcel.place_id} at the end, which has no value there."
    yield Violation(Rule.LEFT_OVER, where, text)
