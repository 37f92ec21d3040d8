"""How many tonnes every visit takes and which line every lot goes to, to the second: a linear program in PuLP.

The voyages and their times stand. With visits v, lots (calls) c, lines l and the spans i between all moments at which
something begins or ends ashore:

    maximise    Σ_v worth_v · taken_v + Σ_{c,l,i} margin_{c,l} · fed_{c,l,i} − disposal · Σ_c disposed_c
    visit v:    taken_v ≤ rate · (end − start)
    hold c:     Σ_{v of c} taken_v ≤ what the hold carries and the berth's slot has time for
    patch p:    Σ_{v at p} use_v · taken_v ≤ biomass_p
    lot c:      Σ_{v of c} taken_v = Σ_{l,i} fed_{c,l,i} + disposed_c
    line l,i:   Σ_c fed_{c,l,i} ≤ capacity_l · length_i
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pulp

from documents.problem import LineSpec, PlantSpec, Problem, Window
from optimizer.clock import Span, joined, span_of
from optimizer.grid import Grid
from optimizer.series import mean_use, mean_value
from optimizer.timing import TimedRoute, TimedTrip

SPARE_T = 2e-3
"""Kept free in a hold's time at the berth and in a patch: rounding tonnes to a kilogram must not exceed it."""


@dataclass(frozen=True)
class Landing:
    """A lot as the plants see it: where it lies, from when, how old."""

    dock: int
    available_s: int
    oldest_s: int


Fed = tuple[dict[tuple[int, int], float], ...]
"""By lot: (plant, line) → tonnes."""


def allot(grid: Grid, routes: Sequence[TimedRoute], solver: Any) -> list[list[list[float]]]:
    """Return the best tonnes by route, trip and visit; lots are taken to be ready when their slot at the berth ends."""
    problem = grid.problem
    model = pulp.LpProblem("allotment", pulp.LpMinimize)
    cost: list[tuple[Any, float]] = []
    used: dict[int, list[tuple[Any, float]]] = defaultdict(list)
    taken: list[list[list[Any]]] = []
    landings: list[Landing] = []
    lots: list[list[tuple[Any, float]]] = []
    for route in routes:
        vessel = problem.vessels[grid.outings[route.outing].vessel]
        taken.append([])
        for trip in route.trips:
            variables: list[Any] = []
            for visit in trip.visits:
                span = visit.start_s / 3600, visit.end_s / 3600
                most = vessel.collect_t_per_h * (span[1] - span[0])
                variable = model.add_variable(f"taken_{len(landings)}_{len(variables)}", 0, most)
                patch = problem.patches[visit.patch]
                cost.append((variable, -mean_value(patch, *span)))
                used[visit.patch].append((variable, mean_use(patch, *span)))
                variables.append(variable)
            model += pulp.lpSum(variables) <= _most_landed(problem, vessel.capacity_t, trip)
            landings.append(Landing(trip.call.dock, trip.call.end_s, trip.visits[0].start_s))
            lots.append([(variable, 1.0) for variable in variables])
            taken[-1].append(variables)
    for p, terms in used.items():
        model += pulp.LpAffineExpression(terms) <= max(problem.patches[p].biomass_t - SPARE_T * len(terms), 0.0)
    _feed(problem, model, cost, landings, lots)
    _solve(model, cost, solver)
    return [[[float(variable.varValue) for variable in trip] for trip in route] for route in taken]


def feed(problem: Problem, landings: Sequence[Landing], tonnes: Sequence[float], solver: Any) -> Fed:
    """Return the best lines for lots of given ``tonnes``."""
    model = pulp.LpProblem("feed", pulp.LpMinimize)
    cost: list[tuple[Any, float]] = []
    lots: list[list[tuple[Any, float]]] = []
    for number, amount in enumerate(tonnes):
        landed = model.add_variable(f"landed_{number}", amount, amount)
        lots.append([(landed, 1.0)])
    fed = _feed(problem, model, cost, landings, lots)
    _solve(model, cost, solver)
    return tuple({line: sum(float(v.varValue) for v in spans) for line, spans in lot.items()} for lot in fed)


