"""The problem: everything the optimizer is told. All times are UTC; series are hourly from ``start``.

The rules of the sea, which the planner keeps and the checker replays:

* A **patch** is at ``(lon, lat)`` interpolated linearly between the hours. Without collection its mass at time t is
  ``biomass_t · remaining(t)``, ``remaining`` interpolated linearly too. Collecting at a constant rate over
  [start, end] uses up ∫ rate / remaining(t) dt of ``biomass_t``; all visits together use at most ``biomass_t``.
  It may be collected only where ``collectable`` holds at every hour mark that the visit touches (the marks at or before
  its start and at or after its end included).
* A **vessel** works within its ``shifts``, one voyage a shift at most: it leaves its home dock at or after the shift's
  start, empty, and is back at its home dock, empty, by the shift's end. A voyage may call at docks and platforms in
  between, as often as it likes. Under way it keeps to its waypoints (a geodesic from each to the next) at no more than
  ``speed_kn`` and crosses neither ``land`` nor ``closed_areas``; it may wait. Alongside a patch it rigs for
  ``rigging_h`` before it collects, drifts with the patch until it has done, and takes at most ``collect_t_per_h``. Its
  load never exceeds ``capacity_t``. It is out, from leaving to returning home, only in hours whose wave height is
  unknown or at most ``max_wave_m``.
* A **platform** lies out, in each of its ``days``, at one of its stations, or stays in harbour; a plan says which. On a
  platform a batch runs, and a haul leaves it and comes to it, within one day in which it lies out; what is aboard
  stays there in between.
* At a **quay** (a dock, or a platform at its station of the day) a call occupies one berth from its start (mooring,
  ``mooring_h``, then unloading at most at ``unload_t_per_h``) to its end, within the dock's windows, or within one day
  of the platform; no two calls share a berth at any moment. A call empties the hold: what it lands is a parcel of
  ``landed_material``, born at the first moment of collection since the hold was last empty.

The rules ashore (a state–task network). A **place** is a dock, a platform or a plant, by its id.

* A **parcel** is an amount of one material of one origin, lying at one place from the moment it is ``available``: a
  landing (at the call's end), the output of a batch (at its end), what a haul brings (at its arrival, a parcel for
  each that it draws from), a supply, or the stock at the start. It is *born* when it was first collected; an output, a
  supply and a stock when they are available, but a supply that tells when it was ``born`` then; what a haul brings is
  born as the parcel it was drawn from. Tonnes leave a parcel by batches, hauls, sales and disposals, never before it is
  available and never more than it holds.
* A **material** with a ``shelf_life_h`` is that material up to this age, and from then on what it ``becomes``, whose
  own shelf life counts from birth too. What becomes nothing has been used or disposed of by then.
* Whatever lies at a place belongs, as the material it is at that moment, to one of its **stores**, and what lies in a
  store at any moment is at most ``capacity_t``; what leaves at the very moment it comes lies in none. What is left at
  the end of the horizon is of a material that the store gives an ``end_value``.
* A **supply** comes within the horizon and, unless it tells when it was ``born``, to a place with a store that takes it
  and has the capacity for it. A store begins with no more than its capacity, all of its own materials.
* A **batch** of a task runs on one of the ``number`` units it names, one batch at a time on each, from its start for
  ``hours``, wholly within the unit's windows. It takes between ``batch_min_t`` and ``batch_max_t`` in all, at its
  start, of each input its share, in any of the materials that input allows. At its end it gives, of each output,
  ``yield_mid`` tonnes a tonne taken.
* A **haul** is one trip of one vehicle of the link's fleet: it takes at most ``payload_t`` in all of the link's
  materials, kept apart, and arrives ``hours`` later; the vehicle is busy for ``turnaround_h``. The fleet has ``number``
  vehicles, which leave within its windows. What is carried is one of the link's materials when it leaves and a material
  that some store of the target takes when it arrives.
* A **sale** under a contract happens at its place within its window, of its material; over the horizon a contract is
  sold between ``min_t`` and ``max_t``.
* Everything happens within [start, start + horizon_h].

What is **under way** at the start was begun before and is done to its end; of it the problem tells what binds the plan.

* A vessel that is out then has no shift to be out in until it is back.
* A platform that ``lies`` at a station on a day, as was settled before the start, lies at no other on that day, which
  costs nothing more.
* A quay's ``held`` windows take one of its berths each: calls and windows are never more than its berths. Berths are
  alike, and the quay settles which one what is under way takes.
* Of the units and the vehicles that are alike, the first, the second, … are ``free_from`` the times that are told in
  this order. What they, and calls under way, will have done by then comes as supplies.

The **orders** of the dispatchers. A *stop* is a visit that collects something at a patch, or a call at a quay; leaving
from and returning to the home dock is none.

* A **lock** names stops that the voyage of its vessel in its shift has, one right after another in their order, each at
  its place and with its ``start`` within its window: one stop, those of a trip, or, where the lock is ``whole``, all
  stops of the voyage. A whole lock without stops keeps the vessel in harbour for that shift.
* A **batch lock**: at least ``number`` batches of its task start at its place within its window.
* A **forbidden** pair: the vessel makes no stop there.

The **objective**, in CNY, to be maximised: damage avoided (∫ rate · value(t) dt over all visits, ``value_cny_per_t``
interpolated linearly) + sales + what is left at its end value − processing (by batch and by tonne) − hauling (by trip
and by tonne) − disposal − platform (days out) − sailing (hours between leaving and returning to the home dock ×
``cost_per_h_cny``, summed over the vessel's voyages, and miles × ``cost_per_nm_cny``). With ``protect_first`` damage
avoided comes first and money second: all but damage avoided counts EARNED_SHARE of what it is. A plan is then given up
for one that avoids more damage unless it earns more than 1 / EARNED_SHARE CNY for each CNY of damage; the best plan
avoids no less damage than the best one without the option.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from documents.base import Document, Id, LonLat, Part, UtcTime, Window
from documents.names import check_known, check_own
from documents.network import (
    ContractSpec,
    FleetSpec,
    LinkSpec,
    MaterialSpec,
    PlaceSpec,
    SupplySpec,
)
from documents.network_rules import check_ages, check_supply, stores_at
from documents.orders import Orders
from documents.patches import Biomass
from documents.under_way import Lying, check_under_way

Ring = tuple[LonLat, ...]

Solver = Literal["highs", "cbc"]

EARNED_SHARE = 0.01
"""What a CNY that is no damage avoided counts where protection comes first. 示例: by the site files removing a tonne is
worth more than what it makes, so that hardly ever a hundred CNY are to be earned for one of damage."""


class PatchState(Part):
    """A patch along its mean track; the series have ``horizon_h + 1`` hourly values."""

    id: Id
    name: str
    """How people call it: nearest place, bearing and distance."""
    biomass: Biomass
    """At sensing time."""
    biomass_t: float = Field(ge=0)
    """The mid estimate that the plan is made on, less what visits begun before the start use."""
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
    held: tuple[Window, ...] = ()
    """In each of which one berth is held by a call of a voyage that was begun before the start."""


class StationSpec(Part):
    """Where a platform may lie."""

    id: Id
    name: str
    lon: float
    lat: float


class PlatformSpec(Part):
    """A mother ship at which boats unload at sea ("1+X"): a quay whose position is chosen day by day."""

    id: Id
    name: str
    stations: tuple[StationSpec, ...] = Field(min_length=1)
    days: tuple[Window, ...]
    """Apart from one another; in each it lies at one station and is at work, or not at all."""
    berths: int = Field(ge=1)
    unload_t_per_h: float = Field(gt=0)
    mooring_h: float = Field(ge=0)
    day_cost_cny: float = Field(ge=0)
    held: tuple[Window, ...] = ()
    """In each of which one berth is held by a call of a voyage that was begun before the start."""
    lies: tuple[Lying, ...] = ()
    """On the days that were settled before the start."""

    def station_on(self, day: int) -> str | None:
        """Return the station at which it lies on ``day`` whatever is planned; None: that was not settled."""
        return next((lying.station for lying in self.lies if lying.day == day), None)


class LeftOut(Part):
    """A patch that did not enter the program."""

    id: Id
    tonnes: float = Field(ge=0)
    reason: str
    """For people, in Chinese."""


class Problem(Document):
    """One planning problem; see the module's text for its rules."""

    version: Literal["problem/2"] = "problem/2"
    site_id: Id
    day: str
    """Business day, YYYY-MM-DD, Asia/Shanghai."""
    start: UtcTime
    horizon_h: int = Field(ge=1)
    patches: tuple[PatchState, ...]
    left_out: tuple[LeftOut, ...]
    vessels: tuple[VesselSpec, ...]
    docks: tuple[DockSpec, ...]
    platforms: tuple[PlatformSpec, ...] = ()
    landed_material: Id
    """What boats land."""
    materials: tuple[MaterialSpec, ...] = Field(min_length=1)
    places: tuple[PlaceSpec, ...]
    """All docks, platforms and plants."""
    fleets: tuple[FleetSpec, ...] = ()
    links: tuple[LinkSpec, ...] = ()
    supplies: tuple[SupplySpec, ...] = ()
    contracts: tuple[ContractSpec, ...] = ()
    orders: Orders = Orders()
    wave_m: tuple[float | None, ...]
    """Significant wave height of hour k (from start + k h to start + (k+1) h); None where nobody forecast it."""
    land: tuple[tuple[Ring, ...], ...]
    """MultiPolygon coordinates, degrees."""
    closed_areas: tuple[tuple[Ring, ...], ...] = ()
    protect_first: bool = False
    """Damage avoided comes first, money second: see EARNED_SHARE."""
    intercept_tolerance_m: float = Field(default=50.0, gt=0)
    """How far from a patch or a dock a position may lie and still count as there."""
    time_limit_s: float = Field(gt=0)
    """The clock only cuts short what takes unduly long: a search that ends by work is the same twice."""
    work: int = Field(default=16, ge=0)
    """Rounds of annealing at most, on the quarter-hour clock and again on the finer one."""
    seed: int = 0
    solver: Solver = "highs"
    """With CBC, which comes with PuLP, voyages are chosen of a fixed pool and no bound is stated; it also solves where
    HiGHS is not there."""

    @property
    def quays(self) -> tuple[DockSpec | PlatformSpec, ...]:
        """Return docks and platforms, docks first."""
        return (*self.docks, *self.platforms)

    @property
    def earned_share(self) -> float:
        """Return what a CNY that is no damage avoided counts in the objective."""
        return EARNED_SHARE if self.protect_first else 1.0

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
                "quay": [quay.id for quay in self.quays],
                "material": [material.id for material in self.materials],
                "place": [place.id for place in self.places],
                "fleet": [fleet.id for fleet in self.fleets],
                "link": [link.id for link in self.links],
                "supply": [supply.id for supply in self.supplies],
                "contract": [contract.id for contract in self.contracts],
                **{f"station of {p.id}": [station.id for station in p.stations] for p in self.platforms},
                **{f"unit of {place.id}": [unit.id for unit in place.units] for place in self.places},
                **{f"task of {place.id}": [task.id for task in place.tasks] for place in self.places},
            }
        )
        docks, places = [dock.id for dock in self.docks], [place.id for place in self.places]
        check_known("dock", docks, ((f"vessel {vessel.id}", vessel.home_dock) for vessel in self.vessels))
        check_known("material", [material.id for material in self.materials], self._materials_named())
        check_known("place", places, self._places_named())
        check_known(
            "fleet", [fleet.id for fleet in self.fleets], ((f"link {link.id}", link.fleet) for link in self.links)
        )
        for place in self.places:
            units = [unit.id for unit in place.units]
            check_known("unit", units, ((f"task {task.id} of {place.id}", task.unit) for task in place.tasks))
        return self

    def _materials_named(self) -> Iterator[tuple[str, str]]:
        yield "landed_material", self.landed_material
        for material in self.materials:
            if material.becomes is not None:
                yield f"material {material.id}", material.becomes
        for place in self.places:
            for store in place.stores:
                for name in (*store.materials, *store.stock, *store.end_value_cny_per_t):
                    yield f"a store of {place.id}", name
            for task in place.tasks:
                for name in (*(m for part in task.inputs for m in part.materials), *(o.material for o in task.outputs)):
                    yield f"task {task.id} of {place.id}", name
        for link in self.links:
            for name in link.materials:
                yield f"link {link.id}", name
        for supply in self.supplies:
            yield f"supply {supply.id}", supply.material
        for contract in self.contracts:
            yield f"contract {contract.id}", contract.material

    def _places_named(self) -> Iterator[tuple[str, str]]:
        for quay in self.quays:
            yield f"quay {quay.id}", quay.id
        for link in self.links:
            yield f"link {link.id}", link.origin
            yield f"link {link.id}", link.target
        for supply in self.supplies:
            yield f"supply {supply.id}", supply.place
        for contract in self.contracts:
            yield f"contract {contract.id}", contract.place

    @model_validator(mode="after")
    def _spans_hold(self) -> Self:
        for vessel in self.vessels:
            if _overlap(vessel.shifts):
                raise ValueError(f"vessel {vessel.id} has shifts that overlap")
        for platform in self.platforms:
            if _overlap(platform.days):
                raise ValueError(f"platform {platform.id} has days that overlap")
        return self

    @model_validator(mode="after")
    def _network_holds(self) -> Self:
        check_ages(self.materials)
        stores = {place.id: stores_at(place.id, place.stores) for place in self.places}
        end = self.start + timedelta(hours=self.horizon_h)
        for supply in self.supplies:
            check_supply(supply, stores[supply.place])
            if not self.start <= supply.time <= end:
                raise ValueError(f"supply {supply.id} comes to {supply.place} outside the horizon")
        return self

    @model_validator(mode="after")
    def _under_way_holds(self) -> Self:
        check_under_way(self)
        return self

    @model_validator(mode="after")
    def _orders_hold(self) -> Self:
        self.orders.check(
            {vessel.id: len(vessel.shifts) for vessel in self.vessels},
            [patch.id for patch in self.patches],
            [quay.id for quay in self.quays],
            {place.id: [task.id for task in place.tasks] for place in self.places},
        )
        return self


def _overlap(windows: Sequence[Window]) -> bool:
    ordered = sorted(windows, key=lambda window: window.start)
    return any(second.start < first.end for first, second in pairwise(ordered))
