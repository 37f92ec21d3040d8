"""What the papers are written from."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from documents.coast import Coast
from documents.network import PlaceSpec
from documents.patches import Patches
from documents.plan import Plan, Stop, StopKind
from documents.problem import Problem
from documents.site import Site
from documents.tracks import Tracks
from service.papers.ledger import Ledger
from service.papers.marks import Marks


@dataclass(frozen=True)
class Day:
    """All documents of one day, and what is to be said of them."""

    site: Site
    coast: Coast
    day: date
    """The business day."""
    patches: Patches
    tracks: Tracks
    problem: Problem
    plan: Plan | None
    """None where the checker refused the plan: then nothing of it is printed."""
    violations: tuple[str, ...]
    """Why it was refused, a sentence each."""
    simulated: bool
    """The image is a simulated one, made for demonstration."""
    notes: tuple[str, ...]
    """What a person should know of the input, in Chinese or as the product's own warnings."""

    @property
    def touches_own_waters(self) -> bool:
        """Say whether the image covers any of the site's own waters."""
        return self.patches.observed_share is not None

    @property
    def anything_seen(self) -> bool:
        """Say whether any water at all was seen clear."""
        return self.patches.clear_share > 0

    def stops(self, kind: StopKind) -> list[tuple[str, Stop]]:
        """Return (vessel id, stop) of all stops of one kind, in the plan's order."""
        voyages = self.plan.voyages if self.plan is not None else ()
        return [(voyage.vessel_id, stop) for voyage in voyages for stop in voyage.stops if stop.kind is kind]

    @property
    def planned_t(self) -> float:
        """Return the wet tonnes that the plan collects."""
        return sum(stop.tonnes for _, stop in self.stops(StopKind.COLLECT))

    @cached_property
    def ledger(self) -> Ledger | None:
        """Return the plan ashore; None where there is no plan."""
        return Ledger(self.problem, self.plan) if self.plan is not None else None

    @property
    def plants(self) -> tuple[PlaceSpec, ...]:
        """Return the places that are neither a dock nor a platform."""
        quays = {quay.id for quay in self.problem.quays}
        return tuple(place for place in self.problem.places if place.id not in quays)

    @cached_property
    def marks(self) -> Marks:
        """Return which figures are editable defaults."""
        return Marks(self.site)
