"""The planner end to end on small problems: what it plans holds, is the same twice, and stays below its bounds."""

import io
import itertools
import time
from datetime import timedelta

import pytest

from benchmarks.balance import imbalances
from benchmarks.hard_problem import changed, hard_problem
from benchmarks.instances import make
from benchmarks.random_problem import at, random_problem, window
from documents.errors import InputError
from documents.network import StoreSpec
from documents.plan import Plan, Status, StopKind
from documents.problem import Problem
from optimizer import effort as efforts
from optimizer import search
from optimizer.ashore import Ashore
from optimizer.check import check, value
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.relaxation import Base
from optimizer.sea import Sea
from optimizer.search import Found, Search
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_plan, make_problem

SEEDS = range(1_000, 1_040)
WORK = 1


def plan_of(problem: Problem, effort: Effort | None = None) -> Plan:
    effort = effort or Effort(problem.time_limit_s, min(problem.work, WORK))
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, effort)


def assert_holds(problem: Problem, plan: Plan) -> None:
    """The checker finds nothing, tonnes and money add up, and no bound lies below what the plan is worth."""
    assert [violation.message for violation in check(problem, plan, SHA256)] == []
    assert imbalances(problem, plan) == []
    own = value(problem, plan)
    for part, told in own.model_dump().items():
        assert getattr(plan.objective, part) == pytest.approx(told, abs=1.0)
    if plan.continuous_bound_cny is not None:
        assert own.total_cny <= plan.continuous_bound_cny + 1.0
        assert plan.bound_cny is None or plan.bound_cny <= plan.continuous_bound_cny
    elif plan.bound_cny is not None:
        assert own.total_cny <= plan.bound_cny + 1.0
    if plan.bound_cny is not None:
        room = plan.bound_cny - plan.objective.total_cny
        assert plan.gap == pytest.approx(room / max(abs(plan.bound_cny), 1.0), abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_of_random_problems_pass_the_check(seed: int):
    problem = random_problem(seed, hours=9, most_vessels=2)
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert bool(plan.voyages) == (plan.status is not Status.NOTHING_TO_DO)
    called = [stop for voyage in plan.voyages for stop in voyage.stops if stop.kind is StopKind.UNLOAD]
    moored = {mooring.platform_id for mooring in plan.moorings}
    assert moored == {stop.quay_id for stop in called} & {platform.id for platform in problem.platforms}


@pytest.mark.parametrize("seed", range(4))
def test_plans_of_tiny_instances_pass_the_check(seed: int):
    problem = make("tiny", seed)
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert plan.voyages


def test_long_horizons_have_a_coarser_clock_ashore():
    problem = random_problem(3, hours=40, most_vessels=1, most_patches=2)
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert "every 2 h" in plan.bound_of
    begun = [*(batch.start for batch in plan.batches), *(haul.leave for haul in plan.hauls)]
    assert begun
    assert all((moment - problem.start).total_seconds() % 7200 == 0 for moment in begun)


def test_the_planner_beats_the_hand():
    problem = make_problem()
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert plan.objective.total_cny > make_plan(problem).objective.total_cny
    assert plan.gap is not None
    assert plan.gap < 0.1


@pytest.mark.parametrize("problem", [random_problem(5, hours=9), random_problem(1_001, hours=9), make("tiny", 3)])
def test_the_same_problem_gives_the_same_bytes(problem: Problem):
    assert plan_of(problem).model_dump_json() == plan_of(problem).model_dump_json()


def found_with(problem: Problem, work: int) -> Found:
    grid, network = Grid(problem), Network(problem, 1.0, 2.0)
    pricing = Pricing(grid, Sea(problem), network)
    base = Base(grid, network, pricing.lots)
    ashore = Ashore(network, pricing.lots)
    return Search(base, pricing, ashore, Effort(1e9, work), lambda _: None, lambda _: None).run()


def test_more_work_never_gives_less():
    problem = random_problem(12, hours=16, most_patches=6, most_vessels=5)
    found = [found_with(problem, work) for work in (0, 2, 6)]
    assert found[0].choice.value_cny <= found[1].choice.value_cny <= found[2].choice.value_cny
    assert len({each.bound_cny for each in found}) == 1
    assert found[2].choice.value_cny <= found[2].bound_cny * (1 + 1e-9)


class Ticking:
    """A clock that a second passes on whenever it is read."""

    def __init__(self) -> None:
        self.seconds = itertools.count()

    def monotonic(self) -> float:
        return float(next(self.seconds))


def test_the_time_limit_ends_the_search(monkeypatch: pytest.MonkeyPatch):
    """With more work than time all ends by the clock: it is read a few times more once the time is over."""
    clock = Ticking()
    monkeypatch.setattr(efforts, "time", clock)
    problem = random_problem(12)
    monkeypatch.setattr(search, "CLOSED", -1.0)
    plan = plan_of(problem, Effort(40.0, 10**9, started_s=0.0))
    assert_holds(problem, plan)
    assert plan.voyages
    assert next(clock.seconds) < 60


def test_a_search_out_of_time_still_plans():
    problem = random_problem(5)
    plan = plan_of(problem, Effort(1e-3, 10**9))
    assert_holds(problem, plan)


def test_a_search_that_is_stopped_still_plans():
    asked: list[float] = []

    def stopped() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 3

    problem = random_problem(5)
    assert_holds(problem, plan_of(problem, Effort(1e9, 10**9, stopped)))
    assert len(asked) > 3


@pytest.mark.parametrize("update", [{"patches": ()}, {"vessels": ()}, {"wave_m": (3.0,) * 24}])
def test_where_nothing_can_be_done_at_sea_nobody_leaves(update: dict[str, object]):
    """What lies ashore is still dealt with: the contract is met from stock, by hand for 10,165 CNY in all."""
    problem = changed(make_problem(), **update)
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert plan.status is Status.NOTHING_TO_DO
    assert not plan.voyages
    assert plan.objective.total_cny >= 10_165.0 - 1.0
    assert {left.patch_id for left in plan.left} == {patch.id for patch in problem.patches}


def test_without_plants_the_catch_is_disposed_of():
    problem = random_problem(5)
    quays = {quay.id for quay in problem.quays}
    problem = changed(
        problem,
        places=tuple(place for place in problem.places if place.id in quays),
        links=tuple(link for link in problem.links if link.target in quays),
        contracts=(),
    )
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert plan.voyages
    landed = sum(stop.tonnes for voyage in plan.voyages for stop in voyage.stops if stop.kind is StopKind.UNLOAD)
    pressed = sum(batch.tonnes for batch in plan.batches)
    assert sum(each.draw.tonnes for each in plan.disposals) >= landed - pressed - 1e-6


def test_where_nothing_may_be_landed_nobody_leaves():
    """Docks without a store for wet algae, and no platform."""
    problem = make("tiny", 1)
    docks = {dock.id for dock in problem.docks}
    places = tuple(p.model_copy(update={"stores": ()}) if p.id in docks else p for p in problem.places)
    plan = plan_of(changed(problem, places=places, supplies=(), links=()))
    assert plan.status is Status.NOTHING_TO_DO


def test_nobody_leaves_for_what_is_worth_less_than_the_way():
    problem = make_problem()
    patch = problem.patches[0]
    worthless = patch.model_copy(update={"value_cny_per_t": (0.0,) * len(patch.lon), "biomass_t": 0.5})
    problem = changed(problem, patches=(worthless,))
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert plan.status is Status.NOTHING_TO_DO
    assert "得不偿失" in plan.left[0].reason


def cheap(seed: int, value_cny_per_t: float) -> Problem:
    """Return a problem in which a supply costs more than anything ashore brings."""
    problem = random_problem(seed)

    def for_nothing(store: StoreSpec) -> StoreSpec:
        return store.model_copy(update={"end_value_cny_per_t": dict.fromkeys(store.end_value_cny_per_t, 0.0)})

    return changed(
        problem,
        contracts=(),
        patches=tuple(
            patch.model_copy(update={"value_cny_per_t": (value_cny_per_t,) * len(patch.lon)})
            for patch in problem.patches
        ),
        places=tuple(
            place.model_copy(update={"stores": tuple(for_nothing(store) for store in place.stores)})
            for place in problem.places
        ),
    )


def test_boats_leave_though_the_day_costs_money():
    """Disposing of what was brought from a beach is paid for anyway: what the boats gain is gained."""
    problem = cheap(15, 160.0)
    home = plan_of(changed(problem, vessels=()))
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert home.objective.total_cny < 0
    assert plan.voyages
    assert plan.objective.total_cny > home.objective.total_cny


def test_a_rough_hour_keeps_boats_home():
    problem = make_problem().model_copy(update={"wave_m": (0.5,) * 4 + (3.0,) * 3 + (0.5,) * 17})
    plan = plan_of(problem)
    assert_holds(problem, plan)
    for voyage in plan.voyages:
        left, back = voyage.stops[0].end - problem.start, voyage.stops[-1].arrive - problem.start
        assert back <= timedelta(hours=4) or left >= timedelta(hours=7)


def test_a_single_berth_is_shared_in_turn():
    problem = make_problem()
    docks = tuple(dock.model_copy(update={"berths": 1, "unload_t_per_h": 15.0}) for dock in problem.docks)
    problem = changed(problem, docks=docks, platforms=(), places=problem.places[:2] + problem.places[3:], links=())
    plan = plan_of(problem)
    assert_holds(problem, plan)
    calls = [stop for voyage in plan.voyages for stop in voyage.stops if stop.kind is StopKind.UNLOAD]
    assert len(calls) >= 2
    assert {stop.berth for stop in calls} == {0}


@pytest.mark.parametrize("seed", [1_000, 1_003, 1_007])
def test_a_shift_that_begins_between_quarter_hours(seed: int):
    """A boat may leave at the very start of its shift, and has its time to rig all the same."""
    problem = random_problem(seed, most_vessels=2)
    vessels = tuple(vessel.model_copy(update={"shifts": (window(0.4, 9.1),)}) for vessel in problem.vessels)
    problem = changed(problem, vessels=vessels)
    assert_holds(problem, plan_of(problem))


def test_a_supply_that_soon_spoils_can_be_disposed_of():
    supplied = next(problem for seed in range(50) if (problem := random_problem(seed)).supplies)
    materials = tuple(
        material.model_copy(update={"shelf_life_h": 1.0, "becomes": None}) if material.id == "wet" else material
        for material in supplied.materials
    )
    supply = supplied.supplies[0].model_copy(update={"time": at(1.9)})
    problem = changed(supplied, materials=materials, supplies=(supply,), vessels=())
    plan = plan_of(problem)
    assert_holds(problem, plan)
    assert sum(each.draw.tonnes for each in plan.disposals) >= supply.tonnes - 1e-6


@pytest.mark.parametrize("seed", range(40))
def test_plans_hold_where_something_is_amiss(seed: int):
    problem = hard_problem(seed)
    plan = plan_of(problem)
    assert_holds(problem, plan)


def test_a_contract_beyond_all_that_can_be_made_is_refused_in_a_sentence():
    problem = make_problem()
    grow = problem.contracts[0].model_copy(update={"min_t": 500.0, "max_t": 600.0})
    with pytest.raises(InputError) as refused:
        plan_of(changed(problem, contracts=(grow, *problem.contracts[1:])))
    assert_one_sentence(str(refused.value), "grow")


def assert_one_sentence(text: str, name: str) -> None:
    assert name in text
    assert text.endswith(".")
    assert "\n" not in text
    assert text.count(". ") == 0
