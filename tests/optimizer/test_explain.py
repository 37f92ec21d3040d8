"""Why not: a constructed case for every reason, and sentences that name what they are about."""

import io
from typing import Any

import pytest

from documents.errors import InputError
from documents.explanation import Explanation, Explanations, Kind, Reason
from documents.network import FleetSpec, StoreSpec
from documents.orders import Forbidden, Lock, Orders
from documents.plan import Plan
from documents.problem import LeftOut, Problem
from optimizer.effort import Effort
from optimizer.explain.explain import About, explain
from optimizer.explain.words import EN, ZH
from optimizer.solve import solve
from tests.optimizer.explained_problem import HOURS, boat, contract, link, mill, nothing, patch, posed, quay
from tests.optimizer.handmade import SHA256, window

pytestmark = pytest.mark.usefixtures("rough_bounds")

SQUARE = (((122.04, 36.49), (122.06, 36.49), (122.06, 36.51), (122.04, 36.51), (122.04, 36.49)),)


def told(problem: Problem, plan: Plan, work: int = 0, **about: Any) -> Explanations:
    return explain(problem, SHA256, plan, About(**about), lambda: Effort(1e9, work), lambda *_: None)


def planned(problem: Problem) -> Plan:
    return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 0))


def why(problem: Problem, plan: Plan | None = None, work: int = 0, **about: Any) -> Explanation:
    made = told(problem, plan or nothing(problem), work, **about).explanations[0]
    for sentence in (made.sentence_zh, made.sentence_en):
        assert made.id in sentence
        assert all(other.id in sentence for other in made.others)
    return made


def forbid(vessel: str) -> Orders:
    return Orders(forbidden=(Forbidden(vessel=vessel, patch="near"),))


def stay(vessel: str) -> Orders:
    return Orders(locks=(Lock(id="stay", vessel=vessel, shift=0, whole=True),))


PLAIN = posed()
DOCK = PLAIN.docks[0]
OUT_OF_REACH: dict[str, tuple[dict[str, Any], tuple[Reason, ...]]] = {
    "rough": ({"wave_m": (3.0,) * HOURS}, (Reason.TOO_ROUGH,)),
    "stranded": (
        {"patches": (patch("near").model_copy(update={"collectable": (False,) * (HOURS + 1)}),)},
        (Reason.NOT_WORKABLE,),
    ),
    "far": ({"patches": (patch("near", lon=122.6),)}, (Reason.SHIFT_TOO_SHORT, Reason.TOO_SLOW)),
    "very far": ({"patches": (patch("near", lon=123.2),)}, (Reason.SHIFT_TOO_SHORT,)),
    "closed": ({"closed_areas": (SQUARE,)}, (Reason.CLOSED_AREA,)),
    "quay closed": (
        {"docks": (DOCK.model_copy(update={"windows": (window(10, 20),)}),)},
        (Reason.QUAY_CLOSED, Reason.SHIFT_TOO_SHORT),
    ),
    "spoils": (
        {
            "materials": (
                PLAIN.materials[0].model_copy(update={"shelf_life_h": 0.1}),
                PLAIN.materials[1],
            )
        },
        (Reason.SPOILS,),
    ),
    "no store": ({"places": (quay().model_copy(update={"stores": ()}), mill())}, (Reason.NO_STORE,)),
    "forbidden": ({"orders": forbid("alpha")}, (Reason.FORBIDDEN,)),
    "locked": ({"orders": stay("alpha")}, (Reason.LOCKED,)),
    "rough and forbidden": ({"wave_m": (3.0,) * HOURS, "orders": forbid("alpha")}, ()),
}


@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_a_patch_out_of_reach_is_told_by_its_limits(name: str):
    update, limits = OUT_OF_REACH[name]
    made = why(posed(**update), patches=("near",))
    assert made.limits == limits
    assert made.reason is (limits[0] if limits else Reason.SEVERAL)
    assert made.value_cny is made.bound_cny is made.price_found_cny is None


def test_a_patch_without_shifts():
    assert why(posed(vessels=(boat("alpha", shifts=()),)), patches=("near",)).reason is Reason.NO_SHIFT


def test_a_patch_that_is_worth_less_than_its_sailing():
    made = why(posed(patches=(patch("near", value=1.0),), contracts=()), patches=("near",))
    assert made.reason is Reason.NOT_WORTH
    assert made.price_found_cny is not None
    assert made.price_proven_cny is not None
    assert 0 < made.price_proven_cny <= made.price_found_cny


