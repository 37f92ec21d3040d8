"""The books ashore: for whatever boats land, every tonne is accounted for from the sea to the product.

Landings are made up here, to the second and wherever they like; how much of each is landed and what becomes of it is
the program's to say, batches and trips counted whole.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta

import numpy as np
import pulp
import pytest

from benchmarks.random_problem import random_problem
from documents.plan import Draw, Mooring, Objective, Origin, Parcel, Plan, Status
from optimizer.accounts import objective
from optimizer.check.batches import check_batches
from optimizer.check.hauls import check_hauls
from optimizer.check.ledger import Ledger, check_draws
from optimizer.check.origins import told
from optimizer.check.parcels import check_parcels
from optimizer.check.register import Register
from optimizer.check.rules import Rule
from optimizer.check.stores import check_stores
from optimizer.check.trade import check_disposals, check_sales
from optimizer.ledger import Books, keep_books
from optimizer.network import Lot, Network
from optimizer.shore import Flows, Shore, Terms
from optimizer.solvers import solver
from tests.optimizer.handmade import SHA256

BALANCE_T = 1e-6
CLOCKS = ((1.0, 2.0), (2.0, 4.0))
"""Hours of a step ashore and of a bucket, for short horizons and for long ones."""
NAMED_APART = (Rule.PARCEL_UNACCOUNTED,)
"""The checker finds no voyages here, so the landings' parcels come from nowhere for it."""


