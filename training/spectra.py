"""The labelled pixel spectra (intanika/SargassumSensing, MIT) in the segmenter's bands."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.unet import BANDS
from training import endmembers

Float = npt.NDArray[np.float32]

SPECTRA_NAME = Path("spectra") / "floating_sargassum_s2_pixels.csv"

LAND_CLASSES = ("Vm", "Vo", "Lb", "Ls", "Sl")
"""Mangrove, other vegetation, two soils, Sargassum washed ashore: what may stand behind a shore line."""

MIN_COVER = 0.3
"""Mixed pixels of less cover are not extrapolated: their noise would be scaled up."""


@dataclass(frozen=True)
class LabelledSpectra:
    """Spectra (n, bands)."""

    sargassum: Float
    """Full cover, over clear water."""
    land: Float


def read_spectra(path: Path) -> LabelledSpectra:
    """Return the spectra in the file at ``path``; Sargassum is scaled to full cover, ΔAFAI 0.08 (Descloitres 2021)."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    value = {
        kind: np.array([[float(row[band]) for band in BANDS] for row in rows if row["C"] == kind])
        for kind in {row["C"] for row in rows}
    }
    deep = np.median(value["Wd"], axis=0)
    step = value["Sf"] - deep
    afai = [endmembers.floating_index(dict(zip(BANDS, row, strict=True)), "B04", "B06", "B8A") for row in step]
    cover = np.array(afai) / endmembers.SARGASSUM_AFAI_PER_COVER
    usable = cover > MIN_COVER
    water = np.array([endmembers.CLEAR_WATER[band] for band in BANDS])
    full = step[usable] / cover[usable, None] + water
    # The set holds haze: deep water is 0.05 even in the short-wave infrared.
    land = [value[kind] - (deep - water) for kind in LAND_CLASSES if kind in value]
    return LabelledSpectra(
        np.clip(full, 0.0, 1.0).astype(np.float32),
        np.clip(np.concatenate([np.zeros((0, len(BANDS))), *land]), 0.0, 1.0).astype(np.float32),
    )
