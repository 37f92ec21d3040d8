"""The sheet of one vessel: its day, stop by stop, in Beijing time and in degrees and decimal minutes."""

from documents.base import LonLat
from documents.geodesy import METRES_PER_NAUTICAL_MILE, bearing_deg, distance_m
from documents.plan import Stop, StopKind, Voyage
from documents.problem import VesselSpec
from documents.site import EXAMPLE
from service.papers.day import Day
from service.papers.moorings import quay_name
from service.papers.place_facts import horizon_fact
from service.papers.sheet import Sheet, Table
from service.papers.words import STOPS, clock, day_clock, degrees_minutes

STOP_COLUMNS = ("序", "时间（北京）", "作业", "对象", "到达位置", "航程 nm", "始航向", "吨", "载量 t")
LEG_COLUMNS = ("航段", "点", "位置", "航向", "航程 nm")
FIGURES = frozenset(("序", "航程 nm", "始航向", "航向", "吨", "载量 t"))


def route_sheet(day: Day, vessel: VesselSpec) -> Sheet:
    """Return the sheet of ``vessel``; a vessel without a voyage is told that it stays in port."""
    voyages = [voyage for voyage in day.plan.voyages if voyage.vessel_id == vessel.id] if day.plan is not None else []
    facts = [
        f"{horizon_fact(day)}，位置为 WGS-84",
        f"载量 {vessel.capacity_t:g} t，航速 {vessel.speed_kn:g} kn，采收 {vessel.collect_t_per_h:g} t/h，"
        f"限浪 {vessel.max_wave_m:g} m{day.marks.vessel(vessel.id)}",
    ]
    notes = ["海况无人预报的时段按可出海计，出海前请船长按当时海况决定。"] if None in day.problem.wave_m else []
    if day.marks.vessel(vessel.id):
        notes.append(f"带“{EXAMPLE}”的参数为可修改的默认值，不是实船数据。")
    if day.simulated:
        notes.insert(0, "本航次由模拟影像得出，仅供演示，不得用于出海。")
    if not voyages:
        facts.append("本计划期内无出海任务，在港待命。" if day.plan is not None else "没有通过校核的计划，未发布航线。")
    tables = [table for number, voyage in enumerate(voyages, 1) for table in _voyage_tables(day, number, voyage)]
    return Sheet(f"{vessel.name}（{vessel.id}）航次单", tuple(facts), tuple(tables), tuple(notes))


def _voyage_tables(day: Day, number: int, voyage: Voyage) -> tuple[Table, Table]:
    first, last = voyage.stops[0], voyage.stops[-1]
    total = sum(stop.distance_nm for stop in voyage.stops)
    collected = sum(stop.tonnes for stop in voyage.stops if stop.kind is StopKind.COLLECT)
    title = (
        f"第 {number} 航次：{day_clock(first.end)} 离港，{day_clock(last.arrive)} 返港，"
        f"全程 {total:.1f} nm，采收 {collected:.1f} t"
    )
    rows = tuple(_stop_row(day, voyage.vessel_id, order, stop) for order, stop in enumerate(voyage.stops))
    legs = tuple(row for order, stop in enumerate(voyage.stops) if _sails(stop) for row in _leg_rows(order, stop))
    return Table(title, STOP_COLUMNS, rows, FIGURES), Table(f"第 {number} 航次航路点", LEG_COLUMNS, legs, FIGURES)


def _sails(stop: Stop) -> bool:
    """Say whether the vessel has to move to get to ``stop``."""
    return stop.distance_nm > 0


def _stop_row(day: Day, vessel_id: str, order: int, stop: Stop) -> tuple[str, ...]:
    worked = stop.kind in (StopKind.COLLECT, StopKind.UNLOAD)
    return (
        str(order),
        _times(stop),
        STOPS[stop.kind],
        stop_target(day, vessel_id, stop),
        degrees_minutes(stop.lon, stop.lat),
        f"{stop.distance_nm:.1f}" if _sails(stop) else "",
        f"{bearing_deg(stop.waypoints[0], stop.waypoints[1]):03.0f}°" if _sails(stop) else "",
        f"{stop.tonnes:.1f}" if worked else "",
        f"{stop.load_t:.1f}",
    )


def _times(stop: Stop) -> str:
    if stop.kind in (StopKind.DEPART, StopKind.RETURN):
        return day_clock(stop.arrive)
    return f"{day_clock(stop.arrive)} 到，{clock(stop.start)}–{clock(stop.end)} 作业"


def stop_target(day: Day, vessel_id: str, stop: Stop) -> str:
    """Return what a stop is at, in words: the patch with its place in the image, or the quay with its berth."""
    if stop.patch_id is not None:
        names = {patch.id: patch.name for patch in day.problem.patches}
        return f"{stop.patch_id}（成像时在{names[stop.patch_id]}）"
    if stop.quay_id is not None:
        return f"{quay_name(day, stop.quay_id, stop.start)} {(stop.berth or 0) + 1} 号泊位"
    homes = {vessel.id: vessel.home_dock for vessel in day.problem.vessels}
    return f"{quay_name(day, homes[vessel_id], stop.start)}（母港）"


def _leg_rows(order: int, stop: Stop) -> list[tuple[str, ...]]:
    points: tuple[LonLat, ...] = stop.waypoints
    rows: list[tuple[str, ...]] = []
    for index, point in enumerate(points):
        before = points[index - 1] if index else None
        rows.append(
            (
                f"{order - 1}→{order}",
                str(index + 1),
                degrees_minutes(*point),
                "" if before is None or before == point else f"{bearing_deg(before, point):03.0f}°",
                "" if before is None else f"{distance_m(before, point) / METRES_PER_NAUTICAL_MILE:.2f}",
            )
        )
    return rows
