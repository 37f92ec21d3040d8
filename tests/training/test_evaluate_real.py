"""Scores on labelled scenes: the masks, the peers, the tables, the gallery. Nothing here needs trained weights."""

import base64
import dataclasses
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.evaluation_cases import case_of, square
from tests.training.test_samples import write_scene
from training.evaluation import pictures
from training.evaluation.alarms import class_table, clear_sea_table
from training.evaluation.gallery import Semireal, page
from training.evaluation.imagery import BANDS, Found
from training.evaluation.leave_one_out import NETWORK, SceneResult, leave_one_out_table, score, verdict
from training.evaluation.peers import Peer, fixed_threshold, grow_forest, otsu, peers_of
from training.evaluation.real import RealScene, read_real
from training.evaluation.reliability import real_pairs
from training.evaluation.showcase import SIDE, choose
from training.marida import Label

HERE, THERE = "S2_1-1-20_16PCC", "S2_2-2-20_16PCC"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marida")
    write_scene(folder, HERE)
    write_scene(folder, THERE, patches=1)
    return folder


@pytest.fixture(scope="module")
def scene(folder: Path) -> RealScene:
    return read_real(folder, HERE)


@pytest.fixture(scope="module")
def other(folder: Path) -> RealScene:
    return read_real(folder, THERE)


@pytest.fixture(scope="module")
def peers(scene: RealScene, other: RealScene) -> tuple[Peer, ...]:
    return peers_of(scene, [other.labelled])


@pytest.fixture(scope="module")
def result(scene: RealScene, peers: tuple[Peer, ...]) -> SceneResult:
    """A network that calls the right half of the streak in the first patch, and a ship in both."""
    cover = np.zeros((256, 512), np.float32)
    cover[100:104, 125:200] = 0.5
    cover[10:14, 10:14] = cover[10:14, 266:270] = 0.5
    cover[200:204] = np.nan
    return score(scene, Found(cover, (), scene.grid(0)), peers, "made up")


STREAK = 4 * 50
"""Labelled algae pixels in a patch: every third of 150 columns, four rows."""


def test_labelled_pixels_keep_their_place_value_and_cluster(scene: RealScene):
    labelled = scene.labelled
    assert scene.corners == ((0, 0), (0, 256))
    assert labelled.values.shape == (len(BANDS), labelled.label.size)
    assert int(labelled.algae.sum()) == 2 * STREAK
    patch, row, col = labelled.place[1234]
    assert labelled.values[:, 1234] == pytest.approx(scene.read_patch(int(patch))[:, row, col])
    assert labelled.label[1234] == scene.labels[patch, row, col]
    assert labelled.clear.all()
    # A ship, a field of water and 50 columns of algae in each patch: what does not touch is apart.
    assert len(np.unique(labelled.cluster)) == 2 * 52
    assert (scene.values()[:, 1] == scene.read_patch(1)).all()


def test_each_method_is_scored_on_the_same_pixels(result: SceneResult):
    network = result.counts(NETWORK)
    assert (network.hits, network.false_alarms, network.misses) == (25 * 4, 2 * 16, 2 * STREAK - 25 * 4)
    for method in ("NDVI fixed", "FAI fixed", "AFAI fixed", "FAI Otsu", "random forest"):
        counts = result.counts(method)
        assert counts.hits + counts.misses == 2 * STREAK
    assert result.counts("FAI fixed").f1 == 1.0
    assert result.counts("random forest").f1 > 0.95


def test_what_the_masks_hide_is_called_by_nobody(scene: RealScene, peers: tuple[Peer, ...]):
    hidden = dataclasses.replace(scene.labelled, clear=np.zeros_like(scene.labelled.clear))
    masked = dataclasses.replace(scene, labelled=hidden)
    nothing = Found(np.full((256, 512), np.nan, np.float32), (), scene.grid(0))
    result = score(masked, nothing, peers, "made up")
    for method in result.called:
        assert not result.called[method].any()


def test_thresholds_and_forest_never_read_the_scored_scene(scene: RealScene, other: RealScene):
    with pytest.raises(ValueError, match=HERE):
        peers_of(scene, [scene.labelled, other.labelled])
    turned = dataclasses.replace(scene.labelled, label=np.full_like(scene.labelled.label, Label.SHIP))
    scored = (dataclasses.replace(scene, labelled=part) for part in (scene.labelled, turned))
    before, after = (peers_of(one, [other.labelled]) for one in scored)
    assert [peer.detail for peer in before] == [peer.detail for peer in after]
    values = scene.read_patch(0)
    for one, two in zip(before, after, strict=True):
        assert (one.called(values) == two.called(values)).all()


def test_the_fixed_threshold_follows_the_labels_it_is_given(other: RealScene):
    labelled = other.labelled
    assert 0.02 <= fixed_threshold("FAI", [labelled]) <= 0.08
    brighter = labelled.values.copy()
    brighter[BANDS.index("B08")] += 0.1
    assert fixed_threshold("FAI", [dataclasses.replace(labelled, values=brighter)]) == pytest.approx(
        fixed_threshold("FAI", [labelled]) + 0.1, abs=0.011
    )


