"""The sheets of plants and platforms: each its own figures, all of them, and nobody else's."""

import dataclasses

import pytest

from documents.coast import Coast
from documents.network import PlaceSpec
from documents.site import Site
from service.papers.day import Day
from service.papers.intake_sheet import intake_sheet
from service.papers.platform_sheet import platform_sheet
from service.papers.sheet import Sheet, Table
from tests.service.handmade import make_day


@pytest.fixture(scope="module")
def day(site: Site, coast: Coast) -> Day:
    return make_day(site, coast)


def plant(day: Day, name: str) -> PlaceSpec:
    return next(plant for plant in day.plants if plant.id == name)


def table(sheet: Sheet, title: str) -> Table:
    return next(table for table in sheet.tables if table.title.startswith(title))


def test_arrivals_by_the_hour_tell_material_age_source_and_trips(day: Day) -> None:
    assert table(intake_sheet(day, plant(day, "haide")), "逐时到料").rows == (
        ("06-19 10:00–11:00", "鲜浒苔", "6.00", "3.0", "南夼码头", "1"),
        ("06-19 13:00–14:00", "压榨饼", "12.00", "3.8–4.8", "南夼码头", "2"),
    )


def test_every_load_has_its_vehicle_and_its_times(day: Day) -> None:
    assert table(intake_sheet(day, plant(day, "yintan")), "来料明细").rows == (
        ("06-19 08:00", "–", "外部来料", "–", "牡蛎壳", "4.00", "–", "shells"),
        ("06-19 10:30", "南夼货车队 2 号", "南夼码头", "06-19 09:45", "鲜浒苔", "5.00", "2.8", "h-3"),
    )


def test_batches_stand_machine_by_machine_with_what_they_are_expected_to_give(day: Day) -> None:
    sheet = intake_sheet(day, plant(day, "haide"))
    assert table(sheet, "生产批次：压榨机（2 台）").rows == (
        ("1", "06-19 10:40–12:10", "压榨", "4.00", "鲜浒苔", "3.0", "压榨饼 1.28–1.60–1.92"),
        ("2", "06-19 10:45–12:15", "压榨", "2.00", "鲜浒苔", "3.1", "压榨饼 0.64–0.80–0.96"),
    )
    dried = table(sheet, "生产批次：烘干机").rows
    assert [row[1] for row in dried] == ["06-19 12:15–15:15", "06-19 15:15–18:15"]
    assert [row[5] for row in dried] == ["0.0–0.1", "6.0–7.0"]


def test_a_batch_of_two_materials_tells_both_as_they_are_by_then(day: Day) -> None:
    (row,) = table(intake_sheet(day, plant(day, "yintan")), "生产批次").rows
    assert row[1] == "06-19 16:00–06-20 04:00"
    assert row[4] == "陈浒苔 4.00、牡蛎壳 1.00"
    assert row[5] == "8.3"  # of the algae; shells keep


def test_totals_carry_the_shortfall_of_the_plants_own_press_but_not_of_others(day: Day) -> None:
    powder = table(intake_sheet(day, plant(day, "haide")), "计划期预计产出").rows[1]
    low, high = 2.4 * 0.32 / 0.4 * 0.2 + 8 * 0.2, 2.4 * 0.48 / 0.4 * 0.3 + 8 * 0.3
    assert powder == ("浒苔粉", f"{low:.2f}", "2.60", f"{high:.2f}")


def test_stock_at_start_and_end_with_all_between(day: Day) -> None:
    account = table(intake_sheet(day, plant(day, "haide")), "库存与收支")
    assert account.columns == ("物料", "期初", "到料", "产出", "投料", "销售", "期末")
    assert account.rows == (
        ("鲜浒苔", "–", "6.00", "–", "6.00", "–", "–"),
        ("压榨饼", "–", "12.00", "2.40", "10.40", "–", "4.00"),
        ("浒苔粉", "1.50", "–", "2.60", "–", "3.00", "1.10"),
    )


def test_sales_of_one_moment_stand_together(day: Day) -> None:
    assert table(intake_sheet(day, plant(day, "haide")), "销售").rows == (
        ("06-19 19:00", "浒苔粉日供（示例）", "浒苔粉", "3.00", "8,000", "24,000"),
    )


def test_what_is_disposed_of_stands_on_the_sheet_of_its_place(day: Day) -> None:
    assert day.plan is not None
    gone = day.plan.disposals[0]
    draw = gone.draw.model_copy(update={"parcel_id": "h-3-1"})
    moved = day.plan.model_copy(update={"disposals": (gone.model_copy(update={"draw": draw}),)})
    sheet = intake_sheet(dataclasses.replace(day, plan=moved), plant(day, "yintan"))
    assert table(sheet, "处置").rows == (("06-19 10:00", "鲜浒苔", "1.00", "2.3"),)
    assert any("处置 鲜浒苔 1.0 t" in fact for fact in sheet.facts)


