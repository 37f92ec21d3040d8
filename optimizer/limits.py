"""What keeps the shore from what must be: a contract's minimum, a lock of batches.

Before the search it is told what cannot be whatever boats land, as long as that is no more than there is and than they
can collect; after it, what could not be with what they do land. One thing after the other is set free in the program
ashore: the catch, each kind of equipment, each fleet, the stores of each place, other contracts and locks. What helps
most is in the way.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from documents.errors import InputError
from optimizer import solvers
from optimizer.afloat import tied
from optimizer.relaxation import Base
from optimizer.shore import Flows
from optimizer.solvers import highspy

MISSED_T = 1e-3
"""Less than this short of a contract is rounding."""
MISSED_BATCHES = 0.5
"""Batches are whole."""
HELPS = 1e-3
"""Less than this does not help."""
Free = Callable[["_Ashore"], None]
Pose = Callable[[], "_Ashore"]
"""Poses the program ashore."""


def check_capacity(base: Base) -> None:
    """Raise InputError where a contract's minimum or a lock of batches cannot be, whatever voyages there are."""
    contracts, locks = base.grid.problem.contracts, base.grid.problem.orders.batches
    if not locks and all(contract.min_t <= 0.0 for contract in contracts):
        return
    most_t = _most_t(base)

    def pose() -> _Ashore:
        ashore = _Ashore(base)
        ashore.land_at_most(most_t)
        return ashore

    posed = pose()
    for number, missed in base.master.flows.missed.items():
        _check_contract(base, pose, number, posed.short(missed))
    for number, unkept in base.master.flows.unkept.items():
        _check_lock(base, pose, number, math.ceil(posed.short(unkept) - HELPS))


def check_limits(base: Base, flows: Flows) -> None:
    """Raise InputError where ``flows`` miss a contract's minimum or a lock of batches."""

    def pose() -> _Ashore:
        ashore = _Ashore(base)
        ashore.land([float(flows.landed.get(lot, 0.0)) for lot in base.lots])
        return ashore

    for number, missed_t in flows.missed.items():
        _check_contract(base, pose, number, missed_t)
    for number, missed in flows.unkept.items():
        _check_lock(base, pose, number, round(missed))


def _check_contract(base: Base, pose: Pose, number: int, missed_t: float) -> None:
    if missed_t > MISSED_T:
        contract = base.grid.problem.contracts[number]
        limit = _limit(base, pose, f"contract {contract.id}", base.master.flows.missed[number])
        raise InputError(
            f"Contract {contract.id} asks for {contract.min_t:g} t of {contract.material} at {contract.place}, and"
            f" catch, stocks and lines of the problem make {contract.min_t - missed_t:.1f} t at most, limited by"
            f" {limit}: lower its minimum or give it more time."
        )


def _check_lock(base: Base, pose: Pose, number: int, missed: int) -> None:
    if missed > 0:
        lock = base.grid.problem.orders.batches[number]
        limit = _limit(base, pose, f"lock {lock.id}", base.master.flows.unkept[number])
        raise InputError(
            f"Lock {lock.id} asks for {lock.number} batches of {lock.task} at {lock.place}, and"
            f" {lock.number - missed} can start there in its window, limited by {limit}."
        )


def _most_t(base: Base) -> float:
    """Return no less than what all voyages together can land: what there is, and what there is time to collect."""
    grid = base.grid
    use = np.where(grid.workable, grid.use_per_t, np.inf).min(axis=1, initial=np.inf)
    there = float((np.array([patch.biomass_t for patch in grid.problem.patches]) / use).sum())
    vessels = grid.problem.vessels
    return min(there, sum(vessels[o.vessel].collect_t_per_h * (o.end_h - o.start_h) for o in grid.outings))


def _limit(base: Base, pose: Pose, own: str, missed: Any) -> str:
    """Return what helps most when it is gone, other than what is called ``own``; ``missed`` tells how much is short."""
    least = pose().short(missed)
    best, told = least - HELPS, ""
    every = [(name, free) for name, free in _things(base) if name != own]
    for name, free in every:
        ashore = pose()
        free(ashore)
        short = ashore.short(missed)
        if short < best:
            best, told = short - HELPS, name
    if told:
        return told
    ashore = pose()
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
    """The program ashore, batches and trips in fractions; nothing lands before it is told what does."""

    def __init__(self, base: Base) -> None:
        self.base, self.solver = base, solvers.linear(base.model.getLp())

    def land(self, tonnes: Sequence[float]) -> None:
        """Let ``tonnes`` of each lot land."""
        for row, each in zip(self.base.lot_rows, tonnes, strict=True):
            self.solver.changeRowBounds(int(row), -each, -each)

    def land_at_most(self, most_t: float) -> None:
        """Let boats land what they may of each lot, up to ``most_t`` of all together."""
        self.land_anything()
        landed = np.array([variable.index for variable in self.base.master.flows.landed.values()], np.int32)
        self.solver.addRow(-highspy.kHighsInf, most_t, len(landed), landed, np.ones(len(landed)))

    def land_anything(self) -> None:
        """Let boats land what they may."""
        for row in self.base.lot_rows:
            self.solver.changeRowBounds(int(row), -highspy.kHighsInf, 0.0)
        for row in range(self.base.model.getNumRow(), self.solver.getNumRow()):
            self.solver.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)

    def free(self, rows: str, counts: list[Any]) -> None:
        """Let the row ``rows``, or those whose names begin so, be no limit, nor how many of ``counts`` there may be.

        Those aboard a platform need not wait for a day that it lies out.
        """
        free = {count.index for count in counts}
        aboard = enumerate(tied(self.base.network, self.base.master.flows))
        names = {f"aboard_{number}" for number, each in aboard if each.variable.index in free}
        for row in self.base.master.model.constraints():
            name = row.name or ""
            if name == rows or name in names or (rows.endswith("_") and name.startswith(rows)):
                self.solver.changeRowBounds(int(row.index), -highspy.kHighsInf, highspy.kHighsInf)
        for count in counts:
            self.solver.changeColBounds(int(count.index), 0.0, highspy.kHighsInf)

    def short(self, missed: Any) -> float:
        """Return by how much it falls short."""
        self.solver.run()
        return float(self.solver.getSolution().col_value[missed.index])
