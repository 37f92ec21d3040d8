"""The land behind the shore: fields, hills, villages, ponds and a beach. It only has to look like land."""

import numpy as np
import numpy.typing as npt

from training import endmembers
from training.simulate.shore import COARSE, Shore
from training.simulate.texture import F32, enlarge, fractal

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]

CLASSES = (
    endmembers.CLEAR_WATER,  # 0 stands for sea and is never drawn as land
    endmembers.FOREST,
    endmembers.CROP,
    endmembers.SOIL,
    endmembers.SAND,
    endmembers.BUILT,
    endmembers.POND,
)
SEA, FOREST, CROP, SOIL, SAND, BUILT, POND = range(7)
VEGETATION = (FOREST, CROP)

DISTRICT_M = 900.0
"""示例: side of the districts in which all fields lie the same way."""

BEACH_M = 45.0
"""示例: width of the beach on an open shore."""

_STRIP = 600


def paint_land(shore: Shore, rng: np.random.Generator) -> tuple[U8, U8]:
    """Return class (index into CLASSES; 0 at sea) and tone (see :func:`brightness`) of every 10 m pixel."""
    coarse = (shore.openness.shape[0], shore.openness.shape[1])
    hills = fractal(coarse, rng, largest=110.0, slope=2.0)
    towns = fractal(coarse, rng, largest=25.0, slope=1.3)
    salt = int(rng.integers(1, 2**31))
    rows, cols = shore.grid.shape
    classes, tones = np.zeros((rows, cols), np.uint8), np.zeros((rows, cols), np.uint8)
    for top in range(0, rows, _STRIP):
        strip = slice(top, min(top + _STRIP, rows))
        row, col = np.nonzero(shore.land[strip])
        if not len(row):
            continue
        row += top
        at = row - top, col
        hill, town, exposed = (enlarge(field, COARSE, strip)[at] for field in (hills, towns, shore.openness))
        inland = -shore.offshore_m[row, col].astype(np.float32)
        kind, tone = _fields(row, col, salt)
        grain = _unit(_hash(row, col, 7, salt))
        wood = hill + 0.15 * grain > 0.55
        kind = np.where(wood, FOREST, kind)
        tone = np.where(wood, 0.85 + 0.12 * np.clip(town, -1.5, 1.5) + 0.15 * grain, tone)
        village = (town + 0.3 * grain > 1.35) & ~wood
        block = _unit(_hash(row // 3, col // 3, 11, salt))
        kind = np.where(village & (block < 0.8), BUILT, kind)
        tone = np.where(village, 0.75 + 0.5 * block + 0.25 * grain, tone)
        pond = (inland < 380.0) & (inland > 30.0) & (exposed < 0.42) & (town < 0.3)
        pond &= _unit(_hash(row // 14, col // 22, 13, salt)) < 0.7
        dyke = (row % 14 == 0) | (col % 22 == 0)
        kind = np.where(pond, np.where(dyke, SOIL, POND), kind)
        beach = (inland < BEACH_M) & (exposed > 0.5)
        kind = np.where(beach, SAND, kind)
        tone = np.where(beach, 0.9 + 0.2 * grain, tone)
        classes[row, col] = kind
        tones[row, col] = np.clip((tone - _DARKEST) / (_BRIGHTEST - _DARKEST) * 255.0, 0.0, 255.0)
    return classes, tones


_DARKEST, _BRIGHTEST = 0.5, 1.5


def land_reflectance(classes: U8, tones: U8, band: str) -> F32:
    """Return the reflectance in ``band`` of land of ``classes`` and ``tones``."""
    spectrum = np.array([kind[band] for kind in CLASSES], np.float32)
    step = (_BRIGHTEST - _DARKEST) / 255.0
    return np.asarray(spectrum[classes] * (np.float32(_DARKEST) + tones * np.float32(step)), np.float32)


def _fields(
    row: npt.NDArray[np.int64], col: npt.NDArray[np.int64], salt: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return class and tone of a patchwork of strip fields, whose direction and size change by district."""
    y, x = row.astype(np.float32) * 10.0, col.astype(np.float32) * 10.0
    bent_x = x + 160.0 * np.sin(y / 700.0) + 60.0 * np.sin(y / 190.0)
    bent_y = y + 160.0 * np.sin(x / 800.0) + 60.0 * np.sin(x / 230.0)
    district_r = np.floor(bent_y / DISTRICT_M).astype(np.int64)
    district_c = np.floor(bent_x / DISTRICT_M).astype(np.int64)
    district = _hash(district_r, district_c, 3, salt)
    angle = _unit(district) * np.float32(np.pi)
    width = 35.0 + 60.0 * _unit(_hash(district_r, district_c, 5, salt))
    u = x * np.cos(angle) + y * np.sin(angle)
    v = y * np.cos(angle) - x * np.sin(angle)
    field = _hash(np.floor(u / width).astype(np.int64), np.floor(v / (3.2 * width)).astype(np.int64), 17, salt)
    draw, tone = _unit(field ^ district), _unit(field * np.uint32(2654435761) + np.uint32(1))
    kind = np.where(draw < 0.66, CROP, np.where(draw < 0.92, SOIL, FOREST))
    kind = np.where(draw > 0.985, BUILT, kind)
    road = (bent_x % DISTRICT_M < 9.0) | (bent_y % DISTRICT_M < 9.0)
    grain = _unit(_hash(row, col, 19, salt))
    return np.where(road, BUILT, kind), (0.72 + 0.5 * tone + 0.10 * grain).astype(np.float32)


def _hash(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], layer: int, salt: int) -> U32:
    """Return well-mixed 32-bit numbers made of ``a``, ``b``, ``layer`` and ``salt`` alone (Murmur3's finaliser)."""
    mixed = a.astype(np.uint32) * np.uint32(0x9E3779B1) ^ b.astype(np.uint32) * np.uint32(0x85EBCA77)
    mixed ^= np.uint32((salt + layer * 0x27D4EB2F) & 0xFFFFFFFF)
    mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return np.asarray(mixed ^ (mixed >> np.uint32(16)), np.uint32)


def _unit(value: U32) -> F32:
    return np.asarray(value.astype(np.float32) / np.float32(2**32), np.float32)
