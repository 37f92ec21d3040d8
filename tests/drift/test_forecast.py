"""Tracks: along the current, growing, ashore on the right side, worth what they threaten."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from documents.base import LonLat, dumps
from documents.coast import Coast
from documents.site import Asset, AssetKind, Site
from documents.tracks import Tracks
from drift.ensemble import draw_ensemble
from drift.forecast import forecast
from drift.stranding import strand
from tests.drift.patches import SENSED, make_patch, make_patches

GEOD = Geod(ellps="WGS84")
OPEN_SEA: LonLat = (121.9, 36.2)
EMPTY_SEA = Coast(shapely.MultiPolygon(), (120.0, 35.0, 124.0, 38.0), "")


def with_drift(site: Site, **current: float) -> Site:
    changed = site.drift.model_copy(update={"current": site.drift.current.model_copy(update=current)})
    return site.model_copy(update={"drift": changed})


def with_assets(site: Site, *assets: Asset) -> Site:
    return site.model_copy(update={"assets": assets})


def asset(name: str, place: LonLat, radius_km: float, damage: float) -> Asset:
    lon, lat = place
    kind = AssetKind.BEACH
    return Asset(
        id=name, name=name, kind=kind, lon=lon, lat=lat, radius_km=radius_km, damage_cny_per_t=damage, source="示例"
    )


def track_of(site: Site, coast: Coast, centre: LonLat) -> Tracks:
    return forecast(make_patches([make_patch("p-1", centre)]), site, coast)


def test_shape_times_and_members(site: Site, coast: Coast) -> None:
    tracks = forecast(make_patches([make_patch("p-1", OPEN_SEA), make_patch("p-2", (122.1, 36.3))]), site, coast)
    assert len(tracks.times) == site.drift.hours + 1 == 73
    assert tracks.times[0] == SENSED
    assert {(b - a).total_seconds() for a, b in zip(tracks.times, tracks.times[1:], strict=False)} == {3600.0}
    assert [m.member for m in tracks.of_patch("p-2")] == list(range(24))
    for member in tracks.members:
        assert (member.lon[0], member.lat[0], member.remaining[0]) in ((*OPEN_SEA, 1.0), (122.1, 36.3, 1.0))
    assert all(hour.wave_m is None and hour.wind_m_s is None for hour in tracks.weather)
    assert "示例" in tracks.forcing[0]


def test_members_follow_their_own_current(site: Site, coast: Coast) -> None:
    tracks, ensemble = track_of(site, coast, OPEN_SEA), draw_ensemble(site.drift)
    for member, east, north in zip(tracks.members, ensemble.east_m_s, ensemble.north_m_s, strict=True):
        azimuth, _, metres = GEOD.inv(*OPEN_SEA, member.lon[48], member.lat[48])
        assert metres == pytest.approx(np.hypot(east, north) * 48 * 3600, abs=2)
        assert azimuth == pytest.approx(np.degrees(np.arctan2(east, north)), abs=0.05)


def test_a_member_is_one_sea_for_all_patches(site: Site) -> None:
    tracks = forecast(
        make_patches([make_patch("p-1", (121.9, 36.2)), make_patch("p-2", (122.4, 36.2))]), site, EMPTY_SEA
    )
    one, two = tracks.of_patch("p-1"), tracks.of_patch("p-2")
    assert [m.lat for m in one] == [m.lat for m in two]


def test_without_spread_all_members_go_with_the_mean(site: Site) -> None:
    tracks = track_of(with_drift(site, east_m_s=0.0, north_m_s=0.1, spread_m_s=0.0), EMPTY_SEA, OPEN_SEA)
    assert {m.lon[-1] for m in tracks.members} == {OPEN_SEA[0]}
    (lat,) = {m.lat[-1] for m in tracks.members}
    assert lat == pytest.approx(36.2 + 0.1 * 72 * 3600 / 110_960, abs=1e-4)


def test_spread_is_that_of_the_site(site: Site) -> None:
    many = site.drift.model_copy(update={"members": 500})
    ensemble = draw_ensemble(many)
    assert ensemble.east_m_s.std() == pytest.approx(0.05, rel=0.1)
    assert ensemble.north_m_s.mean() == pytest.approx(0.104, abs=0.01)
    assert abs(np.corrcoef(ensemble.east_m_s, ensemble.north_m_s)[0, 1]) < 0.15


def test_growth_spans_the_range_and_compounds(site: Site) -> None:
    tracks = track_of(site, EMPTY_SEA, OPEN_SEA)
    assert tracks.members[0].remaining[-1] == 1.0
    assert tracks.members[-1].remaining[24] == 1.03
    assert tracks.members[-1].remaining[-1] == round(1.03**3, 4)


def test_same_seed_same_bytes(site: Site, coast: Coast) -> None:
    first, second = (dumps(track_of(site, coast, (121.7, 36.7)).to_jsonable()) for _ in range(2))
    assert first == second
    other = site.model_copy(update={"drift": site.drift.model_copy(update={"seed": 1})})
    assert dumps(track_of(other, coast, (121.7, 36.7)).to_jsonable()) != first


def test_round_trip_through_the_file(site: Site, coast: Coast, tmp_path: Path) -> None:
    tracks = track_of(site, coast, (121.7, 36.7))
    tracks.write(tmp_path / "tracks.geojson")
    assert Tracks.read(tmp_path / "tracks.geojson") == tracks
    data = json.loads((tmp_path / "tracks.geojson").read_text("utf-8"))
    assert data["type"] == "FeatureCollection"
    assert data["features"][0]["geometry"]["type"] == "LineString"


def test_no_patch_no_track(site: Site, coast: Coast) -> None:
    tracks = forecast(make_patches([]), site, coast)
    assert tracks.members == ()
    assert tracks.arrivals == ()


def test_stranding_stays_at_sea_and_holds_still(site: Site, coast: Coast) -> None:
    tracks = track_of(site, coast, (121.82, 36.84))
    ashore = [m for m in tracks.members if m.stranded_from is not None]
    assert len(ashore) >= 20
    for member in ashore:
        k = member.stranded_from
        assert k is not None
        assert len({(x, y) for x, y in zip(member.lon[k:], member.lat[k:], strict=True)}) == 1
        assert len(set(member.remaining[k:])) == 1
        assert set(member.value_cny_per_t[k:]) == {0.0}
        end = shapely.Point(member.lon[-1], member.lat[-1])
        assert not coast.land.intersects(end)
        assert coast.land.distance(end) < 2e-4
        assert not coast.land.intersects(shapely.LineString(list(zip(member.lon, member.lat, strict=True))))


BEYOND = shapely.MultiPolygon([shapely.box(122.0, 36.5, 122.1, 36.6)])


@settings(max_examples=60)
@given(
    st.floats(121.8, 122.3),
    st.floats(36.3, 36.8),
    st.floats(-0.02, 0.02),
    st.floats(-0.02, 0.02),
)
def test_no_track_ever_enters_land(lon: float, lat: float, east: float, north: float) -> None:
    coast = Coast(BEYOND, (121.0, 36.0, 123.0, 37.0), "")
    if BEYOND.distance(shapely.Point(lon, lat)) < 1e-3:
        return
    steps = np.arange(30)
    landed = strand((lon + east * steps)[None, None], (lat + north * steps)[None, None], coast)
    free = np.stack([lon + east * steps, lat + north * steps], axis=-1)
    track = np.stack([landed.lon[0, 0], landed.lat[0, 0]], axis=-1)
    first = int(landed.stranded_from[0, 0])
    assert not shapely.LineString(track.round(5)).intersects(BEYOND)
    np.testing.assert_array_equal(track[:first], free[:first])
    if first == 30:
        assert not shapely.LineString(free).intersects(BEYOND)
    else:
        assert BEYOND.distance(shapely.Point(track[-1])) == pytest.approx(1e-4, rel=1e-6)
        assert shapely.LineString(free[first - 1 : first + 1]).distance(shapely.Point(track[-1])) < 1e-9


def test_a_step_over_a_thin_island_strands() -> None:
    spit = Coast(shapely.MultiPolygon([shapely.box(121.0, 36.5, 123.0, 36.501)]), (121.0, 36.0, 123.0, 37.0), "")
    landed = strand(np.full((1, 1, 3), 122.0), np.array([[[36.48, 36.52, 36.56]]]), spit)
    assert landed.stranded_from[0, 0] == 1
    assert landed.lat[0, 0].tolist() == pytest.approx([36.48, 36.4999, 36.4999])


def test_what_lies_on_the_shore_is_ashore_from_the_start() -> None:
    block = Coast(BEYOND, (121.0, 36.0, 123.0, 37.0), "")
    landed = strand(np.array([[[121.99995, 121.9, 121.8]]]), np.full((1, 1, 3), 36.55), block)
    assert landed.stranded_from[0, 0] == 0
    assert landed.lon[0, 0].tolist() == [121.99995] * 3


class TestWorth:
    """One current northward at 0.1 m/s (0.36 km/h), growth 3 %/d in the last member."""

    def tracks(self, site: Site, *assets: Asset, coast: Coast = EMPTY_SEA) -> Tracks:
        straight = with_drift(site, east_m_s=0.0, north_m_s=0.1, spread_m_s=0.0)
        return track_of(with_assets(straight, *assets), coast, OPEN_SEA)

    def north(self, km: float) -> LonLat:
        lon, lat, _ = GEOD.fwd(*OPEN_SEA, 0.0, 1000 * km)
        return lon, lat

    def test_harm_ahead_grows_until_arrival_and_is_done_after(self, site: Site) -> None:
        # 0.36 km/h: the 1 km circle about a point 9.95 km off is entered at hour 25 and left before hour 31.
        tracks = self.tracks(site, asset("beach", self.north(9.95), 1.0, 1000))
        worth = tracks.members[-1].value_cny_per_t
        assert worth[0] == pytest.approx(1000 * 1.03 ** (25 / 24), abs=0.1)
        assert worth[25] == worth[30] == 1000.0
        assert set(worth[31:]) == {0.0}
        assert set(tracks.members[0].value_cny_per_t[:31]) == {1000.0}
        (arrival,) = tracks.arrivals
        assert (arrival.probability, arrival.first_h, arrival.median_h) == (1.0, 25.0, 25.0)
        mean = np.mean((1 + np.linspace(0, 0.03, 24)) ** (25 / 24))
        assert arrival.tonnes == pytest.approx(100 * mean, abs=0.1)

    def test_worst_harm_ahead_counts_once(self, site: Site) -> None:
        near, far = asset("near", self.north(5), 1.0, 500), asset("far", self.north(15), 1.0, 2000)
        worth = self.tracks(site, near, far).members[0].value_cny_per_t
        assert worth[0] == worth[12] == worth[38] == 2000.0
        worth = self.tracks(site, near.model_copy(update={"damage_cny_per_t": 3000.0}), far).members[0].value_cny_per_t
        assert (worth[0], worth[20]) == (3000.0, 2000.0)

    def test_stranding_elsewhere_costs_the_clean_up(self, site: Site) -> None:
        lon, lat = self.north(10)
        wall = Coast(shapely.MultiPolygon([shapely.box(lon - 0.1, lat, lon + 0.1, lat + 0.1)]), EMPTY_SEA.bounds, "")
        tracks = self.tracks(site, coast=wall)
        member = tracks.members[-1]
        assert member.stranded_from == 28
        assert member.value_cny_per_t[0] == pytest.approx(400 * 1.03 ** (28 / 24), abs=0.1)
        assert member.value_cny_per_t[27] == pytest.approx(400 * 1.03 ** (1 / 24), abs=0.1)
        assert tracks.arrivals == ()

    def test_stranding_short_of_an_asset_shields_it(self, site: Site) -> None:
        lon, lat = self.north(10)
        wall = Coast(shapely.MultiPolygon([shapely.box(lon - 0.1, lat, lon + 0.1, lat + 0.1)]), EMPTY_SEA.bounds, "")
        tracks = self.tracks(site, asset("behind", self.north(15), 1.0, 2000), coast=wall)
        assert tracks.members[0].value_cny_per_t[0] == 400.0
        assert tracks.arrivals == ()

    def test_what_reaches_nothing_is_worth_nothing(self, site: Site) -> None:
        assert {v for m in self.tracks(site).members for v in m.value_cny_per_t} == {0.0}


def test_arrival_is_a_share_of_members(site: Site, coast: Coast) -> None:
    tracks = forecast(make_patches([make_patch("p-1", (121.70, 36.70)), make_patch("p-2", OPEN_SEA)]), site, coast)
    assert {a.patch_id for a in tracks.arrivals} == {"p-1"}
    for arrival in tracks.arrivals:
        assert 0 < arrival.probability <= 1
        assert (arrival.probability * 24) == pytest.approx(round(arrival.probability * 24), abs=0.01)
        assert 0 <= arrival.first_h <= arrival.median_h <= 72
        assert arrival.tonnes <= 100 * arrival.probability * 1.03**3 + 0.1
