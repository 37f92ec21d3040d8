"""What one route adds to the rows of the master program."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.route import Route, Trip, Visit


@dataclass(frozen=True)
class Column:
    """The entries of a route, everything collected that it has time for."""

    cost_cny: float
    patch: dict[int, float]
    berth: dict[tuple[int, int], float]
    lot: dict[Lot, float]
    shift: int
    moorings: frozenset[int]


def column_of(grid: Grid, network: Network, route: Route) -> Column:
    """Return the column of ``route``."""
    cost = route.sailing_cny
    patch: dict[int, float] = defaultdict(float)
    berth: dict[tuple[int, int], float] = defaultdict(float)
    lot: dict[Lot, float] = defaultdict(float)
    for trip in route.trips:
        for visit in trip.visits:
            cost -= worth(grid, visit) * visit.total_t
            patch[visit.patch] += use(grid, visit) * visit.total_t
        lot[lot_of(grid, network, trip)] += trip.total_t
        for step in range(trip.first, trip.last):
            berth[trip.quay, step] += 1.0
    return Column(cost, dict(patch), dict(berth), dict(lot), grid.shift_row[route.outing], moorings_of(grid, route))


def lot_of(grid: Grid, network: Network, trip: Trip) -> Lot:
    """Return as what the catch of ``trip`` is landed."""
    place = network.place_of[grid.quays[trip.quay].spec.id]
    return Lot(place, network.moment_in(trip.last * grid.step_h), network.bucket(trip.oldest * grid.step_h))


def moorings_of(grid: Grid, route: Route) -> frozenset[int]:
    """Return the moorings of platforms that ``route`` calls at."""
    found = (grid.mooring_at(trip.quay, trip.first) for trip in route.trips)
    return frozenset(mooring for mooring in found if mooring is not None)


def worth(grid: Grid, visit: Visit) -> float:
    """Return the mean worth of a tonne of ``visit``, CNY."""
    return _mean(grid.value_cny_per_t, visit)


def use(grid: Grid, visit: Visit) -> float:
    """Return the mean mass at sensing time that a tonne of ``visit`` uses up."""
    return _mean(grid.use_per_t, visit)


def _mean(series: Any, visit: Visit) -> float:
    tonnes = np.array(visit.tonnes)
    return float(series[visit.patch, np.array(visit.steps)] @ tonnes / tonnes.sum())
