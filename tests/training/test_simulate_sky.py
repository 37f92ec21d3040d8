"""Clear sky and sun."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.endmembers import BANDS
from training.simulate.sky import Geometry, clear_sky, sun_position, to_surface, to_toa

GEOMETRY = Geometry(21.5, 123.0, 5.0, 105.0)


@given(
    band=st.sampled_from([b for b in BANDS if b != "B10"]),
    aot=st.floats(0.0, 0.5),
    zenith=st.floats(5.0, 65.0),
    surface=st.lists(st.floats(0.0, 0.875, width=32), min_size=1, max_size=5),
)
def test_lift_is_invertible(band: str, aot: float, zenith: float, surface: list[float]) -> None:
    geometry = Geometry(zenith, 120.0, 5.0, 105.0)
    reflectance = np.array([surface], np.float32)
    back = to_surface(to_toa(reflectance, band, geometry, aot), band, geometry, aot)
    np.testing.assert_allclose(back, reflectance, atol=3e-6 if band != "B09" else 1e-5)


def test_air_is_blue_and_aerosol_adds_to_it() -> None:
    path = [clear_sky(band, GEOMETRY, 0.0).path for band in BANDS]
    assert path == sorted(path, reverse=True)
    assert 0.05 < clear_sky("B02", GEOMETRY, 0.0).path < 0.09
    assert all(clear_sky(b, GEOMETRY, 0.2).path > clear_sky(b, GEOMETRY, 0.0).path for b in BANDS)


def test_dark_water_is_bright_blue_at_the_top() -> None:
    dark = np.full((1, 1), 0.02, np.float32)
    assert to_toa(dark, "B02", GEOMETRY, 0.2)[0, 0] > 0.06
    assert to_toa(dark, "B11", GEOMETRY, 0.2)[0, 0] < 0.03


def test_sun_at_rushan_on_the_solstice() -> None:
    noon = datetime(2026, 6, 21, 3, 55, tzinfo=UTC)
    zenith, azimuth = sun_position(noon, 121.6, 36.8)
    assert zenith == pytest.approx(36.8 - 23.44, abs=0.1)
    assert azimuth == pytest.approx(180.0, abs=3.0)


def test_sun_of_a_real_product(shared: Path) -> None:
    (metadata,) = (shared / "data" / "safe").glob("S2A*/GRANULE/*/MTD_TL.xml")
    mean = next(ElementTree.parse(metadata).iter("Mean_Sun_Angle"))
    expected = [float(mean.findtext(name, "nan")) for name in ("ZENITH_ANGLE", "AZIMUTH_ANGLE")]
    # The middle of tile 56JMM (UTM 56S, 399960–509760 E, 6590200–6700000 N).
    zenith, azimuth = sun_position(datetime(2018, 6, 29, 0, 2, 41, tzinfo=UTC), 152.54, -30.31)
    assert [zenith, azimuth] == pytest.approx(expected, abs=0.6)
