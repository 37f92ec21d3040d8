"""What a site has at sea and on the quay: named places, what is to be protected, docks, platforms and boats."""

from datetime import time
from enum import StrEnum
from typing import Self

from pydantic import Field, NaiveDatetime, model_validator

from documents.base import Id
from documents.problem import StationSpec
from documents.site_network import Yard
from documents.sourced import DAY_AND_NIGHT, LocalHours, Sourced


class Place(Sourced):
    """A named place of the gazetteer, for 'nearest place' in bulletins."""

    name: str
    lon: float
    lat: float


class AssetKind(StrEnum):
    """What the drift threatens."""

    BEACH = "beach"
    OYSTER = "oyster"
    INTAKE = "intake"


class Asset(Sourced):
    """Something to protect: algae that come within ``radius_km`` of it do harm."""

    id: Id
    name: str
    kind: AssetKind
    lon: float
    lat: float
    radius_km: float = Field(gt=0)
    damage_cny_per_t: float = Field(ge=0)
    """What a tonne of arriving wet algae costs there."""


class Tide(Sourced):
    """When there is water enough at a dock: around every high water, the tide taken as one even wave."""

    period_h: float = Field(default=12.42, gt=0)
    """From one high water to the next; 12.42 h is the main lunar tide, M2 (Doodson; every tide table)."""
    high_water: NaiveDatetime
    """Any one high water, local, best of the same week: an even wave runs away from the true tide in time."""
    around_h: float = Field(gt=0)
    """Before and after each high water."""

    @model_validator(mode="after")
    def _ebbs(self) -> Self:
        if 2 * self.around_h >= self.period_h:
            raise ValueError("around_h of a tide must lie below half its period: leave out a tide that never binds")
        return self


class Dock(Yard):
    """Where boats land their catch."""

    lon: float
    lat: float
    berths: int = Field(ge=1)
    unload_t_per_h: float = Field(gt=0)
    """Per berth."""
    mooring_h: float = Field(ge=0)
    """Time at the berth before unloading begins."""
    open: LocalHours = DAY_AND_NIGHT
    tide: Tide | None = None
    """None: it can be used at any tide."""


class Station(StationSpec, Sourced):
    """Where a platform may lie."""


class Platform(Yard):
    """A mother ship at which boats unload at sea; where it lies is chosen day by day."""

    stations: tuple[Station, ...] = Field(min_length=1)
    open: LocalHours
    """Of a day out: when boats and barges may call and what is aboard may work."""
    berths: int = Field(ge=1)
    unload_t_per_h: float = Field(gt=0)
    """Per berth."""
    mooring_h: float = Field(ge=0)
    day_cost_cny: float = Field(ge=0)


class Vessel(Sourced):
    """A salvage boat."""

    id: Id
    name: str
    home_dock: Id
    capacity_t: float = Field(gt=0)
    speed_kn: float = Field(gt=0)
    collect_t_per_h: float = Field(gt=0)
    rigging_h: float = Field(ge=0)
    """Time alongside a patch before collecting begins."""
    shift: tuple[time, time]
    """Local hours between which the boat may be away from its dock."""
    cost_per_h_cny: float = Field(ge=0)
    cost_per_nm_cny: float = Field(ge=0)
    max_wave_m: float = Field(gt=0)
    """Significant wave height up to which it may be out."""
