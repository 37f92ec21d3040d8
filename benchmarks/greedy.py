"""The nearest patch first, as boats are sent out by hand.

A boat that is free goes to the patch at which it can be collecting soonest, of those that are worth the way, until it
is full or the shift ends; then to where it is unloaded soonest. Platforms lie where that comes out best, at one station
on all days, or stay in harbour.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.desk import Desk
from benchmarks.retime import Boat, Patch, Waters, moorings_at, sail
from optimizer.clock import STEP_H
from optimizer.column import column_of
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.route import Route


def greedy(desk: Desk, _effort: Effort) -> list[Route]:
    """Return the routes."""
    return best_of(desk)[0]


def best_of(desk: Desk) -> tuple[list[Route], tuple[int, ...]]:
    """Return the routes, and the quays at which platforms lie for them."""
    found = [(_nearest_first(desk, quays), quays) for quays in stations(desk.grid)]
    return max(found, key=lambda each: earned_cny(desk, each[0]))


def stations(grid: Grid) -> Iterator[tuple[int, ...]]:
    """Yield the choices of one quay, or none, for every platform."""
    lies: list[list[int | None]] = [[None] for _ in grid.problem.platforms]
    for number, quay in enumerate(grid.quays):
        if quay.platform is not None:
            lies[quay.platform].append(number)
    for choice in itertools.product(*lies):
        yield tuple(number for number in choice if number is not None)


def earned_cny(desk: Desk, routes: Sequence[Route]) -> float:
    """Return what ``routes`` earn with the shore at one price."""
    grid = desk.grid
    columns = [column_of(grid, desk.network, route) for route in routes]
    landed = sum(tonnes for column in columns for tonnes in column.lot.values())
    days = [grid.moorings[number].platform for number in {m for column in columns for m in column.moorings}]
    out = sum(desk.problem.platforms[platform].day_cost_cny for platform in days)
    return landed * desk.price_cny_per_t - sum(column.cost_cny for column in columns) - out


def _nearest_first(desk: Desk, quays: Iterable[int]) -> list[Route]:
    waters = Waters(desk, moorings_at(desk.grid, quays))
    return sail([Boat(waters, outing) for outing in desk.longest], lambda boat: _act(desk, boat))


def _act(desk: Desk, boat: Boat) -> bool:
    if boat.has_room:
        for patch in _worthwhile(desk, boat):
            if boat.visit(Patch(patch)):
                return True
    if boat.booked is None:
        return False
    boat.unload()
    return True


def _worthwhile(desk: Desk, boat: Boat) -> list[int]:
    """Return the patches that are worth more than going there, collecting and going home, the nearest first."""
    reach: list[tuple[int, int]] = []
    for patch in range(len(desk.problem.patches)):
        ready = boat.ready(patch) if patch != boat.patch else None
        taken = boat.takes(patch, ready) if ready is not None else []
        if ready is None or not taken:
            continue
        end = ready + len(taken)
        way_nm = float(boat.table.first_nm[ready, boat.home, patch])
        hours = (end - boat.now) * STEP_H + way_nm / boat.vessel.speed_kn
        cost = hours * boat.vessel.cost_per_h_cny + 2.0 * way_nm * boat.vessel.cost_per_nm_cny
        worth = float(desk.grid.value_cny_per_t[patch, ready:end].mean()) + desk.price_cny_per_t
        if worth * sum(taken) > cost:
            reach.append((ready, patch))
    return [patch for _, patch in sorted(reach)]
