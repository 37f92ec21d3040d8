"""A plan without HiGHS: CBC chooses of a fixed pool of voyages on the quarter-hour clock, and bounds nothing."""

from collections.abc import Callable

from documents.errors import InputError
from documents.plan import Plan
from documents.problem import Problem
from optimizer.before import routes_before, stops_before
from optimizer.conflicts import check_times, prepare
from optimizer.day import as_before, day_of, or_before
from optimizer.effort import Effort
from optimizer.grid import Grid
from optimizer.limits import MISSED_BATCHES, MISSED_T
from optimizer.network import Network
from optimizer.pool import choose_of, draw, prices_ashore
from optimizer.pricing import Pricing
from optimizer.sea import Sea
from optimizer.shore import Flows
from optimizer.stops import Wishes
from optimizer.written import Solved


def by_cbc(
    network: Network,
    sea: Sea,
    before: Plan | None,
    still: Plan | None,
    effort: Effort,
    say: Callable[[str], None],
    progress: Callable[[str, float], None],
) -> Solved:
    """Return what is made with CBC; ``still`` is the plan ``before`` where it stands as it is.

    Raise InputError where what must be is not in it: other routes than those of the pool might keep it.
    """
    grid = Grid(network.problem)
    pricing = Pricing(grid, sea, network)
    wishes = Wishes(grid, {} if before is None else stops_before(grid, before))
    prepare(pricing, sea, wishes)
    progress("航线与分配 Routes and shares", 0.1)
    prices = prices_ashore(pricing, effort)
    known = [] if before is None else routes_before(pricing, sea, wishes, before)
    pool = list(dict.fromkeys([*known, *draw(pricing, prices, effort)]))
    say(f"{len(pool)} routes in the pool")
    chosen = choose_of(pricing, wishes, pool, effort)
    say(f"{len(chosen)} of them made")
    progress("定时 Timing", 0.6)
    try:
        day = day_of(wishes, network, sea, None, chosen, effort, reaches_h=())
        _check(network.problem, day.allotment.flows)
        check_times(wishes, day.allotment.routes)
    except InputError:
        if still is None:
            raise
        return Solved(pricing, prices, as_before(network.problem, still))
    return Solved(pricing, prices, day.made if still is None else or_before(network.problem, day.made, still))


def _check(problem: Problem, flows: Flows) -> None:
    """Raise InputError where ``flows`` miss a contract's minimum or a lock of batches."""
    missed = [f"contract {problem.contracts[k].id}" for k, each in flows.missed.items() if each > MISSED_T]
    missed += [f"lock {problem.orders.batches[j].id}" for j, each in flows.unkept.items() if each > MISSED_BATCHES]
    if missed:
        raise InputError(f"The fixed pool of CBC does not keep {', '.join(missed)}: plan with HiGHS, or ask for less.")
