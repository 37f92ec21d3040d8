"""Writing simulated products as real ones are laid out."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from lxml import etree
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from detection.open_scene import open_scene
from documents.scene import Level
from training.endmembers import BANDS
from training.simulate.safe import SimulatedProduct, write_safe
from training.simulate.safe_jp2 import to_grey, to_numbers, write_jp2
from training.simulate.safe_names import KNOWN_ORBIT, SafeNames
from training.simulate.sensor import RESOLUTION_M
from training.simulate.texture import F32

GRID = GeoBox((240, 180), from_origin(382_980, 4_063_980, 10, 10), "EPSG:32651")
SENSED = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)
LEVELS = (Level.L1C, Level.L2A)


def reflectance(band: str) -> F32:
    """Return noise between −0.15 (below what a number can hold) and 1.2, with a corner without data."""
    step = RESOLUTION_M[band] // 10
    shape = (GRID.shape[0] // step, GRID.shape[1] // step)
    image = np.random.default_rng(BANDS.index(band)).uniform(-0.15, 1.2, shape).astype(np.float32)
    image[: 60 // step, : 60 // step] = np.nan
    return image


def make(level: Level) -> SimulatedProduct:
    cloud = np.zeros(GRID.shape, np.bool_)
    cloud[120:180, 60:120] = True
    codes = np.random.default_rng(5).integers(0, 12, (120, 90), dtype=np.uint8)
    return SimulatedProduct(
        level=level,
        satellite="S2B",
        sensing_time=SENSED,
        tile="51SUA",
        relative_orbit=89,
        grid=GRID,
        reflectance=reflectance,
        cloud=cloud,
        classification=codes if level is Level.L2A else None,
    )


@pytest.fixture(scope="module", params=LEVELS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Level, Path]:
    level: Level = request.param
    return level, write_safe(make(level), tmp_path_factory.mktemp(level.value))


def granule(folder: Path) -> Path:
    (found,) = (folder / "GRANULE").iterdir()
    return found


def product_xml(folder: Path) -> etree._Element:
    (path,) = folder.glob("MTD_MSI*.xml")
    return etree.parse(str(path)).getroot()


def tile_xml(folder: Path) -> etree._Element:
    return etree.parse(str(granule(folder) / "MTD_TL.xml")).getroot()


def image_files(folder: Path) -> list[str]:
    return [str(element.text) for element in product_xml(folder).iter("IMAGE_FILE")]


def read(path: Path) -> npt.NDArray[np.uint16]:
    with rasterio.open(path) as source:
        return np.asarray(source.read())


def test_names(written: tuple[Level, Path]) -> None:
    level, folder = written
    assert folder.name == f"S2B_MSI{level}_20260618T023551_N0509_R089_T51SUA_20260618T053551.SAFE"
    # 21,829 orbits after number 26,649 on track 25; the nearest on track 89 is 152 cycles and 64 orbits after it.
    assert granule(folder).name == f"{level}_T51SUA_A048449_20260618T023551"
    assert {path.name for path in folder.iterdir()} == {f"MTD_MSI{level}.xml", "manifest.safe", "GRANULE", "DATASTRIP"}
    assert list(folder.parent.iterdir()) == [folder]
    assert list(folder.rglob("*.aux.xml")) == []


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.L1C, {f"IMG_DATA/T51SUA_20260618T023551_{band}" for band in (*BANDS, "TCI")}),
        (
            Level.L2A,
            {
                f"IMG_DATA/R{size}m/T51SUA_20260618T023551_{band}_{size}m"
                for size, bands in {
                    10: "B02 B03 B04 B08 TCI",
                    20: "B02 B03 B04 B05 B06 B07 B8A B11 B12 SCL",
                    60: "B01 B09",
                }.items()
                for band in bands.split()
            },
        ),
    ],
)
def test_layout(level: Level, expected: set[str], tmp_path: Path) -> None:
    folder = write_safe(make(level), tmp_path)
    names = image_files(folder)
    inside = granule(folder)
    assert {str((folder / name).relative_to(inside)) for name in names} == expected
    assert len(names) == len(set(names))
    found = {str(path.relative_to(folder)) for path in inside.glob("IMG_DATA/**/*.jp2")}
    assert found == {f"{name}.jp2" for name in names}


def test_manifest_lists_every_file_with_its_checksum(written: tuple[Level, Path]) -> None:
    _, folder = written
    listed = {}
    root = etree.parse(str(folder / "manifest.safe")).getroot()
    for stream in root.iter("byteStream"):
        location, checksum = stream.find("fileLocation"), stream.find("checksum")
        assert location is not None
        assert checksum is not None
        listed[location.get("href")] = (int(stream.attrib["size"]), checksum.text)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.safe"]
    expected = {}
    for path in files:
        content = path.read_bytes()
        expected[f"./{path.relative_to(folder)}"] = (len(content), hashlib.md5(content).hexdigest())
    assert listed == expected
    identifiers = [element.attrib["ID"] for element in root.iter("dataObject")]
    assert sorted(identifiers) == sorted(element.attrib["dataObjectID"] for element in root.iter("dataObjectPointer"))
    assert len(set(identifiers)) == len(identifiers)


def test_values_come_back_from_the_metadata(written: tuple[Level, Path]) -> None:
    """Reflectance within half a digital number, by the scale, offsets and no-data value that the product states."""
    level, folder = written
    root = product_xml(folder)
    image = root.find("{*}General_Info/Product_Image_Characteristics")
    assert image is not None
    prefix = ("RADIO", "") if level is Level.L1C else ("BOA", "BOA_")
    scale = float(str(next(image.iter(f"{prefix[1]}QUANTIFICATION_VALUE")).text))
    offsets = {int(e.attrib["band_id"]): float(str(e.text)) for e in image.iter(f"{prefix[0]}_ADD_OFFSET")}
    special = {
        e.findtext("SPECIAL_VALUE_TEXT"): int(e.findtext("SPECIAL_VALUE_INDEX") or -1)
        for e in image.iter("Special_Values")
    }
    assert offsets == dict.fromkeys(range(13), -1000.0)
    assert special == {"NODATA": 0, "SATURATED": 65535}
    checked = set()
    for name in image_files(folder):
        band = next((band for band in BANDS if f"_{band}" in name.rpartition("/")[2]), None)
        if band is None:
            continue
        numbers = read(folder / f"{name}.jp2")[0]
        truth = reflectance(band).astype(np.float64)
        step = truth.shape[0] // numbers.shape[0]
        truth = truth.reshape(numbers.shape[0], step, numbers.shape[1], step).mean(axis=(1, 3))
        assert np.array_equal(numbers == special["NODATA"], np.isnan(truth))
        seen = numbers > 0
        value = (numbers[seen] + offsets[BANDS.index(band)]) / scale
        lowest = (1 + offsets[BANDS.index(band)]) / scale
        assert np.abs(value - np.maximum(truth[seen], lowest)).max() <= 0.5 / scale + 1e-7
        checked.add(band)
    assert checked == set(BANDS) - ({"B10"} if level is Level.L2A else set())


def test_grids_are_those_of_the_images(written: tuple[Level, Path]) -> None:
    level, folder = written
    geocoding = tile_xml(folder).find("{*}Geometric_Info/Tile_Geocoding")
    assert geocoding is not None
    assert geocoding.findtext("HORIZONTAL_CS_CODE") == "EPSG:32651"
    assert geocoding.findtext("HORIZONTAL_CS_NAME") == "WGS84 / UTM zone 51N"
    for name in image_files(folder):
        with rasterio.open(folder / f"{name}.jp2") as source:
            size = geocoding.find(f"Size[@resolution='{source.res[0]:.0f}']")
            corner = geocoding.find(f"Geoposition[@resolution='{source.res[0]:.0f}']")
            assert size is not None
            assert corner is not None
            assert (int(size.findtext("NROWS") or 0), int(size.findtext("NCOLS") or 0)) == source.shape
            at = tuple(int(corner.findtext(tag) or 0) for tag in ("ULX", "ULY", "XDIM", "YDIM"))
            transform = source.transform
            assert at == (transform.c, transform.f, transform.a, transform.e)
            assert source.crs.to_epsg() == 32651
            stated = name.rpartition("_")[2] if level is Level.L2A else f"{RESOLUTION_M.get(name[-3:], 10)}m"
            assert f"{source.res[0]:.0f}m" == stated


def test_sun_stands_where_it_should(written: tuple[Level, Path]) -> None:
    """10:40 local solar time at 36.7° N four days before the solstice: about 22° from the zenith, in the south-east."""
    _, folder = written
    sun = tile_xml(folder).find("{*}Geometric_Info/Tile_Angles/Mean_Sun_Angle")
    assert sun is not None
    assert float(sun.findtext("ZENITH_ANGLE") or 0) == pytest.approx(22.0, abs=2.0)
    assert float(sun.findtext("AZIMUTH_ANGLE") or 0) == pytest.approx(125.0, abs=10.0)
    rows = [row.text for row in tile_xml(folder).iterfind(".//Zenith/Values_List/VALUES")]
    assert len(rows) == 2  # 2.4 km: both ends of one step


def test_masks_and_true_colour(written: tuple[Level, Path]) -> None:
    level, folder = written
    mask = read(granule(folder) / "QI_DATA" / "MSK_CLASSI_B00.jp2")
    opaque = make(level).cloud[::6, ::6]
    assert mask.dtype == np.uint8
    assert np.array_equal(mask, np.stack([opaque, np.zeros_like(opaque), np.zeros_like(opaque)]))
    percent = product_xml(folder).findtext("{*}Quality_Indicators_Info/Cloud_Coverage_Assessment")
    assert float(percent or -1) == pytest.approx(100.0 * 3600 / (240 * 180), abs=1e-5)
    (path,) = granule(folder).glob("IMG_DATA/**/*TCI*.jp2")
    with rasterio.open(path) as source:
        assert [meaning.name for meaning in source.colorinterp] == ["red", "green", "blue"]
        assert source.tags(ns="IMAGE_STRUCTURE")["COMPRESSION_REVERSIBILITY"] == "LOSSLESS"
    colour = read(path)
    assert colour.dtype == np.uint8
    assert colour.shape == (3, 240, 180)
    assert (colour[:, :60, :60] == 0).all()
    assert colour[:, 60:].min() == 1
    for channel, band in zip(colour, ("B04", "B03", "B02"), strict=True):
        assert np.array_equal(channel, to_grey(to_numbers(reflectance(band)), level))
    if level is Level.L2A:
        (path,) = granule(folder).glob("IMG_DATA/R20m/*SCL_20m.jp2")
        classification = make(level).classification
        assert classification is not None
        assert np.array_equal(read(path)[0], classification)


def paths(root: etree._Element) -> set[str]:
    """Return every element's path and every attribute's, without namespaces' addresses."""
    found = set()
    for element in root.iter(etree.Element):
        steps = [etree.QName(e).localname for e in (*reversed(list(element.iterancestors())), element)]
        place = "/".join(steps)
        found.add(place)
        found |= {f"{place}@{etree.QName(name).localname}" for name in element.attrib}
    return found


