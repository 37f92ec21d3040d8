"""Why a vessel stays in harbour."""

from collections.abc import Sequence

import numpy as np

from documents.explanation import Kind, Reason
from documents.problem import Problem, VesselSpec
from optimizer.effort import Effort
from optimizer.explain.answer import Answer, answer
from optimizer.explain.compare import losers, patches_t
from optimizer.explain.forced import Sail
from optimizer.explain.posed import Posed
from optimizer.explain.reach import farthest, limits, outings_of
from optimizer.explain.told import Told, plain_reason
from optimizer.voyage_kernel import LEAST_T


def idle_shifts(posed: Posed, name: str) -> list[int]:
    """Return the shifts still to come, by their index, in which the plan keeps the vessel called ``name`` home."""
    vessel = next(vessel for vessel in posed.problem.vessels if vessel.id == name)
    sailed = {voyage.shift for voyage in posed.plan.voyages if voyage.vessel_id == name}
    return [shift for shift in _to_come(posed.problem, vessel) if shift not in sailed]


def _to_come(problem: Problem, vessel: VesselSpec) -> list[int]:
    return [shift for shift, window in enumerate(vessel.shifts) if window.end > problem.start]


def why_vessel(posed: Posed, name: str, effort: Effort) -> Told:
    """Return why the vessel called ``name`` makes no voyage in some of its shifts: the best of them is asked for."""
    problem, grid = posed.problem, posed.grid
    number = next(v for v, vessel in enumerate(problem.vessels) if vessel.id == name)
    vessel, idle = problem.vessels[number], idle_shifts(posed, name)
    to_come = _to_come(problem, vessel)
    some = () if len(idle) == len(to_come) else tuple(idle)
    if not to_come:
        return Told(Kind.VESSEL, name, vessel.name, Reason.NO_SHIFT)
    if not idle:
        return Told(Kind.VESSEL, name, vessel.name, Reason.DONE)
    if all(problem.orders.keeps_home(name, shift) for shift in idle):
        return Told(Kind.VESSEL, name, vessel.name, Reason.LOCKED, shifts=some)
    rows = [k for k, (v, shift) in enumerate(grid.shifts) if v == number and shift in idle]
    every = range(len(problem.patches))
    able = [k for k in rows if farthest(posed.pricing, every, list(outings_of(grid, [k]))) is not None]
    if not able:
        found = limits(problem, [patch.id for patch in problem.patches], [name])
        return Told(Kind.VESSEL, name, vessel.name, found[0] if found else Reason.SEVERAL, shifts=some, limits=found)
    answers = [answer(posed, Sail(shift), effort) for shift in able]
    best = _best(answers)
    others = () if best.fleet is None else losers(posed, best.fleet, Kind.VESSEL, number)
    reason = plain_reason(posed, best) or _reason(posed, best, bool(others))
    named = others if reason is Reason.OTHERS_GO else ()
    return Told(Kind.VESSEL, name, vessel.name, reason, shifts=some, others=named, answer=best)


def _best(answers: Sequence[Answer]) -> Answer:
    """Return what holds for a voyage in any of the shifts: the best that was found, and the weakest bound."""
    found = max(answers, key=lambda each: -np.inf if each.value_cny is None else each.value_cny)
    bounds = [each.bound_cny for each in answers if each.bound_cny is not None]
    return Answer(found.fleet, found.value_cny, max(bounds, default=None), found.no_room)


def _reason(posed: Posed, best: Answer, others_lose: bool) -> Reason:
    """Return whether the voyage takes from others, or takes more for less than it costs."""
    if best.fleet is None:
        return Reason.UNDECIDED
    more = sum(patches_t(best.fleet).values()) - sum(patches_t(posed.fleet).values())
    return Reason.OTHERS_GO if others_lose and more < LEAST_T else Reason.NOT_WORTH
