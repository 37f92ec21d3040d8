"""The network ashore, rule by rule, on a yard with nothing else: ageing, stores, hauls, batches, supplies."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.network import (
    FleetSpec,
    InputSpec,
    LinkSpec,
    OutputSpec,
    PlaceSpec,
    StoreSpec,
    SupplySpec,
    TaskSpec,
    UnitSpec,
)
from documents.plan import Batch, Disposal, Draw, Haul, Objective, Origin, Parcel, Plan, Status
from documents.problem import Problem
from optimizer.check import Rule, check, value
from optimizer.check.ageing import materials_at, priced_at
from optimizer.check.register import Register
from tests.optimizer.handmade import HOURS, SHA256, at, hour_of, make_problem, window

WET, STALE = 6.0, 20.0
"""Hours up to which the hand-made problem's algae are wet, and then stale."""
BOTH = StoreSpec(materials=("wet", "stale"), capacity_t=100)
WETS, STALES = ("wet", "wet"), ("stale", "stale")
SECOND = timedelta(seconds=1)


def yard(
    *stores: StoreSpec,
    target: tuple[StoreSpec, ...] = (),
    yields: float = 0.4,
    supplies: Sequence[tuple[float, float]] = ((0.0, 10.0),),
) -> Problem:
    """Return a problem of a yard with a press, a road from there, and wet supplies (hour, tonnes); nobody at sea."""
    press = TaskSpec(
        id="press",
        name="压榨",
        unit="press",
        inputs=(InputSpec(materials=("wet",), share=0.5), InputSpec(materials=("stale",), share=0.5)),
        outputs=(OutputSpec(material="cake", yield_low=0, yield_mid=yields, yield_high=1),),
        batch_min_t=0,
        batch_max_t=20,
        hours=1,
        cost_cny_per_batch=0,
        cost_cny_per_t=0,
    )
    unit = UnitSpec(id="press", name="压榨机", number=1, windows=(window(0, 24),))
    link = LinkSpec(
        id="road",
        origin="yard",
        target="field",
        fleet="lorries",
        materials=("wet", "stale"),
        hours=0.5,
        turnaround_h=1,
        payload_t=20,
        cost_cny_per_trip=0,
        cost_cny_per_t=0,
    )
    base = make_problem()
    nothing: dict[str, tuple[()]] = dict.fromkeys(("patches", "vessels", "docks", "platforms", "contracts"), ())
    return Problem(
        **{
            **dict(base),
            **nothing,
            "places": (
                PlaceSpec(id="yard", name="堆场", stores=stores, units=(unit,), tasks=(press,)),
                PlaceSpec(id="field", name="田地", stores=target),
            ),
            "fleets": (FleetSpec(id="lorries", name="货车", number=1, windows=(window(0, 24),)),),
            "links": (link,),
            "supplies": tuple(
                SupplySpec(id=f"beach-{i}", place="yard", material="wet", time=at(hour), tonnes=tonnes)
                for i, (hour, tonnes) in enumerate(supplies)
            ),
        }
    )


def parcel(name: str, hour: float, tonnes: float, **more: object) -> Parcel:
    """Return what a supply of the same name brings to the yard, unless told otherwise."""
    told = {"place_id": "yard", "material": "wet", "born": at(hour), "origin": Origin.SUPPLY, "of": name, **more}
    return Parcel.model_validate({"id": name, "tonnes": tonnes, "available": at(hour), **told})


def dispose(hour: float, name: str, tonnes: float) -> Disposal:
    return Disposal(time=at(hour), draw=Draw(parcel_id=name, tonnes=tonnes))


def plan_of(
    parcels: Sequence[Parcel],
    disposals: Sequence[Disposal] = (),
    *,
    hauls: Sequence[Haul] = (),
    batches: Sequence[Batch] = (),
    disposal_cny: float = 0.0,
) -> Plan:
    parts = dict.fromkeys(Objective.model_fields, 0.0)
    objective = Objective(**{**parts, "disposal_cny": disposal_cny, "total_cny": -disposal_cny})
    return Plan(
        site_id="islet",
        day="2026-06-18",
        problem_sha256=SHA256,
        status=Status.NOTHING_TO_DO,
        solver="by hand",
        voyages=(),
        moorings=(),
        parcels=tuple(parcels),
        batches=tuple(batches),
        hauls=tuple(hauls),
        sales=(),
        disposals=tuple(disposals),
        left=(),
        objective=objective,
        bound_cny=None,
        bound_of="nothing",
        gap=None,
    )


