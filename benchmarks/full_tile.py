"""Detection on a full-size simulated tile: peak memory, and time beside that of merely reading its bands.

Run: ``python -m benchmarks.full_tile --work /tmp/full-tile`` (about 5 GB of disk for a tile, kept for the next run).
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

from rasterio.windows import Window

from detection.detect import detect
from detection.open_scene import open_scene
from documents.scene import Level
from documents.site import read_site, site_coast
from models.unet import BANDS
from training.simulate.extent import Extent
from training.simulate.product import simulate

SITE = Path(__file__).resolve().parents[1] / "configs" / "rushan.yaml"
LIMIT_GIB = 4.0
STRIP = 512


def main() -> None:
    """Simulate the tile if it is not there, then measure reading and detecting, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for the tile and the outputs")
    parser.add_argument("--level", type=Level, default=Level.L1C, choices=[Level.L1C, Level.L2A])
    arguments = parser.parse_args()
    folder = arguments.work / arguments.level
    if not list(folder.glob("*.SAFE")):
        site = read_site(SITE)
        started = time.perf_counter()
        simulate(site, site_coast(site), 1, Extent.FULL, arguments.level, folder)
        print(f"simulated in {time.perf_counter() - started:.0f} s")
    (product,) = folder.glob("*.SAFE")
    reading, _ = measured(read_all, product, arguments.work)
    detecting, peak = measured(detect_all, product, arguments.work)
    print(f"reading the {len(BANDS)} bands strip by strip: {reading:.0f} s")
    print(f"detect: {detecting:.0f} s, {detecting / reading:.2f} × reading; peak memory {peak:.2f} GiB")
    if peak >= LIMIT_GIB:
        raise SystemExit(f"detect used {peak:.2f} GiB, more than {LIMIT_GIB:g} GiB.")


def measured(work: Callable[[Path, Path], None], product: Path, out: Path) -> tuple[float, float]:
    """Return seconds and peak memory (GiB) of ``work`` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (work, product, out))


def _measure(work: Callable[[Path, Path], None], product: Path, out: Path) -> tuple[float, float]:
    started = time.perf_counter()
    work(product, out)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def read_all(product: Path, _out: Path) -> None:
    """Read every band of the segmenter in strips, as detection does."""
    with open_scene(product) as scene:
        rows, cols = scene.grid.shape
        for top in range(0, rows, STRIP):
            scene.read(BANDS, Window(0, top, cols, min(STRIP, rows - top)))


def detect_all(product: Path, out: Path) -> None:
    """Detect in the whole tile."""
    with open_scene(product) as scene:
        detect(scene, read_site(SITE), out / "found", lambda _doing, _share: None)


if __name__ == "__main__":
    main()
