"""What a leg measures and what it crosses."""

import pytest

from optimizer.check.geometry import Obstacle, length_nm
from tests.optimizer.handmade import ISLAND


class TestLand:
    island = Obstacle([(ISLAND,)])

    def test_through(self) -> None:
        inside = self.island.crossed_m([(122.0, 36.5), (122.1, 36.5)])
        assert inside == pytest.approx(0.04 * 89_600, rel=0.01)

    def test_along_the_shore_and_past_a_corner(self) -> None:
        assert self.island.crossed_m([(122.02, 36.47), (122.02, 36.53)]) == 0.0
        assert self.island.crossed_m([(122.0, 36.5), (122.02, 36.48), (122.1, 36.48)]) == 0.0

    def test_a_few_metres_inside_the_shore(self) -> None:
        assert self.island.crossed_m([(122.02005, 36.47), (122.02005, 36.53)]) > 4000

    def test_geodesic_bulge_counts(self) -> None:
        # Between points on one parallel the geodesic runs north of it: 0.7 km over this distance, so a leg that looks
        # clear on a plain chart does not clear a cape that reaches down to the parallel.
        cape = Obstacle([(((122.9, 36.501), (123.1, 36.501), (123.1, 36.6), (122.9, 36.6), (122.9, 36.501)),)])
        assert cape.crossed_m([(122.0, 36.5), (124.0, 36.5)]) > 10_000

    def test_no_land(self) -> None:
        assert Obstacle([]).crossed_m([(122.0, 36.5), (122.1, 36.5)]) == 0.0

    def test_length(self) -> None:
        # One minute of latitude at 36.5 N is 1.8497 km (meridian arc of WGS-84).
        assert length_nm([(122.0, 36.5), (122.0, 36.5 + 1 / 60)]) == pytest.approx(1849.3 / 1852, rel=1e-3)
