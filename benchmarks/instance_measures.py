"""How scarce the algae of a problem are: what could be caught beside what the fleet could carry."""

import math

import numpy as np

from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84
from documents.problem import DockSpec, Problem, VesselSpec

Span = tuple[float, float]
"""Hours from the start."""


def scarcity(problem: Problem) -> float:
    """Return catchable over carriable tonnes: below about 1 the boats must look for algae, far above it they choose."""
    return catchable_t(problem) / carriable_t(problem)


def catchable_t(problem: Problem) -> float:
    """Return the tonnes that no plan can take more than.

    A patch counts with its largest mass at the hour marks of such hours as it is collectable in throughout and some
    vessel may be out in; whether a vessel comes there in time is not asked.
    """
    out = _hours_out(problem)
    return sum(
        patch.biomass_t * max((patch.remaining[mark] for mark in _marks(out, patch.collectable)), default=0.0)
        for patch in problem.patches
    )


def carriable_t(problem: Problem) -> float:
    """Return about how many tonnes the fleet could land if there were algae in plenty where the patches are.

    A vessel goes to and fro in the longest calm stretch of each shift: two legs of the typical length, rigging, a full
    hold collected, mooring, unloading; a part of such a round counts as that part of a load. The typical leg is the
    geodesic from where the patches lie, by tonnes and hours, to the nearest quay. The quays together take no more than
    their berths in their open hours, full loads of a mean vessel mooring one after the other.
    """
    leg_nm = _typical_leg_nm(problem)
    quays = problem.quays
    berths = np.array([float(quay.berths) for quay in quays])
    rate = float(np.average([quay.unload_t_per_h for quay in quays], weights=berths))
    mooring_h = float(np.average([quay.mooring_h for quay in quays], weights=berths))
    fleet = 0.0
    for vessel in problem.vessels:
        full_h = vessel.capacity_t / vessel.collect_t_per_h + vessel.capacity_t / rate
        round_h = 2.0 * leg_nm / vessel.speed_kn + vessel.rigging_h + mooring_h + full_h
        fleet += vessel.capacity_t / round_h * sum(last - first for first, last in outings(problem, vessel))
    load_t = float(np.mean([vessel.capacity_t for vessel in problem.vessels])) if problem.vessels else 1.0
    landed = 0.0
    for quay in quays:
        spans = quay.windows if isinstance(quay, DockSpec) else quay.days
        hours = sum((window.end - window.start).total_seconds() / 3600.0 for window in spans)
        landed += quay.berths * hours / (quay.mooring_h / load_t + 1.0 / quay.unload_t_per_h)
    return min(fleet, landed)


def outings(problem: Problem, vessel: VesselSpec) -> list[Span]:
    """Return the longest stretch of each of the vessel's shifts in which the wave lets it be out, if there is any."""
    calm = [wave is None or wave <= vessel.max_wave_m for wave in problem.wave_m]
    longest: list[Span] = []
    for shift in vessel.shifts:
        first, last = ((at - problem.start).total_seconds() / 3600.0 for at in (shift.start, shift.end))
        spans: list[Span] = []
        for hour in range(max(math.floor(first), 0), min(math.ceil(last), problem.horizon_h)):
            span = max(float(hour), first), min(hour + 1.0, last)
            if calm[hour] and spans and spans[-1][1] == span[0]:
                spans[-1] = spans[-1][0], span[1]
            elif calm[hour]:
                spans.append(span)
        longest.extend(sorted(spans, key=lambda span: span[0] - span[1])[:1])
    return longest


def _hours_out(problem: Problem) -> list[int]:
    """Return the hours in which some vessel may be out."""
    spans = {span for vessel in problem.vessels for span in outings(problem, vessel)}
    return sorted({hour for first, last in spans for hour in range(math.floor(first), math.ceil(last))})


def _marks(hours: list[int], collectable: tuple[bool, ...]) -> list[int]:
    """Return the marks at both ends of such ``hours`` as are collectable from end to end."""
    good = [hour for hour in hours if collectable[hour] and collectable[hour + 1]]
    return sorted({mark for hour in good for mark in (hour, hour + 1)})


def _typical_leg_nm(problem: Problem) -> float:
    places = [(dock.lon, dock.lat) for dock in problem.docks]
    places += [(station.lon, station.lat) for platform in problem.platforms for station in platform.stations]
    out = _hours_out(problem)
    miles = weights = 0.0
    for patch in problem.patches:
        marks = _marks(out, patch.collectable)
        lon, lat = np.array(patch.lon)[marks], np.array(patch.lat)[marks]
        metres = [WGS84.inv(lon, lat, np.full_like(lon, x), np.full_like(lat, y))[2] for x, y in places]
        weight = patch.biomass_t * len(marks)
        if weight:
            miles += weight * float(np.min(metres, axis=0).mean()) / METRES_PER_NAUTICAL_MILE
            weights += weight
    return miles / weights if weights else 0.0
