"""Which figures of the problem are editable defaults: the site says so of what the problem was made from."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from documents.base import Id
from documents.network import ContractSpec, StoreSpec
from documents.site import Site, Sourced
from service.papers.words import mark


@dataclass(frozen=True)
class Marks:
    """（示例） for what the site marks so; nothing for the rest, and for what the site does not know."""

    site: Site

    def vessel(self, vessel: Id) -> str:
        """Return the mark of a vessel."""
        return self._mark("vessel", vessel)

    def fleet(self, fleet: Id) -> str:
        """Return the mark of a fleet."""
        return self._mark("fleet", fleet)

    def material(self, material: Id) -> str:
        """Return the mark of a material: of its shelf life and what its disposal costs."""
        return self._mark("material", material)

    def place(self, place: Id) -> str:
        """Return the mark of a dock, platform or plant itself, apart from what it has."""
        return self._mark("place", place)

    def store(self, place: Id, store: StoreSpec) -> str:
        """Return the mark of a store: no other of the place takes the same materials."""
        return self._mark("store", place, store.materials)

    def unit(self, place: Id, unit: Id) -> str:
        """Return the mark of a unit."""
        return self._mark("unit", place, unit)

    def task(self, place: Id, task: Id) -> str:
        """Return the mark of a task."""
        return self._mark("task", place, task)

    def contract(self, contract: ContractSpec) -> str:
        """Return the mark of a contract: it is one day's of the site's of that name at that place."""
        return self._mark("contract", contract.place, contract.name)

    def _mark(self, *key: Hashable) -> str:
        return mark(self._sources[key]) if key in self._sources else ""

    @cached_property
    def _sources(self) -> dict[tuple[Hashable, ...], Sourced]:
        return dict(_sources(self.site))


def _sources(site: Site) -> Iterator[tuple[tuple[Hashable, ...], Sourced]]:
    named: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("vessel", site.vessels),
        ("fleet", site.fleets),
        ("material", site.materials),
        ("place", site.yards),
    )
    for kind, items in named:
        for item in items:
            yield (kind, item.id), item
    for yard in site.yards:
        yield from ((("store", yard.id, store.materials), store) for store in yard.stores)
        yield from ((("unit", yard.id, unit.id), unit) for unit in yard.units)
        yield from ((("task", yard.id, task.id), task) for task in yard.tasks)
    for contract in site.contracts:
        yield ("contract", contract.place, contract.name), contract
