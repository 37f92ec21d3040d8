"""The bound in continuous time: no plan exceeds it, whatever falls between the moments of its clocks."""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import pulp
import pytest

from benchmarks.random_problem import at, random_problem, window
from documents.network import (
    ContractSpec,
    FleetSpec,
    InputSpec,
    LinkSpec,
    MaterialSpec,
    OutputSpec,
    PlaceSpec,
    StoreSpec,
    TaskSpec,
    UnitSpec,
)
from documents.problem import PlatformSpec, Problem, StationSpec, Window
from optimizer.check import value
from optimizer.continuous import continuous_bound_cny
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.sea import Sea
from optimizer.shore import Shore
from optimizer.solve import solve
from optimizer.solvers import solver
from tests.optimizer.handmade import SHA256, make_plan, make_problem

Landing = tuple[int, float, float, float]
"""Place, hours of landing and of birth, tonnes."""
Case = Callable[[], tuple[Problem, list[Landing], float]]
"""A problem, what is landed, and what a plan known by hand makes of it."""
LANDED_CNY = 400.0


def bound_of(problem: Problem) -> float:
    bound = continuous_bound_cny(Grid(problem), Sea(problem), [], Effort(1e9, 0))
    assert bound is not None
    return bound


def worth_ashore(network: Network, landings: Iterable[Landing]) -> float:
    """Return the most that the program ashore makes of at most these landings, LANDED_CNY paid for a tonne."""
    model = pulp.LpProblem("ashore", pulp.LpMinimize)
    cost: list[tuple[object, float]] = []
    tonnes: dict[Lot, float] = defaultdict(float)
    for place, landed, born, amount in landings:
        lot = Lot(place, network.moment_in(landed), network.bucket(born))
        if network.may_land(lot):
            tonnes[lot] += amount
    shore = Shore(network, model, cost, list(tonnes), integral=False)
    for lot, most in tonnes.items():
        shore.flows.landed[lot].upBound = most
        cost.append((shore.flows.landed[lot], -LANDED_CNY))
    model.setObjective(pulp.LpAffineExpression(cost))
    model.solve(solver(1, 60.0))
    assert model.sol_status == pulp.LpSolutionOptimal
    return -float(pulp.value(model.objective))


@pytest.mark.parametrize("seed", range(3_000, 3_008))
def test_no_plan_of_the_planner_exceeds_the_bound(seed: int):
    problem = random_problem(seed, hours=9).model_copy(update={"work": 1, "time_limit_s": 4.0})
    plan = solve(problem, SHA256, io.StringIO(), lambda *_: None)
    assert value(problem, plan).total_cny <= bound_of(problem) + 1.0


def test_the_hand_does_not_exceed_the_bound():
    problem = make_problem()
    assert value(problem, make_plan(problem)).total_cny <= bound_of(problem) + 1.0


@pytest.mark.parametrize("seed", range(20))
def test_whatever_holds_ashore_on_a_clock_of_minutes_holds_optimistically(seed: int):
    """Hours are whole multiples of three minutes, so that the finest clock loses next to nothing."""
    problem, rng = random_problem(seed, hours=9), np.random.default_rng(seed)
    if seed % 2:  # ageing may make disposal cheaper
        costs = rng.uniform(0, 500, len(problem.materials))
        materials = zip(problem.materials, costs, strict=True)
        changed = tuple(m.model_copy(update={"disposal_cny_per_t": float(cost)}) for m, cost in materials)
        problem = problem.model_copy(update={"materials": changed})
    fine = Network(problem, 0.05, 0.05)
    places = [fine.place_of[quay.id] for quay in problem.quays]
    landings: list[Landing] = []
    for _ in range(int(rng.integers(1, 6))):
        born, landed = sorted(float(hour) for hour in rng.uniform(0, problem.horizon_h, 2))
        landings.append((int(rng.choice(places)), landed, born, float(rng.uniform(2, 40))))
    held = max(worth_ashore(fine, landings), worth_ashore(Network(problem, 0.25, 0.25), landings))
    for step_h, born_h in ((0.5, 1.0), (1.0, 2.0), (1.0, 1.0), (0.75, 1.0), (2.0, 4.0), (5.0, 5.0)):
        hoped = worth_ashore(Network(problem, step_h, born_h, optimistic=True), landings)
        assert hoped >= held - 1e-5 * max(abs(held), 1.0)


