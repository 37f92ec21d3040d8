"""The site file: everything a coast knows of itself. A new city is a new file, not new code."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, model_validator
from shapely.geometry import Polygon

from documents.base import Id, LonLat, Part
from documents.coast import Coast, read_coast
from documents.errors import InputError
from documents.network_rules import check_ages
from documents.problem import Solver
from documents.site_layers import read_layers
from documents.site_network import Contract, Fleet, Link, Material, Plant, Supply, Yard
from documents.site_rules import check_names, check_room
from documents.site_sea import Asset, AssetKind, Dock, Place, Platform, Vessel
from documents.sourced import EXAMPLE, Sourced

__all__ = [
    "EXAMPLE",
    "Asset",
    "AssetKind",
    "Contract",
    "Current",
    "DistributionRule",
    "Dock",
    "Drift",
    "Fleet",
    "Growth",
    "Link",
    "Material",
    "Place",
    "Planning",
    "Plant",
    "Platform",
    "Site",
    "Sourced",
    "Supply",
    "Vessel",
    "Yard",
    "read_site",
    "site_coast",
]


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
    protect_first: bool = False
    """Damage avoided comes first, money second: see :data:`documents.problem.EARNED_SHARE`."""
    solver: Solver = "highs"
    """See :attr:`documents.problem.Problem.solver`."""
    other_damage_cny_per_t: float = Field(ge=0)
    """Worth of removing a tonne that reaches no named asset: shore clean-up it would otherwise need."""


class Site(Part):
    """One coast: its waters, what it protects, its boats, and what it makes of the catch."""

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
    platforms: tuple[Platform, ...] = ()
    plants: tuple[Plant, ...]
    vessels: tuple[Vessel, ...]
    landed_material: Id
    """What boats land."""
    materials: tuple[Material, ...]
    fleets: tuple[Fleet, ...] = ()
    links: tuple[Link, ...] = ()
    supplies: tuple[Supply, ...] = ()
    contracts: tuple[Contract, ...] = ()
    drift: Drift
    planning: Planning

    @model_validator(mode="after")
    def _holds(self) -> Self:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"the time zone {self.timezone} is unknown: write one such as Asia/Shanghai") from error
        check_names(self)
        check_ages(self.materials)
        check_room(self)
        return self

    @property
    def yards(self) -> tuple[Yard, ...]:
        """Return the places of the process network: docks, platforms and plants, in this order."""
        return (*self.docks, *self.platforms, *self.plants)

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
    """Read the site file at ``path`` (YAML), with what it extends; see :func:`documents.site_layers.read_layers`.

    Raise InputError with the first fault when it does not hold.
    """
    data = read_layers(path)
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the top level"
        raise InputError(f"{path} is not a valid site file: {first['msg']} at {place}.") from error


def site_coast(site: Site) -> Coast:
    """Return the coast of ``site``."""
    return read_coast(site.coastline, site.sea_point)
