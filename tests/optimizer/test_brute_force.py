"""The search against every combination of routes there is, on problems small enough to try them all.

Routes are told here step by step from the sailing table, without the planner's sweep. What a combination is worth is
the program ashore's to say, batches counted whole or in fractions. At the prices of the relaxation over all routes
nothing is worth more than the relaxation and what its routes earn beyond (Lagrangian duality), so that most
combinations need no program: they cannot be the best.
"""

import argparse
import functools
import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import pulp
import pytest

from benchmarks.random_problem import random_problem, window
from documents.problem import Problem
from optimizer import solvers
from optimizer.ashore import Ashore
from optimizer.clock import STEP_H
from optimizer.effort import Effort
from optimizer.grid import Grid, Outing
from optimizer.network import Lot, Network
from optimizer.pricing import SHARES, Pricing
from optimizer.relaxation import Base
from optimizer.sailing import SailingTable
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.shore import Shore, Terms

SHIFT_H = 4.25
WORK = 2
SEEDS = {**dict.fromkeys(range(30), WORK), 1_197: 8, 1_223: 8}
"""And the work of each. The last two have a best route that few draws find, and none unless patches may be collected in
a part of the time only."""
MORE_INSTANCES, MORE_WORK = 300, 16
"""Of the command."""
MOST_TRIED = 2_000
SAME = 1e-6
NEVER = -1


@dataclass(frozen=True)
class Work:
    """Collecting at a patch in consecutive steps."""

    patch: int
    first: int
    tonnes: tuple[float, ...]

    @property
    def last(self) -> int:
        """Return the moment of leaving."""
        return self.first + len(self.tonnes)


@dataclass(frozen=True)
class Load:
    """Visits, and the call at a quay from step ``first`` to moment ``last`` that lands them."""

    visits: tuple[Work, ...]
    quay: int
    first: int
    last: int


@dataclass(frozen=True)
class Way:
    """A whole voyage."""

    outing: int
    loads: tuple[Load, ...]
    sailing_cny: float


def tiny(seed: int) -> Problem:
    """Return a problem of one or two patches and boats, one dock, and a shift of a few hours."""
    problem = random_problem(seed, hours=7, most_patches=2, most_vessels=2)
    shift = window(0.5, 0.5 + SHIFT_H)
    dock = problem.docks[0].model_copy(update={"windows": (window(0, 7),)})
    quays = {place.id for place in problem.places if place.id.startswith(("quay", "mother"))} - {dock.id}
    update = {
        "docks": (dock,),
        "platforms": (),
        "vessels": tuple(
            vessel.model_copy(update={"home_dock": dock.id, "shifts": (shift,), "collect_t_per_h": 20.0})
            for vessel in problem.vessels
        ),
        "places": tuple(place for place in problem.places if place.id not in quays),
        "links": tuple(link for link in problem.links if not {link.origin, link.target} & quays),
        "wave_m": (None,) * problem.horizon_h,
    }
    return Problem(**{**dict(problem), **update})