def test_a_patch_that_there_is_no_room_for():
    made = why(posed(places=(quay(0.01), mill()), links=(), contracts=()), patches=("near",))
    assert made.reason is Reason.NO_ROOM
    assert made.value_cny is None


def test_a_patch_whose_boat_goes_to_a_dearer_one():
    problem = posed(
        patches=(patch("near", lon=121.95, value=600.0), patch("dear", tonnes=200.0, value=3000.0)),
        vessels=(boat("alpha", capacity_t=60.0),),
    )
    plan = planned(problem)
    made = why(problem, plan, patches=("near",))
    assert made.reason is Reason.CAPACITY
    assert [other.id for other in made.others] == ["dear"]
    assert made.others[0].tonnes < 0
    assert made.asked_t == pytest.approx(40.0, abs=1.0)
    assert made.price_found_cny is not None
    assert made.price_found_cny > 0
    assert "dear处" in made.sentence_zh


def test_two_patches_that_are_alike():
    problem = posed(patches=(patch("near"), patch("twin")), vessels=(boat("alpha", shifts=(window(0, 3),)),))
    plan = planned(problem)
    left = next(left.patch_id for left in plan.left if left.tonnes == pytest.approx(40.0))
    assert why(problem, plan, patches=(left,)).reason is Reason.AS_GOOD


def test_a_plan_that_can_be_bettered_is_told_so():
    made = why(PLAIN, patches=("near",))
    assert made.reason is Reason.BETTER
    assert "多得" in made.sentence_zh


def test_a_patch_that_is_collected_or_did_not_enter():
    problem = posed(
        patches=(patch("near", tonnes=15.0),), left_out=(LeftOut(id="tiny", tonnes=0.4, reason="不足 1 t"),)
    )
    plan = planned(problem)
    assert why(problem, plan, patches=("near",)).reason is Reason.DONE
    made = why(problem, plan, patches=("tiny",))
    assert made.reason is Reason.NOT_POSED
    assert "不足 1 t" in made.sentence_zh


VESSELS: dict[str, tuple[dict[str, Any], Reason]] = {
    "no shift": ({"vessels": (boat("alpha", shifts=()),)}, Reason.NO_SHIFT),
    "a shift that is over": ({"vessels": (boat("alpha", shifts=(window(-2, 0),)),)}, Reason.NO_SHIFT),
    "rough": ({"wave_m": (3.0,) * HOURS}, Reason.TOO_ROUGH),
    "locked": ({"orders": stay("alpha")}, Reason.LOCKED),
    "forbidden": ({"orders": forbid("alpha")}, Reason.FORBIDDEN),
    "far": ({"patches": (patch("near", lon=122.6),)}, Reason.SHIFT_TOO_SHORT),
    "cheap": ({"patches": (patch("near", value=1.0),), "contracts": ()}, Reason.NOT_WORTH),
}


@pytest.mark.parametrize("name", VESSELS)
def test_a_vessel_that_stays(name: str):
    update, reason = VESSELS[name]
    made = why(posed(**update), vessels=("alpha",))
    assert made.reason is reason
    assert "alpha号" in made.sentence_zh
    assert (made.price_found_cny is None) == (reason is not Reason.NOT_WORTH)


def test_a_vessel_whose_patch_another_collects():
    problem = posed(patches=(patch("near", tonnes=15.0),), vessels=(boat("alpha"), boat("beta", cost_per_h_cny=700)))
    plan = planned(problem)
    made = why(problem, plan, work=1, vessels=("beta",))
    assert made.reason is Reason.OTHERS_GO
    assert [(other.kind, other.id) for other in made.others] == [(Kind.VESSEL, "alpha")]
    assert made.price_proven_cny is not None
    assert made.price_found_cny is not None
    assert made.price_proven_cny <= made.price_found_cny
    assert 100 < made.price_found_cny < 400, "beta goes in place of alpha, and an hour of it costs 100 CNY more"
    assert why(problem, plan, vessels=("alpha",)).reason is Reason.DONE


def test_shifts_that_a_vessel_stays_in_are_named():
    problem = posed(
        patches=(patch("near", tonnes=15.0),), vessels=(boat("alpha", shifts=(window(0, 5), window(6, 11))),)
    )
    plan = planned(problem)
    made = why(problem, plan, vessels=("alpha",))
    other = 2 - plan.voyages[0].shift
    assert f"第 {other} 班" in made.sentence_zh
    assert f"in shift {other}" in made.sentence_en


