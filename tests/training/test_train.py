from pathlib import Path

import numpy as np
import pytest
import torch

from documents.site import Site
from models.unet import Segmentation
from models.weights import load_weights
from tests.training.test_samples import write_scene
from training import train as training
from training.losses import Targets, loss_of
from training.train import Recipe, labelled_spots, train

RECIPE = Recipe(held_out="none", steps=4, batch=2, simulated_share=0.0, simulated_seeds=())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_scene(folder / "marida", "S2_1-1-20_16PCC")
    (folder / "spectra").mkdir()
    header = "C,B02,B03,B04,B06,B08,B8A,B11\n"
    rows = ["Wd,.070,.061,.054,.053,.048,.052,.050\n"] * 3 + ["Sf,.065,.093,.076,.184,.225,.197,.066\n"] * 3
    (folder / "spectra" / "floating_sargassum_s2_pixels.csv").write_text(header + "".join(rows))
    return folder


def quiet(message: str, share: float) -> None:
    assert message
    assert 0 <= share <= 1


def targets(called: float, cover: float) -> Targets:
    full = torch.ones(1, 8, 8)
    return Targets(full * called, full, full * cover, full, full, full)


def logits(floating: float, cover: float) -> Segmentation:
    full = torch.ones(1, 8, 8)
    return Segmentation(full * floating, full * cover, full * 5)


def test_the_loss_falls_towards_the_truth():
    truth = targets(1.0, 0.3)
    right = loss_of(logits(4.0, float(np.log(0.3 / 0.7))), truth)
    assert right < loss_of(logits(-4.0, float(np.log(0.3 / 0.7))), truth)
    assert right < loss_of(logits(4.0, 2.0), truth)
    assert right < loss_of(logits(4.0, -3.0), truth)


def test_pixels_of_no_weight_do_not_count():
    empty = torch.zeros(1, 8, 8)
    nothing = Targets(empty, empty, empty, empty, empty, empty)
    assert loss_of(logits(9.0, 9.0), nothing) == pytest.approx(float(loss_of(logits(-9.0, -9.0), nothing)), abs=1e-4)


def test_training_is_seeded_and_goes_on_after_a_kill(
    data: Path, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = load_weights(train(data, site, tmp_path / "whole", RECIPE, quiet))
    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 2)

    class KilledError(Exception):
        pass

    def kill(message: str, share: float) -> None:
        if share > 0.7:
            raise KilledError

    with pytest.raises(KilledError):
        train(data, site, tmp_path / "parts", RECIPE, kill)
    assert (tmp_path / "parts" / "checkpoint.pt").exists()
    parts = load_weights(train(data, site, tmp_path / "parts", RECIPE, quiet))
    for name, tensor in whole.network.state_dict().items():
        assert torch.allclose(tensor, parts.network.state_dict()[name], atol=1e-6), name
    steps = [line.split(",")[0] for line in (tmp_path / "parts" / "loss.csv").read_text().splitlines()]
    assert steps[-1] == "3"


def test_the_held_out_scene_never_enters(data: Path, site: Site, tmp_path: Path):
    write_scene(data / "marida", "S2_2-2-20_16PCC", patches=1)
    seen: list[str] = []
    original = training.read_scene

    def watch(folder: Path, scene: str):
        seen.append(scene)
        return original(folder, scene)

    training.read_scene = watch
    try:
        recipe = Recipe(held_out="S2_2-2-20_16PCC", steps=1, batch=1, simulated_share=0.0, simulated_seeds=())
        train(data, site, tmp_path, recipe, quiet)
    finally:
        training.read_scene = original
    assert seen == ["S2_1-1-20_16PCC"]


def test_algae_are_drawn_more_often_than_the_rest(data: Path):
    pieces = [training.piece_of(patch) for patch in training.read_scene(data / "marida", "S2_1-1-20_16PCC")]
    spots = labelled_spots(pieces)
    algae = [s for s in spots if (pieces[0].labels[s[0, 1], s[0, 2]]) == 2]
    assert len(algae) == 3
    assert len(spots) == 5
