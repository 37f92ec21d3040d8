"""Orders drawn at random: such as a plan keeps, and such as no plan can."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from documents.base import Window
from documents.locks import lock_batch, lock_stop, lock_trip, lock_voyage
from documents.orders import BatchLock, Forbidden, Lock, LockedStop, Orders
from documents.plan import Plan, Stop, StopKind, Voyage
from documents.problem import Problem

LOCKS, BATCHES = 6, 2
"""Drawn from each plan."""
LEEWAYS_H = (1 / 60, 1 / 12, 1 / 4, 1.0)
"""By one of which what is locked may move."""
WORTH = (0.3, 2.0)
"""Other worths of a patch are between these multiples of its own."""
MOST = 100
"""More batches of a task than any instance can run within two minutes."""
MINUTE = timedelta(minutes=1)


def changed(problem: Problem, **parts: object) -> Problem:
    """Return ``problem`` with other ``parts``, validated."""
    return Problem.model_validate({**dict(problem), **parts})


def kept_by(plan: Plan, rng: np.random.Generator) -> Orders:
    """Return orders that ``plan`` keeps."""
    return Orders(locks=tuple(_locks(plan, rng)), batches=tuple(_batches(plan, rng)))


def elsewhere(problem: Problem, rng: np.random.Generator) -> Problem:
    """Return ``problem`` with other worths of the patches, a vessel ordered to stay, and a patch forbidden to one."""
    vessel = problem.vessels[int(rng.integers(len(problem.vessels)))]
    home = Lock(id="home", vessel=vessel.id, shift=int(rng.integers(len(vessel.shifts))), whole=True)
    other = problem.vessels[int(rng.integers(len(problem.vessels)))]
    pair = Forbidden(vessel=other.id, patch=problem.patches[int(rng.integers(len(problem.patches)))].id)
    patches = tuple(
        patch.model_copy(update={"value_cny_per_t": tuple(share * each for each in patch.value_cny_per_t)})
        for patch, share in zip(problem.patches, rng.uniform(*WORTH, len(problem.patches)), strict=True)
    )
    return changed(problem, patches=patches, orders=Orders(locks=(home,), forbidden=(pair,)))


def _locks(plan: Plan, rng: np.random.Generator) -> Iterator[Lock]:
    """Yield locks of stops, trips and whole voyages, of any voyage one whole lock at most."""
    whole: set[tuple[str, int]] = set()
    for number in range(LOCKS if plan.voyages else 0):
        voyage = plan.voyages[int(rng.integers(len(plan.voyages)))]
        kind = str(rng.choice(["stop", "trip", "voyage"], p=[0.5, 0.3, 0.2]))
        name, leeway_h = f"{kind}-{number}", float(rng.choice(LEEWAYS_H))
        if kind == "voyage" and (voyage.vessel_id, voyage.shift) not in whole:
            whole.add((voyage.vessel_id, voyage.shift))
            yield lock_voyage(name, voyage, leeway_h)
        elif kind == "trip":
            yield lock_trip(name, voyage, int(rng.integers(len(_calls(voyage)))), leeway_h)
        else:
            yield lock_stop(name, voyage, int(rng.integers(len(voyage.stops) - 2)), leeway_h)


def _calls(voyage: Voyage) -> list[Stop]:
    return [stop for stop in voyage.stops if stop.kind is StopKind.UNLOAD]


def _batches(plan: Plan, rng: np.random.Generator) -> Iterator[BatchLock]:
    """Yield locks of a few batches."""
    for number in sorted(rng.permutation(len(plan.batches))[:BATCHES]):
        yield lock_batch(f"batch-{number}", plan.batches[number], float(rng.choice(LEEWAYS_H)))


def impossible(problem: Problem, plan: Plan, rng: np.random.Generator) -> Iterator[tuple[Problem, list[str]]]:
    """Yield problems that ask for what cannot be, each with the names that its refusal must tell."""
    if plan.voyages:
        yield from _at_sea(problem, plan.voyages[int(rng.integers(len(plan.voyages)))], rng)
    for contract in problem.contracts[:1]:
        far = 10.0 * (contract.max_t + sum(patch.biomass_t for patch in problem.patches))
        more = contract.model_copy(update={"min_t": far, "max_t": far})
        yield changed(problem, contracts=(more, *problem.contracts[1:])), [contract.id, "limited by"]
    if plan.batches:
        batch = plan.batches[int(rng.integers(len(plan.batches)))]
        many = lock_batch("many", batch, 1 / 60).model_copy(update={"number": MOST})
        yield changed(problem, orders=Orders(batches=(many,))), ["many", batch.task_id, "limited by"]


def _at_sea(problem: Problem, voyage: Voyage, rng: np.random.Generator) -> Iterator[tuple[Problem, list[str]]]:
    """Yield problems whose orders clash with what a vessel does in ``voyage``."""
    name = voyage.vessel_id
    vessel = next(vessel for vessel in problem.vessels if vessel.id == name)
    visits = [stop for stop in voyage.stops if stop.kind is StopKind.COLLECT]
    visit, call = visits[int(rng.integers(len(visits)))], _calls(voyage)[int(rng.integers(len(_calls(voyage))))]
    one = lock_voyage("one", voyage)

    home = Lock(id="home", vessel=name, shift=voyage.shift, whole=True)
    stop = one.model_copy(update={"whole": False})
    yield changed(problem, orders=Orders(locks=(stop, home))), ["one", "home", name]

    never = Forbidden(vessel=name, patch=visit.patch_id)
    yield changed(problem, orders=Orders(locks=(stop,), forbidden=(never,))), ["one", name, str(visit.patch_id)]

    begins = vessel.shifts[voyage.shift].start
    soon = LockedStop(patch=visit.patch_id, window=Window(start=begins, end=begins + MINUTE))
    early = Lock(id="early", vessel=name, shift=voyage.shift, stops=(soon,))
    yield changed(problem, orders=Orders(locks=(early,))), ["early", name, str(visit.patch_id)]

    visited = {stop.patch_id for stop in visits}
    others = [patch.id for patch in problem.patches if patch.id not in visited]
    if others:
        there = LockedStop(patch=str(rng.choice(others)), window=vessel.shifts[voyage.shift])
        beside = Lock(id="beside", vessel=name, shift=voyage.shift, stops=(there,))
        yield changed(problem, orders=Orders(locks=(one, beside))), ["beside", name]

    docks = {dock.id: dock for dock in problem.docks}
    if call.quay_id in docks:
        single = docks[call.quay_id].model_copy(update={"berths": 1})
        narrow = LockedStop(quay=call.quay_id, window=Window(start=call.start, end=call.start + MINUTE))
        locks = tuple(
            Lock(id=f"call-{who}", vessel=who, shift=voyage.shift, stops=(narrow,)) for who in (name, f"{name}-2")
        )
        yield (
            changed(
                problem,
                docks=tuple({**docks, single.id: single}.values()),
                vessels=(*problem.vessels, vessel.model_copy(update={"id": f"{name}-2"})),
                orders=Orders(locks=locks),
            ),
            [lock.id for lock in locks] + [single.id],
        )
