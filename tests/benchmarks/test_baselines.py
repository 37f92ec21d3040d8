"""Every baseline gives a plan that holds; orders of stops come out as voyages of the quarter-hour clock."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import static_case
from benchmarks.apart import apart
from benchmarks.baselines import Outcome, interval, lead, row, summary
from benchmarks.desk import Desk, desk_of, flat_shore
from benchmarks.exact import exact_plan
from benchmarks.greedy import best_of, earned_cny
from benchmarks.instances import make, static
from benchmarks.planned import BASELINES, OURS, STARTED, planned
from benchmarks.program import Program
from benchmarks.retime import Boat, Call, Order, Patch, Waters, moorings_at, retimed
from benchmarks.router import Router, portions
from optimizer.check import check, value
from optimizer.clock import STEP_H, steps_up
from optimizer.column import column_of
from optimizer.effort import Effort
from optimizer.route import Route
from optimizer.sailing import NEVER

EFFORT = {"limit_s": 1e9, "work": 2}
"""What is asked of a plan holds however far its method comes."""


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Return an instance with two docks, a platform and several days, cut down to a few patches."""
    problem = make("rushan", 3)
    return desk_of(problem.model_copy(update={"patches": problem.patches[:6], "vessels": problem.vessels[::3]}))


@pytest.fixture(scope="module")
def still() -> Desk:
    problem = static(1)
    return desk_of(problem.model_copy(update={"patches": problem.patches[:12], "vessels": problem.vessels[::4]}))


@pytest.mark.parametrize("method", [STARTED, *BASELINES])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_method_plans_without_violation(method: str, seed: int):
    problem = make("tiny", seed)
    plan = planned(method, problem, Effort(**EFFORT))
    assert check(problem, plan) == []
    assert value(problem, plan).total_cny == pytest.approx(plan.objective.total_cny, abs=1.0)
    assert plan.voyages
    assert (plan.bound_cny is None) == (method != STARTED)


def test_none_is_ahead_of_the_bound():
    problem = make("tiny", 3)
    plans = {method: planned(method, problem, Effort(**EFFORT)) for method in (STARTED, "greedy", "PyVRP")}
    worth = {method: plan.objective.total_cny for method, plan in plans.items()}
    bound = plans[STARTED].continuous_bound_cny
    assert bound is not None
    assert max(worth.values()) <= bound
    assert worth[STARTED] >= worth["PyVRP"]


@settings(max_examples=30)
@given(data=st.data())
def test_orders_come_out_as_voyages_of_the_clock(desk: Desk, data: st.DataObject):
    grid = desk.grid
    station = data.draw(st.sampled_from([(), (2,), (3,)]))
    patch = st.builds(Patch, st.integers(0, 5), st.sampled_from([3.0, 20.0, math.inf]))
    call = st.builds(Call, st.integers(0, len(grid.quays) - 1))
    order = st.lists(patch | call, max_size=8)
    orders: dict[int, Order] = {outing: data.draw(order) for outing in desk.longest}
    moorings = moorings_at(grid, station)
    routes = retimed(desk, orders, moorings)
    assert len({route.outing for route in routes}) == len(routes)
    _check_together(desk, routes, set(moorings))
    for route in routes:
        _check_route(desk, route)
        visited = [visit.patch for visit in route.visits]
        wanted = [stop.number for stop in orders[route.outing] if isinstance(stop, Patch)]
        assert _is_within(visited, wanted)


def _check_together(desk: Desk, routes: list[Route], moorings: set[int]) -> None:
    grid = desk.grid
    used = np.zeros(len(desk.problem.patches))
    held = np.zeros((len(grid.quays), grid.steps), dtype=int)
    for route in routes:
        column = column_of(grid, desk.network, route)
        assert column.moorings <= moorings
        for patch, tonnes in column.patch.items():
            used[patch] += tonnes
        for trip in route.trips:
            held[trip.quay, trip.first : trip.last] += 1
    assert (used <= [patch.biomass_t + 1e-6 for patch in desk.problem.patches]).all()
    assert (held <= np.array([quay.spec.berths for quay in grid.quays])[:, None] * grid.open).all()