class Ways:
    """Finds every voyage of an outing on the quarter-hour clock."""

    def __init__(self, grid: Grid, table: SailingTable, number: int) -> None:
        self.grid, self.table, self.number = grid, table, number
        self.outing: Outing = grid.outings[number]
        self.vessel = grid.problem.vessels[self.outing.vessel]
        self.home = grid.dock_of[self.vessel.home_dock]

    def all(self) -> Iterator[Way]:
        """Yield them."""
        for patch in range(len(self.grid.problem.patches)):
            for first in range(self.outing.first, self.outing.last):
                leave_h = float(self.table.first_h[first, self.home, patch])
                if leave_h >= self.outing.first * STEP_H - 1e-9:
                    miles = float(self.table.first_nm[first, self.home, patch])
                    for visits, miles_there in self._visits(patch, first, 0.0, miles):
                        yield from self._land((), visits, leave_h, miles_there)

    def _visits(self, patch: int, first: int, hold_t: float, miles: float) -> Iterator[tuple[tuple[Work, ...], float]]:
        """Yield the visits of a trip that goes on at ``patch`` with so much on board, and miles until then."""
        for number in range(1, self.outing.last - first):
            if not self.grid.workable[patch, first : first + number].all():
                break
            work = self._work(patch, first, hold_t, number)
            if work is None:
                break
            yield (work,), miles
            for other in range(len(self.grid.problem.patches)):
                ready = int(self.table.between[work.last, patch, other])
                if ready == NEVER:
                    continue
                further = miles + float(self.table.between_nm[work.last, patch, other])
                for later in range(ready, self.outing.last):
                    for visits, there in self._visits(other, later, self._held_t(hold_t, work), further):
                        yield (work, *visits), there

    def _held_t(self, hold_t: float, work: Work) -> float:
        """Return what the hold counts after ``work``: its last step in whole shares of a load."""
        share_t = self.vessel.collect_t_per_h * STEP_H / SHARES
        shares = sum(np.ceil(tonnes / share_t - 1e-9) for tonnes in work.tonnes)
        return min(hold_t + float(shares) * share_t, self.vessel.capacity_t)

    def _work(self, patch: int, first: int, hold_t: float, number: int) -> Work | None:
        """Return ``number`` steps at a patch, the last of which takes what is left there; None: more than it holds."""
        each, capacity = self.vessel.collect_t_per_h * STEP_H, self.vessel.capacity_t
        there = self.grid.problem.patches[patch].biomass_t / float(self.grid.use_per_t[patch, first:].min())
        hold = [min(hold_t + k * each, capacity) for k in range(number + 1)]
        tonnes = [later - earlier for earlier, later in itertools.pairwise(hold)]
        room = there - sum(tonnes[:-1])
        if tonnes[-1] <= 1e-9 or room <= 1e-9:
            return None
        return Work(patch, first, (*tonnes[:-1], min(tonnes[-1], room)))

    def _land(self, before: tuple[Load, ...], visits: tuple[Work, ...], leave_h: float, miles: float) -> Iterator[Way]:
        """Yield the voyages that land ``visits`` at some quay, and go home or on from there."""
        at, patch = visits[-1].last, visits[-1].patch
        hold = functools.reduce(self._held_t, visits, 0.0)
        for q, quay in enumerate(self.grid.quays):
            ready = int(self.table.home[at, patch, q])
            if ready == NEVER:
                continue
            there = miles + float(self.table.home_nm[at, patch, q])
            lasts = int(np.ceil((quay.spec.mooring_h + hold / quay.spec.unload_t_per_h - 1e-9) / STEP_H))
            for first in range(ready, self.outing.last - lasts + 1):
                if self.grid.open[q, first : first + lasts].all():
                    loads = (*before, Load(visits, q, first, first + lasts))
                    yield from self._home(loads, leave_h, there)
                    yield from self._on(loads, leave_h, there)

    def _home(self, loads: tuple[Load, ...], leave_h: float, miles: float) -> Iterator[Way]:
        back_nm = float(self.table.quays_nm[loads[-1].quay, self.home])
        back_h = loads[-1].last * STEP_H + back_nm / self.vessel.speed_kn
        if back_h <= self.outing.last * STEP_H + 1e-9:
            cost = (back_h - leave_h) * self.vessel.cost_per_h_cny + (miles + back_nm) * self.vessel.cost_per_nm_cny
            yield Way(self.number, loads, cost)

    def _on(self, loads: tuple[Load, ...], leave_h: float, miles: float) -> Iterator[Way]:
        at, quay = loads[-1].last, loads[-1].quay
        for patch in range(len(self.grid.problem.patches)):
            ready = int(self.table.out[at, quay, patch])
            if ready != NEVER:
                further = miles + float(self.table.out_nm[at, quay, patch])
                for first in range(ready, self.outing.last):
                    for visits, there in self._visits(patch, first, 0.0, further):
                        yield from self._land(loads, visits, leave_h, there)


