"""The losses of the three outputs."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn import functional

from models.unet import Segmentation

HARDEST = 0.002
"""Share of a batch's pixels that count as its hardest negatives."""

COVER_SCALE = 0.03
"""Errors of the cover count relative to the cover and this much more."""

PRESENT = 0.002
"""Cover from which algae are there to be measured."""

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

    def to(self, device: torch.device) -> "Targets":
        """Return these targets on ``device``."""
        return Targets(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


def loss_of(output: Segmentation, target: Targets) -> Tensor:
    """Return the sum of the losses of the call, the cover fraction and the kind, each a mean over counted pixels."""
    raw = functional.binary_cross_entropy_with_logits(output.floating, target.called, reduction="none")
    focal = raw * (1.0 - torch.exp(-raw)) ** FOCUS
    positive = target.called_weight * target.called
    negative = target.called_weight * (1.0 - target.called)
    # Either side by its own mean: algae are one pixel in a thousand.
    call = _mean(focal, positive) + _mean(focal, negative) + 0.5 * _dice(torch.sigmoid(output.floating), target)
    call = call + 0.25 * _hardest(raw * negative)
    # Squares are least at the conditional mean, so areas come out without bias; as the scale of an error is taken from
    # what was said and not from the truth, it does not shift that mean.
    error = (output.cover - target.cover) / (output.cover.detach() + COVER_SCALE)
    present = target.cover_weight * (target.cover > PRESENT).float()
    kind = functional.binary_cross_entropy_with_logits(output.ulva, target.ulva, reduction="none")
    return 2.0 * call + 2.0 * _mean(error.square(), present) + 0.2 * _mean(kind, target.ulva_weight)


def _mean(value: Tensor, weight: Tensor) -> Tensor:
    return (value * weight).sum() / weight.sum().clamp_min(1.0)


def _hardest(value: Tensor) -> Tensor:
    """Return the mean of the HARDEST share of ``value``: the false alarms that an average over the sea would hide."""
    return value.flatten().topk(max(int(value.numel() * HARDEST), 1)).values.mean()


def _dice(probability: Tensor, target: Targets) -> Tensor:
    weight = target.called_weight
    both = (probability * target.called * weight).sum()
    total = (probability * weight).sum() + (target.called * weight).sum()
    return 1.0 - (2.0 * both + 1.0) / (total + 1.0)