class Case:
    """A problem with boats that have landed, and the books kept of that."""

    def __init__(self, seed: int) -> None:
        self.problem = random_problem(seed, hours=7 + seed % 3 // 2)
        life_h = self.problem.materials[0].shelf_life_h
        slow = seed % 4 == 3 and life_h is not None and life_h >= CLOCKS[1][1]
        self.network = Network(self.problem, *CLOCKS[slow])
        rng = np.random.default_rng(seed)
        self.flows = self._decide(rng, self._lots(rng))
        self.landed = list(self._landings(rng))
        self.books = keep_books(self.network, self.landed, self.flows)

    def _lots(self, rng: np.random.Generator) -> list[Lot]:
        """Return up to five lots that may be landed."""
        network, places = self.network, [self.network.place_of[quay.id] for quay in self.problem.quays]
        lots: set[Lot] = set()
        for _ in range(int(rng.integers(1, 6))):
            born, landed = sorted(rng.uniform(0, self.problem.horizon_h, 2))
            lot = Lot(int(rng.choice(places)), network.moment_in(float(landed)), network.bucket(float(born)))
            if network.may_land(lot):
                lots.add(lot)
        return sorted(lots)

    def _decide(self, rng: np.random.Generator, lots: list[Lot]) -> Flows:
        """Return what becomes of whole kilograms of ``lots``, each of which is worth something at sea."""
        model = pulp.LpProblem("ashore", pulp.LpMinimize)
        cost: Terms = []
        shore = Shore(self.network, model, cost, lots, integral=True, whole_trips=True)
        landed = shore.flows.landed
        for variable in landed.values():
            variable.upBound = float(rng.uniform(1, 40))
            cost.append((variable, -float(rng.choice([10.0, 100.0, 400.0]))))
        model.setObjective(pulp.LpAffineExpression(cost))
        model.solve(solver(100, 20.0))
        for variable in landed.values():
            variable.lowBound = variable.upBound = math.floor(variable.varValue * 1000 + 1e-6) / 1000
        for variable in (*shore.flows.batches.values(), *shore.flows.trips.values()):
            variable.lowBound = variable.upBound = round(variable.varValue)
        model.solve(solver(100, 20.0))
        assert model.sol_status == pulp.LpSolutionOptimal
        told = {
            each.name: {key: float(variable.varValue) for key, variable in getattr(shore.flows, each.name).items()}
            for each in fields(shore.flows)
        }
        return Flows(**told)

    def _landings(self, rng: np.random.Generator) -> Iterator[tuple[Parcel, Lot]]:
        """Yield what one or two boats land of every lot: at some second of the step before, born within the bucket."""
        step_s, born_s = (round(hours * 3600) for hours in (self.network.step_h, self.network.born_h))
        for number, (lot, tonnes) in enumerate(self.flows.landed.items()):
            whole = round(tonnes * 1000)
            first = int(rng.integers(0, whole + 1)) if rng.random() < 0.5 else whole
            for boat, kilograms in enumerate((first, whole - first)):
                available = lot.moment * step_s - int(rng.integers(0, step_s))
                born = lot.born * born_s + int(rng.integers(0, min(born_s, available - lot.born * born_s)))
                if kilograms > 0:
                    parcel = Parcel(
                        id=f"boat-{number}-{boat}",
                        place_id=self.problem.places[lot.place].id,
                        material="wet",
                        tonnes=kilograms / 1000,
                        available=self.problem.start + timedelta(seconds=available),
                        born=self.problem.start + timedelta(seconds=born),
                        origin=Origin.LANDING,
                        of=f"boat-{boat}",
                    )
                    yield parcel, lot

    @property
    def landings(self) -> list[Parcel]:
        """Return the landed parcels."""
        return [parcel for parcel, _ in self.landed]

    def plan(self) -> Plan:
        """Return a plan that holds the books and no voyages; platforms lie out all their days."""
        nothing = dict.fromkeys(Objective.model_fields, 0.0)
        return Plan(
            site_id=self.problem.site_id,
            day=self.problem.day,
            problem_sha256=SHA256,
            status=Status.FEASIBLE,
            solver="none",
            voyages=(),
            moorings=tuple(
                Mooring(platform_id=platform.id, day=day, station_id=platform.stations[0].id)
                for platform in self.problem.platforms
                for day in range(len(platform.days))
            ),
            parcels=tuple(self.books.parcels),
            batches=tuple(self.books.batches),
            hauls=tuple(self.books.hauls),
            sales=tuple(self.books.sales),
            disposals=tuple(self.books.disposals),
            left=(),
            objective=Objective(**nothing),
            bound_cny=None,
            bound_of="",
            gap=None,
        )


def draws(books: Books) -> Iterator[tuple[datetime, Draw]]:
    """Yield when tonnes leave which parcel, in the order in which the books have them."""
    for batch in books.batches:
        yield from ((batch.start, draw) for draw in batch.draws)
    for haul in books.hauls:
        yield from ((haul.leave, draw) for draw in haul.draws)
    yield from ((sale.time, sale.draw) for sale in books.sales)
    yield from ((disposal.time, disposal.draw) for disposal in books.disposals)


def assert_balanced(case: Case) -> None:
    """What comes from the sea, from elsewhere and from stock is what is processed, sold, disposed of, or left."""
    problem, books = case.problem, case.books
    parcels = {parcel.id: parcel for parcel in books.parcels}
    assert len(parcels) == len(books.parcels)
    out: dict[str, float] = defaultdict(float)
    for time, draw in draws(books):
        out[draw.parcel_id] += draw.tonnes
        assert time >= parcels[draw.parcel_id].available - timedelta(seconds=1)
    left = {name: parcel.tonnes - out[name] for name, parcel in parcels.items()}
    assert min(left.values(), default=0.0) >= -BALANCE_T
    made = 0.0
    owed: dict[tuple[str, str, str], float] = defaultdict(float)
    for batch in books.batches:
        place = next(place for place in problem.places if place.id == batch.place_id)
        task = next(task for task in place.tasks if task.id == batch.task_id)
        assert batch.tonnes == pytest.approx(sum(draw.tonnes for draw in batch.draws), abs=BALANCE_T)
        given = [output.yield_mid * batch.tonnes for output in task.outputs]
        own = [parcels[name].tonnes for name in batch.outputs]
        assert own == pytest.approx([tonnes for tonnes in given if round(tonnes, 3) > 0], abs=0.001)
        for output, tonnes in zip(task.outputs, given, strict=True):
            owed[place.id, task.id, output.material] += tonnes
        for name in batch.outputs:
            owed[place.id, task.id, parcels[name].material] -= parcels[name].tonnes
        made += sum(own)
    assert min(owed.values(), default=0.0) >= -0.0005 - BALANCE_T, "kilograms are not made by rounding"
    for haul in books.hauls:
        assert haul.tonnes == pytest.approx(sum(draw.tonnes for draw in haul.draws), abs=BALANCE_T)
        for draw, name in zip(haul.draws, haul.parcels, strict=True):
            brought, source = parcels[name], parcels[draw.parcel_id]
            assert (brought.tonnes, brought.born, brought.material) == (draw.tonnes, source.born, source.material)
    landed = sum(parcel.tonnes for parcel in case.landings)
    given_t = sum(supply.tonnes for supply in problem.supplies)
    stock = sum(sum(store.stock.values()) for place in problem.places for store in place.stores)
    used = sum(batch.tonnes for batch in books.batches)
    gone = sum(each.draw.tonnes for each in (*books.sales, *books.disposals))
    assert landed + given_t + stock + made == pytest.approx(used + gone + sum(left.values()), abs=BALANCE_T)
    assert landed == pytest.approx(sum(case.flows.landed.values()), abs=BALANCE_T)


def assert_eldest_first(case: Case) -> None:
    """No tonne is drawn from a pool in which an elder parcel holds any at that moment.

    What is disposed of as it comes never was in a pool.
    """
    network, problem = case.network, case.problem
    pools: dict[tuple[int, ...], list[Parcel]] = defaultdict(list)
    pool_of: dict[str, tuple[int, ...]] = {}
    for parcel in case.books.parcels:
        born_h = (parcel.born - problem.start).total_seconds() / 3600
        pool = network.pool(network.place_of[parcel.place_id], network.material_of[parcel.material], born_h)
        pools[pool].append(parcel)
        pool_of[parcel.id] = pool
    taken: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    for time, draw in draws(case.books):
        taken[draw.parcel_id].append((time, draw.tonnes))
    parcels = {parcel.id: parcel for parcel in case.books.parcels}
    disposals = ((each.draw.parcel_id, each.time) for each in case.books.disposals)
    refused = {(name, time) for name, time in disposals if time == parcels[name].available}
    for name, takings in taken.items():
        times = [time for time, _ in takings if (name, time) not in refused]
        for elder in pools[pool_of[name]]:
            if times and elder.born < parcels[name].born:
                first = min(times)
                there = elder.tonnes - sum(tonnes for time, tonnes in taken.get(elder.id, []) if time <= first)
                assert there <= BALANCE_T or first <= elder.available


def assert_never_double_booked(case: Case) -> None:
    problem, books = case.problem, case.books
    spans: dict[tuple[str, str, int], list[tuple[datetime, datetime]]] = defaultdict(list)
    for batch in books.batches:
        place = next(place for place in problem.places if place.id == batch.place_id)
        task = next(task for task in place.tasks if task.id == batch.task_id)
        unit = next(unit for unit in place.units if unit.id == task.unit)
        assert 0 <= batch.unit < unit.number
        spans[place.id, unit.id, batch.unit].append((batch.start, batch.end))
    links = {link.id: link for link in problem.links}
    for haul in books.hauls:
        link = links[haul.link_id]
        assert 0 <= haul.vehicle < next(fleet.number for fleet in problem.fleets if fleet.id == link.fleet)
        back = haul.leave + timedelta(hours=link.turnaround_h)
        spans["fleet", link.fleet, haul.vehicle].append((haul.leave, back))
    for taken in spans.values():
        ordered = sorted(taken)
        for (_, end), (start, _) in itertools.pairwise(ordered):
            assert start >= end - timedelta(seconds=1)


def assert_checked(case: Case) -> None:
    """The checker finds nothing but that it sees no voyages."""
    ledger = Ledger(Register(case.problem), case.plan())
    landings = {parcel.id for parcel in case.landings}
    found = [
        *check_draws(ledger),
        *check_stores(ledger),
        *check_batches(ledger),
        *check_hauls(ledger),
        *check_sales(ledger),
        *check_disposals(ledger),
        *(
            violation
            for violation in check_parcels(ledger)
            if not (violation.rule in NAMED_APART and any(f" {name} " in violation.message for name in landings))
        ),
    ]
    assert [violation.message for violation in found] == []
    assert len(list(told(ledger))) >= len(case.books.batches)


def lost(case: Case) -> Iterator[float]:
    """Yield the tonnes that are disposed of as a batch ends."""
    network = case.network
    for (w, _, _, moment), tonnes in case.flows.taken.items():
        work = network.works[w]
        ends_h = moment * network.step_h + work.spec.hours
        for output in work.spec.outputs:
            pool = network.pool(work.place, network.material_of[output.material], ends_h)
            if not network.may_come(pool, ends_h):
                yield output.yield_mid * tonnes


def assert_told_as_decided(case: Case) -> None:
    """The books do what the program decided, but for kilograms."""
    flows, network, books = case.flows, case.network, case.books
    near_t = 0.05
    for k, contract in enumerate(case.problem.contracts):
        decided = sum(tonnes for (kk, _, _), tonnes in flows.sold.items() if kk == k)
        done = sum(sale.draw.tonnes for sale in books.sales if sale.contract_id == contract.id)
        assert done == pytest.approx(decided, abs=near_t)
    for w, work in enumerate(network.works):
        decided = sum(tonnes for (ww, *_), tonnes in flows.taken.items() if ww == w)
        place = case.problem.places[work.place].id
        done = sum(b.tonnes for b in books.batches if (b.place_id, b.task_id) == (place, work.spec.id))
        assert done == pytest.approx(decided, abs=near_t)
    disposed = sum(each.draw.tonnes for each in books.disposals)
    decided = sum(flows.dumped.values()) + sum(flows.refused.values()) + sum(lost(case))
    assert disposed == pytest.approx(decided, abs=near_t)


def assert_books_hold(seed: int) -> Case:
    case = Case(seed)
    assert_balanced(case)
    assert_eldest_first(case)
    assert_never_double_booked(case)
    assert_told_as_decided(case)
    assert_checked(case)
    return case


def test_boats_land_batches_run_and_lorries_drive():
    cases = [Case(seed) for seed in range(20)]
    assert any(case.landings for case in cases)
    assert any(case.books.batches for case in cases)
    assert any(case.books.hauls for case in cases)


def test_money_ashore_is_what_the_program_earns():
    """Sales, stock, processing, hauling and disposal come to what the flows cost, but for kilograms."""
    for seed in range(2_000, 2_010):
        case = Case(seed)
        flows, network, problem = case.flows, case.network, case.problem
        earned = sum(tonnes * problem.contracts[k].price_cny_per_t for (k, _, _), tonnes in flows.sold.items())
        cost = sum(count * network.works[w].spec.cost_cny_per_batch for (w, _), count in flows.batches.items()) + sum(
            tonnes * network.works[w].spec.cost_cny_per_t for (w, *_), tonnes in flows.taken.items()
        )
        result = objective(problem, (), (), case.books)
        assert result.sales_cny == pytest.approx(earned, rel=0.01, abs=150.0)
        assert result.processing_cny == pytest.approx(cost, rel=0.01, abs=100.0)