def yard(*, hours: int = 12, **changes: object) -> Problem:
    """Return a problem ashore alone: a yard at a dock, and whatever else ``changes`` tell."""
    problem = random_problem(0, hours=hours)
    store = StoreSpec(materials=("wet", "stale"), capacity_t=50.0)
    parts: dict[str, object] = {
        "patches": (),
        "vessels": (),
        "docks": problem.docks[:1],
        "platforms": (),
        "materials": materials(),
        "places": (PlaceSpec(id="quay-0", name="yard", stores=(store,)),),
        "fleets": (FleetSpec(id="lorries", name="lorries", number=1, windows=(window(0, hours),)),),
        "links": (),
        "supplies": (),
        "contracts": (),
    }
    return problem.model_copy(update=parts | changes)


def materials(
    *,
    becomes: str | None = None,
    life_h: float = 30.0,
    cake_h: float | None = None,
    costs: tuple[float, float] = (0.0, 0.0),
) -> tuple[MaterialSpec, ...]:
    return (
        MaterialSpec(id="wet", name="wet", shelf_life_h=life_h, becomes=becomes, disposal_cny_per_t=costs[0]),
        MaterialSpec(id="stale", name="stale", disposal_cny_per_t=costs[1]),
        MaterialSpec(id="cake", name="cake", shelf_life_h=cake_h, disposal_cny_per_t=0.0),
    )


def contract(place: str, material: str, first_h: float, last_h: float, price: float = 1000.0) -> ContractSpec:
    return ContractSpec(
        id=f"{place}-{material}",
        name="buyer",
        place=place,
        material=material,
        price_cny_per_t=price,
        max_t=100.0,
        window=Window(start=at(first_h), end=at(last_h)),
    )


def mill(
    name: str, *, hours: float, opens_h: float, closes_h: float, stock_t: float = 0.0, room_t: float = 50.0
) -> PlaceSpec:
    """Return a plant with one press, five tonnes a batch, that makes cake of wet algae."""
    task = TaskSpec(
        id="press",
        name="press",
        unit="press",
        inputs=(InputSpec(materials=("wet",), share=1.0),),
        outputs=(OutputSpec(material="cake", yield_low=0.4, yield_mid=0.4, yield_high=0.4),),
        batch_min_t=5.0,
        batch_max_t=5.0,
        hours=hours,
        cost_cny_per_batch=0.0,
        cost_cny_per_t=0.0,
    )
    cake = StoreSpec(materials=("cake",), capacity_t=room_t, stock={"cake": stock_t} if stock_t else {})
    return PlaceSpec(
        id=name,
        name=name,
        stores=(StoreSpec(materials=("wet",), capacity_t=50.0), cake),
        units=(UnitSpec(id="press", name="press", number=1, windows=(window(opens_h, closes_h),)),),
        tasks=(task,),
    )


def link(origin: str, target: str, material: str, hours: float, payload_t: float = 10.0) -> LinkSpec:
    return LinkSpec(
        id=f"{origin}-{target}",
        origin=origin,
        target=target,
        fleet="lorries",
        materials=(material,),
        hours=hours,
        turnaround_h=2 * hours,
        payload_t=payload_t,
        cost_cny_per_trip=0.0,
        cost_cny_per_t=0.0,
    )


def landed_a_minute_before_the_hour() -> tuple[Problem, list[Landing], float]:
    places = (*yard().places, PlaceSpec(id="mill", name="mill", stores=yard().places[0].stores))
    problem = yard(
        places=places, links=(link("quay-0", "mill", "wet", 1.0),), contracts=(contract("mill", "wet", 4.98, 4.99),)
    )
    return problem, [(0, 239 / 60, 3.0, 10.0)], 10.0 * (LANDED_CNY + 1000.0)