def test_otsu_parts_two_humps():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0.0, 0.01, 5000), rng.normal(0.3, 0.02, 3000)]).astype(np.float32)
    threshold = otsu(values)
    assert (values[:5000] < threshold).mean() > 0.99
    assert (values[5000:] > threshold).all()


def test_a_forest_calls_no_missing_pixel(other: RealScene):
    forest = grow_forest([other.labelled])
    values = other.read_patch(0)[:, 90:110, 100:160].copy()
    assert forest.called(values)[12].any()
    values[3] = np.nan
    assert not forest.called(values).any()


def test_the_table_says_who_is_ahead(result: SceneResult):
    sentence = verdict(HERE, [result])
    assert "the network is behind" in sentence
    assert "FAI fixed by 332 pixels" in sentence
    table = leave_one_out_table([result])
    row = next(row for row in table.rows if row[1] == NETWORK)
    assert row[5:] == (100, 32, 300)
    assert any("FAI fixed > " in note and "made up" in note for note in table.notes)


def test_false_alarms_are_counted_by_class(result: SceneResult):
    rows = {row[0]: row for row in class_table([result]).rows}
    assert set(rows) == {"ship", "marine water"}
    columns = class_table([result]).columns
    ship = dict(zip(columns, rows["ship"], strict=True))
    assert (ship["labelled"], ship[NETWORK], ship["allowed"], ship["holds"]) == (32, 32, 1, "no")
    water = dict(zip(columns, rows["marine water"], strict=True))
    assert (water[NETWORK], water["allowed"], water["holds"]) == (0, 7, "yes")


def test_all_clear_sea_counts_the_unlabelled(result: SceneResult):
    (row,) = clear_sea_table([result]).rows
    called = 4 * 75 + 32
    clear = int(result.scene.clear.sum())
    assert 0.95 * 2 * 256 * 256 < clear <= 2 * (256 * 256 - 20 * 20), "the scene's cloud is not clear sea"
    assert row[1] == clear
    assert row[2] == f"{called / clear:.3%}"


def test_confidence_is_held_against_the_labels(result: SceneResult):
    assert real_pairs(result).shape == (0, 3), "no patches, no pairs"


def test_the_gallery_shows_best_and_worst_and_needs_nothing_else(result: SceneResult):
    windows = choose([result])
    assert windows[0].f1 == min(window.f1 for window in windows[:3])
    assert any("32 of ship" in w.title or "16 of ship" in w.title for w in windows)
    mixture = Semireal(case_of(square(0.5), square(0.4)), *(np.zeros((60, 80, 3), np.uint8) for _ in range(2)))
    text = page(windows, [mixture])
    assert not re.search(r"(src|href)=\"(?!data:)|url\(|https?://|<script", text)
    images = [
        cv2.imdecode(np.frombuffer(base64.b64decode(code), np.uint8), cv2.IMREAD_COLOR)
        for code in re.findall(r"data:image/png;base64,([^\"]+)\"", text)
    ]
    assert len(images) == len(windows) * (3 + len(result.called)) + 3 * 4
    assert images[0].shape == (SIDE * pictures.SCALE, SIDE * pictures.SCALE, 3)
    for window in windows:
        assert f"rows {window.row}–{window.row + SIDE - 1}" in text
    assert "<td>ship<td>" in text, "wrong pixels are listed with their label"


def test_where_no_algae_are_labelled_the_most_called_place_is_shown(scene: RealScene, peers: tuple[Peer, ...]):
    labels = np.where(scene.labels == Label.DENSE_SARGASSUM, 0, scene.labels)
    known = ~scene.labelled.algae
    part = dataclasses.replace(
        scene.labelled,
        **{name: getattr(scene.labelled, name)[known] for name in ("label", "clear", "cluster", "place")},
        values=scene.labelled.values[:, known],
    )
    cover = np.zeros((256, 512), np.float32)
    cover[100:103, 300:310] = 0.4
    bare = dataclasses.replace(scene, labels=labels, labelled=part)
    (window,) = choose([score(bare, Found(cover, (), scene.grid(0)), peers, "made up")])
    assert (window.patch, window.row, window.col) == (1, 64, 0)
    assert "30 pixels" in window.title


def test_masks_are_painted_by_what_they_are():
    labels = np.array([[Label.DENSE_SARGASSUM, Label.DENSE_SARGASSUM, Label.SHIP, Label.NONE, Label.NONE]], np.uint8)
    called = np.array([[True, False, True, True, False]])
    clear = np.array([[True, True, True, True, False]])
    picture = pictures.judged(called, labels, labels == Label.DENSE_SARGASSUM, clear)
    colours = (pictures.HIT, pictures.MISS, pictures.FALSE_ALARM, pictures.UNLABELLED, pictures.MASKED)
    assert [tuple(int(v) for v in pixel) for pixel in picture[0]] == list(colours)
