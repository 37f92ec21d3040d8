"""The problem as the checker looks things up in it: by id, and with times as hours from the start."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from documents.base import Window
from documents.network import (
    ContractSpec,
    FleetSpec,
    LinkSpec,
    MaterialSpec,
    PlaceSpec,
    StoreSpec,
    TaskSpec,
    UnitSpec,
)
from documents.problem import DockSpec, PatchState, PlatformSpec, Problem, VesselSpec
from optimizer.check.rules import TIME_H

Span = tuple[float, float]
"""Start and end in hours from the problem's start."""


class Register:
    """Everything of a problem by id."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.patches: dict[str, PatchState] = {patch.id: patch for patch in problem.patches}
        self.vessels: dict[str, VesselSpec] = {vessel.id: vessel for vessel in problem.vessels}
        self.docks: dict[str, DockSpec] = {dock.id: dock for dock in problem.docks}
        self.platforms: dict[str, PlatformSpec] = {platform.id: platform for platform in problem.platforms}
        self.materials: dict[str, MaterialSpec] = {material.id: material for material in problem.materials}
        self.places: dict[str, PlaceSpec] = {place.id: place for place in problem.places}
        self.fleets: dict[str, FleetSpec] = {fleet.id: fleet for fleet in problem.fleets}
        self.links: dict[str, LinkSpec] = {link.id: link for link in problem.links}
        self.contracts: dict[str, ContractSpec] = {contract.id: contract for contract in problem.contracts}
        self.tasks: dict[tuple[str, str], TaskSpec] = {
            (place.id, task.id): task for place in problem.places for task in place.tasks
        }
        self.units: dict[tuple[str, str], UnitSpec] = {
            (place.id, unit.id): unit for place in problem.places for unit in place.units
        }
        self.stores: dict[tuple[str, str], StoreSpec] = {
            (place.id, material): store
            for place in problem.places
            for store in place.stores
            for material in store.materials
        }
        """By place and material: none has two stores for one."""

    def quay(self, quay_id: str | None) -> DockSpec | PlatformSpec | None:
        """Return a dock or a platform, None where there is none of that id."""
        return self.docks.get(quay_id or "") or self.platforms.get(quay_id or "")

    def free_from(self, times: Sequence[datetime], number: int) -> float:
        """Return from when, in hours, that of some alike with the ``number`` is free."""
        return self.hour(times[number]) if number < len(times) else -math.inf

    def hour(self, moment: datetime) -> float:
        """Return ``moment`` as hours from the problem's start."""
        return (moment - self.problem.start).total_seconds() / 3600.0

    def span(self, window: Window) -> Span:
        """Return ``window`` in hours from the problem's start."""
        return self.hour(window.start), self.hour(window.end)

    def covers(self, windows: Iterable[Window], span: Span) -> bool:
        """Say whether ``span`` lies within the union of ``windows``, to a second."""
        reached, inside = span[0], False
        for start, end in sorted(self.span(window) for window in windows):
            if start <= reached + TIME_H and end >= reached - TIME_H:
                reached, inside = max(reached, end), True
        return inside and reached >= span[1] - TIME_H

    def in_horizon(self, *moments: datetime) -> bool:
        """Say whether all ``moments`` lie within the horizon, to a second."""
        return all(-TIME_H <= self.hour(moment) <= self.problem.horizon_h + TIME_H for moment in moments)


def stop_path(voyage: int, stop: int) -> str:
    """Return where a stop stands in the plan."""
    return f"voyages[{voyage}].stops[{stop}]"
