"""A raster cut into overlapping tiles and joined again is the raster; what is not of one pass is refused."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from detection.mosaic import mosaic
from detection.open_scene import open_scene
from detection.raster_scene import GridScene
from documents.errors import InputError

BANDS = ("B02", "B08")
SHAPE = (96, 120)
TIME = "2026-06-18T02:35:51Z"
NUMBERS = np.random.default_rng(5).integers(1000, 3000, (2, *SHAPE), dtype=np.uint16)
CLASSES = np.random.default_rng(6).integers(1, 12, SHAPE, dtype=np.uint16)

TILES = {
    "west": (slice(0, 96), slice(0, 70)),
    "north-east": (slice(0, 52), slice(60, 120)),
    "east": (slice(48, 96), slice(60, 120)),
}


def write(path: Path, numbers: npt.NDArray[np.uint16], left: float, top: float, **kind: str | int) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", count=3, height=numbers.shape[1], width=numbers.shape[2], dtype="uint16",
        crs=f"EPSG:{kind.pop('epsg', 32651)}", transform=Affine(10, 0, left, 0, -10, top),
    ) as target:  # fmt: skip
        target.write(numbers)
        target.descriptions = (*BANDS, "SCL")
        target.scales, target.offsets = (1e-4, 1e-4, 1.0), (-0.1, -0.1, 0.0)
        target.update_tags(**{"datetime": TIME, "scene_id": "S2B_MSIL2A_20260618T023551", **kind})
    return path


def tile(path: Path, rows: slice, cols: slice, numbers: npt.NDArray[np.uint16] = NUMBERS, **kind: str | int) -> Path:
    part = np.concatenate([numbers, CLASSES[np.newaxis]])[:, rows, cols]
    return write(path, part, 400_000 + 10 * cols.start, 4_000_000 - 10 * rows.start, **kind)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GridScene]:
    folder = tmp_path_factory.mktemp("tiles")
    with mosaic([open_scene(tile(folder / f"{name}.tif", *part)) for name, part in TILES.items()]) as scene:
        yield scene


def test_tiles_joined_are_the_raster_they_were_cut_from(joined: GridScene):
    assert joined.info.shape == joined.grid.shape == SHAPE
    assert joined.grid.transform == Affine(10, 0, 400_000, 0, -10, 4_000_000)
    assert joined.info.bands == BANDS
    assert joined.info.id == "west + north-east + east"
    assert joined.read(BANDS).values == pytest.approx(NUMBERS / 10_000.0 - 0.1, abs=1e-6)
    classes, cloud = joined.read_classification(), joined.read_cloud()
    assert classes is not None
    assert cloud is not None
    assert np.array_equal(classes, CLASSES)
    assert np.array_equal(cloud, np.isin(CLASSES, (8, 9, 10)))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(0, 90), col=st.integers(0, 100), height=st.integers(1, 96), width=st.integers(1, 120))
def test_a_window_is_a_piece_of_the_whole(joined: GridScene, row: int, col: int, height: int, width: int):
    window = Window(col, row, min(width, SHAPE[1] - col), min(height, SHAPE[0] - row))
    rows, cols = window.toslices()
    assert joined.read(BANDS, window).values == pytest.approx(NUMBERS[:, rows, cols] / 10_000.0 - 0.1, abs=1e-6)


def test_overviews_away_from_seams_are_block_means_and_nowhere_empty(joined: GridScene):
    means = (NUMBERS / 10_000.0 - 0.1).reshape(2, 24, 4, 30, 4).mean(axis=(2, 4))
    coarse = joined.read(BANDS, overview=2)
    assert coarse.valid.all()
    assert coarse.values[:, :, :15] == pytest.approx(means[:, :, :15], abs=1e-5)
    assert coarse.grid.transform.a == 40.0


def test_a_scene_joined_with_itself_is_itself_to_the_last_partial_pixel(tmp_path: Path):
    path = tile(tmp_path / "a.tif", slice(0, 94), slice(0, 71))
    with open_scene(path) as once, mosaic([open_scene(path), open_scene(path)]) as twice:
        for overview in range(4):
            alone, joined = once.read(BANDS, overview=overview), twice.read(BANDS, overview=overview)
            assert joined.grid == alone.grid
            assert np.array_equal(joined.values, alone.values, equal_nan=True)
            assert np.array_equal(twice.read_cloud(overview=overview), once.read_cloud(overview=overview))


def test_where_tiles_meet_within_a_coarse_pixel_nothing_is_lost(tmp_path: Path):
    parts = (slice(0, 70), slice(59, 119))
    scenes = [open_scene(tile(tmp_path / f"{n}.tif", slice(0, 94), cols)) for n, cols in enumerate(parts)]
    with mosaic(scenes) as scene:
        coarse = scene.read(BANDS, overview=2)
        classes = scene.read_classification(overview=2)
    assert coarse.values.shape == (2, 24, 30)
    assert coarse.valid.all()
    assert classes is not None
    assert (classes > 0).all()


def test_the_first_scene_with_data_wins(tmp_path: Path):
    numbers = NUMBERS.copy()
    numbers[:, :, 62:66] = 0
    west = open_scene(tile(tmp_path / "west.tif", slice(0, 96), slice(0, 70), numbers))
    east = open_scene(tile(tmp_path / "east.tif", slice(0, 96), slice(60, 120), NUMBERS + np.uint16(500)))
    expected = NUMBERS / 10_000.0 - 0.1
    expected[:, :, 62:66] += 0.05
    expected[:, :, 70:] += 0.05
    with mosaic([west, east]) as scene:
        assert scene.read(BANDS).values == pytest.approx(expected, abs=1e-6)


def test_between_tiles_that_do_not_touch_there_is_no_data(tmp_path: Path):
    paths = [tile(tmp_path / f"{n}.tif", slice(0, 96), part) for n, part in enumerate((slice(0, 40), slice(80, 120)))]
    with mosaic([open_scene(path) for path in paths]) as scene:
        valid = scene.read(BANDS).valid
        classes = scene.read_classification(Window(45, 0, 20, 20))
    assert valid[:, :40].all()
    assert not valid[:, 40:80].any()
    assert valid[:, 80:].all()
    assert classes is None, "no scene lies there"


def test_one_scene_stays_itself_and_none_is_refused(tmp_path: Path):
    with open_scene(tile(tmp_path / "a.tif", slice(0, 96), slice(0, 70))) as scene:
        assert mosaic([scene]) is scene
    with pytest.raises(InputError, match="at least one"):
        mosaic([])


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ({"datetime": "2026-06-18T02:37:00Z"}, "60 s apart"),
        ({"scene_id": "S2A_MSIL2A_20260618T023551"}, "satellite or level"),
        ({"scene_id": "S2B_MSIL1C_20260618T023551"}, "satellite or level"),
        ({"epsg": 32650}, "zones"),
    ],
)
def test_scenes_that_do_not_belong_together_are_refused(tmp_path: Path, kind: dict[str, str | int], sentence: str):
    a = tile(tmp_path / "a.tif", slice(0, 96), slice(0, 70))
    b = tile(tmp_path / "b.tif", slice(0, 96), slice(60, 120), **kind)
    with open_scene(a) as first, open_scene(b) as second, pytest.raises(InputError, match=sentence):
        mosaic([first, second])


def test_pixels_off_the_grid_are_refused(tmp_path: Path):
    whole = np.concatenate([NUMBERS, CLASSES[np.newaxis]])
    a, b = write(tmp_path / "a.tif", whole, 400_000, 4_000_000), write(tmp_path / "b.tif", whole, 400_505, 4_000_000)
    with open_scene(a) as first, open_scene(b) as second, pytest.raises(InputError, match="one grid"):
        mosaic([first, second])
