"""How a plan differs from the one before it: which stops it gives up, and which it adds."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from documents.plan import StopKind, Voyage

MOVED_H = 0.25
"""示例. A stop whose start moves by no more is the same stop."""
TINY_H = 1e-9
Stop = tuple[str, float]
"""What is done where, and when it starts, in hours."""


def unchanged(before: Sequence[Stop], after: Sequence[Stop]) -> list[tuple[int, int]]:
    """Return which stops ``before`` are which ``after``, by their indices, each the same as one at most."""
    left: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, (name, hour) in enumerate(after):
        left[name].append((hour, number))
    for there in left.values():
        there.sort(reverse=True)
    pairs: list[tuple[int, int]] = []
    for number, (name, hour) in sorted(enumerate(before), key=lambda stop: stop[1]):
        there = left[name]
        while there and there[-1][0] < hour - MOVED_H - TINY_H:
            there.pop()
        if there and there[-1][0] <= hour + MOVED_H + TINY_H:
            pairs.append((number, there.pop()[1]))
    return pairs


def stop_name(kind: StopKind, place: str | None) -> str:
    """Return what is done where, as a :data:`Stop` has it."""
    return f"{kind} {place}"


def stops_of(voyages: Sequence[Voyage], vessel: str) -> list[Stop]:
    """Return the stops of a vessel at patches and quays."""
    return [
        (stop_name(stop.kind, stop.patch_id or stop.quay_id), stop.start.timestamp() / 3600)
        for voyage in voyages
        if voyage.vessel_id == vessel
        for stop in voyage.stops
        if stop.kind in (StopKind.COLLECT, StopKind.UNLOAD)
    ]


def changed_stops(before: Sequence[Voyage], after: Sequence[Voyage], vessels: Collection[str]) -> int:
    """Return how many stops of ``vessels`` are given up or added: others have none to keep."""
    changed = 0
    for vessel in vessels:
        old, new = stops_of(before, vessel), stops_of(after, vessel)
        changed += len(old) + len(new) - 2 * len(unchanged(old, new))
    return changed