@pytest.mark.parametrize("name", ["MTD_MSI*.xml", "GRANULE/*/MTD_TL.xml", "DATASTRIP/*/MTD_DS.xml", "manifest.safe"])
def test_elements_stand_where_real_products_have_them(name: str, written: tuple[Level, Path], shared: Path) -> None:
    level, folder = written
    real = list(shared.glob(f"data/safe/S2*_MSI{level}_*.SAFE/{name}"))
    if not real:
        pytest.skip(f"no real {level} product here has {name}")
    (ours,) = folder.glob(name)
    mine = etree.parse(str(ours)).getroot()
    theirs = etree.parse(str(real[0])).getroot()
    assert paths(mine) - paths(theirs) - newer(level) == set()
    # The schema's issue rose from 14 to 15 with baseline 05.00; everything else of the namespace stays.
    assert etree.QName(mine).namespace == str(etree.QName(theirs).namespace).replace("psd-14", "psd-15")


def newer(level: Level) -> set[str]:
    """Return what the real L1C product, of baseline 02.06, could not have yet: offsets and raster masks."""
    if level is Level.L2A:
        return set()
    offsets = "Level-1C_User_Product/General_Info/Product_Image_Characteristics/Radiometric_Offset_List"
    return {offsets, f"{offsets}/RADIO_ADD_OFFSET", f"{offsets}/RADIO_ADD_OFFSET@band_id"}


