"""The losses of the three outputs."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.unet import Segmentation

FOCUS = 1.5
"""Exponent of the focal term: a clear-sea pixel that is already right teaches next to nothing."""


@dataclass(frozen=True)
class Targets:
    """Targets of a batch, each (batch, rows, cols), with weights that leave pixels out."""

    called: Tensor
    called_weight: Tensor
    cover: Tensor
    cover_weight: Tensor
    ulva: Tensor
    ulva_weight: Tensor


def loss_of(output: Segmentation, target: Targets) -> Tensor:
    """Return the sum of the losses of the call, the cover fraction and the kind, each a mean over counted pixels."""
    raw = functional.binary_cross_entropy_with_logits(output.floating, target.called, reduction="none")
    focal = raw * (1.0 - torch.exp(-raw)) ** FOCUS
    positive = target.called_weight * target.called
    negative = target.called_weight * (1.0 - target.called)
    # Either side by its own mean: algae are one pixel in a thousand.
    call = _mean(focal, positive) + _mean(focal, negative) + 0.5 * _dice(torch.sigmoid(output.floating), target)
    # Cross entropy with a soft target is least at the conditional mean, so areas come out without bias.
    soft = functional.binary_cross_entropy_with_logits(output.cover, target.cover, reduction="none")
    present = target.cover_weight * (0.02 + (target.cover > 0.004).float())
    kind = functional.binary_cross_entropy_with_logits(output.ulva, target.ulva, reduction="none")
    return 2.0 * call + 2.0 * _mean(soft, present) + 0.2 * _mean(kind, target.ulva_weight)


def _mean(value: Tensor, weight: Tensor) -> Tensor:
    return (value * weight).sum() / weight.sum().clamp_min(1.0)


def _dice(probability: Tensor, target: Targets) -> Tensor:
    weight = target.called_weight
    both = (probability * target.called * weight).sum()
    total = (probability * weight).sum() + (target.called * weight).sum()
    return 1.0 - (2.0 * both + 1.0) / (total + 1.0)
