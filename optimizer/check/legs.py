"""The legs: waypoints join the stops, keep off land and closed areas, and take the time they need."""

from collections.abc import Iterator

from documents.base import LonLat
from documents.plan import Plan, Stop, StopKind, Voyage
from optimizer.check import geometry
from optimizer.check.register import Register, stop_path
from optimizer.check.rules import DISTANCE_NM, POSITION_M, TIME_H, Rule, Violation
from optimizer.check.series import position_at


class Chart:
    """What no leg may cross."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.land = geometry.Obstacle(register.problem.land)
        self.closed = geometry.Obstacle(register.problem.closed_areas)


def check_legs(register: Register, plan: Plan) -> Iterator[Violation]:
    """Check where every stop lies and how the vessel comes there."""
    chart = Chart(register)
    for v, voyage in enumerate(plan.voyages):
        for s, stop in enumerate(voyage.stops):
            where = stop_path(v, s)
            if not geometry.is_on_globe([(stop.lon, stop.lat), *stop.waypoints]):
                text = f"Vessel {voyage.vessel_id} has a position that is no longitude and latitude."
                yield Violation(Rule.MALFORMED_STOP, where, text)
                continue
            yield from _check_place(register, voyage, stop, where)
            if s > 0:
                yield from _check_leg(chart, voyage, voyage.stops[s - 1], stop, where)


def _check_place(register: Register, voyage: Voyage, stop: Stop, where: str) -> Iterator[Violation]:
    name, tolerance = voyage.vessel_id, register.problem.intercept_tolerance_m
    here = (stop.lon, stop.lat)
    if stop.kind is StopKind.COLLECT:
        patch = register.patches.get(stop.patch_id or "")
        if patch is None:
            text = f"Vessel {name} collects from the patch {stop.patch_id}, which the problem does not know."
            yield Violation(Rule.UNKNOWN_ID, where, text)
            return
        off = geometry.distance_m(here, position_at(patch, register.hour(stop.arrive)))
        if off > tolerance + POSITION_M:
            text = f"Vessel {name} is {off:.0f} m from patch {patch.id} at its arrival, {tolerance:g} m being allowed."
            yield Violation(Rule.OFF_PATCH, where, text)
        return
    vessel = register.vessels.get(name)
    dock_id = stop.dock_id
    if stop.kind is not StopKind.UNLOAD and vessel is not None:
        if dock_id not in (None, vessel.home_dock):
            text = f"Vessel {name} has its {stop.kind} at dock {dock_id}, its home being {vessel.home_dock}."
            yield Violation(Rule.OFF_DOCK, where, text)
        dock_id = vessel.home_dock
    dock = register.docks.get(dock_id or "")
    if dock is None:
        yield Violation(Rule.UNKNOWN_ID, where, f"Vessel {name} stops at the dock {dock_id}, which is not known.")
        return
    off = geometry.distance_m(here, (dock.lon, dock.lat))
    if off > tolerance + POSITION_M:
        text = f"Vessel {name} is {off:.0f} m from dock {dock.id} at its {stop.kind}, {tolerance:g} m being allowed."
        yield Violation(Rule.OFF_DOCK, where, text)


def _whereabouts(register: Register, stop: Stop) -> tuple[LonLat, float]:
    """Return where a vessel is when it leaves ``stop``, and to how many metres that is known."""
    patch = register.patches.get(stop.patch_id or "")
    if stop.kind is StopKind.COLLECT and patch is not None:
        return position_at(patch, register.hour(stop.end)), register.problem.intercept_tolerance_m + POSITION_M
    return (stop.lon, stop.lat), POSITION_M


def _check_leg(chart: Chart, voyage: Voyage, origin: Stop, stop: Stop, where: str) -> Iterator[Violation]:
    register, name, path = chart.register, voyage.vessel_id, stop.waypoints
    if not path:
        yield Violation(Rule.TELEPORT, where, f"Vessel {name} comes to its {stop.kind} without any waypoint.")
        return
    left_from, allowed = _whereabouts(register, origin)
    gap = geometry.distance_m(left_from, path[0])
    if gap > allowed:
        text = f"Vessel {name} starts its leg {gap:.0f} m from where its last stop ended, {allowed:g} m being allowed."
        yield Violation(Rule.TELEPORT, where, text)
    gap = geometry.distance_m(path[-1], (stop.lon, stop.lat))
    if gap > POSITION_M:
        text = f"Vessel {name} ends its leg {gap:.0f} m from its {stop.kind}, {POSITION_M:g} m being allowed."
        yield Violation(Rule.TELEPORT, where, text)
    miles = geometry.length_nm(path)
    if abs(stop.distance_nm - miles) > DISTANCE_NM:
        text = f"Vessel {name} states a leg of {stop.distance_nm:.3f} nm, its waypoints measuring {miles:.3f} nm."
        yield Violation(Rule.DISTANCE_MISSTATED, where, text)
    hours = register.hour(stop.arrive) - register.hour(origin.end)
    vessel = register.vessels.get(name)
    if vessel is not None and miles > vessel.speed_kn * (max(hours, 0.0) + TIME_H):
        text = (
            f"Vessel {name} covers {miles:.2f} nm in {60 * hours:.1f} min"
            f" where {vessel.speed_kn:g} kn need {60 * miles / vessel.speed_kn:.1f} min."
        )
        yield Violation(Rule.TOO_FAST, where, text)
    for rule, obstacle, what in (
        (Rule.CROSSES_LAND, chart.land, "land"),
        (Rule.CROSSES_CLOSED_AREA, chart.closed, "a closed area"),
    ):
        inside = obstacle.crossed_m(path)
        if inside > 0:
            yield Violation(
                rule, where, f"Vessel {name} runs {inside:.0f} m through {what} on its way to its {stop.kind}."
            )