def broken(problem: Problem, plan: Plan) -> set[Rule]:
    """Return the rules broken, the objective (which these plans do not tell) apart."""
    return {violation.rule for violation in check(problem, plan)} - {Rule.OBJECTIVE_MISSTATED}


class TestAgeing:
    register = Register(yard(BOTH))
    wet = parcel("beach-0", 1.0, 10.0)

    def test_it_is_wet_then_stale_then_nothing(self) -> None:
        told = [materials_at(self.register, self.wet, 1.0 + age) for age in (0.0, 5.9, 6.1, 19.9, 20.1)]
        assert told == [{"wet"}, {"wet"}, {"stale"}, {"stale"}, set()]

    def test_it_may_be_either_within_a_second(self) -> None:
        for seconds in (-1, 0, 1):
            hour = hour_of(at(1.0 + WET) + seconds * SECOND)
            assert materials_at(self.register, self.wet, hour) == {"wet", "stale"}
        assert materials_at(self.register, self.wet, 1.0 + WET + 2 / 3600) == {"stale"}

    def test_it_is_priced_as_the_younger(self) -> None:
        assert priced_at(self.register, self.wet, 1.0 + WET) == "wet"
        assert priced_at(self.register, self.wet, 1.0 + WET, -1 / 3600) == "stale"
        assert priced_at(self.register, self.wet, 99.0) == "stale"

    def test_what_keeps_never_changes(self) -> None:
        shell = parcel("beach-0", 1.0, 10.0, material="shell")
        assert materials_at(self.register, shell, 1e6) == {"shell"}

    @pytest.mark.parametrize(("cny", "fits"), [(600.0, True), (850.0, True), (500.0, False), (900.0, False)])
    def test_disposal_at_the_second_of_ageing_may_cost_either(self, cny: float, fits: bool) -> None:
        problem = yard(BOTH, supplies=((1.0, 10.0),))
        plan = plan_of([self.wet], [dispose(1.0 + WET, "beach-0", 10.0)], disposal_cny=cny)
        assert (check(problem, plan) == []) is fits
        assert value(problem, plan).disposal_cny == 600.0