def pressed_between_moments() -> tuple[Problem, list[Landing], float]:
    """Two batches of 1.2 h fill the press's window, and what they make is sold as it closes."""
    press = mill("quay-0", hours=1.2, opens_h=1.3, closes_h=3.7)
    problem = yard(places=(press,), contracts=(contract("quay-0", "cake", 3.7, 3.71),))
    return problem, [(0, 1.27, 0.9, 10.0)], 10.0 * (LANDED_CNY + 0.4 * 1000.0)


def pressed_before_it_spoils() -> tuple[Problem, list[Landing], float]:
    """Collected at 1.2 h, it is wet until 3.7 h; the press opens at 3.65 h."""
    press = mill("quay-0", hours=0.5, opens_h=3.65, closes_h=4.2)
    problem = yard(places=(press,), materials=materials(life_h=2.5), contracts=(contract("quay-0", "cake", 4.1, 12.0),))
    return problem, [(0, 3.05, 1.2, 5.0)], 5.0 * (LANDED_CNY + 0.4 * 1000.0)


def made_as_the_store_is_cleared() -> tuple[Problem, list[Landing], float]:
    """Two tonnes of cake fill the store until a lorry takes them at 1.05 h; two more are made by 1.1 h."""
    press = mill("quay-0", hours=0.4, opens_h=0.7, closes_h=1.1, stock_t=2.0, room_t=2.0)
    cake = (StoreSpec(materials=("cake",), capacity_t=5.0),)
    problem = yard(
        places=(press, PlaceSpec(id="shop", name="shop", stores=cake)),
        fleets=(FleetSpec(id="lorries", name="lorries", number=1, windows=(window(1.05, 1.06),)),),
        links=(link("quay-0", "shop", "cake", 0.1, payload_t=2.0),),
        contracts=(contract("quay-0", "cake", 1.2, 1.21), contract("shop", "cake", 1.1, 1.3)),
    )
    return problem, [(0, 0.6, 0.1, 5.0)], 5.0 * LANDED_CNY + 4.0 * 1000.0


def made_fresher_than_the_step_tells() -> tuple[Problem, list[Landing], float]:
    """Begun at 1.75 h, it is made at 2.15 h and keeps until 3.1 h."""
    press = mill("quay-0", hours=0.4, opens_h=1.75, closes_h=2.2)
    problem = yard(
        places=(press,), materials=materials(cake_h=0.95), contracts=(contract("quay-0", "cake", 3.05, 3.09),)
    )
    return problem, [(0, 0.6, 0.1, 5.0)], 5.0 * LANDED_CNY + 2.0 * 1000.0


def disposed_of_when_it_is_cheap() -> tuple[Problem, list[Landing], float]:
    """Ten tonnes become stale, and cheap to be rid of, at 4.3 h, and make room for others at 5 h."""
    store = StoreSpec(materials=("wet", "stale"), capacity_t=10.0)
    problem = yard(
        places=(PlaceSpec(id="quay-0", name="yard", stores=(store,)),),
        materials=materials(becomes="stale", life_h=3.3, costs=(400.0, 10.0)),
        contracts=(contract("quay-0", "wet", 6.0, 6.01),),
    )
    return problem, [(0, 2.0, 1.0, 10.0), (0, 5.0, 4.9, 10.0)], 20.0 * LANDED_CNY - 10.0 * 10.0 + 10.0 * 1000.0


def sold_as_it_is_landed() -> tuple[Problem, list[Landing], float]:
    """No store takes it, and none has to."""
    problem = yard(places=(PlaceSpec(id="quay-0", name="quay"),), contracts=(contract("quay-0", "wet", 5.5, 5.6),))
    return problem, [(0, 5.55, 5.0, 3.0)], 3.0 * (LANDED_CNY + 1000.0)


def kept_to_the_end() -> tuple[Problem, list[Landing], float]:
    """At the end of a horizon of no whole number of moments it is wet still, by minutes."""
    store = StoreSpec(materials=("wet",), capacity_t=10.0, end_value_cny_per_t={"wet": 300.0})
    problem = yard(
        hours=11, places=(PlaceSpec(id="quay-0", name="yard", stores=(store,)),), materials=materials(life_h=2.3)
    )
    return problem, [(0, 10.9, 8.75, 4.0)], 4.0 * (LANDED_CNY + 300.0)


