"""A reason with its price, before it is put into words."""

from dataclasses import dataclass

from documents.explanation import Kind, Other, Reason
from optimizer.explain.answer import Answer
from optimizer.explain.posed import Posed

NOTHING, NOTHING_CNY = 1e-5, 100.0
"""A price of less than this share of the whole, or than so much (示例), is none: times are told to some seconds."""

PROVEN_CNY = 1.0
"""A price that is proven to be so much is one, however small."""


@dataclass(frozen=True)
class Told:
    """Why one thing is so."""

    kind: Kind
    id: str
    name: str
    reason: Reason
    note: str = ""
    """What was written of a patch that did not enter the program."""
    is_part: bool = False
    """Whether some of the patch is collected."""
    shifts: tuple[int, ...] = ()
    """In which the vessel stays, where it sails in others, by their index."""
    done_t: float = 0.0
    most_t: float = 0.0
    """What is taken in or sold, and what can be."""
    asked_t: float | None = None
    limits: tuple[Reason, ...] = ()
    others: tuple[Other, ...] = ()
    answer: Answer | None = None


def price_cny(posed: Posed, answer: Answer) -> float | None:
    """Return the price that was found."""
    return None if answer.value_cny is None else posed.value_cny - answer.value_cny


def plain_reason(posed: Posed, answer: Answer) -> Reason | None:
    """Return the reason where it lies in the price alone."""
    price = price_cny(posed, answer)
    if answer.no_room:
        return Reason.NO_ROOM
    if price is None:
        return Reason.UNDECIDED
    near = max(NOTHING * abs(posed.value_cny), NOTHING_CNY)
    if price > near or (proven_cny(posed, answer) or 0.0) >= PROVEN_CNY:
        return None
    return Reason.BETTER if posed.value_cny - price > posed.planned_cny + near else Reason.AS_GOOD


def proven_cny(posed: Posed, answer: Answer) -> float | None:
    """Return what it costs at least on the clock of the bound; no more than was found, which may lie off that clock."""
    if answer.bound_cny is None:
        return None
    proven, found = max(posed.clock_cny - answer.bound_cny, 0.0), price_cny(posed, answer)
    return proven if found is None else min(proven, max(found, 0.0))
