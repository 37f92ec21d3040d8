"""Why a patch, or a part of it, is left."""

from dataclasses import dataclass

import numpy as np

from documents.explanation import Kind, Reason
from documents.problem import LeftOut
from optimizer.accounts import left_t
from optimizer.ashore import LOST_CNY_PER_T
from optimizer.column import column_of
from optimizer.effort import Effort
from optimizer.explain.answer import answer
from optimizer.explain.compare import landed_t, losers
from optimizer.explain.forced import Take
from optimizer.explain.posed import Posed
from optimizer.explain.reach import farthest, free_prices, limits
from optimizer.explain.told import Told, plain_reason
from optimizer.response import Floats
from optimizer.route import Route
from optimizer.voyage_kernel import LEAST_T


def left_of(posed: Posed) -> dict[str, float]:
    """Return what the plan leaves of each patch, where that is enough to be gone for."""
    return {name: tonnes for name, tonnes in left_t(posed.problem, posed.plan.voyages).items() if tonnes >= LEAST_T}


def left_out(patch: LeftOut) -> Told:
    """Return why ``patch`` did not enter the program: as it was written when the problem was posed."""
    return Told(Kind.PATCH, patch.id, patch.id, Reason.NOT_POSED, note=patch.reason)


def why_patch(posed: Posed, name: str, effort: Effort) -> Told:
    """Return why the plan leaves what it leaves of the patch called ``name``."""
    number = next(p for p, patch in enumerate(posed.problem.patches) if patch.id == name)
    patch, left = posed.problem.patches[number], left_of(posed).get(name, 0.0)
    told = Told(Kind.PATCH, name, patch.name, Reason.DONE, is_part=left < 0.999 * patch.biomass_t)
    if left == 0.0:
        return told
    route = farthest(posed.pricing, [number], range(len(posed.grid.outings)))
    if route is None:
        return _out_of_reach(posed, told)
    each = _taken(posed, route, number)
    more = min(left, each, min(vessel.capacity_t for vessel in posed.problem.vessels))
    return _Asking(posed, told, number, patch.biomass_t - left + more, more).told(effort)


def _out_of_reach(posed: Posed, told: Told) -> Told:
    problem = posed.problem
    if not any(vessel.shifts for vessel in problem.vessels):
        return Told(told.kind, told.id, told.name, Reason.NO_SHIFT)
    found = limits(problem, [told.id], [vessel.id for vessel in problem.vessels])
    return Told(told.kind, told.id, told.name, found[0] if found else Reason.SEVERAL, limits=found)


def _taken(posed: Posed, route: Route, patch: int) -> float:
    """Return what ``route`` takes of a patch in one visit, at sensing time."""
    used = column_of(posed.grid, posed.pricing.network, route).patch
    return used[patch] / sum(visit.patch == patch for visit in route.visits)


@dataclass(frozen=True)
class _Asking:
    """A patch that is within reach, of which ``more`` is asked for: ``tonnes`` in all."""

    posed: Posed
    about: Told
    patch: int
    tonnes: float
    more: float

    def told(self, effort: Effort) -> Told:
        about, posed = self.about, self.posed
        found = answer(posed, Take(self.patch, self.tonnes, self.more), effort)
        others = () if found.fleet is None else losers(posed, found.fleet, Kind.PATCH, self.patch)
        reason = plain_reason(posed, found) or self._reason(bool(others))
        return Told(
            about.kind,
            about.id,
            about.name,
            reason,
            is_part=about.is_part,
            asked_t=self.more,
            others=others if reason is Reason.CAPACITY else (),
            answer=found,
        )

    def _reason(self, others_lose: bool) -> Reason:
        """Return why it costs something: by what a voyage for this patch alone, all others at home, would earn."""
        posed = self.posed
        _, landed_cny = posed.ashore.below(landed_t(posed, posed.fleet))
        if self._alone_cny(landed_cny) > 0.0:
            return Reason.CAPACITY if others_lose else Reason.NOT_WORTH
        no_room = landed_cny.max(initial=-np.inf) <= -LOST_CNY_PER_T / 2.0
        return Reason.NO_ROOM if no_room else Reason.NOT_WORTH

    def _alone_cny(self, landed_cny: Floats) -> float:
        pricing = self.posed.pricing
        there = np.zeros(len(pricing.mass_t))
        there[self.patch] = self.more
        free = free_prices(pricing, landed_cny)
        outings = range(len(pricing.grid.outings))
        return max((pricing.best(outing, free, 1, there).best_cny for outing in outings), default=0.0)
