"""Whether every tonne of a plan is accounted for, from the sea to the product, counted apart from planner and checker.

At sea what is collected is what is landed, and in a patch what visits use up and what stays is what there was. Ashore,
of every material, what is landed, supplied, in stock or made is what is processed, sold, disposed of or left; and what
processing takes is what it makes and what its yields lose.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from documents.plan import Origin, Plan, StopKind, Voyage
from documents.problem import PatchState, Problem

BALANCE_T = 1e-6
KILOGRAM_T = 1e-3
"""Tonnes are told to the kilogram."""
SAMPLES = 200
"""Trapezia of an integral over a visit."""


def imbalances(problem: Problem, plan: Plan) -> list[str]:
    """Return, a sentence each, where tonnes of ``plan`` come from nowhere or go nowhere."""
    return [*at_sea(problem, plan), *ashore(problem, plan)]


def at_sea(problem: Problem, plan: Plan) -> Iterator[str]:
    """Yield what is wrong between patches and quays."""
    parcels = {parcel.id: parcel.tonnes for parcel in plan.parcels if parcel.origin is Origin.LANDING}
    landed: list[str] = []
    for voyage in plan.voyages:
        hold = 0.0
        for stop in voyage.stops:
            if stop.kind is StopKind.COLLECT:
                hold += stop.tonnes
            elif stop.kind is StopKind.UNLOAD and stop.parcel_id is not None:
                yield from _differ(f"landed by {voyage.vessel_id}", stop.tonnes, hold)
                yield from _differ(f"in {stop.parcel_id}", parcels.get(stop.parcel_id, 0.0), stop.tonnes)
                landed.append(stop.parcel_id)
                hold = 0.0
        yield from _differ(f"on board of {voyage.vessel_id} at home", hold, 0.0)
    if sorted(landed) != sorted(parcels):
        yield f"Landed are {sorted(landed)}, the books have {sorted(parcels)}."
    left = {each.patch_id: each.tonnes for each in plan.left}
    for patch in problem.patches:
        used, visits = _used_t(problem, patch, plan.voyages)
        yield from _differ(
            f"of {patch.id}", used + left.get(patch.id, 0.0), patch.biomass_t, BALANCE_T + KILOGRAM_T * (1 + visits)
        )


def _used_t(problem: Problem, patch: PatchState, voyages: tuple[Voyage, ...]) -> tuple[float, int]:
    """Return what all visits use up of a patch, told at sensing time, and how many there are."""
    used, visits = 0.0, 0
    marks = np.arange(problem.horizon_h + 1)
    for stop in (stop for voyage in voyages for stop in voyage.stops if stop.patch_id == patch.id):
        hours = [(moment - problem.start).total_seconds() / 3600 for moment in (stop.start, stop.end)]
        each = 1 / np.interp(np.linspace(*hours, SAMPLES + 1), marks, patch.remaining)
        used += stop.tonnes * float((each[1:] + each[:-1]).mean() / 2)
        visits += 1
    return used, visits


def ashore(problem: Problem, plan: Plan) -> Iterator[str]:
    """Yield what is wrong between quays and products."""
    parcels = {parcel.id: parcel for parcel in plan.parcels}
    rest = {parcel.id: parcel.tonnes for parcel in plan.parcels}
    yields = {(p.id, t.id, o.material): o.yield_mid for p in problem.places for t in p.tasks for o in t.outputs}
    taken: dict[tuple[str, str], float] = defaultdict(float)
    made: dict[tuple[str, str, str], float] = defaultdict(float)
    number: dict[tuple[str, str], int] = defaultdict(int)
    processed = 0.0
    for batch in plan.batches:
        fed = sum(draw.tonnes for draw in batch.draws)
        yield from _differ(f"into {batch.id}", batch.tonnes, fed)
        taken[batch.place_id, batch.task_id] += fed
        number[batch.place_id, batch.task_id] += 1
        processed += fed
        for name in batch.outputs:
            made[batch.place_id, batch.task_id, parcels[name].material] += parcels[name].tonnes
    for haul in plan.hauls:
        yield from _differ(f"on {haul.id}", haul.tonnes, sum(draw.tonnes for draw in haul.draws))
        for draw, name in zip(haul.draws, haul.parcels, strict=True):
            yield from _differ(f"brought as {name}", parcels[name].tonnes, draw.tonnes)
    for (place, task, material), tonnes in made.items():
        at_yield = yields[place, task, material] * taken[place, task]
        near = BALANCE_T + KILOGRAM_T * number[place, task]
        yield from _differ(f"of {material} made by {task} at {place}", tonnes, at_yield, near)
    gone = [each.draw for each in (*plan.sales, *plan.disposals)]
    for draw in (*gone, *(draw for each in (*plan.batches, *plan.hauls) for draw in each.draws)):
        rest[draw.parcel_id] -= draw.tonnes
    for name, tonnes in rest.items():
        if tonnes < -BALANCE_T:
            yield f"From {name} {-tonnes:.6f} t more are taken than it holds."
    came = {origin: sum(p.tonnes for p in plan.parcels if p.origin is origin) for origin in Origin}
    supplied = sum(round(supply.tonnes, 3) for supply in problem.supplies)
    stock = sum(round(tonnes, 3) for p in problem.places for store in p.stores for tonnes in store.stock.values())
    yield from _differ("supplied", came[Origin.SUPPLY], supplied)
    yield from _differ("in stock", came[Origin.STOCK], stock)
    lost = processed - sum(made.values())
    out = sum(draw.tonnes for draw in gone) + sum(rest.values()) + lost
    yield from _differ("sold, disposed of, left or lost", out, came[Origin.LANDING] + supplied + stock)


def _differ(what: str, told_t: float, right_t: float, near_t: float = BALANCE_T) -> Iterator[str]:
    if abs(told_t - right_t) > near_t:
        yield f"Tonnes {what}: {told_t:.6f} where there are {right_t:.6f}."
