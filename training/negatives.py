"""Hard negatives, one by one: everything at sea that has been taken for floating algae.

Each function paints one kind of thing into a surface (bands, rows, cols at 10 m, before the sensor's point spread) and
returns the surface with the share of each pixel it takes. ``BELOW`` lie in or beside the water, algae may float over
some of them; ``ABOVE`` lie over water and algae alike. Every figure without a source is 示例: ranges to be widened, not
measurements.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from models.unet import BANDS
from training import endmembers
from training.bottom import seen_through
from training.motion import Motion
from training.silt import silt_field
from training.simulate.texture import fractal, shrink, smoothstep

Float = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Palette:
    """Spectra of the training scenes and of the labelled sets, (n, bands)."""

    bright: Float
    """Labelled pixels of ships, foam and wakes."""
    land: Float


@dataclass(frozen=True)
class Painted:
    """A surface with something in it."""

    surface: Float
    taken: Float
    """(rows, cols): share of the pixel that nothing can float on or be seen through."""


Painter = Callable[[Float, Palette, np.random.Generator], Painted]


def _spectrum(material: Mapping[str, float]) -> Float:
    return np.array([material[band] for band in BANDS], np.float32)


def _mixed(surface: Float, share: Float, spectrum: Float) -> Float:
    return np.asarray(surface + share * (spectrum[:, None, None] - surface), np.float32)


def _moving(surface: Float, share: Float, spectrum: Float, motion: Motion) -> tuple[Float, Float]:
    """Mix in ``spectrum`` where each band sees ``share``; return the surface and the greatest share of any band."""
    out, taken = surface.copy(), np.zeros_like(share)
    for index, band in enumerate(BANDS):
        here = motion.seen_by(band, share)
        out[index] += here * (spectrum[index] - out[index])
        np.maximum(taken, here, out=taken)
    return out, taken


def _clear(surface: Float) -> Float:
    return np.zeros(surface.shape[1:], np.float32)


def turbid_front(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Silt in plumes, with fronts: red saturates before the near infrared does."""
    shape = surface.shape[1:]
    field = fractal(shape, rng, largest=float(rng.uniform(30, 600)), slope=float(rng.uniform(1.2, 2.4)))
    if rng.random() < 0.5:  # a front: clear on one side
        field = field * smoothstep(fractal(shape, rng, largest=300.0, slope=2.4), -0.15, 0.15) - 0.5
    return Painted(surface + silt_field(field, rng), _clear(surface))


def shallow_bottom(surface: Float, palette: Palette, rng: np.random.Generator) -> Painted:
    """Sand, reef or weed on the bottom under some metres of water, shoaling to a hand's breadth."""
    shape = surface.shape[1:]
    relief = fractal(shape, rng, largest=float(rng.uniform(40, 200)), slope=float(rng.uniform(1.6, 2.4)))
    depth = np.exp(rng.uniform(-1.5, 2.0) - 1.2 * relief + 1.0).astype(np.float32)
    cut = smoothstep(relief, float(rng.uniform(-0.5, 0.8)), float(rng.uniform(0.9, 1.5)))
    sand = _spectrum(endmembers.SAND) * np.float32(rng.uniform(0.4, 1.0))
    weed = palette.land[rng.integers(len(palette.land))] * np.float32(rng.uniform(0.2, 0.7))
    grown = smoothstep(fractal(shape, rng, largest=30.0, slope=1.4), 0.2, 0.8) * np.float32(rng.random() < 0.6)
    bottom = seen_through(sand, surface, depth)
    bottom = bottom + grown * (seen_through(weed, surface, np.maximum(depth, np.float32(0.35))) - bottom)
    return Painted(surface + cut * (bottom - surface), np.asarray(cut * (depth < 1.0), np.float32))


def tidal_flat(surface: Float, palette: Palette, rng: np.random.Generator) -> Painted:
    """Wet mud and sand that the tide has left, with gullies."""
    shape = surface.shape[1:]
    shore = _shore(shape, rng)
    wet = np.float32(rng.uniform(0.3, 0.8))
    mud = palette.land[rng.integers(len(palette.land))] if rng.random() < 0.3 else _spectrum(endmembers.SOIL)
    mud = mud * np.float32(rng.uniform(0.35, 0.9))
    mud[BANDS.index("B11")] *= 1.0 - wet
    gullies = smoothstep(np.abs(fractal(shape, rng, largest=50.0, slope=1.8)), 0.05, 0.2)
    share = smoothstep(shore, 0.0, float(rng.uniform(5, 40))) * gullies
    tone = 1.0 + 0.2 * fractal(shape, rng, largest=20.0, slope=1.2)
    return Painted(_mixed(surface, share, mud * np.float32(tone.mean())), (share > 0.05).astype(np.float32))


