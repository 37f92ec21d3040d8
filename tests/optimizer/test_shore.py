"""The program ashore: what it decides keeps the balance of every pool, and every limit, told apart from its rows."""

from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np
import pulp
import pytest

from benchmarks.random_problem import at, random_problem, window
from documents.network import ContractSpec, OutputSpec, StoreSpec
from documents.problem import Problem
from optimizer.clock import hour_of
from optimizer.network import KEEPS, Lot, Network, Pool
from optimizer.shore import Flows, Shore, Terms
from optimizer.solvers import solver

SMALL_T = 1e-9
NEAR_T = 1e-6
"""HiGHS keeps rows to 1e-7 where it has counted batches whole."""


@dataclass(frozen=True)
class Solved:
    """A network and what its program decided, in tonnes."""

    network: Network
    flows: Flows
    cost_cny: float


def pose(
    problem: Problem, landings: dict[Lot, float], *, integral: bool, step_h: float = 1.0, optimistic: bool = False
) -> Solved:
    """Return what becomes of at most ``landings`` tonnes, where every tonne landed is worth landing."""
    network = Network(problem, step_h, 2.0, optimistic=optimistic)
    model = pulp.LpProblem("ashore", pulp.LpMinimize)
    cost: Terms = []
    shore = Shore(network, model, cost, list(landings), integral=integral, whole_trips=integral)
    for lot, tonnes in landings.items():
        shore.flows.landed[lot].upBound = tonnes
        cost.append((shore.flows.landed[lot], -400.0))
    model.setObjective(pulp.LpAffineExpression(cost))
    model.solve(solver(500, 20.0))
    assert model.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    told = {
        each.name: {key: float(variable.value()) for key, variable in getattr(shore.flows, each.name).items()}
        for each in fields(shore.flows)
    }
    return Solved(network, Flows(**told), float(pulp.value(model.objective)))


def random_landings(problem: Problem, seed: int) -> dict[Lot, float]:
    rng = np.random.default_rng(seed)
    network = Network(problem, 1.0, 2.0)
    places = [network.place_of[quay.id] for quay in problem.quays]
    lots: dict[Lot, float] = {}
    for _ in range(int(rng.integers(1, 6))):
        born, landed = sorted(rng.uniform(0, problem.horizon_h, 2))
        lot = Lot(int(rng.choice(places)), network.moment_in(float(landed)), network.bucket(float(born)))
        if network.may_land(lot):
            lots[lot] = float(rng.uniform(2, 40))
    return dict(sorted(lots.items()))


def inflows(solved: Solved) -> dict[tuple[Pool, int], float]:
    """Return what comes into every pool at every moment: landings, supplies, stocks, hauls and batches."""
    network, flows, problem = solved.network, solved.flows, solved.network.problem
    found: dict[tuple[Pool, int], float] = defaultdict(float)
    for lot, tonnes in flows.landed.items():
        found[Pool(lot.place, network.landed, lot.born if network.ages(network.landed) else KEEPS), lot.moment] += (
            tonnes
        )
    for number, supply in enumerate(problem.supplies):
        place, material = network.place_of[supply.place], network.material_of[supply.material]
        hours = hour_of(problem, supply.time)
        kept = supply.tonnes - flows.refused[number]
        found[network.pool(place, material, hours), network.moment_in(hours)] += kept
    for p, spec in enumerate(problem.places):
        for name, tonnes in (entry for store in spec.stores for entry in store.stock.items()):
            found[network.pool(p, network.material_of[name], 0.0), 0] += tonnes
    for (number, pool, moment), tonnes in flows.hauled.items():
        way = network.ways[number]
        target = Pool(way.target, pool.material, pool.born)
        found[target, network.moment_in(moment * network.step_h + way.spec.hours)] += tonnes
    for (w, _, _, moment), tonnes in flows.taken.items():
        work, ends = network.works[w], moment * network.step_h + network.works[w].spec.hours
        for output in work.spec.outputs:
            into = network.pool(work.place, network.material_of[output.material], ends)
            if network.may_come(into, ends):
                found[into, network.moment_in(ends)] += output.yield_mid * tonnes
    return found


def outflows(flows: Flows) -> dict[tuple[Pool, int], float]:
    found: dict[tuple[Pool, int], float] = defaultdict(float)
    for group in (flows.taken, flows.hauled, flows.sold):
        for (*_, pool, moment), tonnes in group.items():
            found[pool, moment] += tonnes
    for (pool, moment), tonnes in flows.dumped.items():
        found[pool, moment] += tonnes
    return found


