"""The plan read parcel by parcel: nothing is lost on paper, and intervals hold what they must."""

from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import given

from documents.plan import Origin
from service.papers.bulletin_ashore import fates
from service.papers.expected import outputs_of, outputs_of_all
from service.papers.ledger import IN, OUT, Flow, Ledger
from tests.service.handmade import OWN
from tests.service.handmade_plan import local, make_plan
from tests.service.handmade_problem import make_problem
from tests.service.random_ledger import ledgers


@pytest.fixture(scope="module")
def book() -> Ledger:
    problem = make_problem(OWN)
    return Ledger(problem, make_plan(problem))


@given(ledgers())
def test_what_comes_to_a_place_is_what_leaves_it_or_stays(book: Ledger) -> None:
    for place in book.problem.places:
        account = book.account(place.id)
        for flows in account.values():
            came = sum(flows[flow] for flow in IN) + flows[Flow.TURNED]
            assert came == pytest.approx(sum(flows[flow] for flow in OUT), abs=1e-9)
        assert sum(flows[Flow.TURNED] for flows in account.values()) == pytest.approx(0, abs=1e-9)


@given(ledgers())
def test_what_becomes_of_the_catch_adds_up_to_what_was_landed(book: Ledger) -> None:
    landed = sum(parcel.tonnes for parcel in book.plan.parcels if parcel.origin is Origin.LANDING)
    assert sum(mass for _, mass in fates(book)) == pytest.approx(landed)


@given(ledgers())
def test_expected_outputs_rise_and_widen_with_every_step(book: Ledger) -> None:
    planned: dict[str, float] = defaultdict(float)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for batch in book.plan.batches:
        for material, each in outputs_of(book, batch).items():
            planned[material] += each.mid
            sums[material][0] += each.low
            sums[material][1] += each.high
    within = outputs_of_all(book, book.plan.batches, through_hauls=False)
    beyond = outputs_of_all(book, book.plan.batches, through_hauls=True)
    assert set(within) == set(planned)
    for material, total in within.items():
        assert total.mid == pytest.approx(planned[material])
        assert total.low <= sums[material][0] + 1e-9 <= total.mid + 1e-6
        assert total.high >= sums[material][1] - 1e-9 >= total.mid - 1e-6
        assert beyond[material].low <= total.low + 1e-9
        assert beyond[material].high >= total.high - 1e-9


def test_algae_are_stale_after_their_shelf_life_and_not_at_its_end(book: Ledger) -> None:
    parcel = book.parcels["h-3-1"]  # collected at 07:40, fresh for 8 h
    assert book.material(parcel, local("15:40")) == "fresh"
    assert book.material(parcel, local("15:40") + timedelta(seconds=2)) == "stale"
    assert book.material(parcel, book.end) == "stale"


def test_the_account_of_a_place(book: Ledger) -> None:
    account = book.account("yintan")
    assert list(account) == ["fresh", "stale", "shell", "fertilizer"]
    assert (account["fresh"][Flow.ARRIVED], account["fresh"][Flow.TURNED]) == (5, -5)
    assert (account["stale"][Flow.USED], account["stale"][Flow.REST]) == (4, 1)
    assert (account["shell"][Flow.ARRIVED], account["shell"][Flow.REST]) == (4, 3)
    assert account["fertilizer"][Flow.MADE] == 1.5


def test_cake_of_the_platform_may_be_less_by_the_time_it_is_powder(book: Ledger) -> None:
    own = [book.batches["b-6"]]  # 8 t of cake from the platform, where 0.4 may be 0.3 or 0.45; 0.25 may be 0.2 or 0.3
    assert outputs_of_all(book, own, through_hauls=False)["powder"].low == pytest.approx(8 * 0.2)
    through = outputs_of_all(book, own, through_hauls=True)["powder"]
    assert through.low == pytest.approx(8 * 0.3 / 0.4 * 0.2)
    assert through.high == pytest.approx(8 * 0.45 / 0.4 * 0.3)


def test_the_fate_of_the_catch_by_task(book: Ledger) -> None:
    found: dict[str, float] = defaultdict(float)
    for name, mass in fates(book):
        found[name] += mass
    assert {name: mass for name, mass in found.items() if mass} == pytest.approx(
        {"压榨": 36, "好氧发酵": 4, "期末留存": 1, "处置": 1}
    )
