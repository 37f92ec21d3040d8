"""Does a site hold together: its names, and the room where things come to lie?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from documents.names import check_known, check_own
from documents.network_rules import check_supply, stores_at

if TYPE_CHECKING:
    from documents.site import Site


def check_names(site: "Site") -> None:
    """Raise ValueError where two things of a kind share an id, or something names what is not there."""
    yards, fleets = site.yards, [fleet.id for fleet in site.fleets]
    check_own(
        {
            "asset": (asset.id for asset in site.assets),
            "place": (yard.id for yard in yards),
            "vessel": (vessel.id for vessel in site.vessels),
            "material": (material.id for material in site.materials),
            "fleet": fleets,
            "link": (link.id for link in site.links),
            "supply": (supply.id for supply in site.supplies),
            "contract": (contract.id for contract in site.contracts),
            **{f"station of {p.id}": (station.id for station in p.stations) for p in site.platforms},
            **{f"unit of {yard.id}": (unit.id for unit in yard.units) for yard in yards},
            **{f"task of {yard.id}": (task.id for task in yard.tasks) for yard in yards},
        }
    )
    docks = [dock.id for dock in site.docks]
    check_known("dock", docks, ((f"vessel {vessel.id}", vessel.home_dock) for vessel in site.vessels))
    check_known("material", [material.id for material in site.materials], _materials_named(site))
    check_known("place", [yard.id for yard in yards], _places_named(site))
    check_known("fleet", fleets, ((f"link {link.id}", link.fleet) for link in site.links))
    for yard in yards:
        units = [unit.id for unit in yard.units]
        check_known("unit", units, ((f"task {task.id} of {yard.id}", task.unit) for task in yard.tasks))


def check_room(site: "Site") -> None:
    """Raise ValueError where something would come to lie where there is no room for it, or not enough."""
    stores = {yard.id: stores_at(yard.id, yard.stores) for yard in site.yards}
    for quay in (*site.docks, *site.platforms):
        if site.landed_material not in stores[quay.id]:
            raise ValueError(f"{quay.id} has no store for {site.landed_material}, which boats land there")
    for supply in site.supplies:
        check_supply(supply, stores[supply.place])
    for who, place, material in _flows(site):
        if material not in stores[place]:
            raise ValueError(f"{who} has {material} lie at {place}, which has no store for it")


def _flows(site: "Site") -> Iterator[tuple[str, str, str]]:
    """Yield (who, place, material) of all that tasks, links and contracts take from or give to a place."""
    for yard in site.yards:
        for task in yard.tasks:
            for name in (*(m for part in task.inputs for m in part.materials), *(o.material for o in task.outputs)):
                yield f"task {task.id} of {yard.id}", yard.id, name
    for link in site.links:
        for name in link.materials:
            yield f"link {link.id}", link.origin, name
            yield f"link {link.id}", link.target, name
    for contract in site.contracts:
        yield f"contract {contract.id}", contract.place, contract.material


def _materials_named(site: "Site") -> Iterator[tuple[str, str]]:
    yield "landed_material", site.landed_material
    for material in site.materials:
        if material.becomes is not None:
            yield f"material {material.id}", material.becomes
    for yard in site.yards:
        for store in yard.stores:
            for name in (*store.materials, *store.stock, *store.end_value_cny_per_t):
                yield f"a store of {yard.id}", name
    for supply in site.supplies:
        yield f"supply {supply.id}", supply.material
    for who, _, name in _flows(site):
        yield who, name


def _places_named(site: "Site") -> Iterator[tuple[str, str]]:
    for link in site.links:
        yield f"link {link.id}", link.origin
        yield f"link {link.id}", link.target
    for supply in site.supplies:
        yield f"supply {supply.id}", supply.place
    for contract in site.contracts:
        yield f"contract {contract.id}", contract.place
