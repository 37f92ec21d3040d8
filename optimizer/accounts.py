"""The objective of a plan by parts, and what stays in the sea, from the rounded stops and the books ashore."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from documents.geodesy import path_length_nm
from documents.plan import Draw, Mooring, Objective, Parcel, StopKind, Voyage
from documents.problem import Problem
from optimizer.clock import TINY_H, hour_of
from optimizer.ledger import Books
from optimizer.series import mean_use, mean_value


def objective(
    problem: Problem,
    voyages: Sequence[Voyage],
    moorings: Sequence[Mooring],
    books: Books,
    earned_share: float = 1.0,
) -> Objective:
    """Return the objective in CNY, of which all but damage avoided counts ``earned_share`` in the total."""
    damage, sailing = _at_sea(problem, voyages)
    price = {contract.id: contract.price_cny_per_t for contract in problem.contracts}
    tasks = {(place.id, task.id): task for place in problem.places for task in place.tasks}
    links = {link.id: link for link in problem.links}
    platforms = {platform.id: platform for platform in problem.platforms}
    days = [(platforms[mooring.platform_id], mooring.day) for mooring in moorings]
    parcels = {parcel.id: parcel for parcel in books.parcels}
    runs = [(tasks[batch.place_id, batch.task_id], batch.tonnes) for batch in books.batches]
    trips = [(links[haul.link_id], haul.tonnes) for haul in books.hauls]
    parts = {
        "damage_avoided_cny": damage,
        "sales_cny": sum(sale.draw.tonnes * price[sale.contract_id] for sale in books.sales),
        "stock_cny": _stock(problem, parcels, books),
        "processing_cny": sum(task.cost_cny_per_batch + tonnes * task.cost_cny_per_t for task, tonnes in runs),
        "hauling_cny": sum(link.cost_cny_per_trip + tonnes * link.cost_cny_per_t for link, tonnes in trips),
        "disposal_cny": sum(
            each.draw.tonnes * _disposal(problem, parcels[each.draw.parcel_id], each.time) for each in books.disposals
        ),
        "platform_cny": sum(platform.day_cost_cny for platform, day in days if platform.station_on(day) is None),
        "sailing_cny": sailing,
    }
    told = {name: round(part, 2) for name, part in parts.items()}
    earned = 2 * (told["sales_cny"] + told["stock_cny"]) + told["damage_avoided_cny"] - sum(told.values())
    return Objective(**told, total_cny=round(told["damage_avoided_cny"] + earned_share * earned, 2))


def left_t(problem: Problem, voyages: Sequence[Voyage]) -> dict[str, float]:
    """Return by patch how much of its mass at sensing time no visit uses up."""
    used: dict[str, float] = defaultdict(float)
    patches = {patch.id: patch for patch in problem.patches}
    for voyage in voyages:
        for stop in voyage.stops:
            if stop.kind is StopKind.COLLECT and stop.patch_id is not None:
                span = hour_of(problem, stop.start), hour_of(problem, stop.end)
                used[stop.patch_id] += stop.tonnes * mean_use(patches[stop.patch_id], *span)
    return {patch.id: round(max(patch.biomass_t - used[patch.id], 0.0), 3) for patch in problem.patches}


def material_at(problem: Problem, parcel: Parcel, time: datetime) -> str:
    """Return the id of what ``parcel`` is at ``time``, by its age; the last it can be where it is older."""
    age_h = (time - parcel.born).total_seconds() / 3600.0
    specs = {material.id: material for material in problem.materials}
    spec = specs[parcel.material]
    while spec.becomes is not None and spec.shelf_life_h is not None and age_h > spec.shelf_life_h + TINY_H:
        spec = specs[spec.becomes]
    return spec.id


def _at_sea(problem: Problem, voyages: Sequence[Voyage]) -> tuple[float, float]:
    """Return the damage avoided and the cost of sailing."""
    patches = {patch.id: patch for patch in problem.patches}
    vessels = {vessel.id: vessel for vessel in problem.vessels}
    damage = sailing = 0.0
    for voyage in voyages:
        vessel = vessels[voyage.vessel_id]
        out_h = (voyage.stops[-1].arrive - voyage.stops[0].end).total_seconds() / 3600
        sailing += out_h * vessel.cost_per_h_cny
        sailing += sum(path_length_nm(stop.waypoints) for stop in voyage.stops) * vessel.cost_per_nm_cny
        for stop in voyage.stops:
            if stop.kind is StopKind.COLLECT and stop.patch_id is not None:
                span = hour_of(problem, stop.start), hour_of(problem, stop.end)
                damage += stop.tonnes * mean_value(patches[stop.patch_id], *span)
    return damage, sailing


def _disposal(problem: Problem, parcel: Parcel, time: datetime) -> float:
    name = material_at(problem, parcel, time)
    return next(material.disposal_cny_per_t for material in problem.materials if material.id == name)


def _stock(problem: Problem, parcels: Mapping[str, Parcel], books: Books) -> float:
    """Return what is left at the end of the horizon, at its end value."""
    left = {parcel.id: round(parcel.tonnes * 1000) for parcel in parcels.values()}
    for draw in _draws(books):
        left[draw.parcel_id] -= round(draw.tonnes * 1000)
    worth = {
        (place.id, material): value
        for place in problem.places
        for store in place.stores
        for material, value in store.end_value_cny_per_t.items()
    }
    end = problem.start.timestamp() + problem.horizon_h * 3600
    total = 0.0
    for name, kg in left.items():
        if kg > 0:
            parcel = parcels[name]
            material = material_at(problem, parcel, datetime.fromtimestamp(end, problem.start.tzinfo))
            total += kg / 1000 * worth[parcel.place_id, material]
    return total


def _draws(books: Books) -> Iterable[Draw]:
    for batch in books.batches:
        yield from batch.draws
    for haul in books.hauls:
        yield from haul.draws
    for sale in books.sales:
        yield sale.draw
    for disposal in books.disposals:
        yield disposal.draw
