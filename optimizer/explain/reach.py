"""Whether any voyage can take anything of a patch, and which limit, lifted by itself alone, would let it.

Prices are set so that nothing but the tonnes of those patches counts; the sweep is exact, so what it does not find, on
its clock, is not there.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from documents.base import Window
from documents.explanation import Reason
from documents.network import StoreSpec
from documents.orders import Orders
from documents.problem import Problem
from optimizer.grid import Grid
from optimizer.network import Network
from optimizer.pricing import Floats, Prices, Pricing
from optimizer.route import Route
from optimizer.sea import Sea
from optimizer.solve import shore_clock

LANDED_CNY_PER_T = 1e6
"""More than any sailing for a tonne costs."""
FASTER = 2.0
"""By what vessels are taken to be faster."""
ROOM_T = 1e6
Change = dict[str, Any]


def farthest(pricing: Pricing, patches: Collection[int], outings: Collection[int]) -> Route | None:
    """Return the voyage of ``outings`` that takes most of ``patches``, whatever it costs; None where there is none."""
    grid = pricing.grid
    every = np.arange(len(grid.problem.patches))
    there = np.where(np.isin(every, [*patches]), pricing.mass_t, 0.0)
    free = free_prices(pricing, np.full(len(pricing.lots), LANDED_CNY_PER_T))
    found = [route for outing in outings for route in pricing.best(outing, free, 1, there).routes]
    return max(found, key=lambda route: sum(trip.total_t for trip in route.trips), default=None)


def free_prices(pricing: Pricing, landed_cny: Floats) -> Prices:
    """Return prices at which only what is landed has a price, and whoever must go goes."""
    grid = pricing.grid
    return Prices(
        patch=np.zeros(len(grid.problem.patches)),
        berth=np.zeros((len(grid.quays), grid.steps)),
        landed=landed_cny,
        shift=np.where(grid.must_go, -np.inf, 0.0),
        use=np.zeros((len(grid.shifts), len(grid.moorings))),
        worth_cny=np.float64(0.0),
    )


def limits(problem: Problem, patches: Collection[str], vessels: Collection[str]) -> tuple[Reason, ...]:
    """Return every limit that, lifted alone, lets some of ``vessels`` take something of ``patches``."""
    every = [patch for patch in problem.patches if patch.id in patches]
    fleet = [vessel for vessel in problem.vessels if vessel.id in vessels]
    posed = problem.model_copy(update={"patches": tuple(every), "vessels": tuple(fleet), "orders": _pairs(problem)})
    if any(lock.vessel in vessels for lock in problem.orders.locks) and _can(posed):
        return (Reason.LOCKED,)
    return tuple(reason for reason, lift in LIFTS.items() if _can(posed.model_copy(update=lift(posed))))


def _can(problem: Problem) -> bool:
    grid = Grid(problem)
    if not grid.outings or not problem.patches:
        return False
    pricing = Pricing(grid, Sea(problem), Network(problem, *shore_clock(problem)))
    return farthest(pricing, range(len(problem.patches)), range(len(grid.outings))) is not None


def _pairs(problem: Problem) -> Orders:
    """Return the orders less their locks."""
    return Orders(forbidden=problem.orders.forbidden)


def _whole(problem: Problem) -> tuple[Window, ...]:
    return (Window(start=problem.start, end=problem.start + timedelta(hours=problem.horizon_h)),)


def _long_shifts(problem: Problem) -> Change:
    whole = _whole(problem)
    return {"vessels": tuple(vessel.model_copy(update={"shifts": whole}) for vessel in problem.vessels)}


def _workable(problem: Problem) -> Change:
    always = (True,) * (problem.horizon_h + 1)
    return {"patches": tuple(patch.model_copy(update={"collectable": always}) for patch in problem.patches)}


def _fast(problem: Problem) -> Change:
    vessels = problem.vessels
    return {"vessels": tuple(v.model_copy(update={"speed_kn": FASTER * v.speed_kn}) for v in vessels)}


def _open_quays(problem: Problem) -> Change:
    whole = _whole(problem)
    return {"docks": tuple(dock.model_copy(update={"windows": whole}) for dock in problem.docks)}


def keeping(problem: Problem) -> Change:
    """Return what changes where nothing spoils."""
    return {"materials": tuple(m.model_copy(update={"shelf_life_h": None}) for m in problem.materials)}


def _roomy(problem: Problem) -> Change:
    room = StoreSpec(materials=tuple(m.id for m in problem.materials), capacity_t=ROOM_T)
    return {"places": tuple(place.model_copy(update={"stores": (room,)}) for place in problem.places)}


LIFTS: dict[Reason, Callable[[Problem], Change]] = {
    Reason.FORBIDDEN: lambda _: {"orders": Orders()},
    Reason.TOO_ROUGH: lambda problem: {"wave_m": (None,) * problem.horizon_h},
    Reason.NOT_WORKABLE: _workable,
    Reason.CLOSED_AREA: lambda _: {"closed_areas": ()},
    Reason.QUAY_CLOSED: _open_quays,
    Reason.SPOILS: keeping,
    Reason.NO_STORE: _roomy,
    Reason.SHIFT_TOO_SHORT: _long_shifts,
    Reason.TOO_SLOW: _fast,
}
"""How each limit is lifted; the first that helps is told as the reason."""


def outings_of(grid: Grid, shifts: Collection[int]) -> Iterator[int]:
    """Yield the outings of some shifts."""
    return (number for number, shift in enumerate(grid.shift_row) if shift in shifts)