def land(surface: Float, palette: Palette, rng: np.random.Generator) -> Painted:
    """Land beyond a shore line, of real pixels: woods, fields, soil, weed on the beach."""
    shape = surface.shape[1:]
    shore = _shore(shape, rng)
    share = smoothstep(shore, -0.7, 0.7)
    out = surface
    for layer in range(int(rng.integers(1, 5))):
        spectrum = palette.land[rng.integers(len(palette.land))] * np.float32(rng.uniform(0.7, 1.2))
        edge = -9.0 if layer == 0 else -0.3
        field = smoothstep(fractal(shape, rng, largest=float(rng.uniform(10, 80)), slope=1.5), edge, edge + 0.6)
        tone = np.clip(1.0 + 0.15 * fractal(shape, rng, largest=10.0, slope=1.0), 0.4, 1.6)
        out = out + share * field * (spectrum[:, None, None] * tone - out)
    sand = smoothstep(shore, -0.7, 0.7) * smoothstep(-shore, -float(rng.uniform(1.5, 6.0)), 0.0)
    out = _mixed(out, sand * np.float32(rng.random() < 0.7), _spectrum(endmembers.SAND))
    return Painted(np.asarray(out, np.float32), (share > 0.02).astype(np.float32))


def _shore(shape: tuple[int, ...], rng: np.random.Generator) -> Float:
    """Return how far each pixel lies inland of a ragged line, in pixels; less than half of the window does."""
    angle = rng.uniform(0.0, 2.0 * math.pi)
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    across = (rows - shape[0] / 2) * math.sin(angle) + (cols - shape[1] / 2) * math.cos(angle)
    ragged = fractal((shape[0], shape[1]), rng, largest=80.0, slope=1.8) * rng.uniform(1.0, 12.0)
    inland = np.asarray(across + ragged - rng.uniform(0.05, 0.5) * shape[0], np.float32)
    if rng.random() < 0.35:  # a cay, with no shore behind it
        centre = rng.uniform(0.2, 0.8, 2) * shape
        radius = rng.uniform(1.5, 18.0)
        inland = np.asarray(radius - np.hypot(rows - centre[0], cols - centre[1]) + 0.2 * ragged, np.float32)
    return inland


def ponds(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Aquaculture ponds: oblongs of green or turbid water between dykes of soil."""
    along, across = _turned(surface.shape[1:], rng)
    long, wide = rng.uniform(6.0, 40.0), rng.uniform(4.0, 20.0)
    dyke = ((along % long) < 1.0) | ((across % wide) < 1.0)
    number = (np.floor(along / long) * 31 + np.floor(across / wide) * 17).astype(int) % 97
    tint = rng.uniform(0.5, 2.2, (97, 1)) * _spectrum(endmembers.POND) * rng.lognormal(0.0, 0.25, (97, len(BANDS)))
    inside = smoothstep(_shore(surface.shape[1:], rng), 0.0, 1.0)
    water = np.moveaxis(tint[number], -1, 0).astype(np.float32)
    block = np.where(dyke, _spectrum(endmembers.SOIL)[:, None, None] * np.float32(rng.uniform(0.5, 1.0)), water)
    return Painted(np.asarray(surface + inside * (block - surface), np.float32), (inside > 0.02).astype(np.float32))


def rafts(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Oyster and laver rafts: blocks of parallel dotted lines with lanes between, in bays."""
    fine = 3
    along, across = _turned(tuple(n * fine for n in surface.shape[1:]), rng, 1.0 / fine)
    line, dot = rng.uniform(1.2, 6.0), rng.uniform(1.5, 8.0)
    block, lane = rng.uniform(12.0, 45.0), rng.uniform(2.0, 7.0)
    rows = np.abs(across % line - line / 2) < rng.uniform(0.15, 0.5)
    dots = (along % dot) < rng.uniform(0.4, 1.0) * dot
    lanes = ((along % block) > lane) & ((across % block) > lane)
    field = fractal(surface.shape[1:], rng, largest=120.0, slope=2.2) > rng.uniform(-0.5, 0.8)
    share = shrink((rows & dots & lanes).astype(np.float32), fine) * field * np.float32(rng.uniform(0.3, 1.0))
    ropes = _spectrum(endmembers.RAFT) * np.float32(rng.uniform(0.4, 2.0)) * rng.lognormal(0.0, 0.15, len(BANDS))
    return Painted(_mixed(surface, np.asarray(share, np.float32), ropes.astype(np.float32)), _clear(surface))


def _turned(shape: tuple[int, ...], rng: np.random.Generator, step: float = 1.0) -> tuple[Float, Float]:
    """Return coordinates along and across a random direction, in pixels."""
    angle = rng.uniform(0.0, math.pi)
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32) * np.float32(step)
    sin, cos = np.float32(math.sin(angle)), np.float32(math.cos(angle))
    return np.asarray(rows * sin + cols * cos + 1e4), np.asarray(cols * sin - rows * cos + 1e4)