LATE = mill().units[0].model_copy(update={"windows": (window(20, HOURS),)})
LORRY = FleetSpec(id="lorries", name="货车", number=1, windows=(window(0, HOURS),))
PLANTS: dict[str, tuple[dict[str, Any], Reason]] = {
    "catch": ({"patches": (patch("near", tonnes=15.0),)}, Reason.CATCH),
    "no lorry in time": (
        {
            "fleets": (LORRY.model_copy(update={"windows": (window(4, 4.5),)}),),
            "links": (link("mill").model_copy(update={"payload_t": 6.0}),),
        },
        Reason.HAULING,
    ),
    "no store": (
        {
            "places": (quay(), mill(stores=(mill().stores[0], StoreSpec(materials=("cake",), capacity_t=2.0)))),
            "contracts": (contract("mill", 40.0).model_copy(update={"window": window(22, HOURS)}),),
            "materials": (PLAIN.materials[0], PLAIN.materials[1].model_copy(update={"disposal_cny_per_t": 400.0})),
        },
        Reason.STORES,
    ),
    "no buyer": ({"contracts": (contract("mill", 2.0),), "places": (quay(), mill(cost=50.0))}, Reason.NO_BUYER),
    "not worth": ({"contracts": (contract("mill", 20.0, price=10.0),)}, Reason.NOT_WORTH),
    "elsewhere": (
        {
            "places": (quay(), mill(cost=90.0), mill("works")),
            "links": (link("mill"), link("works")),
            "contracts": (contract("mill", 40.0), contract("works", 40.0, price=900.0)),
        },
        Reason.ELSEWHERE,
    ),
    "no way": ({"links": (), "contracts": ()}, Reason.NO_WAY),
    "spoils": (
        {
            "materials": (PLAIN.materials[0].model_copy(update={"shelf_life_h": 3.0}), PLAIN.materials[1]),
            "links": (link("mill").model_copy(update={"hours": 4.0, "turnaround_h": 8.0}),),
        },
        Reason.SPOILS,
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_plant_that_is_short(name: str):
    update, reason = PLANTS[name]
    problem = posed(**update)
    made = why(problem, planned(problem), plants=("mill",))
    assert made.kind is Kind.PLANT
    assert made.reason is reason
    assert "mill厂" in made.sentence_zh


def test_equipment_that_is_too_little_for_a_contract():
    press = mill().units[0].model_copy(update={"windows": (window(5, 7),)})
    problem = posed(places=(quay(), mill(units=(press,))))
    made = told(problem, planned(problem), plants=("mill",)).explanations
    assert [each.kind for each in made] == [Kind.PLANT, Kind.CONTRACT]
    assert made[0].reason is Reason.DONE
    assert made[1].reason is Reason.EQUIPMENT
    assert "mill-cake" in made[1].sentence_zh


def test_all_is_asked_where_nothing_is_named_and_the_same_twice():
    problem = posed(
        patches=(patch("near", tonnes=80.0), patch("far", lon=122.6)),
        vessels=(boat("alpha"), boat("beta", shifts=())),
        left_out=(LeftOut(id="tiny", tonnes=0.4, reason="不足 1 t"),),
    )
    plan = planned(problem)
    made = told(problem, plan)
    assert [each.id for each in made.explanations] == ["near", "far", "tiny", "beta", "mill", "mill-cake"]
    assert told(problem, plan).model_dump_json() == made.model_dump_json()
    assert Explanations.from_json(made.model_dump_json()) == made
    alone = told(problem, plan, patches=("near",))
    assert alone.explanations[0].reason is made.explanations[0].reason
    for each in made.explanations:
        if each.bound_cny is not None:
            assert each.bound_cny <= made.bound_cny + 1e-6


def test_what_is_not_there_is_an_error():
    with pytest.raises(InputError, match="has no patch nowhere; it has near"):
        told(PLAIN, nothing(PLAIN), patches=("nowhere",))
    with pytest.raises(InputError, match="has no vessel"):
        told(PLAIN, nothing(PLAIN), vessels=("near",))
    other = nothing(PLAIN).model_copy(update={"problem_sha256": "1" * 64})
    with pytest.raises(InputError, match="was not made from this problem"):
        told(PLAIN, other)


def test_every_reason_has_words():
    without = {Reason.DONE, Reason.NOT_POSED}
    assert set(ZH) == set(EN) == set(Reason) - without
