"""The site file: everything a coast knows of itself. A new city is a new file, not new code."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, ValidationError, model_validator
from shapely.geometry import Polygon

from documents.base import Id, LonLat, Part, read_bytes
from documents.coast import Coast, read_coast
from documents.errors import InputError
from documents.names import check_docks, check_own

EXAMPLE = "示例"
"""The mark of a figure that is only an editable default; it is printed wherever the figure is."""


class Sourced(Part):
    """Something of the site that says where its figures come from."""

    source: str
    """A citation, or 示例 for an editable default."""

    @property
    def is_example(self) -> bool:
        """Say whether the figures are editable defaults rather than public facts."""
        return EXAMPLE in self.source


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


class Dock(Sourced):
    """Where boats land their catch."""

    id: Id
    name: str
    lon: float
    lat: float
    berths: int = Field(ge=1)
    unload_t_per_h: float = Field(gt=0)
    """Per berth."""
    mooring_h: float = Field(ge=0)
    """Time at the berth before unloading begins."""
    open: tuple[time, time] = (time(0), time(0))
    """Local hours; (00:00, 00:00) means day and night."""


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


class LineKind(StrEnum):
    """What a processing line makes of wet algae."""

    POLYSACCHARIDE = "polysaccharide"
    FERTILIZER = "fertilizer"
    FEED = "feed"


class Line(Part):
    """One processing line of a plant."""

    id: Id
    name: str
    kind: LineKind
    capacity_t_per_h: float = Field(gt=0)
    """Wet tonnes taken in an hour."""
    max_age_h: float = Field(gt=0)
    """Age since collection at which a tonne may still go in."""
    value_cny_per_t: float = Field(ge=0)
    """Value of the product of a wet tonne."""
    cost_cny_per_t: float = Field(ge=0)
    """Cost of processing a wet tonne."""
    open: tuple[time, time] = (time(0), time(0))
    """Local hours; (00:00, 00:00) means day and night."""


class Haul(Part):
    """The road from a dock to a plant."""

    dock: Id
    hours: float = Field(ge=0)
    cost_cny_per_t: float = Field(ge=0)


class Plant(Sourced):
    """A processing plant with its lines."""

    id: Id
    name: str
    lon: float
    lat: float
    lines: tuple[Line, ...]
    hauls: tuple[Haul, ...]


class Current(Sourced):
    """A constant current and its spread, for the simple drift."""

    east_m_s: float
    north_m_s: float
    spread_m_s: float = Field(ge=0)
    """Standard deviation of each component over the ensemble."""


class Growth(Sourced):
    """Growth of floating algae, as a fraction per day, sampled evenly between the two ends."""

    low_per_day: float
    high_per_day: float


class Drift(Part):
    """How tracks are made at this site."""

    members: int = Field(ge=20, le=500)
    hours: int = Field(ge=24, le=240)
    seed: int = Field(ge=0)
    current: Current
    growth: Growth


class DistributionRule(Sourced):
    """The envelope of the distribution area (分布面积): patches grown by a radius, joined, shrunk back, less land."""

    radius_km: float = Field(gt=0)


class Planning(Sourced):
    """How the day is planned."""

    start: time
    """Local time of the day after the business day at which the horizon starts."""
    horizon_h: int = Field(ge=12, le=96)
    max_patches: int = Field(ge=1)
    """The largest patches in reach that enter the program; the others are named as left."""
    min_patch_t: float = Field(ge=0)
    """A patch below this mass is not worth rigging for."""
    time_limit_s: float = Field(gt=0)
    """The clock only cuts short what takes unduly long: a search that ends by work is the same twice."""
    work: int = Field(ge=0)
    """Neighbourhoods that the search for a plan tries at most."""
    other_damage_cny_per_t: float = Field(ge=0)
    """Worth of removing a tonne that reaches no named asset: shore clean-up it would otherwise need."""
    disposal_cny_per_t: float = Field(ge=0)


class Site(Part):
    """One coast: its waters, what it protects, its fleet and its plants."""

    id: Id
    name: str
    region: str
    timezone: str
    epsg: int
    coastline: Path
    """A GeoJSON beside the site file; see :func:`documents.coast.read_coast`."""
    sea_point: LonLat
    """A point known to be at sea, from which land and sea are told apart."""
    coast_buffer_m: float = Field(ge=0)
    """Sea this close to the coastline is masked as land: the line is old and lacks reclaimed land."""
    own_waters: tuple[LonLat, ...] = Field(min_length=3)
    near_shore_waters: tuple[LonLat, ...] = Field(min_length=3)
    waters_source: str
    distribution: DistributionRule
    places: tuple[Place, ...] = Field(min_length=1)
    assets: tuple[Asset, ...]
    docks: tuple[Dock, ...] = Field(min_length=1)
    vessels: tuple[Vessel, ...]
    plants: tuple[Plant, ...]
    drift: Drift
    planning: Planning

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        check_own(
            {
                "dock": [dock.id for dock in self.docks],
                "vessel": [vessel.id for vessel in self.vessels],
                "plant": [plant.id for plant in self.plants],
            }
        )
        check_docks(
            (dock.id for dock in self.docks),
            {vessel.id: vessel.home_dock for vessel in self.vessels},
            {plant.id: [haul.dock for haul in plant.hauls] for plant in self.plants},
        )
        ZoneInfo(self.timezone)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Return the local time zone."""
        return ZoneInfo(self.timezone)

    def business_day(self, moment: datetime) -> date:
        """Return the local date of ``moment``."""
        return moment.astimezone(self.zone).date()

    def plan_start(self, day: date) -> datetime:
        """Return the start of the horizon planned on business day ``day``: ``planning.start`` of the next day."""
        return datetime.combine(day + timedelta(days=1), self.planning.start, tzinfo=self.zone)

    def own_waters_polygon(self) -> Polygon:
        """Return the site's own waters in degrees."""
        return Polygon(self.own_waters)

    def near_shore_polygon(self) -> Polygon:
        """Return the near-shore waters, by which the alarm level is set, in degrees."""
        return Polygon(self.near_shore_waters)


def read_site(path: Path) -> Site:
    """Read the site file at ``path`` (YAML); raise InputError with the first fault when it does not hold."""
    try:
        data = yaml.safe_load(read_bytes(path))
        site = Site.model_validate(data)
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not YAML: {str(error).splitlines()[0]}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the top level"
        raise InputError(f"{path} is not a valid site file: {first['msg']} at {place}.") from error
    return site.model_copy(update={"coastline": (path.parent / site.coastline).resolve()})


def site_coast(site: Site) -> Coast:
    """Return the coast of ``site``."""
    return read_coast(site.coastline, site.sea_point)