def ships(surface: Float, palette: Palette, rng: np.random.Generator) -> Painted:
    """Vessels of every paint, most under way, so that the bands see them side by side; with their wakes."""
    out, taken = surface, _clear(surface)
    for _ in range(int(rng.integers(1, 7))):
        heading, speed = float(rng.uniform(0, 2 * math.pi)), float(rng.choice([0.0, rng.uniform(1, 16)]))
        motion = Motion.of_ship(heading, speed)
        row, col = (float(rng.uniform(0, n)) for n in surface.shape[1:])
        length = float(np.exp(rng.uniform(np.log(0.6), np.log(30.0))))
        hull = _bar(surface.shape[1:], row, col, heading, length, max(0.35, length * rng.uniform(0.12, 0.3)))
        if speed and rng.random() < 0.7:
            run = float(rng.uniform(5, 60))
            at = (row + (length / 2 + run / 2) * math.cos(heading), col - (length / 2 + run / 2) * math.sin(heading))
            wake = _bar(surface.shape[1:], *at, heading, run, rng.uniform(0.3, 1.2)) * np.float32(
                rng.uniform(0.01, 0.2)
            )
            out = _mixed(out, wake, _spectrum(endmembers.FOAM))
        out, here = _moving(out, hull, _paint(palette, rng), motion)
        np.maximum(taken, here, out=taken)
    return Painted(out, (taken > 0.02).astype(np.float32))


def _paint(palette: Palette, rng: np.random.Generator) -> Float:
    """Return a hull's spectrum: of a labelled ship, or paint, which is colourful and bright in the near infrared."""
    if rng.random() < 0.4:
        return np.asarray(palette.bright[rng.integers(len(palette.bright))] * np.float32(rng.uniform(0.7, 2.5)))
    visible = rng.uniform(0.03, 0.5) * rng.lognormal(0.0, 0.5, 3)
    nir = visible.max() * rng.uniform(0.7, 1.6)
    edge = visible[2] + (nir - visible[2]) * np.array([rng.uniform(0.3, 0.6), rng.uniform(0.7, 1.0)])
    swir = nir * rng.uniform(0.35, 1.1)
    values = [*visible, *edge, nir, nir * rng.uniform(0.9, 1.1), swir]
    return np.clip(np.array(values, np.float32), 0.0, 1.0)


def _bar(shape: tuple[int, ...], row: float, col: float, heading: float, length: float, width: float) -> Float:
    """Return coverage of an oblong in each pixel; positions and sizes in pixels."""
    fine = 4
    canvas = np.zeros((shape[0] * fine, shape[1] * fine), np.uint8)
    box = cv2.boxPoints(
        ((col * fine, row * fine), (max(width * fine, 1.0), max(length * fine, 1.0)), math.degrees(heading))
    )
    cv2.fillConvexPoly(canvas, np.round(box * 8).astype(np.int32), 255, lineType=cv2.LINE_8, shift=3)
    return shrink(canvas.astype(np.float32) / np.float32(255), fine)