@pytest.mark.parametrize("satellite", sorted(KNOWN_ORBIT))
@pytest.mark.parametrize("cycles", [-3, 0, 40])
def test_orbits_repeat_every_ten_days(satellite: str, cycles: int) -> None:
    moment, absolute, relative = KNOWN_ORBIT[satellite]
    names = SafeNames(Level.L1C, satellite, moment + cycles * timedelta(days=10), "51SUA", relative)
    assert names.absolute_orbit == absolute + 143 * cycles
    assert replace(names, relative_orbit=relative + 1).absolute_orbit == absolute + 143 * cycles + 1


def test_names_are_in_utc() -> None:
    names = SafeNames(Level.L1C, "S2B", SENSED, "51SUA", 89)
    beijing = replace(names, sensing_time=SENSED.astimezone(timezone(timedelta(hours=8))))
    assert (beijing.product, beijing.granule, beijing.datastrip_id) == (
        names.product,
        names.granule,
        names.datastrip_id,
    )


@pytest.mark.parametrize("level", LEVELS)
def test_same_product_same_bytes(level: Level, tmp_path: Path) -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    first, second = (write_safe(make(level), tmp_path / name) for name in ("a", "b"))
    before = contents(first)
    assert before == contents(second)
    (first / "stray.txt").touch()
    assert write_safe(make(level), tmp_path / "a") == first
    assert contents(first) == before


