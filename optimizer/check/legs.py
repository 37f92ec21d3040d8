"""The legs: waypoints join the stops, keep off land and closed areas, and take the time they need."""

from collections.abc import Iterator

from documents.plan import Plan, Stop, Voyage
from optimizer.check import geometry
from optimizer.check.positions import check_position, left_from
from optimizer.check.register import Register, stop_path
from optimizer.check.rules import DISTANCE_NM, POSITION_M, TIME_H, Rule, Violation


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
            yield from check_position(register, plan, voyage, stop, where)
            if s > 0:
                yield from _check_leg(chart, voyage, voyage.stops[s - 1], stop, where)


def _check_leg(chart: Chart, voyage: Voyage, origin: Stop, stop: Stop, where: str) -> Iterator[Violation]:
    register, name, path = chart.register, voyage.vessel_id, stop.waypoints
    if not path:
        yield Violation(Rule.TELEPORT, where, f"Vessel {name} comes to its {stop.kind} without any waypoint.")
        return
    begin, allowed = left_from(register, origin)
    gap = geometry.distance_m(begin, path[0])
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
