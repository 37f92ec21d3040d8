"""Training samples: real patches with their labels, most with algae and hard negatives mixed into them.

A sample is a square of the network's input with three targets, each with its own weight for every pixel: floating algae
or not, cover fraction, Ulva or Sargassum. A pixel of weight 0 is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from detection.indices import fai
from models.unet import BANDS, OPTIONAL, inputs_of
from training import endmembers
from training.marida import ALGAE, Label, LabelledPatch, background_of
from training.negatives import ABOVE, BELOW, Palette
from training.simulate.algae import cover_field
from training.simulate.sensor import blur, observe, resample
from training.sky_levels import View
from training.spectra import LabelledSpectra

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

SIZE = 256
"""Side of a sample in pixels: that of the real patches."""

CALLED_FAI = 0.007
"""Rise of the floating algae index from which a mixed pixel is to be called: 1.4 % Ulva, 4 % Sargassum. Detection
needs 1–2 % cover (Hu 2015); the sparse Sargassum that people labelled begins here (5 % of the labelled pixels lie
below)."""

EMPTY_FAI = 0.0025
"""Rise below which it is not to be called; between the two the call is left open."""

NO_FAI = 0.0005
"""Rise that is none at all."""

KIND_COVER = 0.15
"""Cover from which the kind is learnt; telling the species needs 20–30 % (Hu 2015)."""

ULVA_SHARE = 0.55
"""Share of the mixed patches in which the algae are Ulva."""

SARGASSUM_COVER_WEIGHT = 0.3
"""What the cover of Sargassum counts for beside that of Ulva. Where too little floats to tell the two apart, the same
index is three times the cover if it is Sargassum; what is said then leans to the Ulva of the coasts this is for."""

QUIET_FAI = 0.004
"""|FAI anomaly| below which an unlabelled pixel of a real patch counts as free of algae."""

DRY_RATIO = 0.35
"""B11 ÷ B08, both above water and as means over DRY_WINDOW, from which unlabelled pixels are land, cloud or ship:
floating algae reach 0.05–0.15 (medians of MARIDA and of the measured spectra)."""

DRY_WINDOW = 7
DRY_NIR = 0.006

WATERS = (
    Label.MARINE_WATER, Label.SEDIMENT, Label.TURBID, Label.SHALLOW, Label.WAVES, Label.WAKES, Label.MIXED_WATER
)  # fmt: skip

LABEL_WEIGHT, QUIET_WEIGHT, DRY_WEIGHT = 10.0, 0.1, 0.3
"""What a labelled pixel counts for beside a mixed one, and those whose spectrum alone says that they are no algae."""

COMMON = (Label.MARINE_WATER, Label.SEDIMENT, Label.CLOUD, Label.TURBID)
COMMON_WEIGHT = 1.0
"""Classes with thousands of labelled pixels count as much as mixed ones."""

LARGE_RAFT, SMALL_RAFT_WEIGHT = 60, 5.0
"""Pixels of a raft from which each of them counts once. Those of smaller ones count more, by the root of how much
smaller it is, up to so much more: otherwise little is lost by giving up every raft of a few pixels."""

TWENTY_METRE = ("B05", "B06", "B8A", "B11")

DENSITIES, DENSITY_SHARES = (0.0, 0.3, 1.0, 2.0), (0.25, 0.3, 0.3, 0.15)


@dataclass(frozen=True)
class Sample:
    """Targets (SIZE, SIZE), and what the network is given."""

    inputs: Float
    """(INPUTS, SIZE, SIZE) of :func:`models.unet.inputs_of`."""
    called: Float
    called_weight: Float
    cover: Float
    cover_weight: Float
    ulva: Float
    ulva_weight: Float


@dataclass(frozen=True)
class Piece:
    """A real patch: reflectance and its clear-water background (both bands, rows, cols), its labels."""

    reflectance: Float
    background: Float
    labels: npt.NDArray[np.uint8]

    def anomaly(self, band: str) -> Float:
        """Return reflectance less background of ``band``."""
        index = BANDS.index(band)
        return np.asarray(self.reflectance[index] - self.background[index])

    @property
    def fai_anomaly(self) -> Float:
        """Return the floating algae index of the anomaly."""
        return fai(self.anomaly("B04"), self.anomaly("B08"), self.anomaly("B11"))

    @property
    def algae(self) -> Mask:
        """Return where algae are labelled."""
        return np.asarray(np.isin(self.labels, ALGAE))

    @property
    def dry(self) -> Mask:
        """Return unlabelled pixels whose surroundings are as bright in the short-wave infrared as land or cloud."""
        nir, swir = (cv2.blur(self.anomaly(band), (DRY_WINDOW, DRY_WINDOW)) for band in ("B08", "B11"))
        return np.asarray((self.labels == Label.NONE) & (nir > DRY_NIR) & (swir > DRY_RATIO * nir))

    @property
    def quiet(self) -> Mask:
        """Return unlabelled pixels whose spectrum shows no red edge at all."""
        return np.asarray((self.labels == Label.NONE) & (np.abs(self.fai_anomaly) < QUIET_FAI))

    @property
    def water(self) -> Mask:
        """Return pixels on which algae can float, and do not yet."""
        return np.asarray((self.quiet & ~self.dry) | np.isin(self.labels, WATERS))


def piece_of(patch: LabelledPatch) -> Piece:
    """Return a real patch with its background."""
    return Piece(patch.reflectance, background_of(patch.reflectance), patch.labels)


def mats_of(pieces: Sequence[Piece]) -> list[Float]:
    """Return what real algae add to their water (bands, rows, cols), raft by raft that holds a labelled pixel.

    Each with a rim of a few pixels.
    """
    mats = []
    for piece in pieces:
        if not piece.algae.any():
            continue
        afloat = (piece.fai_anomaly > CALLED_FAI) & ~piece.dry
        labels, _ = ndimage.label(afloat | piece.algae, structure=np.ones((3, 3)))
        for number in np.unique(labels[piece.algae]):
            inside = cv2.dilate((labels == number).astype(np.uint8), np.ones((5, 5), np.uint8))
            rows, cols = np.nonzero(inside)
            box = np.s_[:, rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]
            soft = cv2.blur(inside.astype(np.float32), (3, 3))
            mats.append(((piece.reflectance - piece.background) * soft)[box])
    return mats


@dataclass(frozen=True)
class Materials:
    """All that samples are made of; from the training scenes and the labelled spectra alone."""

    pieces: Sequence[Piece]
    spots: Sequence[npt.NDArray[np.int64]]
    """By class: the numbers of the pieces in which it is labelled."""
    mats: Sequence[Float]
    """Of :func:`mats_of`."""
    sargassum: Float
    """Full-cover spectra (n, bands)."""
    palette: Palette


def materials_of(pieces: Sequence[Piece], spectra: LabelledSpectra) -> Materials:
    """Return the materials of ``pieces``."""
    bright = (Label.SHIP, Label.FOAM, Label.WAVES, Label.WAKES)
    specks = np.concatenate([piece.reflectance[:, np.isin(piece.labels, bright)].T for piece in pieces])
    by_class = [np.array([i for i, piece in enumerate(pieces) if (piece.labels == label).any()]) for label in Label]
    spots = [by_class[label] for label in Label if label != Label.NONE and len(by_class[label])]
    return Materials(pieces, spots, mats_of(pieces), spectra.sargassum, Palette(specks, spectra.land))


def real_sample(materials: Materials, rng: np.random.Generator) -> Sample:
    """Return a real patch as it is, every class drawn equally often."""
    spot = materials.spots[int(rng.integers(len(materials.spots)))]
    piece = materials.pieces[int(spot[rng.integers(len(spot))])]
    view = View.draw(rng)
    return finish(view.of(piece.reflectance), view.of(piece.background), _labels_of(piece), rng)


def mixed_sample(materials: Materials, rng: np.random.Generator) -> Sample:
    """Return a real patch with algae and hard negatives mixed into it, as the sensor would see them."""
    piece = materials.pieces[int(rng.integers(len(materials.pieces)))]
    targets = _labels_of(piece)
    surface, taken = piece.reflectance, np.zeros(piece.labels.shape, np.float32)
    odds = float(rng.choice([0.0, 0.12, 0.25]))
    for paint in BELOW.values():
        if rng.random() < odds:
            painted = paint(surface, materials.palette, rng)
            surface, taken = painted.surface, np.maximum(taken, painted.taken)
    afloat = (piece.water & (taken < 0.02)).astype(np.float32)
    algae, rise, cover, ulva = _float_algae(surface, afloat, materials, rng)
    surface = surface + algae
    for paint in ABOVE.values():
        if rng.random() < odds:
            painted = paint(surface, materials.palette, rng)
            surface, taken = painted.surface, np.maximum(taken, painted.taken)
    change = _seen(surface - piece.reflectance)
    rise, cover = blur(rise), blur(cover)
    changed = np.abs(change).max(axis=0) > 0.002
    hidden = blur(taken) > 0.02
    # Labels hold where nothing was put over them; what was put there is known by itself.
    background = piece.background
    if np.abs(change[:, ::8, ::8]).mean() > 0.002:
        background = background_of(piece.reflectance + change)
    fresh = _targets_of(rise, cover, ulva, hidden, piece)
    targets = {name: np.where(changed, fresh[name], targets[name]) for name in targets}
    view = View.draw(rng)
    return finish(view.of(piece.reflectance + change), view.of(background), targets, rng)


Targets = dict[str, Float]


def raft_weight(called: Mask) -> Float:
    """Return what each of the pixels ``called`` (rows, cols) counts for, by the size of its raft; 1 elsewhere."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(called.astype(np.uint8), connectivity=8)
    weight = np.clip(np.sqrt(LARGE_RAFT / stats[:, cv2.CC_STAT_AREA]), 1.0, SMALL_RAFT_WEIGHT)
    weight[0] = 1.0
    return np.asarray(weight[labels], np.float32)


