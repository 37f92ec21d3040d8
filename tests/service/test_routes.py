"""Routes for skippers, as a sheet and as GPX."""

import dataclasses
from datetime import UTC

import gpxpy
import pytest

from documents.coast import Coast
from documents.problem import VesselSpec
from documents.site import Site
from service.papers.day import Day
from service.papers.route_gpx import route_gpx
from service.papers.route_sheet import route_sheet
from service.papers.words import degrees_minutes
from tests.service.handmade import make_day


@pytest.fixture(scope="module")
def day(site: Site, coast: Coast) -> Day:
    return make_day(site, coast)


def vessel(day: Day, name: str) -> VesselSpec:
    return next(vessel for vessel in day.problem.vessels if vessel.id == name)


def test_route_sheet_holds_every_stop(day: Day) -> None:
    sheet = route_sheet(day, vessel(day, "lu-04"))
    assert day.plan is not None
    stops = day.plan.voyages[0].stops
    rows = sheet.tables[0].rows
    assert [row[2] for row in rows] == ["离港", "采收", "卸载", "采收", "卸载", "返港"]
    assert [row[4] for row in rows] == [degrees_minutes(stop.lon, stop.lat) for stop in stops]
    assert rows[1][1] == "06-19 04:30 到，04:45–06:15 作业"
    assert rows[1][3].startswith("p-0000000a（成像时在")
    assert rows[1][6] == "141°"  # from the dock towards the headland
    assert rows[3][7:] == ("12.0", "12.0")
    assert [rows[number][3] for number in (0, 2, 4, 5)] == [
        "南夼码头（母港）",
        "乳清平台一号（泊于银滩外） 1 号泊位",
        "南夼码头 1 号泊位",
        "南夼码头（母港）",
    ]
    assert "采收 42.0 t" in sheet.tables[0].title
    assert "示例" in sheet.markdown()


def test_route_sheet_holds_every_waypoint(day: Day) -> None:
    legs = route_sheet(day, vessel(day, "lu-04")).tables[1].rows
    # At 5 it lies at its home dock already.
    assert [row[0] for row in legs] == ["0→1"] * 3 + ["1→2"] * 2 + ["2→3"] * 2 + ["3→4"] * 3


def test_a_vessel_in_port_is_told_so(day: Day) -> None:
    sheet = route_sheet(day, vessel(day, "lu-01"))
    assert not sheet.tables
    assert any("在港待命" in fact for fact in sheet.facts)
    assert route_gpx(day, vessel(day, "lu-01")) is None


def test_a_refused_plan_gives_no_route(day: Day) -> None:
    refused = dataclasses.replace(day, plan=None, violations=("x",))
    assert route_gpx(refused, vessel(day, "lu-04")) is None
    sheet = route_sheet(refused, vessel(day, "lu-04"))
    assert not sheet.tables
    assert any("没有通过校核" in fact for fact in sheet.facts)


def test_gpx_holds_every_stop_in_order_of_time(day: Day) -> None:
    text = route_gpx(day, vessel(day, "lu-04"))
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
    unloads = [point.description for point in points if point.symbol == "unload"]
    assert unloads == [
        "乳清平台一号（泊于银滩外） 1 号泊位，06:30 到，06:30–07:15 作业 30.0 t，载量 0.0 t",
        "南夼码头 1 号泊位，09:05 到，09:05–09:35 作业 12.0 t，载量 0.0 t",
    ]
