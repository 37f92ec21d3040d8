"""The arithmetic of the evaluation: counts, intervals, tables."""

import csv
import io

import numpy as np
import pytest

from training.evaluation import bootstrap
from training.evaluation.alarms import allowed
from training.evaluation.counts import count, f1, precision, recall
from training.evaluation.table import Estimate, Table, comma_separated, markdown


def test_counts_are_those_of_the_labels():
    truth = np.array([1, 1, 1, 0, 0, 0], bool)
    called = np.array([1, 0, 1, 1, 0, 0], bool)
    counts = count(called, truth, np.array([0, 0, 1, 2, 2, 3]))
    assert (counts.hits, counts.false_alarms, counts.misses, counts.wrong) == (2, 1, 1, 2)
    assert counts.by_cluster.tolist() == [[1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]
    sums = counts.by_cluster.sum(axis=0)
    assert (precision(sums), recall(sums), f1(sums)) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert counts.f1 == pytest.approx(2 / 3)


def test_nothing_called_is_no_division_by_zero():
    counts = count(np.zeros(3, bool), np.ones(3, bool), np.arange(3))
    assert counts.f1 == 0.0
    assert float(precision(counts.by_cluster.sum(axis=0))) == 0.0


def clusters(n: int, seed: int = 1) -> bootstrap.Array:
    right = np.random.default_rng(seed).random(n) < 0.8
    return np.stack([right, np.ones(n)], axis=1).astype(float)


def test_the_interval_holds_the_estimate_and_shrinks_with_n():
    few, many = (bootstrap.estimate([clusters(n)], bootstrap.ratio) for n in (25, 2500))
    for one in (few, many):
        assert one.low <= one.value <= one.high
    assert many.high - many.low < 0.2 * (few.high - few.low)
    assert many.high - many.low == pytest.approx(2 * 1.96 * (0.8 * 0.2 / 2500) ** 0.5, rel=0.15)


def test_pixels_of_one_cluster_count_as_one_draw():
    alone = bootstrap.estimate([clusters(50)], bootstrap.ratio)
    tenfold = bootstrap.estimate([clusters(50) * 10], bootstrap.ratio)
    assert tenfold == alone


def test_clusters_that_count_nothing_are_drawn_too():
    some = np.zeros((40, 3))
    some[:10] = (1, 0, 1)
    only = bootstrap.estimate([some[:10]], lambda sums: sums[..., 0])
    all_of_them = bootstrap.estimate([some], lambda sums: sums[..., 0])
    assert only.low == only.high == 10
    assert all_of_them.low < 10 < all_of_them.high


def test_intervals_are_seeded_and_strata_kept_apart():
    strata = [clusters(30, 1), clusters(60, 2)]
    one, again = (bootstrap.estimate(strata, bootstrap.ratio) for _ in range(2))
    assert one == again
    weights = [np.column_stack([np.random.default_rng(n).random(n), np.ones(n)]) for n in (30, 60)]
    assert bootstrap.estimate(weights, bootstrap.ratio) != bootstrap.estimate(weights, bootstrap.ratio, seed=5)
    total = bootstrap.estimate(strata, lambda sums: sums[..., 1])
    assert total.low == total.high == 90


def test_a_median_has_an_interval_and_nothing_has_none():
    values = np.random.default_rng(0).normal(5.0, 1.0, 400)
    median = bootstrap.median_estimate(values)
    assert median.low < median.value < median.high
    assert median.value == pytest.approx(5.0, abs=0.2)
    assert np.isnan(bootstrap.median_estimate([]).value)
    assert np.isnan(bootstrap.estimate([], bootstrap.ratio).value)


def test_one_pixel_or_the_share_is_allowed():
    assert [allowed(n) for n in (3, 999, 2000, 71_611)] == [1, 1, 2, 71]
    assert allowed(1000, 0.005) == 5


def test_tables_hold_every_figure_for_people_and_programs():
    table = Table(
        "one", "A title", ("A note.",), ("of", "n", "share"), (("sea", 3, Estimate(0.5, 0.25, 1.0, percent=True)),)
    )
    text = markdown([table])
    assert "## A title" in text
    assert "| sea | 3 | 50 % (25 % – 100 %) |" in text
    assert "- A note." in text
    lines = list(csv.DictReader(io.StringIO(comma_separated([table]))))
    assert [line["measure"] for line in lines] == ["n", "share"]
    assert lines[1] == {"table": "one", "of": "sea", "measure": "share", "value": "0.5", "low": "0.25", "high": "1.0"}
    assert str(Estimate(float("nan"), float("nan"), float("nan"))) == "— (— – —)"