def _labels_of(piece: Piece) -> Targets:
    algae = piece.algae
    # NATURAL_ORGANIC may be floating vegetation as well: it teaches neither side.
    known = (piece.labels != Label.NONE) & (piece.labels != Label.NATURAL_ORGANIC)
    weight = np.where(np.isin(piece.labels, COMMON), COMMON_WEIGHT, LABEL_WEIGHT) * known
    weight = np.maximum(weight, np.maximum(QUIET_WEIGHT * piece.quiet, DRY_WEIGHT * piece.dry)).astype(np.float32)
    afloat = algae | ((piece.labels == Label.NONE) & (piece.fai_anomaly > CALLED_FAI) & ~piece.dry)
    weight = np.where(algae, weight * raft_weight(afloat), weight)
    none = np.zeros(algae.shape, np.float32)
    dense = algae & (piece.fai_anomaly > 0.03)
    return {
        "called": algae.astype(np.float32),
        "called_weight": weight,
        "cover": none,
        "cover_weight": (np.minimum(weight, 1.0) * ~algae).astype(np.float32),
        "ulva": none,
        "ulva_weight": dense.astype(np.float32),
    }


def _targets_of(rise: Float, cover: Float, ulva: Float, hidden: Mask, piece: Piece) -> Targets:
    """Return what is known where something was mixed in: algae, or something that is none."""
    called, empty = rise >= CALLED_FAI, rise < EMPTY_FAI
    # Real algae under what was put over them are neither.
    unknown = piece.algae | (np.abs(piece.fai_anomaly) >= QUIET_FAI) & (piece.labels == Label.NONE) & ~piece.dry
    sure = ((called & ~hidden) | empty) & ~unknown
    measured = (~hidden | empty) & ~unknown & ((ulva >= 0) | (np.abs(rise) < NO_FAI))
    return {
        "called": called.astype(np.float32),
        "called_weight": sure * raft_weight(called),
        "cover": cover,
        "cover_weight": measured * np.where(ulva > 0, 1.0, SARGASSUM_COVER_WEIGHT).astype(np.float32),
        "ulva": np.maximum(ulva, 0.0).astype(np.float32),
        "ulva_weight": ((cover >= KIND_COVER) & ~hidden & ~unknown).astype(np.float32),
    }


