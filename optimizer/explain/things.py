"""What ashore can be asked for more: what a place takes in, and what a contract is sold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from documents.explanation import Kind
from documents.network import PlaceSpec
from documents.plan import Plan
from documents.problem import Problem
from optimizer.clock import TINY_H, joined, span_of
from optimizer.network import Network
from optimizer.shore import Flows

MORE = 0.1
"""What is asked of a contract, relative to all that it takes; of a plant beyond what it takes in."""
Columns = tuple[int, ...]
"""Of the program ashore."""


@dataclass(frozen=True)
class Thing:
    """A plant's intake or a contract."""

    kind: Kind
    id: str
    name: str
    done_t: float
    """In the plan."""
    most_t: float
    """What it can take."""
    step_t: float
    """What is asked for beyond what it takes at least: of a plant a small batch."""
    columns: Callable[[Network, Flows], Columns]


def things(problem: Problem, plan: Plan, place: PlaceSpec) -> Iterator[Thing]:
    """Yield what ``place`` takes in, and its contracts."""
    if place.tasks:
        yield _intake(problem, plan, place)
    for k, contract in enumerate(problem.contracts):
        if contract.place == place.id:
            yield _contract(problem, plan, k)


def intake(place: PlaceSpec) -> Callable[[Network, Flows], Columns]:
    """Return what tells the columns of all that ``place`` takes in from elsewhere."""
    feeding = _feeding(place)

    def columns(network: Network, flows: Flows) -> Columns:
        number, works = network.place_of[place.id], network.works
        return tuple(
            int(variable.index)
            for (w, _, _, _), variable in flows.taken.items()
            if works[w].place == number and works[w].spec.id in feeding
        )

    return columns


def sold(number: int) -> Callable[[Network, Flows], Columns]:
    """Return what tells the columns of all that a contract is sold."""
    return lambda _, flows: tuple(int(v.index) for (k, _, _), v in flows.sold.items() if k == number)


def _intake(problem: Problem, plan: Plan, place: PlaceSpec) -> Thing:
    feeding = _feeding(place)
    done = sum(b.tonnes for b in plan.batches if b.place_id == place.id and b.task_id in feeding)
    step = min(max(t.batch_min_t, MORE * t.batch_max_t) for t in place.tasks if t.id in feeding)
    return Thing(Kind.PLANT, place.id, place.name, done, _room_t(problem, place), step, intake(place))


def _contract(problem: Problem, plan: Plan, number: int) -> Thing:
    contract = problem.contracts[number]
    done = sum(sale.draw.tonnes for sale in plan.sales if sale.contract_id == contract.id)
    most = contract.max_t
    return Thing(Kind.CONTRACT, contract.id, contract.name, done, most, MORE * most, sold(number))


def _feeding(place: PlaceSpec) -> set[str]:
    """Return the tasks that take nothing that the place makes itself; all where there are none such."""
    made = {output.material for task in place.tasks for output in task.outputs}
    own = {task.id for task in place.tasks if not made & {m for part in task.inputs for m in part.materials}}
    return own or {task.id for task in place.tasks}


def _room_t(problem: Problem, place: PlaceSpec) -> float:
    """Return what the units can take in, batch after batch, as long as their windows are."""
    feeding, total = _feeding(place), 0.0
    for unit in place.units:
        spans = joined(span_of(problem, window) for window in unit.windows)
        open_h = [max(min(end, problem.horizon_h) - max(start, 0.0), 0.0) for start, end in spans]
        tasks = [task for task in place.tasks if task.unit == unit.id and task.id in feeding]
        runs = [sum((hours + TINY_H) // task.hours for hours in open_h) * task.batch_max_t for task in tasks]
        total += unit.number * max(runs, default=0.0)
    return total
