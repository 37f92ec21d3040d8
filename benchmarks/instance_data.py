"""Sizes, vessels and charts of the benchmark instances, as they stand in ``benchmarks/instances/*.yaml``."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter

from documents.base import Id, LonLat, Part
from documents.errors import InputError
from documents.problem import StationSpec

FOLDER = Path(__file__).with_name("instances")

Hours = tuple[int, int]
"""From one hour of the horizon's day to another; hour 0 is 04:00 local."""


class SizeData(Part):
    """How much there is of everything in the instances of one size."""

    chart: Id
    patches: int
    fewest_patches: int | None = None
    """Where the number is drawn, from this to ``patches``."""
    vessels: int
    fewest_vessels: int | None = None
    horizons_h: tuple[int, ...]
    """One of them is drawn."""
    ground: tuple[LonLat, ...]
    """Corners of where patches lie at the start."""
    free_h: int = 4
    """Patches that come ashore sooner are none to plan for."""
    docks: tuple[Id, ...]
    platforms: tuple[Id, ...]
    plants: tuple[Id, ...]
    homes_per_kind: int
    capacities_t: tuple[float, float] = (0.0, 1000.0)
    """The smallest and the largest vessels that there are."""
    payload_t: float
    time_limit_s: float


class VesselKind(Part):
    """Vessels that are alike."""

    id: Id
    name: str
    weight: float
    capacity_t: float
    speed_kn: float
    collect_t_per_h: float
    cost_per_h_cny: float
    cost_per_nm_cny: float
    max_wave_m: float


class DockData(Part):
    """A dock of a chart."""

    id: Id
    name: str
    lon: float
    lat: float
    berths: int
    unload_t_per_h: float
    mooring_h: float
    open: Literal["always", "tide"] | Hours


class PlatformData(Part):
    """A platform of a chart."""

    id: Id
    name: str
    stations: tuple[StationSpec, ...]
    berths: int
    unload_t_per_h: float
    mooring_h: float
    day_cost_cny: float


class PlantData(Part):
    """A plant of a chart; what it holds is told by its kind."""

    id: Id
    name: str
    kind: Id
    lon: float
    lat: float


class AssetData(Part):
    """What a patch would harm."""

    id: Id
    lon: float
    lat: float
    radius_km: float
    damage_cny_per_t: float


class NamedPlace(Part):
    """A name that patches are called by."""

    name: str
    lon: float
    lat: float


class ChartData(Part):
    """Schematic waters and what lies round them."""

    land: tuple[tuple[LonLat, ...], ...]
    closed: tuple[tuple[LonLat, ...], ...]
    docks: tuple[DockData, ...]
    platforms: tuple[PlatformData, ...] = ()
    plants: tuple[PlantData, ...]
    assets: tuple[AssetData, ...]
    places: tuple[NamedPlace, ...]


def load(name: str) -> Any:
    """Return what the YAML file of that name holds."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def sizes() -> dict[str, SizeData]:
    """Return the sizes by name."""
    return TypeAdapter(dict[str, SizeData]).validate_python(load("sizes.yaml"))


def size_named(name: str) -> SizeData:
    """Return the size ``name``; raise InputError where there is none."""
    if name not in sizes():
        raise InputError(f"There is no size {name!r} of benchmark instances; choose one of {', '.join(sizes())}.")
    return sizes()[name]


@cache
def vessel_kinds() -> tuple[VesselKind, ...]:
    """Return the kinds of vessels, the smallest first."""
    return TypeAdapter(tuple[VesselKind, ...]).validate_python(load("vessels.yaml"))


@cache
def charts() -> dict[str, ChartData]:
    """Return the charts by name."""
    return TypeAdapter(dict[str, ChartData]).validate_python(load("charts.yaml"))
