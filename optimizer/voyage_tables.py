"""What :mod:`optimizer.voyage_kernel` is told of a problem."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from optimizer.course import is_forbidden
from optimizer.grid import Grid, Outing, next_true
from optimizer.network import Lot, Network
from optimizer.pricing import Pricing
from optimizer.sailing import NEVER, Floats, Steps
from optimizer.stops import Wishes
from optimizer.voyage_kernel import SECOND_H, Boats, Quays, Waters

Bools = npt.NDArray[np.bool_]
FORBIDDEN_CNY = 1e9
"""What it costs to stop where a vessel must not: more than any step may lose."""


def waters_of(rough: Pricing, grid: Grid, lots: Sequence[Lot], wishes: Wishes) -> Waters:
    """Return ways as ``rough`` tells them, the series of patches by the steps of ``grid``, and the numbers of lots.

    ``wishes`` are told by ``grid``.
    """
    start_cny = np.zeros((1, len(grid.problem.patches) + len(grid.quays), grid.steps))
    wish = np.zeros(len(grid.shifts), dtype=np.int64)
    if wishes.before or grid.problem.orders.forbidden:
        start_cny = np.stack([np.vstack(wishes.starts_cny(shift)) for shift in range(len(grid.shifts))])
        wish = np.arange(len(grid.shifts))
        for shift, (vessel, _) in enumerate(grid.shifts):
            start_cny[shift, is_forbidden(grid, vessel)] -= FORBIDDEN_CNY
    tables = list(rough.tables.values())
    begin_h, until_h = _working_h(grid)
    return Waters(
        between_nm=np.stack([_known(table.between, table.between_nm) for table in tables]),
        out_nm=np.stack([_known(table.out, table.out_nm) for table in tables]),
        home_nm=np.stack([_known(table.home, table.home_nm) for table in tables]),
        quays_nm=tables[0].quays_nm,
        marks_per_h=float(rough.grid.per_h),
        worth_cny_h=np.pad(np.cumsum(grid.value_cny_per_t, axis=1) * grid.step_h, ((0, 0), (1, 0))),
        use=grid.use_per_t,
        begin_h=begin_h,
        until_h=until_h,
        steps_per_h=float(grid.per_h),
        lot=_lot_numbers(grid, rough.network, lots),
        moment_h=rough.network.step_h,
        bucket_h=rough.network.born_h,
        start_cny=start_cny,
        wish=wish,
    )


def _known(steps: Steps, miles: Floats) -> npt.NDArray[np.float32]:
    return np.where(steps != NEVER, miles, np.nan).astype(np.float32)


def _working_h(grid: Grid) -> tuple[Floats, Floats]:
    """Return (P, S + 1) from when on a patch may be worked from each step on, and until when then; inf for never."""
    never = np.zeros((len(grid.workable), 1), dtype=bool)
    first = next_true(np.hstack([grid.workable, never]))
    end = next_true(np.hstack([~grid.workable, ~never]))
    begin_h = np.where(first < 0, np.inf, first * grid.step_h)
    until_h = np.take_along_axis(end, np.maximum(first, 0), axis=1) * grid.step_h
    return begin_h, np.asarray(until_h)


def _lot_numbers(grid: Grid, network: Network, lots: Sequence[Lot]) -> npt.NDArray[np.int32]:
    """Return (Q, moments, buckets) the number of the lot that is landed, -1 for none."""
    shape = len(grid.quays), network.last + 2, network.bucket(grid.problem.horizon_h) + 1
    numbers = np.full(shape, -1, dtype=np.int32)
    place = np.array([network.place_of[quay.spec.id] for quay in grid.quays])
    for number, lot in enumerate(lots):
        numbers[place == lot.place, lot.moment, lot.born] = number
    return numbers


def quays_of(grid: Grid, moorings: Collection[int]) -> Quays:
    """Return the quays, platforms lying at ``moorings``."""
    is_open = grid.open.copy()
    lies = np.zeros_like(is_open)
    for mooring in (grid.moorings[number] for number in moorings):
        lies[mooring.quay, mooring.first : mooring.last] = True
    for q, quay in enumerate(grid.quays):
        if quay.platform is not None:
            is_open[q] &= lies[q]
    spans = [_spans(row) for row in is_open]
    opens_h, closes_h = np.full((2, len(spans), max(map(len, spans), default=0) + 1), np.inf)
    for q, own in enumerate(spans):
        for w, (first, last) in enumerate(own):
            opens_h[q, w], closes_h[q, w] = first * grid.step_h, last * grid.step_h - SECOND_H
    spec = [quay.spec for quay in grid.quays]
    return Quays(
        mooring_h=np.array([each.mooring_h for each in spec]),
        unload_t_per_h=np.array([each.unload_t_per_h for each in spec]),
        berths=np.array([each.berths for each in spec]),
        is_roomy=np.array([each.berths >= len(grid.shifts) + len(each.held) for each in spec]),
        opens_h=opens_h,
        closes_h=closes_h,
    )


def _spans(flags: Bools) -> list[tuple[int, int]]:
    """Return from which step to which moment ``flags`` hold without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def boats_of(rough: Pricing, grid: Grid, outings: Sequence[Outing]) -> Boats:
    """Return the vessels of ``outings``, one a shift."""
    kinds = {kind: number for number, kind in enumerate(rough.tables)}
    vessels = [grid.problem.vessels[outing.vessel] for outing in outings]
    return Boats(
        kind=np.array([kinds[vessel.speed_kn, vessel.rigging_h] for vessel in vessels]),
        home=np.array([grid.dock_of[vessel.home_dock] for vessel in vessels]),
        start_h=np.array([outing.start_h for outing in outings]),
        end_h=np.array([outing.end_h for outing in outings]),
        hold_t=np.array([vessel.capacity_t for vessel in vessels]),
        rate_t_per_h=np.array([vessel.collect_t_per_h for vessel in vessels]),
        rigging_h=np.array([vessel.rigging_h for vessel in vessels]),
        speed_kn=np.array([vessel.speed_kn for vessel in vessels]),
        cny_per_h=np.array([vessel.cost_per_h_cny for vessel in vessels]),
        cny_per_nm=np.array([vessel.cost_per_nm_cny for vessel in vessels]),
    )
