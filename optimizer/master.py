"""The master program: which voyages are made and what becomes of their catch, as one program in PuLP.

With routes r of shift k(r), visits v of r, lots c, moorings m of platforms:

    minimise    Σ_r sailing_r · go_r − Σ_{r,v} worth_v · (tonnes_v · go_r − less_v) + Σ_m day · out_m + shore
    patch p:    Σ_{v at p} use_v · (tonnes_v · go_r − less_v) ≤ biomass_p
    berth d,s:  Σ_{r calling at d in s} go_r ≤ berths_d − held_{d,s}
    shift k:    Σ_{r of k} go_r ≤ 1;  with locks, Σ_{r of k} go_r + idle_k = 1
    use k,m:    Σ_{r of k calling at m} go_r ≤ out_m
    day y:      Σ_{m on y} out_m ≤ 1
    lot c:      Σ_{v landed as c} (tonnes_v · go_r − less_v) = landed_c
    visit v:    less_v ≤ tonnes_v · go_r
    aboard:     n ≤ number · Σ_{m on y} out_m,  as told in :mod:`optimizer.afloat`

all ≥ 0, ``go`` and ``out`` binary (relaxed to price voyages); the shore's own part is told in
:mod:`optimizer.shore`. All routes of a shift keep its locks (:mod:`optimizer.course`); that none is made, ``idle``,
costs more than any plan is worth. ``less``, what a boat does not take though it has the time, stands in the integer
program only: in the relaxation a mix of voyages does the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pulp

from optimizer.afloat import day_at, tied
from optimizer.ashore import Ceiling
from optimizer.column import Column, lot_of, use, worth
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.route import Route, Visit
from optimizer.shore import Shore, Terms

IDLE_CNY = 1e7
"""What it costs in the program to keep none of a shift's locks: it is done only where they cannot be kept; the plan is
then refused."""


class Master:
    """The program without routes, which come in later as columns of the solver's own model."""

    def __init__(
        self,
        grid: Grid,
        network: Network,
        lots: Sequence[Lot],
        *,
        integral: bool,
        afloat: bool = False,
    ) -> None:
        """Pose the program; ``lots`` are all that can be landed. ``afloat`` it knows the shore by its planes alone."""
        self.grid, self.network = grid, network
        self.model = pulp.LpProblem("greentide", pulp.LpMinimize)
        self.rows: dict[str, Any] = {}
        self._kind = pulp.LpInteger if integral else pulp.LpContinuous
        self._cost: Terms = []
        self._terms: dict[str, Terms] = defaultdict(list)
        self.ceiling = Ceiling(self.model, self._cost, lots) if afloat else None
        self.flows = (self.ceiling or Shore(network, self.model, self._cost, lots, integral=integral)).flows
        self._lot = {lot: f"lot_{number}" for number, lot in enumerate(self.flows.landed)}
        for lot, landed in self.flows.landed.items():
            self._terms[self._lot[lot]].append((landed, -1.0))
        self.out = self._moor()
        self.idle = {k: self.model.add_variable(f"idle_{k}", 0, 1) for k, must in enumerate(grid.must_go) if must}
        """By shift whose vessel must go, whether it does not."""
        self._cost += [(variable, IDLE_CNY) for variable in self.idle.values()]
        self._add_rows()
        if not network.optimistic:
            self._tie()
        self.model.setObjective(pulp.LpAffineExpression(self._cost))

    def entries(self, column: Column) -> Iterator[tuple[str, float]]:
        """Yield the names of the rows in which ``column`` stands, and what it adds."""
        for patch, used in column.patch.items():
            yield f"patch_{patch}", used
        for (quay, step), taken in column.berth.items():
            yield f"berth_{quay}_{step}", taken
        for lot, tonnes in column.lot.items():
            yield self._lot[lot], tonnes
        yield f"shift_{column.shift}", 1.0
        for mooring in sorted(column.moorings):
            yield f"use_{column.shift}_{mooring}", 1.0

    def lessened(self, route: Route) -> Iterator[tuple[Visit, float, dict[str, float]]]:
        """Yield every visit with what a tonne less taken costs, and what it adds to the rows."""
        for trip in route.trips:
            lot = self._lot[lot_of(self.grid, self.network, trip)]
            for visit in trip.visits:
                yield visit, worth(self.grid, visit), {f"patch_{visit.patch}": -use(self.grid, visit), lot: -1.0}

    def _moor(self) -> list[Any]:
        """Add where platforms lie; return ``out`` by mooring."""
        out: list[Any] = []
        for m, mooring in enumerate(self.grid.moorings):
            variable = self.model.add_variable(f"out_{m}", 0, 1, self._kind)
            out.append(variable)
            self._cost.append((variable, self.grid.day_cny(m)))
            self._terms[f"day_{mooring.platform}_{mooring.day}"].append((variable, 1.0))
            for k in self.grid.shifts_at(mooring):
                self._terms[f"use_{k}_{m}"].append((variable, -1.0))
        return out

    def _add_rows(self) -> None:
        problem = self.grid.problem
        for p, patch in enumerate(problem.patches):
            self._row(f"patch_{p}", patch.biomass_t)
        for d, s in _berth_steps(self.grid):
            # In continuous time a berth may be free for a part of a step: a bound does without what is held.
            held = 0 if self.network.optimistic else int(self.grid.held[d, s])
            self._row(f"berth_{d}_{s}", max(self.grid.quays[d].spec.berths - held, 0))
        for k in range(len(self.grid.shifts)):
            if k in self.idle:
                self._terms[f"shift_{k}"].append((self.idle[k], 1.0))
            self._row(f"shift_{k}", 1.0, is_equal=k in self.idle)
        for m, mooring in enumerate(self.grid.moorings):
            self._row(f"day_{mooring.platform}_{mooring.day}", 1.0)
            for k in self.grid.shifts_at(mooring):
                self._row(f"use_{k}_{m}", 0.0)
        for name in self._lot.values():
            self.rows[name] = pulp.LpAffineExpression(self._terms[name]) == 0
            self.model.addConstraint(self.rows[name], name)

    def _tie(self) -> None:
        """Let platforms lie out where anything is done aboard; planes of the shore leave that out."""
        for number, (count, most, days) in enumerate(tied(self.network, self.flows)):
            outs = [(out, -most) for m, out in enumerate(self.out) if day_at(self.grid, m) in days]
            self.model.addConstraint(pulp.LpAffineExpression([(count, 1.0), *outs]) <= 0, f"aboard_{number}")

    def _row(self, name: str, most: float, *, is_equal: bool = False) -> None:
        if name not in self.rows:
            terms = pulp.LpAffineExpression(self._terms[name])
            self.rows[name] = terms == most if is_equal else terms <= most
            self.model.addConstraint(self.rows[name], name)


def _berth_steps(grid: Grid) -> list[tuple[int, int]]:
    steps = sorted({step for outing in grid.outings for step in range(outing.first, outing.last)})
    return [(d, s) for d in range(len(grid.quays)) for s in steps if grid.open[d, s]]
