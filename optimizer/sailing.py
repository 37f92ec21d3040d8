"""Sailing tables: from where a vessel is at a step, the step at which it is ready somewhere else.

Legs take their true time; only the moment of being ready is rounded up to a step. A vessel is *ready* at a patch when
it has met it and rigged, and at a dock when it has arrived. Boats of one speed and one rigging time share a table.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from documents.problem import VesselSpec
from optimizer.clock import TINY_H
from optimizer.grid import Grid, next_true
from optimizer.sea import Sea

Floats = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int32]
Indices = npt.NDArray[np.intp]
NEVER = -1
"""In place of a step: there is no way, or not in time."""
SOONER = 2
"""Guesses by the chart's straight lines before."""
CHARTED = 0.95
"""A way is at least as long as this share of its chart's straight line wherever boats go."""
ROUNDS = 4
"""The meeting place moves while the vessel sails; patches drift at a twentieth of its speed, so this converges fast."""


@dataclass(frozen=True)
class SailingTable:
    """Legs of one kind of vessel; T = steps + 1 moments, P patches, D quays. Miles are nautical."""

    between: Steps
    """(T, P, P): leaving patch i at moment t, the step at which the vessel is ready at patch j."""
    between_nm: Floats
    out: Steps
    """(T, D, P): leaving quay d at moment t, the step at which it is ready at patch i."""
    out_nm: Floats
    home: Steps
    """(T, P, D): leaving patch i at moment t, the step by which it is at quay d."""
    home_nm: Floats
    first_h: Floats
    """(T, D, P): the latest hour to leave quay d so as to be ready at patch i at step t; -inf where there is no way."""
    first_nm: Floats
    quays_nm: Floats
    """(D, D)."""


def sailing_table(grid: Grid, sea: Sea, vessel: VesselSpec) -> SailingTable:
    """Return the legs of vessels like ``vessel``."""
    patches, out_at = grid.problem.patches, Moments(grid).out_at
    clock = "sailing", grid.steps, grid.step_h, vessel.speed_kn, vessel.rigging_h
    tracks = [(patch.lon, patch.lat) for patch in patches]
    told_from = *clock, tracks, grid.workable, grid.places, out_at
    return SailingTable(**sea.told_once(told_from, lambda: vars(_sailing_table(grid, sea, vessel))))


def _sailing_table(grid: Grid, sea: Sea, vessel: VesselSpec) -> SailingTable:
    moments: Floats = np.arange(grid.steps + 1, dtype=np.float64) * grid.step_h
    afloat = grid.positions(moments)
    met = grid.positions(moments - vessel.rigging_h)
    fields = _Fields(grid, sea, vessel, afloat, met)
    between, between_nm = fields.meetings(fields.leavable(), afloat)
    quay = np.broadcast_to(grid.places[:, None, :], (len(grid.places), len(moments), 2))
    out, out_nm = fields.meetings(np.ones(quay.shape[:2], dtype=bool), quay)
    home, home_nm = fields.landings()
    first_h, first_nm = fields.first_legs()
    d = len(grid.places)
    pairs = sea.distances_nm(np.repeat(grid.places, d, axis=0), np.tile(grid.places, (d, 1)))
    return SailingTable(
        between, between_nm, out, out_nm, home, home_nm, first_h, first_nm, np.asarray(pairs.reshape(d, d))
    )


class Moments:
    """When a vessel may be out, may leave a patch, may collect at one."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.workable_at = np.column_stack([grid.workable, np.zeros(len(grid.workable), dtype=bool)])
        self._next_workable = next_true(self.workable_at)
        self.out_at = np.zeros(grid.steps + 1, dtype=bool)
        """Moments at which some vessel may be out."""
        for outing in grid.outings:
            self.out_at[outing.first : outing.last + 1] = True

    def leavable(self) -> npt.NDArray[np.bool_]:
        """Return (P, T) whether a vessel may have just collected there."""
        leaving = np.zeros_like(self.workable_at)
        leaving[:, 1:] = self.workable_at[:, :-1]
        return leaving

    def next(self, j: npt.NDArray[np.intp], step: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the first workable step of patch ``j`` at or after ``step``."""
        last = self._next_workable.shape[1] - 1
        return np.where(step > last, NEVER, self._next_workable[j, np.minimum(step, last)])


