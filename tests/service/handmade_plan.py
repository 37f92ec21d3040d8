"""A plan made by hand for :mod:`tests.service.handmade_problem`; it keeps the rules and is not meant to be optimal.

lu-04 takes 30 t of the first patch to the platform, whose press makes cake of it, and 12 t of the second to its dock.
The cake goes by barge to the dock and by lorry to Haide, which also presses 6 t itself, dries cake and sells powder;
5 t grow stale at Yintan before it ferments 4 t of them with shells; 1 t is disposed of on the dock.
"""

from datetime import datetime, timedelta

from documents.base import LonLat
from documents.geodesy import path_length_nm
from documents.plan import (
    Batch,
    Disposal,
    Draw,
    Haul,
    Left,
    Mooring,
    Objective,
    Origin,
    Parcel,
    Plan,
    Sale,
    Status,
    Stop,
    StopKind,
    Voyage,
)
from documents.problem import Problem
from tests.service.handmade_problem import AT_START, NORTHWARD_DEG_PER_H, START, VALUE_CNY_PER_T

DOCK: LonLat = (121.6470, 36.7330)
"""南夼码头."""
STATION: LonLat = (121.740, 36.740)
"""银滩外."""


def local(clock: str) -> datetime:
    """Return the moment at which Beijing's clock of 19 June shows ``clock``; 28:00 is 04:00 of the next day."""
    hours, minutes = map(int, clock.split(":"))
    return START + timedelta(hours=hours - 4, minutes=minutes)


def make_plan(problem: Problem) -> Plan:
    """Return the plan; where there is no patch, that of staying in port."""
    if not problem.patches:
        return _plan(Status.NOTHING_TO_DO, (), (), *_ashore(only_stock=True), (), _objective(stock_cny=9040.0))
    voyage = _voyage()
    miles = sum(stop.distance_nm for stop in voyage.stops)
    out_h = (voyage.stops[-1].arrive - voyage.stops[0].end).total_seconds() / 3600
    objective = _objective(
        damage_avoided_cny=42 * VALUE_CNY_PER_T,
        sales_cny=3 * 8000,
        stock_cny=4 * 150 + 1.1 * 6000 + 1 * 20 + 3 * 10 + 1.5 * 500,
        processing_cny=(2 * 200 + 30 * 20) + (2 * 100 + 6 * 30) + (2 * 300 + 10.4 * 200) + (50 + 5 * 40),
        hauling_cny=(800 + 12 * 5) + (4 * 100 + 23 * 4),
        disposal_cny=1 * 60,
        platform_cny=5000,
        sailing_cny=out_h * 700 + miles * 45,
    )
    moorings = (Mooring(platform_id="ruqing-1", day=0, station_id="yintan"),)
    left = (
        Left(patch_id="p-0000000a", tonnes=30, reason="运力不足"),
        Left(patch_id="p-0000000b", tonnes=28, reason="运力不足"),
    )
    return _plan(Status.FEASIBLE, (voyage,), moorings, *_ashore(), left, objective)


def _objective(**parts: float) -> Objective:
    gains = {name: parts.get(name, 0.0) for name in ("damage_avoided_cny", "sales_cny", "stock_cny")}
    costs = {
        name: parts.get(name, 0.0)
        for name in ("processing_cny", "hauling_cny", "disposal_cny", "platform_cny", "sailing_cny")
    }
    return Objective(**gains, **costs, total_cny=sum(gains.values()) - sum(costs.values()))


Ashore = tuple[tuple[Parcel, ...], tuple[Batch, ...], tuple[Haul, ...], tuple[Sale, ...], tuple[Disposal, ...]]


def _plan(
    status: Status,
    voyages: tuple[Voyage, ...],
    moorings: tuple[Mooring, ...],
    parcels: tuple[Parcel, ...],
    batches: tuple[Batch, ...],
    hauls: tuple[Haul, ...],
    sales: tuple[Sale, ...],
    disposals: tuple[Disposal, ...],
    left: tuple[Left, ...],
    objective: Objective,
) -> Plan:
    bound = objective.total_cny * 1.2
    return Plan(
        site_id="rushan",
        day="2026-06-18",
        problem_sha256="0" * 64,
        status=status,
        solver="by hand",
        voyages=voyages,
        moorings=moorings,
        parcels=parcels,
        batches=batches,
        hauls=hauls,
        sales=sales,
        disposals=disposals,
        left=left,
        objective=objective,
        bound_cny=bound,
        bound_of="by hand",
        gap=(bound - objective.total_cny) / max(abs(bound), 1),
    )


