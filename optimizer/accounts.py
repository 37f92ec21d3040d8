"""The objective of a plan by parts, and what stays in the sea, from the rounded stops and batches."""

from collections import defaultdict
from collections.abc import Sequence

from documents.geodesy import path_length_nm
from documents.plan import Batch, Lot, Objective, StopKind, Voyage
from documents.problem import Problem
from optimizer.clock import hour_of
from optimizer.series import mean_use, mean_value


def objective(problem: Problem, voyages: Sequence[Voyage], lots: Sequence[Lot], batches: Sequence[Batch]) -> Objective:
    """Return the objective in CNY."""
    patches = {patch.id: patch for patch in problem.patches}
    vessels = {vessel.id: vessel for vessel in problem.vessels}
    lines = {(plant.id, line.id): line for plant in problem.plants for line in plant.lines}
    hauls = {(plant.id, haul.dock): haul for plant in problem.plants for haul in plant.hauls}
    dock_of = {lot.id: lot.dock_id for lot in lots}
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
    taken = [(batch.tonnes, lines[batch.plant_id, batch.line_id]) for batch in batches]
    product = sum(tonnes * line.value_cny_per_t for tonnes, line in taken)
    processing = sum(tonnes * line.cost_cny_per_t for tonnes, line in taken)
    hauling = sum(b.tonnes * hauls[b.plant_id, dock_of[b.lot_id]].cost_cny_per_t for b in batches)
    disposal = sum(lot.disposed_t for lot in lots) * problem.disposal_cny_per_t
    parts = [round(part, 2) for part in (damage, product, processing, hauling, disposal, sailing)]
    return Objective(
        damage_avoided_cny=parts[0],
        product_value_cny=parts[1],
        processing_cny=parts[2],
        hauling_cny=parts[3],
        disposal_cny=parts[4],
        sailing_cny=parts[5],
        total_cny=round(parts[0] + parts[1] - parts[2] - parts[3] - parts[4] - parts[5], 2),
    )


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
