"""The segmenter: a small U-Net on a MobileNetV3 encoder, with a spectral branch at full resolution.

Nearly all algae pixels are mixed and filaments are one or two pixels wide, so what the stride-2 stem of the encoder
loses is kept by a branch of pointwise convolutions that sees every pixel's spectrum; the encoder brings the context
(wake, cloud edge, surf line) by which the same spectrum is algae or not.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.vision import torchvision

BANDS = ("B02", "B03", "B04", "B06", "B08", "B11")
"""Bands of the input, in order: first reflectance less the clear-water background around the pixel, then that
background itself, which tells silt (whose near infrared rises faster than its red) from algae."""

INPUTS = 2 * len(BANDS)

ANOMALY_GAINS = (25.0, 4.0)
"""Two scalings of the anomaly: the first resolves a few per cent of cover, the second does not saturate on clouds."""

BACKGROUND_GAIN = 10.0

CLIP = 4.0


@dataclass(frozen=True)
class Segmentation:
    """What the network says of each pixel; all tensors (batch, rows, cols)."""

    floating: Tensor
    """Logit of floating algae being there."""
    cover: Tensor
    """Logit of the cover fraction."""
    ulva: Tensor
    """Logit of Ulva against Sargassum, meaningful where the cover allows it."""


class Segmenter(nn.Module):
    """From anomaly and background (batch, 12, rows, cols; 32 pixels or more a side) to a Segmentation."""

    def __init__(self) -> None:
        super().__init__()
        channels = len(BANDS) * (len(ANOMALY_GAINS) + 1)
        encoder = _without_global_pooling(torchvision.models.mobilenet_v3_small(weights=None).features[:9])
        self.stem = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.Hardswish()
        )  # stride 2: the encoder's own, but for more bands
        self.stage4 = encoder[1]  # stride 4, 16
        self.stage8 = encoder[2:4]  # stride 8, 24
        self.stage16 = encoder[4:9]  # stride 16, 48
        self.up8 = _block(48 + 24, 32)
        self.up4 = _block(32 + 16, 24)
        self.up2 = _block(24 + 16, 24)
        self.spectral = nn.Sequential(
            nn.Conv2d(channels, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        )  # fmt: skip
        self.texture = nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False), nn.BatchNorm2d(32))
        self.head = nn.Sequential(
            nn.Conv2d(32 + 32 + 24, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 3, 1)
        )

    def forward(self, inputs: Tensor) -> Segmentation:
        """Segment ``inputs``; NaN is not allowed (put an anomaly of 0: the background itself)."""
        anomaly, background = inputs[:, : len(BANDS)], inputs[:, len(BANDS) :]
        scaled = [(anomaly * gain).clamp(-CLIP, CLIP) for gain in ANOMALY_GAINS]
        x = torch.cat([*scaled, (background * BACKGROUND_GAIN).clamp(-CLIP, CLIP)], dim=1)
        at2 = self.stem(x)
        at4 = self.stage4(at2)
        at8 = self.stage8(at4)
        at16 = self.stage16(at8)
        y = self.up8(_join(at16, at8))
        y = self.up4(_join(y, at4))
        y = self.up2(_join(y, at2))
        spectral = self.spectral(x)
        out = self.head(_join(y, torch.cat([spectral, functional.relu(self.texture(spectral))], dim=1)))
        return Segmentation(floating=out[:, 0], cover=out[:, 1], ulva=out[:, 2])


def _without_global_pooling(encoder: nn.Sequential) -> nn.Sequential:
    """Drop squeeze-and-excitation: it averages over the whole tile, and a pixel must not depend on the tiling."""
    for module in list(encoder.modules()):
        for name, child in module.named_children():
            if isinstance(child, torchvision.ops.SqueezeExcitation):
                setattr(module, name, nn.Identity())
    return encoder


def _join(coarse: Tensor, fine: Tensor) -> Tensor:
    size = fine.shape[-2:]
    return torch.cat([functional.interpolate(coarse, size=size, mode="bilinear", align_corners=False), fine], dim=1)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )
