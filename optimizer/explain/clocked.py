"""The voyages of a plan on the clock of the bound: of each the best that takes what it takes, and no more."""

from collections.abc import Iterable

import numpy as np

from optimizer.response import Fleet, Made, Responder
from optimizer.route import Route


class Clocked(Responder):
    """Answers with the patches that a voyage known to the second went to."""

    def told(self, routes: Iterable[Route], moorings: Iterable[int]) -> Fleet:
        """Return what becomes of ``routes``, with platforms at ``moorings``.

        Those that go first are told first; at last each takes what the clock makes the others leave.
        """
        known = self.fleet(routes, moorings)
        self.ashore.worth_cny(self.landed_t(known))
        _, landed_cny = self.ashore.below(self.landed_t(known))
        made: dict[int, Made] = {}
        for shift, each in sorted(known.made.items(), key=lambda item: item[1].route.trips[0].oldest):
            mass, berths = self.left(made)
            own = np.zeros(len(mass))
            for patch, used in each.column.patch.items():
                own[patch] = min(used, mass[patch])
            nothing = np.zeros(len(mass))
            found = self._candidates(shift, own, berths, nothing, landed_cny, known.moorings)
            best = max(found, key=lambda one: self._earned_cny(one, landed_cny), default=None)
            if best is not None:
                made[shift] = best
        every = list(range(len(self.grid.shifts)))
        return self.refill(Fleet(made, known.moorings), every, [0.0] * len(every))
