"""The shipped weights: safetensors whose metadata hold what is needed to use them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from models.unet import Segmenter

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
DEFAULT = WEIGHTS_FOLDER / "segmenter.safetensors"


@dataclass(frozen=True)
class Weights:
    """A trained segmenter with its operating point."""

    network: Segmenter
    name: str
    sha256: str
    threshold: float
    """Probability from which a pixel is called floating algae."""


def save_weights(network: Segmenter, path: Path, name: str, threshold: float) -> None:
    """Write the state of ``network`` to ``path`` with its operating point."""
    state = {key: tensor.detach().cpu().contiguous() for key, tensor in network.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path, metadata={"name": name, "threshold": repr(threshold)})


def load_weights(path: Path = DEFAULT) -> Weights:
    """Return the segmenter at ``path``, in evaluation mode.

    Raise ValueError when the file is absent, damaged, or of another architecture.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        network = Segmenter()
        network.load_state_dict(load_file(path))
        threshold = float(metadata["threshold"])
    except (OSError, SafetensorError, RuntimeError, KeyError) as error:
        raise ValueError(f"{path} holds no weights of this segmenter: {str(error).splitlines()[0]}") from error
    network.eval()
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Weights(network, metadata.get("name", path.stem), digest, threshold)
