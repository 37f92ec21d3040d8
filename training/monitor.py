"""How a training stands: F1 of floating algae on the labelled pixels of each training scene."""

from collections.abc import Mapping, Sequence

import torch

from models.unet import Segmenter, inputs_of
from training.marida import Label
from training.samples import Piece

CALLED_LOGIT = 0.0


def f1_by_scene(network: Segmenter, by_scene: Mapping[str, Sequence[Piece]]) -> dict[str, float]:
    """Return F1 by scene that holds algae, and the share of labelled others called where there are none.

    Only pieces with labels of anything but plain water and silt are looked at.
    """
    network.eval()
    device = next(network.parameters()).device
    result = {}
    for scene, pieces in by_scene.items():
        hits = alarms = misses = others = 0
        for piece in pieces:
            telling = (piece.labels != Label.NONE) & (piece.labels != Label.MARINE_WATER)
            if not telling.any():
                continue
            inputs = torch.from_numpy(inputs_of(piece.reflectance - piece.background, piece.background)[None])
            with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
                called = network(inputs.to(device)).floating[0].cpu().numpy() > CALLED_LOGIT
            known = piece.labels != Label.NONE
            hits += int((called & piece.algae).sum())
            alarms += int((called & ~piece.algae & known).sum())
            misses += int((~called & piece.algae).sum())
            others += int((known & ~piece.algae).sum())
        holds_algae = hits + misses > 0
        result[scene] = 2 * hits / max(2 * hits + alarms + misses, 1) if holds_algae else 1 - alarms / max(others, 1)
    return result
