"""What the checker makes of hourly series and of windows."""

import numpy as np
import pytest

from optimizer.check.register import Register
from optimizer.check.series import is_collectable, mean_reciprocal, mean_value, value_at
from tests.optimizer.handmade import HOURS, make_problem, window

PROBLEM = make_problem()


def test_series_means_are_exact() -> None:
    series = [1.0, 1.4, 0.7, 0.7, 2.0]
    fine = np.linspace(0.3, 3.6, 1_000_001)
    middles = np.interp((fine[1:] + fine[:-1]) / 2, range(5), series)
    assert mean_value(series, 0.3, 3.6) == pytest.approx(middles.mean(), rel=1e-9)
    assert mean_reciprocal(series, 0.3, 3.6) == pytest.approx((1 / middles).mean(), rel=1e-9)
    assert mean_reciprocal(series, 2.5, 2.5) == pytest.approx(1 / 0.7)
    assert value_at(series, 99.0) == 2.0
    assert value_at(series, -1.0) == 1.0


def test_collectable_counts_the_marks_on_both_sides() -> None:
    patch = PROBLEM.patches[0].model_copy(update={"collectable": (True, True, True, False, *[True] * (HOURS - 3))})
    assert is_collectable(patch, 0.2, 2.0)
    assert is_collectable(patch, 0.2, 2.0 + 0.5 / 3600)
    assert not is_collectable(patch, 0.2, 2.1)
    assert not is_collectable(patch, 3.5, 4.5)
    assert is_collectable(patch, 4.0, 5.5)


def test_windows_that_touch_are_one() -> None:
    register = Register(PROBLEM)
    windows = (window(4, 8), window(0, 4), window(9, 12))
    assert register.covers(windows, (1.0, 7.5))
    assert not register.covers(windows, (7.0, 9.5))
    assert not register.covers(windows, (8.2, 8.5))
    assert not register.covers((), (1.0, 2.0))


def test_a_moment_lies_within_a_window_or_on_its_edge() -> None:
    register = Register(PROBLEM)
    windows = (window(2, 4), window(6, 8))
    assert all(register.covers(windows, (hour, hour)) for hour in (2.0, 3.1, 4.0, 6.0, 8.0))
    assert not any(register.covers(windows, (hour, hour)) for hour in (1.9, 4.1, 5.0, 8.1))
    assert not register.covers((), (3.0, 3.0))
