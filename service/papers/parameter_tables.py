"""What the plan takes a place to have: equipment, yields, room and shelf lives, for its owner to put right."""

from documents.network import PlaceSpec, StoreSpec, TaskSpec
from service.papers.day import Day
from service.papers.sheet import Table
from service.papers.words import NOT_COUNTED

BATCH_T, HOURS, NUMBER, ENERGY, ROOM = "每批 t", "历时 h", "台数", "能耗 kWh/t", "库容 t"
TASK_COLUMNS = ("设备", NUMBER, "工序", BATCH_T, HOURS, "得率 t/t（低–中–高）", ENERGY, "依据")
STORE_COLUMNS = ("物料", ROOM, "存期", "依据")
FIGURES = frozenset((BATCH_T, HOURS, NUMBER, ENERGY, ROOM))


def parameter_tables(day: Day, place: PlaceSpec) -> list[Table]:
    """Return the tables of what ``place`` has; none of what it has not."""
    order = [unit.id for unit in place.units]
    tasks = sorted(place.tasks, key=lambda task: order.index(task.unit))
    tables = [
        Table("计划所据：设备与得率", TASK_COLUMNS, tuple(_task_row(day, place, task) for task in tasks), FIGURES),
        Table("计划所据：库容与存期", STORE_COLUMNS, tuple(_store_row(day, place, s) for s in place.stores), FIGURES),
    ]
    return [table for table in tables if table.rows]


def _task_row(day: Day, place: PlaceSpec, task: TaskSpec) -> tuple[str, ...]:
    names = {material.id: material.name for material in day.problem.materials}
    unit = next(unit for unit in place.units if unit.id == task.unit)
    yields = (f"{names[o.material]} {o.yield_low:g}–{o.yield_mid:g}–{o.yield_high:g}" for o in task.outputs)
    return (
        unit.name,
        f"{unit.number}",
        task.name,
        f"{task.batch_min_t:g}–{task.batch_max_t:g}",
        f"{task.hours:g}",
        "、".join(yields),
        NOT_COUNTED if task.energy_kwh_per_t is None else f"{task.energy_kwh_per_t:g}",
        _basis(day.marks.unit(place.id, unit.id), day.marks.task(place.id, task.id)),
    )


def _store_row(day: Day, place: PlaceSpec, store: StoreSpec) -> tuple[str, ...]:
    materials = {material.id: material for material in day.problem.materials}
    held = [materials[name] for name in store.materials]
    lives = [
        f"{material.name} {material.shelf_life_h:g} h"
        + ("" if material.becomes is None else f"，其后按{materials[material.becomes].name}计")
        for material in held
        if material.shelf_life_h is not None
    ]
    return (
        "、".join(material.name for material in held),
        f"{store.capacity_t:g}",
        "；".join(lives) or "可长期存放",
        _basis(day.marks.store(place.id, store), *(day.marks.material(name) for name in store.materials)),
    )


def _basis(*marks: str) -> str:
    """Return 示例 where any of the figures of a row is marked, else a dash."""
    return next((mark.strip("（）") for mark in marks if mark), "–")
