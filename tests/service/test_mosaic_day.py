"""A day of several scenes: two tiles of one pass give what the uncut image gives, and each is on record."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from affine import Affine
from typer.testing import CliRunner, Result

from detection import segment
from detection.detect import detect
from detection.open_scene import open_scene
from detection.raster_scene import RasterScene
from documents.patches import Patches
from documents.run import Run
from documents.site import Site
from models.unet import BANDS, REACH
from service.cli import app
from tests.detection.scenes import mix, sea

pytestmark = pytest.mark.usefixtures("rough_bounds")

LEFT, TOP = 382_980, 4_063_980
"""Open sea off Rushan, UTM 51N."""
SHAPE = (700, 260)
TILES = {"west": slice(0, 150), "east": slice(110, 260)}
TAGS = {"datetime": "2026-06-18T02:35:51Z", "scene_id": "S2B_MSIL1C_20260618T023551"}


def write(path: Path, values: npt.NDArray[np.float32], cols: slice = slice(None), **tags: str) -> Path:
    values = values[:, :, cols]
    with rasterio.open(
        path, "w", driver="GTiff", count=len(BANDS), height=values.shape[1], width=values.shape[2], dtype="float32",
        crs="EPSG:32651", transform=Affine(10, 0, LEFT + 10 * (cols.start or 0), 0, -10, TOP), nodata=np.nan,
    ) as target:  # fmt: skip
        target.write(values)
        target.descriptions = BANDS
        target.update_tags(**{**TAGS, **tags})
    return path


@pytest.fixture(scope="module")
def values() -> npt.NDArray[np.float32]:
    """Return sea with mats: in either tile alone, across the seam, and wholly in the overlap."""
    cover = np.zeros(SHAPE, np.float32)
    for rows, cols in ((40, (20, 40)), (90, (130, 131)), (120, (60, 200)), (300, (100, 118)), (620, (220, 240))):
        cover[rows : rows + 12, cols[0] - 6 : cols[1] + 6] = 0.6
    return mix(sea(*SHAPE), cover)


def daily(site: Path, runs: Path, *scenes: Path) -> Result:
    options = [text for scene in scenes for text in ("--scene", str(scene))]
    return CliRunner().invoke(app, ["daily", "--site", str(site), "--runs", str(runs), *options])


def test_two_tiles_make_the_day_of_the_uncut_image(
    values: npt.NDArray[np.float32], tmp_path: Path, quick_site: Path, site: Site, monkeypatch: pytest.MonkeyPatch
):
    largest = 0
    values_on = RasterScene.values_on

    def watched(self: RasterScene, band: str, target: object) -> npt.NDArray[np.float32]:
        nonlocal largest
        read = values_on(self, band, target)  # type: ignore[arg-type]
        largest = max(largest, read.shape[0])
        return read

    paths = [write(tmp_path / f"{name}.tif", values, cols) for name, cols in TILES.items()]
    with monkeypatch.context() as patch:
        patch.setattr(RasterScene, "values_on", watched)
        patch.setattr(segment, "CORE", 192)
        result = daily(quick_site, tmp_path / "runs", *paths)
    assert result.exit_code == 0, result.output
    assert 0 < largest <= 192 + 2 * REACH < SHAPE[0], "tiles are read strip by strip"

    folder = tmp_path / "runs" / "2026-06-18"
    run = Run.read(folder / "run.json")
    assert run.scenes == ("west", "east")
    for number, path in enumerate(paths, 1):
        assert run.inputs_sha256[f"scene {number}"] == hashlib.sha256(path.read_bytes()).hexdigest()

    (tmp_path / "whole").mkdir()
    with open_scene(write(tmp_path / "whole.tif", values)) as scene:
        whole = detect(scene, site, tmp_path / "whole", lambda *_: None)
    joined = Patches.read(folder / "patches.geojson")
    assert len(whole.patches) == 5
    centres = [[patch.centre for patch in found.patches] for found in (joined, whole)]
    assert np.asarray(centres[0]) == pytest.approx(np.asarray(centres[1]), abs=1e-4)
    areas = [[patch.coverage_area_km2 for patch in found.patches] for found in (joined, whole)]
    assert areas[0] == pytest.approx(areas[1], rel=1e-3)
    assert joined.coverage_area_km2 == pytest.approx(whole.coverage_area_km2, rel=1e-3)
    assert joined.observed_share == whole.observed_share
    with rasterio.open(folder / "cover.tif") as a, rasterio.open(tmp_path / "whole" / "cover.tif") as b:
        assert (a.shape, a.transform) == (b.shape, b.transform)


def test_scenes_of_two_passes_are_refused_in_one_sentence(
    values: npt.NDArray[np.float32], tmp_path: Path, quick_site: Path
):
    paths = [
        write(tmp_path / "west.tif", values, TILES["west"]),
        write(tmp_path / "east.tif", values, TILES["east"], datetime="2026-06-20T02:35:51Z"),
    ]
    result = daily(quick_site, tmp_path / "runs", *paths)
    assert result.exit_code == 2
    assert "west and east were taken more than 60 s apart; hand in the tiles of one pass." in result.output
    assert not (tmp_path / "runs" / "2026-06-18").exists()
