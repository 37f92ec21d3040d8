"""A coast made by hand: two docks, a platform with a press, two plants that work and one that stands idle."""

from datetime import UTC, datetime, timedelta

from documents.base import Window
from documents.network import (
    ContractSpec,
    FleetSpec,
    InputSpec,
    LinkSpec,
    MaterialSpec,
    OutputSpec,
    PlaceSpec,
    StoreSpec,
    SupplySpec,
    TaskSpec,
    UnitSpec,
)
from documents.patches import Patch
from documents.problem import DockSpec, LeftOut, PatchState, PlatformSpec, Problem, StationSpec, VesselSpec

START = datetime(2026, 6, 18, 20, tzinfo=UTC)
"""04:00 of 19 June in Beijing."""
HOURS = 36
VALUE_CNY_PER_T = 1200.0
AT_START = {"p-0000000a": (121.702, 36.745), "p-0000000b": (121.760, 36.735)}
"""Where patches are as the horizon starts."""
NORTHWARD_DEG_PER_H = 0.0026


def at(hours: float) -> datetime:
    """Return the moment so many hours after the start."""
    return START + timedelta(hours=hours)


ALWAYS = (Window(start=START, end=at(HOURS)),)


def state(patch: Patch) -> PatchState:
    """Return how ``patch`` drifts over the horizon: north, without growing."""
    lon, lat = AT_START[patch.id]
    marks = range(HOURS + 1)
    return PatchState(
        id=patch.id,
        name=f"{patch.nearest_place}东南 {patch.nearest_place_km:.1f} km",
        biomass=patch.biomass,
        biomass_t=patch.biomass.mid_t,
        lon=tuple(lon for _ in marks),
        lat=tuple(lat + NORTHWARD_DEG_PER_H * k for k in marks),
        remaining=tuple(1.0 for _ in marks),
        value_cny_per_t=tuple(VALUE_CNY_PER_T for _ in marks),
        collectable=tuple(k <= 12 for k in marks),
    )


def make_problem(found: tuple[Patch, ...]) -> Problem:
    """Return the problem of the day on which ``found`` was seen; patches that this coast does not know are left out."""
    return Problem(
        site_id="rushan",
        day="2026-06-18",
        start=START,
        horizon_h=HOURS,
        patches=tuple(state(patch) for patch in found if patch.id in AT_START and patch.in_own_waters),
        left_out=tuple(
            LeftOut(id=patch.id, tonnes=patch.biomass.mid_t, reason="不足 2 t")
            for patch in found
            if patch.id not in AT_START or not patch.in_own_waters
        ),
        vessels=tuple(
            VesselSpec(
                id=name,
                name=f"鲁乳清{name[-2:]}",
                home_dock=home,
                capacity_t=80,
                speed_kn=9,
                collect_t_per_h=20,
                rigging_h=0.25,
                cost_per_h_cny=700,
                cost_per_nm_cny=45,
                max_wave_m=1.5,
                shifts=(Window(start=START, end=at(16)),),
            )
            for name, home in (("lu-01", "rushankou"), ("lu-02", "rushankou"), ("lu-04", "nankuang"))
        ),
        docks=tuple(
            DockSpec(id=name, name=shown, lon=lon, lat=lat, berths=2, unload_t_per_h=50, mooring_h=0.25, windows=ALWAYS)
            for name, shown, lon, lat in (
                ("rushankou", "乳山口港", 121.4765, 36.7755),
                ("nankuang", "南夼码头", 121.6470, 36.7330),
            )
        ),
        platforms=(
            PlatformSpec(
                id="ruqing-1",
                name="乳清平台一号",
                stations=(
                    StationSpec(id="yintan", name="银滩外", lon=121.740, lat=36.740),
                    StationSpec(id="darushan", name="大乳山外", lon=121.540, lat=36.700),
                ),
                days=(Window(start=START, end=at(16)), Window(start=at(25), end=at(36))),
                berths=2,
                unload_t_per_h=60,
                mooring_h=0.25,
                day_cost_cny=5000,
            ),
        ),
        landed_material="fresh",
        materials=_materials(),
        places=(_dock("rushankou", "乳山口港"), _dock("nankuang", "南夼码头"), _platform(), *_plants()),
        fleets=(
            FleetSpec(id="barges", name="驳船", number=1, windows=ALWAYS),
            FleetSpec(id="lorries", name="南夼货车队", number=2, windows=ALWAYS),
        ),
        links=(
            _link("barge", "ruqing-1", "nankuang", "barges", 0.75, 2.0, 20, 800, 5),
            _link("to-haide", "nankuang", "haide", "lorries", 1.0, 2.25, 10, 100, 4),
            _link("to-yintan", "nankuang", "yintan", "lorries", 0.75, 1.75, 10, 100, 4),
        ),
        supplies=(SupplySpec(id="shells", place="yintan", material="shell", time=at(4), tonnes=4),),
        contracts=(
            ContractSpec(
                id="powder-20260619",
                name="浒苔粉日供",
                place="haide",
                material="powder",
                price_cny_per_t=8000,
                max_t=10,
                window=Window(start=START, end=at(20)),
            ),
        ),
        wave_m=(None,) * HOURS,
        land=(),
        time_limit_s=60,
    )


