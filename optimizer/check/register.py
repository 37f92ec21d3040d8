"""The problem as the checker looks things up in it: by id, and with times as hours from the start."""

from collections.abc import Iterable
from datetime import datetime

from documents.problem import DockSpec, HaulSpec, LineSpec, PatchState, PlantSpec, Problem, VesselSpec, Window
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
        self.plants: dict[str, PlantSpec] = {plant.id: plant for plant in problem.plants}

    def line(self, plant_id: str, line_id: str) -> LineSpec | None:
        """Return a line of a plant, None where there is none of that id."""
        plant = self.plants.get(plant_id)
        return next((line for line in plant.lines if line.id == line_id), None) if plant else None

    def haul(self, plant_id: str, dock_id: str) -> HaulSpec | None:
        """Return the road from a dock to a plant, None where there is none."""
        plant = self.plants.get(plant_id)
        return next((haul for haul in plant.hauls if haul.dock == dock_id), None) if plant else None

    def hour(self, moment: datetime) -> float:
        """Return ``moment`` as hours from the problem's start."""
        return (moment - self.problem.start).total_seconds() / 3600.0

    def span(self, window: Window) -> Span:
        """Return ``window`` in hours from the problem's start."""
        return self.hour(window.start), self.hour(window.end)

    def covers(self, windows: Iterable[Window], span: Span) -> bool:
        """Say whether ``span`` lies within the union of ``windows``, to a second."""
        reached = span[0]
        for start, end in sorted(self.span(window) for window in windows):
            if start <= reached + TIME_H:
                reached = max(reached, end)
        return reached >= span[1] - TIME_H


def stop_path(voyage: int, stop: int) -> str:
    """Return where a stop stands in the plan."""
    return f"voyages[{voyage}].stops[{stop}]"
