"""When every visit is made, how many tonnes it takes and what becomes of them ashore: the last programs, in PuLP.

The order of stops stands. With visits v, calls c:

    minimise    − Σ_v worth_v · taken_v + cost of hours out + shore
    hold c:     Σ_{v of c} taken_v ≤ capacity
    patch p:    Σ_{v at p} use_v · taken_v ≤ biomass_p
    lot:        Σ_{v landed as it} taken_v = landed
    and the times of :mod:`optimizer.schedule`

What a tonne is worth changes with the time of its visit: taken_v · worth_v is told to the first order around the times
and tonnes so far. The times are told with fractions of batches and trips first, and told again, as worth and ways
change with them; then batches, trips of vehicles and days out are counted in whole numbers. Tonnes are rounded down to
kilograms at last, and the rest is told for these very tonnes.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pulp

from optimizer.afloat import Day, called, day_at, tied
from optimizer.ashore import Ashore, Ceiling
from optimizer.berths import berthed
from optimizer.column import lot_of
from optimizer.effort import COUNTING_SHARE, Effort
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.route import Route
from optimizer.schedule import add_times, add_wishes, keep_near
from optimizer.schedule import timed as timed_by
from optimizer.sea import Sea
from optimizer.series import mean_use, mean_value
from optimizer.shore import Flows, Shore, Terms
from optimizer.solvers import SOLVED, solver
from optimizer.stops import LOCKED_T, Wishes
from optimizer.timing import TimedRoute, TimedTrip, TimedVisit, on_the_grid, sailed, visits_of, ways_s

SPARE_T = 2e-3
"""Kept free in a hold's time at the berth and in a patch: rounding tonnes to a kilogram must not exceed it."""
SPARE_SHARE = 5e-4
"""Kept free of a patch while times are not told yet: what a tonne uses of it changes a little with them."""
NODES = 5
"""Branching of the last programs: what they find, they find at the root."""
COUNTING = (0.45, 0.9)
"""Shares of the time then left for the last programs: batches, trips."""
COUNTING_GAP = 1e-3
"""Relative gap at which whole batches and trips are good enough; a tenth of what rounding routes costs."""
FALLBACK_S = 30.0
"""What counting both at once may take where counting one after the other does not do."""
RESERVE_S = 3.0
"""What writing the plan down takes."""
LINEAR_S = 600.0
"""A program without whole numbers takes seconds; this is no limit but a guard."""
REACHES_H = (2.0, 0.5, 0.1)
"""How far a visit may move each time that times are told: what it is worth is told to the first order only, and ways
for where patches drift at the times before."""

SHORT_CNY_PER_T = 1e6
"""What a tonne less there costs in the program: far more than any tonne is worth."""

PLANES = 60
"""By which the shore is told while times are told roughly: those that are the lowest around."""

Tonnes = Sequence[Sequence[Sequence[float]]]
"""By route, trip and visit."""


@dataclass(frozen=True)
class Allotment:
    """Routes to the second, tonnes of every visit in whole kilograms, and the flows ashore of just what they land."""

    routes: list[TimedRoute]
    taken: Tonnes
    flows: Flows
    counts: Mapping[str, float]
    """Of batches, trips and days out, by the names of their variables."""
    out: tuple[Day, ...]
    """Days that platforms lie out though no boat calls."""


def allot(
    grid: Grid,
    network: Network,
    sea: Sea,
    ashore: Ashore | None,
    routes: Sequence[Route],
    effort: Effort,
    counts: Mapping[str, float],
    wishes: Wishes,
    reaches_h: Sequence[float],
    trips: Mapping[str, float],
) -> Allotment:
    """Return the best times, tonnes by route, trip and visit, and what becomes of them.

    Stops start as it is wished where they can. ``counts`` of batches, trips and days out, by the names of their
    variables, are kept where there are any; ``trips`` are where counting begins. Without ``reaches_h`` the times are
    those of the grid, without ``ashore`` they are told with the whole shore each time.
    """
    times = [on_the_grid(grid, route) for route in routes]
    wished = [wishes.of(route) for route in times]
    tonnes: Tonnes = [[[visit.total_t for visit in trip.visits] for trip in route.trips] for route in routes]
    for turn, reach_h in enumerate(reaches_h):
        ways = [ways_s(grid, sea, route) for route in times]
        if not all(ways):
            break  # at these times a patch lies where no boat gets to it: they stay as they were
        rough = turn < len(reaches_h) - 1 and not counts
        program = _Program(grid, network, times, counts, wishes, ashore=ashore if rough else None, tonnes=tonnes)
        own = add_times(grid, network, program.model, program.cost, times, [w for w in ways if w], program.taken)
        keep_near(grid, program.cost, times, own, tonnes, reach_h)
        for number, each in enumerate(wished):
            add_wishes(program.model, program.cost, number, own[number], each)
        try:
            if rough:
                program.relax()
            else:
                counts = program.count(effort, trips)
        except Unsolved:
            break  # no time is left for the margin of a way
        times, tonnes = timed_by(times, own), program.tonnes()
    afloat = berthed(grid, [route for each in times if (route := sailed(grid, sea, each))])
    last = _Program(grid, network, afloat, counts, wishes, exact=True)
    counts = last.count(effort, trips)
    floors = [[[_kilograms(each) for each in trip] for trip in route] for route in last.tonnes()]
    last.hold(floors)
    counts = last.count(effort, {})
    return Allotment(afloat, floors, last.flows(), counts, last.days_out())


