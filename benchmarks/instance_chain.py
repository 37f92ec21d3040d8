"""The network ashore of the benchmark instances, as it stands in ``benchmarks/instances/chain.yaml``."""

from functools import cache

from pydantic import Field

from benchmarks.instance_data import Hours, load
from documents.base import Id, Part
from documents.network import MaterialSpec, TaskSpec


class UnitData(Part):
    """Equipment of a kind of place."""

    id: Id
    name: str
    wet_t_per_h: float
    """The flow of wet tonnes with which one keeps up."""
    share: float = 1.0
    """Of the place's wet flow that it is there for."""
    hours: Hours | None = None
    """None: by day and night."""


class StoreData(Part):
    """A store of a kind of place."""

    materials: tuple[Id, ...]
    flow_h: float
    """Capacity in tonnes by the place's wet flow in t/h."""
    least_t: float
    stock: dict[Id, tuple[float, float]] = Field(default_factory=dict)
    """The stock at the start is drawn between these shares of the capacity."""
    end_value_cny_per_t: dict[Id, float] = Field(default_factory=dict)


class SupplyData(Part):
    """What comes in from elsewhere every day."""

    id: Id
    material: Id
    hour: int
    per_flow_h: float
    """Tonnes by the place's wet flow in t/h."""


class SellData(Part):
    """A contract."""

    material: Id
    name: str
    price_cny_per_t: float
    most_per_wet_t: float
    """By the wet tonnes that the fleet can carry."""
    least_of_stock: float = 0.0
    """Of what can be made of the stock at the start alone."""


class SendData(Part):
    """A way of intermediates to all plants of another kind."""

    to: Id
    materials: tuple[Id, ...]


class PlaceKind(Part):
    """What there is at a kind of place."""

    wet_share: float
    takes: tuple[Id, ...] = ()
    """Materials that come from the docks."""
    units: tuple[UnitData, ...] = ()
    tasks: tuple[TaskSpec, ...] = ()
    stores: tuple[StoreData, ...]
    supplies: tuple[SupplyData, ...] = ()
    sells: tuple[SellData, ...] = ()
    sends: tuple[SendData, ...] = ()


class LorryData(Part):
    """How lorries go."""

    share: float
    goods_share: float
    hours: Hours
    road_factor: float
    km_per_h: float
    loading_h: float
    trip_cny_per_payload_t: float
    trip_cny_per_km: float
    cny_per_t: float


class BargeData(Part):
    """How the barge goes."""

    payload_t: float
    hours: int
    turnaround_h: int
    window: Hours
    trip_cny: float
    cny_per_t: float


class ChainData(Part):
    """What becomes of the algae ashore."""

    materials: tuple[MaterialSpec, ...]
    lorries: LorryData
    barge: BargeData
    kinds: dict[Id, PlaceKind]


@cache
def chain() -> ChainData:
    """Return the network ashore."""
    return ChainData.model_validate(load("chain.yaml"))
