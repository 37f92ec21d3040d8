"""Does a site hold together: its names, its materials' ages, and the room where things come to lie?"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from documents.names import check_known, check_own
from documents.network import MaterialSpec

if TYPE_CHECKING:
    from documents.site import Site
    from documents.site_network import Yard


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


def check_ages(materials: Sequence[MaterialSpec]) -> None:
    """Raise ValueError unless whatever ages becomes what lives longer, as the rules of the problem ask."""
    known = {material.id: material for material in materials}
    for material in materials:
        if material.becomes is None:
            continue
        later = known[material.becomes]
        if material.shelf_life_h is None:
            raise ValueError(f"material {material.id} keeps, so it becomes nothing")
        if later.shelf_life_h is not None and later.shelf_life_h <= material.shelf_life_h:
            raise ValueError(f"material {later.id} must live longer than {material.id}, which becomes it")


def check_room(site: "Site") -> None:
    """Raise ValueError where something would come to lie where there is no room for it, or not enough."""
    room = {yard.id: _room(yard) for yard in site.yards}
    for quay in (*site.docks, *site.platforms):
        if site.landed_material not in room[quay.id]:
            raise ValueError(f"{quay.id} has no store for {site.landed_material}, which boats land there")
    for supply in site.supplies:
        if supply.tonnes > room[supply.place].get(supply.material, 0.0):
            raise ValueError(f"supply {supply.id} brings more {supply.material} than {supply.place} has room for")
    for who, place, material in _flows(site):
        if material not in room[place]:
            raise ValueError(f"{who} has {material} lie at {place}, which has no store for it")


def _room(yard: "Yard") -> dict[str, float]:
    """Return the capacity in tonnes of the store of each material at ``yard``."""
    room: dict[str, float] = {}
    for store in yard.stores:
        for material in store.materials:
            if material in room:
                raise ValueError(f"place {yard.id} has two stores for {material}")
            room[material] = store.capacity_t
        for material in (*store.stock, *store.end_value_cny_per_t):
            if material not in store.materials:
                raise ValueError(f"a store of {yard.id} holds or values {material}, which is not among its materials")
        if min(store.stock.values(), default=0.0) < 0:
            raise ValueError(f"a store of {yard.id} begins with less than nothing")
        if sum(store.stock.values()) > store.capacity_t:
            raise ValueError(f"a store of {yard.id} begins with more than its {store.capacity_t:g} t")
    return room


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
