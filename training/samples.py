"""Training samples: real labels, and synthetic mixtures on real and simulated water.

A sample is a square of background-relative reflectance with three targets, each with its own mask of pixels that count:
floating algae or not, cover fraction, Ulva or Sargassum.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from detection.indices import FAI_WEIGHT
from models.unet import BANDS
from training import endmembers
from training.marida import ALGAE, Label, LabelledPatch, background_of
from training.silt import silt_field
from training.simulate.algae import cover_field
from training.simulate.sensor import blur, observe, resample
from training.simulate.texture import fractal, shrink

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

SIZE = 128
"""Side of a sample in pixels."""

CALLED_COVER = 0.02
"""Cover from which a synthetic pixel is to be called: detection needs 1–2 % (Hu 2015)."""

EMPTY_COVER = 0.004
"""Cover below which it is not; between the two the call is left open."""

KIND_COVER = 0.15
"""Cover from which the kind is learnt; telling the species needs 20–30 % (Hu 2015)."""

QUIET_FAI = 0.006
"""|FAI anomaly| below which an unlabelled pixel of a real background counts as free of algae (below 2 % Ulva)."""

WATER_SWIR = 0.02
"""B11 anomaly below which an unlabelled pixel is water, on which algae can float."""

WATERS = (
    Label.MARINE_WATER, Label.SEDIMENT, Label.TURBID, Label.SHALLOW, Label.WAVES, Label.WAKES, Label.MIXED_WATER
)  # fmt: skip

TWENTY_METRE = ("B06", "B11")

PATH_REFLECTANCE = np.array([0.075, 0.044, 0.022, 0.014, 0.009, 0.001], np.float32)
"""What clean air adds to each band at the top of the atmosphere, roughly: an optical depth of 0.0088 λ^-4.05 (λ in µm;
Leckner 1978) times half. 示例: it only widens what the network is shown."""

TRANSMITTANCE_LOSS = 0.11
"""What clear air with a little aerosol takes off a red or near-infrared anomaly on its way up, beside the diffuse light
that comes back: about a tenth for the sky of the simulated scenes. 示例."""


@dataclass(frozen=True)
class Sample:
    """Targets (SIZE, SIZE), and what the network is given; a weight of 0 leaves a pixel out."""

    inputs: Float
    """(2 × bands, SIZE, SIZE): anomaly and background."""
    called: Float
    called_weight: Float
    cover: Float
    cover_weight: Float
    ulva: Float
    ulva_weight: Float


@dataclass(frozen=True)
class Piece:
    """A piece of a real scene: reflectance, its clear-water background (both bands, rows, cols), its labels."""

    reflectance: Float
    background: Float
    labels: npt.NDArray[np.uint8]

    @property
    def anomaly(self) -> Float:
        """Return reflectance less background."""
        return self.reflectance - self.background

    @property
    def quiet(self) -> Mask:
        """Return where nothing can float: labelled as something else, or a spectrum with no red edge at all."""
        red, nir, swir = (self.anomaly[BANDS.index(band)] for band in ("B04", "B08", "B11"))
        index = nir - (red + (swir - red) * np.float32(FAI_WEIGHT))
        named = (self.labels != Label.NONE) & ~np.isin(self.labels, ALGAE)
        return np.asarray(named | ((self.labels == Label.NONE) & (np.abs(index) < QUIET_FAI)))

    @property
    def water(self) -> Mask:
        """Return quiet pixels on which algae can float."""
        plain = (self.labels == Label.NONE) & (self.anomaly[BANDS.index("B11")] < WATER_SWIR)
        return np.asarray(self.quiet & (plain | np.isin(self.labels, WATERS)))


def piece_of(patch: LabelledPatch) -> Piece:
    """Return a real patch with its background."""
    return Piece(patch.reflectance, background_of(patch.reflectance), patch.labels)


def sargassum_directions(path: Path) -> Float:
    """Return full-cover spectra of Sargassum (n, bands): labelled pixels less deep water, scaled to ΔAFAI 0.08.

    ΔAFAI ≈ 0.08 at full cover (Descloitres 2021); pixels of less than 30 % cover are left out, since their noise would
    be scaled up.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [*BANDS, "B8A"]
    value = {kind: np.array([[float(r[b]) for b in names] for r in rows if r["C"] == kind]) for kind in ("Sf", "Wd")}
    step = value["Sf"] - np.median(value["Wd"], axis=0)
    red, edge, nir = (step[:, names.index(b)] for b in ("B04", "B06", "B8A"))
    share = (740.5 - 664.6) / (864.7 - 664.6)
    cover = (edge - red - (nir - red) * share) / endmembers.SARGASSUM_AFAI_PER_COVER
    usable = cover > 0.3
    water = np.array([endmembers.CLEAR_WATER[b] for b in BANDS])
    full = step[usable, : len(BANDS)] / cover[usable, None] + water
    return np.asarray(np.clip(full, 0.0, 1.0), np.float32)