class _Fields(Moments):
    """What the legs are made from: positions by patch and moment."""

    def __init__(self, grid: Grid, sea: Sea, vessel: VesselSpec, afloat: Floats, met: Floats) -> None:
        super().__init__(grid)
        self.sea = sea
        self.speed_kn, self.rigging_h = vessel.speed_kn, vessel.rigging_h
        self.afloat, self.met = afloat, met
        self.met_room = sea.room_nm(met)

    def meetings(self, leaving: npt.NDArray[np.bool_], origins: Floats) -> tuple[Steps, Floats]:
        """Return (T, O, P) for origins (O, T, 2), left where ``leaving`` (O, T): the step of being ready, and miles."""
        number, moments = leaving.shape
        patches = len(self.grid.problem.patches)
        ready = np.full((moments, number, patches), NEVER, dtype=np.int32)
        miles = np.zeros((moments, number, patches))
        o, t = np.nonzero(leaving & self.out_at[None, :])
        o, t, j = np.repeat(o, patches), np.repeat(t, patches), np.tile(np.arange(patches), len(t))
        step = self.next(j, t + 1)
        for _ in range(SOONER):
            there = np.maximum(step, 0)
            far = CHARTED * self.sea.charted_nm(origins[o, t], self.met[j, there])
            need = t + self._steps(far / self.speed_kn + self.rigging_h)
            step = np.where((step != NEVER) & (need > step), self.next(j, need), step)
        keep = step != NEVER
        o, t, j, step = o[keep], t[keep], j[keep], step[keep]
        far = np.zeros(len(o))
        fits = np.zeros(len(o), dtype=bool)
        room = self.sea.room_nm(origins)
        for _ in range(ROUNDS):
            todo = ~fits
            far[todo] = self._far(origins, room, o[todo], t[todo], j[todo], step[todo])
            need = t + self._steps(far / self.speed_kn + self.rigging_h)
            fits = need <= step
            late = ~fits
            step = np.where(late, self.next(j, np.maximum(need, step)), step)
            keep = step != NEVER
            o, t, j, step, far, fits = o[keep], t[keep], j[keep], step[keep], far[keep], fits[keep]
        o, t, j, step, far = o[fits], t[fits], j[fits], step[fits], far[fits]
        ready[t, o, j], miles[t, o, j] = step, far
        diagonal = np.arange(min(number, patches))
        if number == patches and origins is self.afloat:
            ready[:, diagonal, diagonal] = NEVER
        return ready, miles

    def _far(self, origins: Floats, room: Floats, o: Indices, t: Indices, j: Indices, step: Indices) -> Floats:
        """Return the miles from origins ``o`` at ``t`` to patches ``j`` met at ``step``.

        Where the water round both ends reaches from one to the other, nothing lies in between.
        """
        here, there = origins[o, t], self.met[j, step]
        is_clear = self.sea.charted_nm(here, there) < room[o, t] + self.met_room[j, step]
        far = np.zeros(len(o))
        far[is_clear] = self.sea.straight_nm(here[is_clear], there[is_clear])
        far[~is_clear] = self.sea.distances_nm(here[~is_clear], there[~is_clear])
        return far

    def landings(self) -> tuple[Steps, Floats]:
        """Return (T, P, D): the step of arrival at each dock, and miles."""
        patches, moments = self.workable_at.shape
        quays = len(self.grid.places)
        ready = np.full((moments, patches, quays), NEVER, dtype=np.int32)
        miles = np.zeros((moments, patches, quays))
        i, t = np.nonzero(self.leavable() & self.out_at[None, :])
        for d in range(quays):
            far = self.sea.distances_nm(self.afloat[i, t], np.broadcast_to(self.grid.places[d], (len(i), 2)))
            step = t + self._steps(far / self.speed_kn)
            inside = step < moments
            ready[t[inside], i[inside], d], miles[t[inside], i[inside], d] = step[inside], far[inside]
        return ready, miles

    def first_legs(self) -> tuple[Floats, Floats]:
        """Return (T, D, P): the latest departure for being ready at step t, and miles."""
        patches, moments = self.workable_at.shape
        quays = len(self.grid.places)
        leave = np.full((moments, quays, patches), -np.inf)
        miles = np.zeros((moments, quays, patches))
        i, t = np.nonzero(self.workable_at & self.out_at[None, :])
        for d in range(quays):
            far = self.sea.distances_nm(np.broadcast_to(self.grid.places[d], (len(i), 2)), self.met[i, t])
            leave[t, d, i] = t * self.grid.step_h - self.rigging_h - far / self.speed_kn
            miles[t, d, i] = far
        return leave, np.where(np.isfinite(miles), miles, 0.0)

    def _steps(self, hours: Floats) -> npt.NDArray[np.intp]:
        """Return hours rounded up to steps, one at least; a way that does not exist takes longer than any horizon."""
        steps = np.ceil((np.minimum(hours, 1e6) - TINY_H) * self.grid.per_h)
        return np.maximum(steps, 1).astype(np.intp)