def test_a_sheet_ends_with_what_the_plan_takes_the_place_to_have(day: Day) -> None:
    sheet = intake_sheet(day, plant(day, "haide"))
    tasks, stores = sheet.tables[-2:]
    assert tasks.rows == (
        ("压榨机", "2", "压榨", "2–8", "1.5", "压榨饼 0.32–0.4–0.48", "15", "示例"),
        ("烘干机", "1", "烘干制粉", "2–8", "3", "浒苔粉 0.2–0.25–0.3", "未计", "示例"),
    )
    assert stores.rows[0] == ("鲜浒苔、陈浒苔", "30", "鲜浒苔 8 h，其后按陈浒苔计；陈浒苔 48 h", "示例")
    assert stores.rows[2] == ("浒苔粉", "50", "可长期存放", "示例")


def test_the_sheet_opens_with_its_sums(day: Day) -> None:
    facts = intake_sheet(day, plant(day, "haide")).facts
    assert "合计：加工 4 批；到料 鲜浒苔 6.0 t、压榨饼 12.0 t（3 趟）；销售 浒苔粉 3.0 t" in facts


@pytest.mark.parametrize(
    ("own", "others"),
    [("haide", ("银滩", "发酵", "有机肥", "牡蛎壳", "30.00")), ("yintan", ("海德", "压榨", "浒苔粉", "24,000"))],
)
def test_a_plant_sees_no_other_plant(day: Day, own: str, others: tuple[str, ...]) -> None:
    text = intake_sheet(day, plant(day, own)).markdown()
    assert [word for word in others if word in text] == []


def test_another_plants_yields_do_not_show(day: Day) -> None:
    """A place further up may make less: that is for the bulletin, not for those who buy from it."""
    before = intake_sheet(day, plant(day, "haide"))
    places = list(day.problem.places)
    at = next(index for index, place in enumerate(places) if place.id == "ruqing-1")
    (press,) = places[at].tasks
    poor = press.outputs[0].model_copy(update={"yield_low": 0.01})
    task = press.model_copy(update={"outputs": (poor,)})
    places[at] = places[at].model_copy(update={"tasks": (task,)})
    problem = day.problem.model_copy(update={"places": tuple(places)})
    assert intake_sheet(dataclasses.replace(day, problem=problem), plant(day, "haide")) == before


def test_a_plant_that_stands_idle_is_told_so(day: Day) -> None:
    sheet = intake_sheet(day, plant(day, "rushankou-feed"))
    assert any("无来料" in fact for fact in sheet.facts)
    assert [table.title for table in sheet.tables] == ["计划所据：库容与存期"]
    assert "示例" not in sheet.markdown()  # its figures are measured


def test_the_platform_is_told_where_it_lies_who_calls_and_what_leaves(day: Day) -> None:
    sheet = platform_sheet(day, day.problem.platforms[0])
    assert table(sheet, "逐日站位").rows == (
        ("06-19 04:00–20:00", "银滩外", "36°44.400′N 121°44.400′E"),
        ("06-20 05:00–16:00", "在港", "–"),
    )
    assert table(sheet, "靠泊卸载").rows == (
        ("06-19 06:30", "06:30–07:15", "鲁乳清04", "1", "银滩外", "30.00", "2.5", "lu-04-1"),
    )
    assert [row[1] for row in table(sheet, "生产批次").rows] == ["06-19 07:15–08:15", "06-19 08:15–09:15"]
    assert table(sheet, "驳运离泊").rows == (
        ("06-19 09:30", "驳船 1 号", "南夼码头", "06-19 10:15", "压榨饼", "12.00", "0.2–1.2"),
    )
    assert "海德" not in sheet.markdown()


def test_a_platform_in_harbour_keeps_its_days(day: Day, site: Site, coast: Coast) -> None:
    idle = make_day(site, coast, day.patches.model_copy(update={"patches": ()}))
    sheet = platform_sheet(idle, idle.problem.platforms[0])
    assert [row[1] for row in table(sheet, "逐日站位").rows] == ["在港", "在港"]
    assert any("无船靠泊" in fact for fact in sheet.facts)


def test_a_refused_plan_gives_no_figures(day: Day) -> None:
    refused = dataclasses.replace(day, plan=None, violations=("x",))
    for sheet in (
        intake_sheet(refused, plant(day, "haide")),
        platform_sheet(refused, refused.problem.platforms[0]),
    ):
        assert all(table.title.startswith("计划所据") for table in sheet.tables)
        assert any("没有通过校核" in fact for fact in sheet.facts)


def test_a_simulated_day_says_so_on_every_sheet(site: Site, coast: Coast) -> None:
    day = make_day(site, coast, simulated=True)
    for sheet in (intake_sheet(day, plant(day, "haide")), platform_sheet(day, day.problem.platforms[0])):
        assert "模拟影像" in sheet.notes[0]


def test_html_escapes_what_it_prints() -> None:
    sheet = Sheet("<b>", ("a & b",), (Table("t", ("x",), (("<script>",),)),), ("n",))
    assert "<script>" not in sheet.html()
    assert "a &amp; b" in sheet.html()
    assert "| <script> |" in sheet.markdown()


def test_markdown_keeps_its_columns() -> None:
    table = Sheet("t", (), (Table("t", ("a", "b"), (("1|2", "3"),), frozenset("b")),), ()).markdown()
    assert "| 1\\|2 | 3 |" in table
    assert "| --- | --: |" in table


def test_heads_of_figures_stand_over_their_figures() -> None:
    page = Sheet("t", (), (Table("t", ("a", "b"), (("1", "2"),), frozenset("b")),), ()).html()
    assert '<th class="text">a</th><th class="figure">b</th>' in page
