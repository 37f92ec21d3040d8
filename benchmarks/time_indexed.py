"""A compact time-indexed integer program on HiGHS: boats as flows over (place, moment) of a coarse clock.

For every outing a unit of flow goes from home over patches, at which it works or which it passes, and quays, at which
it calls or waits, and home again; tonnes collected, on board and landed are continuous beside it:

    collected_{o,p,t} ≤ rate · works_{o,p,t},   landed_{o,q,t} ≤ rate · calls_{o,q,t}
    load_{o,t+1} = load_{o,t} + Σ_p collected_{o,p,t} − Σ_q landed_{o,q,t},   0 ≤ load ≤ capacity, empty at the end
    Σ use_{p,t} · collected_{o,p,t} ≤ biomass_p,   Σ_o calls_{o,q,t} ≤ berths_q · (out of its mooring, for a platform)

The shore is told by one price a tonne. All times are rounded up to the clock, which is as fine as the size allows. Of
large instances not even the relaxation may be solved in time: then all stay home.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any

import numpy as np

from benchmarks.apart import apart
from benchmarks.desk import ROUTES_SHARE, Desk
from benchmarks.program import Program
from benchmarks.retime import Call, Order, Patch, retimed
from optimizer.clock import STEP_H, TINY_H, steps_up
from optimizer.effort import Effort
from optimizer.route import Route
from optimizer.sailing import NEVER

CLOCKS = (1, 2, 4, 8)
"""Quarter hours in a step of the clock."""
MOST_ARCS = 50_000
"""With more than these on the finer clock the rougher one is taken."""
END_SHARE = 0.85
"""Of the time: when the solver is ended, which may go on beyond its limit."""
LONGEST_S = 1e6
"""No pipe waits for ever."""
NODES = 10
"""Of branching at most, for one of a search's :attr:`~optimizer.effort.Effort.work`."""
NEAREST = 4
"""Patches to which a boat may go on from a patch or a quay: those where it can collect soonest."""
LEAST_T = 0.05
"""Less than this is the solver's noise."""
HOME = ("home", 0, 0)

Node = tuple[str, int, int]
"""At patch or quay, its number, moment of the outing's clock."""


class Does(Enum):
    """What a boat does on an arc."""

    GO_OR_WAIT = 0
    COLLECT = 1
    CALL = 2


@dataclass(frozen=True)
class Arc:
    """A way of one outing, or a step of time spent at one place."""

    outing: int
    tail: Node
    head: Node
    cost_cny: float
    does: Does = Does.GO_OR_WAIT


def time_indexed(desk: Desk, effort: Effort) -> list[Route]:
    """Return the routes, none where the program finds nothing that is any better than to stay at home."""
    if not desk.longest:
        return []
    clock = _finest(desk)
    program = clock.pose()
    most_s = min(effort.left_s(END_SHARE), LONGEST_S)
    values = apart(most_s, Program.solve, program, effort.left_s(ROUTES_SHARE), NODES * effort.work)
    return retimed(desk, *clock.read(values)) if values is not None else []


def _finest(desk: Desk) -> "_Clock":
    for steps in CLOCKS[:-1]:
        clock = _Clock(desk, steps, MOST_ARCS + 1)
        if len(clock.arcs) <= MOST_ARCS:
            return clock
    return _Clock(desk, CLOCKS[-1])


class _Clock:
    """The program on one clock; arcs are its first columns."""

    def __init__(self, desk: Desk, steps: int, most: int | None = None) -> None:
        """``most``: after so many arcs no more are told."""
        self.desk, self.grid, self.steps = desk, desk.grid, steps
        self.arcs = list(islice((arc for outing in desk.longest for arc in self._arcs(outing)), most))

    def _arcs(self, number: int) -> Iterator[Arc]:
        grid, outing = self.grid, self.grid.outings[number]
        vessel = grid.problem.vessels[outing.vessel]
        table = self.desk.pricing.tables[vessel.speed_kn, vessel.rigging_h]
        home = grid.dock_of[vessel.home_dock]
        hour, mile = vessel.cost_per_h_cny, vessel.cost_per_nm_cny
        moorings = [steps_up(quay.spec.mooring_h) for quay in grid.quays]
        step_cny = self.steps * STEP_H * hour
        moments = (outing.last - outing.first) // self.steps

        def leg(tail: Node, kind: str, place: int, ready: int, miles: float) -> Iterator[Arc]:
            head = -((outing.first - ready) // self.steps)
            if ready != NEVER and head < moments:
                hours = (head - tail[2]) * self.steps * STEP_H
                yield Arc(number, tail, (kind, place, head), hours * hour + miles * mile)

        for t in range(moments):
            s = outing.first + t * self.steps
            end = s + self.steps
            for p in range(len(grid.problem.patches)):
                here: Node = ("patch", p, t)
                leave_h = table.first_h[s, home, p]
                if leave_h >= outing.first * STEP_H - TINY_H:
                    out = (s * STEP_H - leave_h) * hour + table.first_nm[s, home, p] * mile
                    yield Arc(number, HOME, here, float(out))
                if grid.workable[p, s:end].all():
                    yield Arc(number, here, ("patch", p, t + 1), step_cny, Does.COLLECT)
                for j in _soonest(table.between[s, p]):
                    yield from leg(here, "patch", j, int(table.between[s, p, j]), float(table.between_nm[s, p, j]))
                for q in range(len(grid.quays)):
                    arrives = int(table.home[s, p, q])
                    ready = NEVER if arrives == NEVER else arrives + moorings[q]
                    yield from leg(here, "quay", q, ready, float(table.home_nm[s, p, q]))
            for q in range(len(grid.quays)):
                here = ("quay", q, t)
                yield Arc(number, here, ("quay", q, t + 1), step_cny)
                if grid.open[q, s:end].all():
                    yield Arc(number, here, ("quay", q, t + 1), step_cny, Does.CALL)
                for p in _soonest(table.out[s, q]):
                    yield from leg(here, "patch", p, int(table.out[s, q, p]), float(table.out_nm[s, q, p]))
        for t in range(moments + 1):
            for q in range(len(grid.quays)):
                back_nm = float(table.quays_nm[q, home])
                hours = back_nm / vessel.speed_kn
                if (outing.first + t * self.steps) * STEP_H + hours <= outing.last * STEP_H + TINY_H:
                    yield Arc(number, ("quay", q, t), HOME, hours * hour + back_nm * mile)

    def pose(self) -> Program:
        """Return the program."""
        program, grid, problem = Program(), self.grid, self.grid.problem
        for number, arc in enumerate(self.arcs):
            program.column(arc.cost_cny, 1.0, whole=True)
            if arc.tail != HOME:
                program.rows[arc.outing, arc.tail].append((number, -1.0))
            else:
                program.rows["go", arc.outing].append((number, 1.0))
                program.span["go", arc.outing] = (0.0, 1.0)
            if arc.head != HOME:
                program.rows[arc.outing, arc.head].append((number, 1.0))
        for p, patch in enumerate(problem.patches):
            program.span["patch", p] = (0.0, patch.biomass_t)
        self._moor(program)
        self.tonnes = {
            n: self._move(program, n, arc) for n, arc in enumerate(self.arcs) if arc.does is not Does.GO_OR_WAIT
        }
        """Columns of what is collected or landed on an arc."""
        for number in self.desk.longest:
            outing = grid.outings[number]
            moments = (outing.last - outing.first) // self.steps
            for t in range(1, moments):
                load = program.column(0.0, problem.vessels[outing.vessel].capacity_t, whole=False)
                program.rows["load", number, t - 1].append((load, -1.0))
                program.rows["load", number, t].append((load, 1.0))
        return program

    def _moor(self, program: Program) -> None:
        """Add where platforms lie."""
        self.out: dict[int, int] = {}
        """Columns by mooring."""
        for m, mooring in enumerate(self.grid.moorings):
            cost = self.grid.problem.platforms[mooring.platform].day_cost_cny
            self.out[m] = program.column(cost, 1.0, whole=True)
            program.rows["day", mooring.platform, mooring.day].append((self.out[m], 1.0))
            program.span["day", mooring.platform, mooring.day] = (0.0, 1.0)

    def _move(self, program: Program, number: int, arc: Arc) -> int:
        """Add the tonnes that are collected or landed on ``arc``."""
        grid = self.grid
        vessel = grid.problem.vessels[grid.outings[arc.outing].vessel]
        _, place, t = arc.tail
        first = grid.outings[arc.outing].first + t * self.steps
        steps = slice(first, first + self.steps)
        hours = self.steps * STEP_H
        if arc.does is Does.COLLECT:
            most = vessel.collect_t_per_h * hours
            worth = float(grid.value_cny_per_t[place, steps].mean()) + self.desk.price_cny_per_t
            tonnes = program.column(-worth, most, whole=False)
            program.rows["patch", place].append((tonnes, float(grid.use_per_t[place, steps].mean())))
            program.rows["load", arc.outing, t].append((tonnes, 1.0))
        else:
            most = grid.quays[place].spec.unload_t_per_h * hours
            tonnes = program.column(0.0, most, whole=False)
            self._berth(program, number, place, first)
            program.rows["load", arc.outing, t].append((tonnes, -1.0))
        program.rows["rate", number] += [(tonnes, 1.0), (number, -most)]
        program.span["rate", number] = (-np.inf, 0.0)
        return tonnes

    def _berth(self, program: Program, number: int, quay: int, step: int) -> None:
        """Let the call of an arc hold a berth from ``step`` on, of a platform only where it is out."""
        berths, mooring = float(self.grid.quays[quay].spec.berths), self.grid.mooring_at(quay, step)
        row = ("berth", quay, step)
        if mooring is None:
            program.span[row] = (-np.inf, berths)
        elif row not in program.rows:
            program.rows[row].append((self.out[mooring], -berths))
            program.span[row] = (-np.inf, 0.0)
        program.rows[row].append((number, 1.0))

    def read(self, values: Any) -> tuple[dict[int, Order], list[int]]:
        """Return the orders by outing, and the moorings of platforms, of a solution."""
        onward: dict[int, dict[Node, int]] = defaultdict(dict)
        for number, arc in enumerate(self.arcs):
            if values[number] > 0.5:
                onward[arc.outing][arc.tail] = number
        orders: dict[int, Order] = {}
        for outing, ways in onward.items():
            stops: list[Patch | Call] = []
            node = HOME
            while node in ways:
                number = ways.pop(node)
                node = self.arcs[number].head
                moved = float(values[self.tonnes[number]]) if number in self.tonnes else 0.0
                if moved > LEAST_T:
                    _add(stops, self.arcs[number], moved)
            if stops:
                orders[outing] = stops
        return orders, [m for m, column in self.out.items() if values[column] > 0.5]


def _add(stops: list[Patch | Call], arc: Arc, tonnes: float) -> None:
    """Add what happens on ``arc`` to ``stops``, or to the last of them."""
    place = arc.tail[1]
    last = stops[-1] if stops else None
    if arc.does is Does.CALL:
        if last != Call(place):
            stops.append(Call(place))
    elif isinstance(last, Patch) and last.number == place:
        stops[-1] = Patch(place, last.tonnes + tonnes)
    else:
        stops.append(Patch(place, tonnes))


def _soonest(ready: Any) -> list[int]:
    """Return the patches at which a boat is ready soonest."""
    order = np.argsort(np.where(ready == NEVER, np.iinfo(np.int32).max, ready), kind="stable")
    return [int(p) for p in order[:NEAREST] if ready[p] != NEVER]