def real_sample(pieces: Sequence[Piece], spots: Sequence[npt.NDArray[np.int64]], rng: np.random.Generator) -> Sample:
    """Return a crop around a labelled pixel, classes balanced; ``spots[i]`` lists (piece, row, col) of class i."""
    choice = spots[int(rng.integers(len(spots)))]
    piece, row, col = choice[rng.integers(len(choice))]
    place = pieces[piece]
    rows, cols = place.labels.shape
    top = int(np.clip(row - rng.integers(SIZE), 0, rows - SIZE))
    left = int(np.clip(col - rng.integers(SIZE), 0, cols - SIZE))
    window = np.s_[top : top + SIZE, left : left + SIZE]
    labels = place.labels[window]
    algae = np.isin(labels, ALGAE)
    # NATURAL_ORGANIC may be floating vegetation as well: it teaches neither side.
    known = (labels != Label.NONE) & (labels != Label.NATURAL_ORGANIC)
    quiet = place.quiet[window] & ~known
    weight = known.astype(np.float32) + 0.1 * quiet
    zero = np.zeros(labels.shape, np.float32)
    return jitter(
        Sample(
            Height.draw(rng).lift(place.anomaly[:, window[0], window[1]], place.background[:, window[0], window[1]]),
            algae.astype(np.float32),
            weight.astype(np.float32),
            zero,
            (weight * ~algae).astype(np.float32),
            zero,
            algae.astype(np.float32),
        ),
        rng,
    )


@dataclass(frozen=True)
class Height:
    """How much air lies between a Rayleigh-corrected piece and its viewer: what it adds, and what it takes away."""

    path: Float
    """(bands,): reflectance added to everything; it cancels in the anomaly."""
    gain: float
    """Transmittance: what is left of an anomaly."""

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Height":
        """Return a height between the ground (no path, no loss) and space under a hazy sky."""
        air = float(rng.uniform(-0.1, 1.3))
        haze = float(rng.uniform(-0.004, 0.012))
        gain = 1.02 - TRANSMITTANCE_LOSS * air + float(rng.normal(0.0, 0.02))
        return cls(PATH_REFLECTANCE * np.float32(air) + np.float32(haze), gain)

    def lift(self, anomaly: Float, background: Float) -> Float:
        """Return the network's input as seen from this height."""
        return np.concatenate([anomaly * np.float32(self.gain), background + self.path[:, None, None]])


@dataclass(frozen=True)
class Materials:
    """Spectra to mix into backgrounds, absolute reflectance (n, bands)."""

    sargassum: Float
    specks: Float
    """Labelled pixels of ships, foam, breaking waves and wakes."""


def materials_of(pieces: Sequence[Piece], sargassum: Float) -> Materials:
    """Return the materials of the training scenes alone."""
    bright = (Label.SHIP, Label.FOAM, Label.WAVES, Label.WAKES)
    specks = [piece.reflectance[:, np.isin(piece.labels, bright)].T for piece in pieces]
    return Materials(sargassum, np.concatenate(specks))


def distract(piece: Piece, materials: Materials, rng: np.random.Generator) -> Piece:
    """Return ``piece`` with a plume of silt, specks of ships and foam, both or nothing mixed into it: all negatives."""
    surface, shape = piece.reflectance, piece.labels.shape
    silty, speckled = rng.random() < 0.4, rng.random() < 0.35
    if silty:
        field = fractal(shape, rng, largest=float(rng.uniform(30, 600)), slope=float(rng.uniform(1.2, 2.4)))
        surface = surface + silt_field(field, rng)
    if speckled:
        fine = np.zeros((shape[0] * 2, shape[1] * 2), np.float32)
        for _ in range(int(rng.integers(1, 30))):
            at = (int(rng.integers(fine.shape[1])), int(rng.integers(fine.shape[0])))
            size = (int(rng.integers(1, 14)), int(rng.integers(1, 6)))
            cv2.ellipse(fine, at, size, float(rng.uniform(0.0, 180.0)), 0, 360, float(rng.uniform(0.2, 2.0)), -1)
        speck = materials.specks[rng.integers(len(materials.specks))]
        surface = surface + blur(shrink(fine, 2)) * (speck[:, None, None] - surface)
    if not (silty or speckled):
        return piece
    return Piece(surface, background_of(surface), piece.labels)


