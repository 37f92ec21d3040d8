"""A simulated product, written whole."""

from pathlib import Path

import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from documents.coast import Coast
from documents.cover import COVER_NAME, OBSERVED_NAME, Observed, read_cover
from documents.patches import Kind, Patches
from documents.scene import Level
from documents.site import Site
from training.simulate import product
from training.simulate.extent import Extent

GRID = GeoBox((360, 360), from_origin(382_980, 4_063_980, 10, 10), "EPSG:32651")
"""3.6 km of open sea off Rushan."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "scene_grid", lambda *_: ("51SUA", GRID))


@pytest.mark.parametrize("level", [Level.L1C, Level.L2A])
def test_truth_lies_beside_the_product(site: Site, coast: Coast, level: Level, tmp_path: Path) -> None:
    folder = product.simulate(site, coast, 3, Extent.DEMO, level, tmp_path)
    assert folder.parent == tmp_path
    assert folder.suffix == ".SAFE"
    cover, observed, grid = read_cover(tmp_path / "truth")
    assert grid == GRID
    patches = Patches.read(tmp_path / "truth" / "patches.geojson")
    assert patches.scenes[0].id == folder.stem
    assert patches.sensing_time == product.SENSING_TIME
    assert patches.patches
    assert {patch.kind for patch in patches.patches} <= {Kind.ULVA, Kind.UNKNOWN}
    assert patches.coverage_area_km2 == pytest.approx(np.nansum(cover) * 1e-4, rel=0.03)
    assert np.isnan(cover[observed != Observed.CLEAR]).all()


def test_same_seed_same_bytes(site: Site, coast: Coast, tmp_path: Path) -> None:
    first, second = (
        product.simulate(site, coast, 3, Extent.DEMO, Level.L1C, tmp_path / name).parent for name in ("a", "b")
    )
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert {Path("truth") / COVER_NAME, Path("truth") / OBSERVED_NAME} <= set(files)
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    different = [str(path) for path in files if (first / path).read_bytes() != (second / path).read_bytes()]
    assert different == []
