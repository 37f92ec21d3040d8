"""A problem of one boat and one patch that everything is right with, to spoil one thing after another. All 示例."""

from typing import Any

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
from documents.patches import Biomass
from documents.plan import Objective, Plan, Status
from documents.problem import DockSpec, PatchState, Problem, VesselSpec
from tests.optimizer.handmade import SHA256, START, window

HOURS = 24


def patch(name: str, *, lon: float = 122.05, tonnes: float = 40.0, value: float = 1000.0) -> PatchState:
    marks = range(HOURS + 1)
    return PatchState(
        id=name,
        name=f"{name}处",
        biomass=Biomass(low_t=tonnes / 2, mid_t=tonnes, high_t=2 * tonnes),
        biomass_t=tonnes,
        lon=(lon,) * len(marks),
        lat=(36.5,) * len(marks),
        remaining=(1.0,) * len(marks),
        value_cny_per_t=(value,) * len(marks),
        collectable=(True,) * len(marks),
    )


def boat(name: str, **update: Any) -> VesselSpec:
    plain = VesselSpec(
        id=name,
        name=f"{name}号",
        home_dock="quay",
        capacity_t=20,
        speed_kn=9,
        collect_t_per_h=20,
        rigging_h=0.25,
        cost_per_h_cny=600,
        cost_per_nm_cny=40,
        max_wave_m=1.5,
        shifts=(window(0, 5),),
    )
    return plain.model_copy(update=update)


def mill(name: str = "mill", *, cost: float = 15.0, end_value: float = 0.0, **update: Any) -> PlaceSpec:
    """Return a plant with a press."""
    press = TaskSpec(
        id="press",
        name="压榨",
        unit="press",
        inputs=(InputSpec(materials=("wet",), share=1.0),),
        outputs=(OutputSpec(material="cake", yield_low=0.4, yield_mid=0.5, yield_high=0.6),),
        batch_min_t=0,
        batch_max_t=5,
        hours=1,
        cost_cny_per_batch=0,
        cost_cny_per_t=cost,
    )
    plain = PlaceSpec(
        id=name,
        name=f"{name}厂",
        lon=121.9,
        lat=36.6,
        stores=(
            StoreSpec(materials=("wet",), capacity_t=50),
            StoreSpec(materials=("cake",), capacity_t=50, end_value_cny_per_t={"cake": end_value}),
        ),
        units=(UnitSpec(id="press", name="压榨机", number=1, windows=(window(0, HOURS),)),),
        tasks=(press,),
    )
    return plain.model_copy(update=update)


def link(target: str) -> LinkSpec:
    return LinkSpec(
        id=f"quay-{target}",
        origin="quay",
        target=target,
        fleet="lorries",
        materials=("wet",),
        hours=0.5,
        turnaround_h=1.0,
        payload_t=10,
        cost_cny_per_trip=0,
        cost_cny_per_t=8,
    )


def contract(place: str, most: float, price: float = 600.0) -> ContractSpec:
    return ContractSpec(
        id=f"{place}-cake",
        name=f"{place}饼",
        place=place,
        material="cake",
        price_cny_per_t=price,
        max_t=most,
        window=window(0, HOURS),
    )


def quay(capacity_t: float = 100.0) -> PlaceSpec:
    stores = (StoreSpec(materials=("wet",), capacity_t=capacity_t, end_value_cny_per_t={"wet": 0.0}),)
    return PlaceSpec(id="quay", name="码头", stores=stores)


def posed(**update: Any) -> Problem:
    """Return the problem with other parts."""
    plain: dict[str, Any] = {
        "site_id": "islet",
        "day": "2026-06-18",
        "start": START,
        "horizon_h": HOURS,
        "patches": (patch("near"),),
        "left_out": (),
        "vessels": (boat("alpha"),),
        "docks": (
            DockSpec(
                id="quay",
                name="码头",
                lon=122.0,
                lat=36.5,
                berths=1,
                unload_t_per_h=40,
                mooring_h=0.25,
                windows=(window(0, HOURS),),
            ),
        ),
        "landed_material": "wet",
        "materials": (
            MaterialSpec(id="wet", name="鲜浒苔", disposal_cny_per_t=60),
            MaterialSpec(id="cake", name="饼", disposal_cny_per_t=20),
        ),
        "places": (quay(), mill()),
        "fleets": (FleetSpec(id="lorries", name="货车", number=2, windows=(window(0, HOURS),)),),
        "links": (link("mill"),),
        "contracts": (contract("mill", 40.0),),
        "wave_m": (None,) * HOURS,
        "land": (),
        "time_limit_s": 60,
        "work": 2,
    }
    return Problem(**{**plain, **update})


def nothing(problem: Problem) -> Plan:
    """Return the plan in which nobody goes anywhere."""
    parts = dict.fromkeys(Objective.model_fields, 0.0)
    return Plan(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=SHA256,
        status=Status.NOTHING_TO_DO,
        solver="by hand",
        voyages=(),
        moorings=(),
        parcels=(),
        batches=(),
        hauls=(),
        sales=(),
        disposals=(),
        left=(),
        objective=Objective(**parts),
        bound_cny=None,
        bound_of="",
        gap=None,
    )