class TestStores:
    @settings(max_examples=200)
    @given(st.data(), st.integers(8, 16), st.integers(0, 16))
    def test_levels_agree_with_a_look_every_minute(self, data: st.DataObject, wet: int, stale: int) -> None:
        """Lots come, age and go by whole minutes, so a look between the minutes sees every level."""
        lots = data.draw(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 8)), min_size=1, max_size=4))
        out = [data.draw(st.lists(st.integers(start, 60 * HOURS), max_size=tonnes)) for start, tonnes in lots]
        seen: set[Rule] = set()
        for minute in range(60 * HOURS):
            level = {"wet": 0, "stale": 0}
            for (start, tonnes), takes in zip(lots, out, strict=True):
                there = tonnes - sum(take <= minute for take in takes) if start <= minute else 0
                age = minute + 0.5 - start
                if age < 60 * STALE:
                    level["wet" if age < 60 * WET else "stale"] += there
                elif there:
                    seen.add(Rule.SPOILT)
            if level["wet"] > wet + 0.5 or level["stale"] > stale + 0.5:
                seen.add(Rule.STORE_OVER_CAPACITY)
        for (start, tonnes), takes in zip(lots, out, strict=True):
            if start + 60 * STALE >= 60 * HOURS and len(takes) < tonnes:
                seen.add(Rule.LEFT_OVER)
        stores = (
            StoreSpec(materials=("wet",), capacity_t=wet + 0.5),
            StoreSpec(materials=("stale",), capacity_t=stale + 0.5),
        )
        problem = yard(*stores, supplies=[(start / 60, float(tonnes)) for start, tonnes in lots])
        parcels = [parcel(f"beach-{i}", start / 60, float(tonnes)) for i, (start, tonnes) in enumerate(lots)]
        disposals = [dispose(take / 60, f"beach-{i}", 1.0) for i, takes in enumerate(out) for take in takes]
        assert broken(problem, plan_of(parcels, disposals)) == seen

    def test_what_is_gone_at_once_needs_no_store(self) -> None:
        bare = yard(BOTH)
        places = tuple(place.model_copy(update={"stores": ()}) for place in bare.places)
        problem, lot = bare.model_copy(update={"places": places}), parcel("beach-0", 0.0, 10.0)
        assert broken(problem, plan_of([lot], [dispose(0.0, "beach-0", 10.0)])) == set()
        assert broken(problem, plan_of([lot], [dispose(0.1, "beach-0", 10.0)])) == {Rule.NO_STORE}
        rest = [dispose(0.0, "beach-0", 9.999), dispose(0.1, "beach-0", 0.001)]
        assert broken(problem, plan_of([lot], rest)) == {Rule.NO_STORE}

    def test_what_ages_needs_a_store_for_what_it_becomes(self) -> None:
        problem = yard(StoreSpec(materials=("wet",), capacity_t=10))
        lot = parcel("beach-0", 0.0, 10.0)
        assert broken(problem, plan_of([lot], [dispose(WET, "beach-0", 10.0)])) == set()
        assert broken(problem, plan_of([lot], [dispose(WET + 0.1, "beach-0", 10.0)])) == {Rule.NO_STORE}

    def test_one_goes_as_the_other_comes(self) -> None:
        problem = yard(StoreSpec(materials=("wet",), capacity_t=10), supplies=((0.0, 10.0), (2.0, 10.0)))
        lots = [parcel("beach-0", 0.0, 10.0), parcel("beach-1", 2.0, 10.0)]
        last = dispose(3.0, "beach-1", 10.0)
        assert broken(problem, plan_of(lots, [dispose(2.0, "beach-0", 10.0), last])) == set()
        late = plan_of(lots, [dispose(2.0 + 2 / 3600, "beach-0", 10.0), last])
        assert broken(problem, late) == {Rule.STORE_OVER_CAPACITY}
        assert "20.000 t of wet lie at yard" in next(iter(check(problem, late))).message

    def test_a_kilogram_a_parcel_is_rounding(self) -> None:
        both = ((0.0, 5.0), (0.0, 5.0))
        lots = [parcel(f"beach-{i}", hour, tonnes) for i, (hour, tonnes) in enumerate(both)]
        plan = plan_of(lots, [dispose(1.0, lot.id, lot.tonnes) for lot in lots])
        assert broken(yard(StoreSpec(materials=("wet",), capacity_t=9.9982), supplies=both), plan) == set()
        tight = yard(StoreSpec(materials=("wet",), capacity_t=9.997), supplies=both)
        assert broken(tight, plan) == {Rule.STORE_OVER_CAPACITY}

    def test_what_is_left_needs_an_end_value(self) -> None:
        lot = parcel("beach-0", 10.0, 10.0)
        worth = StoreSpec(materials=("wet", "stale"), capacity_t=10, end_value_cny_per_t={"stale": 3.0})
        problem = yard(worth, supplies=((10.0, 10.0),))
        assert broken(problem, plan_of([lot])) == set()
        assert value(problem, plan_of([lot])).stock_cny == 30.0
        only_wet = worth.model_copy(update={"end_value_cny_per_t": {"wet": 3.0}})
        assert broken(yard(only_wet, supplies=((10.0, 10.0),)), plan_of([lot])) == {Rule.LEFT_OVER}


class TestSupplies:
    def test_its_tonnes_are_rounded_to_a_kilogram(self) -> None:
        problem = yard(BOTH, supplies=((0.0, 3.14159),))
        for tonnes, rules in ((3.142, set()), (3.1416, set()), (3.143, {Rule.PARCEL_MISMATCH})):
            lot = parcel("beach-0", 0.0, tonnes)
            assert broken(problem, plan_of([lot], [dispose(1.0, "beach-0", tonnes)])) == rules

    def test_less_than_half_a_kilogram_is_nothing(self) -> None:
        assert broken(yard(BOTH, supplies=((0.0, 0.0004),)), plan_of([])) == set()


