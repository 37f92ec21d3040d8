"""The books: the objective told again, what was left, the bound and the gap."""

from collections import Counter
from collections.abc import Iterator

from documents.plan import Objective, Plan, Status
from optimizer.check.geometry import length_nm
from optimizer.check.register import Register
from optimizer.check.replay import visits
from optimizer.check.rules import (
    GAP,
    MASS_T,
    OBJECTIVE_CNY,
    OBJECTIVE_SHARE,
    OPTIMAL_GAP,
    Rule,
    Violation,
)
from optimizer.check.series import mean_value
from optimizer.check.work import used_tonnes


def objective(register: Register, plan: Plan) -> Objective:
    """Return the objective of ``plan`` from its stops, lots and batches; what names unknown ids counts nothing."""
    damage = 0.0
    for visit in visits(register, plan):
        patch = register.patches.get(visit.patch_id)
        if patch is not None:
            damage += visit.tonnes * mean_value(patch.value_cny_per_t, visit.start, visit.end)
    product = processing = hauling = 0.0
    dock_of = {lot.id: lot.dock_id for lot in plan.lots}
    for batch in plan.batches:
        line = register.line(batch.plant_id, batch.line_id)
        haul = register.haul(batch.plant_id, dock_of.get(batch.lot_id, ""))
        if line is not None:
            product += batch.tonnes * line.value_cny_per_t
            processing += batch.tonnes * line.cost_cny_per_t
        if haul is not None:
            hauling += batch.tonnes * haul.cost_cny_per_t
    disposal = sum(lot.disposed_t for lot in plan.lots) * register.problem.disposal_cny_per_t
    sailing = 0.0
    for voyage in plan.voyages:
        vessel = register.vessels.get(voyage.vessel_id)
        if vessel is not None:
            hours = register.hour(voyage.stops[-1].arrive) - register.hour(voyage.stops[0].end)
            miles = sum(length_nm(stop.waypoints) for stop in voyage.stops)
            sailing += hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
    return Objective(
        damage_avoided_cny=damage,
        product_value_cny=product,
        processing_cny=processing,
        hauling_cny=hauling,
        disposal_cny=disposal,
        sailing_cny=sailing,
        total_cny=damage + product - processing - hauling - disposal - sailing,
    )


def check_objective(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check every part of the stated objective, and the bound and gap beside the recomputed total."""
    own = objective(register, plan)
    for part, value in own.model_dump().items():
        stated = getattr(plan.objective, part)
        if abs(stated - value) > _room(value):
            text = f"The plan states {part} {stated:.2f}, its stops and batches amount to {value:.2f}."
            yield Violation(Rule.OBJECTIVE_MISSTATED, f"objective.{part}", text)
    yield from _check_bound(plan, own.total_cny)


def _room(value: float) -> float:
    return max(OBJECTIVE_CNY, OBJECTIVE_SHARE * abs(value))


def _check_bound(plan: Plan, total: float) -> Iterator[Violation]:
    if plan.status is Status.NOTHING_TO_DO and plan.voyages:
        yield Violation(
            Rule.STATUS_MISSTATED, "status", "The plan says that there is nothing to do and sends vessels out."
        )
    highest = plan.bound_cny if plan.continuous_bound_cny is None else plan.continuous_bound_cny
    if highest is not None and highest < max(total, plan.bound_cny or total) - _room(total):
        text = f"The bound {highest:.2f} CNY lies below the plan's own value of {total:.2f} CNY or its other bound."
        yield Violation(Rule.BOUND_BELOW_VALUE, "bound_cny", text)
    if plan.bound_cny is None:
        if plan.gap is not None:
            yield Violation(Rule.GAP_MISSTATED, "gap", f"The plan states a gap of {plan.gap:.6f} without a bound.")
        if plan.status is Status.OPTIMAL:
            yield Violation(Rule.STATUS_MISSTATED, "status", "The plan calls itself optimal without a bound.")
        return
    gap = (plan.bound_cny - plan.objective.total_cny) / max(abs(plan.bound_cny), 1.0)
    if plan.gap is None or abs(plan.gap - gap) > GAP:
        text = f"The plan states a gap of {plan.gap}, its bound and total make it {gap:.6f}."
        yield Violation(Rule.GAP_MISSTATED, "gap", text)
    if plan.status is Status.OPTIMAL and gap > OPTIMAL_GAP + GAP:
        text = f"The plan calls itself optimal at a gap of {gap:.6f}, {OPTIMAL_GAP:g} being the limit."
        yield Violation(Rule.STATUS_MISSTATED, "status", text)


def check_left(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check that what stays in the sea is named, patch by patch, and right."""
    left = {patch.id: patch.tonnes for patch in register.problem.left_out}
    used, number = used_tonnes(register, plan)
    left |= {patch.id: max(patch.biomass_t - used[patch.id], 0.0) for patch in register.problem.patches}
    named = Counter(entry.patch_id for entry in plan.left)
    for patch_id, times in named.items():
        if times > 1:
            yield Violation(Rule.DUPLICATE_ID, "left", f"What was left of patch {patch_id} is stated {times} times.")
    for i, entry in enumerate(plan.left):
        where = f"left[{i}]"
        if entry.patch_id not in left:
            yield Violation(Rule.UNKNOWN_ID, where, f"The problem knows no patch {entry.patch_id}.")
        elif abs(entry.tonnes - left[entry.patch_id]) > MASS_T * (2 + number.get(entry.patch_id, 0)):
            text = (
                f"The plan leaves {entry.tonnes:.3f} t of patch {entry.patch_id},"
                f" its visits {left[entry.patch_id]:.3f} t."
            )
            yield Violation(Rule.LEFT_MISSTATED, where, text)
    for patch in register.problem.patches:
        if patch.id not in named and left[patch.id] > MASS_T * (2 + number[patch.id]):
            text = f"The plan does not say why {left[patch.id]:.3f} t of patch {patch.id} stay in the sea."
            yield Violation(Rule.LEFT_MISSTATED, f"patch {patch.id}", text)
