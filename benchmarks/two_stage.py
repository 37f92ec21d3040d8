"""Routes first, allocation after: the planner's own search with the shore at one price a tonne.

Which plants there are, and what they have room for, is only asked once the routes stand.
"""

from benchmarks.desk import Desk
from optimizer.effort import Effort
from optimizer.relaxation import Base
from optimizer.route import Route
from optimizer.search import Search


def two_stage(desk: Desk, effort: Effort) -> list[Route]:
    """Return the routes."""
    pricing = desk.pricing
    base = Base(desk.grid, pricing.network, pricing.lots)
    found = Search(base, pricing, effort, lambda _text: None, lambda _share: None).run()
    return list(found.choice.routes)
