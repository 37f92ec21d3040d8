"""The shipped weights: safetensors whose metadata hold what is needed to use them."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from models.unet import Segmenter

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
DEFAULT = WEIGHTS_FOLDER / "segmenter.safetensors"
FOLDS_FOLDER = WEIGHTS_FOLDER / "folds"


@dataclass(frozen=True)
class Weights:
    """A trained segmenter with its operating point."""

    network: Segmenter
    name: str
    sha256: str
    threshold: float
    """Output from which a pixel is called floating algae, if a sure one is in its patch."""
    sure: float = 0.0
    """Output from which a pixel is sure."""
    calibration: tuple[float, float] = (1.0, 0.0)
    """Slope and intercept that turn the network's logit into that of the share of such pixels that are algae."""
    recipe: str = ""
    """SHA-256 of the configuration it was trained with."""


def fold_path(scene: str) -> Path:
    """Return where the weights lie that were trained without ``scene``."""
    return FOLDS_FOLDER / f"{scene}.safetensors"


def save_weights(
    network: Segmenter,
    path: Path,
    name: str,
    threshold: float,
    sure: float = 0.0,
    calibration: tuple[float, float] = (1.0, 0.0),
    recipe: str = "",
) -> None:
    """Write the state of ``network`` to ``path`` with its operating point."""
    state = {key: tensor.detach().cpu().contiguous() for key, tensor in network.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {
        "name": name,
        "threshold": repr(threshold),
        "sure": repr(sure),
        "slope": repr(calibration[0]),
        "intercept": repr(calibration[1]),
        "recipe": recipe,
    }
    save_file(state, path, metadata=metadata)


def load_weights(path: Path = DEFAULT) -> Weights:
    """Return the segmenter at ``path``, in evaluation mode.

    Raise ValueError when the file is absent, damaged, or of another architecture.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        network = Segmenter()
        network.load_state_dict(load_file(path))
        threshold, sure = float(metadata["threshold"]), float(metadata["sure"])
        calibration = float(metadata["slope"]), float(metadata["intercept"])
    except (OSError, SafetensorError, RuntimeError, KeyError) as error:
        raise ValueError(f"{path} holds no weights of this segmenter: {str(error).splitlines()[0]}") from error
    network.eval()
    _fuse(network)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = metadata.get("name", path.stem)
    return Weights(network, name, digest, threshold, sure, calibration, metadata.get("recipe", ""))


def _fuse(module: nn.Module) -> None:
    """Fold each batch normalisation into the convolution before it: the same numbers with fewer passes over them."""
    for child in module.children():
        _fuse(child)
    if isinstance(module, nn.Sequential):
        for index, (one, other) in enumerate(pairwise(list(module))):
            if isinstance(one, nn.Conv2d) and isinstance(other, nn.BatchNorm2d):
                module[index], module[index + 1] = fuse_conv_bn_eval(one, other), nn.Identity()
