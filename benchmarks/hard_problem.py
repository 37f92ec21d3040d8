"""Random problems in which something is amiss: no store, no boat, no sale, supplies that spoil or find no room."""

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.random_problem import at, random_problem
from documents.network import MaterialSpec, PlaceSpec, StoreSpec, SupplySpec
from documents.problem import Problem

Amiss = Callable[[Problem, np.random.Generator], dict[str, object]]


def changed(problem: Problem, **parts: object) -> Problem:
    """Return ``problem`` with other ``parts``, validated."""
    return Problem(**{**dict(problem), **parts})


def _restored(problem: Problem, places: Sequence[PlaceSpec]) -> dict[str, object]:
    """Return ``places`` with the supplies that they still have a store for."""
    taken = {(place.id, name) for place in places for store in place.stores for name in store.materials}
    return {"places": tuple(places), "supplies": tuple(s for s in problem.supplies if (s.place, s.material) in taken)}


def without_stores(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Take away all stores of the quays, or some of any place."""
    quays = {quay.id for quay in problem.quays}
    every = rng.random() < 0.4
    places = [
        place.model_copy(update={"stores": tuple(s for s in place.stores if not _lost(place.id in quays, every, rng))})
        for place in problem.places
    ]
    return _restored(problem, places)


def _lost(at_quay: bool, every: bool, rng: np.random.Generator) -> bool:
    return (at_quay and every) or rng.random() < 0.25


def with_small_stores(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Shrink stores to little more than their stock."""

    def small(store: StoreSpec) -> StoreSpec:
        room = sum(store.stock.values()) + store.capacity_t * float(rng.choice([0.0, 0.05, 0.3]))
        return store.model_copy(update={"capacity_t": room})

    places = [p.model_copy(update={"stores": tuple(small(store) for store in p.stores)}) for p in problem.places]
    return {**_restored(problem, places), "supplies": ()}


def with_many_supplies(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Bring this and that in, at any second and of any weight that a store holds."""
    stores = [(place.id, store) for place in problem.places for store in place.stores if store.capacity_t > 0]
    supplies: list[SupplySpec] = []
    for number in range(int(rng.integers(1, 7)) if stores else 0):
        place, store = stores[int(rng.integers(len(stores)))]
        hour = float(rng.choice([0.0, rng.uniform(0, problem.horizon_h), problem.horizon_h]))
        tonnes = store.capacity_t * float(rng.choice([1e-5, rng.uniform(0.01, 0.6), 1.0]))
        material = str(rng.choice(store.materials))
        supplies.append(SupplySpec(id=f"cart-{number}", place=place, material=material, time=at(hour), tonnes=tonnes))
    return {"supplies": tuple(supplies)}


def with_short_lives(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Let whatever ages do so within minutes, or hours."""

    life_h = float(rng.choice([0.2, 0.7, 1.0, 1.6]))

    def short(material: MaterialSpec) -> MaterialSpec:
        return material.model_copy(update={"shelf_life_h": life_h + 0.5 * (material.id == "stale")})

    return {"materials": tuple(short(m) if m.shelf_life_h is not None else m for m in problem.materials)}


def without_sales(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Let nothing ashore be worth anything, and what floats little."""

    def for_nothing(store: StoreSpec) -> StoreSpec:
        return store.model_copy(update={"end_value_cny_per_t": dict.fromkeys(store.end_value_cny_per_t, 0.0)})

    share = float(rng.choice([0.0, 0.1, 0.3]))
    return {
        "contracts": (),
        "places": tuple(
            place.model_copy(update={"stores": tuple(for_nothing(store) for store in place.stores)})
            for place in problem.places
        ),
        "patches": tuple(
            patch.model_copy(update={"value_cny_per_t": tuple(share * value for value in patch.value_cny_per_t)})
            for patch in problem.patches
        ),
    }


def without_shifts(problem: Problem, rng: np.random.Generator) -> dict[str, object]:
    """Keep all boats home, or have none."""
    if rng.random() < 0.5:
        return {"vessels": ()}
    return {"vessels": tuple(vessel.model_copy(update={"shifts": ()}) for vessel in problem.vessels)}


AMISS: tuple[Amiss, ...] = (
    without_stores,
    with_small_stores,
    with_many_supplies,
    with_short_lives,
    without_sales,
    without_shifts,
)


def hard_problem(seed: int) -> Problem:
    """Return the problem of ``seed``, of an odd horizon at times, with one to three things amiss."""
    rng = np.random.default_rng([seed, 1])
    hours = int(rng.choice([7, 9, 12, 37], p=[0.3, 0.3, 0.3, 0.1]))
    problem = random_problem(seed, hours=hours, most_patches=3, most_vessels=2)
    kinds = rng.permutation(len(AMISS))[: int(rng.integers(1, 4))]
    for kind in sorted(kinds):
        problem = changed(problem, **AMISS[kind](problem, rng))
    return problem
