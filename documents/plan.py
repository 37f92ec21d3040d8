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
    * UNLOAD: at ``dock_id``; waits from ``arrive``, takes ``berth`` (0-based) at ``start``, is empty at ``end``.
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
    dock_id: Id | None = None
    berth: int | None = Field(default=None, ge=0)
    tonnes: float = Field(default=0.0, ge=0)
    """Collected or landed here."""
    load_t: float = Field(default=0.0, ge=0)
    """On board at ``end``."""
    lot_id: Id | None = None
    """What an UNLOAD lands."""


class Voyage(Part):
    """A vessel's day: from leaving the home dock to being back there, DEPART first, RETURN last."""

    vessel_id: Id
    shift: int = Field(ge=0)
    """Index into the vessel's shifts."""
    stops: tuple[Stop, ...] = Field(min_length=2)


class Lot(Part):
    """What one call at a dock landed."""

    id: Id
    vessel_id: Id
    dock_id: Id
    tonnes: float = Field(gt=0)
    available: UtcTime
    """End of the call."""
    oldest_collected: UtcTime
    """First moment of collection since the hold was last empty."""
    disposed_t: float = Field(ge=0)
    """Tonnes that no plant takes."""


class Batch(Part):
    """Tonnes of one lot going into one line at a constant rate."""

    lot_id: Id
    plant_id: Id
    line_id: Id
    leave_dock: UtcTime
    start: UtcTime
    end: UtcTime
    tonnes: float = Field(gt=0)
    age_at_end_h: float = Field(ge=0)


class Left(Part):
    """What stays in the sea of a patch, and why."""

    patch_id: Id
    tonnes: float = Field(ge=0)
    """At sensing-time mass, less what was collected (``biomass_t`` not used up)."""
    reason: str
    """For people, in Chinese."""


class Objective(Part):
    """The parts of the objective in CNY; ``total_cny`` = gains − costs."""

    damage_avoided_cny: float
    product_value_cny: float
    processing_cny: float
    hauling_cny: float
    disposal_cny: float
    sailing_cny: float
    total_cny: float


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

    version: Literal["plan/1"] = "plan/1"
    site_id: Id
    day: str
    problem_sha256: str
    """Of the problem file's bytes."""
    status: Status
    solver: str
    voyages: tuple[Voyage, ...]
    lots: tuple[Lot, ...]
    batches: tuple[Batch, ...]
    left: tuple[Left, ...]
    objective: Objective
    bound_cny: float | None
    """Upper bound on ``objective.total_cny`` over all plans of the model in ``bound_of``; None: none found."""
    bound_of: str
    """What the bound is a bound of (time grid, sharing and so on), in a sentence."""
    gap: float | None
    """(bound − total) / max(|bound|, 1); below 0 where the plan, timed to the second, beats its model."""
    continuous_bound_cny: float | None = None
    """Upper bound over all plans whatever the minute at which boats come and go; None: none found."""