def trips_of(
    grid: Grid, network: Network, sea: Sea, routes: Sequence[Route], wishes: Wishes, limit_s: float
) -> dict[str, float]:
    """Return how often vehicles go ashore for ``routes`` at the times of the grid, by the names of the variables.

    Batches are counted in fractions. Nothing where the time does not suffice.
    """
    afloat = [route for each in routes if (route := sailed(grid, sea, on_the_grid(grid, each)))]
    return _Program(grid, network, afloat, {}, wishes, exact=True).count_trips(limit_s)


class Unsolved(Exception):  # noqa: N818 - an outcome, which is met
    """A program has no solution, or none was found in time."""


class _Program:
    """One program over timed routes; with ``counts`` batches and trips are given by the names of their variables."""

    def __init__(
        self,
        grid: Grid,
        network: Network,
        routes: Sequence[TimedRoute],
        counts: Mapping[str, float],
        wishes: Wishes,
        *,
        exact: bool = False,
        ashore: Ashore | None = None,
        tonnes: Tonnes = (),
    ) -> None:
        """With ``ashore`` the shore is told by its planes around ``tonnes``."""
        self.grid, self.network, self.exact = grid, network, exact
        self.model = pulp.LpProblem("allotment", pulp.LpMinimize)
        self.cost: Terms = []
        lots = sorted({lot_of(grid, network, trip.planned) for route in routes for trip in route.trips})
        if ashore is None:
            self._flows = Shore(network, self.model, self.cost, lots, integral=True, whole_trips=True).flows
        else:
            ceiling = Ceiling(self.model, self.cost, lots)
            landed = ashore.numbered(_landed(grid, network, routes, tonnes))
            ashore.worth_cny(landed)
            ceiling.lower(self.model, ashore, landed, PLANES)
            self._flows = ceiling.flows
        self._used: dict[int, Terms] = defaultdict(list)
        self._landed: dict[Lot, Terms] = defaultdict(list)
        self.taken = [
            [self._trip(r, t, route, trip) for t, trip in enumerate(route.trips)] for r, route in enumerate(routes)
        ]
        for r, route in enumerate(routes):
            for t, v in sorted(wishes.locked(route)):
                short = self.model.add_variable(f"short_{r}_{t}_{v}", 0)
                self.model += self.taken[r][t][v] + short >= LOCKED_T
                self.cost.append((short, SHORT_CNY_PER_T))
        for p, terms in self._used.items():
            there = grid.problem.patches[p].biomass_t
            there -= SPARE_T * len(terms) + (0.0 if exact else SPARE_SHARE * there)
            self.model += pulp.LpAffineExpression(terms) <= max(there, 0.0)
        for lot, variable in self._flows.landed.items():
            self.model += pulp.LpAffineExpression([*self._landed[lot], (variable, -1.0)]) == 0
        self._out = self._lie_out(routes)
        self._given = bool(counts)
        days = {variable.name for variable in self._out.values()}
        for variable in self._counted():
            if counts and (variable.name in counts or variable.name not in days):
                variable.lowBound = variable.upBound = counts.get(variable.name, 0.0)

    def _trip(self, r: int, t: int, route: TimedRoute, trip: TimedTrip) -> list[Any]:
        vessel = self.grid.problem.vessels[self.grid.outings[route.outing].vessel]
        lot = lot_of(self.grid, self.network, trip.planned)
        variables = [
            self._visit(f"take_{r}_{t}_{v}", vessel.collect_t_per_h, visit) for v, visit in enumerate(trip.visits)
        ]
        self._landed[lot] += [(variable, 1.0) for variable in variables]
        most = vessel.capacity_t - SPARE_T
        if self.exact:
            quay = self.grid.quays[trip.call.quay].spec
            unloading_h = (trip.call.end_s - trip.call.start_s - 1) / 3600 - quay.mooring_h
            most = min(most, unloading_h * quay.unload_t_per_h - SPARE_T)
        self.model += pulp.lpSum(variables) <= max(most, 0.0)
        return variables

    def _visit(self, name: str, rate_t_per_h: float, visit: TimedVisit) -> Any:
        span = visit.start_s / 3600, max(visit.end_s, visit.start_s + 1) / 3600
        most = rate_t_per_h * (visit.end_s - visit.start_s) / 3600 if self.exact else None
        variable = self.model.add_variable(name, 0, most)
        patch = self.grid.problem.patches[visit.patch]
        self.cost.append((variable, -mean_value(patch, *span)))
        self._used[visit.patch].append((variable, mean_use(patch, *span)))
        return variable

    def _lie_out(self, routes: Sequence[TimedRoute]) -> dict[Day, Any]:
        """Let platforms lie out where anything is done aboard; return ``out`` of days on which no boat calls."""
        grid, out = self.grid, dict[Day, Any]()
        known = {day_at(grid, mooring): mooring for mooring in range(len(grid.moorings))}
        here = {day_at(grid, mooring) for mooring in called(grid, routes)}
        for count, most, days in tied(self.network, self._flows):
            if here.isdisjoint(days):
                may = [day for day in days if day in known]
                for day in may:
                    if day not in out:
                        out[day] = self.model.add_variable(f"out_{day.platform}_{day.day}", 0, 1, pulp.LpInteger)
                        self.cost.append((out[day], grid.day_cny(known[day])))
                self.model += pulp.LpAffineExpression([(count, 1.0), *((out[day], -most) for day in may)]) <= 0
        return out

    def _counted(self) -> list[Any]:
        return [*self._flows.batches.values(), *self._flows.trips.values(), *self._out.values()]

    def count(self, effort: Effort, trips: Mapping[str, float]) -> dict[str, float]:
        """Solve, and return the counts of batches and trips: those given, or fewer where so many cannot be.

        Where none are given, counting begins with ``trips``, if there are any.

        Raise Unsolved where the times do not hold.
        """
        if not self._given:
            self._count_anew(effort, trips)
        elif not self._try(LINEAR_S):
            for variable in self._counted():
                variable.lowBound = 0.0
            self._solve(LINEAR_S)
        self._given = True
        return self._counts()

    def count_trips(self, limit_s: float) -> dict[str, float]:
        """Return the trips of vehicles in whole numbers, batches in fractions."""
        self.relax()
        for variable in self._flows.trips.values():
            variable.cat = pulp.LpInteger
        if not self._try(limit_s):
            return {}
        return {variable.name: float(round(variable.varValue)) for variable in self._flows.trips.values()}

    def relax(self) -> None:
        """Solve with fractions of batches and trips; raise Unsolved where the times do not hold."""
        for variable in self._counted():
            variable.cat = pulp.LpContinuous
        self._solve(LINEAR_S)

    def _count_anew(self, effort: Effort, begin: Mapping[str, float]) -> None:
        """Count batches in whole numbers no larger than the relaxation's rounded up, then trips beside them.

        Each step is the start of the next, as none of them ends by itself in any useful time; the first, in which
        batches are rounded, takes none. Where trips ``begin`` as whole numbers, they stay so while batches are counted.
        Counting both together from there gains a ten-thousandth in as long again.
        """
        trips = [*self._flows.trips.values(), *self._out.values()]
        batches = list(self._flows.batches.values())
        all_trips = [variable.upBound for variable in trips]
        if begin:
            known = list(self._flows.trips.values())
            self._fix(known, [begin.get(variable.name, 0.0) for variable in known])
        self.relax()
        most = [math.ceil(variable.varValue - 1e-6) for variable in batches]
        for variable in batches:
            variable.cat = pulp.LpInteger
        self._limit(batches, _rounded(self._flows.batches))
        self._try(LINEAR_S)
        self._limit(batches, most)
        self._try(self._share_s(effort, COUNTING[0]))
        numbers = [round(variable.varValue) for variable in batches]
        whole = [*_rounded(self._flows.trips, 0.5), *(math.ceil(out.varValue - 1e-6) for out in self._out.values())]
        for variable in trips:
            variable.cat = pulp.LpInteger
        self._fix(batches, numbers)
        self._limit(trips, all_trips)
        if not self._try(self._share_s(effort, COUNTING[1])):  # too little time, or too few vehicles for the batches
            self._limit(batches, numbers)
            self._limit(trips, whole)
            self._solve(FALLBACK_S)
        found = self._counts()
        self._fix(self._counted(), [found[variable.name] for variable in self._counted()])
        self._solve(LINEAR_S)

    @staticmethod
    def _fix(variables: Sequence[Any], numbers: Sequence[float]) -> None:
        for variable, number in zip(variables, numbers, strict=True):
            variable.lowBound = variable.upBound = number

    @staticmethod
    def _limit(variables: Sequence[Any], most: Sequence[float]) -> None:
        for variable, number in zip(variables, most, strict=True):
            variable.lowBound, variable.upBound = 0.0, number

    @staticmethod
    def _share_s(effort: Effort, share: float) -> float:
        return share * (effort.left_s(COUNTING_SHARE) - RESERVE_S)

    def _counts(self) -> dict[str, float]:
        return {variable.name: float(round(variable.varValue)) for variable in self._counted()}

    def hold(self, tonnes: Tonnes) -> None:
        """Let every visit take just ``tonnes``."""
        for variables, amounts in zip(self.taken, tonnes, strict=True):
            for own, trip in zip(variables, amounts, strict=True):
                for variable, amount in zip(own, trip, strict=True):
                    variable.lowBound = variable.upBound = amount

    def _solve(self, time_limit_s: float) -> None:
        if not self._try(time_limit_s):
            raise Unsolved

    def _try(self, time_limit_s: float) -> bool:
        self.model.setObjective(pulp.LpAffineExpression(self.cost))
        problem = self.grid.problem
        gap = COUNTING_GAP * problem.earned_share  # batches and trips are money alone
        self.model.solve(solver(NODES, max(time_limit_s, 1.0), gap, problem.solver))
        return self.model.sol_status in SOLVED

    def days_out(self) -> tuple[Day, ...]:
        """Return the days of the solution that platforms lie out though no boat calls."""
        return tuple(day for day, variable in self._out.items() if variable.varValue > 0.5)

    def tonnes(self) -> Tonnes:
        """Return what the visits of the solution take."""
        return [[[float(v.varValue) for v in trip] for trip in route] for route in self.taken]

    def flows(self) -> Flows:
        """Return the tonnes, and counts, of the solution."""
        own = self._flows
        told = {
            each.name: {key: float(v.varValue) for key, v in getattr(own, each.name).items()} for each in fields(own)
        }
        return Flows(**told)