@pytest.mark.parametrize("fault", ["raises", "wrong shape"])
def test_nothing_half_written(fault: str, tmp_path: Path) -> None:
    def broken(band: str) -> F32:
        if band != "B08":
            return reflectance(band)
        if fault == "raises":
            raise RuntimeError("no such light")
        return reflectance("B05")

    with pytest.raises(RuntimeError if fault == "raises" else ValueError, match=r"no such light|does not fit"):
        write_safe(replace(make(Level.L1C), reflectance=broken), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_earlier_product(tmp_path: Path) -> None:
    def broken(band: str) -> F32:
        raise RuntimeError(band)

    folder = write_safe(make(Level.L1C), tmp_path)
    with pytest.raises(RuntimeError):
        write_safe(replace(make(Level.L1C), reflectance=broken), tmp_path)
    assert list(tmp_path.iterdir()) == [folder]
    assert len(list(folder.rglob("*.jp2"))) == 15


def test_uneven_grid_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not divisible"):
        write_safe(replace(make(Level.L1C), grid=GRID[:238, :]), tmp_path)


def test_bands_are_computed_once_and_progress_rises(tmp_path: Path) -> None:
    asked: list[str] = []
    shares: list[float] = []

    def counted(band: str) -> F32:
        asked.append(band)
        return reflectance(band)

    def progress(_: str, share: float) -> None:
        shares.append(share)

    write_safe(replace(make(Level.L2A), reflectance=counted), tmp_path, progress)
    assert sorted(asked) == sorted(set(BANDS) - {"B10"})
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < shares[-1] <= 1.0


@pytest.mark.parametrize(
    ("value", "number"),
    [(np.nan, 0), (-5.0, 1), (-0.1, 1), (-0.0999, 1), (0.0, 1000), (0.00014, 1001), (0.5, 6000), (9.0, 65535)],
)
def test_digital_numbers(value: float, number: int) -> None:
    assert to_numbers(np.full((2, 3), value, np.float32)).tolist() == [[number] * 3] * 2


def test_tiled_image_is_lossless(tmp_path: Path) -> None:
    """More than one tile, sizes that no tile divides."""
    image = np.random.default_rng(1).integers(0, 65536, (1200, 1030)).astype(np.uint16)
    grid = GeoBox(image.shape, GRID.affine, GRID.crs)
    write_jp2(image, grid, tmp_path / "a.jp2")
    assert np.array_equal(read(tmp_path / "a.jp2")[0], image)


def test_reader_takes_it_for_a_product(written: tuple[Level, Path]) -> None:
    """Through detection's own reader: what it is, and reflectance within half a digital number."""
    level, folder = written
    with open_scene(folder) as scene:
        info = scene.info
        assert (info.id, info.level, info.sensor) == (folder.stem, level, "S2B")
        assert (info.sensing_time, info.processing_baseline) == (SENSED, "05.09")
        assert set(info.bands) == set(BANDS) - ({"B10"} if level is Level.L2A else set())
        assert scene.grid == GRID
        assert scene.warnings == ()
        for overview, bands in enumerate((("B02", "B03", "B04", "B08"), ("B05", "B06", "B07", "B8A", "B11", "B12"))):
            seen = scene.read(bands, overview=overview).values
            truth = np.maximum(np.stack([reflectance(band) for band in bands]), -0.0999)
            assert np.array_equal(np.isnan(seen), np.isnan(truth))
            assert np.nanmax(np.abs(seen - truth)) <= 0.5e-4 + 1e-6
        cloud = scene.read_cloud()
        codes = scene.read_classification(overview=1)
    if level is Level.L2A:
        expected = make(level).classification
        assert codes is not None
        assert expected is not None
        assert np.array_equal(codes, expected)
    else:
        assert cloud is not None
        assert np.array_equal(cloud, make(level).cloud)
