"""Confidence that means what it says: a line through the logits, fitted to fresh samples (Platt 1999)."""

from collections.abc import Iterable

import numpy as np
import torch
from scipy.optimize import minimize

from models.unet import Segmenter, both_ways
from training.losses import Targets

MOST = 200_000
"""Pixels that are fitted; more change nothing."""

THERE = 0.01
"""Cover from which a called pixel is right to be called: no image shows less."""


def calibration_of(
    network: Segmenter, batches: Iterable[tuple[torch.Tensor, Targets]], threshold: float
) -> tuple[float, float]:
    """Return slope and intercept by which the logit of a called pixel becomes that of its chance of being algae.

    Only pixels that the network calls (output of ``threshold`` or more) are fitted: no others are given a confidence.
    """
    network.eval()
    device = next(network.parameters()).device
    logits, truths, weights = [], [], []
    for inputs, targets in batches:
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
            logit = both_ways(network, inputs.to(device)).floating.cpu()
        # Between empty and called the call is not taught, but what floats there is known.
        weight = torch.maximum(targets.called_weight, targets.cover_weight * (targets.cover > 0)).clamp(max=1.0)
        use = (weight > 0) & (torch.sigmoid(logit) >= threshold)
        logits.append(logit[use])
        truths.append(torch.maximum(targets.called, (targets.cover >= THERE).float())[use])
        weights.append(weight[use])
    x, y, w = (torch.cat(parts)[:MOST].double().numpy() for parts in (logits, truths, weights))
    if not len(x) or y.min() == y.max():
        return 1.0, 0.0

    def loss(line: np.ndarray) -> float:
        z = line[0] * x + line[1]
        return float((w * (np.logaddexp(0.0, z) - y * z)).mean() + 1e-3 * ((line[0] - 1.0) ** 2 + line[1] ** 2))

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(intercept)
