"""The problem of a day: windows in local time, one track a patch, and who is left out for which reason."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from documents.base import LonLat, Window
from documents.coast import Coast
from documents.errors import InputError
from documents.patches import Patches
from documents.problem import Problem
from documents.site import Site, read_site
from documents.site_network import Contract
from documents.site_sea import Tide
from documents.sourced import DAY_AND_NIGHT
from documents.tracks import Member, Tracks, Weather
from drift.forecast import forecast
from optimizer.build import build_problem
from optimizer.build_horizon import Horizon, common
from optimizer.build_network import contracts
from optimizer.build_patches import OFFSHORE_M
from optimizer.mean_track import mean_track
from tests.conftest import REPOSITORY
from tests.drift.patches import SENSED, make_patch, make_patches

DAY = date(2026, 6, 18)
SOURCE = {"__all__": {"source"}}
EACH = {"__all__": True}
SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 6, 18, 20, tzinfo=UTC)
END = START + timedelta(hours=36)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def spans(windows: object) -> list[tuple[datetime, datetime]]:
    return [(w.start, w.end) for w in windows]  # type: ignore[attr-defined]


def horizon(start: datetime = START, end: datetime = END) -> Horizon:
    """Return a horizon; as it stands, from 04:00 on the 19th to 16:00 on the 20th, local."""
    return Horizon(SHANGHAI, start, end)


class TestHours:
    def test_shift_that_fits_whole(self) -> None:
        assert spans(horizon().whole((time(4), time(20)))) == [(utc(18, 20), utc(19, 12))]
        assert spans(horizon().whole((time(5), time(15, 30)))) == [
            (utc(18, 21), utc(19, 7, 30)),
            (utc(19, 21), utc(20, 7, 30)),
        ]

    def test_shift_over_midnight(self) -> None:
        assert spans(horizon().whole((time(22), time(6)))) == [(utc(19, 14), utc(19, 22))]

    def test_shift_cut_by_the_horizon_is_none(self) -> None:
        assert horizon(end=START + timedelta(hours=12)).whole((time(3), time(12))) == ()

    def test_day_and_night_is_one_window_but_two_days(self) -> None:
        assert spans(horizon().open(DAY_AND_NIGHT)) == [(START, END)]
        days = horizon().days(DAY_AND_NIGHT)
        assert list(days) == [date(2026, 6, 19), date(2026, 6, 20)]
        assert spans(days.values()) == [(START, utc(19, 16)), (utc(19, 16), END)]

    def test_opening_hours_are_clipped(self) -> None:
        expected = [(utc(18, 22), utc(19, 14)), (utc(19, 22), utc(20, 8))]
        assert spans(horizon().open((time(6), time(22)))) == expected
        assert spans(horizon().days((time(6), time(22))).values()) == expected

    def test_opening_hours_over_midnight_began_the_day_before(self) -> None:
        days = horizon().days((time(20), time(5)))
        assert list(days) == [date(2026, 6, 18), date(2026, 6, 19)]
        assert spans(days.values()) == [(utc(18, 20), utc(18, 21)), (utc(19, 12), utc(19, 21))]

    def test_moments_of_each_day(self) -> None:
        assert horizon().moments(time(12)) == {date(2026, 6, 19): utc(19, 4), date(2026, 6, 20): utc(20, 4)}
        assert horizon().moments(time(4)) == {date(2026, 6, 19): utc(18, 20), date(2026, 6, 20): utc(19, 20)}
        assert horizon().moments(time(16)) == {date(2026, 6, 19): utc(19, 8)}

    @given(st.times(), st.times(), st.integers(0, 23), st.integers(1, 96))
    def test_open_exactly_when_the_clock_says_so(self, first: time, last: time, begin: int, hours: int) -> None:
        start = utc(18, begin)
        end = start + timedelta(hours=hours)
        windows = spans(horizon(start, end).open((first, last)))
        assert all(start <= a < b <= end for a, b in windows)
        assert all(b < c for (_, b), (c, _) in pairwise(windows))
        for minute in range(7, hours * 60, 31):
            moment = start + timedelta(minutes=minute)
            clock = moment.astimezone(SHANGHAI).time()
            is_open = first <= clock < last if first < last else clock >= first or clock < last
            assert is_open == any(a <= moment < b for a, b in windows)


class TestTides:
    def test_around_each_high_water_of_the_horizon(self) -> None:
        # High water at 09:00 on the 19th, local, which is 01:00 UTC; the next 12 h 25 min 12 s later, and so on.
        tide = Tide(period_h=12.42, high_water=datetime(2026, 6, 19, 9), around_h=4, source="示例")
        assert spans(horizon().tides(tide)) == [
            (utc(18, 21), utc(19, 5)),
            (utc(19, 9, 25) + timedelta(seconds=12), utc(19, 17, 25) + timedelta(seconds=12)),
            (utc(19, 21, 50) + timedelta(seconds=24), utc(20, 5, 50) + timedelta(seconds=24)),
        ]

    @given(
        st.integers(-40_000_000, 40_000_000),
        st.floats(4, 26),
        st.floats(0.01, 0.49),
        st.integers(1, 96),
    )
    def test_open_exactly_so_near_to_a_high_water(
        self, known_s: int, period_h: float, share: float, hours: int
    ) -> None:
        known = START + timedelta(seconds=known_s)
        local = known.astimezone(SHANGHAI).replace(tzinfo=None)
        tide = Tide(period_h=period_h, high_water=local, around_h=share * period_h, source="示例")
        windows = spans(horizon(end=START + timedelta(hours=hours)).tides(tide))
        period, around = round(3600 * period_h), round(3600 * share * period_h)
        assert all(START <= a < b <= START + timedelta(hours=hours) for a, b in windows)
        for second in range(0, hours * 3600, 421):
            off = (second - known_s) % period
            near = min(off, period - off)
            moment = START + timedelta(seconds=second)
            if near != around:
                assert (near < around) == any(a <= moment <= b for a, b in windows)

    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=6), st.integers(0, 40))
    def test_common_is_what_lies_in_both(self, some: list[tuple[int, int]], first: int) -> None:
        def hours(a: int, b: int) -> Window:
            return Window(start=START + timedelta(hours=a), end=START + timedelta(hours=b))

        windows, other = [hours(a, a + length) for a, length in some], hours(first, first + 12)
        both = spans(common(windows, [other]))
        for half in range(1, 120, 2):
            moment = START + timedelta(hours=half / 2)
            wanted = any(a < moment < b for a, b in spans(windows)) and other.start < moment < other.end
            assert wanted == any(a < moment < b for a, b in both)


def member(number: int, lat: list[float], stranded: int | None = None, mass: float = 1.0, value: float = 100) -> Member:
    hours = len(lat)
    worth = tuple(value if stranded is None or h < stranded else 0.0 for h in range(hours))
    line = {"lon": (122.0,) * hours, "lat": tuple(lat), "remaining": (mass,) * hours}
    return Member(patch_id="p", member=number, stranded_from=stranded, value_cny_per_t=worth, **line)


class TestMeanTrack:
    def test_means_over_those_afloat(self) -> None:
        two = [member(0, [36.0, 36.2, 36.4, 36.6]), member(1, [36.4, 36.6, 36.6, 36.6], 2, mass=3.0, value=500)]
        track = mean_track(two, np.array([0.0, 0.5, 1.5, 2.0, 2.5]))
        assert track.lat == pytest.approx([36.2, 36.3, 36.45, 36.4, 36.5])
        assert track.afloat.tolist() == [1.0, 1.0, 1.0, 0.5, 0.5]
        assert track.remaining == pytest.approx([2.0, 2.0, 2.0, 0.5, 0.5])
        assert track.value_cny_per_t == pytest.approx([400, 400, 400, 100, 100])

    def test_beyond_the_tracks_the_last_holds(self) -> None:
        track = mean_track([member(0, [36.0, 36.2])], np.array([0.0, 1.0, 1.5]))
        assert track.lat == pytest.approx([36.0, 36.2, 36.2])
        assert track.known.tolist() == [True, True, False]

    def test_all_stranded_keeps_the_last_place_afloat(self) -> None:
        track = mean_track([member(0, [36.0, 36.2, 36.2, 36.2], 1)], np.array([0.5, 1.5, 2.5]))
        assert track.lat == pytest.approx([36.1, 36.1, 36.1])
        assert track.remaining.tolist() == [1.0, 0.0, 0.0]
        assert track.value_cny_per_t.tolist() == [100.0, 0.0, 0.0]

    def test_stranded_before_the_first_hour(self) -> None:
        track = mean_track([member(0, [36.2, 36.2], 0), member(1, [36.4, 36.4], 0)], np.array([0.5, 1.0]))
        assert track.lat == pytest.approx([36.3, 36.3])
        assert track.afloat.tolist() == [0.0, 0.0]


def day_of(site: Site, coast: Coast, **centres: tuple[LonLat, float]) -> tuple[Patches, Tracks]:
    patches = make_patches([make_patch(name.replace("_", "-"), *about) for name, about in centres.items()])
    return patches, forecast(patches, site, coast)


@pytest.fixture(scope="module")
def problem(site: Site, coast: Coast) -> Problem:
    given = day_of(
        site,
        coast,
        near=((121.70, 36.62), 80.0),
        crumb=((121.75, 36.60), 1.5),
        ashore=((121.80, 36.878), 90.0),
        tropics=((-87.5, 16.2), 500.0),
        second=((121.80, 36.60), 40.0),
    )
    return build_problem(*given, site, coast, DAY)


def test_horizon_starts_at_the_local_plan_start(problem: Problem, site: Site) -> None:
    assert problem.start == START
    assert problem.day == "2026-06-18"
    assert problem.horizon_h == 36
    assert Problem.from_json(problem.model_dump_json()) == problem
    assert problem.time_limit_s == site.planning.time_limit_s
    assert not problem.protect_first
    assert problem.solver == "highs"


def test_what_comes_first_and_what_solves_is_the_sites_to_say(site: Site, coast: Coast) -> None:
    told = {"protect_first": True, "solver": "cbc"}
    other = site.model_copy(update={"planning": site.planning.model_copy(update=told)})
    problem = build_problem(*day_of(other, coast, near=((121.70, 36.62), 80.0)), other, coast, DAY)
    assert problem.protect_first
    assert problem.solver == "cbc"


def test_reasons_for_leaving_out(problem: Problem) -> None:
    assert [patch.id for patch in problem.patches] == ["near", "second"]
    assert {left.id: left.reason for left in problem.left_out} == {
        "crumb": "不足 2 t",
        "ashore": "计划时段内多半已搁浅",
        "tropics": "超出岸线资料范围",
    }
    assert {left.id: left.tonnes for left in problem.left_out}["tropics"] == 500.0


def test_out_of_the_fleets_reach(site: Site, coast: Coast) -> None:
    # 3 kn for 16 h less 0.25 h of rigging, out and back: 23.6 nm = 43.8 km from the nearest home dock.
    slow = site.model_copy(update={"vessels": tuple(v.model_copy(update={"speed_kn": 3.0}) for v in site.vessels)})
    problem = build_problem(
        *day_of(slow, coast, near=((121.70, 36.55), 9.0), far=((122.6, 36.3), 9.0)), slow, coast, DAY
    )
    assert [patch.id for patch in problem.patches] == ["near"]
    assert [(left.id, left.reason) for left in problem.left_out] == [("far", "超出船队可达范围")]


def test_too_near_the_shore_for_a_boat(site: Site, coast: Coast) -> None:
    current = site.drift.current.model_copy(update={"east_m_s": 0.0, "north_m_s": 0.0, "spread_m_s": 0.0})
    still = site.model_copy(update={"drift": site.drift.model_copy(update={"current": current})})
    shore = coast.land.boundary.interpolate(coast.land.boundary.project(shapely.Point(121.705, 36.80)))
    point = shapely.Point(shore.x, shore.y - 0.0008)
    assert 50 < coast.land.distance(point) * 111_000 < OFFSHORE_M
    problem = build_problem(*day_of(still, coast, near=((point.x, point.y), 9.0)), still, coast, DAY)
    assert [left.reason for left in problem.left_out] == ["计划时段内距岸不足 150 m"]


def test_patch_follows_its_ensemble(problem: Problem, site: Site, coast: Coast) -> None:
    near = problem.patches[0]
    _, tracks = day_of(site, coast, near=((121.70, 36.62), 80.0))
    # The horizon starts 17.4 h after the image, between the track's hours 17 and 18.
    share = (START - SENSED).total_seconds() / 3600 - 17
    assert all(m.stranded_from is None or m.stranded_from > 18 for m in tracks.members)
    expected = np.mean([m.lat[17] * (1 - share) + m.lat[18] * share for m in tracks.members])
    assert near.lat[0] == pytest.approx(expected, abs=1e-6)
    assert near.biomass_t == 80.0
    assert near.name == "银滩东南 3.2 km"
    assert near.collectable[0]
    assert 1.0 < near.remaining[0] < 1.03
    assert all(value >= 0 for value in near.value_cny_per_t)
    assert max(near.value_cny_per_t) > 0


def test_collectable_only_well_off_the_shore(problem: Problem, coast: Coast) -> None:
    least_deg = 0.9 * OFFSHORE_M / 111_000
    for patch in problem.patches:
        places = list(zip(patch.lon, patch.lat, patch.collectable, strict=True))
        for (lon, lat, one), (lon2, lat2, two) in pairwise(places):
            if one and two:
                assert coast.land.distance(shapely.LineString([(lon, lat), (lon2, lat2)])) > least_deg


def test_specifications_carry_over(problem: Problem, site: Site) -> None:
    lu01 = problem.vessels[0]
    assert (lu01.id, lu01.capacity_t, lu01.speed_kn) == ("lu-01", 120, 9)
    assert spans(lu01.shifts) == [(utc(18, 20), utc(19, 12))]
    assert [place.id for place in problem.places] == [yard.id for yard in site.yards]
    for place, yard in zip(problem.places, site.yards, strict=True):
        assert place.model_dump(exclude={"units", "lon", "lat"}) == yard.model_dump(
            include={"id": True, "name": True, "stores": EACH, "tasks": EACH},
            exclude={"stores": SOURCE, "tasks": SOURCE},
        )
    assert (problem.places[-3].lon, problem.places[-3].lat) == (site.plants[0].lon, site.plants[0].lat)
    assert problem.places[0].lon is None
    for ours, theirs in ((problem.materials, site.materials), (problem.links, site.links)):
        assert [one.model_dump() for one in ours] == [one.model_dump(exclude={"source"}) for one in theirs]
    assert problem.landed_material == site.landed_material


def test_opening_hours_of_equipment_become_windows(problem: Problem) -> None:
    unit = {(place.id, unit.id): unit for place in problem.places for unit in place.units}
    assert spans(unit["rushankou-feed", "dryer"].windows) == [(utc(18, 22), utc(19, 14)), (utc(19, 22), utc(20, 8))]
    assert unit["rushankou-feed", "dryer"].number == 2
    assert spans(unit["haide-polysaccharide", "dryer"].windows) == [(START, END)]
    assert all(spans(fleet.windows) == [(START, END)] for fleet in problem.fleets)


def test_docks_are_open_by_the_clock_and_by_the_tide(problem: Problem, site: Site, coast: Coast) -> None:
    regular, _, tidal = problem.docks
    assert spans(regular.windows) == [(START, END)]
    assert spans(tidal.windows)[0] == (utc(18, 21), utc(19, 5))
    hours = {"open": (time(6), time(18))}
    short = site.model_copy(update={"docks": tuple(dock.model_copy(update=hours) for dock in site.docks)})
    regular, _, tidal = build_problem(*day_of(short, coast), short, coast, DAY).docks
    assert spans(regular.windows) == [(utc(18, 22), utc(19, 10)), (utc(19, 22), END)]
    assert spans(tidal.windows) == [
        (utc(18, 22), utc(19, 5)),
        (utc(19, 9, 25) + timedelta(seconds=12), utc(19, 10)),
        (utc(19, 22), utc(20, 5, 50) + timedelta(seconds=24)),
    ]


def test_platform_lies_out_by_day(problem: Problem, site: Site, coast: Coast) -> None:
    (ship,) = problem.platforms
    assert [station.id for station in ship.stations] == ["west", "middle", "east"]
    assert spans(ship.days) == [(START, utc(19, 12)), (utc(19, 20), END)]
    always = {"platforms": (site.platforms[0].model_copy(update={"open": (time(6), time(6))}),)}
    round_the_clock = site.model_copy(update=always)
    (ship,) = build_problem(*day_of(site, coast), round_the_clock, coast, DAY).platforms
    assert spans(ship.days) == [(START, utc(18, 22)), (utc(18, 22), utc(19, 22)), (utc(19, 22), END)]


def test_supplies_and_contracts_of_each_day(problem: Problem) -> None:
    assert [(s.id, s.time, s.tonnes) for s in problem.supplies] == [
        ("beach-cleaning-20260619", utc(19, 4), 60),
        ("beach-cleaning-20260620", utc(20, 4), 60),
    ]
    feed = [contract for contract in problem.contracts if contract.material == "feed"]
    assert [contract.id for contract in feed] == ["feed-sale-20260619", "feed-sale-20260620"]
    assert spans(contract.window for contract in feed) == [(utc(19, 0), utc(19, 10)), (utc(20, 0), END)]
    assert {(contract.min_t, contract.max_t, contract.price_cny_per_t) for contract in feed} == {(0, 60, 5500)}


def test_a_minimum_binds_only_where_the_horizon_holds_its_hours_whole(site: Site) -> None:
    owed = Contract(
        id="owed",
        name="约定",
        place="rushankou-feed",
        material="feed",
        price_cny_per_t=1,
        min_t=2,
        max_t=3,
        open=(time(8), time(18)),
        source="示例",
    )
    found = contracts(site.model_copy(update={"contracts": (owed,)}), horizon())
    assert [(contract.min_t, contract.max_t) for contract in found] == [(2, 3), (0, 3)]
    late = owed.model_copy(update={"open": (time(20), time(2))})
    found = contracts(site.model_copy(update={"contracts": (late,)}), horizon(start=utc(18, 13), end=utc(19, 20)))
    assert [(c.id, c.min_t) for c in found] == [("owed-20260618", 0), ("owed-20260619", 2)]


def test_shells_come_in_through_the_same_engine(problem: Problem, coast: Coast) -> None:
    shells = read_site(REPOSITORY / "configs" / "rushan-oyster.yaml")
    given = day_of(shells, coast, near=((121.70, 36.62), 80.0))
    both = build_problem(*given, shells, coast, DAY)
    assert Problem.from_json(both.model_dump_json()) == both
    assert both.site_id == "rushan-oyster"
    assert both.places[: len(problem.places)] == problem.places
    assert [place.id for place in both.places[len(problem.places) :]] == ["shell-yard", "shell-works"]
    assert [s.tonnes for s in both.supplies if s.material == "shell"] == [80, 80]


def test_land_is_the_coast_around(problem: Problem, coast: Coast) -> None:
    land = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in problem.land])
    assert land.is_valid
    west, _, east, _ = land.bounds
    assert west > 121.2
    assert east < 122.1
    inner = shapely.box(121.45, 36.60, 121.85, 36.95)
    both = shapely.symmetric_difference(land.intersection(inner), coast.land.intersection(inner))
    assert both.area < 1e-6
    assert all(round(v, 6) == v for rings in problem.land for ring in rings for point in ring for v in point)
    assert not any(land.contains(shapely.Point(dock.lon, dock.lat)) for dock in problem.docks)


def test_land_reaches_around_the_stations_too(problem: Problem, site: Site, coast: Coast) -> None:
    ship = site.platforms[0]
    far = ship.model_copy(update={"stations": (ship.stations[0].model_copy(update={"lon": 122.5, "lat": 36.7}),)})
    moved = site.model_copy(update={"platforms": (far,)})
    land = build_problem(*day_of(site, coast), moved, coast, DAY).land
    assert max(lon for rings in problem.land for lon, _ in rings[0]) < 122.1
    assert max(lon for rings in land for lon, _ in rings[0]) > 122.3


def test_only_the_largest_enter(site: Site, coast: Coast) -> None:
    few = site.model_copy(update={"planning": site.planning.model_copy(update={"max_patches": 2})})
    centres = {f"p_{i}": ((121.70 + 0.01 * i, 36.62), tonnes) for i, tonnes in enumerate((30.0, 90.0, 30.0, 60.0))}
    problem = build_problem(*day_of(few, coast, **centres), few, coast, DAY)
    assert [patch.id for patch in problem.patches] == ["p-1", "p-3"]
    assert [left.id for left in problem.left_out] == ["p-0", "p-2"]
    assert {left.reason for left in problem.left_out} == {"斑块多于 2 个，此斑块较小，未列入"}


def test_no_patch_at_all(site: Site, coast: Coast) -> None:
    problem = build_problem(*day_of(site, coast), site, coast, DAY)
    assert problem.patches == problem.left_out == ()
    assert problem.land
    assert Problem.from_json(problem.model_dump_json()) == problem


def test_same_input_same_bytes(site: Site, coast: Coast, problem: Problem) -> None:
    given = day_of(site, coast, near=((121.70, 36.62), 80.0), second=((121.80, 36.60), 40.0))
    first, second = (build_problem(*given, site, coast, DAY).model_dump_json() for _ in range(2))
    assert first == second
    assert Problem.from_json(first).patches == problem.patches


def test_after_the_tracks_end_nothing_is_known(site: Site, coast: Coast) -> None:
    given = day_of(site, coast, near=((121.70, 36.50), 80.0))
    problem = build_problem(*given, site, coast, date(2026, 6, 20))
    assert problem.patches[0].collectable[:6] == (True,) * 6
    assert not any(problem.patches[0].collectable[7:])
    late = build_problem(*given, site, coast, date(2026, 6, 25))
    assert [left.reason for left in late.left_out] == ["超出漂移预报时段"]


def test_a_plan_before_the_image_is_refused(site: Site, coast: Coast) -> None:
    with pytest.raises(InputError, match="after the plan's start"):
        build_problem(*day_of(site, coast, near=((121.70, 36.62), 80.0)), site, coast, date(2026, 6, 16))


def test_tracks_of_other_patches_are_refused(site: Site, coast: Coast) -> None:
    patches, _ = day_of(site, coast, near=((121.70, 36.62), 80.0))
    _, tracks = day_of(site, coast, other=((121.70, 36.62), 80.0))
    with pytest.raises(InputError, match="patch near"):
        build_problem(patches, tracks, site, coast, DAY)


def test_waves_of_an_hour_are_the_highest_around_it(site: Site, coast: Coast) -> None:
    patches, tracks = day_of(site, coast, near=((121.70, 36.62), 80.0))
    # Known for the track's hours 0 to 20; the horizon's hour 0 lies between 17 and 19.
    weather = tuple(Weather(time=t, wave_m=0.1 * k if k <= 20 else None) for k, t in enumerate(tracks.times))
    problem = build_problem(patches, tracks.model_copy(update={"weather": weather}), site, coast, DAY)
    assert problem.wave_m[:4] == (pytest.approx(1.9), pytest.approx(2.0), pytest.approx(2.0), pytest.approx(2.0))
    assert problem.wave_m[4:] == (None,) * 32
