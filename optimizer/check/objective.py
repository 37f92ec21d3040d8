"""The objective told again from what the plan does, and what the plan states of it."""

import math
from collections.abc import Iterator

from documents.plan import Objective
from documents.problem import EARNED_SHARE
from optimizer.check.ageing import priced_at
from optimizer.check.geometry import length_nm
from optimizer.check.ledger import Ledger
from optimizer.check.replay import visits
from optimizer.check.rules import OBJECTIVE_CNY, OBJECTIVE_SHARE, TIME_H, Rule, Violation
from optimizer.check.series import mean_value

EARNED = ("sales_cny", "stock_cny")
COSTS = ("processing_cny", "hauling_cny", "disposal_cny", "platform_cny", "sailing_cny")


def objective(ledger: Ledger, grace_h: float = TIME_H) -> Objective:
    """Return the objective; what names unknown ids counts nothing, ageing counts ``grace_h`` late."""
    parts = {
        "damage_avoided_cny": _damage_avoided(ledger),
        "sales_cny": _sales(ledger),
        "stock_cny": _stock(ledger, grace_h),
        "processing_cny": _processing(ledger),
        "hauling_cny": _hauling(ledger),
        "disposal_cny": _disposal(ledger, grace_h),
        "platform_cny": _platforms(ledger),
        "sailing_cny": _sailing(ledger),
    }
    return Objective(**parts, total_cny=_total(ledger, parts))


def _total(ledger: Ledger, parts: dict[str, float]) -> float:
    """Return what is maximised: where protection comes first, the rest counts a share of what it is."""
    earned = sum(parts[part] for part in EARNED) - sum(parts[part] for part in COSTS)
    weight = EARNED_SHARE if ledger.register.problem.protect_first else 1.0
    return parts["damage_avoided_cny"] + weight * earned


def _damage_avoided(ledger: Ledger) -> float:
    total = 0.0
    for visit in visits(ledger.register, ledger.plan):
        patch = ledger.register.patches.get(visit.patch_id)
        if patch is not None:
            total += visit.tonnes * mean_value(patch.value_cny_per_t, visit.start, visit.end)
    return total


def _sales(ledger: Ledger) -> float:
    known = [(ledger.register.contracts.get(sale.contract_id), sale.draw.tonnes) for sale in ledger.plan.sales]
    return sum(contract.price_cny_per_t * tonnes for contract, tonnes in known if contract is not None)


def _stock(ledger: Ledger, grace_h: float) -> float:
    total, end = 0.0, float(ledger.register.problem.horizon_h)
    for parcel in ledger.plan.parcels:
        material = priced_at(ledger.register, parcel, end, grace_h)
        store = ledger.register.stores.get((parcel.place_id, material))
        if store is not None:
            worth = store.end_value_cny_per_t.get(material, 0.0)
            total += worth * max(ledger.left(parcel, math.inf), 0.0)
    return total


def _processing(ledger: Ledger) -> float:
    total = 0.0
    for batch in ledger.plan.batches:
        task = ledger.register.tasks.get((batch.place_id, batch.task_id))
        if task is not None:
            total += task.cost_cny_per_batch + task.cost_cny_per_t * batch.tonnes
    return total


def _hauling(ledger: Ledger) -> float:
    total = 0.0
    for haul in ledger.plan.hauls:
        link = ledger.register.links.get(haul.link_id)
        if link is not None:
            total += link.cost_cny_per_trip + link.cost_cny_per_t * haul.tonnes
    return total


def _disposal(ledger: Ledger, grace_h: float) -> float:
    total = 0.0
    for disposal in ledger.plan.disposals:
        parcel = ledger.parcels.get(disposal.draw.parcel_id)
        if parcel is not None:
            hour = ledger.register.hour(disposal.time)
            material = ledger.register.materials.get(priced_at(ledger.register, parcel, hour, grace_h))
            total += disposal.draw.tonnes * material.disposal_cny_per_t if material is not None else 0.0
    return total


def _platforms(ledger: Ledger) -> float:
    known = ((ledger.register.platforms.get(each.platform_id), each.day) for each in ledger.plan.moorings)
    return sum(platform.day_cost_cny for platform, day in known if platform and platform.station_on(day) is None)


def _sailing(ledger: Ledger) -> float:
    total = 0.0
    for voyage in ledger.plan.voyages:
        vessel = ledger.register.vessels.get(voyage.vessel_id)
        if vessel is not None:
            hours = ledger.register.hour(voyage.stops[-1].arrive) - ledger.register.hour(voyage.stops[0].end)
            miles = sum(length_nm(stop.waypoints) for stop in voyage.stops)
            total += hours * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
    return total


def check_objective(ledger: Ledger) -> Iterator[Violation]:
    """Check every part of the stated objective, and that the parts make up the total.

    What happens at the very second at which something ages may be priced as either material.
    """
    late, early = objective(ledger).model_dump(), objective(ledger, -TIME_H).model_dump()
    stated = ledger.plan.objective.model_dump()
    for part, own in late.items():
        low, high = sorted((own, early[part]))
        if not low - room(low) <= stated[part] <= high + room(high):
            text = f"The plan states {part} {stated[part]:.2f}, what it does amounts to {own:.2f}."
            yield Violation(Rule.OBJECTIVE_MISSTATED, f"objective.{part}", text)
    total = _total(ledger, stated)
    if abs(stated["total_cny"] - total) > room(total):
        text = f"The plan states a total of {stated['total_cny']:.2f} CNY, its parts make {total:.2f} CNY."
        yield Violation(Rule.OBJECTIVE_MISSTATED, "objective", text)


def room(value: float) -> float:
    """Return by how much a stated part of the objective may differ from ``value``."""
    return max(OBJECTIVE_CNY, OBJECTIVE_SHARE * abs(value))
