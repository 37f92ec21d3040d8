from pathlib import Path

import numpy as np
import pytest
import torch

from models.unet import BANDS, INPUTS, OPTIONAL, REACH, STRIDE, Segmenter, both_ways, inputs_of
from models.weights import DEFAULT, load_weights, save_weights


@pytest.fixture(scope="module")
def network() -> Segmenter:
    torch.manual_seed(0)
    return Segmenter().eval()


@pytest.mark.parametrize("size", [(32, 32), (64, 96), (33, 47)])
def test_every_pixel_gets_its_three_answers(network: Segmenter, size: tuple[int, int]):
    with torch.inference_mode():
        out = network(torch.zeros(2, INPUTS, *size))
    assert out.floating.shape == out.cover.shape == out.ulva.shape == (2, *size)


def test_no_pixel_reaches_farther_than_tiles_overlap(network: Segmenter):
    """No global pooling: what is REACH away does not count, so a tile gives what the whole gives."""
    torch.manual_seed(1)
    inputs = torch.randn(1, INPUTS, 64, 1024) * 0.02
    changed = inputs.clone()
    changed[..., 600:] += 0.5
    with torch.inference_mode():
        one, other = network(inputs).cover, network(changed).cover
    assert torch.equal(one[..., : 600 - REACH], other[..., : 600 - REACH])
    assert not torch.equal(one[..., 590:], other[..., 590:])


def test_a_tile_with_its_surroundings_gives_what_the_whole_gives(network: Segmenter):
    torch.manual_seed(3)
    inputs = torch.randn(1, INPUTS, 64, 1024) * 0.02
    left = 512 - REACH
    with torch.inference_mode():
        whole, tile = network(inputs).cover, network(inputs[..., left:]).cover
    assert left % STRIDE == 0
    assert torch.allclose(whole[..., 512:], tile[..., REACH:], atol=1e-5)


def test_a_band_that_is_not_there_counts_for_nothing():
    rng = np.random.default_rng(0)
    anomaly, background = rng.normal(0.0, 0.05, (2, len(BANDS), 32, 32)).astype(np.float32)
    present = tuple(band for band in BANDS if band != "B05")
    one = inputs_of(anomaly, background, present)
    anomaly[BANDS.index("B05")], background[BANDS.index("B05")] = 9.0, 9.0
    assert np.array_equal(one, inputs_of(anomaly, background, present))
    assert one.shape[0] == INPUTS
    assert (one[2 * len(BANDS) + OPTIONAL.index("B05")] == 0).all()
    assert (one[2 * len(BANDS) + OPTIONAL.index("B11")] == 1).all()


def test_weights_survive_the_disk_with_their_operating_point(network: Segmenter, tmp_path: Path):
    path = tmp_path / "w.safetensors"
    save_weights(network, path, "test", 0.37, 0.8, (1.5, -0.25), "abc")
    weights = load_weights(path)
    assert (weights.name, weights.threshold, weights.sure) == ("test", 0.37, 0.8)
    assert (weights.calibration, weights.recipe) == ((1.5, -0.25), "abc")
    assert len(weights.sha256) == 64
    inputs = torch.randn(1, INPUTS, 64, 64) * 0.05
    with torch.inference_mode():
        assert torch.allclose(weights.network(inputs).cover, network(inputs).cover, atol=1e-5)


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_damaged_weights_are_a_value_error(tmp_path: Path, content: bytes | None):
    path = tmp_path / "w.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="holds no weights"):
        load_weights(path)


def test_the_shipped_weights_load_and_are_small():
    assert DEFAULT.stat().st_size <= 10_000_000
    weights = load_weights()
    assert 0 < weights.threshold < 1
    assert DEFAULT.with_name("MODEL_CARD.md").is_file()


def test_the_shipped_weights_are_safe_in_bfloat16():
    network = load_weights().network
    torch.manual_seed(2)
    inputs = torch.randn(1, INPUTS, 64, 64) * 0.05
    with torch.inference_mode():
        exact = torch.sigmoid(network(inputs).floating)
        with torch.autocast("cpu", torch.bfloat16):
            quick = torch.sigmoid(network(inputs).floating.float())
    assert (exact - quick).abs().mean() < 0.02


def test_both_ways_does_not_mind_which_of_the_two_comes_first():
    network = load_weights().network
    torch.manual_seed(3)
    inputs = torch.randn(1, INPUTS, 64, 96) * 0.05
    turned = inputs.transpose(-2, -1).flip((-2, -1))
    with torch.inference_mode():
        one, other, plain = both_ways(network, inputs), both_ways(network, turned), network(inputs)
    for mine, theirs in ((one.floating, other.floating), (one.cover, other.cover), (one.ulva, other.ulva)):
        assert torch.allclose(mine, theirs.transpose(-2, -1).flip((-2, -1)), atol=1e-4)
    assert not torch.allclose(one.floating, plain.floating, atol=1e-2)
