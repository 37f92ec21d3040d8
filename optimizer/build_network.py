"""What the site has, over the horizon: boats, quays and the process network."""

from typing import TypeVar

from documents.base import Part, Window
from documents.network import (
    ContractSpec,
    FleetSpec,
    LinkSpec,
    MaterialSpec,
    PlaceSpec,
    StoreSpec,
    SupplySpec,
    TaskSpec,
    UnitSpec,
)
from documents.problem import DockSpec, PlatformSpec, StationSpec, VesselSpec
from documents.site import Dock, Plant, Site, Yard
from optimizer.build_horizon import Horizon, common

Spec = TypeVar("Spec", bound=Part)


def vessels(site: Site, horizon: Horizon) -> tuple[VesselSpec, ...]:
    """Return the boats; a shift that the horizon cuts is none."""
    return tuple(_spec(VesselSpec, vessel, shifts=horizon.whole(vessel.shift)) for vessel in site.vessels)


def docks(site: Site, horizon: Horizon) -> tuple[DockSpec, ...]:
    """Return the docks with the windows in which they are open and have water enough."""
    return tuple(_spec(DockSpec, dock, windows=_usable(dock, horizon)) for dock in site.docks)


def platforms(site: Site, horizon: Horizon) -> tuple[PlatformSpec, ...]:
    """Return the platforms; a day that the horizon cuts is the shorter for it."""
    return tuple(
        _spec(
            PlatformSpec,
            platform,
            stations=tuple(_spec(StationSpec, station) for station in platform.stations),
            days=tuple(horizon.days(platform.open).values()),
        )
        for platform in site.platforms
    )


def materials(site: Site) -> tuple[MaterialSpec, ...]:
    """Return the states of the network."""
    return tuple(_spec(MaterialSpec, material) for material in site.materials)


def places(site: Site, horizon: Horizon) -> tuple[PlaceSpec, ...]:
    """Return all docks, platforms and plants as places, in this order."""
    return tuple(_place(yard, horizon) for yard in site.yards)


def fleets(site: Site, horizon: Horizon) -> tuple[FleetSpec, ...]:
    """Return the vehicles."""
    return tuple(_spec(FleetSpec, fleet, windows=horizon.open(fleet.open)) for fleet in site.fleets)


def links(site: Site) -> tuple[LinkSpec, ...]:
    """Return the ways from place to place."""
    return tuple(_spec(LinkSpec, link) for link in site.links)


def supplies(site: Site, horizon: Horizon) -> tuple[SupplySpec, ...]:
    """Return every day's supply that comes in within the horizon; its id ends in the local date."""
    return tuple(
        _spec(SupplySpec, supply, id=f"{supply.id}-{day:%Y%m%d}", time=moment)
        for supply in site.supplies
        for day, moment in horizon.moments(supply.at).items()
    )


def contracts(site: Site, horizon: Horizon) -> tuple[ContractSpec, ...]:
    """Return every day's contract whose hours touch the horizon; its id ends in the local date.

    Where the horizon cuts the hours, the minimum may be met outside it, so it does not bind.
    """
    return tuple(
        _spec(
            ContractSpec,
            contract,
            id=f"{contract.id}-{day:%Y%m%d}",
            window=window,
            min_t=contract.min_t if window in horizon.whole(contract.open) else 0.0,
        )
        for contract in site.contracts
        for day, window in horizon.days(contract.open).items()
    )


def _place(yard: Yard, horizon: Horizon) -> PlaceSpec:
    return _spec(
        PlaceSpec,
        yard,
        lon=yard.lon if isinstance(yard, Plant) else None,
        lat=yard.lat if isinstance(yard, Plant) else None,
        stores=tuple(_spec(StoreSpec, store) for store in yard.stores),
        units=tuple(_spec(UnitSpec, unit, windows=horizon.open(unit.open)) for unit in yard.units),
        tasks=tuple(_spec(TaskSpec, task) for task in yard.tasks),
    )


def _usable(dock: Dock, horizon: Horizon) -> tuple[Window, ...]:
    windows = horizon.open(dock.open)
    return windows if dock.tide is None else common(windows, horizon.tides(dock.tide))


def _spec(kind: type[Spec], part: Part, **own: object) -> Spec:
    """Return ``part`` of the site as a ``kind``: the fields that both have, and those that are its ``own``."""
    shared = {name: value for name, value in part if name in kind.model_fields}
    return kind.model_validate({**shared, **own})
