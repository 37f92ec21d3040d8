"""Orders of the dispatchers; what they mean stands in :mod:`documents.problem`."""

from collections.abc import Collection, Iterator, Mapping
from typing import Self

from pydantic import Field, model_validator

from documents.base import Id, Part, Window
from documents.names import check_known, check_own


class LockedStop(Part):
    """A stop at a patch or at a quay that starts within ``window``."""

    patch: Id | None = None
    quay: Id | None = None
    """A dock or a platform."""
    window: Window

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        _check_one(self.patch, self.quay, "a locked stop")
        return self


class Lock(Part):
    """Stops that the voyage of a vessel in one of its shifts has, one right after another."""

    id: Id
    vessel: Id
    shift: int = Field(ge=0)
    """Index into the vessel's shifts."""
    stops: tuple[LockedStop, ...] = ()
    whole: bool = False
    """Whether the voyage has no other stops; without any the vessel stays in harbour."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.stops and not self.whole:
            raise ValueError(f"lock {self.id} names no stop; a whole one without stops keeps its vessel in harbour")
        return self


class BatchLock(Part):
    """Batches of a task that start within ``window``."""

    id: Id
    place: Id
    task: Id
    window: Window
    number: int = Field(default=1, ge=1)
    """At least."""


class Forbidden(Part):
    """A vessel that makes no stop at a patch or at a quay."""

    vessel: Id
    patch: Id | None = None
    quay: Id | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        _check_one(self.patch, self.quay, f"a forbidden pair of vessel {self.vessel}")
        return self


class Orders(Part):
    """All orders."""

    locks: tuple[Lock, ...] = ()
    batches: tuple[BatchLock, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    change_cost_cny: float = Field(default=200.0, ge=0)
    """示例. What a new plan must gain for each stop of the plan before that it gives up and for each that it adds."""

    def of(self, vessel: str, shift: int) -> tuple[Lock, ...]:
        """Return the locks of a vessel's shift."""
        return tuple(lock for lock in self.locks if (lock.vessel, lock.shift) == (vessel, shift))

    def keeps_home(self, vessel: str, shift: int) -> bool:
        """Return whether the vessel stays in harbour for that shift."""
        return any(lock.whole and not lock.stops for lock in self.of(vessel, shift))

    def check(
        self,
        shifts: Mapping[str, int],
        patches: Collection[str],
        quays: Collection[str],
        tasks: Mapping[str, Collection[str]],
    ) -> None:
        """Raise ValueError where an order names what is not there; ``shifts`` are counted by vessel."""
        check_own({"lock": [*(lock.id for lock in self.locks), *(lock.id for lock in self.batches)]})
        check_known("vessel", shifts, ((f"lock {lock.id}", lock.vessel) for lock in self.locks))
        check_known("vessel", shifts, (("a forbidden pair", pair.vessel) for pair in self.forbidden))
        check_known("patch", patches, ((who, at.patch) for who, at in self._places() if at.patch is not None))
        check_known("quay", quays, ((who, at.quay) for who, at in self._places() if at.quay is not None))
        check_known("place", tasks, ((f"lock {lock.id}", lock.place) for lock in self.batches))
        for batch in self.batches:
            check_known(f"task of {batch.place}", tasks[batch.place], [(f"lock {batch.id}", batch.task)])
        whole: dict[tuple[str, int], str] = {}
        for lock in self.locks:
            if lock.shift >= shifts[lock.vessel]:
                raise ValueError(
                    f"lock {lock.id} names shift {lock.shift} of vessel {lock.vessel}, which has none such"
                )
            if lock.whole and (other := whole.setdefault((lock.vessel, lock.shift), lock.id)) != lock.id:
                raise ValueError(f"locks {other} and {lock.id} both tell the whole voyage of vessel {lock.vessel}")

    def _places(self) -> Iterator[tuple[str, LockedStop | Forbidden]]:
        yield from ((f"lock {lock.id}", stop) for lock in self.locks for stop in lock.stops)
        yield from ((f"a forbidden pair of vessel {pair.vessel}", pair) for pair in self.forbidden)


def _check_one(patch: str | None, quay: str | None, who: str) -> None:
    if (patch is None) == (quay is None):
        raise ValueError(f"{who} names either a patch or a quay")