def _materials() -> tuple[MaterialSpec, ...]:
    return (
        MaterialSpec(id="fresh", name="鲜浒苔", shelf_life_h=8, becomes="stale", disposal_cny_per_t=60),
        MaterialSpec(id="stale", name="陈浒苔", shelf_life_h=48, disposal_cny_per_t=80),
        MaterialSpec(id="shell", name="牡蛎壳", disposal_cny_per_t=20),
        MaterialSpec(id="cake", name="压榨饼", shelf_life_h=72, disposal_cny_per_t=60),
        MaterialSpec(id="powder", name="浒苔粉", disposal_cny_per_t=60),
        MaterialSpec(id="fertilizer", name="有机肥", disposal_cny_per_t=60),
    )


def _dock(name: str, shown: str) -> PlaceSpec:
    stores = (
        StoreSpec(materials=("fresh", "stale"), capacity_t=60),
        StoreSpec(materials=("cake",), capacity_t=40, end_value_cny_per_t={"cake": 100}),
    )
    return PlaceSpec(id=name, name=shown, stores=stores)


def _platform() -> PlaceSpec:
    press = TaskSpec(
        id="press",
        name="压榨",
        unit="press",
        inputs=(InputSpec(materials=("fresh",), share=1),),
        outputs=(OutputSpec(material="cake", yield_low=0.3, yield_mid=0.4, yield_high=0.45),),
        batch_min_t=5,
        batch_max_t=15,
        hours=1,
        cost_cny_per_batch=200,
        cost_cny_per_t=20,
        energy_kwh_per_t=12,
    )
    return PlaceSpec(
        id="ruqing-1",
        name="乳清平台一号",
        stores=(StoreSpec(materials=("fresh",), capacity_t=200), StoreSpec(materials=("cake",), capacity_t=100)),
        units=(UnitSpec(id="press", name="螺旋压榨机", number=1, windows=ALWAYS),),
        tasks=(press,),
    )


def _plants() -> tuple[PlaceSpec, ...]:
    press = TaskSpec(
        id="press",
        name="压榨",
        unit="press",
        inputs=(InputSpec(materials=("fresh",), share=1),),
        outputs=(OutputSpec(material="cake", yield_low=0.32, yield_mid=0.4, yield_high=0.48),),
        batch_min_t=2,
        batch_max_t=8,
        hours=1.5,
        cost_cny_per_batch=100,
        cost_cny_per_t=30,
        energy_kwh_per_t=15,
    )
    dry = TaskSpec(
        id="dry",
        name="烘干制粉",
        unit="dryer",
        inputs=(InputSpec(materials=("cake",), share=1),),
        outputs=(OutputSpec(material="powder", yield_low=0.2, yield_mid=0.25, yield_high=0.3),),
        batch_min_t=2,
        batch_max_t=8,
        hours=3,
        cost_cny_per_batch=300,
        cost_cny_per_t=200,
    )
    ferment = TaskSpec(
        id="ferment",
        name="好氧发酵",
        unit="vat",
        inputs=(
            InputSpec(materials=("fresh", "stale"), share=0.8),
            InputSpec(materials=("shell",), share=0.2),
        ),
        outputs=(OutputSpec(material="fertilizer", yield_low=0.25, yield_mid=0.3, yield_high=0.4),),
        batch_min_t=2,
        batch_max_t=20,
        hours=12,
        cost_cny_per_batch=50,
        cost_cny_per_t=40,
    )
    haide = PlaceSpec(
        id="haide",
        name="海德浒苔多糖厂",
        lon=121.545,
        lat=36.905,
        stores=(
            StoreSpec(materials=("fresh", "stale"), capacity_t=30),
            StoreSpec(materials=("cake",), capacity_t=30, end_value_cny_per_t={"cake": 150}),
            StoreSpec(
                materials=("powder",), capacity_t=50, stock={"powder": 1.5}, end_value_cny_per_t={"powder": 6000}
            ),
        ),
        units=(
            UnitSpec(id="press", name="压榨机", number=2, windows=ALWAYS),
            UnitSpec(id="dryer", name="烘干机", number=1, windows=ALWAYS),
        ),
        tasks=(press, dry),
    )
    yintan = PlaceSpec(
        id="yintan",
        name="银滩海藻肥厂",
        lon=121.690,
        lat=36.860,
        stores=(
            StoreSpec(materials=("fresh", "stale"), capacity_t=60, end_value_cny_per_t={"stale": 20}),
            StoreSpec(
                materials=("shell", "fertilizer"), capacity_t=90, end_value_cny_per_t={"shell": 10, "fertilizer": 500}
            ),
        ),
        units=(UnitSpec(id="vat", name="发酵槽", number=1, windows=ALWAYS),),
        tasks=(ferment,),
    )
    feed = PlaceSpec(
        id="rushankou-feed",
        name="乳山口饲料厂",
        lon=121.510,
        lat=36.855,
        stores=(StoreSpec(materials=("fresh",), capacity_t=30),),
    )
    return haide, yintan, feed


def _link(
    name: str,
    origin: str,
    target: str,
    fleet: str,
    hours: float,
    turnaround: float,
    payload: float,
    trip_cny: float,
    per_t_cny: float,
) -> LinkSpec:
    return LinkSpec(
        id=name,
        origin=origin,
        target=target,
        fleet=fleet,
        materials=("cake",) if fleet == "barges" else ("fresh", "stale", "cake"),
        hours=hours,
        turnaround_h=turnaround,
        payload_t=payload,
        cost_cny_per_trip=trip_cny,
        cost_cny_per_t=per_t_cny,
    )