def _float_algae(
    surface: Float, afloat: Float, materials: Materials, rng: np.random.Generator
) -> tuple[Float, Float, Float, Float]:
    """Return what algae add (bands, rows, cols), the rise of the index, the cover, and the kind.

    The kind is 1 for Ulva, 0 for Sargassum; −1 where real mats were pasted, whose cover nobody knows.
    """
    shape = afloat.shape
    if materials.mats and rng.random() < 0.2:
        addition = _pasted(shape, materials.mats, rng) * afloat
        rise = fai(*(addition[BANDS.index(band)] for band in ("B04", "B08", "B11")))
        return addition, rise, np.zeros(shape, np.float32), np.full(shape, -1.0, np.float32)
    is_ulva = rng.random() < ULVA_SHARE
    pure = (
        np.array([endmembers.ULVA[band] for band in BANDS], np.float32)
        if is_ulva
        else materials.sargassum[rng.integers(len(materials.sargassum))]
    )
    pure = pure * np.float32(rng.uniform(0.9, 1.1)) * rng.normal(1.0, 0.03, len(BANDS)).astype(np.float32)
    pure[BANDS.index("B11")] *= np.float32(rng.uniform(0.3, 1.6))  # SWIR of wet thalli was never measured
    density = float(rng.choice(DENSITIES, p=DENSITY_SHARES))
    cover = cover_field((shape[0], shape[1]), rng, density=density)
    if rng.random() < 0.3:
        cover = np.maximum(cover, _blobs(shape, rng))
    cover = cover * np.float32(rng.choice([1.0, rng.uniform(0.04, 1.0)]))
    if rng.random() < 0.3:
        cover = np.maximum(cover, _specks(shape, rng))
    cover = cover * afloat
    addition = cover * (pure[:, None, None] - surface)
    rise = fai(*(addition[BANDS.index(band)] for band in ("B04", "B08", "B11")))
    return addition, rise, cover, np.full(shape, float(is_ulva), np.float32)


