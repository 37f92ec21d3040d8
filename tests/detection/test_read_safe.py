"""Simulated products of both levels, as folder and zip, read back; damaged and hostile ones refused in a sentence."""

import shutil
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from detection.open_scene import open_scene
from documents.errors import InputError
from documents.scene import Level
from models.unet import BANDS
from tests.conftest import SEA_GRID


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))
    return target


def test_what_the_product_says_of_itself(safe_product: Path):
    with open_scene(safe_product) as scene:
        assert scene.grid == SEA_GRID
        assert scene.info.id == safe_product.stem
        assert scene.info.level in (Level.L1C, Level.L2A)
        assert scene.info.sensor == "S2B"
        assert scene.info.sensing_time is not None
        assert set(BANDS) <= set(scene.info.bands)
        assert scene.warnings == ()
        cloud = scene.read_cloud()
        assert cloud is not None
        assert cloud.shape == (360, 360)
        assert (scene.read_classification() is not None) == (scene.info.level is Level.L2A)


def test_reflectance_takes_scale_and_offset_from_the_metadata(safe_product: Path):
    (path,) = [p for p in safe_product.rglob("*_B08*.jp2") if "20m" not in p.name]
    with rasterio.open(path) as source:
        numbers = source.read(1)
    with open_scene(safe_product) as scene:
        values = scene.read(["B08"]).values[0]
    assert values[numbers > 0] == pytest.approx((numbers[numbers > 0] - 1000.0) / 10000.0, abs=1e-6)
    assert np.isnan(values[numbers == 0]).all()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(0, 300), col=st.integers(0, 300), height=st.integers(1, 60), width=st.integers(1, 60))
def test_a_window_is_a_piece_of_the_whole(safe_product: Path, row: int, col: int, height: int, width: int):
    with open_scene(safe_product) as scene:
        whole = scene.read(("B04", "B11")).values
        part = scene.read(("B04", "B11"), Window(col, row, width, height))
    assert part.values.shape == (2, height, width)
    assert part.values == pytest.approx(whole[:, row : row + height, col : col + width], abs=1e-5, nan_ok=True)


def test_an_overview_is_the_whole_made_coarser(safe_product: Path):
    with open_scene(safe_product) as scene:
        fine, coarse = scene.read(["B03"]).values[0], scene.read(["B03"], overview=2).values[0]
    means = fine.reshape(90, 4, 90, 4).mean(axis=(1, 3))
    assert coarse.shape == (90, 90)
    assert np.median(np.abs(coarse - means)) < 0.004


def test_a_zip_reads_as_its_folder(safe_product: Path, tmp_path: Path):
    archive = zipped(safe_product, tmp_path / f"{safe_product.stem}.zip")
    with open_scene(archive) as packed, open_scene(safe_product) as folder:
        assert packed.info == folder.info
        assert np.array_equal(packed.read(BANDS).values, folder.read(BANDS).values, equal_nan=True)


@pytest.fixture
def copy(safe_product: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(safe_product, tmp_path / safe_product.name))


def metadata_of(folder: Path) -> Path:
    (path,) = folder.glob("MTD_MSIL*.xml")
    return path


def refused(path: Path, match: str) -> None:
    with pytest.raises(InputError, match=match) as caught, open_scene(path) as scene:
        scene.read(BANDS)
    assert "\n" not in str(caught.value)


def test_a_missing_band_is_named(copy: Path):
    for path in copy.rglob("*_B11*.jp2"):
        path.unlink()
    refused(copy, "B11")


def test_a_truncated_band_is_named(copy: Path):
    (path,) = [p for p in copy.rglob("*_B04*.jp2") if "20m" not in p.name]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    refused(copy, "B04")


def test_an_empty_band_is_named(copy: Path):
    (path,) = [p for p in copy.rglob("*_B04*.jp2") if "20m" not in p.name]
    path.write_bytes(b"")
    refused(copy, "B04")


def test_metadata_with_a_doctype_is_refused(copy: Path):
    path = metadata_of(copy)
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
    path.write_text(bomb + path.read_text(encoding="utf-8").split("?>", 1)[1], encoding="utf-8")
    refused(copy, "MTD")


def test_metadata_that_is_no_xml_is_refused(copy: Path):
    metadata_of(copy).write_text("PRODUCT = 7")
    refused(copy, "MTD")


def test_missing_metadata_is_refused(copy: Path):
    metadata_of(copy).unlink()
    refused(copy, "MTD")


@pytest.mark.parametrize("member", ["../evil.txt", "/etc/evil.txt", "A.SAFE/../../evil.txt"])
def test_a_zip_that_climbs_out_is_refused(safe_product: Path, tmp_path: Path, member: str):
    archive = zipped(safe_product, tmp_path / "a.zip")
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(member, "x")
    refused(archive, "zip")


def test_a_zip_with_a_link_is_refused(safe_product: Path, tmp_path: Path):
    archive = zipped(safe_product, tmp_path / "a.zip")
    with zipfile.ZipFile(archive, "a") as file:
        link = zipfile.ZipInfo(f"{safe_product.name}/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    refused(archive, "link")


def test_no_product_at_all_is_refused(tmp_path: Path):
    (tmp_path / "empty.SAFE").mkdir()
    refused(tmp_path / "empty.SAFE", "empty.SAFE")
    (tmp_path / "a.zip").write_bytes(b"no zip")
    refused(tmp_path / "a.zip", "a.zip")
    refused(tmp_path / "nothing.tif", "nothing.tif")


def test_the_real_product_opens_with_a_warning_about_its_size(shared: Path):
    (folder,) = (shared / "data" / "safe").glob("S2A_MSIL1C*.SAFE")
    with open_scene(folder) as scene:
        assert scene.info.level is Level.L1C
        assert scene.warnings
        assert scene.grid.transform.a == pytest.approx(250, rel=0.2)
        values = scene.read(BANDS).values
        assert np.isfinite(values).any()
        assert 0 < np.nanmedian(values[0]) < 1
        assert scene.read_cloud() is not None
