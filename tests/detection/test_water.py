import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.water import CELL, background_window, water_background

NIR = 1


def test_algae_on_a_third_of_the_water_do_not_lift_its_background():
    rng = np.random.default_rng(0)
    values = np.stack([np.full((64, 64), 0.03), np.full((64, 64), 0.01)]).astype(np.float32)
    algae = rng.random((64, 64)) < 0.33
    values[:, algae] = 0.4
    cells = water_background(values, np.ones((64, 64), bool), NIR)
    assert cells[0] == pytest.approx(0.03)
    assert cells[1] == pytest.approx(0.01)


def test_a_cell_without_water_takes_its_neighbours():
    values = np.full((2, 2 * CELL, 2 * CELL), 0.02, np.float32)
    values[:, :CELL, :CELL] = 0.9
    water = np.ones((2 * CELL, 2 * CELL), bool)
    water[:CELL, :CELL] = False
    assert water_background(values, water, NIR) == pytest.approx(0.02)


def test_no_water_at_all_gives_no_background():
    values = np.full((2, 40, 40), np.nan, np.float32)
    assert (water_background(values, np.zeros((40, 40), bool), NIR) == 0).all()


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 60), st.integers(1, 60))
def test_a_window_is_a_piece_of_the_whole(row: int, col: int, height: int, width: int):
    cells = np.random.default_rng(3).random((2, 5, 5)).astype(np.float32)
    whole = background_window(cells, 0, 0, (260, 260), 64)
    window = background_window(cells, row, col, (height, width), 64)
    assert window == pytest.approx(whole[:, row : row + height, col : col + width], abs=1e-6)
    assert whole.min() >= cells.min() - 1e-6
    assert whole.max() <= cells.max() + 1e-6
