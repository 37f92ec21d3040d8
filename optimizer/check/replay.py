"""What the voyages amount to, told from their stops alone: visits to patches and calls at quays."""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.plan import Plan, Stop, StopKind
from optimizer.check.register import Register, stop_path


@dataclass(frozen=True)
class Visit:
    """Tonnes collected from a patch at a constant rate; times in hours from the problem's start."""

    where: str
    vessel_id: str
    patch_id: str
    start: float
    end: float
    tonnes: float


@dataclass(frozen=True)
class Call:
    """One call at a dock or a platform; times in hours from the problem's start."""

    where: str
    vessel_id: str
    stop: Stop
    start: float
    end: float
    oldest: float
    """First moment of collection since the hold was last empty; the call's own start where nothing was collected."""


def visits(register: Register, plan: Plan) -> Iterator[Visit]:
    """Yield every COLLECT stop that names a patch."""
    for v, voyage in enumerate(plan.voyages):
        for s, stop in enumerate(voyage.stops):
            if stop.kind is StopKind.COLLECT and stop.patch_id is not None:
                start, end = register.hour(stop.start), register.hour(stop.end)
                yield Visit(stop_path(v, s), voyage.vessel_id, stop.patch_id, start, end, stop.tonnes)


def calls(register: Register, plan: Plan) -> Iterator[Call]:
    """Yield every UNLOAD stop with the birth of what it lands."""
    for v, voyage in enumerate(plan.voyages):
        oldest: float | None = None
        for s, stop in enumerate(voyage.stops):
            start, end = register.hour(stop.start), register.hour(stop.end)
            if stop.kind is StopKind.COLLECT and oldest is None:
                oldest = start
            elif stop.kind is StopKind.UNLOAD:
                since = start if oldest is None else oldest
                yield Call(stop_path(v, s), voyage.vessel_id, stop, start, end, since)
                oldest = None
