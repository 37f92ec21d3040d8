"""The plan ashore, read parcel by parcel: what lies where, of which material and age, and what takes from it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property

from documents.base import Id
from documents.network import LinkSpec, PlaceSpec, TaskSpec
from documents.plan import Batch, Draw, Haul, Origin, Parcel, Plan
from documents.problem import Problem

ROUNDING = timedelta(seconds=1)
"""Plans are timed to the second: a batch that starts as a material turns still takes it as what it was."""
LEAST_T = 0.005
"""Tonnes below which a rest is that of rounding, and would be printed as 0.00."""


class Flow(Enum):
    """What brings tonnes to a place or takes them away; the values are the column heads."""

    STOCK = "期初"
    ARRIVED = "到料"
    MADE = "产出"
    TURNED = "转龄"
    """Signed: what a material loses by ageing, the one that it becomes gains."""
    USED = "投料"
    SENT = "外运"
    SOLD = "销售"
    DISPOSED = "处置"
    REST = "期末"


ENTRY = {
    Origin.STOCK: Flow.STOCK,
    Origin.LANDING: Flow.ARRIVED,
    Origin.HAUL: Flow.ARRIVED,
    Origin.SUPPLY: Flow.ARRIVED,
    Origin.BATCH: Flow.MADE,
}
IN, OUT = (Flow.STOCK, Flow.ARRIVED, Flow.MADE), (Flow.USED, Flow.SENT, Flow.SOLD, Flow.DISPOSED, Flow.REST)


@dataclass(frozen=True)
class Taking:
    """Tonnes out of a parcel."""

    parcel: Parcel
    tonnes: float
    time: datetime
    flow: Flow
    of: str
    """Id of the batch, the haul or the contract; "" of a disposal."""


@dataclass(frozen=True)
class Ledger:
    """A plan with its problem, looked up by id."""

    problem: Problem
    plan: Plan

    @cached_property
    def places(self) -> dict[Id, PlaceSpec]:
        """Return the places by id."""
        return {place.id: place for place in self.problem.places}

    @cached_property
    def tasks(self) -> dict[tuple[Id, Id], TaskSpec]:
        """Return the tasks by place and id."""
        return {(place.id, task.id): task for place in self.problem.places for task in place.tasks}

    @cached_property
    def links(self) -> dict[Id, LinkSpec]:
        """Return the links by id."""
        return {link.id: link for link in self.problem.links}

    @cached_property
    def parcels(self) -> dict[Id, Parcel]:
        """Return the parcels by id."""
        return {parcel.id: parcel for parcel in self.plan.parcels}

    @cached_property
    def batches(self) -> dict[Id, Batch]:
        """Return the batches by id."""
        return {batch.id: batch for batch in self.plan.batches}

    @cached_property
    def hauls(self) -> dict[Id, Haul]:
        """Return the hauls by id."""
        return {haul.id: haul for haul in self.plan.hauls}

    @cached_property
    def _materials(self) -> dict[Id, tuple[str, timedelta | None, Id | None]]:
        return {
            material.id: (
                material.name,
                None if material.shelf_life_h is None else timedelta(hours=material.shelf_life_h),
                material.becomes,
            )
            for material in self.problem.materials
        }

    def name(self, material: Id) -> str:
        """Return the name of a material."""
        return self._materials[material][0]

    def keeps(self, material: Id) -> bool:
        """Say whether a material lasts whatever its age."""
        return self._materials[material][1] is None

    def material(self, parcel: Parcel, moment: datetime) -> Id:
        """Return what ``parcel`` is at ``moment``, by its age."""
        material = parcel.material
        while True:
            _, life, later = self._materials[material]
            if life is None or later is None or moment - parcel.born <= life + ROUNDING:
                return material
            material = later

    def lying_at(self, place: Id) -> list[Parcel]:
        """Return the parcels that ever lie at ``place``, in the order in which they come."""
        return sorted((p for p in self.plan.parcels if p.place_id == place), key=lambda p: (p.available, p.id))

    @cached_property
    def takings(self) -> dict[Id, list[Taking]]:
        """Return what is taken out of each parcel, in time order."""
        found: dict[Id, list[Taking]] = defaultdict(list)

        def take(draws: tuple[Draw, ...], time: datetime, flow: Flow, of: str) -> None:
            for draw in draws:
                found[draw.parcel_id].append(Taking(self.parcels[draw.parcel_id], draw.tonnes, time, flow, of))

        for batch in self.plan.batches:
            take(batch.draws, batch.start, Flow.USED, batch.id)
        for haul in self.plan.hauls:
            take(haul.draws, haul.leave, Flow.SENT, haul.id)
        for sale in self.plan.sales:
            take((sale.draw,), sale.time, Flow.SOLD, sale.contract_id)
        for disposal in self.plan.disposals:
            take((disposal.draw,), disposal.time, Flow.DISPOSED, "")
        return {parcel: sorted(rows, key=lambda row: (row.time, row.of)) for parcel, rows in found.items()}

    @property
    def end(self) -> datetime:
        """Return the end of the horizon."""
        return self.problem.start + timedelta(hours=self.problem.horizon_h)

    def rest_t(self, parcel: Parcel) -> float:
        """Return what of ``parcel`` is left at the end of the horizon."""
        return parcel.tonnes - sum(taking.tonnes for taking in self.takings.get(parcel.id, ()))

    def account(self, place: Id) -> dict[Id, dict[Flow, float]]:
        """Return the tonnes of each material at ``place`` by flow: Σ IN + TURNED = Σ OUT."""
        book: dict[Id, dict[Flow, float]] = defaultdict(lambda: dict.fromkeys(Flow, 0.0))
        for parcel in self.lying_at(place):
            came = self.material(parcel, parcel.available)
            book[came][ENTRY[parcel.origin]] += parcel.tonnes
            goes = [(taking.time, taking.flow, taking.tonnes) for taking in self.takings.get(parcel.id, ())]
            for time, flow, tonnes in (*goes, (self.end, Flow.REST, self.rest_t(parcel))):
                as_what = self.material(parcel, time)
                book[as_what][flow] += tonnes
                book[came][Flow.TURNED] -= tonnes
                book[as_what][Flow.TURNED] += tonnes
        order = [material.id for material in self.problem.materials]
        return {material: book[material] for material in sorted(book, key=order.index)}

    def source(self, parcel: Parcel) -> Parcel:
        """Return the parcel that a haul drew ``parcel``, which it brings, from."""
        haul = self.hauls[parcel.of]
        return self.parcels[haul.draws[haul.parcels.index(parcel.id)].parcel_id]

    def is_catch(self, parcel: Parcel) -> bool:
        """Say whether boats landed ``parcel``, whatever hauls have carried it since, and nobody has processed it."""
        while parcel.origin is Origin.HAUL:
            parcel = self.source(parcel)
        return parcel.origin is Origin.LANDING