def _check_route(desk: Desk, route: Route) -> None:
    """Follow the voyage leg by leg through the sailing table."""
    grid, outing = desk.grid, desk.grid.outings[route.outing]
    vessel = desk.problem.vessels[outing.vessel]
    table = desk.pricing.tables[vessel.speed_kn, vessel.rigging_h]
    home = grid.dock_of[vessel.home_dock]
    moment, quay = outing.first, home
    patch: int | None = None
    for trip in route.trips:
        assert trip.total_t <= vessel.capacity_t + 1e-6
        for visit in trip.visits:
            if trip is route.trips[0] and visit is trip.visits[0]:
                assert table.first_h[visit.first, home, visit.patch] >= outing.first * STEP_H - 1e-9
            else:
                ready = table.out[moment, quay] if patch is None else table.between[moment, patch]
                assert NEVER < ready[visit.patch] <= visit.first
            assert visit.steps == tuple(range(visit.first, visit.last))
            assert grid.workable[visit.patch, visit.first : visit.last].all()
            assert max(visit.tonnes) <= vessel.collect_t_per_h * STEP_H + 1e-9
            moment, patch = visit.last, visit.patch
        spec = grid.quays[trip.quay].spec
        assert NEVER < table.home[moment, patch, trip.quay] <= trip.first
        assert trip.last - trip.first >= steps_up(spec.mooring_h + trip.total_t / spec.unload_t_per_h)
        moment, quay, patch = trip.last, trip.quay, None
    back_h = float(table.quays_nm[quay, home]) / vessel.speed_kn
    assert moment * STEP_H + back_h <= outing.last * STEP_H + 1e-9
    assert route.sailing_cny > 0


def _is_within(part: list[int], whole: list[int]) -> bool:
    left = iter(whole)
    return all(each in left for each in part)


def test_boats_wait_for_the_one_berth():
    problem = make("rushan", 3)
    docks = tuple(dock.model_copy(update={"berths": 1}) for dock in problem.docks[:1])
    boats = tuple(vessel.model_copy(update={"home_dock": docks[0].id}) for vessel in problem.vessels)
    patch = problem.patches[0].model_copy(update={"biomass_t": 5000.0})
    update = {"patches": (patch,), "docks": docks, "platforms": (), "vessels": boats}
    desk = desk_of(flat_shore(problem.model_copy(update=update), 100.0))
    first_day = desk.longest[:: len(problem.vessels[0].shifts)]
    routes = retimed(desk, {outing: [Patch(0), Call(0)] * 4 for outing in first_day})
    calls = sorted((trip.first, trip.last) for route in routes for trip in route.trips)
    waits = [
        trip.first - desk.pricing.tables[boat.speed_kn, boat.rigging_h].home[trip.visits[-1].last, 0, trip.quay]
        for route in routes
        for boat in [boats[desk.grid.outings[route.outing].vessel]]
        for trip in route.trips
    ]
    assert max(waits) > 0
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(calls))


def test_the_nearest_comes_first(desk: Desk):
    routes, stations = best_of(desk)
    waters = Waters(desk, moorings_at(desk.grid, stations))
    boat = Boat(waters, routes[0].outing)
    reach = {patch: ready for patch in range(6) if (ready := boat.ready(patch)) is not None}
    assert reach[routes[0].visits[0].patch] == min(reach.values())
    assert earned_cny(desk, routes) > 0


def test_one_price_is_what_quays_pay_for_whatever_comes():
    problem = make("tiny", 1)
    assert desk_of(flat_shore(problem, 123.0)).price_cny_per_t == pytest.approx(123.0)


