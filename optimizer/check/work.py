"""The work at sea and at the quay: rigging, collecting, berths, unloading."""

import itertools
from collections.abc import Iterator

from documents.plan import Plan, Stop, StopKind
from documents.problem import DockSpec, PlatformSpec, VesselSpec
from optimizer.check.moorings import day_of, station_on
from optimizer.check.register import Register, stop_path
from optimizer.check.replay import Call, calls, visits
from optimizer.check.rules import MASS_T, TIME_H, Rule, Violation
from optimizer.check.series import is_collectable, mean_reciprocal


def check_collecting(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check rigging, collecting rates and hours, and that no patch gives more than it has."""
    for v, voyage in enumerate(plan.voyages):
        vessel = register.vessels.get(voyage.vessel_id)
        for s, stop in enumerate(voyage.stops):
            if stop.kind is StopKind.COLLECT and vessel is not None:
                yield from _check_visit(register, vessel, stop, stop_path(v, s))
    used, visits_of = used_tonnes(register, plan)
    for patch_id, tonnes in used.items():
        there = register.patches[patch_id].biomass_t
        if tonnes > there + MASS_T * (1 + visits_of[patch_id]):
            text = f"The visits to patch {patch_id} use up {tonnes:.3f} t of its {there:.3f} t at sensing time."
            yield Violation(Rule.MORE_THAN_IS_THERE, f"patch {patch_id}", text)


def used_tonnes(register: Register, plan: Plan) -> tuple[dict[str, float], dict[str, int]]:
    """Return, by patch, how much of ``biomass_t`` all visits use up, and how many visits there are."""
    used = dict.fromkeys(register.patches, 0.0)
    number = dict.fromkeys(register.patches, 0)
    for visit in visits(register, plan):
        patch = register.patches.get(visit.patch_id)
        if patch is not None:
            used[patch.id] += visit.tonnes * mean_reciprocal(patch.remaining, visit.start, visit.end)
            number[patch.id] += 1
    return used, number


def _check_visit(register: Register, vessel: VesselSpec, stop: Stop, where: str) -> Iterator[Violation]:
    arrive, start, end = (register.hour(moment) for moment in (stop.arrive, stop.start, stop.end))
    if start - arrive < vessel.rigging_h - TIME_H:
        text = (
            f"Vessel {vessel.id} collects {60 * (start - arrive):.1f} min after its arrival,"
            f" rigging taking {60 * vessel.rigging_h:.1f} min."
        )
        yield Violation(Rule.RIGGING_CUT_SHORT, where, text)
    needed = (stop.tonnes - MASS_T) / vessel.collect_t_per_h
    if needed > max(end - start, 0.0) + TIME_H:
        text = (
            f"Vessel {vessel.id} collects {stop.tonnes:.3f} t in {60 * (end - start):.1f} min"
            f" where {vessel.collect_t_per_h:g} t/h need {60 * needed:.1f} min."
        )
        yield Violation(Rule.COLLECTING_TOO_FAST, where, text)
    patch = register.patches.get(stop.patch_id or "")
    if patch is not None and not is_collectable(patch, start, end):
        text = f"Vessel {vessel.id} collects from patch {patch.id} from hour {start:.2f} to {end:.2f}: not collectable."
        yield Violation(Rule.NOT_COLLECTABLE, where, text)


def check_quays(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check berths, opening hours, moorings and the time unloading takes."""
    berths: dict[tuple[str, int], list[Call]] = {}
    for call in calls(register, plan):
        quay = register.quay(call.stop.quay_id)
        if quay is None:
            continue  # named where the place of the stop is checked
        berth, name = call.stop.berth, call.vessel_id
        if berth is None or berth >= quay.berths:
            text = f"Vessel {name} takes berth {berth} at quay {quay.id}, whose berths are 0 to {quay.berths - 1}."
            yield Violation(Rule.NO_SUCH_BERTH, call.where, text)
        else:
            berths.setdefault((quay.id, berth), []).append(call)
        needed = quay.mooring_h + max(call.stop.tonnes - MASS_T, 0.0) / quay.unload_t_per_h
        if call.end - call.start < needed - TIME_H:
            text = (
                f"Vessel {name} is {60 * (call.end - call.start):.1f} min at the berth of quay {quay.id}"
                f" where mooring and unloading {call.stop.tonnes:.3f} t take {60 * needed:.1f} min."
            )
            yield Violation(Rule.UNLOADING_TOO_FAST, call.where, text)
        yield from _check_open(register, plan, call, quay)
    for (quay_id, berth), there in berths.items():
        yield from _check_berth(quay_id, berth, there)
    for quay in register.problem.quays:
        own = [call for (quay_id, _), there in berths.items() if quay_id == quay.id for call in there]
        yield from _check_held(register, quay, own)


def _check_open(register: Register, plan: Plan, call: Call, quay: DockSpec | PlatformSpec) -> Iterator[Violation]:
    name, from_to = call.vessel_id, f"from hour {call.start:.2f} to {call.end:.2f}"
    if isinstance(quay, DockSpec):
        if not register.covers(quay.windows, (call.start, call.end)):
            text = f"Vessel {name} lies at dock {quay.id} {from_to}: not open."
            yield Violation(Rule.QUAY_CLOSED, call.where, text)
        return
    day = day_of(register, quay, call.stop)
    if day is None:
        text = f"Vessel {name} lies at platform {quay.id} {from_to}: not within one of its days."
        yield Violation(Rule.QUAY_CLOSED, call.where, text)
    elif station_on(plan, quay, day) is None:
        text = f"Vessel {name} lies at platform {quay.id} on its day {day}, when it is at none of its stations."
        yield Violation(Rule.NOT_MOORED, call.where, text)


def _check_held(register: Register, quay: DockSpec | PlatformSpec, there: list[Call]) -> Iterator[Violation]:
    """Check, as each call begins and as each window does, that with the windows held there are berths for all."""
    held = [register.span(window) for window in quay.held]
    spans = [*held, *((call.start, call.end) for call in there)]
    for call in there if held else ():
        begins = [start for start, end in spans if call.start <= start < call.end - TIME_H]
        most = max((sum(start <= at and at < end - TIME_H for start, end in spans) for at in begins), default=0)
        if most > quay.berths:
            text = (
                f"Vessel {call.vessel_id} lies at quay {quay.id} from hour {call.start:.2f} to {call.end:.2f}, when"
                f" {most} of its {quay.berths} berths are taken, some by voyages under way at the start."
            )
            yield Violation(Rule.BERTH_TAKEN, call.where, text)


def _check_berth(quay_id: str, berth: int, there: list[Call]) -> Iterator[Violation]:
    for first, second in itertools.combinations(sorted(there, key=lambda call: (call.start, call.end)), 2):
        overlap = min(first.end, second.end) - second.start
        if overlap > TIME_H:
            text = (
                f"Vessels {first.vessel_id} and {second.vessel_id} share berth {berth} of quay {quay_id}"
                f" for {60 * overlap:.1f} min."
            )
            yield Violation(Rule.BERTH_TAKEN, second.where, text)