def _blobs(shape: tuple[int, ...], rng: np.random.Generator) -> Float:
    """Return patches of even cover with sharp outlines, large and small: thin mats without any core."""
    cover = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 12))):
        centre = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
        axes = tuple(int(v) for v in np.exp(rng.uniform(0.0, np.log(25.0), 2)).astype(int))
        level = float(np.exp(rng.uniform(np.log(0.02), 0.0)))
        cv2.ellipse(cover, centre, axes, float(rng.uniform(0, 180)), 0, 360, level, -1)
    return cover


def _specks(shape: tuple[int, ...], rng: np.random.Generator) -> Float:
    """Return rafts of one to three pixels a side, thin and dense, all over the window."""
    cover = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(4, 40))):
        rows, cols = (int(n) for n in rng.integers(1, 4, 2))
        top, left = int(rng.integers(0, shape[0] - rows)), int(rng.integers(0, shape[1] - cols))
        level = np.exp(rng.uniform(np.log(0.015), np.log(0.3)))
        cover[top : top + rows, left : left + cols] = level * rng.uniform(0.3, 1.0, (rows, cols))
    return cover


def _pasted(shape: tuple[int, ...], mats: Sequence[Float], rng: np.random.Generator) -> Float:
    """Return real mats, turned and scaled in strength, strewn over a window."""
    canvas = np.zeros((len(BANDS), *shape), np.float32)
    for _ in range(int(rng.integers(1, 7))):
        mat = mats[int(rng.integers(len(mats)))]
        mat = np.rot90(mat, int(rng.integers(4)), axes=(1, 2))[:, :, :: int(rng.choice([-1, 1]))]
        mat = mat[:, : shape[0], : shape[1]] * np.float32(rng.uniform(0.6, 1.3))
        top, left = (int(rng.integers(0, n - m + 1)) for n, m in zip(shape, mat.shape[1:], strict=True))
        canvas[:, top : top + mat.shape[1], left : left + mat.shape[2]] = mat
    return canvas


def _seen(change: Float) -> Float:
    """Return ``change`` of the surface (bands, rows, cols) as the sensor sees it, on the 10 m grid."""
    return np.stack(
        [
            resample(observe(field, band), band) if band in TWENTY_METRE else blur(field)
            for field, band in zip(change, BANDS, strict=True)
        ]
    )


def finish(seen: Float, clear: Float, targets: Targets, rng: np.random.Generator) -> Sample:
    """Return the sample of reflectance ``seen`` over the background ``clear`` (both bands, SIZE, SIZE).

    With a little noise and misregistration, some bands left out, turned.
    """
    anomaly = seen - clear
    anomaly += rng.normal(0.0, rng.uniform(0.0, 0.0012), anomaly.shape).astype(np.float32)
    off = rng.normal(0.0, 0.0008, (len(BANDS), 1, 1)).astype(np.float32)  # a background that is not quite right
    anomaly, clear = anomaly + off, clear - off
    if rng.random() < 0.3:
        for band in TWENTY_METRE:
            index = BANDS.index(band)
            shift = np.array([[1, 0, rng.uniform(-0.5, 0.5)], [0, 1, rng.uniform(-0.5, 0.5)]], np.float32)
            anomaly[index] = cv2.warpAffine(anomaly[index], shift, (SIZE, SIZE), borderMode=cv2.BORDER_REPLICATE)
    sample = Sample(inputs_of(anomaly, clear, bands_left(rng)), **targets)
    return turned(sample, rng)


def bands_left(rng: np.random.Generator) -> tuple[str, ...]:
    """Return the bands a sample has: mostly all, sometimes without B05 and B8A, without any of 20 m, or some."""
    left_out: set[str] = set()
    draw = rng.random()
    if draw < 0.06:
        left_out = {"B05", "B8A"}
    elif draw < 0.10:
        left_out = set(OPTIONAL)
    elif draw < 0.20:
        left_out = {band for band in OPTIONAL if rng.random() < 0.5}
    return tuple(band for band in BANDS if band not in left_out)


def turned(sample: Sample, rng: np.random.Generator) -> Sample:
    """Return ``sample`` turned by a multiple of 90° and mirrored or not."""
    turns, flip = int(rng.integers(4)), bool(rng.integers(2))

    def turn(array: Float) -> Float:
        rotated = np.rot90(array, turns, axes=(-2, -1))
        return np.ascontiguousarray(rotated[..., ::-1] if flip else rotated, np.float32)

    return replace(sample, **{field.name: turn(getattr(sample, field.name)) for field in fields(Sample)})
