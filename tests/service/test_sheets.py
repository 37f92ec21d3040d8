"""Routes for skippers, intake for plants."""

import dataclasses
from datetime import UTC

import gpxpy
import pytest

from documents.coast import Coast
from documents.site import Site
from service.papers.day import Day
from service.papers.intake_sheet import intake_sheet
from service.papers.route_gpx import route_gpx
from service.papers.route_sheet import route_sheet
from service.papers.sheet import Sheet, Table
from service.papers.words import degrees_minutes
from tests.service.handmade import make_day


@pytest.fixture(scope="module")
def day(site: Site, coast: Coast) -> Day:
    return make_day(site, coast)


def _vessel(day: Day, name: str):  # type: ignore[no-untyped-def]
    return next(vessel for vessel in day.site.vessels if vessel.id == name)


def _plant(day: Day, name: str):  # type: ignore[no-untyped-def]
    return next(plant for plant in day.site.plants if plant.id == name)


def test_route_sheet_holds_every_stop(day: Day) -> None:
    sheet = route_sheet(day, _vessel(day, "lu-04"))
    assert day.plan is not None
    stops = day.plan.voyages[0].stops
    rows = sheet.tables[0].rows
    assert [row[2] for row in rows] == ["离港", "采收", "采收", "卸载", "返港"]
    assert [row[4] for row in rows] == [degrees_minutes(stop.lon, stop.lat) for stop in stops]
    assert rows[1][1] == "06-19 04:30 到，04:45–06:15 作业"
    assert rows[1][3].startswith("p-0000000a（成像时在")
    assert rows[1][6] == "141°"  # from the dock towards the headland
    assert rows[2][7:] == ("12.0", "42.0")
    assert [row[3] for row in rows[3:]] == ["南夼码头 1 号泊位", "南夼码头（母港）"]
    assert "采收 42.0 t" in sheet.tables[0].title
    assert "示例" in sheet.markdown()


def test_route_sheet_holds_every_waypoint(day: Day) -> None:
    legs = route_sheet(day, _vessel(day, "lu-04")).tables[1].rows
    assert [row[0] for row in legs] == ["0→1"] * 3 + ["1→2"] * 2 + ["2→3"] * 3  # at 4 it lies at its home dock already


def test_a_vessel_in_port_is_told_so(day: Day) -> None:
    sheet = route_sheet(day, _vessel(day, "lu-01"))
    assert not sheet.tables
    assert any("在港待命" in fact for fact in sheet.facts)
    assert route_gpx(day, _vessel(day, "lu-01")) is None


def test_a_refused_plan_gives_no_route(day: Day) -> None:
    refused = dataclasses.replace(day, plan=None, violations=("x",))
    assert route_gpx(refused, _vessel(day, "lu-04")) is None
    assert any("没有通过校核" in fact for fact in route_sheet(refused, _vessel(day, "lu-04")).facts)
    assert any("没有通过校核" in fact for fact in intake_sheet(refused, _plant(day, "yintan-fertilizer")).facts)


def test_gpx_holds_every_stop_in_order_of_time(day: Day) -> None:
    text = route_gpx(day, _vessel(day, "lu-04"))
    assert text is not None
    assert 'version="1.1"' in text
    assert "<time>20" not in text.split("<rte>")[0]  # the file itself carries no time of writing
    gpx = gpxpy.parse(text)
    assert len(gpx.routes) == 1
    assert day.plan is not None
    points = gpx.routes[0].points
    for stop in day.plan.voyages[0].stops:
        assert any(
            point.time.astimezone(UTC) == stop.arrive
            and (point.longitude, point.latitude) == pytest.approx((stop.lon, stop.lat), abs=1e-6)
            for point in points
        )
    times = [point.time for point in points]
    assert times == sorted(times)
    assert all(point.name for point in points)


def test_intake_sheet_spreads_batches_over_clock_hours(day: Day) -> None:
    sheet = intake_sheet(day, _plant(day, "haide-polysaccharide"))
    arrivals, hours = sheet.tables
    assert arrivals.rows == (("lu-04-0", "南夼码头", "06-19 09:06", "06-19 10:06", "06-19 04:45", "16.00", "多糖线"),)
    assert [row[0] for row in hours.rows] == ["06-19 10:00–11:00", "06-19 11:00–12:00", "06-19 12:00–13:00"]
    assert [float(row[2]) for row in hours.rows] == pytest.approx([7.2, 8.0, 0.8])  # 8 t/h from 10:06 to 12:06
    assert hours.rows[0][3] == "5.3–6.2"
    assert "合计 16.0 t" in sheet.facts


def test_intake_sheet_shows_no_other_plant(day: Day) -> None:
    text = intake_sheet(day, _plant(day, "haide-polysaccharide")).markdown()
    assert "24.0" not in text
    assert "银滩海藻肥厂" not in text
    assert "fertilizer" not in text


def test_a_plant_without_intake_is_told_so(day: Day) -> None:
    sheet = intake_sheet(day, _plant(day, "rushankou-feed"))
    assert any("无来料" in fact for fact in sheet.facts)
    assert not sheet.tables


def test_html_escapes_what_it_prints() -> None:
    sheet = Sheet("<b>", ("a & b",), (Table("t", ("x",), (("<script>",),)),), ("n",))
    assert "<script>" not in sheet.html()
    assert "a &amp; b" in sheet.html()
    assert "| <script> |" in sheet.markdown()


def test_markdown_keeps_its_columns() -> None:
    table = Sheet("t", (), (Table("t", ("a", "b"), (("1|2", "3"),), frozenset("b")),), ()).markdown()
    assert "| 1\\|2 | 3 |" in table
    assert "| --- | --: |" in table
