"""What of a plan that is carried out was begun by a moment: it is done to its end, and what it will give comes.

What begins at the very moment has not begun.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from documents.plan import Draw, Origin, Parcel, Plan, Stop, StopKind
from documents.problem import PlatformSpec, Problem
from documents.under_way import SECOND
from optimizer.clock import hour_of
from optimizer.series import mean_use

LEAST_T = 5e-4
"""What rounds to no kilogram does not lie anywhere."""


@dataclass(frozen=True)
class Coming:
    """What is left of a parcel that lies somewhere, or will come of what was begun."""

    parcel: Parcel
    tonnes: float
    time: datetime
    """From when it is there: at the soonest the moment."""
    name: str
    """Of the supply that it is from then on."""


class Begun:
    """What was begun of ``plan`` by ``at``."""

    def __init__(self, problem: Problem, plan: Plan, at: datetime) -> None:
        self.problem, self.plan, self.at = problem, plan, at
        self.voyages = [voyage for voyage in plan.voyages if voyage.stops[0].end < at]
        self.shifts = {(voyage.vessel_id, voyage.shift) for voyage in self.voyages}
        self.batches = [batch for batch in plan.batches if batch.start < at]
        self.hauls = [haul for haul in plan.hauls if haul.leave < at]
        self.sales = [sale for sale in plan.sales if sale.time < at]
        self.disposals = [disposal for disposal in plan.disposals if disposal.time < at]
        self.calls = [stop for stop in self._stops(StopKind.UNLOAD) if stop.end > at]
        """At quays, under way or still to come."""

    def used_t(self) -> dict[str, float]:
        """Return by patch what the visits use of its mass at sensing time, those still to come among them."""
        patches = {patch.id: patch for patch in self.problem.patches}
        used: dict[str, float] = defaultdict(float)
        for stop in self._stops(StopKind.COLLECT):
            if stop.patch_id is not None and stop.tonnes > 0.0:
                span = hour_of(self.problem, stop.start), hour_of(self.problem, stop.end)
                used[stop.patch_id] += stop.tonnes * mean_use(patches[stop.patch_id], *span)
        return used

    def sold_t(self, contract: str) -> tuple[float, float]:
        """Return what was sold under ``contract``, and what will be."""
        every = [sale for sale in self.plan.sales if sale.contract_id == contract]
        before = sum(sale.draw.tonnes for sale in every if sale.time < self.at)
        return before, sum(sale.draw.tonnes for sale in every) - before

    def coming(self) -> list[Coming]:
        """Return what lies at the moment, and what will come of what was begun."""
        drawn: dict[str, float] = defaultdict(float)
        for draw in self._draws():
            drawn[draw.parcel_id] += draw.tonnes
        taken = {supply.id for supply in self.problem.supplies if supply.time >= self.at}
        found: list[Coming] = []
        for parcel in self.plan.parcels:
            tonnes = round(parcel.tonnes - drawn[parcel.id], 6)
            if tonnes >= LEAST_T and self.is_given(parcel):
                name = _own_name(parcel.of if parcel.origin is Origin.SUPPLY else parcel.id, taken)
                found.append(Coming(parcel, tonnes, max(parcel.available, self.at), name))
        return found

    def is_given(self, parcel: Parcel) -> bool:
        """Return whether what gives ``parcel`` was begun."""
        if parcel.origin is Origin.LANDING:
            return any(stop.parcel_id == parcel.id for stop in self._stops(StopKind.UNLOAD))
        if parcel.origin is Origin.SUPPLY:
            return any(supply.id == parcel.of and supply.time < self.at for supply in self.problem.supplies)
        begun = self.batches if parcel.origin is Origin.BATCH else self.hauls
        return parcel.origin is Origin.STOCK or any(each.id == parcel.of for each in begun)

    def settled(self, platform: PlatformSpec) -> dict[int, str]:
        """Return where ``platform`` lies on days that were begun, or for which something that was begun is bound."""
        moored = {each.day: each.station_id for each in self.plan.moorings if each.platform_id == platform.id}
        bound = [(stop.start, stop.end) for stop in self.calls if stop.quay_id == platform.id]
        targets = {link.id: link.target for link in self.problem.links}
        bound += [(haul.arrive, haul.arrive) for haul in self.hauls if targets[haul.link_id] == platform.id]
        begun = {day for day, window in enumerate(platform.days) if window.start < self.at}
        for start, end in bound:
            around = [
                day
                for day, window in enumerate(platform.days)
                if day in moored and window.start - SECOND <= start and end <= window.end + SECOND
            ]
            begun.update(around[:1])
        settled = {day: station for day, station in moored.items() if day in begun}
        settled |= {lying.day: lying.station for lying in platform.lies}
        return {day: settled[day] for day in sorted(settled) if platform.days[day].end >= self.at}

    def _stops(self, kind: StopKind) -> Iterator[Stop]:
        return (stop for voyage in self.voyages for stop in voyage.stops if stop.kind is kind)

    def _draws(self) -> Iterator[Draw]:
        for batch in self.batches:
            yield from batch.draws
        for haul in self.hauls:
            yield from haul.draws
        yield from (sale.draw for sale in self.sales)
        yield from (disposal.draw for disposal in self.disposals)


def _own_name(name: str, taken: set[str]) -> str:
    """Return ``name``, cut and numbered where that must be, and add it to those that are ``taken``."""
    stem = name[:66].rstrip("-")
    own = next(each for n in range(len(taken) + 2) if (each := stem if n == 0 else f"{stem}-{n + 1}") not in taken)
    taken.add(own)
    return own
