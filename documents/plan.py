"""The plan: everything the optimizer decided. The rules it keeps stand in :mod:`documents.problem`."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from documents.base import Document, Id, LonLat, Part, UtcTime


class StopKind(StrEnum):
    """What a vessel does at a stop."""

    DEPART = "depart"
    COLLECT = "collect"
    UNLOAD = "unload"
    RETURN = "return"


class Stop(Part):
    """One stop of a voyage.

    ``waypoints`` lead from the previous stop's position at its ``end`` to this stop's position at ``arrive`` (both ends
    included; empty for DEPART). ``arrive`` ≤ ``start`` ≤ ``end``; the vessel leaves at ``end``.

    * DEPART: at the home dock; arrive = start = end = the moment of leaving.
    * COLLECT: alongside ``patch_id`` from ``arrive``; rigging, then collecting from ``start`` to ``end``.
    * UNLOAD: at ``quay_id``; waits from ``arrive``, takes ``berth`` (0-based) at ``start``, is empty at ``end``.
    * RETURN: back at the home dock; arrive = start = end.
    """

    kind: StopKind
    arrive: UtcTime
    start: UtcTime
    end: UtcTime
    lon: float
    """Position at ``arrive``."""
    lat: float
    waypoints: tuple[LonLat, ...] = ()
    distance_nm: float = Field(default=0.0, ge=0)
    """Along ``waypoints``."""
    patch_id: Id | None = None
    quay_id: Id | None = None
    """A dock or a platform."""
    berth: int | None = Field(default=None, ge=0)
    tonnes: float = Field(default=0.0, ge=0)
    """Collected or landed here."""
    load_t: float = Field(default=0.0, ge=0)
    """On board at ``end``."""
    parcel_id: Id | None = None
    """What an UNLOAD lands."""


class Voyage(Part):
    """A vessel's day: from leaving the home dock to being back there, DEPART first, RETURN last."""

    vessel_id: Id
    shift: int = Field(ge=0)
    """Index into the vessel's shifts."""
    stops: tuple[Stop, ...] = Field(min_length=2)


class Mooring(Part):
    """Where a platform lies on one of its days."""

    platform_id: Id
    day: int = Field(ge=0)
    """Index into the platform's days."""
    station_id: Id


class Origin(StrEnum):
    """Where a parcel comes from."""

    LANDING = "landing"
    BATCH = "batch"
    HAUL = "haul"
    SUPPLY = "supply"
    STOCK = "stock"


class Parcel(Part):
    """Tonnes of one material of one origin, lying at one place."""

    id: Id
    place_id: Id
    material: Id
    """As born; what it is later is told by its age."""
    tonnes: float = Field(gt=0)
    available: UtcTime
    born: UtcTime
    """From when its age counts."""
    origin: Origin
    of: str
    """Id of the vessel, the batch, the haul or the supply; "" of a stock."""


class Draw(Part):
    """Tonnes out of a parcel."""

    parcel_id: Id
    tonnes: float = Field(gt=0)


class Batch(Part):
    """One batch of a task."""

    id: Id
    place_id: Id
    task_id: Id
    unit: int = Field(ge=0)
    """0-based: which of the units that are alike."""
    start: UtcTime
    end: UtcTime
    draws: tuple[Draw, ...] = Field(min_length=1)
    tonnes: float = Field(gt=0)
    """Of all draws."""
    outputs: tuple[Id, ...]
    """Parcels, in the order of the task's outputs; an output that yields nothing has none."""


class Haul(Part):
    """One trip of one vehicle."""

    id: Id
    link_id: Id
    vehicle: int = Field(ge=0)
    """0-based, within the link's fleet."""
    leave: UtcTime
    arrive: UtcTime
    draws: tuple[Draw, ...] = Field(min_length=1)
    tonnes: float = Field(gt=0)
    parcels: tuple[Id, ...] = Field(min_length=1)
    """What it brings, a parcel a draw in their order: lots are kept apart under way and keep their birth."""


class Sale(Part):
    """Tonnes sold under a contract."""

    contract_id: Id
    time: UtcTime
    draw: Draw


class Disposal(Part):
    """Tonnes disposed of where they lie."""

    time: UtcTime
    draw: Draw


class Left(Part):
    """What stays in the sea of a patch, and why."""

    patch_id: Id
    tonnes: float = Field(ge=0)
    """At sensing-time mass, less what was collected (``biomass_t`` not used up)."""
    reason: str
    """For people, in Chinese."""


class Objective(Part):
    """The parts of the objective in CNY, and ``total_cny``, which is maximised: gains − costs; where protection comes
    first, damage avoided and :data:`documents.problem.EARNED_SHARE` of all the rest."""

    damage_avoided_cny: float
    sales_cny: float
    stock_cny: float
    """What is left at the end, at its end value."""
    processing_cny: float
    hauling_cny: float
    disposal_cny: float
    platform_cny: float
    sailing_cny: float
    total_cny: float

    @property
    def net_cny(self) -> float:
        """Return gains − costs in money, whatever comes first."""
        gains = self.damage_avoided_cny + self.sales_cny + self.stock_cny
        spent = self.processing_cny + self.hauling_cny + self.disposal_cny + self.platform_cny + self.sailing_cny
        return gains - spent


class Status(StrEnum):
    """How the search ended."""

    OPTIMAL = "optimal"
    """Gap closed to 1e-4: no plan of the model in ``bound_of`` is better."""
    FEASIBLE = "feasible"
    """Stopped with the gap that is stated."""
    NOTHING_TO_DO = "nothing-to-do"
    """No patch, no vessel, or nothing worth leaving for."""


class Plan(Document):
    """Who goes where, what lands, which plant takes what; with bounds that nobody can beat."""

    version: Literal["plan/2"] = "plan/2"
    site_id: Id
    day: str
    problem_sha256: str
    """Of the problem file's bytes."""
    status: Status
    solver: str
    voyages: tuple[Voyage, ...]
    moorings: tuple[Mooring, ...]
    parcels: tuple[Parcel, ...]
    """All there ever are, those hauled and made included."""
    batches: tuple[Batch, ...]
    hauls: tuple[Haul, ...]
    sales: tuple[Sale, ...]
    disposals: tuple[Disposal, ...]
    left: tuple[Left, ...]
    objective: Objective
    changed_stops: int | None = None
    """How many stops of the plan before, of the vessels that there still are, are given up, and how many are added
    (:mod:`documents.changes`); None: there was none before."""
    bound_cny: float | None
    """Upper bound on ``objective.total_cny`` over all plans of the model in ``bound_of``; None: none found."""
    bound_of: str
    """What the bound is a bound of (time grid, sharing and so on), in a sentence."""
    gap: float | None
    """(bound − total) / max(|bound|, 1); below 0 where the plan, timed to the second, beats its model."""
    continuous_bound_cny: float | None = None
    """Upper bound over all plans whatever the minute at which boats come and go; None: none found."""