def assert_balanced(solved: Solved, within_t: float) -> None:
    """Every pool's contents at a moment are those before, plus what comes, less what goes."""
    held, came, gone = solved.flows.held, inflows(solved), outflows(solved.flows)
    for pool, moment in {*held, *came, *gone}:
        before = held.get((pool, moment - 1), 0.0)
        after = before + came.get((pool, moment), 0.0) - gone.get((pool, moment), 0.0)
        assert after == pytest.approx(held.get((pool, moment), 0.0), abs=within_t)
    every = [value for each in fields(solved.flows) for value in getattr(solved.flows, each.name).values()]
    assert min(every, default=0.0) >= -within_t


def assert_equipment_in_turn(solved: Solved) -> None:
    """Batches at work and vehicles under way at one time are no more than there are units and vehicles."""
    network, flows = solved.network, solved.flows
    marks = np.arange(0, network.problem.horizon_h, 0.05) + 0.01
    busy: dict[tuple[int, ...], np.ndarray] = defaultdict(lambda: np.zeros(len(marks)))
    for (w, moment), count in flows.batches.items():
        begins = moment * network.step_h
        busy[(0, *network.works[w].unit)] += count * ((marks > begins) & (marks < begins + network.works[w].spec.hours))
    for (number, moment), count in flows.trips.items():
        way, begins = network.ways[number], moment * network.step_h
        busy[1, way.fleet] += count * ((marks > begins) & (marks < begins + way.spec.turnaround_h))
    for (kind, *key), there in busy.items():
        problem = network.problem
        number = problem.fleets[key[0]].number if kind else problem.places[key[0]].units[key[1]].number
        assert there.max() <= number + NEAR_T


def assert_limits_kept(solved: Solved) -> None:
    network, flows, problem = solved.network, solved.flows, solved.network.problem
    for (w, moment), count in flows.batches.items():
        spec = network.works[w].spec
        parts = [
            sum(t for (ww, i, _, at_), t in flows.taken.items() if (ww, i, at_) == (w, number, moment))
            for number in range(len(spec.inputs))
        ]
        assert spec.batch_min_t * count - NEAR_T <= sum(parts) <= spec.batch_max_t * count + NEAR_T
        assert parts == pytest.approx([part.share * sum(parts) for part in spec.inputs], abs=NEAR_T)
    for (number, moment), count in flows.trips.items():
        load = sum(t for (n, _, leaves), t in flows.hauled.items() if (n, leaves) == (number, moment))
        assert load <= network.ways[number].spec.payload_t * count + NEAR_T
    for k, contract in enumerate(problem.contracts):
        sold = [(moment, tonnes) for (kk, _, moment), tonnes in flows.sold.items() if kk == k]
        total = sum(tonnes for _, tonnes in sold)
        assert contract.min_t - flows.missed.get(k, 0.0) - NEAR_T <= total <= contract.max_t + NEAR_T
        begins, ends = (hour_of(problem, end) for end in (contract.window.start, contract.window.end))
        assert all(
            begins <= moment * network.step_h + 1e-9 and moment * network.step_h <= ends + 1e-9 for moment, _ in sold
        )
    for (pool, moment), tonnes in flows.held.items():
        if moment == network.last and tonnes > NEAR_T:
            assert network.end_value_cny_per_t(pool) is not None


def assert_stores_hold(solved: Solved) -> None:
    """From each moment to the next a store holds what is kept and what comes in before the next."""
    network = solved.network
    lying: dict[tuple[int, tuple[str, ...], int], float] = defaultdict(float)
    for (pool, moment), tonnes in solved.flows.held.items():
        store = network.store_of(pool, moment)
        if tonnes > NEAR_T:
            assert store is not None
            lying[pool.place, store.materials, moment] += tonnes
    for lot, tonnes in solved.flows.landed.items():
        pool = Pool(lot.place, network.landed, lot.born if network.ages(network.landed) else KEEPS)
        store = network.store_of(pool, lot.moment - 1)
        assert store is not None
        lying[lot.place, store.materials, lot.moment - 1] += tonnes
    rooms = {(p, s.materials): s.capacity_t for p, place in enumerate(network.problem.places) for s in place.stores}
    for (place, materials, _), tonnes in lying.items():
        assert tonnes <= rooms[place, materials] + NEAR_T


@pytest.mark.parametrize("seed", range(40))
def test_fractions_of_batches_keep_every_limit(seed: int):
    problem = random_problem(seed)
    solved = pose(problem, random_landings(problem, seed), integral=False)
    assert_balanced(solved, SMALL_T)
    assert_equipment_in_turn(solved)
    assert_limits_kept(solved)
    assert_stores_hold(solved)