@pytest.mark.parametrize("clock", [(0.5, 1.0), (0.5, 2.0), (1.0, 2.0), (1.0, 3.0), (2.0, 4.0), (2.0, 8.0), (5.0, 5.0)])
@pytest.mark.parametrize(
    "case",
    [
        landed_a_minute_before_the_hour,
        pressed_between_moments,
        pressed_before_it_spoils,
        made_as_the_store_is_cleared,
        made_fresher_than_the_step_tells,
        disposed_of_when_it_is_cheap,
        sold_as_it_is_landed,
        kept_to_the_end,
    ],
)
def test_what_falls_between_the_moments_ashore_is_allowed(case: Case, clock: tuple[float, float]):
    problem, landings, worth = case()
    assert worth_ashore(Network(problem, *clock, optimistic=True), landings) >= worth - 1e-3


def test_equipment_takes_turns_though_a_batch_lasts_no_whole_number_of_moments():
    """In nine hours a press makes six batches of an hour and a half; whole steps alone would leave room for nine."""
    problem = yard(
        places=(mill("quay-0", hours=1.5, opens_h=1.0, closes_h=10.0),),
        contracts=(contract("quay-0", "cake", 0.0, 12.0),),
    )
    worth = worth_ashore(Network(problem, 1.0, 2.0, optimistic=True), [(0, 0.5, 0.2, 60.0)])
    assert worth == pytest.approx(60.0 * LANDED_CNY + 6 * 5.0 * 0.4 * 1000.0)


WORTH_CNY, HOUR_CNY, MILE_CNY = 1000.0, 300.0, 40.0
SPEED_KN, COLLECT_T_PER_H, UNLOAD_T_PER_H, RIGGING_H, MOORING_H = 8.0, 10.0, 30.0, 0.25, 0.25


def one_boat(shift: tuple[float, float], *, away: float = 0.1, **changes: object) -> Problem:
    """Return a problem of one boat and one still patch of endless mass, ``away`` degrees west of its dock."""
    problem = random_problem(0)
    dock, vessel = problem.docks[0], problem.vessels[0]
    marks = problem.horizon_h + 1
    patch = problem.patches[0].model_copy(
        update={
            "biomass_t": 1e4,
            "lon": (dock.lon - away,) * marks,
            "lat": (dock.lat,) * marks,
            "remaining": (1.0,) * marks,
            "value_cny_per_t": (WORTH_CNY,) * marks,
            "collectable": (True,) * marks,
        }
    )
    boat = vessel.model_copy(
        update={
            "home_dock": dock.id,
            "capacity_t": 1e3,
            "speed_kn": SPEED_KN,
            "collect_t_per_h": COLLECT_T_PER_H,
            "rigging_h": RIGGING_H,
            "cost_per_h_cny": HOUR_CNY,
            "cost_per_nm_cny": MILE_CNY,
            "shifts": (window(*shift),),
        }
    )
    quay = {"windows": (window(0, problem.horizon_h),), "unload_t_per_h": UNLOAD_T_PER_H, "mooring_h": MOORING_H}
    store = StoreSpec(materials=("wet",), capacity_t=1e4, end_value_cny_per_t={"wet": LANDED_CNY})
    parts: dict[str, object] = {
        "patches": (patch,),
        "vessels": (boat,),
        "docks": (dock.model_copy(update=quay),),
        "wave_m": (None,) * problem.horizon_h,
    }
    return yard(places=(PlaceSpec(id=dock.id, name="yard", stores=(store,)),), **(parts | changes))


def miles(problem: Problem, away: float) -> float:
    dock = problem.docks[0]
    return float(
        Sea(problem).distances_nm(np.array([[dock.lon - away, dock.lat]]), np.array([[dock.lon, dock.lat]]))[0]
    )


