"""How long to go on: by the clock, by work, and until somebody has had enough."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

SEARCH_SHARE = 0.52
"""Of the time: what is left when the search ends goes to times, whole batches and the bound in continuous time."""
COUNTING_SHARE = 0.88
"""Of the time: when the bound in continuous time begins."""


@dataclass(frozen=True)
class Effort:
    """What a search may take from the moment this is made.

    A search that ends by its ``work`` gives the same plan twice; the clock only cuts short what takes unduly long.
    """

    limit_s: float
    work: int
    """Neighbourhoods that are tried at most."""
    stopped: Callable[[], bool] = lambda: False
    """Told between two programs: whether to end with what there is."""
    started_s: float = field(default_factory=time.monotonic)

    @property
    def spent_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started_s

    def left_s(self, share: float = 1.0) -> float:
        """Return how much is left of the first ``share`` of the time; nothing once stopped."""
        return 0.0 if self.stopped() else share * self.limit_s - self.spent_s
