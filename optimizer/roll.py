"""Rolling on: the problem as it stands at a moment of a plan that is carried out, and the rest of that plan.

What was begun by then is done to its end as the plan has it, and is no part of the problem any more: of boats that are
out it keeps what they use of patches, the berths that they hold and what they will land, of batches and hauls the units
and vehicles that they take and what they will give, of platforms where they lie. What lies in a store, or will come, is
a supply that tells when it was born. All else is open: voyages, batches, hauls, sales and disposals that begin then or
later, and where platforms lie on days still to come, unless something under way is bound for them.

What is begun cannot be changed any more, though a boat could turn round: the problem offers less than there is, so each
of its plans can be carried out. A vessel makes one voyage a shift, so one that has left home makes no other in that
shift. Series are hourly, so the moment lies a whole number of hours after the problem's start. Berths are alike, so
the number of one that a call under way takes is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents.base import Window, format_utc
from documents.errors import InputError
from documents.network import ContractSpec, FleetSpec, PlaceSpec, SupplySpec, UnitSpec
from documents.orders import Orders
from documents.patches import Biomass
from documents.plan import Origin, Plan, Status
from documents.problem import DockSpec, PatchState, PlatformSpec, Problem, VesselSpec
from documents.under_way import SECOND, Lying
from optimizer.accounts import objective
from optimizer.begun import Begun, Coming
from optimizer.ledger import Books


@dataclass(frozen=True)
class Rolled:
    """A problem at a later moment."""

    begun: Begun
    problem: Problem
    rest: Plan
    """What is left of the plan that is carried out: a plan for ``problem``, of whose file it does not name the hash."""


def roll(problem: Problem, plan: Plan, at: datetime) -> Rolled:
    """Return ``problem`` as it stands ``at`` a moment of ``plan``, which can be done, and what is left of that.

    Raise InputError where the moment lies no whole number of hours after the start, and before the end.
    """
    at = at.astimezone(problem.start.tzinfo)
    hours = (at - problem.start) / timedelta(hours=1)
    end = problem.start + timedelta(hours=problem.horizon_h)
    if not 0 < hours < problem.horizon_h or hours != int(hours):
        raise InputError(
            f"{format_utc(at)} lies no whole number of hours after the start of the problem,"
            f" {format_utc(problem.start)}, and before its end, {format_utc(end)}."
        )
    begun = Begun(problem, plan, at)
    coming = begun.coming()
    rolled = _problem(begun, coming, int(hours))
    return Rolled(begun, rolled, _rest(begun, coming, rolled))


def _problem(begun: Begun, coming: Sequence[Coming], hours: int) -> Problem:
    problem, at = begun.problem, begun.at
    used = begun.used_t()
    later = {
        "start": at,
        "horizon_h": problem.horizon_h - hours,
        "wave_m": problem.wave_m[hours:],
        "patches": tuple(_patch(patch, used.get(patch.id, 0.0), hours) for patch in problem.patches),
        "vessels": tuple(_vessel(vessel, begun) for vessel in problem.vessels),
        "docks": tuple(_dock(dock, begun) for dock in problem.docks),
        "platforms": tuple(_platform(platform, begun) for platform in problem.platforms),
        "places": tuple(_place(place, begun) for place in problem.places),
        "fleets": tuple(_fleet(fleet, begun) for fleet in problem.fleets),
        "supplies": (*(each for each in problem.supplies if each.time >= at), *map(_supply, coming)),
        "contracts": tuple(_contract(each, begun) for each in problem.contracts if each.window.end >= at),
        "orders": _orders(begun),
    }
    return Problem.model_validate({**dict(problem), **later})


def _patch(patch: PatchState, used_t: float, hours: int) -> PatchState:
    low_t, mid_t, high_t = (
        max(each - used_t, 0.0) for each in (patch.biomass.low_t, patch.biomass.mid_t, patch.biomass.high_t)
    )
    series = ("lon", "lat", "remaining", "value_cny_per_t", "collectable")
    return patch.model_copy(
        update={
            **{name: getattr(patch, name)[hours:] for name in series},
            "biomass": Biomass(low_t=low_t, mid_t=mid_t, high_t=high_t),
            "biomass_t": max(patch.biomass_t - used_t, 0.0),
        }
    )


def _vessel(vessel: VesselSpec, begun: Begun) -> VesselSpec:
    """Return ``vessel`` with the shifts that are served cut short: each keeps its number."""
    at = begun.at
    shifts = tuple(
        Window(start=min(shift.start, at - SECOND), end=at)
        if (vessel.id, number) in begun.shifts and shift.end > at
        else shift
        for number, shift in enumerate(vessel.shifts)
    )
    return vessel.model_copy(update={"shifts": shifts})


def _dock(dock: DockSpec, begun: Begun) -> DockSpec:
    return dock.model_copy(update={"windows": _to_come(dock.windows, begun.at), "held": _held(dock, begun)})


def _platform(platform: PlatformSpec, begun: Begun) -> PlatformSpec:
    lies = tuple(Lying(day=day, station=station) for day, station in begun.settled(platform).items())
    return platform.model_copy(update={"lies": lies, "held": _held(platform, begun)})


def _held(quay: DockSpec | PlatformSpec, begun: Begun) -> tuple[Window, ...]:
    calls = (stop for stop in begun.calls if stop.quay_id == quay.id and stop.end > stop.start)
    return (
        *(window for window in quay.held if window.end > begun.at),
        *(Window(start=stop.start, end=stop.end) for stop in calls),
    )


def _to_come(windows: Sequence[Window], at: datetime) -> tuple[Window, ...]:
    return tuple(window for window in windows if window.end >= at)


def _place(place: PlaceSpec, begun: Begun) -> PlaceSpec:
    """Return ``place`` with what lies in its stores left to the supplies, which tell its age."""
    stores = tuple(store.model_copy(update={"stock": {}}) for store in place.stores)
    return place.model_copy(
        update={"stores": stores, "units": tuple(_unit(unit, place, begun) for unit in place.units)}
    )


def _unit(unit: UnitSpec, place: PlaceSpec, begun: Begun) -> UnitSpec:
    on_unit = {task.id for task in place.tasks if task.unit == unit.id}
    own = [batch for batch in begun.batches if batch.place_id == place.id and batch.task_id in on_unit]
    free = _free_from(unit.free_from, [(batch.unit, batch.end) for batch in own], begun.at)
    return unit.model_copy(update={"windows": _to_come(unit.windows, begun.at), "free_from": free})


def _fleet(fleet: FleetSpec, begun: Begun) -> FleetSpec:
    turnaround_h = {link.id: link.turnaround_h for link in begun.problem.links if link.fleet == fleet.id}
    own = [haul for haul in begun.hauls if haul.link_id in turnaround_h]
    back = [(haul.vehicle, haul.leave + timedelta(hours=turnaround_h[haul.link_id])) for haul in own]
    free = _free_from(fleet.free_from, back, begun.at)
    return fleet.model_copy(update={"windows": _to_come(fleet.windows, begun.at), "free_from": free})


def _free_from(before: Sequence[datetime], taken: Sequence[tuple[int, datetime]], at: datetime) -> tuple[datetime, ...]:
    """Return from when those of some alike are free, up to the last that is not at once."""
    until = dict(enumerate(before))
    for number, time in taken:
        until[number] = max(until.get(number, at), time)
    last = max((number for number, time in until.items() if time > at), default=-1)
    return tuple(max(until.get(number, at), at) for number in range(last + 1))


def _supply(coming: Coming) -> SupplySpec:
    parcel = coming.parcel
    return SupplySpec(
        id=coming.name,
        place=parcel.place_id,
        material=parcel.material,
        time=coming.time,
        tonnes=coming.tonnes,
        born=min(parcel.born, coming.time),
    )


def _contract(contract: ContractSpec, begun: Begun) -> ContractSpec:
    """Return what is left of ``contract``: at most that much is asked for, and no less allowed, that the plan sells."""
    before, later = begun.sold_t(contract.id)
    least, most = min(contract.min_t - before, later), max(contract.max_t - before, later)
    return contract.model_copy(update={"min_t": round(max(least, 0.0), 6), "max_t": round(most, 6)})


def _orders(begun: Begun) -> Orders:
    """Return the orders that something is left to do for."""
    problem, orders = begun.problem, begun.problem.orders
    ends = {(vessel.id, n): shift.end for vessel in problem.vessels for n, shift in enumerate(vessel.shifts)}
    locks = [
        lock
        for lock in orders.locks
        if ends[lock.vessel, lock.shift] > begun.at and (lock.vessel, lock.shift) not in begun.shifts
    ]
    batches = []
    for lock in orders.batches:
        done = sum(
            (batch.place_id, batch.task_id) == (lock.place, lock.task)
            and lock.window.start - SECOND <= batch.start <= lock.window.end + SECOND
            for batch in begun.batches
        )
        if lock.window.end >= begun.at and done < lock.number:
            batches.append(lock.model_copy(update={"number": lock.number - done}))
    return orders.model_copy(update={"locks": tuple(locks), "batches": tuple(batches)})


def _rest(begun: Begun, coming: Sequence[Coming], rolled: Problem) -> Plan:
    plan, at = begun.plan, begun.at
    known = {each.parcel.id for each in coming}
    still = [
        each.parcel.model_copy(
            update={
                "tonnes": each.tonnes,
                "available": each.time,
                "born": min(each.parcel.born, each.time),
                "origin": Origin.SUPPLY,
                "of": each.name,
            }
        )
        for each in coming
    ]
    given = [parcel for parcel in plan.parcels if parcel.id not in known and not begun.is_given(parcel)]
    books = Books(
        [*still, *given],
        [batch for batch in plan.batches if batch.start >= at],
        [haul for haul in plan.hauls if haul.leave >= at],
        [sale for sale in plan.sales if sale.time >= at],
        [disposal for disposal in plan.disposals if disposal.time >= at],
    )
    voyages = [voyage for voyage in plan.voyages if voyage.stops[0].end >= at]
    days = {platform.id: platform.days for platform in rolled.platforms}
    moorings = [each for each in plan.moorings if days[each.platform_id][each.day].end >= at]
    return plan.model_copy(
        update={
            "status": Status.FEASIBLE if voyages else Status.NOTHING_TO_DO,
            "voyages": tuple(voyages),
            "moorings": tuple(moorings),
            "parcels": tuple(books.parcels),
            "batches": tuple(books.batches),
            "hauls": tuple(books.hauls),
            "sales": tuple(books.sales),
            "disposals": tuple(books.disposals),
            "objective": objective(rolled, voyages, moorings, books, rolled.earned_share),
            "changed_stops": None,
            "bound_cny": None,
            "gap": None,
            "continuous_bound_cny": None,
        }
    )
