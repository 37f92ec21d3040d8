"""What it comes to when something is asked for: a day that does it, and what no such day exceeds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.anneal import WARMTH, Rounds
from optimizer.anneal import value_cny as value_at_most_cny
from optimizer.effort import ROOT_SHARE, Effort
from optimizer.explain.ashore import SHORT_CNY_PER_T, Fork
from optimizer.explain.forced import Asked, Feed, ForcedRelaxation, Sail, Take, ashore_for, pricing_for
from optimizer.explain.posed import Posed
from optimizer.explain.respond import ENOUGH_T, TakeResponder, responder_for
from optimizer.explain.settle import settled
from optimizer.generation import generate
from optimizer.master import IDLE_CNY
from optimizer.response import Fleet, Responder

PROHIBITIVE_CNY_PER_T = SHORT_CNY_PER_T / 10.0
"""What costs more a tonne is not done: no product sells for as much."""
SETTLED = 2
"""Fleets of the search, and of its starts, whose times are set free: the best of them counts."""
LIKELIEST, MOST_BESIDE = 2, 6
"""Of how many shifts that answer others answer beside, and how many others."""
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
    responder = responder_for(
        pricing_for(posed.finer, asked), ashore, posed.prices, posed.wishes, asked, generated.prices
    )
    rounds = Rounds(responder, effort, lambda _: None)
    kept = asked.patch if isinstance(asked, Take) else None
    starts = _starts(responder, posed.fleet, asked)
    found = [each for _, each in rounds.run(starts[0], WARMTH, ROOT_SHARE, 1.0, float("inf"))]
    tried = [*found[:SETTLED], *starts[:SETTLED]]
    if not posed.on_clock:
        tried = [settled(responder, posed.sea, each, kept) for each in tried]
    fleet = max(tried, key=rounds.responder.value_cny)
    value_cny = rounds.responder.value_cny(fleet)
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
    """Return fleets that do what is asked, or nearly, the best first.

    One shift answers to it; then of the likeliest, others beside it that work at the same patches.
    """

    def ranked(tried: Iterable[tuple[int, Fleet]]) -> list[tuple[int, Fleet]]:
        return sorted(tried, key=lambda pair: -value_at_most_cny(responder, pair[1]))

    if isinstance(asked, Feed):
        return [fleet]
    answering = [asked.shift] if isinstance(asked, Sail) else list(range(len(responder.grid.shifts)))
    alone = ranked((shift, responder.refill(fleet, [shift], [0.0])) for shift in answering)
    pairs = [
        (shift, responder.refill(fleet, [shift, other], [0.0, 0.0]))
        for shift, told in alone[:LIKELIEST]
        for other in _beside(responder, fleet, told, shift)
    ]
    return [each for _, each in ranked([*alone, *pairs])] or [fleet]


def _beside(responder: Responder, fleet: Fleet, told: Fleet, shift: int) -> list[int]:
    """Return the other shifts that take most of the patches that ``shift`` goes to, before or after."""
    own: dict[int, float] = defaultdict(float)
    for each in (fleet, told):
        if shift in each.made:
            for patch, tonnes in each.made[shift].column.patch.items():
                own[patch] += tonnes

    def shared(other: int) -> float:
        made = fleet.made.get(other)
        return 0.0 if made is None else sum(min(tonnes, own[p]) for p, tonnes in made.column.patch.items())

    others = [other for other in range(len(responder.grid.shifts)) if other != shift]
    return sorted(others, key=lambda other: (-shared(other), other))[:MOST_BESIDE]


def _does(responder: Responder, fleet: Fleet, ashore: Fork, asked: Asked) -> bool:
    if isinstance(responder, TakeResponder):
        return responder.short_t(fleet) <= ENOUGH_T
    if isinstance(asked, Sail):
        return asked.shift in fleet.made
    return ashore.short_t(responder.landed_t(fleet)) <= ENOUGH_T
