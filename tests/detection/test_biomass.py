import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.biomass import HIGH_FACTOR, LOW_FACTOR, SATURATED_MAX_KG_M2, density_kg_m2


@given(st.lists(st.floats(-0.5, 1.0, width=32), min_size=1))
def test_low_mid_high_are_ordered_and_never_negative(values: list[float]):
    low, mid, high = density_kg_m2(np.array(values, np.float32))
    assert (low >= 0).all()
    assert (low <= mid).all()
    assert (mid <= high).all()
    assert (high <= max(SATURATED_MAX_KG_M2, 1.81 * HIGH_FACTOR) + 1e-5).all()


def test_the_curve_runs_through_its_published_point():
    _, mid, _ = density_kg_m2(np.array([0.0, 0.1, 0.2, 0.5], np.float32))
    assert mid == pytest.approx([0.0, 0.905, 1.81, 1.81])


def test_the_interval_is_that_of_the_stated_error():
    """A log-normal error of 36 % puts 5 % of the truth below and 5 % above."""
    truth = np.random.default_rng(1).lognormal(0.0, np.sqrt(np.log1p(0.36**2)), 200_000)
    assert np.mean(truth < LOW_FACTOR) == pytest.approx(0.05, abs=0.003)
    assert np.mean(truth > HIGH_FACTOR) == pytest.approx(0.05, abs=0.003)


def test_above_saturation_only_the_high_end_opens():
    low, mid, high = density_kg_m2(np.array([0.19, 0.4], np.float32))
    assert high[1] == SATURATED_MAX_KG_M2 > high[0]
    assert mid[1] / mid[0] == pytest.approx(0.2 / 0.19)
    assert low[1] < mid[1]
