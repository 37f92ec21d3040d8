"""From tonnes by pool to parcels: who took what from which landing, to the kilogram.

Within a pool the eldest parcel goes first. Every figure is a whole number of kilograms; what rounding leaves over in a
pool that the program empties is disposed of with its last tonnes.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from documents.network import OutputSpec
from documents.plan import Batch, Disposal, Draw, Haul, Origin, Parcel, Sale
from optimizer.clock import hour_of
from optimizer.network import Lot, Network, Pool
from optimizer.shore import Flows

LEAST_KG = 1
"""Less than half a kilogram is the solver's noise."""


@dataclass
class Books:
    """All that happens ashore."""

    parcels: list[Parcel] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    hauls: list[Haul] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    disposals: list[Disposal] = field(default_factory=list)


@dataclass
class _Lying:
    """A parcel and what is left of it."""

    parcel: Parcel
    kg: int


def keep_books(network: Network, landings: Sequence[tuple[Parcel, Lot]], flows: Flows) -> Books:
    """Return the books for ``landings``, each as the lot it was planned as, and the ``flows`` of just these tonnes."""
    return _Clerk(network, flows).run(landings)


class _Clerk:
    """Goes through the moments in order."""

    def __init__(self, network: Network, flows: Flows) -> None:
        self.network, self.problem, self.flows = network, network.problem, flows
        self.books = Books()
        self.lying: dict[Pool, list[_Lying]] = defaultdict(list)
        self.coming: dict[int, list[tuple[Pool, _Lying]]] = defaultdict(list)
        """By the moment from which it counts."""
        self.busy_until: dict[tuple[str, int, int], list[float]] = {}
        self.owed_kg: dict[tuple[int, str], float] = defaultdict(float)
        """By work and material, what batches so far gave less for whole kilograms."""
        self.last_out = self._last_out()

    def run(self, landings: Sequence[tuple[Parcel, Lot]]) -> Books:
        self._open(landings)
        for moment in range(self.network.last + 1):
            for pool, lying in self.coming.pop(moment, []):
                self._put(pool, lying)
            self._sell(moment)
            self._batch(moment)
            self._haul(moment)
            self._dump(moment)
        return self.books

    def _open(self, landings: Sequence[tuple[Parcel, Lot]]) -> None:
        problem = self.problem
        for parcel, lot in landings:
            self._expect(parcel, lot.moment)
        for number, supply in enumerate(problem.supplies):
            if _kg(supply.tonnes) > 0:
                parcel = Parcel(
                    id=f"supply-{supply.id}", place_id=supply.place, material=supply.material,
                    tonnes=_kg(supply.tonnes) / 1000, available=supply.time, born=supply.since,
                    origin=Origin.SUPPLY, of=supply.id,
                )  # fmt: skip
                self._expect(parcel, refused_kg=_kg(self.flows.refused[number]))
        for place in problem.places:
            for store in place.stores:
                for material, tonnes in store.stock.items():
                    if _kg(tonnes) > 0:
                        parcel = Parcel(
                            id=f"stock-{place.id}-{material}", place_id=place.id, material=material,
                            tonnes=_kg(tonnes) / 1000, available=problem.start, born=problem.start,
                            origin=Origin.STOCK, of="",
                        )  # fmt: skip
                        self._expect(parcel)

    def _expect(self, parcel: Parcel, counts_from: int = 0, refused_kg: int = 0) -> None:
        """Let ``parcel`` lie from the moment that it counts from; ``refused_kg`` are disposed of as they come."""
        network = self.network
        pool = network.pool(
            network.place_of[parcel.place_id], network.material_of[parcel.material], hour_of(self.problem, parcel.born)
        )
        self.books.parcels.append(parcel)
        if refused_kg > 0:
            draw = Draw(parcel_id=parcel.id, tonnes=refused_kg / 1000)
            self.books.disposals.append(Disposal(time=parcel.available, draw=draw))
        moment = max(network.moment_in(hour_of(self.problem, parcel.available)), counts_from)
        self.coming[moment].append((pool, _Lying(parcel, _kg(parcel.tonnes) - refused_kg)))

    def _put(self, pool: Pool, lying: _Lying) -> None:
        self.lying[pool].append(lying)
        self.lying[pool].sort(key=lambda lying: (lying.parcel.born, lying.parcel.id))

    def _last_out(self) -> dict[Pool, int]:
        """Return, by pool, the moment after which the program holds nothing in it."""
        last: dict[Pool, int] = {}
        for (pool, moment), tonnes in self.flows.held.items():
            if tonnes * 1000 >= LEAST_KG / 2:
                last[pool] = max(last.get(pool, 0), moment + 1)
        return last

    def _draw(self, pool: Pool, kg: int) -> list[Draw]:
        """Take up to ``kg`` out of ``pool``, the eldest first."""
        draws: list[Draw] = []
        for lying in self.lying[pool]:
            part = min(lying.kg, kg)
            if part > 0:
                draws.append(Draw(parcel_id=lying.parcel.id, tonnes=part / 1000))
                lying.kg -= part
                kg -= part
        self.lying[pool] = [lying for lying in self.lying[pool] if lying.kg > 0]
        return draws

    def _time(self, hours: float) -> datetime:
        return self.problem.start + timedelta(seconds=round(hours * 3600))

    def _at(self, moment: int) -> datetime:
        return self._time(moment * self.network.step_h)

    def _sell(self, moment: int) -> None:
        for (k, pool, at), tonnes in self.flows.sold.items():
            if at == moment:
                for draw in self._draw(pool, _kg(tonnes)):
                    contract = self.problem.contracts[k]
                    self.books.sales.append(Sale(contract_id=contract.id, time=self._at(moment), draw=draw))

    def _batch(self, moment: int) -> None:
        for (w, at), count in self.flows.batches.items():
            number = round(count)
            if at != moment or number == 0:
                continue
            parts = [self._taken(w, i, moment) for i in range(len(self.network.works[w].spec.inputs))]
            for k in range(number):
                draws = [draw for part in parts for draw in self._share(part, k, number)]
                if draws:
                    self._run_batch(w, moment, draws)

    def _taken(self, w: int, i: int, moment: int) -> list[tuple[Pool, int]]:
        taken = self.flows.taken.items()
        return [(pool, _kg(tonnes)) for (ww, ii, pool, at), tonnes in taken if (ww, ii, at) == (w, i, moment)]

    def _share(self, part: list[tuple[Pool, int]], k: int, number: int) -> list[Draw]:
        """Return the draws of the ``k``-th of ``number`` batches: as even as whole kilograms are."""
        total = sum(kg for _, kg in part)
        first, last = total * k // number, total * (k + 1) // number
        draws: list[Draw] = []
        begins = 0
        for pool, kg in part:
            here = min(last, begins + kg) - max(first, begins)
            begins += kg
            if here > 0:
                draws += self._draw(pool, here)
        return draws

    def _run_batch(self, w: int, moment: int, draws: list[Draw]) -> None:
        work = self.network.works[w]
        place = self.problem.places[work.place]
        tonnes = round(sum(draw.tonnes for draw in draws), 3)
        number = len([batch for batch in self.books.batches if batch.place_id == place.id])
        name = f"{place.id}-{work.spec.id}-{number + 1}"
        ends_h = moment * self.network.step_h + work.spec.hours
        units = place.units[work.unit[1]]
        free_h = self._free_h(units.number, units.free_from)
        unit = self._occupy(("unit", *work.unit), free_h, moment * self.network.step_h, ends_h)
        outputs: list[str] = []
        for output in work.spec.outputs:
            made_kg = self._made_kg(w, output, tonnes)
            if made_kg > 0:
                parcel = Parcel(
                    id=f"{name}-{output.material}", place_id=place.id, material=output.material, tonnes=made_kg / 1000,
                    available=self._time(ends_h), born=self._time(ends_h), origin=Origin.BATCH, of=name,
                )  # fmt: skip
                outputs.append(parcel.id)
                pool = self.network.pool(work.place, self.network.material_of[output.material], ends_h)
                self._expect(parcel, refused_kg=0 if self.network.may_come(pool, ends_h) else made_kg)
        self.books.batches.append(
            Batch(
                id=name, place_id=place.id, task_id=work.spec.id, unit=unit, start=self._at(moment),
                end=self._time(ends_h), draws=tuple(draws), tonnes=tonnes, outputs=tuple(outputs),
            )
        )  # fmt: skip

    def _made_kg(self, w: int, output: OutputSpec, tonnes: float) -> int:
        """Return what a batch of ``tonnes`` gives in whole kilograms: with those before it no more than the yield.

        What rounds to none is none, and what rounds to one is one.
        """
        exact = output.yield_mid * tonnes * 1000
        owed = self.owed_kg[w, output.material] + exact
        made = min(max(math.floor(owed + 1e-6), 1), math.ceil(exact - 1e-6)) if round(exact / 1000, 3) > 0 else 0
        self.owed_kg[w, output.material] = owed - made
        return made

    def _haul(self, moment: int) -> None:
        loads: dict[int, list[tuple[Pool, int]]] = defaultdict(list)
        for (number, pool, at), tonnes in self.flows.hauled.items():
            if at == moment and _kg(tonnes) >= LEAST_KG:
                loads[number].append((pool, _kg(tonnes)))
        for number, parts in loads.items():
            payload = math.floor(self.network.ways[number].spec.payload_t * 1000)
            trips = max(math.ceil(sum(kg for _, kg in parts) / payload), 1)
            for k in range(trips):
                draws = self._share(parts, k, trips)
                if draws:
                    self._go(number, moment, draws)

    def _go(self, number: int, moment: int, draws: list[Draw]) -> None:
        way = self.network.ways[number]
        fleet = self.problem.fleets[way.fleet]
        leaves_h = moment * self.network.step_h
        free_h = self._free_h(fleet.number, fleet.free_from)
        vehicle = self._occupy(("fleet", way.fleet, 0), free_h, leaves_h, leaves_h + way.spec.turnaround_h)
        name = f"{way.spec.id}-{len([haul for haul in self.books.hauls if haul.link_id == way.spec.id]) + 1}"
        known = {parcel.id: parcel for parcel in self.books.parcels}
        arrives = self._time(leaves_h + way.spec.hours)
        parcels: list[str] = []
        for k, draw in enumerate(draws):
            drawn = known[draw.parcel_id]
            parcel = Parcel(
                id=f"{name}-{k + 1}", place_id=way.spec.target, material=drawn.material, tonnes=draw.tonnes,
                available=arrives, born=drawn.born, origin=Origin.HAUL, of=name,
            )  # fmt: skip
            parcels.append(parcel.id)
            self._expect(parcel)
        self.books.hauls.append(
            Haul(
                id=name, link_id=way.spec.id, vehicle=vehicle, leave=self._at(moment), arrive=arrives,
                draws=tuple(draws), tonnes=round(sum(draw.tonnes for draw in draws), 3), parcels=tuple(parcels),
            )
        )  # fmt: skip

    def _free_h(self, number: int, free_from: Sequence[datetime]) -> list[float]:
        """Return from when each of ``number`` alike is free."""
        return [*(hour_of(self.problem, time) for time in free_from), *[0.0] * (number - len(free_from))]

    def _occupy(self, key: tuple[str, int, int], free_h: list[float], begins_h: float, ends_h: float) -> int:
        """Return the first of those alike that is free, and take it; at first they are from ``free_h`` on."""
        free_from = self.busy_until.setdefault(key, free_h)
        which = next(n for n, hours in enumerate(free_from) if hours <= begins_h + 1e-9)
        free_from[which] = ends_h
        return which

    def _dump(self, moment: int) -> None:
        for (pool, at), tonnes in self.flows.dumped.items():
            if at == moment:
                self._dispose(pool, moment, _kg(tonnes))
        for pool, lying in self.lying.items():
            if lying and self.last_out.get(pool, moment) <= moment and not self._is_stock(pool):
                self._dispose(pool, moment, sum(each.kg for each in lying))

    def _is_stock(self, pool: Pool) -> bool:
        return bool(self.flows.held.get((pool, self.network.last), 0.0) * 1000 >= LEAST_KG / 2)

    def _dispose(self, pool: Pool, moment: int, kg: int) -> None:
        for draw in self._draw(pool, kg):
            self.books.disposals.append(Disposal(time=self._at(moment), draw=draw))


def _kg(tonnes: float) -> int:
    return round(tonnes * 1000)
