"""The master program: which voyages are made and what becomes of their catch, as one program in PuLP.

With routes r of shift k(r), visits v of r, lot classes c, lines l, hours τ and deadlines e:

    minimise    Σ_r sailing_r · go_r − Σ_{r,v} worth_v · (tonnes_v · go_r − less_v)
                − Σ_{c,l} margin_{c,l} · sent_{c,l} + disposal · Σ_c disposed_c
    patch p:    Σ_{v at p} use_v · (tonnes_v · go_r − less_v) + left_p = biomass_p
    berth d,s:  Σ_{r calling at d in s} go_r + idle_{d,s} = berths_d
    shift k:    Σ_{r of k} go_r + stay_k = 1
    lot c:      Σ_{v landed as c} (tonnes_v · go_r − less_v) = Σ_l sent_{c,l} + disposed_c
    wait l,e,τ: held_{l,e,τ−1} + Σ_{c arriving at τ, due by e} sent_{c,l} = fed_{l,e,τ} + held_{l,e,τ}
    line l,τ:   Σ_e fed_{l,e,τ} + spare_{l,τ} = capacity_{l,τ}
    visit v:    less_v ≤ tonnes_v · go_r

all ≥ 0, ``go`` binary (relaxed to price voyages). ``less``, what a boat does not take though it has the time, stands in
the integer program only: in the relaxation a mix of voyages does the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from optimizer.ashore import Ashore
from optimizer.grid import Grid
from optimizer.pricing import Prices
from optimizer.route import Route, Visit

Terms = list[tuple[Any, float]]


@dataclass(frozen=True)
class Row:
    """What one route adds to the rows of the program."""

    cost_cny: float
    patch: dict[int, float]
    berth: dict[tuple[int, int], float]
    lot: dict[int, float]
    shift: int


class Master:
    """The program over given routes; built anew for every set of routes."""

    def __init__(
        self, grid: Grid, ashore: Ashore, routes: Sequence[Route], *, integral: bool, fixed: Sequence[Route] = ()
    ) -> None:
        """Pose the program over ``routes``, which may be made, and ``fixed``, which are and stand in no ``go``."""
        self.grid, self.ashore, self.routes = grid, ashore, tuple(routes)
        self.model = pulp.LpProblem("greentide", pulp.LpMinimize)
        self.rows: dict[str, Any] = {}
        """The rows that have prices, by name."""
        self._cost: Terms = []
        self._patch: list[Terms] = [[] for _ in grid.problem.patches]
        self._berth: dict[tuple[int, int], Terms] = {key: [] for key in _berth_steps(grid)}
        self._lot: list[Terms] = [[] for _ in ashore.classes]
        self._shift: list[Terms] = [[] for _ in grid.shifts]
        self._line: list[tuple[int, int]] = []
        self.go: list[Any] = []
        self.less: list[list[Any]] = []
        for number, route in enumerate(routes):
            self._add_route(number, route, integral)
        self.fixed_less = [self._add_fixed(number, route) for number, route in enumerate(fixed)]
        self._add_plants(integral)
        self._add_rows()

    def row(self, route: Route) -> Row:
        """Return the column of ``route``, everything collected that it has time for."""
        cost = route.sailing_cny
        patch: dict[int, float] = defaultdict(float)
        berth: dict[tuple[int, int], float] = defaultdict(float)
        lot: dict[int, float] = defaultdict(float)
        for trip in route.trips:
            for visit in trip.visits:
                cost -= self.worth(visit) * visit.total_t
                patch[visit.patch] += self.use(visit) * visit.total_t
            lot[self.ashore.class_of(trip.dock, trip.last, trip.oldest)] += trip.total_t
            for step in range(trip.first, trip.last):
                berth[trip.dock, step] += 1.0
        return Row(cost, dict(patch), dict(berth), dict(lot), self.grid.shift_row[route.outing])

    def worth(self, visit: Visit) -> float:
        """Return the mean worth of a tonne of ``visit``, CNY."""
        return _mean(self.grid.value_cny_per_t, visit)

    def use(self, visit: Visit) -> float:
        """Return the mean mass at sensing time that a tonne of ``visit`` uses up."""
        return _mean(self.grid.use_per_t, visit)

    def _add_route(self, number: int, route: Route, integral: bool) -> None:
        category = pulp.LpBinary if integral else pulp.LpContinuous
        go = self.model.add_variable(f"go_{number}", 0, 1 if integral else None, category)
        self.go.append(go)
        self._add_column(route, go)
        if integral:
            self.less.append(self._add_less(f"less_{number}", route, go))

    def _add_fixed(self, number: int, route: Route) -> list[Any]:
        made = self.model.add_variable(f"made_{number}", 1, 1)
        self._add_column(route, made)
        return self._add_less(f"waived_{number}", route, made)

    def _add_column(self, route: Route, go: Any) -> None:
        row = self.row(route)
        self._cost.append((go, row.cost_cny))
        for patch, used in row.patch.items():
            self._patch[patch].append((go, used))
        for key, taken in row.berth.items():
            self._berth[key].append((go, taken))
        for lot, tonnes in row.lot.items():
            self._lot[lot].append((go, tonnes))
        self._shift[row.shift].append((go, 1.0))

    def _add_less(self, name: str, route: Route, go: Any) -> list[Any]:
        variables: list[Any] = []
        for trip in route.trips:
            lot = self.ashore.class_of(trip.dock, trip.last, trip.oldest)
            for visit in trip.visits:
                less = self.model.add_variable(f"{name}_{len(variables)}", 0)
                variables.append(less)
                self.model += less - visit.total_t * go <= 0
                self._cost.append((less, self.worth(visit)))
                self._patch[visit.patch].append((less, -self.use(visit)))
                self._lot[lot].append((less, -1.0))
        return variables

    def _add_plants(self, integral: bool) -> None:
        arriving: dict[tuple[int, int], dict[int, Terms]] = defaultdict(lambda: defaultdict(list))
        for c, uses in enumerate(self.ashore.uses):
            if integral and not self._lot[c]:
                continue  # nothing can land as such a lot: only the relaxation needs its price
            disposed = self.model.add_variable(f"disposed_{c}", 0)
            self._cost.append((disposed, self.grid.problem.disposal_cny_per_t))
            self._lot[c].append((disposed, -1.0))
            for use in uses:
                sent = self.model.add_variable(f"sent_{c}_{use.line}", 0)
                self._cost.append((sent, -use.margin_cny_per_t))
                self._lot[c].append((sent, -1.0))
                arriving[use.line, use.deadline][use.arrives].append((sent, 1.0))
        fed_to: list[dict[int, Terms]] = [defaultdict(list) for _ in self.ashore.lines]
        for (line, deadline), arrivals in arriving.items():
            held: Any = None
            for step in range(min(arrivals), deadline):
                fed = self.model.add_variable(f"fed_{line}_{deadline}_{step}", 0)
                fed_to[line][step].append((fed, 1.0))
                balance = [*arrivals[step], (fed, -1.0)]
                if held is not None:
                    balance.append((held, 1.0))
                if step + 1 < deadline:
                    held = self.model.add_variable(f"held_{line}_{deadline}_{step}", 0)
                    balance.append((held, -1.0))
                self.model += pulp.LpAffineExpression(balance) == 0
        for line, steps in enumerate(fed_to):
            for step, terms in steps.items():
                spare = self.model.add_variable(f"spare_{line}_{step}", 0)
                self._line.append((line, step))
                limit = float(self.ashore.lines[line].capacity_t[step])
                self._add_row(f"line_{line}_{step}", pulp.LpAffineExpression([*terms, (spare, 1.0)]) == limit)

    def _add_row(self, name: str, row: Any) -> None:
        self.model.addConstraint(row, name)
        self.rows[name] = row

    def _add_rows(self) -> None:
        problem = self.grid.problem
        self.model.setObjective(pulp.LpAffineExpression(self._cost))
        for p, patch in enumerate(problem.patches):
            left = self.model.add_variable(f"left_{p}", 0)
            self._add_row(f"patch_{p}", pulp.LpAffineExpression([*self._patch[p], (left, 1.0)]) == patch.biomass_t)
        for (d, s), terms in self._berth.items():
            idle = self.model.add_variable(f"idle_{d}_{s}", 0)
            self._add_row(f"berth_{d}_{s}", pulp.LpAffineExpression([*terms, (idle, 1.0)]) == problem.docks[d].berths)
        for c, terms in enumerate(self._lot):
            if terms:
                self._add_row(f"lot_{c}", pulp.LpAffineExpression(terms) == 0)
        for k, terms in enumerate(self._shift):
            stay = self.model.add_variable(f"stay_{k}", 0)
            self._add_row(f"shift_{k}", pulp.LpAffineExpression([*terms, (stay, 1.0)]) == 1)

    def prices(self, dual: Mapping[str, float]) -> Prices:
        """Return the prices told by the duals of the relaxation's rows, minimising, by name."""
        grid = self.grid
        berth = np.zeros((len(grid.docks), grid.steps))
        for d, s in self._berth:
            berth[d, s] = max(-dual[f"berth_{d}_{s}"], 0.0)
        line = np.zeros((len(self.ashore.lines), self.ashore.steps))
        for number, step in self._line:
            line[number, step] = max(-dual[f"line_{number}_{step}"], 0.0)
        return Prices(
            patch=np.array([max(-dual[f"patch_{p}"], 0.0) for p in range(len(self._patch))]),
            berth=berth,
            landed=np.array([dual[f"lot_{c}"] for c in range(len(self._lot))]),
            shift=np.array([max(-dual[f"shift_{k}"], 0.0) for k in range(len(self._shift))]),
            line=line,
        )


def _mean(series: Any, visit: Visit) -> float:
    tonnes = np.array(visit.tonnes)
    return float(series[visit.patch, np.array(visit.steps)] @ tonnes / tonnes.sum())


def _berth_steps(grid: Grid) -> list[tuple[int, int]]:
    steps = sorted({step for outing in grid.outings for step in range(outing.first, outing.last)})
    return [(d, s) for d in range(len(grid.docks)) for s in steps if grid.open[d, s]]
