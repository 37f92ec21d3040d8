import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.biomass import RELATIVE_SD, SATURATED_MAX_KG_M2, WATER_SD, density_kg_m2, wet_mass_t

PIXEL_M2 = 100.0


def mass(*fai: float) -> tuple[float, float, float]:
    return wet_mass_t(np.array(fai), np.full(len(fai), PIXEL_M2))


@given(st.lists(st.floats(-0.5, 1.0, width=32), min_size=1))
def test_low_mid_high_are_ordered_and_never_negative(values: list[float]):
    low, mid, high = mass(*values)
    assert 0 <= low <= mid <= high
    assert high <= max(SATURATED_MAX_KG_M2, 1.81 * mid / max(low, 1e-9)) * len(values) * PIXEL_M2 / 1000 + 1e-6


def test_the_curve_runs_through_its_published_point():
    assert density_kg_m2(np.array([-0.1, 0.0, 0.1, 0.2, 0.5])) == pytest.approx([0.0, 0.0, 0.905, 1.81, 1.81])


def test_the_interval_holds_nine_tenths_of_the_stated_errors():
    """The curve's 36 % as a log-normal error of the patch, and the water's error of its index."""
    rng = np.random.default_rng(1)
    sigma = np.sqrt(np.log1p(RELATIVE_SD**2))
    for index in (0.02, 0.05, 0.15):
        inside = []
        for _ in range(4000):
            seen = max(index + rng.normal(0.0, WATER_SD), 1e-4)
            truth = float(density_kg_m2(np.array([index]))[0]) * PIXEL_M2 / 1000 * rng.lognormal(0.0, sigma)
            low, _, high = mass(seen)
            inside.append(low <= truth <= high)
        assert np.mean(inside) == pytest.approx(0.90, abs=0.025), index


def test_a_thin_patch_is_less_certain_than_a_dense_one():
    thin, dense = ((high - low) / mid for low, mid, high in (mass(0.01), mass(0.1)))
    assert thin > dense
    assert dense < 1.5


def test_above_saturation_only_the_high_end_opens():
    (low, mid, high), (_, thin_mid, thin_high) = mass(0.4), mass(0.19)
    assert high == SATURATED_MAX_KG_M2 * PIXEL_M2 / 1000 > thin_high
    assert mid / thin_mid == pytest.approx(0.2 / 0.19)
    assert low < mid


def test_errors_of_pixels_do_not_cancel():
    one, many = mass(0.1), mass(*[0.1] * 400)
    assert np.array(many) == pytest.approx(400 * np.array(one))