def _rounded(counts: Mapping[tuple[int, int], Any], over: float = 1e-6) -> list[int]:
    """Return whole numbers whose sums up to each moment, task by task or way by way, are those of the fractions of the
    solution, a share ``over`` of one more rounded up."""
    before: dict[int, float] = defaultdict(float)
    numbers: list[int] = []
    for (which, _), variable in counts.items():
        after = before[which] + max(variable.varValue, 0.0)
        numbers.append(math.floor(after + over) - math.floor(before[which] + over))
        before[which] = after
    return numbers


def _landed(grid: Grid, network: Network, routes: Sequence[TimedRoute], tonnes: Tonnes) -> dict[Lot, float]:
    landed: dict[Lot, float] = defaultdict(float)
    for route, by_trip in zip(routes, tonnes, strict=True):
        for trip, taken in zip(route.trips, by_trip, strict=True):
            landed[lot_of(grid, network, trip.planned)] += sum(taken)
    return landed


def _kilograms(tonnes: float) -> float:
    return math.floor(max(tonnes, 0.0) * 1000 + 1e-6) / 1000


def small_visits(allotment: Allotment, least_t: float) -> list[set[tuple[int, int]]]:
    """Return, by route, the visits that take less than ``least_t``."""
    return [
        {(t, v) for t, v, _ in visits_of(route) if taken[t][v] < least_t}
        for route, taken in zip(allotment.routes, allotment.taken, strict=True)
    ]
