"""The problem: everything the optimizer is told. All times are UTC; series are hourly from ``start``.

The rules of the sea, which the planner keeps and the checker replays:

* A **patch** is at ``(lon, lat)`` interpolated linearly between the hours. Without collection its mass at time t is
  ``biomass_t · remaining(t)``, ``remaining`` interpolated linearly too. Collecting at a constant rate over
  [start, end] uses up ∫ rate / remaining(t) dt of ``biomass_t``; all visits together use at most ``biomass_t``.
  It may be collected only where ``collectable`` holds at every hour mark that the visit touches (the marks at or before
  its start and at or after its end included).
* A **vessel** works within its ``shifts``, one voyage a shift at most: it leaves its home dock at or after the shift's
  start, empty, and is back at its home dock, empty, by the shift's end. A voyage may call at docks in between, as often
  as it likes. Under way it keeps to its waypoints (a geodesic from each to the next) at no more than ``speed_kn`` and
  crosses neither ``land`` nor ``closed_areas``; it may wait. Alongside a patch it rigs for ``rigging_h`` before it
  collects, drifts with the patch until it has done, and takes at most ``collect_t_per_h``. Its load never exceeds
  ``capacity_t``. It is out, from leaving to returning home, only in hours whose wave height is unknown or at most
  ``max_wave_m``.
* At a **dock** a call occupies one berth from its start (mooring, ``mooring_h``, then unloading at most at
  ``unload_t_per_h``) to its end, within the opening windows; no two calls share a berth at any moment. A call empties
  the hold: what it lands is one **lot**, whose age counts from the first moment of collection since the hold was last
  empty.
* A **batch** takes tonnes of one lot to one line of a plant: they leave the dock at or after the end of the call,
  arrive ``haul.hours`` later, and go in at a constant rate over [start, end]; the rates running on a line at any moment
  add up to at most ``capacity_t_per_h``, within its windows; at the batch's end the lot's age is at most ``max_age_h``.
  A plant with no haul from a dock takes nothing landed there. What of a lot goes to no plant is disposed of.
* Everything happens within [start, start + horizon_h].

The **objective**, in CNY, to be maximised: damage avoided (∫ rate · value(t) dt over all visits, ``value_cny_per_t``
interpolated linearly) + product value − processing − hauling − disposal − sailing (hours between leaving and returning
to the home dock × ``cost_per_h_cny``, summed over the vessel's voyages, and miles × ``cost_per_nm_cny``).
"""

from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from documents.base import Document, Id, LonLat, Part, UtcTime
from documents.names import check_docks, check_own
from documents.patches import Biomass
from documents.site import LineKind

Ring = tuple[LonLat, ...]


class Window(Part):
    """A span of time, start before end."""

    start: UtcTime
    end: UtcTime

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a window must end after it starts")
        return self


class PatchState(Part):
    """A patch along its mean track; the series have ``horizon_h + 1`` hourly values."""

    id: Id
    name: str
    """How people call it: nearest place, bearing and distance."""
    biomass: Biomass
    """At sensing time."""
    biomass_t: float = Field(ge=0)
    """The mid estimate that the plan is made on."""
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    remaining: tuple[float, ...]
    """Afloat mass relative to sensing time, mean over the members; positive."""
    value_cny_per_t: tuple[float, ...]
    collectable: tuple[bool, ...]


class VesselSpec(Part):
    """A salvage boat over the horizon."""

    id: Id
    name: str
    home_dock: Id
    capacity_t: float = Field(gt=0)
    speed_kn: float = Field(gt=0)
    collect_t_per_h: float = Field(gt=0)
    rigging_h: float = Field(ge=0)
    cost_per_h_cny: float = Field(ge=0)
    cost_per_nm_cny: float = Field(ge=0)
    max_wave_m: float = Field(gt=0)
    shifts: tuple[Window, ...]


class DockSpec(Part):
    """A dock over the horizon."""

    id: Id
    name: str
    lon: float
    lat: float
    berths: int = Field(ge=1)
    unload_t_per_h: float = Field(gt=0)
    mooring_h: float = Field(ge=0)
    windows: tuple[Window, ...]


class LineSpec(Part):
    """A processing line over the horizon."""

    id: Id
    name: str
    kind: LineKind
    capacity_t_per_h: float = Field(gt=0)
    max_age_h: float = Field(gt=0)
    value_cny_per_t: float = Field(ge=0)
    cost_cny_per_t: float = Field(ge=0)
    windows: tuple[Window, ...]


class HaulSpec(Part):
    """The road from a dock to the plant."""

    dock: Id
    hours: float = Field(ge=0)
    cost_cny_per_t: float = Field(ge=0)


class PlantSpec(Part):
    """A plant over the horizon."""

    id: Id
    name: str
    lon: float
    lat: float
    lines: tuple[LineSpec, ...]
    hauls: tuple[HaulSpec, ...]


class LeftOut(Part):
    """A patch that did not enter the program."""

    id: Id
    tonnes: float = Field(ge=0)
    reason: str
    """For people, in Chinese."""


class Problem(Document):
    """One planning problem; see the module's text for its rules."""

    version: Literal["problem/1"] = "problem/1"
    site_id: Id
    day: str
    """Business day, YYYY-MM-DD, Asia/Shanghai."""
    start: UtcTime
    horizon_h: int = Field(ge=1)
    patches: tuple[PatchState, ...]
    left_out: tuple[LeftOut, ...]
    vessels: tuple[VesselSpec, ...]
    docks: tuple[DockSpec, ...]
    plants: tuple[PlantSpec, ...]
    wave_m: tuple[float | None, ...]
    """Significant wave height of hour k (from start + k h to start + (k+1) h); None where nobody forecast it."""
    disposal_cny_per_t: float = Field(ge=0)
    land: tuple[tuple[Ring, ...], ...]
    """MultiPolygon coordinates, degrees."""
    closed_areas: tuple[tuple[Ring, ...], ...] = ()
    intercept_tolerance_m: float = Field(default=50.0, gt=0)
    """How far from a patch or a dock a position may lie and still count as there."""
    time_limit_s: float = Field(gt=0)
    """The clock only cuts short what takes unduly long: a search that ends by work is the same twice."""
    work: int = Field(default=16, ge=0)
    """Neighbourhoods that the search tries at most."""
    seed: int = 0

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        for patch in self.patches:
            series = (patch.lon, patch.lat, patch.remaining, patch.value_cny_per_t, patch.collectable)
            if any(len(values) != self.horizon_h + 1 for values in series):
                raise ValueError(f"patch {patch.id}: every series needs horizon_h + 1 values")
            if min(patch.remaining) <= 0:
                raise ValueError(f"patch {patch.id}: remaining must be positive")
        if len(self.wave_m) != self.horizon_h:
            raise ValueError("wave_m needs one value an hour")
        return self

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        check_own(
            {
                "patch": [patch.id for patch in self.patches],
                "vessel": [vessel.id for vessel in self.vessels],
                "dock": [dock.id for dock in self.docks],
                "plant": [plant.id for plant in self.plants],
            }
        )
        check_docks(
            (dock.id for dock in self.docks),
            {vessel.id: vessel.home_dock for vessel in self.vessels},
            {plant.id: [haul.dock for haul in plant.hauls] for plant in self.plants},
        )
        for vessel in self.vessels:
            shifts = sorted(vessel.shifts, key=lambda shift: shift.start)
            if any(second.start < first.end for first, second in pairwise(shifts)):
                raise ValueError(f"vessel {vessel.id} has shifts that overlap")
        return self
