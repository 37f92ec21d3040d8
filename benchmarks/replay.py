"""What a vehicle router plans for patches that stand still, replayed on patches that move."""

from benchmarks.desk import ROUTES_SHARE, Desk
from benchmarks.greedy import best_of
from benchmarks.retime import moorings_at, retimed
from benchmarks.router import Router, portions
from optimizer.effort import Effort
from optimizer.route import Route


def replayed(desk: Desk, effort: Effort) -> list[Route]:
    """Return the router's routes; what cannot be reached in time is left out.

    Platforms lie where they come out best for the nearest patch first.
    """
    _, stations = best_of(desk)
    load_t = min((vessel.capacity_t for vessel in desk.problem.vessels), default=1.0)
    router = Router(desk, portions(desk, load_t), stations)
    answer = router.solve(Effort(effort.left_s(ROUTES_SHARE), effort.work))
    return retimed(desk, answer.orders, moorings_at(desk.grid, stations))
