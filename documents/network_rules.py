"""Does a process network hold together: the ages of its materials, and the room for what comes to lie somewhere?

The rules that it obeys stand in :mod:`documents.problem`; a site's network obeys them too.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from documents.network import MaterialSpec, StoreSpec, SupplySpec

if TYPE_CHECKING:
    from documents.site_network import Supply


def check_ages(materials: Sequence[MaterialSpec]) -> None:
    """Raise ValueError unless a material that ages becomes one that lives longer, and nothing keeps that once aged."""
    known = {material.id: material for material in materials}
    for material in materials:
        if material.becomes is None:
            continue
        later = known[material.becomes]
        if material.shelf_life_h is None:
            raise ValueError(f"material {material.id} keeps, so it becomes nothing")
        if later.shelf_life_h is not None and later.shelf_life_h <= material.shelf_life_h:
            raise ValueError(f"material {later.id} must live longer than {material.id}, which becomes it")


def stores_at(place: str, stores: Sequence[StoreSpec]) -> dict[str, StoreSpec]:
    """Return by material the store that takes it at ``place``; raise ValueError where the stores contradict that."""
    taken: dict[str, StoreSpec] = {}
    for store in stores:
        for material in store.materials:
            if material in taken:
                raise ValueError(f"place {place} has two stores for {material}")
            taken[material] = store
        for material in (*store.stock, *store.end_value_cny_per_t):
            if material not in store.materials:
                raise ValueError(f"a store of {place} holds or values {material}, which is not among its materials")
        name = "+".join(store.materials)
        if min(store.stock.values(), default=0.0) < 0:
            raise ValueError(f"the store {name} of {place} begins with less than nothing")
        if sum(store.stock.values()) > store.capacity_t:
            raise ValueError(f"the store {name} of {place} begins with more than its {store.capacity_t:g} t")
    return taken


def check_supply(supply: "SupplySpec | Supply", stores: Mapping[str, StoreSpec]) -> None:
    """Raise ValueError where ``supply`` brings what no one of its place's ``stores`` takes, or more than one holds."""
    if isinstance(supply, SupplySpec) and supply.born is not None:
        return  # it has aged, and part of it may leave as it comes
    store = stores.get(supply.material)
    if store is None:
        raise ValueError(f"supply {supply.id} brings {supply.material} to {supply.place}, which has no store for it")
    if supply.tonnes > store.capacity_t:
        raise ValueError(
            f"supply {supply.id} brings {supply.tonnes:g} t to {supply.place}, whose store {'+'.join(store.materials)}"
            f" holds {store.capacity_t:g} t"
        )
