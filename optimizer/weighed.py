"""Protection first, money second: a problem with all money but damage avoided at its weight."""

from typing import TypeVar

from documents.base import Part
from documents.network import PlaceSpec, StoreSpec
from documents.problem import Problem

P = TypeVar("P", bound=Part)


def weighed(problem: Problem) -> Problem:
    """Return ``problem`` at prices at which plain money is what it is to maximise; to be taken once.

    Earnings and costs are made small rather than damage large: what must be is enforced at prices above any that occur.
    What changes of a plan cost is told by the objective, and stays.
    """
    share = problem.earned_share
    if share == 1.0:
        return problem

    def at_share(part: P, *fields: str) -> P:
        return part.model_copy(update={field: share * getattr(part, field) for field in fields})

    def store(spec: StoreSpec) -> StoreSpec:
        values = {material: share * value for material, value in spec.end_value_cny_per_t.items()}
        return spec.model_copy(update={"end_value_cny_per_t": values})

    def place(spec: PlaceSpec) -> PlaceSpec:
        tasks = tuple(at_share(task, "cost_cny_per_batch", "cost_cny_per_t") for task in spec.tasks)
        return spec.model_copy(update={"stores": tuple(map(store, spec.stores)), "tasks": tasks})

    return problem.model_copy(
        update={
            "vessels": tuple(at_share(vessel, "cost_per_h_cny", "cost_per_nm_cny") for vessel in problem.vessels),
            "platforms": tuple(at_share(platform, "day_cost_cny") for platform in problem.platforms),
            "materials": tuple(at_share(material, "disposal_cny_per_t") for material in problem.materials),
            "places": tuple(map(place, problem.places)),
            "links": tuple(at_share(link, "cost_cny_per_trip", "cost_cny_per_t") for link in problem.links),
            "contracts": tuple(at_share(contract, "price_cny_per_t") for contract in problem.contracts),
        }
    )
