from pathlib import Path

import pytest
import torch

from models.unet import INPUTS, Segmenter
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


def test_a_far_pixel_does_not_change_the_answer(network: Segmenter):
    """No global pooling: what is farther than the receptive field reaches does not count."""
    torch.manual_seed(1)
    inputs = torch.randn(1, INPUTS, 64, 1024) * 0.02
    changed = inputs.clone()
    changed[..., 1000:] += 0.5
    with torch.inference_mode():
        one, other = network(inputs).floating, network(changed).floating
    assert torch.equal(one[..., :400], other[..., :400])
    assert not torch.equal(one[..., 990:], other[..., 990:])


def test_weights_survive_the_disk_with_their_operating_point(network: Segmenter, tmp_path: Path):
    path = tmp_path / "w.safetensors"
    save_weights(network, path, "test", 0.37)
    weights = load_weights(path)
    assert (weights.name, weights.threshold) == ("test", 0.37)
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
