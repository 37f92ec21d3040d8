"""Semi-real images: Ulva mixed linearly into real water, at the three levels of reflectance.

The water is a real, Rayleigh-corrected patch of 2.56 km; what is mixed in is seen through the sensor's point spread, in
each band at its own pixel size. Lifted to the top of the atmosphere the image keeps its own aerosol; brought down again
a typical one is taken off.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from scipy import ndimage

from detection.indices import fai
from documents.scene import Level
from models import unet
from training.endmembers import ULVA
from training.evaluation.cases import REACH_PX, Case, make_case
from training.evaluation.imagery import BANDS, Found, Progress, find, write_image
from training.evaluation.real import RealScene
from training.marida import Label, background_of
from training.simulate.algae import MIN_COVER, cover_field
from training.simulate.scene import VIEW_AZIMUTH_DEG, VIEW_ZENITH_DEG
from training.simulate.sensor import observe, resample
from training.simulate.sky import Geometry, sun_position, to_surface, to_toa

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

LEVELS = {"Rayleigh-corrected": Level.UNKNOWN, "L1C": Level.L1C, "L2A": Level.L2A}

FIELDS, MATS = "fields of slicks", "uniform mats"

COVERS = (0.01, 0.02, 0.03, 0.05, 0.10, 0.20, 0.50, 1.00)
"""Of the uniform mats: the fractions that recall is asked at."""

MAT_PX = (8, 30)
"""Side of a mat, pixels."""

CELL_PX = 42
"""One mat in each square of this side, so that two are never nearer than the point spread reaches twice over."""

MARGIN_PX = 3

DENSITIES = (0.3, 1.0, 2.0)
"""Of the fields, by turns (see :func:`training.simulate.algae.cover_field`)."""

THIN = (1.0, 0.4, 0.15)
"""What the cover of a field is multiplied with, by turns: young algae are loose. 示例."""

TYPICAL_AOT = 0.15
"""示例: aerosol optical thickness at 550 nm that the Level-2A image was corrected for."""

PASS_UTC_HOUR = 16
"""Sentinel-2 passes the Gulf of Honduras about 10:30 local time."""

QUIET_FAI = 0.01
"""|FAI anomaly| below which an unlabelled pixel is water: 2 % of Ulva by linear mixing (0.49 at full cover)."""

QUIET_SWIR = 0.02
"""B11 anomaly below which it is, as the MARIDA medians of all water classes are."""

WATERS = (Label.MARINE_WATER, Label.SEDIMENT, Label.TURBID, Label.SHALLOW, Label.MIXED_WATER)

MIN_WATER_SHARE = 0.5
"""A patch with less water than this is no background."""


@dataclass(frozen=True)
class Background:
    """One patch of real water."""

    scene: str
    values: Float
    """(bands, rows, cols), Rayleigh-corrected."""
    floatable: Mask
    """Where algae may be mixed in: clear water and nothing else."""
    grid: GeoBox
    moment: datetime
    geometry: Geometry

    def at_level(self, values: Float, level: Level) -> Float:
        """Return Rayleigh-corrected ``values`` as a product of ``level`` holds them."""
        if level is Level.UNKNOWN:
            return values
        toa = [to_toa(value, band, self.geometry, 0.0) for value, band in zip(values, BANDS, strict=True)]
        if level is Level.L1C:
            return np.stack(toa)
        return np.stack([to_surface(v, band, self.geometry, TYPICAL_AOT) for v, band in zip(toa, BANDS, strict=True)])


def backgrounds_of(scene: RealScene, count: int, seed: int) -> list[Background]:
    """Return up to ``count`` patches of ``scene`` that are water for the most part, drawn by ``seed``."""
    values = scene.values()
    rng = np.random.default_rng([seed, *scene.name.encode()])
    chosen: list[Background] = []
    for index in rng.permutation(len(scene.files)):
        if len(chosen) == count:
            break
        where = floatable(values[:, index], scene.labels[index], scene.clear[index])
        if where.mean() < MIN_WATER_SHARE:
            continue
        with rasterio.open(scene.files[index]) as source:
            day = source.tags()["ACQUISITION_DATE"]
        moment = datetime.fromisoformat(day).replace(hour=PASS_UTC_HOUR, tzinfo=UTC)
        grid = scene.grid(int(index))
        geometry = Geometry(*sun_position(moment, *_middle(grid)), VIEW_ZENITH_DEG, VIEW_AZIMUTH_DEG)
        chosen.append(Background(scene.name, values[:, index], where, grid, moment, geometry))
    return chosen


def floatable(values: Float, labels: npt.NDArray[np.uint8], clear: Mask) -> Mask:
    """Return clear pixels that are neither labelled nor spectrally anything but water, nor next to such."""
    usual = np.isfinite(values).all(axis=0)
    inputs = np.stack([values[BANDS.index(band)] for band in unet.BANDS])
    anomaly = np.where(usual, inputs - background_of(np.where(usual, inputs, np.float32(np.nan))), np.float32(0))
    red, nir, swir = (anomaly[unet.BANDS.index(band)] for band in ("B04", "B08", "B11"))
    other = (labels != Label.NONE) & ~np.isin(labels, WATERS)
    other |= ~usual | ~clear | (np.abs(fai(red, nir, swir)) > QUIET_FAI) | (swir > QUIET_SWIR)
    return np.asarray(~ndimage.binary_dilation(other, iterations=1))


def _middle(grid: GeoBox) -> tuple[float, float]:
    x, y = grid.transform * (grid.shape[1] / 2.0, grid.shape[0] / 2.0)
    lon, lat = Transformer.from_crs(str(grid.crs), 4326, always_xy=True).transform(x, y)
    return float(lon), float(lat)


def mix(values: Float, cover: Float) -> Float:
    """Return ``values`` (bands, rows, cols) with Ulva mixed in as each band sees its ``cover``."""
    mixed = values.copy()
    for index, band in enumerate(BANDS):
        share = resample(observe(cover, band), band)
        mixed[index] += share * (np.float32(ULVA[band]) - values[index])
    return mixed


def mats(where: Mask, rng: np.random.Generator) -> Float:
    """Return a cover map of square mats of one cover each, all of them inside ``where``."""
    cover = np.zeros(where.shape, np.float32)
    queue: list[float] = []
    for top in range(0, where.shape[0] - CELL_PX + 1, CELL_PX):
        for left in range(0, where.shape[1] - CELL_PX + 1, CELL_PX):
            side = int(rng.integers(MAT_PX[0], MAT_PX[1] + 1))
            row, col = (int(rng.integers(MARGIN_PX, CELL_PX - MARGIN_PX - side + 1)) for _ in range(2))
            r, c = top + row, left + col
            if not where[r - MARGIN_PX : r + side + MARGIN_PX, c - MARGIN_PX : c + side + MARGIN_PX].all():
                continue
            queue = queue or list(rng.permutation(COVERS))
            cover[r : r + side, c : c + side] = queue.pop()
    return cover


def semireal_cases(
    backgrounds: Sequence[Background], weights: Path, seed: int, progress: Progress
) -> Iterator[tuple[Case, Float]]:
    """Detect in each background with a field and with mats, at each level; yield the case and its reflectance.

    What detection masks of water that was clear counts as not found; around what it calls before anything is mixed in
    (algae that are really there, say) nothing is judged.
    """
    jobs = [(b, i, kind) for i, b in enumerate(backgrounds) for kind in (FIELDS, MATS)]
    for done, (background, index, kind) in enumerate(jobs):
        before = _found(background, background.values, Level.UNKNOWN, weights)
        judged = ~ndimage.binary_dilation(before.called, iterations=REACH_PX)
        rng = np.random.default_rng([seed, *background.scene.encode(), index, kind == MATS])
        shape = background.floatable.shape
        if kind == MATS:
            cover = mats(background.floatable, rng)
        else:
            cover = cover_field((shape[0], shape[1]), rng, density=DENSITIES[index % 3])
            cover = cover * np.float32(THIN[index // 3 % 3]) * background.floatable
            cover[cover < MIN_COVER] = 0.0
        mixed = mix(background.values, cover)
        for name, level in LEVELS.items():
            progress(f"{kind} {index + 1}, {name}", done / len(jobs))
            values = background.at_level(mixed, level)
            found = _found(background, values, level, weights)
            yield make_case(kind, name, background.scene, cover, found, judged), values


def _found(background: Background, values: Float, level: Level, weights: Path) -> Found:
    with tempfile.TemporaryDirectory() as temporary:
        image = Path(temporary) / "semireal.tif"
        write_image(image, values, background.grid, background.moment, level)
        return find(image, weights, lambda _message, _share: None)