@pytest.mark.parametrize("seed", range(100, 120))
def test_whole_batches_keep_every_limit(seed: int):
    problem = random_problem(seed)
    landings = random_landings(problem, seed)
    solved = pose(problem, landings, integral=True)
    for count in (*solved.flows.batches.values(), *solved.flows.trips.values()):
        assert count == pytest.approx(round(count), abs=1e-6)
    assert_balanced(solved, NEAR_T)
    assert_equipment_in_turn(solved)
    assert_limits_kept(solved)
    assert_stores_hold(solved)
    in_parts = pose(problem, landings, integral=False)
    assert solved.cost_cny >= in_parts.cost_cny - 1e-3


@pytest.mark.parametrize("seed", range(200, 215))
def test_a_finer_clock_and_an_optimistic_one_cost_no_more(seed: int):
    """What holds on a coarse clock holds on a finer one, and all that does on an optimistic one."""
    problem = random_problem(seed)
    landings = {lot: tonnes for lot, tonnes in random_landings(problem, seed).items() if lot.moment < problem.horizon_h}
    solved = pose(problem, landings, integral=False)
    hoped = pose(problem, landings, integral=False, optimistic=True)
    assert hoped.cost_cny <= solved.cost_cny + 1e-3


def one_mill(**changes: object) -> Problem:
    """Return a problem whose only work ashore is that of one mill, at the quay, on what lies there from the start."""
    problem = random_problem(0)
    press = problem.places[-1].tasks[0]
    task = press.model_copy(
        update={
            "inputs": (press.inputs[0].model_copy(update={"materials": ("shell",)}),),
            "batch_min_t": 4.0,
            "batch_max_t": 6.0,
            "hours": 1.5,
            "cost_cny_per_batch": 10.0,
            "cost_cny_per_t": 1.0,
            **changes,
        }
    )
    unit = problem.places[-1].units[0].model_copy(update={"number": 1, "windows": (window(0, 12),)})
    stores = (
        StoreSpec(materials=("shell",), capacity_t=50.0, stock={"shell": 9.0}, end_value_cny_per_t={"shell": 0.0}),
        StoreSpec(materials=("cake",), capacity_t=20.0, end_value_cny_per_t={"cake": 1000.0}),
    )
    mill = problem.places[-1].model_copy(update={"stores": stores, "units": (unit,), "tasks": (task,)})
    quays = tuple(
        place.model_copy(update={"tasks": (), "units": ()}) for place in problem.places if place.id == "quay-0"
    )
    update = {
        "places": (*quays, mill.model_copy(update={"id": "mill"})),
        "docks": problem.docks[:1],
        "platforms": (),
        "vessels": (),
        "materials": tuple(m.model_copy(update={"shelf_life_h": None, "becomes": None}) for m in problem.materials),
        "links": (),
        "contracts": (),
        "supplies": (),
    }
    return Problem(**{**dict(problem), **update})


def test_batches_are_whole_where_that_is_asked_for():
    """9 t make a batch and a half of 6 t: whole ones are two of at least 4 t, or one."""
    fractions = pose(one_mill(), {}, integral=False)
    whole = pose(one_mill(), {}, integral=True)
    assert sum(fractions.flows.batches.values()) == pytest.approx(1.5, abs=0.01)
    assert sum(whole.flows.batches.values()) == pytest.approx(2.0)
    assert sum(whole.flows.taken.values()) == pytest.approx(9.0)
    assert whole.cost_cny == pytest.approx(9.0 * 1.0 + 2 * 10.0 - 9.0 * 0.4 * 1000.0)
    single = pose(one_mill(batch_min_t=5.0), {}, integral=True)
    assert sum(single.flows.batches.values()) == pytest.approx(1.0)
    assert sum(single.flows.taken.values()) == pytest.approx(6.0, abs=0.02)


def test_a_batch_of_one_size_only_is_made():
    """A dryer that is filled to the brim, or not at all."""
    solved = pose(one_mill(batch_min_t=4.5, batch_max_t=4.5), {}, integral=True)
    assert sum(solved.flows.batches.values()) == pytest.approx(2.0)


def test_units_work_in_turn():
    """In a window of 5 h a unit has time for three batches of 1.5 h, but begins only every hour: two and a rest."""
    problem = one_mill(batch_max_t=4.0, batch_min_t=0.0)
    mill = problem.places[-1]
    unit = mill.units[0].model_copy(update={"windows": (window(0, 5),)})
    problem = problem.model_copy(update={"places": (problem.places[0], mill.model_copy(update={"units": (unit,)}))})
    solved = pose(problem, {}, integral=True)
    assert sum(solved.flows.batches.values()) == pytest.approx(2.0)
    assert_equipment_in_turn(solved)


