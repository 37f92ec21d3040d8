"""What it comes to when something is asked for: a day that does it, and what no such day exceeds."""

from dataclasses import dataclass

from optimizer.anneal import Rounds
from optimizer.anneal import value_cny as value_at_most_cny
from optimizer.effort import ROOT_SHARE, Effort
from optimizer.explain.ashore import SHORT_CNY_PER_T, Fork
from optimizer.explain.forced import Asked, Feed, ForcedRelaxation, Sail, Take, ashore_for, pricing_for
from optimizer.explain.posed import Posed
from optimizer.explain.respond import ENOUGH_T, TakeResponder, responder_for
from optimizer.generation import generate
from optimizer.master import IDLE_CNY
from optimizer.refine import WARMTH
from optimizer.response import Fleet, Responder

PROHIBITIVE_CNY_PER_T = SHORT_CNY_PER_T / 10.0
"""What costs more a tonne is not done: no product sells for as much."""
ROOM_T = 1e-3
"""What may be lost for want of room: rounding."""


@dataclass(frozen=True)
class Answer:
    """What was found, and what is proven."""

    fleet: Fleet | None
    """A fleet that does what is asked; None: none was found."""
    value_cny: float | None
    """Of ``fleet``."""
    bound_cny: float | None
    """None: nothing does it, or it is proven to cost more than a tonne can be worth."""
    no_room: bool
    """Whether what would be landed has no room ashore."""


def answer(posed: Posed, asked: Asked, effort: Effort) -> Answer:
    """Return what the day comes to where it does what is ``asked``."""
    pricing, ashore = pricing_for(posed.pricing, asked), ashore_for(posed.ashore, asked)
    relaxation = ForcedRelaxation(posed.relaxation, pricing, ashore, asked)
    generated = generate(relaxation, pricing, set(range(len(pricing.grid.shifts))), effort)
    bound_cny = min(generated.bound_cny, posed.bound_cny)
    if posed.bound_cny - bound_cny > _most_cny(asked):
        return Answer(None, None, None, no_room=False)
    asked = _on_finer(posed, asked)
    responder = responder_for(pricing_for(posed.finer, asked), ashore, posed.prices, posed.wishes, asked)
    rounds = Rounds(responder, effort, lambda _: None)
    starts = _starts(responder, posed.fleet, asked)
    best = max(starts, key=lambda fleet: value_at_most_cny(responder, fleet))
    found = rounds.run(best, WARMTH, ROOT_SHARE, 1.0, float("inf"))
    value_cny, fleet = found[0]
    if not _does(responder, fleet, ashore, asked):
        return Answer(None, None, bound_cny, no_room=False)
    if ashore.lost_t(responder.landed_t(fleet)) > ROOM_T:
        return Answer(None, None, bound_cny, no_room=True)
    return Answer(fleet, value_cny, bound_cny, no_room=False)


def _on_finer(posed: Posed, asked: Asked) -> Asked:
    """Return what is asked, its shift by its row in the finer clock's grid."""
    if not isinstance(asked, Sail):
        return asked
    return Sail(posed.finer.grid.shifts.index(posed.grid.shifts[asked.shift]))


def _most_cny(asked: Asked) -> float:
    return IDLE_CNY / 10.0 if isinstance(asked, Sail) else PROHIBITIVE_CNY_PER_T * asked.more


def _starts(responder: Responder, fleet: Fleet, asked: Asked) -> list[Fleet]:
    """Return fleets that do what is asked, or nearly: one shift answers to it, beside it one other at a time."""
    shifts = range(len(responder.grid.shifts))
    if isinstance(asked, Feed):
        return [fleet]
    if isinstance(asked, Take):
        return [responder.refill(fleet, [shift], [0.0]) for shift in shifts] or [fleet]
    alone = responder.refill(fleet, [asked.shift], [0.0])
    return [alone, *(responder.refill(fleet, [asked.shift, k], [0.0, 0.0]) for k in shifts if k != asked.shift)]


def _does(responder: Responder, fleet: Fleet, ashore: Fork, asked: Asked) -> bool:
    if isinstance(responder, TakeResponder):
        return responder.short_t(fleet) <= ENOUGH_T
    if isinstance(asked, Sail):
        return asked.shift in fleet.made
    return ashore.short_t(responder.landed_t(fleet)) <= ENOUGH_T
