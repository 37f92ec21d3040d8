"""The boats: order, shifts, waves, legs, and what is on board."""

import itertools
import math
from collections.abc import Iterator

from documents.plan import Plan, Stop, StopKind, Voyage
from documents.problem import VesselSpec
from optimizer.check.register import Register, stop_path
from optimizer.check.rules import BALANCE_T, MASS_T, TIME_H, Rule, Violation


def check_voyages(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check every voyage but for its legs and its work at patches and quays."""
    yield from _check_vessel_days(register, plan)
    for v, voyage in enumerate(plan.voyages):
        where = f"voyages[{v}]"
        yield from _check_order(register, voyage, v)
        vessel = register.vessels.get(voyage.vessel_id)
        if vessel is None:
            yield Violation(Rule.UNKNOWN_ID, where, f"The problem knows no vessel {voyage.vessel_id}.")
            continue
        yield from _check_shift(register, voyage, vessel, where)
        yield from _check_waves(register, voyage, vessel, where)
        yield from _check_load(voyage, vessel, v)


def _check_vessel_days(register: Register, plan: Plan) -> Iterator[Violation]:
    served: set[tuple[str, int]] = set()
    busy: dict[str, list[tuple[float, float, int]]] = {}
    for v, voyage in enumerate(plan.voyages):
        key = (voyage.vessel_id, voyage.shift)
        if key in served:
            text = f"Vessel {voyage.vessel_id} makes more than one voyage in its shift {voyage.shift}."
            yield Violation(Rule.SECOND_VOYAGE, f"voyages[{v}]", text)
        served.add(key)
        left, back = register.hour(voyage.stops[0].end), register.hour(voyage.stops[-1].arrive)
        busy.setdefault(voyage.vessel_id, []).append((left, back, v))
    for vessel_id, spans in busy.items():
        spans.sort()
        for (_, back, _), (left, _, v) in itertools.pairwise(spans):
            if left < back - TIME_H:
                text = f"Vessel {vessel_id} leaves {60 * (back - left):.1f} min before it is back from another voyage."
                yield Violation(Rule.TELEPORT, f"voyages[{v}]", text)


def _check_order(register: Register, voyage: Voyage, v: int) -> Iterator[Violation]:
    name, last = voyage.vessel_id, len(voyage.stops) - 1
    previous: Stop | None = None
    for s, stop in enumerate(voyage.stops):
        where = stop_path(v, s)
        fits = {StopKind.DEPART: s == 0, StopKind.RETURN: s == last}.get(stop.kind, 0 < s < last)
        if not fits:
            text = (
                f"Vessel {name} has a {stop.kind} as stop {s + 1} of {last + 1}: a voyage departs first, returns last."
            )
            yield Violation(Rule.MALFORMED_STOP, where, text)
        if stop.kind in (StopKind.DEPART, StopKind.RETURN) and not stop.arrive == stop.start == stop.end:
            text = f"Vessel {name} spends time at its {stop.kind}, which is a moment."
            yield Violation(Rule.MALFORMED_STOP, where, text)
        if stop.kind is not StopKind.UNLOAD and stop.parcel_id is not None:
            text = f"Vessel {name} lands the parcel {stop.parcel_id} at its {stop.kind}, which is no call at a quay."
            yield Violation(Rule.MALFORMED_STOP, where, text)
        if not stop.arrive <= stop.start <= stop.end:
            yield Violation(Rule.TIME_ORDER, where, f"Vessel {name} does not arrive, start and end in that order.")
        if previous is not None and stop.arrive < previous.end:
            late = (previous.end - stop.arrive).total_seconds()
            text = f"Vessel {name} arrives {late:.0f} s before it has ended the stop before."
            yield Violation(Rule.TIME_ORDER, where, text)
        for what, moment in (("arrives", stop.arrive), ("starts", stop.start), ("ends", stop.end)):
            if not -TIME_H <= register.hour(moment) <= register.problem.horizon_h + TIME_H:
                text = f"Vessel {name} {what} at {moment:%Y-%m-%d %H:%M:%SZ}, outside the horizon."
                yield Violation(Rule.OUTSIDE_HORIZON, where, text)
                break
        previous = stop


def _check_shift(register: Register, voyage: Voyage, vessel: VesselSpec, where: str) -> Iterator[Violation]:
    if voyage.shift >= len(vessel.shifts):
        text = f"Vessel {vessel.id} has {len(vessel.shifts)} shifts and none with the index {voyage.shift}."
        yield Violation(Rule.OUTSIDE_SHIFT, where, text)
        return
    begin, finish = register.span(vessel.shifts[voyage.shift])
    left, back = register.hour(voyage.stops[0].end), register.hour(voyage.stops[-1].arrive)
    if left < begin - TIME_H:
        text = f"Vessel {vessel.id} leaves {60 * (begin - left):.1f} min before its shift starts."
        yield Violation(Rule.OUTSIDE_SHIFT, where, text)
    if back > finish + TIME_H:
        text = f"Vessel {vessel.id} is back {60 * (back - finish):.1f} min after its shift ends."
        yield Violation(Rule.OUTSIDE_SHIFT, where, text)


def _check_waves(register: Register, voyage: Voyage, vessel: VesselSpec, where: str) -> Iterator[Violation]:
    left, back = register.hour(voyage.stops[0].end), register.hour(voyage.stops[-1].arrive)
    first = max(0, math.floor(left + TIME_H))
    last = min(register.problem.horizon_h, math.ceil(back - TIME_H))
    for hour in range(first, last):
        wave = register.problem.wave_m[hour]
        if wave is not None and wave > vessel.max_wave_m:
            text = (
                f"Vessel {vessel.id} is out in hour {hour} at waves of {wave:g} m, its limit: {vessel.max_wave_m:g} m."
            )
            yield Violation(Rule.WAVES_TOO_HIGH, where, text)


def _check_load(voyage: Voyage, vessel: VesselSpec, v: int) -> Iterator[Violation]:
    load, visits = 0.0, 0
    for s, stop in enumerate(voyage.stops):
        where = stop_path(v, s)
        if stop.kind is StopKind.COLLECT:
            load, visits = load + stop.tonnes, visits + 1
            if load > vessel.capacity_t + MASS_T * visits:
                text = f"Vessel {vessel.id} carries {load:.3f} t, its capacity being {vessel.capacity_t:g} t."
                yield Violation(Rule.OVER_CAPACITY, where, text)
        elif stop.kind is StopKind.UNLOAD:
            if stop.tonnes > load + BALANCE_T:
                text = f"Vessel {vessel.id} lands {stop.tonnes:.3f} t, having {load:.3f} t on board."
                yield Violation(Rule.LOAD_MISSTATED, where, text)
            elif stop.tonnes < load - BALANCE_T:
                text = f"Vessel {vessel.id} lands {stop.tonnes:.3f} t of {load:.3f} t: a call empties the hold."
                yield Violation(Rule.NOT_LANDED, where, text)
            load, visits = 0.0, 0
        elif stop.tonnes > BALANCE_T:
            text = f"Vessel {vessel.id} states {stop.tonnes:.3f} t at a {stop.kind}, where nothing is taken or landed."
            yield Violation(Rule.MALFORMED_STOP, where, text)
        if abs(stop.load_t - load) > BALANCE_T:
            text = f"Vessel {vessel.id} states {stop.load_t:.3f} t on board where its stops add up to {load:.3f} t."
            yield Violation(Rule.LOAD_MISSTATED, where, text)
        if stop.kind is StopKind.RETURN and load > BALANCE_T:
            text = f"Vessel {vessel.id} returns with {load:.3f} t on board that no quay has taken."
            yield Violation(Rule.NOT_LANDED, where, text)
