"""The state–task network ashore: materials, places with stores and units, tasks, links, supplies and contracts.

The rules that they obey stand in :mod:`documents.problem`.
"""

from typing import Self

from pydantic import Field, model_validator

from documents.base import Id, Part, UtcTime, Window


class MaterialSpec(Part):
    """A state of the network."""

    id: Id
    name: str
    shelf_life_h: float | None = Field(default=None, gt=0)
    """Age since birth up to which it is this material; None: it keeps."""
    becomes: Id | None = None
    """What it is from then on; None: nothing that may lie anywhere."""
    disposal_cny_per_t: float = Field(ge=0)


class StoreSpec(Part):
    """Room at a place that some materials share."""

    materials: tuple[Id, ...] = Field(min_length=1)
    capacity_t: float = Field(ge=0)
    stock: dict[Id, float] = Field(default_factory=dict)
    """Tonnes at the start of the horizon, by material of the store."""
    end_value_cny_per_t: dict[Id, float] = Field(default_factory=dict)
    """What a tonne left at the end is worth; a material of the store that is not named must be gone by then."""


class UnitSpec(Part):
    """Equipment: ``number`` alike, each with one batch at a time."""

    id: Id
    name: str
    number: int = Field(ge=1)
    windows: tuple[Window, ...]
    free_from: tuple[UtcTime, ...] = ()
    """From when the first of them, the second, … are free of the batches under way at the start; others are at once."""


class InputSpec(Part):
    """What a task takes: ``share`` of its tonnes, in any of the ``materials``."""

    materials: tuple[Id, ...] = Field(min_length=1)
    share: float = Field(gt=0, le=1)


class OutputSpec(Part):
    """What a task gives, tonnes a tonne taken."""

    material: Id
    yield_low: float = Field(ge=0)
    yield_mid: float = Field(ge=0)
    """What the plan is made on."""
    yield_high: float = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.yield_low <= self.yield_mid <= self.yield_high:
            raise ValueError("yields must rise from low to high")
        return self


class TaskSpec(Part):
    """A step of processing at a place, in batches."""

    id: Id
    name: str
    unit: Id
    inputs: tuple[InputSpec, ...] = Field(min_length=1)
    outputs: tuple[OutputSpec, ...]
    batch_min_t: float = Field(ge=0)
    batch_max_t: float = Field(gt=0)
    hours: float = Field(gt=0)
    cost_cny_per_batch: float = Field(ge=0)
    cost_cny_per_t: float = Field(ge=0)
    energy_kwh_per_t: float | None = Field(default=None, ge=0)
    """None: nobody measured it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.batch_max_t < self.batch_min_t:
            raise ValueError(f"task {self.id}: batch_max_t lies below batch_min_t")
        if abs(sum(part.share for part in self.inputs) - 1.0) > 1e-9:
            raise ValueError(f"task {self.id}: the shares of its inputs must add up to 1")
        taken = [material for part in self.inputs for material in part.materials]
        if len(set(taken)) < len(taken):
            raise ValueError(f"task {self.id}: a material stands in two of its inputs")
        given = [output.material for output in self.outputs]
        if len(set(given)) < len(given):
            raise ValueError(f"task {self.id}: a material stands in two of its outputs")
        return self


class PlaceSpec(Part):
    """What there is ashore, or on the platform, at one place."""

    id: Id
    """That of a dock or a platform, or a plant's own."""
    name: str
    lon: float | None = None
    """Of a plant, for maps; a dock and a platform have their own."""
    lat: float | None = None
    stores: tuple[StoreSpec, ...] = ()
    units: tuple[UnitSpec, ...] = ()
    tasks: tuple[TaskSpec, ...] = ()


class FleetSpec(Part):
    """Vehicles that are alike: lorries or barges."""

    id: Id
    name: str
    number: int = Field(ge=1)
    windows: tuple[Window, ...]
    """In which they may leave."""
    free_from: tuple[UtcTime, ...] = ()
    """From when the first, the second, … are back from the hauls under way at the start; others are there."""


class LinkSpec(Part):
    """A way from place to place."""

    id: Id
    origin: Id
    target: Id
    fleet: Id
    materials: tuple[Id, ...] = Field(min_length=1)
    hours: float = Field(gt=0)
    turnaround_h: float = Field(gt=0)
    """From leaving until the vehicle may leave again, loading included."""
    payload_t: float = Field(gt=0)
    cost_cny_per_trip: float = Field(ge=0)
    cost_cny_per_t: float = Field(ge=0)

    @model_validator(mode="after")
    def _there_and_back(self) -> Self:
        if self.turnaround_h < self.hours:
            raise ValueError(f"link {self.id}: a vehicle is back no sooner than it arrives")
        return self


class SupplySpec(Part):
    """What comes in from elsewhere: what was cleaned off a beach, shells of an oyster yard, what was under way."""

    id: Id
    place: Id
    material: Id
    """As born; a store of the place takes it, unless it tells when it was born."""
    time: UtcTime
    """Within the horizon."""
    tonnes: float = Field(gt=0)
    born: UtcTime | None = None
    """From when its age counts; None: from when it comes. Of what lay or was under way before the start."""

    @property
    def since(self) -> UtcTime:
        """Return from when its age counts."""
        return self.time if self.born is None else self.born

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since > self.time:
            raise ValueError(f"supply {self.id} is born after it comes")
        return self


class ContractSpec(Part):
    """What may, or must, be sold of a material at a place."""

    id: Id
    name: str
    place: Id
    material: Id
    price_cny_per_t: float = Field(ge=0)
    min_t: float = Field(default=0.0, ge=0)
    max_t: float = Field(ge=0)
    window: Window

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_t < self.min_t:
            raise ValueError(f"contract {self.id}: max_t lies below min_t")
        return self
