"""Why a plant takes in less than it could, or a contract is sold less of than it would take."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

from documents.explanation import Kind, Other, Reason
from documents.problem import Problem
from optimizer.ashore import Ashore
from optimizer.effort import Effort
from optimizer.explain.answer import answer
from optimizer.explain.ashore import Fork
from optimizer.explain.compare import MOST, landed_t
from optimizer.explain.forced import Feed
from optimizer.explain.posed import Posed
from optimizer.explain.reach import keeping
from optimizer.explain.things import MORE, Columns, Thing, intake, sold, things
from optimizer.explain.told import Told, plain_reason
from optimizer.network import Network
from optimizer.shore import Flows

FULL = 0.99
"""As much of what can be taken in is all of it: tonnes are rounded."""
LEAST_T = 0.1
"""Less than this is not worth naming."""
ROUNDING_T = 0.01
Free = Callable[[Fork], None]


def places(problem: Problem) -> list[str]:
    """Return the places that process anything, and those with contracts."""
    selling = {contract.place for contract in problem.contracts}
    return [place.id for place in problem.places if place.tasks or place.id in selling]


def why_plant(posed: Posed, name: str, effort: Callable[[], Effort]) -> list[Told]:
    """Return why the place called ``name`` takes in no more, and sells no more under each of its contracts."""
    place = next(place for place in posed.problem.places if place.id == name)
    return [_Asking(posed, thing).told(effort()) for thing in things(posed.problem, posed.plan, place)]


class _Asking:
    """One thing of which more is asked for, with what is landed in the reference."""

    def __init__(self, posed: Posed, thing: Thing) -> None:
        self.posed, self.thing = posed, thing
        self.landed_t = landed_t(posed, posed.fleet)
        self.columns = thing.columns(posed.pricing.network, posed.ashore.flows)
        now = Fork(posed.ashore).sums_t(self.landed_t, self.columns)[0] if self.columns else 0.0
        self.more = min(max(MORE * now, thing.step_t), thing.most_t - now)
        self.asked = Feed(self.columns, now + self.more, self.more)

    def told(self, effort: Effort) -> Told:
        """Return the reason with its price."""
        thing = self.thing
        told = Told(
            thing.kind, thing.id, thing.name, Reason.DONE, done_t=round(thing.done_t, 3), most_t=round(thing.most_t, 3)
        )
        if thing.done_t >= FULL * thing.most_t or self.more <= ROUNDING_T:
            return told
        if not self.columns:
            never = Reason.SPOILS if self._kept()[0] else Reason.NO_WAY
            return replace(told, reason=never)
        found = answer(self.posed, self.asked, effort)
        plain = plain_reason(self.posed, found)
        reason = self._reason() if plain in (None, Reason.UNDECIDED) else plain
        named = self._losers if reason is Reason.ELSEWHERE else ()
        limits = self._limits if reason in (*LIMITS, Reason.SPOILS) else ()
        return replace(
            told,
            reason=reason or Reason.SEVERAL,
            asked_t=round(self.more, 3),
            limits=limits,
            others=named,
            answer=found,
        )

    def _reason(self) -> Reason:
        """Return what holds it back: a limit where this catch cannot do it, else what it would earn."""
        if self._short_t > ROUNDING_T:
            return self._limits[0] if self._limits else Reason.SEVERAL
        for reason, free in WITHHELD.items():
            lifted = Fork(self.posed.ashore)
            free(lifted)
            if lifted.sums_t(self.landed_t, self.columns)[0] >= self.asked.tonnes - LEAST_T:
                return reason
        return Reason.ELSEWHERE if self._losers else Reason.NOT_WORTH

    @cached_property
    def _forced(self) -> Fork:
        forced = Fork(self.posed.ashore)
        forced.ask(self.asked.columns, self.asked.tonnes)
        return forced

    @cached_property
    def _short_t(self) -> float:
        return self._forced.short_t(self.landed_t)

    @cached_property
    def _limits(self) -> tuple[Reason, ...]:
        """Return what helps by itself alone, most first."""
        helped: list[tuple[float, Reason]] = []
        for reason, free in LIMITS.items():
            lifted = Fork(self._forced)
            free(lifted)
            helped.append((lifted.short_t(self.landed_t), reason))
        columns, kept = self._kept()
        if columns:
            kept.ask(columns, self.asked.tonnes)
            helped.append((kept.short_t(self.landed_t), Reason.SPOILS))
        helped.sort(key=lambda pair: pair[0])
        return tuple(reason for short, reason in helped if short < self._short_t - ROUNDING_T)

    def _kept(self) -> tuple[Columns, Fork]:
        """Return the program ashore in which nothing spoils, and its columns of this thing."""
        problem, own = self.posed.problem, self.posed.pricing.network
        network = Network(problem.model_copy(update=keeping(problem)), own.step_h, own.born_h)
        fork = Fork(Ashore(network, self.posed.ashore.lots))
        return self.thing.columns(network, fork.flows), fork

    @cached_property
    def _losers(self) -> tuple[Other, ...]:
        """Return which other plants, or contracts, have less where what is asked is done with the same catch."""
        thing, problem = self.thing, self.posed.problem
        told: list[tuple[str, str, Callable[[Network, Flows], Columns]]]
        if thing.kind is Kind.PLANT:
            told = [(place.id, place.name, intake(place)) for place in problem.places if place.tasks]
        else:
            told = [(contract.id, contract.name, sold(k)) for k, contract in enumerate(problem.contracts)]
        others = [(name, called, find) for name, called, find in told if name != thing.id]
        columns = [find(self.posed.pricing.network, self.posed.ashore.flows) for _, _, find in others]
        before = Fork(self.posed.ashore).sums_t(self.landed_t, *columns)
        after = self._forced.sums_t(self.landed_t, *columns)
        lost = sorted((a - b, name, called) for b, a, (name, called, _) in zip(before, after, others, strict=True))
        return tuple(
            Other(kind=thing.kind, id=name, name=called, tonnes=round(tonnes, 3))
            for tonnes, name, called in lost
            if tonnes <= -LEAST_T
        )[:MOST]


LIMITS: Mapping[Reason, Free] = {
    Reason.CATCH: lambda fork: fork.land_anything(),
    Reason.HAULING: lambda fork: fork.free("fleet_", [int(v.index) for v in fork.flows.trips.values()]),
    Reason.STORES: lambda fork: fork.free("store_"),
    Reason.EQUIPMENT: lambda fork: fork.free("unit_", [int(v.index) for v in fork.flows.batches.values()]),
}
"""How each limit ashore is lifted."""
WITHHELD: Mapping[Reason, Free] = {
    Reason.NO_BUYER: lambda fork: fork.free("most_"),
    **{reason: LIMITS[reason] for reason in (Reason.STORES, Reason.HAULING, Reason.EQUIPMENT)},
}
"""Limits that, lifted, make it worth the while to take in what can be taken in, but costs more than it earns."""