class TestHauls:
    """Two lots, 4 t from hour 0 and 6 t from hour 2, go down the road on one trip."""

    supplies = ((0.0, 4.0), (2.0, 6.0))

    def _told(
        self,
        leave: float,
        materials: tuple[str, str],
        target: StoreSpec = BOTH,
        born: tuple[float, float] = (0.0, 2.0),
        carries: tuple[str, ...] = ("wet", "stale"),
    ) -> set[Rule]:
        lots = [parcel(f"beach-{i}", hour, tonnes) for i, (hour, tonnes) in enumerate(self.supplies)]
        loads = [
            parcel(
                f"load-{i}",
                leave + 0.5,
                lot.tonnes,
                place_id="field",
                material=materials[i],
                born=at(born[i]),
                origin=Origin.HAUL,
                of="trip",
            )
            for i, lot in enumerate(lots)
        ]
        trip = Haul(
            id="trip",
            link_id="road",
            vehicle=0,
            leave=at(leave),
            arrive=at(leave + 0.5),
            draws=tuple(Draw(parcel_id=lot.id, tonnes=lot.tonnes) for lot in lots),
            tonnes=10.0,
            parcels=tuple(load.id for load in loads),
        )
        out = [dispose(leave + 0.5, load.id, load.tonnes) for load in loads]
        problem = yard(BOTH, target=(target,), supplies=self.supplies)
        link = problem.links[0].model_copy(update={"materials": carries})
        problem = problem.model_copy(update={"links": (link,)})
        return broken(problem, plan_of([*lots, *loads], out, hauls=[trip]))

    def test_what_it_brings_keeps_its_birth(self) -> None:
        assert self._told(3.0, WETS) == set()
        assert self._told(3.0, WETS, born=(2.0, 2.0)) == {Rule.PARCEL_MISMATCH}
        assert self._told(3.0, WETS, born=(0.0, 0.0)) == {Rule.PARCEL_MISMATCH}

    def test_it_carries_materials_of_its_link_side_by_side(self) -> None:
        assert self._told(7.0, ("stale", "wet")) == set()
        assert self._told(7.0, ("stale", "wet"), carries=("wet",)) == {Rule.WRONG_MATERIAL}
        assert self._told(9.0, STALES, carries=("stale",)) == set()
        assert self._told(9.0, STALES, carries=("wet",)) == {Rule.WRONG_MATERIAL}

    def test_what_ages_as_it_leaves_may_count_as_either(self) -> None:
        for name in ("wet", "stale"):
            assert self._told(6.0, (name, "wet"), carries=("wet",)) == set()
            assert self._told(8.0, ("stale", name), carries=("stale",)) == set()

    def test_what_has_aged_may_be_told_as_it_was_born(self) -> None:
        assert self._told(9.0, WETS) == set()

    def test_it_brings_what_it_carries(self) -> None:
        assert self._told(3.0, STALES) == {Rule.PARCEL_MISMATCH}
        assert self._told(7.0, STALES) == {Rule.PARCEL_MISMATCH}

    def test_it_brings_what_a_store_takes_by_then(self) -> None:
        wet, stale = (StoreSpec(materials=(name,), capacity_t=10) for name in ("wet", "stale"))
        assert self._told(5.4, WETS, wet) == set()
        assert self._told(5.6, WETS, wet) == {Rule.NO_STORE}
        assert self._told(5.6, WETS, stale) == {Rule.NO_STORE}
        assert self._told(7.6, ("stale", "wet"), stale) == set()
        assert self._told(7.6, ("stale", "wet"), wet) == {Rule.NO_STORE}


class TestBatches:
    def _told(self, yields: float, cake: float | None, start: float = 7.0) -> set[Rule]:
        """Press 2 t of stale and 2 t of wet algae; the cake is disposed of."""
        problem = yard(
            BOTH,
            StoreSpec(materials=("cake",), capacity_t=9),
            yields=yields,
            supplies=((0.0, 2.0), (6.5, 2.0)),
        )
        lots = [parcel("beach-0", 0.0, 2.0), parcel("beach-1", 6.5, 2.0)]
        out: list[Disposal] = []
        if cake is not None:
            lots.append(parcel("cake", start + 1, cake, material="cake", origin=Origin.BATCH, of="one"))
            out.append(dispose(start + 2, "cake", cake))
        batch = Batch(
            id="one",
            place_id="yard",
            task_id="press",
            unit=0,
            start=at(start),
            end=at(start + 1),
            draws=(Draw(parcel_id="beach-0", tonnes=2.0), Draw(parcel_id="beach-1", tonnes=2.0)),
            tonnes=4.0,
            outputs=() if cake is None else ("cake",),
        )
        return broken(problem, plan_of(lots, out, batches=[batch]))

    def test_yields_are_rounded_to_a_kilogram(self) -> None:
        assert self._told(0.40015, 1.600) == set()
        assert self._told(0.40015, 1.601) == set()
        assert self._told(0.40015, 1.602) == {Rule.PARCEL_MISMATCH}
        assert self._told(0.40015, 1.599) == {Rule.PARCEL_MISMATCH}

    def test_what_yields_no_kilogram_has_no_parcel(self) -> None:
        assert self._told(0.0001, None) == set()
        assert self._told(0.0, None) == set()
        assert self._told(0.0, 0.001) == {Rule.PARCEL_MISMATCH}
        assert self._told(0.4, None) == {Rule.PARCEL_UNACCOUNTED}

    def test_shares_count_materials_at_their_age_when_it_starts(self) -> None:
        assert self._told(0.4, 1.6, start=12.4) == set()
        assert self._told(0.4, 1.6, start=12.6) == {Rule.BATCH_SHARES}

    def test_what_ages_at_that_second_may_be_either_input(self) -> None:
        assert self._told(0.4, 1.6, start=12.5) == set()
