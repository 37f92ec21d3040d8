"""Routes first, allocation after: the planner itself with the shore at one price a tonne.

Which plants there are, and what they have room for, is only asked once the routes stand.
"""

from io import StringIO

from benchmarks.desk import ROUTES_SHARE, Desk, flat_shore
from benchmarks.unbounded import NO_FILE
from optimizer.before import routes_before
from optimizer.effort import Effort
from optimizer.route import Route
from optimizer.solve import solve
from optimizer.stops import Wishes


def two_stage(desk: Desk, effort: Effort) -> list[Route]:
    """Return the routes."""
    flat = flat_shore(desk.problem, desk.price_cny_per_t)
    part = Effort(effort.left_s(ROUTES_SHARE), effort.work)
    plan = solve(flat, NO_FILE, StringIO(), lambda _what, _share: None, part)
    return routes_before(desk.pricing, desk.sea, Wishes(desk.grid, {}), plan)