def _voyage() -> Voyage:
    first, second = _drifted("p-0000000a", "04:30"), _drifted("p-0000000b", "07:25")
    after_first, after_second = _drifted("p-0000000a", "06:15"), _drifted("p-0000000b", "08:16")
    bend, headland = (121.66, 36.72), (121.70, 36.72)
    collect, unload = StopKind.COLLECT, StopKind.UNLOAD
    stops = (
        _stop(StopKind.DEPART, ("04:00", "04:00", "04:00"), (DOCK,)),
        _stop(collect, ("04:30", "04:45", "06:15"), (DOCK, bend, first), 30, 30, patch_id="p-0000000a"),
        _stop(
            unload,
            ("06:30", "06:30", "07:15"),
            (after_first, STATION),
            30,
            quay_id="ruqing-1",
            berth=0,
            parcel_id="lu-04-1",
        ),
        _stop(collect, ("07:25", "07:40", "08:16"), (STATION, second), 12, 12, patch_id="p-0000000b"),
        _stop(
            unload,
            ("09:05", "09:05", "09:35"),
            (after_second, headland, DOCK),
            12,
            quay_id="nankuang",
            berth=0,
            parcel_id="lu-04-2",
        ),
        _stop(StopKind.RETURN, ("09:35", "09:35", "09:35"), (DOCK, DOCK)),
    )
    return Voyage(vessel_id="lu-04", shift=0, stops=stops)


def _drifted(patch: str, clock: str) -> LonLat:
    lon, lat = AT_START[patch]
    return lon, lat + NORTHWARD_DEG_PER_H * (local(clock) - START).total_seconds() / 3600


def _stop(
    kind: StopKind,
    times: tuple[str, str, str],
    way: tuple[LonLat, ...],
    tonnes: float = 0,
    load: float = 0,
    **more: object,
) -> Stop:
    arrive, start, end = map(local, times)
    return Stop(
        kind=kind,
        arrive=arrive,
        start=start,
        end=end,
        lon=way[-1][0],
        lat=way[-1][1],
        waypoints=way if len(way) > 1 else (),
        distance_nm=path_length_nm(way) if len(way) > 1 else 0.0,
        tonnes=tonnes,
        load_t=load,
        **more,
    )


