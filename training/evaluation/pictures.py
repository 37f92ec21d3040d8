"""Pictures of small windows: the image in natural and in false colour, labels, masks and cover."""

import base64

import cv2
import numpy as np
import numpy.typing as npt

from training.evaluation.imagery import BANDS
from training.marida import Label

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Picture = npt.NDArray[np.uint8]
"""(rows, cols, 3): red, green, blue."""

SCALE = 5
"""Picture pixels along the side of an image pixel."""

NATURAL, FALSE_COLOUR = ("B04", "B03", "B02"), ("B08", "B04", "B03")

LABEL_COLOURS = {
    Label.NONE: (32, 36, 42),
    Label.DEBRIS: (255, 0, 255),
    Label.DENSE_SARGASSUM: (0, 200, 60),
    Label.SPARSE_SARGASSUM: (150, 235, 90),
    Label.NATURAL_ORGANIC: (150, 110, 40),
    Label.SHIP: (255, 150, 0),
    Label.CLOUD: (235, 235, 235),
    Label.MARINE_WATER: (20, 60, 160),
    Label.SEDIMENT: (200, 170, 60),
    Label.FOAM: (190, 120, 255),
    Label.TURBID: (130, 120, 60),
    Label.SHALLOW: (0, 200, 220),
    Label.WAVES: (140, 160, 255),
    Label.CLOUD_SHADOW: (110, 110, 120),
    Label.WAKES: (240, 235, 120),
    Label.MIXED_WATER: (90, 140, 150),
}

HIT, FALSE_ALARM, MISS, UNLABELLED, MASKED = (0, 200, 60), (235, 40, 40), (255, 170, 0), (80, 150, 255), (70, 70, 70)
NOTHING = (15, 17, 20)


def coloured(values: Float, bands: tuple[str, str, str]) -> Picture:
    """Return three of ``values`` (bands, rows, cols), each stretched between its 1 % and 99.5 % quantiles."""
    channels = []
    for band in bands:
        value = values[BANDS.index(band)]
        seen = value[np.isfinite(value)]
        low, high = np.quantile(seen, [0.01, 0.995]) if len(seen) else (0.0, 1.0)
        channels.append(np.nan_to_num((value - low) / max(float(high - low), 0.02)).clip(0, 1) * 255)
    return np.stack(channels, axis=-1).astype(np.uint8)


def labelled(labels: npt.NDArray[np.uint8]) -> Picture:
    """Return labels in their colours."""
    palette = np.array([LABEL_COLOURS[label] for label in Label], np.uint8)
    return palette[labels]


def judged(called: Mask, labels: npt.NDArray[np.uint8], algae: Mask, clear: Mask) -> Picture:
    """Return a mask in colours: hits, false alarms, misses, called where nothing is labelled, masked."""
    picture = np.full((*called.shape, 3), NOTHING, np.uint8)
    known = labels != Label.NONE
    picture[~clear] = MASKED
    for where, colour in (
        (called & ~known, UNLABELLED),
        (called & algae, HIT),
        (called & known & ~algae, FALSE_ALARM),
        (~called & algae, MISS),
    ):
        picture[where] = colour
    return picture


def cover_picture(cover: Float) -> Picture:
    """Return cover fraction, dark at 0, through green to white at 1; a root makes small fractions seen."""
    shade = (np.sqrt(np.nan_to_num(cover).clip(0, 1)) * 255).astype(np.uint8)
    picture = np.asarray(cv2.applyColorMap(shade, cv2.COLORMAP_VIRIDIS)[..., ::-1], np.uint8).copy()
    picture[~np.isfinite(cover)] = MASKED
    return picture


def outlined(picture: Picture, marks: dict[tuple[int, int, int], Mask], scale: int = SCALE) -> Picture:
    """Return ``picture`` enlarged, the edges of each mask drawn in its colour."""
    size = (picture.shape[1] * scale, picture.shape[0] * scale)
    large = np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST))
    for colour, mask in marks.items():
        big = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        contours, _ = cv2.findContours(big, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(large, contours, -1, colour, 1)
    return np.asarray(large, np.uint8)


def data_uri(picture: Picture) -> str:
    """Return the picture as a PNG inside a URI."""
    _, png = cv2.imencode(".png", picture[..., ::-1])
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")