def test_portions_are_whole_patches_in_loads(desk: Desk):
    found = portions(desk, 30.0)
    assert max(portion.tonnes for portion in found) <= 30.0 + 1e-9
    for number, patch in enumerate(desk.problem.patches):
        first_h = min(each.from_h for each in found if each.patch == number)
        own = [each for each in found if each.patch == number and each.from_h == first_h]
        assert sum(each.tonnes for each in own) == pytest.approx(patch.biomass_t, rel=0.1)
        assert len({each.group for each in own}) == len(own)


def test_what_a_router_plans_for_still_water_can_be_done_as_it_stands(still: Desk):
    problem = still.problem
    answer = Router(still, portions(still, 50.0)).solve(Effort(**EFFORT))
    plan = exact_plan(still, answer.orders)
    assert check(problem, plan) == []
    assert value(problem, plan).total_cny == pytest.approx(answer.value_cny, rel=1e-3)
    assert static_case.whole_cny(problem, plan) == pytest.approx(value(problem, plan).total_cny, abs=1.0)


def test_a_program_is_solved_whole():
    program = Program()
    some = [program.column(-worth, 3.0, whole=whole) for worth, whole in ((3.0, True), (2.0, False))]
    program.rows["room"] = [(some[0], 2.0), (some[1], 1.0)]
    program.span["room"] = (-np.inf, 5.0)
    assert program.solve(1e9, 10) == pytest.approx([1.0, 3.0])


def _outcomes(ours: float, others: dict[str, float | None]) -> dict[str, Outcome | None]:
    told = {OURS: ours, STARTED: ours, **dict.fromkeys(BASELINES, 100.0), **others}
    return {name: None if cny is None else Outcome(cny, 0, 1.0) for name, cny in told.items()}


def test_the_table_tells_leads_and_their_interval():
    rows = [_outcomes(125.0, {}), _outcomes(125.0, {"greedy": None}), _outcomes(80.0, {})]
    assert row("day", 2, rows[1]) == "| day | 2 | scarce | 125 | 125 | none | 100 | 100 | 100 | 1 |"
    wins, means = summary("day", rows)
    assert wins == "| day | all | we win | | 0 of 3 | 1 of 2 | 2 of 3 | 2 of 3 | 2 of 3 | |"
    assert means.count("+5.0% (-25.0% … +20.0%)") == 3
    assert interval([0.1, 0.1, 0.1]) == pytest.approx((0.1, 0.1))
    assert lead({OURS: Outcome(-50.0, 0, 1.0), "greedy": Outcome(-100.0, 0, 1.0)}, "greedy") == pytest.approx(1.0)
    violated = dataclasses.replace(rows[0]["greedy"] or Outcome(0.0, 0, 0.0), violations=2)
    assert "100 (2 violations)" in row("day", 1, {**rows[0], "greedy": violated})


def test_the_static_table_tells_ratios():
    ours = static_case.Outcome(99.0, 90.0, 120.0, 0, 60.0)
    theirs = static_case.Outcome(100.0, 100.0, None, 0, 59.0)
    assert static_case.row(1, ours, theirs) == "| 1 | rich | 99 | 100 | 0.990 | 0.900 | 1.200 | 0, 0 | 60, 59 |"
    behind = dataclasses.replace(ours, value_cny=98.0, bound_cny=None)
    assert static_case.summary([(ours, theirs), (behind, theirs)]) == (
        "Our value by PyVRP's: 0.980 at least, 0.99 or more on 1 of 2;"
        " our bound by PyVRP's value: 1.200 at least, known on 1."
    )


def test_work_apart_is_ended_and_told_of():
    assert apart(600.0, math.hypot, 3.0, 4.0) == 5.0
    assert apart(0.1, _for_ever) is None
    with pytest.raises(RuntimeError, match="sqrt broke off"):
        apart(600.0, math.sqrt, -1.0)


def _for_ever() -> None:
    while True:
        pass