def _solve(model: Any, cost: list[tuple[Any, float]], solver: Any) -> None:
    """Solve ``model``; doing nothing holds in it, so anything but an optimum is a fault of the program."""
    model.setObjective(pulp.LpAffineExpression(cost))
    model.solve(solver)
    if model.status != pulp.LpStatusOptimal:
        raise RuntimeError(f"{model.name} was not solved: {pulp.LpStatus[model.status]}")


def _most_landed(problem: Problem, capacity_t: float, trip: TimedTrip) -> float:
    dock = problem.docks[trip.call.dock]
    unloading_h = (trip.call.end_s - trip.call.start_s - 1) / 3600 - dock.mooring_h
    return max(min(capacity_t, unloading_h * dock.unload_t_per_h) - SPARE_T, 0.0)


def _feed(
    problem: Problem,
    model: Any,
    cost: list[tuple[Any, float]],
    landings: Sequence[Landing],
    lots: Sequence[list[tuple[Any, float]]],
) -> list[dict[tuple[int, int], list[Any]]]:
    """Add the plants to ``model`` and return, by lot and line, the variables of what goes in."""
    result: list[dict[tuple[int, int], list[Any]]] = [{} for _ in landings]
    balance: list[list[tuple[Any, float]]] = [list(lot) for lot in lots]
    for p, plant in enumerate(problem.plants):
        for q, line in enumerate(plant.lines):
            windows = opening(problem, line.windows)
            times = [window_of(problem, plant, line, landing) for landing in landings]
            moments = {moment for span in windows for moment in span}
            moments |= {moment for span in times if span is not None for moment in span}
            for start, end in pairwise(sorted(moments)):
                if not any(a <= start and end <= b for a, b in windows):
                    continue
                there: list[Any] = []
                for c, span in enumerate(times):
                    if span is None or start < span[0] or end > span[1]:
                        continue
                    variable = model.add_variable(f"fed_{c}_{p}_{q}_{start}", 0)
                    cost.append((variable, -_margin(problem, plant, line, landings[c].dock)))
                    balance[c].append((variable, -1.0))
                    result[c].setdefault((p, q), []).append(variable)
                    there.append(variable)
                if there:
                    model += pulp.lpSum(there) <= line.capacity_t_per_h * (end - start) / 3600
    for c, terms in enumerate(balance):
        disposed = model.add_variable(f"disposed_{c}", 0)
        cost.append((disposed, problem.disposal_cny_per_t))
        model += pulp.LpAffineExpression([*terms, (disposed, -1.0)]) == 0
    return result


def opening(problem: Problem, windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Return ``windows`` in whole seconds within the horizon, joined where they touch."""
    spans: list[Span] = joined(span_of(problem, window) for window in windows)
    clipped = ((max(round(a * 3600), 0), min(round(b * 3600), problem.horizon_h * 3600)) for a, b in spans)
    return [(a, b) for a, b in clipped if a < b]


def window_of(problem: Problem, plant: PlantSpec, line: LineSpec, landing: Landing) -> tuple[int, int] | None:
    """Return the seconds between which a lot may go into a line; None where it never may."""
    dock = problem.docks[landing.dock].id
    for haul in plant.hauls:
        if haul.dock == dock:
            first = landing.available_s + -int(-haul.hours * 3600 // 1)
            last = min(landing.oldest_s + int(line.max_age_h * 3600), problem.horizon_h * 3600)
            if first < last and _margin(problem, plant, line, landing.dock) > -problem.disposal_cny_per_t:
                return first, last
    return None


def _margin(problem: Problem, plant: PlantSpec, line: LineSpec, dock: int) -> float:
    haul = next(haul for haul in plant.hauls if haul.dock == problem.docks[dock].id)
    return line.value_cny_per_t - line.cost_cny_per_t - haul.cost_cny_per_t
