"""The sensor: point spread, pixels, noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.endmembers import BANDS
from training.simulate import sensor
from training.simulate.algae import cover_field
from training.simulate.texture import enlarge, shrink


@pytest.mark.parametrize("band", BANDS)
def test_area_is_kept_by_the_optics(band: str) -> None:
    cover = np.zeros((360, 360), np.float32)
    cover[60:300, 60:300] = cover_field((240, 240), np.random.default_rng(5), density=1.0)
    seen = sensor.observe(cover, band)
    assert seen.shape == (360 // sensor.factor(band),) * 2
    assert seen.sum() * sensor.factor(band) ** 2 == pytest.approx(cover.sum(), rel=0.02)
    assert seen.min() >= 0.0
    assert seen.max() <= 1.0
    assert sensor.resample(seen, band).shape == (360, 360)


def test_blur_has_a_transfer_within_the_requirement() -> None:
    """The blur passes what it should of the Nyquist frequency; the pixel's own square passes 2/π of that."""
    point = np.zeros((11, 11), np.float32)
    point[5, 5] = 1.0
    line = sensor.blur(point).sum(axis=0)
    nyquist = abs(float((line * (-1.0) ** np.arange(11)).sum())) * 2.0 / np.pi
    assert 0.15 < nyquist < 0.30


@pytest.mark.parametrize("band", [b for b in BANDS if b != "B10"])
def test_noise_meets_the_requirement_at_the_reference(band: str) -> None:
    reference = sensor.reflectance_of(sensor.REFERENCE_RADIANCE[band], band, 21.5)
    flat = np.full((300, 300), reference, np.float32)
    noisy = sensor.add_noise(flat, band, 21.5, np.random.default_rng(0))
    assert float(reference / (noisy - flat).std()) == pytest.approx(sensor.SNR_AT_REFERENCE[band], rel=0.02)
    dark = sensor.noise_sigma(reference / 10.0, band, 21.5)
    assert float(dark) < reference / sensor.SNR_AT_REFERENCE[band]


@settings(max_examples=20)
@given(factor=st.sampled_from([2, 6]), cut=st.integers(1, 9), seed=st.integers(0, 99))
def test_strips_of_an_enlarged_field_fit_together(factor: int, cut: int, seed: int) -> None:
    coarse = np.random.default_rng(seed).standard_normal((10, 7), dtype=np.float32)
    whole = enlarge(coarse, factor)
    parts = [enlarge(coarse, factor, slice(0, cut * factor)), enlarge(coarse, factor, slice(cut * factor, 10 * factor))]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)
    np.testing.assert_allclose(shrink(whole, factor).mean(), whole.mean(), atol=1e-5)
