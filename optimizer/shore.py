"""What becomes of the catch, as a linear program in PuLP, with batches counted whole where that is asked for.

With pools q, moments t, lots c (what boats land), tasks w, links l, supplies s, contracts k:

    minimise    Σ_w (batch_w · n_{w,t} + tonne_w · Σ_q taken_{w,q,t})
                + Σ_l (trip_l · trips_{l,t} + tonne_l · Σ_q hauled_{l,q,t})
                + Σ_{q,t} disposal · dumped_{q,t} + Σ_s disposal · refused_s
                − Σ_k price_k · sold_{k,q,t} − Σ_q end value_q · held_{q,T}
    pool q,t:   held_{q,t−1} + landed_{c} + what hauls bring and batches give + supply − refused
                = held_{q,t} + Σ taken + Σ hauled + Σ sold + dumped
    batch w,t:  batch_min_w · n_{w,t} ≤ Σ_q taken_{w,q,t} ≤ batch_max_w · n_{w,t};  each input its share
    unit u,t:   Σ_{w on u} n_{w,t′} at work at t ≤ number_u − those not free yet
    fleet f,t:  Σ_{l of f} trips_{l,t′} under way at t ≤ number_f − those not back yet
    trip l,t:   Σ_q hauled_{l,q,t} ≤ payload_l · trips_{l,t}
    store s,t:  Σ_q held_{q,t} + what comes in before t + 1 ≤ capacity_s
    contract k: min_k ≤ Σ sold ≤ max_k
    lock j:     Σ_{t in its window} n_{w,t} ≥ number_j

all ≥ 0, ``n`` and ``trips`` whole numbers where ``integral``. ``refused`` is what of a supply is disposed of as it
comes; what a batch gives and nothing there takes, or what spoils before the next moment, is disposed of as it ends.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulp

from documents.network import OutputSpec, SupplySpec
from optimizer.clock import hour_of
from optimizer.network import GONE, KEEPS, Lot, Network, Pool, Way, Work
from optimizer.turns import turns

Terms = list[tuple[Any, float]]

MISSED_CNY_PER_T = 1e5
"""What a tonne short of a contract's minimum costs in the program: far more than any tonne is worth, so that a minimum
is missed only where it cannot be met; the plan is then refused."""

UNKEPT_CNY = 1e6
"""What a batch short of a lock costs in the program; the plan is then refused as well."""

LEAST_BATCH_T = 0.1
"""Taken by a batch that is locked."""

ROUNDING_T = 0.01
"""A batch keeps this far from its least and greatest size, a store from its capacity, as tonnes are rounded to kg."""


@dataclass
class Flows:
    """The variables of a shore program, by what moves where and when; after solving, their values in tonnes."""

    held: dict[tuple[Pool, int], Any] = field(default_factory=dict)
    landed: dict[Lot, Any] = field(default_factory=dict)
    taken: dict[tuple[int, int, Pool, int], Any] = field(default_factory=dict)
    """By (work, input, pool, moment)."""
    batches: dict[tuple[int, int], Any] = field(default_factory=dict)
    """By (work, moment)."""
    hauled: dict[tuple[int, Pool, int], Any] = field(default_factory=dict)
    """By (way, pool, moment of leaving)."""
    trips: dict[tuple[int, int], Any] = field(default_factory=dict)
    sold: dict[tuple[int, Pool, int], Any] = field(default_factory=dict)
    dumped: dict[tuple[Pool, int], Any] = field(default_factory=dict)
    refused: dict[int, Any] = field(default_factory=dict)
    """By supply, what is disposed of as it comes."""
    missed: dict[int, Any] = field(default_factory=dict)
    """Tonnes short of a contract's minimum."""
    unkept: dict[int, Any] = field(default_factory=dict)
    """Batches short of a lock's number, by the lock's index."""


def summed(terms: Terms) -> Any:
    """Return the sum of ``terms``; where a variable stands twice, PuLP's own expression takes the last alone."""
    whole: dict[Any, float] = defaultdict(float)
    for variable, factor in terms:
        whole[variable] += factor
    return pulp.LpAffineExpression(whole)


