"""示例 stands wherever the site says so, and nowhere else."""

from documents.network import ContractSpec, StoreSpec
from documents.site import Contract, Site
from service.papers.marks import Marks
from tests.service.handmade import make_site
from tests.service.handmade_problem import ALWAYS

MARK = "（示例）"


def test_marks_follow_the_sources_of_the_site(site: Site) -> None:
    site = make_site(site)
    marks = Marks(site)
    for yard in site.yards:
        assert (marks.place(yard.id) == MARK) == yard.is_example
        for store in yard.stores:
            spec = StoreSpec(materials=store.materials, capacity_t=1)
            assert (marks.store(yard.id, spec) == MARK) == store.is_example
        assert [marks.unit(yard.id, unit.id) == MARK for unit in yard.units] == [u.is_example for u in yard.units]
        assert [marks.task(yard.id, task.id) == MARK for task in yard.tasks] == [t.is_example for t in yard.tasks]
    assert {marks.place(yard.id) for yard in site.yards} == {MARK, ""}
    assert [marks.vessel(vessel.id) == MARK for vessel in site.vessels] == [v.is_example for v in site.vessels]


def test_a_contract_of_a_day_has_the_mark_of_the_sites(site: Site) -> None:
    sold = {"name": "日供", "place": "haide", "material": "powder", "price_cny_per_t": 1, "max_t": 1}
    known = site.model_copy(update={"contracts": (Contract(**sold, id="daily", source="示例"),)})
    spec = ContractSpec(**sold, id="daily-20260619", window=ALWAYS[0])
    assert Marks(known).contract(spec) == MARK
    assert Marks(known).contract(spec.model_copy(update={"name": "另一份"})) == ""


def test_what_the_site_does_not_know_has_no_mark(site: Site) -> None:
    marks = Marks(site)
    assert [marks.vessel("x"), marks.fleet("x"), marks.material("x"), marks.place("x"), marks.task("x", "y")] == [
        ""
    ] * 5
