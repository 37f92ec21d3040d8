"""The hauls: vehicles and their windows, payload, duration, and what is carried."""

import itertools
from collections import Counter
from collections.abc import Iterator

from documents.network import LinkSpec
from documents.plan import Haul
from optimizer.check.ageing import materials_at
from optimizer.check.ledger import Ledger
from optimizer.check.moorings import is_out
from optimizer.check.register import Register
from optimizer.check.rules import BALANCE_T, MASS_T, TIME_H, Rule, Violation

_Trip = tuple[float, float, str, str]
"""Leaving and free again in hours from the problem's start, id and path of a haul."""


def check_hauls(ledger: Ledger) -> Iterator[Violation]:
    """Check every haul against its link and fleet; tonnes and birth of what it brings are checked with the parcels."""
    register, plan = ledger.register, ledger.plan
    for haul_id, number in Counter(haul.id for haul in plan.hauls).items():
        if number > 1:
            yield Violation(Rule.DUPLICATE_ID, "hauls", f"{number} hauls have the id {haul_id}.")
    away: dict[tuple[str, int], list[_Trip]] = {}
    for i, haul in enumerate(plan.hauls):
        where = f"hauls[{i}]"
        if haul.arrive < haul.leave:
            yield Violation(Rule.TIME_ORDER, where, f"Haul {haul.id} arrives before it leaves.")
        if not register.in_horizon(haul.leave, haul.arrive):
            text = f"Haul {haul.id} is under way outside the horizon of {register.problem.horizon_h} h."
            yield Violation(Rule.OUTSIDE_HORIZON, where, text)
        drawn = sum(draw.tonnes for draw in haul.draws)
        if abs(haul.tonnes - drawn) > BALANCE_T:
            text = f"Haul {haul.id} states {haul.tonnes:.3f} t, its draws add up to {drawn:.3f} t."
            yield Violation(Rule.TONNES_MISSTATED, where, text)
        link = register.links.get(haul.link_id)
        if link is None:
            yield Violation(Rule.UNKNOWN_ID, where, f"Haul {haul.id} goes by the link {haul.link_id}, not known.")
            continue
        yield from _check_trip(register, haul, link, where)
        yield from _check_cargo(ledger, haul, link, where)
        for place_id, moment, does in ((link.origin, haul.leave, "leaves"), (link.target, haul.arrive, "comes to")):
            if not is_out(register, plan, place_id, (register.hour(moment), register.hour(moment))):
                text = f"Haul {haul.id} {does} {place_id} at hour {register.hour(moment):.2f}, when that is not out."
                yield Violation(Rule.PLATFORM_AWAY, where, text)
        leave = register.hour(haul.leave)
        away.setdefault((link.fleet, haul.vehicle), []).append((leave, leave + link.turnaround_h, haul.id, where))
    for (fleet_id, vehicle), trips in away.items():
        yield from _check_vehicle(f"{fleet_id} {vehicle}", trips)


def _check_trip(register: Register, haul: Haul, link: LinkSpec, where: str) -> Iterator[Violation]:
    leave, arrive = register.hour(haul.leave), register.hour(haul.arrive)
    if abs(arrive - leave - link.hours) > TIME_H:
        text = f"Haul {haul.id} takes {60 * (arrive - leave):.1f} min, its link {link.id} {60 * link.hours:.1f} min."
        yield Violation(Rule.HAUL_DURATION, where, text)
    if haul.tonnes > link.payload_t + MASS_T * len(haul.draws):
        text = f"Haul {haul.id} carries {haul.tonnes:.3f} t, the payload of link {link.id} being {link.payload_t:g} t."
        yield Violation(Rule.OVER_PAYLOAD, where, text)
    fleet = register.fleets[link.fleet]
    if haul.vehicle >= fleet.number:
        text = f"Haul {haul.id} is by vehicle {haul.vehicle} of {fleet.id}, those being 0 to {fleet.number - 1}."
        yield Violation(Rule.NO_SUCH_VEHICLE, where, text)
    away_h = register.free_from(fleet.free_from, haul.vehicle) - leave
    if away_h > TIME_H:
        text = f"Haul {haul.id} is by vehicle {haul.vehicle} of {fleet.id} {60 * away_h:.1f} min before that is back."
        yield Violation(Rule.VEHICLE_AWAY, where, text)
    if not register.covers(fleet.windows, (leave, leave)):
        text = f"Haul {haul.id} leaves at hour {leave:.2f}, outside the windows of {fleet.id}."
        yield Violation(Rule.FLEET_CLOSED, where, text)


def _check_cargo(ledger: Ledger, haul: Haul, link: LinkSpec, where: str) -> Iterator[Violation]:
    """Check, draw by draw, that a material of the link leaves, that it is what arrives, and that a store takes it."""
    register, leave, arrive = ledger.register, ledger.register.hour(haul.leave), ledger.register.hour(haul.arrive)
    for draw in haul.draws:
        wrong = ledger.wrong_material(draw, leave, set(link.materials))
        if wrong is not None:
            text = f"Haul {haul.id} takes {wrong} from parcel {draw.parcel_id}, which link {link.id} does not carry."
            yield Violation(Rule.WRONG_MATERIAL, where, text)
    for draw, parcel_id in zip(haul.draws, haul.parcels, strict=False):  # unlike numbers are named with the parcels
        source, brought = ledger.parcels.get(draw.parcel_id), ledger.parcels.get(parcel_id)
        if source is None or brought is None:
            continue  # named where draws and parcels are checked
        taken, given = materials_at(register, source, leave), materials_at(register, brought, leave)
        if not taken & given:
            told = " or ".join(sorted(taken)) or "what has spoilt"
            text = f"Haul {haul.id} takes {told} from parcel {source.id} and brings {brought.material} as {parcel_id}."
            yield Violation(Rule.PARCEL_MISMATCH, where, text)
        there = materials_at(register, brought, arrive)
        if not any((link.target, material) in register.stores for material in there):
            told = " or ".join(sorted(there)) or "what has spoilt"
            text = f"Haul {haul.id} brings {told} to {link.target}, where no store takes it."
            yield Violation(Rule.NO_STORE, where, text)


def _check_vehicle(vehicle: str, trips: list[_Trip]) -> Iterator[Violation]:
    for (_, back, first, _), (leave, _, second, where) in itertools.pairwise(sorted(trips)):
        if back - leave > TIME_H:
            text = (
                f"Vehicle {vehicle} leaves for haul {second} {60 * (back - leave):.1f} min before it is back from haul"
                f" {first}."
            )
            yield Violation(Rule.VEHICLE_AWAY, where, text)
