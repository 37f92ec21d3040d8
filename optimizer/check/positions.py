"""Where a vessel is at its stops: alongside its patch, at its quay, at home."""

from collections.abc import Iterator

from documents.base import LonLat
from documents.plan import Plan, Stop, StopKind, Voyage
from optimizer.check.geometry import distance_m
from optimizer.check.moorings import quay_position
from optimizer.check.register import Register
from optimizer.check.rules import POSITION_M, Rule, Violation
from optimizer.check.series import position_at


def check_position(register: Register, plan: Plan, voyage: Voyage, stop: Stop, where: str) -> Iterator[Violation]:
    """Check that ``stop`` lies where its patch or its quay is at that time."""
    name = voyage.vessel_id
    if stop.kind is StopKind.COLLECT:
        patch = register.patches.get(stop.patch_id or "")
        if patch is None:
            text = f"Vessel {name} collects from the patch {stop.patch_id}, which the problem does not know."
            yield Violation(Rule.UNKNOWN_ID, where, text)
            return
        there = position_at(patch, register.hour(stop.arrive))
        yield from _check_off(register, name, stop, there, (Rule.OFF_PATCH, f"patch {patch.id}", where))
    elif stop.kind is StopKind.UNLOAD:
        if register.quay(stop.quay_id) is None:
            text = f"Vessel {name} unloads at the quay {stop.quay_id}, which the problem does not know."
            yield Violation(Rule.UNKNOWN_ID, where, text)
            return
        quay = quay_position(register, plan, stop)
        if quay is not None:  # a platform that is not out is named where calls are checked
            yield from _check_off(register, name, stop, quay, (Rule.OFF_QUAY, f"quay {stop.quay_id}", where))
    else:
        yield from _check_home(register, name, stop, where)


def _check_home(register: Register, name: str, stop: Stop, where: str) -> Iterator[Violation]:
    vessel = register.vessels.get(name)
    if vessel is None:
        return  # named where voyages are checked
    if stop.quay_id not in (None, vessel.home_dock):
        text = f"Vessel {name} has its {stop.kind} at {stop.quay_id}, its home being {vessel.home_dock}."
        yield Violation(Rule.OFF_QUAY, where, text)
    home = register.docks[vessel.home_dock]
    yield from _check_off(register, name, stop, (home.lon, home.lat), (Rule.OFF_QUAY, f"its home {home.id}", where))


def _check_off(
    register: Register, name: str, stop: Stop, there: LonLat, told: tuple[Rule, str, str]
) -> Iterator[Violation]:
    """Check the distance of ``stop`` from ``there``; ``told`` is the rule, what is there, and the path of the stop."""
    rule, what, where = told
    off, tolerance = distance_m((stop.lon, stop.lat), there), register.problem.intercept_tolerance_m
    if off > tolerance + POSITION_M:
        text = f"Vessel {name} is {off:.0f} m from {what} at its {stop.kind}, {tolerance:g} m being allowed."
        yield Violation(rule, where, text)


def left_from(register: Register, stop: Stop) -> tuple[LonLat, float]:
    """Return where a vessel is when it leaves ``stop``, and to how many metres that is known."""
    patch = register.patches.get(stop.patch_id or "")
    if stop.kind is StopKind.COLLECT and patch is not None:
        return position_at(patch, register.hour(stop.end)), register.problem.intercept_tolerance_m + POSITION_M
    return (stop.lon, stop.lat), POSITION_M
