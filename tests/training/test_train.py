from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from documents.errors import InputError
from documents.site import Site
from models.unet import Segmentation
from models.weights import load_weights
from tests.training.test_samples import write_scene
from training import train as training
from training.calibrate import calibration_of
from training.losses import Targets, loss_of
from training.recipe import Recipe
from training.train import read_pieces, train

RECIPE = Recipe(epochs=2, steps=2, real=1, mixed=1, simulated=0, simulated_seeds=())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_scene(folder / "marida", "S2_1-1-20_16PCC")
    (folder / "spectra").mkdir()
    header = "C,B02,B03,B04,B05,B06,B08,B8A,B11\n"
    rows = ["Wd,.070,.061,.054,.058,.053,.048,.052,.050\n"] * 3 + ["Sf,.065,.093,.076,.164,.184,.225,.197,.066\n"] * 3
    rows += ["Vo,.06,.09,.07,.13,.25,.31,.33,.22\n"] * 3
    (folder / "spectra" / "floating_sargassum_s2_pixels.csv").write_text(header + "".join(rows))
    return folder


def quiet(message: str, share: float) -> None:
    assert message
    assert 0 <= share <= 1


def targets(called: float, cover: float) -> Targets:
    full = torch.ones(1, 8, 8)
    return Targets(full * called, full, full * cover, full, full, full)


def said(floating: float, cover: float) -> Segmentation:
    full = torch.ones(1, 8, 8)
    return Segmentation(full * floating, full * cover, full * 5)


def test_the_loss_falls_towards_the_truth():
    truth = targets(1.0, 0.3)
    right = loss_of(said(4.0, 0.3), truth)
    assert right < loss_of(said(-4.0, 0.3), truth)
    assert right < loss_of(said(4.0, 0.4), truth)
    assert right < loss_of(said(4.0, 0.2), truth)


def test_an_error_counts_relative_to_the_cover():
    def cost(cover: float) -> float:
        truth = targets(1.0, cover)
        return float(loss_of(said(4.0, cover * 1.2), truth) - loss_of(said(4.0, cover), truth))

    assert cost(0.1) == pytest.approx(cost(0.8), rel=0.5)


def test_pixels_of_no_weight_do_not_count():
    empty = torch.zeros(1, 8, 8)
    nothing = Targets(empty, empty, empty, empty, empty, empty)
    assert loss_of(said(9.0, 9.0), nothing) == pytest.approx(float(loss_of(said(-9.0, -9.0), nothing)), abs=1e-4)


class KilledError(Exception):
    pass


def test_training_is_seeded_and_a_kill_costs_one_epoch(data: Path, site: Site, tmp_path: Path):
    whole = load_weights(train(data, site, tmp_path / "whole", RECIPE, quiet))

    def kill(message: str, share: float) -> None:
        if share > 0.7:
            raise KilledError

    with pytest.raises(KilledError):
        train(data, site, tmp_path / "parts", RECIPE, kill)
    assert (tmp_path / "parts" / "checkpoint.pt").exists()
    shares: list[float] = []
    parts = load_weights(train(data, site, tmp_path / "parts", RECIPE, lambda _message, share: shares.append(share)))
    assert shares == [0.75, 1.0], "the first epoch is not run again"
    for name, tensor in whole.network.state_dict().items():
        assert torch.allclose(tensor, parts.network.state_dict()[name], atol=1e-6), name
    assert whole.recipe == parts.recipe == RECIPE.digest
    for name in ("loss.csv", "f1.csv"):
        assert (tmp_path / "whole" / name).read_text() == (tmp_path / "parts" / name).read_text()
    assert len((tmp_path / "parts" / "loss.csv").read_text().splitlines()) == 1 + RECIPE.total_steps
    for picture in ("history.png", "examples.png"):
        assert (tmp_path / "parts" / picture).stat().st_size > 10_000


def test_another_recipe_starts_anew(data: Path, site: Site, tmp_path: Path):
    train(data, site, tmp_path, RECIPE, quiet)
    shares: list[float] = []
    train(data, site, tmp_path, replace(RECIPE, seed=8), lambda _message, share: shares.append(share))
    assert shares[0] == 0.25


def test_the_held_out_scene_is_not_even_read(data: Path, monkeypatch: pytest.MonkeyPatch):
    write_scene(data / "marida", "S2_2-2-20_16PCC", patches=1)
    seen: list[str] = []
    original = training.read_scene

    def watch(folder: Path, scene: str):
        seen.append(scene)
        return original(folder, scene)

    monkeypatch.setattr(training, "read_scene", watch)
    assert set(read_pieces(data / "marida", "S2_2-2-20_16PCC")) == {"S2_1-1-20_16PCC"}
    assert seen == ["S2_1-1-20_16PCC"]
    with pytest.raises(InputError, match="no scene S2_9"):
        read_pieces(data / "marida", "S2_9")


class Overconfident(torch.nn.Module):
    """Says 4 of pixels of which 3 in 4 are algae."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, inputs: torch.Tensor) -> Segmentation:
        full = torch.full_like(inputs[:, 0], 4.0)
        return Segmentation(full, full, full)


def test_calibration_turns_a_logit_into_a_share():
    truth = torch.ones(1, 20, 20)
    truth[:, ::2, ::2] = 0
    full = torch.ones(1, 20, 20)
    batch = (torch.zeros(1, 4, 20, 20), Targets(truth, full, truth, full, full, full))
    slope, intercept = calibration_of(Overconfident(), [batch], 0.5)  # type: ignore[arg-type]
    assert 1 / (1 + np.exp(-(slope * 4 + intercept))) == pytest.approx(0.75, abs=0.02)


def test_calibration_counts_thin_algae_as_right_where_the_call_is_left_open():
    full, none = torch.ones(1, 20, 20), torch.zeros(1, 20, 20)
    cover = torch.full((1, 20, 20), 0.012)
    cover[:, ::2, ::2] = 0.004
    batch = (torch.zeros(1, 4, 20, 20), Targets(none, none, cover, full, full, full))
    slope, intercept = calibration_of(Overconfident(), [batch], 0.5)  # type: ignore[arg-type]
    assert 1 / (1 + np.exp(-(slope * 4 + intercept))) == pytest.approx(0.75, abs=0.02)
