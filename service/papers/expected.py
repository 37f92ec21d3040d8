"""What batches are expected to give, low–mid–high."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.base import Id
from documents.plan import Batch, Draw, Origin
from service.papers.ledger import Ledger


@dataclass(frozen=True)
class Spread:
    """Tonnes as an interval; the plan is made on ``mid``."""

    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(self.low + other.low, self.mid + other.mid, self.high + other.high)


def outputs_of(ledger: Ledger, batch: Batch) -> dict[Id, Spread]:
    """Return what ``batch`` gives by material, of the tonnes that the plan puts in."""
    found: dict[Id, Spread] = defaultdict(Spread)
    for output in ledger.tasks[batch.place_id, batch.task_id].outputs:
        found[output.material] += Spread(
            batch.tonnes * output.yield_low, batch.tonnes * output.yield_mid, batch.tonnes * output.yield_high
        )
    return dict(found)


def outputs_of_all(ledger: Ledger, batches: Iterable[Batch], *, through_hauls: bool) -> dict[Id, Spread]:
    """Return what ``batches`` give together by material, where they may be fed less, or more, than planned.

    Yields are low, or high, all together. What a haul brings counts as planned unless ``through_hauls``: a place is not
    told how other places do.
    """
    fed = _Fed(ledger, through_hauls)
    found: dict[Id, Spread] = defaultdict(Spread)
    for batch in batches:
        low, high = fed.by(batch.draws)
        for material, given in outputs_of(ledger, batch).items():
            found[material] += Spread(low * given.low, given.mid, high * given.high)
    return {material.id: found[material.id] for material in ledger.problem.materials if material.id in found}


class _Fed:
    """How little, and how much, there may be of what is planned, as ratios of it."""

    def __init__(self, ledger: Ledger, through_hauls: bool) -> None:
        self._ledger = ledger
        self._through_hauls = through_hauls
        self._known: dict[Id, tuple[float, float]] = {}

    def by(self, draws: Sequence[Draw]) -> tuple[float, float]:
        """Return the ratios of what ``draws`` take together."""
        parts = [(draw.tonnes, *self._of(draw.parcel_id)) for draw in draws]
        total = sum(tonnes for tonnes, _, _ in parts)
        return sum(t * low for t, low, _ in parts) / total, sum(t * high for t, _, high in parts) / total

    def _of(self, parcel_id: Id) -> tuple[float, float]:
        if parcel_id not in self._known:
            self._known[parcel_id] = self._made(parcel_id)
        return self._known[parcel_id]

    def _made(self, parcel_id: Id) -> tuple[float, float]:
        parcel = self._ledger.parcels[parcel_id]
        if parcel.origin is Origin.HAUL and self._through_hauls:
            return self._of(self._ledger.source(parcel).id)
        if parcel.origin is not Origin.BATCH:
            return 1.0, 1.0
        batch = self._ledger.batches[parcel.of]
        low, high = self.by(batch.draws)
        given = outputs_of(self._ledger, batch)[parcel.material]
        return low * given.low / given.mid, high * given.high / given.mid