def test_what_a_contract_asks_beyond_all_that_can_be_made_is_missed():
    problem = random_problem(0)
    contract = next(c for seed in range(20) for c in random_problem(seed).contracts if c.material == "cake")
    contract = contract.model_copy(
        update={"place": "mill", "min_t": 10.0, "max_t": 12.0, "window": window(1, 12), "price_cny_per_t": 500.0}
    )
    solved = pose(one_mill().model_copy(update={"contracts": (contract,)}), {}, integral=True)
    assert solved.flows.missed[0] == pytest.approx(10.0 - 9.0 * 0.4, abs=1e-6)
    assert sum(solved.flows.sold.values()) == pytest.approx(9.0 * 0.4, abs=1e-6)
    can = contract.model_copy(update={"min_t": 3.0, "max_t": 3.2, "price_cny_per_t": 0.0})
    solved = pose(one_mill().model_copy(update={"contracts": (can,)}), {}, integral=True)
    assert solved.flows.missed[0] == pytest.approx(0.0, abs=1e-6)
    assert sum(solved.flows.sold.values()) == pytest.approx(3.0, abs=1e-6)
    assert problem.contracts != (can,)


SUPPLIED = random_problem(next(seed for seed in range(50) if random_problem(seed).supplies))


def supplied(**changes: object) -> Problem:
    """Return a problem with a supply that is changed."""
    return SUPPLIED.model_copy(update={"supplies": (SUPPLIED.supplies[0].model_copy(update=changes),)})


def room_t(problem: Problem) -> float:
    """Return what the store for wet algae holds at the place of the supply."""
    stores = next(place.stores for place in problem.places if place.id == problem.supplies[0].place)
    return next(store.capacity_t for store in stores if "wet" in store.materials)


def test_a_supply_needs_room_before_it_counts():
    """What is brought at 2:30 lies in the yard from then on, though nothing is done with it before 3:00."""
    problem = supplied(time=at(2.5))
    lot = Lot(Network(problem, 1.0, 2.0).place_of["quay-0"], 3, 1)
    solved = pose(problem, {lot: 1000.0}, integral=False)
    kept = problem.supplies[0].tonnes - solved.flows.refused[0]
    assert solved.flows.landed[lot] + kept == pytest.approx(room_t(problem), abs=0.02)


def test_what_finds_no_room_is_disposed_of_as_it_comes():
    problem = supplied(time=at(2.5), tonnes=room_t(SUPPLIED))
    more = problem.supplies[0].model_copy(update={"id": "more", "time": at(2.75), "tonnes": 5.0})
    problem = problem.model_copy(update={"supplies": (*problem.supplies, more)})
    refused = pose(problem, {}, integral=False).flows.refused
    assert sum(refused.values()) >= 5.0


@pytest.mark.parametrize(("life_h", "refused_t"), [(0.5, 6.25), (1.5, 0.0)])
def test_what_spoils_before_the_next_moment_is_disposed_of_as_it_comes(life_h: float, refused_t: float):
    wet, *others = SUPPLIED.materials
    wet = wet.model_copy(update={"shelf_life_h": life_h, "becomes": None})
    problem = supplied(time=at(2.5), tonnes=6.25).model_copy(update={"materials": (wet, *others)})
    assert pose(problem, {}, integral=False).flows.refused == {0: pytest.approx(refused_t)}


def output(material: str, tonnes: float) -> OutputSpec:
    return OutputSpec(material=material, yield_low=0.0, yield_mid=tonnes, yield_high=1.0)


def test_what_no_store_takes_is_disposed_of_as_the_batch_ends():
    problem = one_mill(outputs=(output("cake", 0.4), output("powder", 0.3)))
    solved = pose(problem, {}, integral=True)
    powder = next(material for material in problem.materials if material.id == "powder")
    whole = pose(one_mill(), {}, integral=True)
    assert sum(solved.flows.taken.values()) == pytest.approx(9.0)
    assert solved.cost_cny == pytest.approx(whole.cost_cny + 0.3 * 9.0 * powder.disposal_cny_per_t)


def test_two_outputs_lie_in_one_store_together():
    """A batch ends half an hour before what it gives is sold, which until then lies in the one store."""
    problem = one_mill(outputs=(output("cake", 0.4), output("powder", 0.3)), batch_min_t=0.0)
    mill = problem.places[-1]
    room = StoreSpec(materials=("cake", "powder"), capacity_t=3.0)
    sales = tuple(
        ContractSpec(
            id=name, name=name, place="mill", material=name, price_cny_per_t=500.0, max_t=9.0, window=window(0, 12)
        )
        for name in room.materials
    )
    places = (problem.places[0], mill.model_copy(update={"stores": (mill.stores[0], room)}))
    solved = pose(problem.model_copy(update={"places": places, "contracts": sales}), {}, integral=True)
    taken: dict[int, float] = defaultdict(float)
    for (*_, moment), tonnes in solved.flows.taken.items():
        taken[moment] += tonnes
    assert sum(taken.values()) == pytest.approx(9.0)
    assert max(taken.values()) * 0.7 <= 3.0
