"""The ledger: what leaves each parcel, when, by what."""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.plan import Draw, Parcel, Plan
from optimizer.check.ageing import materials_at
from optimizer.check.register import Register
from optimizer.check.rules import BALANCE_T, TIME_H, Rule, Violation


@dataclass(frozen=True)
class Taking:
    """Tonnes out of a parcel."""

    where: str
    who: str
    """For messages: "Batch press-0"."""
    hour: float
    """From the problem's start."""
    place_id: str | None
    """Where it is taken; None: wherever the parcel lies, or not known."""
    draw: Draw


class Ledger:
    """Every parcel by id, and what is taken out of it."""

    def __init__(self, register: Register, plan: Plan) -> None:
        self.register, self.plan = register, plan
        self.parcels: dict[str, Parcel] = {parcel.id: parcel for parcel in reversed(plan.parcels)}
        self.takings: tuple[Taking, ...] = tuple(_takings(register, plan))
        self._out: dict[str, list[Taking]] = {}
        for taking in sorted(self.takings, key=lambda taking: taking.hour):
            self._out.setdefault(taking.draw.parcel_id, []).append(taking)

    def out_of(self, parcel: Parcel) -> list[Taking]:
        """Return what is taken out of ``parcel``, in the order of time."""
        return self._out.get(parcel.id, [])

    def left(self, parcel: Parcel, hour: float) -> float:
        """Return the tonnes that ``parcel`` holds when all takings up to ``hour`` (included) are done."""
        return parcel.tonnes - sum(taking.draw.tonnes for taking in self.out_of(parcel) if taking.hour <= hour)

    def wrong_material(self, draw: Draw, hour: float, allowed: set[str]) -> str | None:
        """Return what a draw takes at ``hour``, for messages, where that is not ``allowed``; None where it is."""
        parcel = self.parcels.get(draw.parcel_id)
        if parcel is None:
            return None  # named where draws are checked
        there = materials_at(self.register, parcel, hour)
        return None if there & allowed else " or ".join(sorted(there)) or f"spoilt {parcel.material}"


def _takings(register: Register, plan: Plan) -> Iterator[Taking]:
    for i, batch in enumerate(plan.batches):
        hour = register.hour(batch.start)
        for draw in batch.draws:
            yield Taking(f"batches[{i}]", f"Batch {batch.id}", hour, batch.place_id, draw)
    for i, haul in enumerate(plan.hauls):
        hour, link = register.hour(haul.leave), register.links.get(haul.link_id)
        for draw in haul.draws:
            yield Taking(f"hauls[{i}]", f"Haul {haul.id}", hour, link.origin if link else None, draw)
    for i, sale in enumerate(plan.sales):
        contract = register.contracts.get(sale.contract_id)
        who, place = f"A sale under {sale.contract_id}", contract.place if contract else None
        yield Taking(f"sales[{i}]", who, register.hour(sale.time), place, sale.draw)
    for i, disposal in enumerate(plan.disposals):
        yield Taking(f"disposals[{i}]", "A disposal", register.hour(disposal.time), None, disposal.draw)


def check_draws(ledger: Ledger) -> Iterator[Violation]:
    """Check that tonnes leave known parcels where they lie, not before they are there, and no more than there are."""
    register = ledger.register
    for taking in ledger.takings:
        parcel = ledger.parcels.get(taking.draw.parcel_id)
        if parcel is None:
            text = f"{taking.who} takes from the parcel {taking.draw.parcel_id}, which the plan does not list."
            yield Violation(Rule.UNKNOWN_ID, taking.where, text)
            continue
        if taking.place_id not in (None, parcel.place_id):
            text = f"{taking.who} takes from parcel {parcel.id} at {taking.place_id}, that lies at {parcel.place_id}."
            yield Violation(Rule.WRONG_PLACE, taking.where, text)
        early = register.hour(parcel.available) - taking.hour
        if early > TIME_H:
            text = f"{taking.who} takes from parcel {parcel.id} {60 * early:.1f} min before that is available."
            yield Violation(Rule.DRAWN_EARLY, taking.where, text)
    for i, parcel in enumerate(ledger.plan.parcels):
        out = sum(taking.draw.tonnes for taking in ledger.out_of(parcel))
        if out > parcel.tonnes + BALANCE_T:
            text = f"Out of parcel {parcel.id} go {out:.3f} t, {parcel.tonnes:.3f} t being there."
            yield Violation(Rule.OVERDRAWN, f"parcels[{i}]", text)
