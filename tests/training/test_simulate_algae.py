"""Fields of floating algae."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.simulate.algae import FIELD_COVER, MIN_COVER, PIXEL_M, _deposit, cover_field


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), density=st.floats(0.05, 3.0))
def test_cover_is_a_fraction(seed: int, density: float) -> None:
    cover = cover_field((96, 128), np.random.default_rng(seed), density=density)
    assert cover.shape == (96, 128)
    assert cover.dtype == np.float32
    assert cover.min() >= 0.0
    assert cover.max() <= 1.0
    assert not ((cover > 0.0) & (cover < MIN_COVER)).any()


def test_seed_decides() -> None:
    first, again, other = (cover_field((128, 128), np.random.default_rng(s), density=1.0) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_density_scales_the_cover() -> None:
    def mean(density: float) -> float:
        return float(
            np.mean([cover_field((256, 256), np.random.default_rng(s), density=density).mean() for s in range(12)])
        )

    assert mean(0.0) == 0.0
    assert mean(1.0) == pytest.approx(FIELD_COVER, rel=0.35)
    assert mean(0.3) < mean(1.0) < mean(2.0)


def test_slicks_are_long_thin_and_mostly_dense() -> None:
    cover = cover_field((600, 600), np.random.default_rng(1), density=0.4)
    dense = cover > 0.2
    assert cover[dense].sum() > 0.75 * cover.sum()
    # Nearly all pixels are mixed, as in strips of 10–200 m.
    assert (cover[cover > 0] < 0.98).mean() > 0.9


def test_deposit_keeps_the_area_of_a_slanted_strip() -> None:
    cover = np.zeros((200, 200), np.float32)
    spine = np.column_stack([np.linspace(400, 1500, 60), np.linspace(300, 1200, 60)])
    length = float(np.hypot(1100, 900))
    cells = np.zeros((int(length * 3 / PIXEL_M), 60), np.float32)
    cells[:, 20:40] = 0.5  # 20 cells of 10/3 m: 66.7 m wide
    added = _deposit(cover, spine, cells)
    assert added == pytest.approx(cover.sum(), rel=1e-5)
    assert cover.sum() * PIXEL_M**2 == pytest.approx(0.5 * length * 20 * PIXEL_M / 3, rel=0.02)
    assert cover.max() == pytest.approx(0.5, abs=1e-6)