def _ashore(*, only_stock: bool = False) -> Ashore:
    stock = (
        Parcel(
            id="stock-haide-powder",
            place_id="haide",
            material="powder",
            tonnes=1.5,
            available=START,
            born=START,
            origin=Origin.STOCK,
            of="",
        ),
        Parcel(
            id="supply-shells",
            place_id="yintan",
            material="shell",
            tonnes=4,
            available=local("08:00"),
            born=local("08:00"),
            origin=Origin.SUPPLY,
            of="shells",
        ),
    )
    if only_stock:
        return stock, (), (), (), ()
    landings = (
        _parcel("lu-04-1", "ruqing-1", "fresh", 30, "07:15", "04:45", Origin.LANDING, "lu-04"),
        _parcel("lu-04-2", "nankuang", "fresh", 12, "09:35", "07:40", Origin.LANDING, "lu-04"),
    )
    hauls = (
        _haul("h-1", "barge", 0, "09:30", "10:15", {"b-1-cake": 6, "b-2-cake": 6}),
        _haul("h-2", "to-haide", 0, "09:40", "10:40", {"lu-04-2": 6}),
        _haul("h-3", "to-yintan", 1, "09:45", "10:30", {"lu-04-2": 5}),
        _haul("h-4", "to-haide", 0, "12:00", "13:00", {"h-1-1": 6, "h-1-2": 4}),
        _haul("h-5", "to-haide", 1, "12:05", "13:05", {"h-1-2": 2}),
    )
    brought = (
        _parcel("h-1-1", "nankuang", "cake", 6, "10:15", "08:15", Origin.HAUL, "h-1"),
        _parcel("h-1-2", "nankuang", "cake", 6, "10:15", "09:15", Origin.HAUL, "h-1"),
        _parcel("h-2-1", "haide", "fresh", 6, "10:40", "07:40", Origin.HAUL, "h-2"),
        _parcel("h-3-1", "yintan", "fresh", 5, "10:30", "07:40", Origin.HAUL, "h-3"),
        _parcel("h-4-1", "haide", "cake", 6, "13:00", "08:15", Origin.HAUL, "h-4"),
        _parcel("h-4-2", "haide", "cake", 4, "13:00", "09:15", Origin.HAUL, "h-4"),
        _parcel("h-5-1", "haide", "cake", 2, "13:05", "09:15", Origin.HAUL, "h-5"),
    )
    batches = (
        _batch("b-1", "ruqing-1", "press", 0, ("07:15", "08:15"), {"lu-04-1": 15}, "b-1-cake"),
        _batch("b-2", "ruqing-1", "press", 0, ("08:15", "09:15"), {"lu-04-1": 15}, "b-2-cake"),
        _batch("b-3", "haide", "press", 0, ("10:40", "12:10"), {"h-2-1": 4}, "b-3-cake"),
        _batch("b-4", "haide", "press", 1, ("10:45", "12:15"), {"h-2-1": 2}, "b-4-cake"),
        _batch("b-5", "haide", "dry", 0, ("12:15", "15:15"), {"b-3-cake": 1.6, "b-4-cake": 0.8}, "b-5-powder"),
        _batch("b-6", "haide", "dry", 0, ("15:15", "18:15"), {"h-4-1": 6, "h-4-2": 2}, "b-6-powder"),
        _batch("b-7", "yintan", "ferment", 0, ("16:00", "28:00"), {"h-3-1": 4, "supply-shells": 1}, "b-7-fert"),
    )
    made = (
        _made("b-1-cake", "ruqing-1", "cake", 6, "08:15"),
        _made("b-2-cake", "ruqing-1", "cake", 6, "09:15"),
        _made("b-3-cake", "haide", "cake", 1.6, "12:10"),
        _made("b-4-cake", "haide", "cake", 0.8, "12:15"),
        _made("b-5-powder", "haide", "powder", 0.6, "15:15"),
        _made("b-6-powder", "haide", "powder", 2, "18:15"),
        _made("b-7-fert", "yintan", "fertilizer", 1.5, "28:00"),
    )
    sales = tuple(
        Sale(contract_id="powder-20260619", time=local("19:00"), draw=Draw(parcel_id=parcel, tonnes=1.5))
        for parcel in ("stock-haide-powder", "b-6-powder")
    )
    disposals = (Disposal(time=local("10:00"), draw=Draw(parcel_id="lu-04-2", tonnes=1)),)
    return (*stock, *landings, *brought, *made), batches, hauls, sales, disposals


def _parcel(
    name: str, place: str, material: str, tonnes: float, available: str, born: str, origin: Origin, of: str
) -> Parcel:
    return Parcel(
        id=name,
        place_id=place,
        material=material,
        tonnes=tonnes,
        available=local(available),
        born=local(born),
        origin=origin,
        of=of,
    )


def _made(name: str, place: str, material: str, tonnes: float, clock: str) -> Parcel:
    return _parcel(name, place, material, tonnes, clock, clock, Origin.BATCH, name[:3])


def _draws(parts: dict[str, float]) -> tuple[Draw, ...]:
    return tuple(Draw(parcel_id=parcel, tonnes=tonnes) for parcel, tonnes in parts.items())


def _haul(name: str, link: str, vehicle: int, leave: str, arrive: str, parts: dict[str, float]) -> Haul:
    return Haul(
        id=name,
        link_id=link,
        vehicle=vehicle,
        leave=local(leave),
        arrive=local(arrive),
        draws=_draws(parts),
        tonnes=sum(parts.values()),
        parcels=tuple(f"{name}-{number}" for number in range(1, len(parts) + 1)),
    )


def _batch(
    name: str, place: str, task: str, unit: int, times: tuple[str, str], parts: dict[str, float], output: str
) -> Batch:
    return Batch(
        id=name,
        place_id=place,
        task_id=task,
        unit=unit,
        start=local(times[0]),
        end=local(times[1]),
        draws=_draws(parts),
        tonnes=sum(parts.values()),
        outputs=(output,),
    )