def mixed_sample(pieces: Sequence[Piece], materials: Materials, rng: np.random.Generator) -> Sample:
    """Return a crop of a real piece with algae mixed in linearly, seen through the sensor's point spread."""
    original = pieces[int(rng.integers(len(pieces)))]
    piece = distract(original, materials, rng)
    rows, cols = piece.labels.shape
    top, left = int(rng.integers(rows - SIZE + 1)), int(rng.integers(cols - SIZE + 1))
    window = np.s_[:, top : top + SIZE, left : left + SIZE]
    surface, anomaly = piece.reflectance[window], piece.anomaly[window]
    quiet, water = original.quiet[window[1:]], original.water[window[1:]]
    is_ulva = rng.random() < 0.65
    pure = (
        np.array([endmembers.ULVA[band] for band in BANDS], np.float32)
        if is_ulva
        else materials.sargassum[rng.integers(len(materials.sargassum))]
    )
    pure = pure * np.float32(rng.uniform(0.9, 1.1))
    pure[BANDS.index("B11")] *= np.float32(rng.uniform(0.3, 1.6))  # SWIR of wet thalli was never measured
    cover = cover_field((SIZE, SIZE), rng, density=float(rng.choice([0.0, 0.3, 1.0, 2.0], p=[0.1, 0.3, 0.4, 0.2])))
    cover = cover * np.float32(rng.choice([1.0, rng.uniform(0.05, 1.0)])) * water
    seen = blur(cover)
    height = Height.draw(rng)
    mixed = np.empty_like(anomaly)
    for index, band in enumerate(BANDS):
        fraction = resample(observe(cover, band), band) if band in TWENTY_METRE else seen
        step = fraction * (pure[index] - surface[index])
        slope = 1.0 + np.float32(rng.normal(0.0, 0.02))
        mixed[index] = (anomaly[index] + step) * slope
    quiet_here = quiet.astype(np.float32)
    called = (seen >= CALLED_COVER).astype(np.float32)
    empty = seen < EMPTY_COVER
    weight = np.where(empty, quiet_here, np.where(called > 0, quiet_here, np.float32(0)))
    return jitter(
        Sample(
            height.lift(mixed, piece.background[window]),
            called,
            weight.astype(np.float32),
            seen,
            quiet_here,
            np.full(seen.shape, float(is_ulva), np.float32),
            (seen >= KIND_COVER).astype(np.float32) * quiet_here,
        ),
        rng,
    )


def jitter(sample: Sample, rng: np.random.Generator) -> Sample:
    """Return ``sample`` turned, mirrored, with a little noise and misregistration of the 20 m bands."""
    turns, flip = int(rng.integers(4)), bool(rng.integers(2))

    def turn(array: Float) -> Float:
        turned = np.rot90(array, turns, axes=(-2, -1))
        return np.ascontiguousarray(turned[..., ::-1] if flip else turned)

    bands = len(BANDS)
    inputs = sample.inputs.copy()
    inputs[:bands] += rng.normal(0.0, rng.uniform(0.0, 0.0015), inputs[:bands].shape).astype(np.float32)
    off = rng.normal(0.0, 0.0015, (bands, 1, 1)).astype(np.float32)  # a background that is not quite right
    inputs[:bands] += off
    inputs[bands:] -= off
    if rng.random() < 0.3:
        for band in TWENTY_METRE:
            index = BANDS.index(band)
            shift = np.array([[1, 0, rng.uniform(-0.5, 0.5)], [0, 1, rng.uniform(-0.5, 0.5)]], np.float32)
            moved = cv2.warpAffine(np.asarray(inputs[index]), shift, (SIZE, SIZE), borderMode=cv2.BORDER_REPLICATE)
            inputs[index] = moved
    return Sample(
        turn(inputs),
        turn(sample.called),
        turn(sample.called_weight),
        turn(sample.cover),
        turn(sample.cover_weight),
        turn(sample.ulva),
        turn(sample.ulva_weight),
    )
