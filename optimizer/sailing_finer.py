"""Sailing tables of a finer clock, told by those of a rougher one."""

import numpy as np
import numpy.typing as npt

from documents.problem import VesselSpec
from optimizer.clock import TINY_H
from optimizer.grid import Grid
from optimizer.sailing import NEVER, Floats, Moments, SailingTable, Steps

Bools = npt.NDArray[np.bool_]


def finer_table(rough: SailingTable, clock: Grid, grid: Grid, vessel: VesselSpec) -> SailingTable:
    """Return the legs on the finer clock of ``grid``, their miles told by those of ``rough`` on ``clock``.

    A leg is as long as the longer of those that begin at the moments of ``clock`` around: patches drift little in a
    quarter of an hour, and times are told exactly at last.
    """
    when = Moments(grid)
    each = grid.per_h // clock.per_h
    hours = np.arange(grid.steps + 1) / grid.per_h

    def ready(steps: Steps, miles: Floats, leaving: Bools, rigging_h: float, patches: bool) -> tuple[Steps, Floats]:
        far = _around(np.where(steps != NEVER, miles, np.nan), each)
        need = np.ceil((hours[:, None, None] + far / vessel.speed_kn + rigging_h - TINY_H) * grid.per_h)
        known = np.isfinite(need) & (leaving & when.out_at[None, :]).T[:, :, None]
        need = np.where(known, need, 0).astype(np.intp)
        at = np.maximum(need, np.arange(grid.steps + 1)[:, None, None] + 1)
        if patches:
            at = when.next(np.broadcast_to(np.arange(at.shape[2]), at.shape), at)
        known &= (at != NEVER) & (at <= grid.steps)
        return np.where(known, at, NEVER).astype(np.int32), np.where(known, far, 0.0)

    leavable, quays = when.leavable(), np.ones((rough.out.shape[1], grid.steps + 1), dtype=bool)
    between, between_nm = ready(rough.between, rough.between_nm, leavable, vessel.rigging_h, True)
    out, out_nm = ready(rough.out, rough.out_nm, quays, vessel.rigging_h, True)
    home, home_nm = ready(rough.home, rough.home_nm, leavable, 0.0, False)
    far = _around(np.where(np.isfinite(rough.first_h), rough.first_nm, np.nan), each)
    begin = (when.workable_at & when.out_at[None, :]).T[:, None, :] & np.isfinite(far)
    leave = np.where(begin, hours[:, None, None] - vessel.rigging_h - far / vessel.speed_kn, -np.inf)
    first_nm = np.where(begin, far, 0.0)
    return SailingTable(between, between_nm, out, out_nm, home, home_nm, leave, first_nm, rough.quays_nm)


def _around(miles: Floats, each: int) -> Floats:
    """Return ``miles`` (T, …) at ``each`` times as many moments: the longer of those around, nan for none known."""
    before = np.repeat(miles, each, axis=0)[: (len(miles) - 1) * each + 1]
    after = np.repeat(miles, each, axis=0)[each - 1 :]
    return np.asarray(np.fmax(before, after))
