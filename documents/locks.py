"""Locks drawn from a plan: its stops, trips, voyages and batches as they stand, give or take some minutes."""

from datetime import timedelta
from itertools import pairwise

from documents.base import Window
from documents.changes import MOVED_H
from documents.orders import BatchLock, Lock, LockedStop
from documents.plan import Batch, Stop, StopKind, Voyage

LEEWAY_H = MOVED_H
"""By how much what is locked may move."""


def lock_stop(name: str, voyage: Voyage, stop: int, leeway_h: float = LEEWAY_H) -> Lock:
    """Return a lock called ``name`` of one stop of ``voyage``, by its index among the stops at patches and quays."""
    return _lock(name, voyage, [_worked(voyage)[stop]], leeway_h)


def lock_trip(name: str, voyage: Voyage, trip: int, leeway_h: float = LEEWAY_H) -> Lock:
    """Return a lock of one trip of ``voyage``: its visits and the call that lands what they collect."""
    stops = _worked(voyage)
    ends = [0, *(number + 1 for number, stop in enumerate(stops) if stop.kind is StopKind.UNLOAD)]
    first, last = list(pairwise(ends))[trip]
    return _lock(name, voyage, stops[first:last], leeway_h)


def lock_voyage(name: str, voyage: Voyage, leeway_h: float = LEEWAY_H) -> Lock:
    """Return a lock of a vessel's shift: all stops of ``voyage``, and no others."""
    return _lock(name, voyage, _worked(voyage), leeway_h).model_copy(update={"whole": True})


def lock_batch(name: str, batch: Batch, leeway_h: float = LEEWAY_H) -> BatchLock:
    """Return a lock of one batch."""
    window = Window(start=batch.start - timedelta(hours=leeway_h), end=batch.start + timedelta(hours=leeway_h))
    return BatchLock(id=name, place=batch.place_id, task=batch.task_id, window=window)


def _worked(voyage: Voyage) -> list[Stop]:
    return [stop for stop in voyage.stops if stop.kind in (StopKind.COLLECT, StopKind.UNLOAD)]


def _lock(name: str, voyage: Voyage, stops: list[Stop], leeway_h: float) -> Lock:
    by = timedelta(hours=leeway_h)
    locked = tuple(
        LockedStop(patch=stop.patch_id, quay=stop.quay_id, window=Window(start=stop.start - by, end=stop.start + by))
        for stop in stops
    )
    return Lock(id=name, vessel=voyage.vessel_id, shift=voyage.shift, stops=locked)