def foam(surface: Float, palette: Palette, rng: np.random.Generator) -> Painted:
    """Surf, foam lines along fronts and scattered breakers."""
    shape = surface.shape[1:]
    line = np.abs(fractal(shape, rng, largest=float(rng.uniform(60, 250)), slope=2.3))
    share = np.exp(-((line / rng.uniform(0.01, 0.05)) ** 2)) * smoothstep(fractal(shape, rng, largest=15.0), 0.0, 1.0)
    share = share * rng.uniform(0.05, 0.6)
    caps = rng.random(shape) < rng.uniform(0.0, 0.004)
    share = np.maximum(share, caps * rng.gamma(1.5, 0.08, shape))
    spectrum = _spectrum(endmembers.FOAM)
    if rng.random() < 0.4:
        spectrum = palette.bright[rng.integers(len(palette.bright))] * np.float32(1.5)
    motion = Motion.of_ship(float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0, 8)))
    out, _ = _moving(surface, np.clip(share, 0, 1).astype(np.float32), spectrum, motion)
    return Painted(out, _clear(surface))


def cloud_edge(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Broken and thin cloud, displaced between the bands, and its shadow."""
    shape = surface.shape[1:]
    wisps = fractal(shape, rng, largest=float(rng.uniform(15, 200)), slope=float(rng.uniform(1.3, 2.2)))
    begins = float(rng.uniform(-0.5, 1.8))
    opacity = smoothstep(wisps, begins, begins + float(rng.uniform(0.4, 2.5))) * np.float32(rng.uniform(0.05, 1.0))
    motion = Motion.of_cloud(float(rng.uniform(300, 6_000)), rng)
    shadow = np.roll(opacity, (int(rng.integers(-80, 80)), int(rng.integers(-80, 80))), (0, 1))
    dark = surface * (1.0 - np.float32(rng.uniform(0.3, 0.7)) * shadow)
    tone = _spectrum(endmembers.CLOUD) * np.float32(rng.uniform(0.6, 1.1))
    tone[BANDS.index("B11")] *= np.float32(rng.uniform(0.5, 1.3))
    out, taken = _moving(np.asarray(dark, np.float32), opacity, tone, motion)
    return Painted(out, taken)


def glint(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Sun glint on waves that run on between one band and the next."""
    shape = surface.shape[1:]
    length = float(rng.uniform(3.0, 20.0))
    swell = fractal(shape, rng, largest=length, smallest=length / 2, slope=2.0, stretch=float(rng.uniform(1.0, 5.0)))
    grain = fractal(shape, rng, largest=3.0, slope=0.5)
    shine = np.maximum(rng.uniform(0.0, 0.03) + rng.uniform(0.0005, 0.006) * (swell + 0.7 * grain), 0.0)
    speed = 1.25 * math.sqrt(length * 10.0)  # deep-water waves: c = sqrt(g λ / 2π)
    motion = Motion.of_ship(float(rng.uniform(0, 2 * math.pi)), speed)
    field = shine.astype(np.float32)
    return Painted(
        np.stack([s + motion.seen_by(b, field) for s, b in zip(surface, BANDS, strict=True)]), _clear(surface)
    )


def seam(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """The step between two detectors, along the track."""
    rows, cols = np.mgrid[: surface.shape[1], : surface.shape[2]].astype(np.float32)
    side = cols - rng.uniform(0, surface.shape[2]) + math.tan(math.radians(rng.uniform(-16, 16))) * rows > 0
    step = rng.normal(0.0, rng.uniform(0.0003, 0.003), len(BANDS)).astype(np.float32)
    return Painted(surface + step[:, None, None] * side, _clear(surface))


def saturated(surface: Float, _palette: Palette, rng: np.random.Generator) -> Painted:
    """Single pixels at the end of the scale, in some bands or all."""
    out, taken = surface.copy(), _clear(surface)
    for _ in range(int(rng.integers(1, 6))):
        row, col = (int(rng.integers(n - 2)) for n in surface.shape[1:])
        size = int(rng.integers(1, 3))
        here = np.s_[row : row + size, col : col + size]
        for index in np.flatnonzero(rng.random(len(BANDS)) < rng.choice([0.3, 1.0])):
            out[index][here] = rng.uniform(0.8, 1.6)
        taken[here] = 1.0
    return Painted(out, taken)


BELOW: Mapping[str, Painter] = MappingProxyType(
    {
        "turbid fronts": turbid_front,
        "shallow bottom": shallow_bottom,
        "tidal flats": tidal_flat,
        "land at the shoreline": land,
        "ponds": ponds,
        "rafts": rafts,
    }
)
ABOVE: Mapping[str, Painter] = MappingProxyType(
    {
        "ships and wakes": ships,
        "foam and breaking waves": foam,
        "cloud edges and shadows": cloud_edge,
        "sun glint": glint,
        "detector seams": seam,
        "saturated pixels": saturated,
    }
)
