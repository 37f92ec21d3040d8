"""Detection with the shipped weights on real imagery; skipped where the data are absent."""

from pathlib import Path

import pytest

from detection import segment
from detection.detect import detect
from detection.open_scene import open_scene
from documents.site import Site
from models.weights import fold_path
from training.evaluation.leave_one_out import NETWORK, score_scene

PIECE = 256
"""Side of the pieces of a scene that are labelled, pixels: between them there is nothing to look at."""


def silent(_message: str, _share: float) -> None: ...


@pytest.mark.parametrize("name", ["accra", "limassol"])
def test_nothing_is_found_in_coastal_crops_without_algae(shared: Path, site: Site, tmp_path: Path, name: str):
    with open_scene(shared / "data" / "crops" / f"{name}.tif") as scene:
        result = detect(scene, site, tmp_path, silent)
    assert result.patches == ()
    assert result.clear_share > 0.9
    assert result.observed_share is None, "the site's own waters are elsewhere"


def test_a_scene_of_land_alone_is_not_seen_clear(shared: Path, site: Site, tmp_path: Path):
    (product,) = (shared / "data" / "safe").glob("S2A_MSIL1C*.SAFE")
    with open_scene(product) as scene:
        result = detect(scene, site, tmp_path, silent)
    assert (result.patches, result.clear_share) == ((), 0.0)


def test_the_mats_of_a_scene_that_its_fold_never_saw_are_found(shared: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(segment, "CORE", PIECE)
    name = "S2_14-9-18_16PCC"
    result = score_scene(shared / "data" / "marida", name, silent, fold_path(name))
    scores = {method: result.counts(method).f1 for method in result.called}
    network = scores.pop(NETWORK)
    assert network >= 0.97
    assert all(network > score for score in scores.values())