@pytest.mark.parametrize("shift", [(0.0, 4.0), (0.1, 3.93), (0.3, 3.8), (1.11, 4.9)])
def test_the_bound_is_close_above_the_best_trip_there_is(shift: tuple[float, float]):
    """What the boat takes, it takes for all the time that is left of the shift, whatever the minute."""
    problem = one_boat(shift)
    far = miles(problem, 0.1)
    left_h = shift[1] - shift[0] - 2 * far / SPEED_KN - RIGGING_H - MOORING_H
    tonnes = left_h / (1 / COLLECT_T_PER_H + 1 / UNLOAD_T_PER_H)
    worth = tonnes * (WORTH_CNY + LANDED_CNY) - (shift[1] - shift[0]) * HOUR_CNY - 2 * far * MILE_CNY
    assert worth <= bound_of(problem) <= 1.04 * worth


def test_a_shift_too_short_for_the_quarter_hours_counts():
    problem = one_boat((0.05, 0.98), away=0.005)
    assert not Grid(problem).outings or Grid(problem).outings[0].last - Grid(problem).outings[0].first < 3
    far = miles(problem, 0.005)
    left_h = 0.93 - 2 * far / SPEED_KN - RIGGING_H - MOORING_H
    tonnes = left_h / (1 / COLLECT_T_PER_H + 1 / UNLOAD_T_PER_H)
    assert bound_of(problem) >= tonnes * (WORTH_CNY + LANDED_CNY) - 0.93 * HOUR_CNY - 2 * far * MILE_CNY > 0


@pytest.mark.parametrize("ends_h", [2.9, 3.0, 3.2, 3.37])
def test_a_call_may_end_with_the_day_of_a_platform(ends_h: float):
    """The dock takes nothing: all is landed at the platform, beside the patch, by the very end of its day."""
    problem = one_boat((0.0, 5.0))
    dock, station = problem.docks[0], random_problem(0).docks[0]
    platform = PlatformSpec(
        id="mother",
        name="mother",
        stations=(StationSpec(id="here", name="here", lon=dock.lon - 0.1, lat=station.lat),),
        days=(window(0.5, ends_h),),
        berths=1,
        unload_t_per_h=UNLOAD_T_PER_H,
        mooring_h=MOORING_H,
        day_cost_cny=500.0,
    )
    deck = problem.places[0].model_copy(update={"id": "mother"})
    closed = dock.model_copy(update={"windows": (window(11.0, 12.0),)})
    problem = problem.model_copy(
        update={"docks": (closed,), "platforms": (platform,), "places": (*problem.places, deck)}
    )
    far = miles(problem, 0.1)
    left_h = ends_h - far / SPEED_KN - RIGGING_H - MOORING_H
    tonnes = left_h / (1 / COLLECT_T_PER_H + 1 / UNLOAD_T_PER_H)
    sailing = (ends_h + far / SPEED_KN) * HOUR_CNY + 2 * far * MILE_CNY
    worth = tonnes * (WORTH_CNY + LANDED_CNY) - sailing - 500.0
    assert worth <= bound_of(problem) <= 1.12 * worth


def test_where_no_clock_is_fine_enough_there_is_no_bound():
    problem = one_boat((0.0, 4.0))
    at_once = tuple(vessel.model_copy(update={"rigging_h": 0.01}) for vessel in problem.vessels)
    problem = problem.model_copy(update={"vessels": at_once})
    assert continuous_bound_cny(Grid(problem), Sea(problem), [], Effort(1e9, 0)) is None


@pytest.mark.parametrize("update", [{"patches": ()}, {"vessels": ()}, {"wave_m": (3.0,) * 12}])
def test_where_nobody_can_leave_only_the_shore_counts(update: dict[str, object]):
    store = StoreSpec(materials=("wet",), capacity_t=50.0, stock={"wet": 5.0}, end_value_cny_per_t={"wet": LANDED_CNY})
    problem = one_boat((0.0, 4.0), **update)
    problem = problem.model_copy(update={"places": (problem.places[0].model_copy(update={"stores": (store,)}),)})
    assert bound_of(problem) == pytest.approx(5.0 * LANDED_CNY, abs=0.1)
