"""The process network of a site: materials, what each place has, and how material moves and is sold.

The parts are those of :mod:`documents.network`, each with its source; what is a window there is here the hours of a
local day, every day. The rules that they obey stand in :mod:`documents.problem`.
"""

from datetime import time
from typing import Self

from pydantic import Field, model_validator

from documents.base import Id
from documents.network import LinkSpec, MaterialSpec, StoreSpec, TaskSpec
from documents.sourced import DAY_AND_NIGHT, LocalHours, Sourced


class Material(MaterialSpec, Sourced):
    """A state of the network."""


class Store(StoreSpec, Sourced):
    """Room at a place that some materials share."""


class Task(TaskSpec, Sourced):
    """A step of processing at a place, in batches."""


class Unit(Sourced):
    """Equipment: ``number`` alike, each with one batch at a time."""

    id: Id
    name: str
    number: int = Field(ge=1)
    open: LocalHours = DAY_AND_NIGHT


class Yard(Sourced):
    """A place: a dock, a platform or a plant, with its room and equipment.

    Its source is that of its position and of what it says of itself; stores, units and tasks have their own.
    """

    id: Id
    name: str
    stores: tuple[Store, ...] = ()
    units: tuple[Unit, ...] = ()
    tasks: tuple[Task, ...] = ()


class Plant(Yard):
    """A place ashore where algae, or what was made of them, are worked up or kept."""

    lon: float
    lat: float


class Fleet(Sourced):
    """Vehicles that are alike: lorries or barges."""

    id: Id
    name: str
    number: int = Field(ge=1)
    open: LocalHours = DAY_AND_NIGHT
    """In which they may leave."""


class Link(LinkSpec, Sourced):
    """A way from place to place."""


class Supply(Sourced):
    """What comes in every day from elsewhere: what was cleaned off a beach, shells of an oyster yard."""

    id: Id
    place: Id
    material: Id
    at: time
    """Local."""
    tonnes: float = Field(gt=0)


class Contract(Sourced):
    """What may, or must, be sold every day of a material at a place."""

    id: Id
    name: str
    place: Id
    material: Id
    price_cny_per_t: float = Field(ge=0)
    min_t: float = Field(default=0.0, ge=0)
    """A day; it binds on days whose hours lie whole within the horizon."""
    max_t: float = Field(ge=0)
    """A day."""
    open: LocalHours = DAY_AND_NIGHT

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_t < self.min_t:
            raise ValueError(f"contract {self.id}: max_t lies below min_t")
        return self
