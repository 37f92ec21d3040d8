"""Scores of detection, run as a user runs it, beside its peers on the same pixels."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from scipy import ndimage

from detection.detect import detect
from detection.indices import fai, ndvi
from detection.open_scene import open_scene
from documents.coast import Coast
from documents.cover import read_cover
from documents.geodesy import pixel_areas
from documents.scene import Level
from documents.site import Site
from models.unet import BANDS
from models.weights import DEFAULT
from training.marida import ALGAE, Label, write_mosaic
from training.simulate.extent import Extent
from training.simulate.product import simulate

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

NDVI_FIXED = 0.3
FAI_FIXED = 0.05
"""Fixed thresholds that serve the labelled pixels of MARIDA best among round numbers (the data set's own sheet)."""


@dataclass(frozen=True)
class Score:
    """Pixel counts of one method on one scene."""

    method: str
    hits: int
    false_alarms: int
    misses: int

    @property
    def precision(self) -> float:
        """Return hits ÷ called; 0 where nothing is called."""
        return self.hits / max(self.hits + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        """Return hits ÷ labelled."""
        return self.hits / max(self.hits + self.misses, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.hits / max(2 * self.hits + self.false_alarms + self.misses, 1)


@dataclass(frozen=True)
class SceneScores:
    """All methods on the labelled pixels of one real scene."""

    scene: str
    algae_pixels: int
    other_pixels: int
    scores: tuple[Score, ...]
    alarms_by_class: dict[str, tuple[int, int]]
    """Of the network: called and labelled pixels by class."""


def score_scene(
    folder: Path, scene: str, progress: Callable[[str, float], None], weights: Path = DEFAULT
) -> SceneScores:
    """Detect in the mosaic of ``scene`` and score every labelled pixel; a pixel is called where cover.tif > 0.

    The masks of detection apply to all methods alike: a labelled pixel that is not clear is not called by any.
    """
    with tempfile.TemporaryDirectory() as temporary:
        mosaic, labels = write_mosaic(folder, scene, Path(temporary))
        with open_scene(mosaic) as source:
            detect(source, None, Path(temporary) / "out", progress, weights)
        cover, _, _ = read_cover(Path(temporary) / "out")
        with rasterio.open(mosaic) as source:
            scale = np.float32(source.scales[0])
            indexes = [source.descriptions.index(band) + 1 for band in BANDS]
            values = source.read(indexes).astype(np.float32) * scale
            values[:, source.read(indexes[0]) == source.nodata] = np.nan
    clear = np.isfinite(cover)
    known = labels != Label.NONE
    truth = np.isin(labels, ALGAE)
    red, nir, swir = (values[BANDS.index(band)] for band in ("B04", "B08", "B11"))
    methods: list[tuple[str, Mask]] = [("network", cover > 0)]
    for name, index, fixed in (("NDVI", ndvi(red, nir), NDVI_FIXED), ("FAI", fai(red, nir, swir), FAI_FIXED)):
        methods.append((f"{name} > {fixed}", index > fixed))
        threshold = otsu(index[clear & np.isfinite(index)])
        methods.append((f"{name} > {threshold:.3f} (Otsu)", index > threshold))
    called = clear & (cover > 0)
    return SceneScores(
        scene,
        int((truth & known).sum()),
        int((~truth & known).sum()),
        tuple(_score(name, mask & clear, truth, known) for name, mask in methods),
        {
            label.name.lower(): (int((called & (labels == label)).sum()), int((labels == label).sum()))
            for label in Label
            if label != Label.NONE and (labels == label).any()
        },
    )


def _score(method: str, called: Mask, truth: Mask, known: Mask) -> Score:
    return Score(
        method,
        int((called & truth & known).sum()),
        int((called & ~truth & known).sum()),
        int((~called & truth & known).sum()),
    )


def otsu(values: Float) -> float:
    """Return Otsu's threshold of ``values``, over their range between the 0.01 % and 99.99 % quantiles."""
    low, high = (float(q) for q in np.quantile(values, [1e-4, 1 - 1e-4]))
    scaled = np.clip((values - low) / (high - low) * 65535, 0, 65535).astype(np.uint16).reshape(-1, 1)
    level, _ = cv2.threshold(scaled, 0, 65535, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return low + float(level) / 65535 * (high - low)


def scene_table(result: SceneScores) -> str:
    """Return the scores as a Markdown table."""
    lines = [
        f"{result.scene}: {result.algae_pixels} pixels of floating algae, {result.other_pixels} of anything else",
        "",
        "| method | F1 | precision | recall | hits | false alarms | misses |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.method} | {s.f1:.3f} | {s.precision:.3f} | {s.recall:.3f} | {s.hits} | {s.false_alarms} | {s.misses} |"
        for s in result.scores
    ]
    lines += ["", "| class | called | labelled |", "|---|---|---|"]
    lines += [f"| {name} | {called} | {total} |" for name, (called, total) in result.alarms_by_class.items()]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class SyntheticScore:
    """Detected against true coverage area on one simulated scene."""

    seed: int
    level: Level
    true_km2: float
    found_km2: float
    ratios: tuple[float, ...]
    """Found ÷ true coverage area of each true patch of MATCH_PIXELS and MATCH_COVER that detection touches."""
    missed: int
    """True patches of that size that it does not touch at all."""

    @property
    def bias(self) -> float:
        """Return (found − true) ÷ true."""
        return self.found_km2 / self.true_km2 - 1.0

    @property
    def within(self) -> float:
        """Return the share of matched patches whose area is right within TOLERANCE."""
        return float(np.mean([abs(ratio - 1.0) <= TOLERANCE for ratio in self.ratios])) if self.ratios else 0.0


MATCH_PIXELS = 20
MATCH_COVER = 0.10
TOLERANCE = 0.20

REACH_PX = 2
"""What detection finds within this distance of a true patch belongs to it: the point spread moves cover that far."""


def score_synthetic(
    site: Site, coast: Coast, seed: int, level: Level, progress: Callable[[str, float], None], weights: Path = DEFAULT
) -> SyntheticScore:
    """Simulate a scene, detect in it, and compare coverage areas; what either side could not see is left out."""
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        product = simulate(site, coast, seed, Extent.DEMO, level, out)
        with open_scene(product) as scene:
            detect(scene, site, out / "found", progress, weights)
        found, _, grid = read_cover(out / "found")
        truth, _, _ = read_cover(out / "truth")
    return compare(seed, level, found, truth, grid)


def compare(seed: int, level: Level, found: Float, truth: Float, grid: GeoBox) -> SyntheticScore:
    """Return the comparison of two cover maps on ``grid``; a pixel that is NaN in either is left out."""
    area = pixel_areas(grid, np.arange(grid.shape[0]), [grid.shape[1] / 2.0]) / 1e6
    both = np.isfinite(found) & np.isfinite(truth)
    found_km2 = np.where(both, found, 0.0) * area
    true_km2 = np.where(both, truth, 0.0) * area
    count, labels, stats, _ = cv2.connectedComponentsWithStats((true_km2 > 0).astype(np.uint8), connectivity=8)
    near = dilated_labels(np.asarray(labels, np.int32), REACH_PX)
    true_sum = np.bincount(labels.ravel(), true_km2.ravel(), count)
    cover_sum = np.bincount(labels.ravel(), np.where(both, truth, 0.0).ravel(), count)
    found_sum = np.bincount(near.ravel(), found_km2.ravel(), count)
    pixels = stats[:, cv2.CC_STAT_AREA]
    large = (pixels >= MATCH_PIXELS) & (cover_sum / np.maximum(pixels, 1) >= MATCH_COVER)
    large[0] = False
    matched = large & (found_sum > 0)
    return SyntheticScore(
        seed,
        level,
        float(true_km2.sum()),
        float(found_km2.sum()),
        tuple((found_sum[matched] / true_sum[matched]).tolist()),
        int((large & ~matched).sum()),
    )


def dilated_labels(labels: npt.NDArray[np.int32], reach: int) -> npt.NDArray[np.int32]:
    """Return ``labels`` with every pixel within ``reach`` of a component given to the nearest one."""
    distance, (rows, cols) = ndimage.distance_transform_edt(labels == 0, return_indices=True)
    return np.asarray(np.where(distance <= reach, labels[rows, cols], 0))


def synthetic_table(results: Sequence[SyntheticScore]) -> str:
    """Return the comparison as a Markdown table."""
    lines = [
        f"Simulated scenes: coverage area found against true; patches of ≥ {MATCH_PIXELS} pixels and mean cover"
        f" ≥ {MATCH_COVER:.0%}",
        "",
        "| seed | level | true km² | found km² | bias | matched patches | within ±20 % | missed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.seed} | {r.level} | {r.true_km2:.3f} | {r.found_km2:.3f} | {r.bias:+.1%} | {len(r.ratios)}"
        f" | {r.within:.0%} | {r.missed} |"
        for r in results
    ]
    return "\n".join(lines) + "\n"
