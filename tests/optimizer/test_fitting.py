"""Voyages that are fitted to locks to the second."""

import threading
from concurrent.futures import ThreadPoolExecutor

from documents.base import LonLat
from documents.orders import Lock, LockedStop, Orders
from documents.problem import Problem
from optimizer.conflicts import prepare
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Pricing
from optimizer.route import Route, Trip, Visit
from optimizer.sea import Sea, SeaPath
from optimizer.stops import Wishes
from tests.optimizer.handmade import make_problem, window

TOGETHER_S = 0.2
"""How long one who is at the chart waits for another."""


class Chart(Sea):
    """Tells whether two are at it at once."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.two = threading.Barrier(2)
        self.is_watched = self.is_shared = False

    def path(self, a: LonLat, b: LonLat) -> SeaPath | None:
        if self.is_watched and not self.two.broken:
            try:
                self.two.wait(TOGETHER_S)
                self.is_shared = True
            except threading.BrokenBarrierError:
                pass
        return super().path(a, b)


def test_boats_fitted_side_by_side_are_at_the_chart_one_at_a_time():
    calls = {"alpha": window(3.4, 3.42), "beta": window(3.6, 3.62)}
    locks = [
        Lock(id=name, vessel=name, shift=0, stops=(LockedStop(quay="pier", window=span),))
        for name, span in calls.items()
    ]
    problem = make_problem().model_copy(update={"orders": Orders(locks=tuple(locks))})
    grid, chart = Grid(problem), Chart(problem)
    pricing = Pricing(grid, chart, Network(problem, 1.0, 2.0))
    prepare(pricing, chart, Wishes(grid, {}))
    pier = grid.dock_of["pier"]
    trip = Trip((Visit(0, (5, 6), (1.0, 1.0)),), pier, 13, 15)
    routes = [Route(outing, (trip,), 0.0) for outing in (0, grid.shift_row.index(grid.shifts.index((1, 0))))]
    chart.is_watched = True
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(pricing.fits[grid.shift_row[route.outing]], route) for route in routes]
        fitted = [job.result() for job in jobs]
    assert not chart.is_shared
    for route, span in zip(fitted, calls.values(), strict=True):
        assert route is not None
        assert route.trips[0].span_s is not None
        begins = (span.start - problem.start).total_seconds(), (span.end - problem.start).total_seconds()
        assert begins[0] <= route.trips[0].span_s[0] <= begins[1]
