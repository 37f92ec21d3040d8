import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from pyproj import Transformer

from documents.geodesy import (
    WGS84,
    bearing_deg,
    compass_zh,
    distance_m,
    path_length_nm,
    pixel_areas,
)

longitudes = st.floats(-179, 179)
latitudes = st.floats(-80, 80)


@given(longitudes, latitudes, longitudes, latitudes)
def test_distance_is_symmetric_and_shorter_than_half_the_meridian(lon1: float, lat1: float, lon2: float, lat2: float):
    there, back = distance_m((lon1, lat1), (lon2, lat2)), distance_m((lon2, lat2), (lon1, lat1))
    assert there == pytest.approx(back, abs=1e-3)
    assert 0 <= there < 20_010_000


def test_a_minute_of_latitude_is_about_a_nautical_mile():
    assert path_length_nm([(121.5, 36.8), (121.5, 36.8 + 1 / 60)]) == pytest.approx(1.0, abs=0.005)
    assert path_length_nm([(121.5, 36.8)]) == 0.0


@pytest.mark.parametrize(("bearing", "name"), [(0, "北"), (44, "东北"), (90, "东"), (202, "南"), (359, "北")])
def test_compass_names(bearing: float, name: str):
    assert compass_zh(bearing) == name


def test_bearing_runs_clockwise_from_north():
    assert bearing_deg((121.5, 36.5), (121.6, 36.5)) == pytest.approx(90, abs=0.1)
    assert bearing_deg((121.5, 36.5), (121.5, 36.4)) == pytest.approx(180)


@given(st.integers(0, 10880), st.integers(0, 10880))
def test_pixel_areas_add_up_to_the_geodesic_area_of_their_block(row: int, col: int):
    grid = GeoBox((10980, 10980), Affine(10, 0, 300000, 0, -10, 4100040), "epsg:32651")
    size = 100
    total = pixel_areas(grid, np.arange(row, row + size), np.arange(col, col + size)).sum()
    edge = np.linspace(0, size, 21)
    x0, y0 = 300000 + 10 * col, 4100040 - 10 * row
    corners = [(x0 + 10 * e, y0) for e in edge] + [(x0 + 10 * size, y0 - 10 * e) for e in edge]
    corners += [(x0 + 10 * e, y0 - 10 * size) for e in edge[::-1]] + [(x0, y0 - 10 * e) for e in edge[::-1]]
    lon, lat = Transformer.from_crs(32651, 4326, always_xy=True).transform(*zip(*corners, strict=True))
    assert total == pytest.approx(abs(WGS84.polygon_area_perimeter(lon, lat)[0]), rel=1e-6)


def test_a_projected_pixel_is_not_its_ellipsoidal_area():
    grid = GeoBox((100, 100), Affine(10, 0, 500_000, 0, -10, 4_100_040), "epsg:32651")
    assert pixel_areas(grid, [50], [50])[0, 0] == pytest.approx(100.0 / 0.9996**2, rel=1e-5)
