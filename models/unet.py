"""The segmenter: a small U-Net on a MobileNetV3 encoder, with a spectral branch at full resolution.

Nearly all algae pixels are mixed and filaments are one or two pixels wide, so what the stride-2 stem of the encoder
loses is kept by a branch of pointwise convolutions that sees every pixel's spectrum; the encoder brings the context
(wake, cloud edge, surf line) by which the same spectrum is algae or not.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.vision import torchvision

Float = npt.NDArray[np.float32]

BANDS = ("B02", "B03", "B04", "B05", "B06", "B08", "B8A", "B11")
"""Bands of the input, in order of wavelength."""

NEEDED = ("B02", "B03", "B04", "B08")
"""The bands of 10 m, without which nothing is said. The others sharpen what is said: B05 tells silt and Sargassum,
whose red edge begins early, from Ulva; B06 and B8A confirm the edge; B11 tells what is dry."""

OPTIONAL = tuple(band for band in BANDS if band not in NEEDED)

INPUTS = 2 * len(BANDS) + len(OPTIONAL)
"""Channels of the input: reflectance less the clear-water background around the pixel, that background itself, and for
each optional band whether it is there."""

STRIDE = 16
"""Of the coarsest stage, in pixels."""

REACH = 128
"""How far a pixel's output can depend on others (127, a test holds that), rounded up to the stride: tiles that overlap
by this much and begin on multiples of the stride give what the whole would."""

ANOMALY_GAINS = (25.0, 4.0)
"""Two scalings of the anomaly: the first resolves a few per cent of cover, the second does not saturate on clouds."""

BACKGROUND_GAIN = 10.0

FAI_WEIGHT = (832.8 - 664.6) / (1613.7 - 664.6)
"""Where B08 lies between B04 and B11, by the centre wavelengths of Sentinel-2A (ESA): the weight of B11 in the line
under the floating algae index (Hu 2009, doi 10.1016/j.rse.2009.05.012)."""

ULVA_RISE = 0.49
"""Floating algae index of full cover by *Ulva* above that of clear water: measured spectra convolved with the response
of Sentinel-2A."""

CORRECTION = (-1.0, 1.6)
"""Range of the logarithm of what the network may correct that first guess of the cover by: air takes a tenth of the
index, full *Sargassum* shows a third of it."""

CLIP = 4.0


@dataclass(frozen=True)
class Segmentation:
    """What the network says of each pixel; all tensors (batch, rows, cols)."""

    floating: Tensor
    """Logit of floating algae being there."""
    cover: Tensor
    """Cover fraction, 0–1, given that there are algae."""
    ulva: Tensor
    """Logit of Ulva against Sargassum, meaningful where the cover allows it."""


def inputs_of(anomaly: Float, background: Float, present: Collection[str] = BANDS) -> Float:
    """Return the input (INPUTS, rows, cols) from anomaly and background (bands, rows, cols).

    Bands that are not in ``present`` read 0, whatever the arrays hold.
    """
    here = np.array([band in present for band in BANDS], np.float32)[:, None, None]
    flags = [np.full(anomaly.shape[1:], float(band in present), np.float32) for band in OPTIONAL]
    return np.concatenate([anomaly * here, background * here, np.stack(flags)]).astype(np.float32, copy=False)


class Segmenter(nn.Module):
    """From the input (batch, INPUTS, rows, cols; 32 pixels or more a side) to a Segmentation."""

    def __init__(self) -> None:
        super().__init__()
        channels = len(BANDS) * (len(ANOMALY_GAINS) + 1) + len(OPTIONAL)
        encoder = _without_global_pooling(torchvision.models.mobilenet_v3_small(weights=None).features[:7])
        self.stem = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.Hardswish()
        )  # stride 2: the encoder's own, but for more bands
        self.stage4 = encoder[1]  # stride 4, 16
        self.stage8 = encoder[2:4]  # stride 8, 24
        self.stage16 = encoder[4:7]  # stride 16, 40; deeper ones would see more than tiles overlap
        self.up8 = _block(40 + 24, 32)
        self.up4 = _block(32 + 16, 24)
        self.up2 = _block(24 + 16, 24)
        self.spectral = nn.Sequential(
            nn.Conv2d(channels, 48, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU(),
            nn.Conv2d(48, 48, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU(),
        )  # fmt: skip
        self.texture = nn.Sequential(nn.Conv2d(48, 48, 3, padding=1, groups=48, bias=False), nn.BatchNorm2d(48))
        self.head = nn.Sequential(nn.Conv2d(48 + 48 + 24, 48, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU())
        self.outputs = nn.Conv2d(48, 3, 1)

    def forward(self, inputs: Tensor) -> Segmentation:
        """Segment ``inputs``; NaN is not allowed (put an anomaly of 0: the background itself)."""
        anomaly, background, present = torch.split(inputs, [len(BANDS), len(BANDS), len(OPTIONAL)], dim=1)
        scaled = [(anomaly * gain).clamp(-CLIP, CLIP) for gain in ANOMALY_GAINS]
        x = torch.cat([*scaled, (background * BACKGROUND_GAIN).clamp(-CLIP, CLIP), present], dim=1)
        at2 = self.stem(x)
        at4 = self.stage4(at2)
        at8 = self.stage8(at4)
        at16 = self.stage16(at8)
        y = self.up8(_join(at16, at8))
        y = self.up4(_join(y, at4))
        y = self.up2(_join(y, at2))
        spectral = self.spectral(x)
        y = self.head(_join(y, torch.cat([spectral, functional.relu(self.texture(spectral))], dim=1)))
        with torch.autocast(y.device.type, enabled=False):  # half precision would round fractions to 1/500
            out = self.outputs(y.float())
            cover = (_first_guess(anomaly.float()) * out[:, 1].clamp(*CORRECTION).exp()).clamp(0.0, 1.0)
        return Segmentation(floating=out[:, 0], cover=cover, ulva=out[:, 2])


def both_ways(network: nn.Module, inputs: Tensor) -> Segmentation:
    """Return the mean of what ``network`` says of ``inputs`` and of the same mirrored on their second diagonal.

    Rows and columns then change places, and so do the corners that the strides count from: what hangs on either, and
    not on what is there, is halved. Sides are multiples of STRIDE.
    """
    straight, mirrored = network(inputs), network(_mirrored(inputs).contiguous(memory_format=torch.channels_last))
    return Segmentation(
        floating=(straight.floating + _mirrored(mirrored.floating)) / 2.0,
        cover=(straight.cover + _mirrored(mirrored.cover)) / 2.0,
        ulva=(straight.ulva + _mirrored(mirrored.ulva)) / 2.0,
    )


def _mirrored(images: Tensor) -> Tensor:
    return images.transpose(-2, -1).flip((-2, -1))


def _first_guess(anomaly: Tensor) -> Tensor:
    """Return the cover (batch, rows, cols) of Ulva whose index would be that of ``anomaly``: mixtures are linear."""
    red, nir, swir = (anomaly[:, BANDS.index(band)] for band in ("B04", "B08", "B11"))
    return (nir - (red + (swir - red) * FAI_WEIGHT)).clamp_min(0.0) / ULVA_RISE


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