class Everything:
    """All voyages of a problem, and the best that can be made of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.grid, self.network = Grid(problem), Network(problem, 1.0, 2.0)
        self.pricing = Pricing(self.grid, Sea(problem), self.network)
        self.ways: list[list[Way]] = [[] for _ in self.grid.shifts]
        """By shift; of those with the same visits and landings the cheapest."""
        for number, shift in enumerate(self.grid.shift_row):
            vessel = problem.vessels[self.grid.outings[number].vessel]
            table = self.pricing.tables[vessel.speed_kn, vessel.rigging_h]
            self.ways[shift] += [way for way in Ways(self.grid, table, number).all() if self._may_land(way)]
        self._pose()

    def _lot(self, load: Load) -> Lot:
        place = self.network.place_of[self.grid.quays[load.quay].spec.id]
        born_h = load.visits[0].first * STEP_H
        return Lot(place, self.network.moment_in(load.last * STEP_H), self.network.bucket(born_h))

    def _may_land(self, way: Way) -> bool:
        return all(self.network.may_land(self._lot(load)) for load in way.loads)

    def _pose(self) -> None:
        """Pose the program ashore, with rows for what boats take, land and occupy, but no boats."""
        every = [load for ways in self.ways for way in ways for load in way.loads]
        lots = sorted({self._lot(load) for load in every})
        berths = sorted({(load.quay, step) for load in every for step in range(load.first, load.last)})
        model, cost = pulp.LpProblem("everything", pulp.LpMinimize), Terms()
        shore = Shore(self.network, model, cost, lots, integral=True)
        rows = {("patch", p): patch.biomass_t for p, patch in enumerate(self.problem.patches)}
        rows |= {("berth", *at): float(self.grid.quays[at[0]].spec.berths) for at in berths}
        rows |= {("shift", k): 1.0 for k in range(len(self.grid.shifts))}
        nothing = model.add_variable("nothing", 0, 0)
        posed: dict[tuple[Any, ...], Any] = {}
        for key, most in rows.items():
            posed[key] = pulp.LpAffineExpression([(nothing, 1.0)]) <= most
        for lot, landed in shore.flows.landed.items():
            posed["lot", lot] = pulp.LpAffineExpression([(landed, -1.0)]) == 0
        for number, (key, row) in enumerate(posed.items()):
            model.addConstraint(row, f"row_{key[0]}_{number}")
        model.setObjective(pulp.LpAffineExpression(cost))
        built = solvers.posed(model)
        self.row_of = {key: int(row.index) for key, row in posed.items()}
        self.flows = shore.flows
        self.batches = np.array([n.index for n in shore.flows.batches.values()], np.int32)
        self.program = built.getLp()

    def _parts(self, load: Load, visit: Work, *, free: bool) -> Iterator[tuple[float, float, dict[int, float]]]:
        """Yield how much a visit takes at most, what a tonne is worth, and what it adds to the rows.

        What it waives it waives evenly; where it is ``free`` its last step stands by itself, as a visit may end within.
        """
        last = len(visit.tonnes) - 1 if free else 0
        for steps in (range(last), range(last, len(visit.tonnes))):
            tonnes, at = np.array(visit.tonnes)[steps], visit.first + np.array(steps, dtype=int)
            if len(steps) > 0:
                worth, use = (
                    float(series[visit.patch, at] @ tonnes / tonnes.sum())
                    for series in (self.grid.value_cny_per_t, self.grid.use_per_t)
                )
                rows = {self.row_of["patch", visit.patch]: use, self.row_of["lot", self._lot(load)]: 1.0}
                yield float(tonnes.sum()), worth, rows

    def _solver(self, *, whole: bool) -> Any:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", 1e-9)
        solver.setOptionValue("mip_abs_gap", 1e-6)
        solver.passModel(self.program)
        if not whole:
            kinds = [highspy.HighsVarType.kContinuous] * len(self.batches)
            solver.changeColsIntegrality(len(kinds), self.batches, kinds)
        return solver

    def value_cny(self, ways: Sequence[Way], *, whole: bool, free: bool) -> float:
        """Return the most that ``ways`` together come to, -inf where they do not fit the berths."""
        berths: dict[tuple[int, int], int] = defaultdict(int)
        solver = self._solver(whole=whole)
        for way in ways:
            for load in way.loads:
                for step in range(load.first, load.last):
                    berths[load.quay, step] += 1
                for visit in load.visits:
                    for most, worth, rows in self._parts(load, visit, free=free):
                        solver.addCol(-worth, 0.0, most, 2, np.array([*rows], np.int32), np.array([*rows.values()]))
        if any(number > self.grid.quays[quay].spec.berths for (quay, _), number in berths.items()):
            return -np.inf
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return -np.inf  # they do not do what is asked
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return -float(solver.getInfo().objective_function_value) - sum(way.sailing_cny for way in ways)

    def relaxed(self) -> Any:
        """Return the solver after it solved the relaxation over all ways."""
        solver = self._solver(whole=False)
        solver.setOptionValue("solve_relaxation", True)
        for shift, ways in enumerate(self.ways):
            for way in ways:
                cost, rows = way.sailing_cny, defaultdict(float, {self.row_of["shift", shift]: 1.0})
                for load in way.loads:
                    for step in range(load.first, load.last):
                        rows[self.row_of["berth", load.quay, step]] += 1.0
                    for visit in load.visits:
                        for most, worth, entries in self._parts(load, visit, free=True):
                            cost -= worth * most
                            for row, entry in entries.items():
                                rows[row] += entry * most
                solver.addCol(
                    cost, 0.0, highspy.kHighsInf, len(rows), np.array([*rows], np.int32), np.array([*rows.values()])
                )
        solver.run()
        return solver

    @cached_property
    def _bounds(self) -> tuple[float, list[list[float]]]:
        """Return the value of the relaxation over all ways, and by shift and way the most it earns beyond."""
        solver = self.relaxed()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        dual = np.array(solver.getSolution().row_dual)
        beyond: list[list[float]] = []
        for shift, ways in enumerate(self.ways):
            beyond.append([])
            for way in ways:
                earned = float(dual[self.row_of["shift", shift]]) - way.sailing_cny
                for load in way.loads:
                    earned += sum(float(dual[self.row_of["berth", load.quay, s]]) for s in range(load.first, load.last))
                    for visit in load.visits:
                        for most, worth, entries in self._parts(load, visit, free=True):
                            a_tonne = worth + sum(float(dual[row]) * entry for row, entry in entries.items())
                            earned += max(a_tonne, 0.0) * most
                beyond[-1].append(earned)
        return -float(solver.getInfo().objective_function_value), beyond

    def _staying(self, shift: int) -> list[tuple[float, int]]:
        return [] if self.grid.must_go[shift] else [(0.0, -1)]

    @property
    def relaxed_cny(self) -> float:
        """Return the value of the relaxation over all ways."""
        return self._bounds[0]

    def best_cny(self, *, whole: bool, free: bool = True) -> float | None:
        """Return the best that any combination of ways comes to; None where more than MOST_TRIED might be it."""
        most, beyond = self._bounds
        options = [
            sorted([*self._staying(k), *((earned, w) for w, earned in enumerate(earnings))], reverse=True)
            for k, earnings in enumerate(beyond)
        ]
        start = (0,) * len(options)
        waiting, seen = [(-sum(option[0][0] for option in options), start)], {start}
        best, tried = -np.inf, 0
        while waiting:
            less, at = heapq.heappop(waiting)
            if most - less <= best + 1e-9 * abs(best):
                break
            chosen = [options[k][number][1] for k, number in enumerate(at)]
            ways = [self.ways[k][w] for k, w in enumerate(chosen) if w >= 0]
            tried += 1
            if tried > MOST_TRIED:
                return None
            value = self.value_cny(ways, whole=False, free=free)
            if whole and value > best:
                value = self.value_cny(ways, whole=True, free=free)
            best = max(best, value)
            for k in range(len(at)):
                after = (*at[:k], at[k] + 1, *at[k + 1 :])
                if after[k] < len(options[k]) and after not in seen:
                    seen.add(after)
                    earned = sum(options[j][number][0] for j, number in enumerate(after))
                    heapq.heappush(waiting, (-earned, after))
        return best


def found_by_search(everything: Everything, work: int = WORK) -> Found:
    base = Base(everything.grid, everything.network, everything.pricing.lots)
    ashore = Ashore(everything.network, everything.pricing.lots)
    return Search(base, everything.pricing, ashore, Effort(1e9, work), lambda _: None, lambda _: None).run()


@dataclass(frozen=True)
class Compared:
    """One problem, tried out and searched; all in CNY. Batches are in fractions, as in the search, but in ``whole``."""

    ways: int
    best: float
    """Of all combinations."""
    best_free: float
    """The same where a visit may also end within its last step: no route of the search is worth more."""
    whole: float | None
    found: float
    bound: float

    @property
    def short(self) -> float:
        """Return by which share the search falls short of the best."""
        return max(self.best - self.found, 0.0) / max(abs(self.best), 1.0)


def compared(seed: int, work: int) -> Compared | None:
    """Try out and search the problem of ``seed``; None where too many combinations might be the best."""
    everything = Everything(tiny(seed))
    best, best_free = (everything.best_cny(whole=False, free=free) for free in (False, True))
    if best is None or best_free is None:
        return None
    found = found_by_search(everything, work)
    whole = everything.best_cny(whole=True)
    ways = sum(len(ways) for ways in everything.ways)
    return Compared(ways, best, best_free, whole, found.choice.value_cny, found.bound_cny)


def assert_bounded(one: Compared) -> None:
    """Nothing that can be told is worth more than the bound, and the search tells nothing that there is not."""
    near = SAME * max(abs(one.best_free), 1.0)
    assert one.found <= one.best_free + near
    assert one.best_free <= one.bound + near
    assert one.whole is None or one.whole <= one.bound + near


@pytest.mark.no_cover
def test_the_search_finds_the_best_of_all_combinations():
    every = [one for seed, work in SEEDS.items() if (one := compared(seed, work)) is not None]
    assert len(every) >= 0.9 * len(SEEDS)
    for one in every:
        assert_bounded(one)
    assert sum(one.ways for one in every) > 100 * len(SEEDS)
    assert sum(one.whole is not None for one in every) >= 0.9 * len(every)
    assert [one for one in every if one.short > SAME] == []


def main() -> None:
    """Print what problems come to, a line each, and how many of them the search does not solve."""
    parser = argparse.ArgumentParser(prog="python -m tests.optimizer.test_brute_force", description=__doc__)
    parser.add_argument("first", type=int, nargs="?", default=1_000)
    parser.add_argument("number", type=int, nargs="?", default=MORE_INSTANCES)
    asked = parser.parse_args()
    tried = vain = 0
    for seed in range(asked.first, asked.first + asked.number):
        one = compared(seed, MORE_WORK)
        if one is None:
            print(f"{seed} has too many combinations that might be the best", flush=True)
            continue
        assert_bounded(one)
        tried += 1
        vain += one.short > SAME
        print(f"{seed} {one} {one.short:.2%}", flush=True)
    print(f"{vain} of {tried} are not solved")


if __name__ == "__main__":
    main()
