from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from detection.open_scene import open_scene
from documents.errors import InputError
from models.unet import BANDS


def write(
    path: Path, values: np.ndarray, names: tuple[str | None, ...] = BANDS, epsg: int = 32651, **tags: str
) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", count=len(values), height=values.shape[1], width=values.shape[2],
        dtype=values.dtype, crs=f"EPSG:{epsg}", transform=Affine(10, 0, 400_000, 0, -10, 4_000_000),
    ) as target:  # fmt: skip
        target.write(values)
        target.descriptions = names
        target.update_tags(**tags)
    return path


NUMBERS = np.arange(len(BANDS) * 64 * 64, dtype=np.uint16).reshape(-1, 64, 64) % 5000 + 1


def test_float_reflectance_needs_no_tags(tmp_path: Path):
    path = write(tmp_path / "f.tif", NUMBERS.astype(np.float32) / 10000, datetime="2024-04-07T10:05:51Z")
    with open_scene(path) as scene:
        assert scene.read(BANDS).values == pytest.approx(NUMBERS / 10000.0, abs=1e-6)
        assert scene.info.sensing_time is not None
        assert scene.info.sensing_time.hour == 10
        assert scene.read_cloud() is None


def test_integers_without_tags_are_refused_and_take_arguments(tmp_path: Path):
    path = write(tmp_path / "i.tif", NUMBERS)
    with pytest.raises(InputError, match="--scale"):
        open_scene(path)
    with open_scene(path, scale=1e-4, offset=-0.1) as scene:
        assert scene.read(["B02"]).values[0] == pytest.approx(NUMBERS[0] / 10000.0 - 0.1, abs=1e-6)


def test_tags_of_scale_and_offset_count(tmp_path: Path):
    path = write(tmp_path / "t.tif", NUMBERS)
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (1e-4,) * len(BANDS), (-0.1,) * len(BANDS)
    with open_scene(path) as scene:
        assert scene.read(["B11"]).values[0] == pytest.approx(NUMBERS[BANDS.index("B11")] / 10000.0 - 0.1, abs=1e-6)
        assert scene.info.sensing_time is None


def test_bands_go_by_name(tmp_path: Path):
    names = ("b2", "B3", "B04", "b05", "B6", "B08", "B8A", "B11")
    path = write(tmp_path / "n.tif", NUMBERS.astype(np.float32), names)
    with open_scene(path) as scene:
        assert set(BANDS) <= set(scene.info.bands)
    with (
        pytest.raises(InputError),
        open_scene(write(tmp_path / "m.tif", NUMBERS.astype(np.float32), (None,) * len(BANDS))),
    ):
        pass


def test_degrees_and_text_are_refused(tmp_path: Path):
    path = tmp_path / "d.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=8, width=8, dtype="float32", crs="EPSG:4326",
        transform=Affine(0.01, 0, 121, 0, -0.01, 37),
    ) as target:  # fmt: skip
        target.write(np.ones((1, 8, 8), np.float32))
        target.descriptions = ("B02",)
    with pytest.raises(InputError), open_scene(path):
        pass
    (tmp_path / "x.tif").write_text("no raster")
    with pytest.raises(InputError, match=r"x\.tif"), open_scene(tmp_path / "x.tif"):
        pass


@pytest.mark.parametrize("name", ["accra", "limassol"])
def test_real_crops_open_with_their_classification(shared: Path, name: str):
    with open_scene(shared / "data" / "crops" / f"{name}.tif") as scene:
        assert scene.read_classification() is not None
        values = scene.read(("B02", "B03", "B04", "B06", "B08", "B11"), overview=1)
        assert values.values.shape == (6, 256, 256)
        assert -0.1 < np.nanmedian(values.values) < 0.6
