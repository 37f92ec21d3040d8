"""Voyages on the fine clock: none in continuous time is worth more, and the columns tell what they are worth."""

import math

import numpy as np
import pytest

from benchmarks.random_problem import random_problem
from documents.geodesy import METRES_PER_NAUTICAL_MILE, WGS84
from documents.problem import PatchState, Problem
from optimizer.clock import STEP_H, joined, span_of
from optimizer.continuous import landable
from optimizer.fine_clock import FineClock, spans
from optimizer.fine_legs import apart_nm
from optimizer.fine_pricing import FinePricing
from optimizer.grid import Grid
from optimizer.network import Lot, Network
from optimizer.pricing import Prices
from optimizer.sea import Sea
from optimizer.series import mean_use, mean_value, place_at

TRIES = 800


class Sailor:
    """Makes voyages of one vessel at random moments, and tells what they are worth at ``prices``."""

    def __init__(self, pricing: FinePricing, sea: Sea, prices: Prices, seed: int) -> None:
        self.grid, self.network, self.prices, self.sea = pricing.clock.grid, pricing.network, prices, sea
        self.problem = self.grid.problem
        self.vessel = self.problem.vessels[0]
        self.lots = {lot: number for number, lot in enumerate(pricing.lots)}
        self.rng = np.random.default_rng(seed)

    def best_cny(self, start_h: float, end_h: float) -> float:
        """Return the worth of the best of TRIES voyages."""
        return max(self.voyage_cny(start_h, end_h) for _ in range(TRIES))

    def voyage_cny(self, start_h: float, end_h: float) -> float:
        """Return what some voyage is worth; staying home where it would break a rule."""
        rng, vessel = self.rng, self.vessel
        home = self.grid.quays[self.grid.dock_of[vessel.home_dock]]
        place, leaves = (home.lon, home.lat), start_h + float(rng.exponential(0.4))
        time, total, miles = leaves, 0.0, 0.0
        chosen: dict[tuple[int, int], int] = {}
        for _ in range(int(rng.integers(1, 3))):
            load, born = 0.0, math.inf
            for _ in range(int(rng.choice([1, 1, 2]))):
                patch = int(rng.integers(len(self.problem.patches)))
                state = self.problem.patches[patch]
                far = self.meeting_nm(place, time, state)
                miles += far
                begins = (
                    time + far / vessel.speed_kn + vessel.rigging_h + float(rng.choice([0.0, rng.exponential(0.3)]))
                )
                room = (vessel.capacity_t - load) / vessel.collect_t_per_h
                lasts = min(room, float(rng.uniform(0.01, 2.5)) if rng.random() < 0.6 else room)
                time = begins + lasts
                if lasts <= 0.0 or time >= end_h or not collectable(state, begins, time):
                    return 0.0
                tonnes = lasts * vessel.collect_t_per_h
                load, born = load + tonnes, min(born, begins)
                total += tonnes * mean_value(state, begins, time)
                total -= tonnes * float(self.prices.patch[patch]) * mean_use(state, begins, time)
                place = place_at(state, time)
            q = int(rng.integers(len(self.grid.quays)))
            quay = self.grid.quays[q]
            far = self.far_nm(place, (quay.lon, quay.lat))
            miles += far
            begins = time + far / vessel.speed_kn + float(rng.choice([0.0, rng.exponential(0.2)]))
            time = begins + quay.spec.mooring_h + load / quay.spec.unload_t_per_h
            lot = Lot(self.network.place_of[quay.spec.id], self.network.moment_in(time), self.network.bucket(born))
            day = self.window(q, begins, time)
            if time > end_h or day is None or lot not in self.lots:
                return 0.0
            if quay.platform is not None and chosen.setdefault((quay.platform, day), q) != q:
                return 0.0  # it lies elsewhere that day
            total += load * float(self.prices.landed[self.lots[lot]]) - self.berth_cny(q, begins, time)
            place = quay.lon, quay.lat
        far = self.far_nm(place, (home.lon, home.lat))
        time, miles = time + far / vessel.speed_kn, miles + far
        moorings = {(mooring.quay, mooring.day): m for m, mooring in enumerate(self.grid.moorings)}
        total -= sum(
            float(self.prices.use[0, moorings[q, day]]) for (_, day), q in chosen.items() if (q, day) in moorings
        )
        total -= (time - leaves) * vessel.cost_per_h_cny + miles * vessel.cost_per_nm_cny
        return total if time <= end_h else 0.0

    def far_nm(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        return float(self.sea.distances_nm(np.array([a]), np.array([b]))[0])

    def meeting_nm(self, place: tuple[float, float], time: float, patch: PatchState) -> float:
        """Return how far it is to where the patch is met."""
        far = 0.0
        for _ in range(8):
            far = self.far_nm(place, place_at(patch, time + far / self.vessel.speed_kn))
        return far

    def window(self, q: int, begins: float, ends: float) -> int | None:
        """Return which window, or day, of a quay a call lies in."""
        quay = self.grid.quays[q]
        hours = [span_of(self.problem, window) for window in quay.windows]
        hours = joined(hours) if quay.platform is None else hours
        return next((n for n, (opens, closes) in enumerate(hours) if opens <= begins and ends <= closes), None)

    def berth_cny(self, q: int, begins: float, ends: float) -> float:
        marks = np.arange(self.grid.steps + 1) * STEP_H
        shares = np.clip(np.minimum(marks[1:], ends) - np.maximum(marks[:-1], begins), 0.0, None) / STEP_H
        return float(shares @ self.prices.berth[q])


def collectable(patch: PatchState, begins: float, ends: float) -> bool:
    return all(patch.collectable[math.floor(begins) : math.ceil(ends) + 1])


def pose(problem: Problem, per_h: int, seed: int) -> tuple[FinePricing, Prices, Sea]:
    rng = np.random.default_rng(seed)
    grid, sea = Grid(problem), Sea(problem)
    network = Network(problem, 0.5, 2.0, optimistic=True)
    lots = landable(network, tuple(spans(problem)))
    prices = Prices(
        patch=rng.uniform(0, 900, len(problem.patches)),
        berth=rng.uniform(0, 200, (len(grid.quays), grid.steps)),
        landed=rng.uniform(-60, 600, len(lots)),
        shift=np.zeros(len(grid.shifts)),
        use=rng.uniform(0, 2000, (len(grid.shifts), len(grid.moorings))),
        worth_cny=np.float64(0.0),
    )
    return FinePricing(FineClock(grid, sea, per_h), network, lots), prices, sea


def lonely(seed: int) -> Problem:
    """Return a problem of one vessel with one shift in a calm sea."""
    problem = random_problem(seed, hours=9)
    vessel = problem.vessels[0]
    return problem.model_copy(
        update={
            "vessels": (vessel.model_copy(update={"shifts": vessel.shifts[:1]}),),
            "wave_m": (None,) * problem.horizon_h,
        }
    )


@pytest.mark.parametrize("seed", range(16))
def test_no_voyage_is_worth_more_than_the_sweep_tells(seed: int):
    problem = lonely(seed)
    pricing, prices, sea = pose(problem, (20, 60)[seed % 2], seed)
    (span,) = spans(problem)
    most, _ = pricing.bound(prices)
    made = Sailor(pricing, sea, prices, seed).best_cny(span.start_h, span.end_h)
    assert made <= most + 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_columns_tell_what_the_sweep_tells(seed: int):
    problem = lonely(seed)
    pricing, prices, _ = pose(problem, 20, seed)
    most, columns = pricing.bound(prices)
    numbers = {lot: number for number, lot in enumerate(pricing.lots)}
    earned = [
        sum(tonnes * prices.landed[numbers[lot]] for lot, tonnes in column.lot.items())
        - sum(used * prices.patch[patch] for patch, used in column.patch.items())
        - sum(taken * prices.berth[at] for at, taken in column.berth.items())
        - sum(prices.use[column.shift, mooring] for mooring in column.moorings)
        - column.cost_cny
        for column in columns
    ]
    assert max(earned, default=0.0) == pytest.approx(most, abs=1e-6)
    for column in columns:
        assert sum(column.lot.values()) <= 60.0 * problem.vessels[0].capacity_t
        assert set(column.lot) <= set(pricing.lots)


@pytest.mark.parametrize("seed", range(8))
def test_a_rougher_clock_tells_no_less(seed: int):
    problem = lonely(seed)
    told = [pose(problem, per_h, seed)[0].bound(pose(problem, per_h, seed)[1])[0] for per_h in (12, 60, 120)]
    if problem.vessels[0].rigging_h >= 1 / 6 and min(quay.mooring_h for quay in problem.quays) >= 1 / 6:
        assert told[0] >= 0.999 * told[1] >= 0.998 * told[2]


def test_straight_miles_are_never_longer_than_geodesics():
    rng = np.random.default_rng(3)
    for _ in range(200):
        lon, lat = rng.uniform(118, 125, 2), np.full(2, rng.uniform(20, 45)) + rng.uniform(-0.5, 0.5, 2)
        lon[1] = lon[0] + rng.uniform(-1, 1)
        straight = apart_nm(lon[[0, 0]], lat[[0, 0]], lon[[1, 1]], lat[[1, 1]], 0, 0)
        geodesic = WGS84.inv(lon[0], lat[0], lon[1], lat[1])[2] / METRES_PER_NAUTICAL_MILE
        assert 0.99 * geodesic <= straight <= geodesic
