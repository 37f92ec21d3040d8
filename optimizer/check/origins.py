"""What every origin says of the parcel it gives: landings, batches, hauls, supplies and stocks."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from documents.plan import Batch, Origin, Plan
from optimizer.check.ledger import Ledger
from optimizer.check.register import Register
from optimizer.check.replay import calls
from optimizer.check.rules import BALANCE_T, MASS_T

ROUNDED_T = MASS_T / 2.0 + BALANCE_T
"""How far a figure of the problem may lie from its rounding to a kilogram."""


@dataclass(frozen=True)
class Told:
    """A parcel as its origin tells it; times in hours from the problem's start. None: the origin cannot tell."""

    where: str
    who: str
    """For messages: "Batch press-0"."""
    origin: Origin
    of: str
    parcels: tuple[str, ...]
    """Ids of the parcels that the plan gives to it: exactly one where all is well."""
    place_id: str | None
    material: str | None
    tonnes: float | None
    room_t: float
    """By how much the parcel's tonnes may differ."""
    available: float
    born: float | None


def told(ledger: Ledger) -> Iterator[Told]:
    """Yield every origin that gives tonnes."""
    yield from _landings(ledger.register, ledger.plan)
    for i, batch in enumerate(ledger.plan.batches):
        yield from _outputs(ledger.register, batch, f"batches[{i}]")
    yield from _hauls(ledger)
    yield from _supplies(ledger.register, ledger.plan)
    yield from _stocks(ledger.register, ledger.plan)


def _landings(register: Register, plan: Plan) -> Iterator[Told]:
    for call in calls(register, plan):
        if call.stop.tonnes > BALANCE_T or call.stop.parcel_id is not None:
            yield Told(
                where=call.where,
                who=f"The call of vessel {call.vessel_id}",
                origin=Origin.LANDING,
                of=call.vessel_id,
                parcels=_named(call.stop.parcel_id),
                place_id=call.stop.quay_id,
                material=register.problem.landed_material,
                tonnes=call.stop.tonnes,
                room_t=BALANCE_T,
                available=call.end,
                born=call.oldest,
            )


def _named(parcel_id: str | None) -> tuple[str, ...]:
    return () if parcel_id is None else (parcel_id,)


def _outputs(register: Register, batch: Batch, where: str) -> Iterator[Told]:
    """Yield the outputs in order; one that rounds to no kilogram has no parcel, and no parcel stands for nothing."""
    task = register.tasks.get((batch.place_id, batch.task_id))
    given: list[tuple[str | None, float | None]] = [(None, None)] * len(batch.outputs)
    if task is not None:
        made = ((output.material, output.yield_mid * batch.tonnes) for output in task.outputs)
        given = [(material, tonnes) for material, tonnes in made if round(tonnes, 3) > 0]
    end = register.hour(batch.end)
    for output, parcel_id in itertools.zip_longest(given, batch.outputs):
        material, tonnes = (None, 0.0) if output is None else output
        yield Told(
            where=where,
            who=f"Batch {batch.id}",
            origin=Origin.BATCH,
            of=batch.id,
            parcels=_named(parcel_id),
            place_id=batch.place_id,
            material=material,
            tonnes=tonnes,
            room_t=BALANCE_T if output is None else MASS_T,
            available=end,
            born=end,
        )


def _hauls(ledger: Ledger) -> Iterator[Told]:
    """Yield what hauls bring, draw by draw; that its material is the one carried is checked with the hauls."""
    register = ledger.register
    for i, haul in enumerate(ledger.plan.hauls):
        link = register.links.get(haul.link_id)
        for draw, parcel_id in itertools.zip_longest(haul.draws, haul.parcels):
            source = None if draw is None else ledger.parcels.get(draw.parcel_id)
            yield Told(
                where=f"hauls[{i}]",
                who=f"Haul {haul.id}",
                origin=Origin.HAUL,
                of=haul.id,
                parcels=_named(parcel_id),
                place_id=link.target if link else None,
                material=None,
                tonnes=0.0 if draw is None else draw.tonnes,
                room_t=BALANCE_T,
                available=register.hour(haul.arrive),
                born=None if source is None else register.hour(source.born),
            )


def _supplies(register: Register, plan: Plan) -> Iterator[Told]:
    for supply in register.problem.supplies:
        if round(supply.tonnes, 3) > 0:
            yield Told(
                where=f"supply {supply.id}",
                who=f"Supply {supply.id}",
                origin=Origin.SUPPLY,
                of=supply.id,
                parcels=tuple(p.id for p in plan.parcels if (p.origin, p.of) == (Origin.SUPPLY, supply.id)),
                place_id=supply.place,
                material=supply.material,
                tonnes=supply.tonnes,
                room_t=ROUNDED_T,
                available=register.hour(supply.time),
                born=register.hour(supply.since),
            )


def _stocks(register: Register, plan: Plan) -> Iterator[Told]:
    for place in register.problem.places:
        for material, tonnes in (entry for store in place.stores for entry in store.stock.items()):
            if round(tonnes, 3) > 0:
                key = (Origin.STOCK, place.id, material)
                yield Told(
                    where=f"stock of {material} at {place.id}",
                    who=f"The stock of {material} at {place.id}",
                    origin=Origin.STOCK,
                    of="",
                    parcels=tuple(p.id for p in plan.parcels if (p.origin, p.place_id, p.material) == key),
                    place_id=place.id,
                    material=material,
                    tonnes=tonnes,
                    room_t=ROUNDED_T,
                    available=0.0,
                    born=0.0,
                )
