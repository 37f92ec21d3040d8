"""Explanations of a plan: why a patch is left, a vessel idle, a plant or a contract short, and what another way costs.

Of each it was asked *why not*: what the plan does not do is forced, and the day is planned again. Two figures come of
that, and each has a figure that it is told beside, with batches and trips in fractions:

* ``value_cny`` is what a day is worth that was found and does what is asked. ``reference_cny`` is this plan, searched
  on from where it is; so the price is about ``price_found_cny = reference_cny − value_cny``, below 0 where the day that
  was found is the better one.
* ``bound_cny`` is what no plan of the clock in ``bound_of`` exceeds that does what is asked. ``clock_cny`` is the best
  plan that is known wholly on that clock; so what is asked costs at least ``price_proven_cny = clock_cny − bound_cny``
  there: told as 0 where that is below 0, as then nothing is proven, and never as more than the price that was found.

All of them are told by what is maximised: with ``protect_first`` money counts a share of what it is.

Where nothing at all can do what is asked, there is no price; ``limits`` names everything that, lifted by itself alone,
would let it be done.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from documents.base import Document, Id, Part


class Kind(StrEnum):
    """What is explained."""

    PATCH = "patch"
    VESSEL = "vessel"
    PLANT = "plant"
    """What a place takes in."""
    CONTRACT = "contract"


class Reason(StrEnum):
    """Why it is so."""

    DONE = "done"
    """The plan does it: all is collected, every shift is sailed, as much is taken in as there is room for."""
    NOT_POSED = "not-posed"
    """A patch that did not enter the program."""
    NO_SHIFT = "no-shift"
    """No vessel has a shift, or this one has none."""
    TOO_ROUGH = "too-rough"
    """Waves exceed what vessels bear."""
    NOT_WORKABLE = "not-workable"
    """The patch may not be collected when a boat could be there: stranded, too near the shore, beyond the forecast."""
    SHIFT_TOO_SHORT = "shift-too-short"
    """There and back takes longer than a shift."""
    TOO_SLOW = "too-slow"
    """At twice the speed it would be done."""
    CLOSED_AREA = "closed-area"
    """It lies in a closed area or behind one."""
    QUAY_CLOSED = "quay-closed"
    """No quay is open when it could be landed."""
    SPOILS = "spoils"
    """It is past its shelf life before it is of any use."""
    NO_STORE = "no-store"
    """No quay has a store for it."""
    FORBIDDEN = "forbidden"
    """Orders forbid it."""
    LOCKED = "locked"
    """Locks leave no room for it, or keep the vessel in harbour."""
    CAPACITY = "capacity"
    """Boats' time and holds go to what is worth more; ``others`` names it."""
    OTHERS_GO = "others-go"
    """Others collect what the vessel could; ``others`` names them."""
    NOT_WORTH = "not-worth"
    """It earns less than it costs."""
    NO_ROOM = "no-room"
    """There is no use or room ashore for what would be landed."""
    CATCH = "catch"
    """Too little is landed for it."""
    HAULING = "hauling"
    """Too few vehicles."""
    STORES = "stores"
    """Too little room in stores."""
    EQUIPMENT = "equipment"
    """Too little equipment, or too few hours of it."""
    NO_BUYER = "no-buyer"
    """Contracts take no more of what it makes."""
    ELSEWHERE = "elsewhere"
    """What it would need is worth more at ``others``."""
    NO_WAY = "no-way"
    """Nothing of it ever gets there."""
    SEVERAL = "several"
    """No single limit: several at once."""
    AS_GOOD = "as-good"
    """It costs next to nothing: there are plans as good that do it."""
    BETTER = "better"
    """A better plan was found that does it."""
    UNDECIDED = "undecided"
    """No plan was found that does it, nor is it proven that there is none."""


class Other(Part):
    """Something else that changes where it is done."""

    kind: Kind
    id: Id
    name: str
    tonnes: float
    """More, or below 0 less, than in the reference."""


class Explanation(Part):
    """One answer."""

    kind: Kind
    id: Id
    name: str
    asked_t: float | None = None
    """How many tonnes more than in the plan were asked for; None: that the vessel sails, or nothing."""
    reason: Reason
    limits: tuple[Reason, ...] = ()
    others: tuple[Other, ...] = ()
    """Those that change most first."""
    value_cny: float | None = None
    bound_cny: float | None = None
    price_found_cny: float | None = None
    price_proven_cny: float | None = Field(default=None, ge=0)
    bound_falls_cny: float | None = Field(default=None, ge=0)
    """By how much the bound of all plans is above ``bound_cny``: an estimate of the price, proof of nothing."""
    sentence_zh: str
    sentence_en: str


class Explanations(Document):
    """Answers about one plan; see the module's text for what the figures mean."""

    version: Literal["explanations/1"] = "explanations/1"
    site_id: Id
    day: str
    problem_sha256: str
    """Of the problem file's bytes."""
    plan_cny: float
    """What the plan states."""
    planned_cny: float
    """The same voyages, batches and trips in fractions."""
    reference_cny: float
    clock_cny: float
    bound_cny: float
    """What no plan of the clock exceeds, whatever it does."""
    bound_of: str
    """What the bounds are bounds of."""
    explanations: tuple[Explanation, ...]
