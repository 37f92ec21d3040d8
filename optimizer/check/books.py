"""The books: bound, gap and status beside the value, and what was left in the sea."""

from collections import Counter
from collections.abc import Iterator

from documents.plan import Plan, Status
from optimizer.check.objective import room
from optimizer.check.register import Register
from optimizer.check.rules import GAP, MASS_T, OPTIMAL_GAP, Rule, Violation
from optimizer.check.work import used_tonnes


def check_bound(plan: Plan, total: float) -> Iterator[Violation]:
    """Check status, bounds and gap of ``plan``, whose own value is ``total`` CNY."""
    if plan.status is Status.NOTHING_TO_DO and plan.voyages:
        yield Violation(
            Rule.STATUS_MISSTATED, "status", "The plan says that there is nothing to do and sends vessels out."
        )
    highest = plan.bound_cny if plan.continuous_bound_cny is None else plan.continuous_bound_cny
    if highest is not None and highest < max(total, plan.bound_cny or total) - room(total):
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
