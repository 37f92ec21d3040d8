"""What keeps the shore from what must be: a contract's minimum, a lock of batches.

One thing after the other is set free in the program ashore, for just what boats land in the plan: the catch, each kind
of equipment, each fleet, the stores of each place, other contracts and locks. What helps most is in the way.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import highspy

from documents.errors import InputError
from optimizer import solvers
from optimizer.network import Lot
from optimizer.relaxation import Base
from optimizer.shore import Flows

MISSED_T = 1e-3
"""Less than this short of a contract is rounding."""
MISSED_BATCHES = 0.5
"""Batches are whole."""
HELPS = 1e-3
"""Less than this does not help."""
Free = Callable[["_Ashore"], None]


def check_limits(base: Base, flows: Flows) -> None:
    """Raise InputError where ``flows`` miss a contract's minimum or a lock of batches."""
    problem = base.grid.problem
    for number, missed_t in flows.missed.items():
        if missed_t > MISSED_T:
            contract = problem.contracts[number]
            limit = _limit(base, flows, f"least_{number}", base.master.flows.missed[number])
            raise InputError(
                f"Contract {contract.id} asks for {contract.min_t:g} t of {contract.material} at {contract.place}, and"
                f" catch, stocks and lines of the problem make {contract.min_t - missed_t:.1f} t at most, limited by"
                f" {limit}: lower its minimum or give it more time."
            )
    for number, missed in flows.unkept.items():
        if missed > MISSED_BATCHES:
            lock = problem.orders.batches[number]
            limit = _limit(base, flows, f"locked_{number}", base.master.flows.unkept[number])
            raise InputError(
                f"Lock {lock.id} asks for {lock.number} batches of {lock.task} at {lock.place}, and"
                f" {lock.number - round(missed)} can start there in its window, limited by {limit}."
            )


def _limit(base: Base, flows: Flows, own: str, missed: Any) -> str:
    """Return what helps the row ``own`` most when it is gone; ``missed`` tells by how much that falls short."""
    landed = flows.landed
    least = _Ashore(base, landed).short(missed)
    best, told = least - HELPS, ""
    every = [(name, free) for name, free in _things(base) if name != own]
    for name, free in every:
        ashore = _Ashore(base, landed)
        free(ashore)
        short = ashore.short(missed)
        if short < best:
            best, told = short - HELPS, name
    if told:
        return told
    ashore = _Ashore(base, landed)
    for _, free in every:
        free(ashore)
    if ashore.short(missed) < least - HELPS:
        return "several things at once: equipment, vehicles, stores and what boats land"
    return "its window and the hours that processing takes, or whole batches"


def _things(base: Base) -> Iterator[tuple[str, Free]]:
    """Yield what may be in the way, by name, and how it is set free."""
    problem, flows = base.grid.problem, base.master.flows
    yield "what boats land", _Ashore.land_anything
    for p, place in enumerate(problem.places):
        for u, unit in enumerate(place.units):
            runs = [n for (w, _), n in flows.batches.items() if base.network.works[w].unit == (p, u)]
            yield f"unit {unit.id} of {place.id}", _freed(f"unit_{p}_{u}_", runs)
        yield f"the stores of {place.id}", _freed(f"store_{p}_", [])
    for f, fleet in enumerate(problem.fleets):
        trips = [n for (number, _), n in flows.trips.items() if base.network.ways[number].fleet == f]
        yield f"fleet {fleet.id}", _freed(f"fleet_{f}_", trips)
    for k, contract in enumerate(problem.contracts):
        yield f"contract {contract.id}", _freed(f"least_{k}", [])
    for j, lock in enumerate(problem.orders.batches):
        yield f"lock {lock.id}", _freed(f"locked_{j}", [])


def _freed(rows: str, counts: list[Any]) -> Free:
    return lambda ashore: ashore.free(rows, counts)


class _Ashore:
    """The program ashore for what is ``landed``, batches and trips in fractions."""

    def __init__(self, base: Base, landed: Mapping[Lot, float]) -> None:
        self.base, self.solver = base, solvers.linear(base.model.getLp())
        for lot, row in zip(base.lots, base.lot_rows, strict=True):
            tonnes = float(landed.get(lot, 0.0))
            self.solver.changeRowBounds(int(row), -tonnes, -tonnes)

    def land_anything(self) -> None:
        """Let boats land what they may."""
        for row in self.base.lot_rows:
            self.solver.changeRowBounds(int(row), -highspy.kHighsInf, 0.0)

    def free(self, rows: str, counts: list[Any]) -> None:
        """Let the row ``rows``, or those whose names begin so, be no limit, nor how many of ``counts`` there may be."""
        for row in self.base.master.model.constraints():
            name = row.name or ""
            if name == rows or (rows.endswith("_") and name.startswith(rows)):
                self.solver.changeRowBounds(int(row.index), -highspy.kHighsInf, highspy.kHighsInf)
        for count in counts:
            self.solver.changeColBounds(int(count.index), 0.0, highspy.kHighsInf)

    def short(self, missed: Any) -> float:
        """Return by how much it falls short."""
        self.solver.run()
        return float(self.solver.getSolution().col_value[missed.index])