class Shore:
    """The program ashore, added to a model: rows ``lot`` are left open for what lands."""

    def __init__(
        self,
        network: Network,
        model: Any,
        cost: Terms,
        lots: Sequence[Lot],
        *,
        integral: bool,
        whole_trips: bool = False,
    ) -> None:
        """Add variables and rows to ``model`` and costs to ``cost``; ``lots`` are all that may be landed."""
        self.network, self.flows = network, Flows()
        self._model, self._cost = model, cost
        self._batch_kind = pulp.LpInteger if integral else pulp.LpContinuous
        self._trip_kind = pulp.LpInteger if whole_trips else pulp.LpContinuous
        self._balance: dict[tuple[Pool, int], Terms] = defaultdict(list)
        self._coming: dict[tuple[Pool, int], Terms] = defaultdict(list)
        """What is there before the moment it counts from, and needs room."""
        self._others = 0
        self._first: dict[Pool, int] = {}
        self._inflow: dict[Pool, set[int]] = defaultdict(set)
        self._add_sources(lots)
        self._add_pools()
        self._add_batches()
        self._add_trips()
        self._add_stores()
        self._add_contracts()
        self._add_locks()
        if network.optimistic:
            for row in turns(network, self.flows.batches, self.flows.trips):
                model += row
        for number, ((_, moment), terms) in enumerate(sorted(self._balance.items(), key=lambda item: item[0])):
            model.addConstraint(summed(terms) == 0, f"pool_{number}_{moment}")

    def _variable(self, name: str, kind: Any = pulp.LpContinuous, most: float | None = None) -> Any:
        return self._model.add_variable(name, 0, most, kind)

    def _arrive(self, pool: Pool, moment: int, terms: Terms, *, early: bool) -> None:
        """Add ``terms`` to what is in ``pool`` from ``moment`` on."""
        self._balance[pool, moment] += terms
        if early and moment > 0:
            self._coming[pool, moment - 1] += terms
        self._first[pool] = min(self._first.get(pool, moment), moment)
        self._inflow[pool].add(moment)

    def _come(self, arrivals: Sequence[tuple[Pool, int]], terms: Terms, *, early: bool) -> None:
        """Let ``terms`` come into the first of ``arrivals``; those after it may take any part of them instead."""
        others: Terms = []
        for pool, moment in arrivals[1:]:
            self._others += 1
            other = self._variable(f"other_{self._others}")
            others.append((other, 1.0))
            self._arrive(pool, moment, [(other, 1.0)], early=False)
        if others:
            self._model += pulp.LpAffineExpression([*others, *((v, -tonnes) for v, tonnes in terms)]) <= 0
        self._arrive(*arrivals[0], [*terms, *((other, -1.0) for other, _ in others)], early=early)

    def _add_sources(self, lots: Sequence[Lot]) -> None:
        network, problem = self.network, self.network.problem
        for number, lot in enumerate(lots):
            pool = Pool(lot.place, network.landed, lot.born if network.ages(network.landed) else KEEPS)
            landed = self.flows.landed[lot] = self._variable(f"landed_{number}")
            self._arrive(pool, lot.moment, [(landed, 1.0)], early=not network.optimistic)
        for number, supply in enumerate(problem.supplies):
            self._add_supply(number, supply)
        for p, place in enumerate(problem.places):
            for store in place.stores:
                for name, tonnes in store.stock.items():
                    if round(tonnes, 3) <= 0:
                        continue
                    m = network.material_of[name]
                    self._arrive(network.pool(p, m, 0.0), 0, self._constant(f"stock_{p}_{m}", tonnes), early=False)

    def _add_supply(self, number: int, supply: SupplySpec) -> None:
        """Add what comes in; where its store is full, or it would spoil before the next moment, it is refused."""
        network, hours = self.network, hour_of(self.network.problem, supply.time)
        material = network.material_of[supply.material]
        born_h = hour_of(network.problem, supply.since)
        pool = network.pool(network.place_of[supply.place], material, born_h)
        terms = self._constant(f"supply_{number}", supply.tonnes)
        if not network.optimistic:
            refused = self.flows.refused[number] = self._variable(f"refused_{number}", most=round(supply.tonnes, 3))
            is_now = network.problem.materials[network.material_at(material, hours - born_h)]
            self._cost.append((refused, is_now.disposal_cny_per_t))
            terms.append((refused, -1.0))
        if network.may_come(pool, hours):
            self._arrive(pool, network.moment_in(hours), terms, early=not network.is_on_time(hours))
        else:
            self._model += pulp.LpAffineExpression(terms) == 0

    def _constant(self, name: str, tonnes: float) -> Terms:
        """Return whole kilograms that are there whatever is planned."""
        whole = round(tonnes, 3)
        return [(self._model.add_variable(name, whole, whole), 1.0)]

    def _add_pools(self) -> None:
        """Add, pool by pool, what may be done with it; hauls and batches open further pools."""
        self._taken: dict[tuple[int, int, int], Terms] = defaultdict(list)
        self._given: set[tuple[int, int]] = set()
        self._hauled: dict[tuple[int, int], Terms] = defaultdict(list)
        self._sold: dict[int, Terms] = defaultdict(list)
        begun: dict[Pool, int] = {}
        while True:
            waiting = [pool for pool, first in self._first.items() if first < begun.get(pool, self.network.last + 1)]
            if not waiting:
                break
            for pool in sorted(waiting):
                until = begun.get(pool, self.network.last_of(pool) + 1)
                begun[pool] = self._first[pool]
                for moment in range(begun[pool], until):
                    born = "k" if pool.born == KEEPS else f"{pool.born}".replace("-", "m")
                    name = f"{pool.place}_{pool.material}_{born}_{moment}"
                    self._add_moment(pool, moment, name)

    def _add_moment(self, pool: Pool, moment: int, name: str) -> None:
        network = self.network
        if network.materials(pool, moment, moment) == {GONE} and not network.optimistic:
            return
        for w, work in enumerate(network.works):
            if work.place == pool.place and moment in work.starts:
                self._add_taken(w, work, pool, moment, name)
        for number, way in enumerate(network.ways):
            if way.origin == pool.place and moment in way.leaves and network.accepts(pool, moment, way.spec.materials):
                self._add_hauled(number, way, pool, moment, name)
        for k, contract in enumerate(network.problem.contracts):
            here = network.place_of[contract.place] == pool.place and network.is_within(moment, contract.window)
            if here and network.accepts(pool, moment, [contract.material]):
                sold = self.flows.sold[k, pool, moment] = self._variable(f"sold_{k}_{name}")
                self._leave(pool, moment, sold, -contract.price_cny_per_t)
                self._sold[k].append((sold, 1.0))
        at_ends = moment == network.last_of(pool) or moment in self._inflow[pool]
        if pool.born == KEEPS or at_ends or network.optimistic:
            # What ages is disposed of as it comes in or when it must; in between little is gained by it.
            dumped = self.flows.dumped[pool, moment] = self._variable(f"dumped_{name}")
            self._leave(pool, moment, dumped, network.disposal_cny_per_t(pool, moment))
        self._add_held(pool, moment, name)

    def _leave(self, pool: Pool, moment: int, variable: Any, cost_cny_per_t: float) -> None:
        self._balance[pool, moment].append((variable, -1.0))
        self._cost.append((variable, cost_cny_per_t))

    def _add_held(self, pool: Pool, moment: int, name: str) -> None:
        network = self.network
        if moment == network.last:
            worth = network.end_value_cny_per_t(pool)
            if worth is not None:
                held = self.flows.held[pool, moment] = self._variable(f"held_{name}")
                self._leave(pool, moment, held, -worth)
        elif moment < network.last_of(pool) and network.store_of(pool, moment) is not None:
            held = self.flows.held[pool, moment] = self._variable(f"held_{name}")
            self._balance[pool, moment].append((held, -1.0))
            self._balance[pool, moment + 1].append((held, 1.0))

    def _add_taken(self, w: int, work: Work, pool: Pool, moment: int, name: str) -> None:
        for i, part in enumerate(work.spec.inputs):
            if not self.network.accepts(pool, moment, part.materials):
                continue
            taken = self.flows.taken[w, i, pool, moment] = self._variable(f"taken_{w}_{i}_{name}")
            self._leave(pool, moment, taken, work.spec.cost_cny_per_t + self._lost_cny_per_t(work, moment))
            self._taken[w, i, moment].append((taken, 1.0))
            if (w, moment) not in self._given:
                self._given.add((w, moment))
                self._open_outputs(work, moment)

    def _open_outputs(self, work: Work, moment: int) -> None:
        for output in work.spec.outputs:
            for pool, arrives in self._given_by(work, moment, output):
                self._arrive(pool, arrives, [], early=False)

    def _lost_cny_per_t(self, work: Work, moment: int) -> float:
        """Return what it costs, a tonne taken, to dispose of all that must be disposed of as a batch ends."""
        network = self.network
        return sum(
            output.yield_mid * network.problem.materials[network.material_of[output.material]].disposal_cny_per_t
            for output in work.spec.outputs
            if not self._given_by(work, moment, output)
        )

    def _given_by(self, work: Work, moment: int, output: OutputSpec) -> list[tuple[Pool, int]]:
        """Return into which pools, and when, a batch of ``work`` from ``moment`` may give ``output``.

        None where it is disposed of as the batch ends.
        """
        network, m = self.network, self.network.material_of[output.material]
        ends_h = moment * network.step_h + work.spec.hours
        if not network.may_come(network.pool(work.place, m, ends_h), ends_h):
            return []
        arrivals = network.arrivals(ends_h)
        pools = [(Pool(work.place, m, born if network.ages(m) else KEEPS), arrives) for arrives, born in arrivals]
        first, *others = dict.fromkeys(pools)
        return [first, *((pool, arrives) for pool, arrives in others if arrives <= network.last)]

    def _add_hauled(self, number: int, way: Way, pool: Pool, moment: int, name: str) -> None:
        network = self.network
        arrives_h = moment * network.step_h + way.spec.hours
        target = Pool(way.target, pool.material, pool.born)
        arrivals = self._brought_by(target, arrives_h)
        if not arrivals:
            return
        hauled = self.flows.hauled[number, pool, moment] = self._variable(f"hauled_{number}_{name}")
        self._leave(pool, moment, hauled, way.spec.cost_cny_per_t)
        self._come(arrivals, [(hauled, 1.0)], early=not network.is_on_time(arrives_h))
        self._hauled[number, moment].append((hauled, 1.0))

    def _brought_by(self, target: Pool, arrives_h: float) -> list[tuple[Pool, int]]:
        """Return when a haul that arrives at ``arrives_h`` may bring something into ``target``."""
        network = self.network
        if not network.optimistic:
            return [(target, network.moment_in(arrives_h))] if network.may_wait(target, arrives_h) else []
        moments = dict.fromkeys(arrives for arrives, _ in network.arrivals(arrives_h))
        return [
            (target, arrives)
            for arrives in moments
            if arrives <= network.last_of(target) and network.store_of(target, arrives) is not None
        ]

    def _add_batches(self) -> None:
        network, model = self.network, self._model
        locked = {(lock.place, lock.task) for lock in network.problem.orders.batches}
        at_work: dict[tuple[tuple[int, int], int], Terms] = defaultdict(list)
        for w, moment in sorted(self._given):
            work = network.works[w]
            spec, ends_h = work.spec, moment * network.step_h + work.spec.hours
            parts = [self._taken[w, i, moment] for i in range(len(spec.inputs))]
            if not all(parts):
                continue  # an input that never comes: nothing may be taken of the others
            units = network.problem.places[work.unit[0]].units[work.unit[1]].number
            most = float(units * work.in_a_step)
            n = self.flows.batches[w, moment] = self._variable(f"n_{w}_{moment}", self._batch_kind, most)
            self._cost.append((n, spec.cost_cny_per_batch))
            whole = [term for part in parts for term in part]
            roomy = spec.batch_max_t - spec.batch_min_t > 4 * ROUNDING_T
            margin = ROUNDING_T if roomy and not network.optimistic else 0.0
            model += pulp.LpAffineExpression([*whole, (n, margin - spec.batch_max_t)]) <= 0
            is_locked = (network.problem.places[work.place].id, spec.id) in locked
            least = max(spec.batch_min_t, min(LEAST_BATCH_T, spec.batch_max_t / 2.0) if is_locked else 0.0)
            if least > 0:
                model += pulp.LpAffineExpression([*whole, (n, -margin - least)]) >= 0
            for i, part in enumerate(parts[1:], start=1):
                own, first = spec.inputs[i].share, spec.inputs[0].share
                model += (
                    pulp.LpAffineExpression([*((v, first) for v, _ in part), *((v, -own) for v, _ in parts[0])]) == 0
                )
            for output in spec.outputs:
                arrivals = self._given_by(work, moment, output)
                if arrivals:
                    made = [(v, output.yield_mid) for v, _ in whole]
                    self._come(arrivals, made, early=not network.is_on_time(ends_h))
            if work.in_a_step == 1:
                for t in range(moment, moment + work.occupies):
                    at_work[work.unit, t].append((n, 1.0))
        for (w, i, moment), terms in self._taken.items():
            if (w, moment) not in self.flows.batches:
                model += pulp.LpAffineExpression(terms) == 0, f"no_batch_{w}_{i}_{moment}"
        for (place, unit), t in sorted(at_work):
            alike = network.problem.places[place].units[unit]
            free = alike.number - network.busy(alike.free_from, t)
            model += pulp.LpAffineExpression(at_work[(place, unit), t]) <= free, f"unit_{place}_{unit}_{t}"

    def _add_trips(self) -> None:
        network, model = self.network, self._model
        under_way: dict[tuple[int, int], Terms] = defaultdict(list)
        for (number, moment), terms in sorted(self._hauled.items(), key=lambda item: item[0]):
            way = network.ways[number]
            vehicles = network.problem.fleets[way.fleet].number
            most = float(vehicles * way.in_a_step)
            trips = self.flows.trips[number, moment] = self._variable(f"trips_{number}_{moment}", self._trip_kind, most)
            self._cost.append((trips, way.spec.cost_cny_per_trip))
            margin = 0.0 if network.optimistic else min(ROUNDING_T, way.spec.payload_t / 100.0)
            model += pulp.LpAffineExpression([*terms, (trips, margin - way.spec.payload_t)]) <= 0
            if way.in_a_step == 1:
                for t in range(moment, moment + way.occupies):
                    under_way[way.fleet, t].append((trips, 1.0))
        for (fleet, t), terms in sorted(under_way.items(), key=lambda item: item[0]):
            of_kind = network.problem.fleets[fleet]
            there = of_kind.number - network.busy(of_kind.free_from, t)
            model += pulp.LpAffineExpression(terms) <= there, f"fleet_{fleet}_{t}"

    def _add_stores(self) -> None:
        network = self.network
        lying: dict[tuple[int, tuple[str, ...], int], Terms] = defaultdict(list)
        room: dict[tuple[int, tuple[str, ...], int], float] = {}
        there: Mapping[tuple[Pool, int], Terms] = defaultdict(list, {k: list(v) for k, v in self._coming.items()})
        for (pool, moment), held in self.flows.held.items():
            there[pool, moment].append((held, 1.0))
        for (pool, moment), terms in sorted(there.items(), key=lambda item: item[0]):
            for store in network.stores_of(pool, moment):
                if network.optimistic and not self._wholly_in(pool, moment, store.materials):
                    continue
                key = (pool.place, store.materials, moment)
                lying[key] += terms
                room[key] = store.capacity_t
        for number, (key, terms) in enumerate(lying.items()):
            margin = 0.0 if network.optimistic else min(ROUNDING_T, room[key] / 100.0)
            self._model += summed(terms) <= room[key] - margin, f"store_{key[0]}_{number}"

    def _wholly_in(self, pool: Pool, moment: int, materials: Sequence[str]) -> bool:
        then = min(moment + 1, self.network.end)
        seen = self.network.materials(pool, then, then)
        return seen <= {GONE, *(self.network.material_of[name] for name in materials)}

    def _add_contracts(self) -> None:
        for k, contract in enumerate(self.network.problem.contracts):
            terms = self._sold[k]
            self._model += pulp.LpAffineExpression(terms) <= contract.max_t, f"most_{k}"
            if contract.min_t > 0:
                missed = self.flows.missed[k] = self._variable(f"missed_{k}")
                self._cost.append((missed, MISSED_CNY_PER_T))
                self._model += pulp.LpAffineExpression([*terms, (missed, 1.0)]) >= contract.min_t, f"least_{k}"

    def _add_locks(self) -> None:
        network = self.network
        for j, lock in enumerate(network.problem.orders.batches):
            counts: Terms = [
                (n, 1.0)
                for (w, moment), n in self.flows.batches.items()
                if (network.problem.places[network.works[w].place].id, network.works[w].spec.id)
                == (lock.place, lock.task)
                and network.is_within(moment, lock.window)
            ]
            unkept = self.flows.unkept[j] = self._variable(f"unkept_{j}")
            self._cost.append((unkept, UNKEPT_CNY))
            self._model += pulp.LpAffineExpression([*counts, (unkept, 1.0)]) >= lock.number, f"locked_{j}"
