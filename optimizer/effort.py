"""How long to go on: by the clock, by work, and until somebody has had enough."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

ROOT_SHARE = 0.2
"""Of the time: when the bound is left as it is."""
BRANCH_SHARE = 0.42
"""Of the time: when the bound of where platforms lie is left as it is."""
SEARCH_SHARE = 0.03
"""Of the time: what annealing on the quarter-hour clock takes; boats' own time is the better search."""
FREE_SHARE = 0.56
"""Of the time: when that in boats' own time has fractions of trips ashore no more."""
TRIPS_SHARE = 0.62
"""Of the time: when those are counted."""
REFINE_SHARE = 0.82
"""Of the time: when boats' own time ends; then come times and whole batches."""
COUNTING_SHARE = 0.97
"""Of the time: when whole batches and trips are counted."""


@dataclass(frozen=True)
class Effort:
    """What a search may take from the moment this is made.

    A search that ends by its ``work`` gives the same plan twice; the clock only cuts short what takes unduly long.
    """

    limit_s: float
    work: int
    """Rounds of annealing at most on the quarter-hour clock, and twelve times as many short ones in boats' own time."""
    stopped: Callable[[], bool] = lambda: False
    """Told between two programs: whether to end with what there is."""
    started_s: float = field(default_factory=time.monotonic)

    @property
    def spent_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started_s

    def done(self, begins: float, ends: float) -> float:
        """Return how much is over of the time between two shares of it."""
        return max((self.spent_s / self.limit_s - begins) / (ends - begins), 0.0)

    def left_s(self, share: float = 1.0) -> float:
        """Return how much is left of the first ``share`` of the time; nothing once stopped."""
        return 0.0 if self.stopped() else share * self.limit_s - self.spent_s
