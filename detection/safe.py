"""Sentinel-2 Level-1C and Level-2A products in the ``.SAFE`` form."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
from odc.geo.geobox import GeoBox
from shapely.geometry import mapping

from detection.archive import ProductFiles
from detection.band import Band
from detection.bands import BAND_IDS, CLASSIFICATION, RESOLUTION_M
from detection.metadata import Polygon, Product, Tile, parse_mask, parse_product, parse_tile
from detection.raster import RasterFile
from detection.raster_scene import CloudReader, RasterScene
from documents.errors import InputError
from documents.geodesy import epsg_of, reproject
from documents.scene import Level, SceneInfo

_METADATA = re.compile(r"MTD_MSIL(1C|2A)\.xml")
_IMAGE = re.compile(r"IMG_DATA/(?:R\d\dm/)?[^/]*_(B\d\d|B8A|SCL)(?:_(\d\d)m)?\.jp2")

CLOUD_POLYGONS = "QI_DATA/MSK_CLOUDS_B00.gml"
"""Cloud mask of Level-1C before processing baseline 04.00."""

CLOUD_RASTER = "QI_DATA/MSK_CLASSI_B00.jp2"
"""The same since; bands: opaque cloud, cirrus, snow and ice (ESA, Sentinel-2 products specification document)."""

CLOUD_BANDS = (1, 2)

SIZE_TOLERANCE = 1e-3
"""Relative difference of pixel sizes below which metadata and image agree."""


def open_safe(files: ProductFiles) -> RasterScene:
    """Open the product in ``files``; its metadata is read, and the header of one image.

    The grid is that of the finest band, as the image itself states it; where the metadata states another, a warning
    says so. Raise InputError when the product is not Sentinel-2 Level-1C or Level-2A, or lacks a part.
    """
    metadata = [name for name in files.names if _METADATA.fullmatch(name)]
    if len(metadata) != 1:
        raise InputError(
            f"{files.name} {'lacks' if not metadata else 'has both'} MTD_MSIL1C.xml {'or' if not metadata else 'and'} "
            "MTD_MSIL2A.xml at its top; hand in one whole Sentinel-2 .SAFE product."
        )
    product = parse_product(files.read(metadata[0]), metadata[0])
    granule = _granule(files)
    tile = parse_tile(files.read(f"{granule}/MTD_TL.xml"), f"{granule}/MTD_TL.xml")
    images = _images(files, granule)
    present = [name for name in BAND_IDS if name in images]
    if not present:
        raise InputError(f"{files.name} holds metadata but no images; fetch the whole product.")

    opened = {name: _file(files, image) for name, (image, _) in images.items()}
    finest = min(present, key=lambda name: images[name][1])
    grid = opened[finest].grid
    bands = {}
    for name in present:
        scale = 1.0 / product.quantification
        bands[name] = Band(opened[name], 1, scale, product.add_offset.get(name, 0.0) * scale, product.nodata)
    classes = Band(opened[CLASSIFICATION], 1) if CLASSIFICATION in opened else None
    cloud, mask_files = _cloud(files, granule) if product.level is Level.L1C else (None, [])

    def close() -> None:
        for file in (*opened.values(), *mask_files):
            file.close()

    warnings = _disagreements(tile, images[finest][1], grid)
    return RasterScene(_info(files, product, present, grid), grid, bands, classes, cloud, warnings, close)


def _info(files: ProductFiles, product: Product, present: Sequence[str], grid: GeoBox) -> SceneInfo:
    return SceneInfo(
        id=product.id or files.name.removesuffix(".SAFE"),
        sensor=product.sensor,
        level=product.level,
        sensing_time=product.sensing_time,
        processing_baseline=product.baseline,
        bands=tuple(present),
        epsg=epsg_of(grid),
        shape=(grid.shape[0], grid.shape[1]),
        pixel_size_m=float(grid.transform.a),
    )


def _granule(files: ProductFiles) -> str:
    """Return the folder of the product's only granule."""
    granules = sorted({"/".join(name.split("/")[:2]) for name in files.names if re.match(r"GRANULE/[^/]+/", name)})
    if not granules:
        raise InputError(f"{files.name} holds no granule; fetch the whole product.")
    if len(granules) > 1:
        raise InputError(f"{files.name} holds {len(granules)} granules; hand in products of one granule (since 2016).")
    return granules[0]


def _images(files: ProductFiles, granule: str) -> dict[str, tuple[str, int]]:
    """Return by band, and for the scene classification, the finest image and its nominal pixel size in metres."""
    images: dict[str, tuple[str, int]] = {}
    for name in files.names:
        match = _IMAGE.fullmatch(name.removeprefix(f"{granule}/"))
        if match is None:
            continue
        band = match[1]
        if band != CLASSIFICATION and band not in RESOLUTION_M:
            continue
        resolution = int(match[2]) if match[2] else RESOLUTION_M.get(band, 20)
        if band not in images or resolution < images[band][1]:
            images[band] = (name, resolution)
    return images


def _file(files: ProductFiles, name: str) -> RasterFile:
    return RasterFile(files.gdal_path(name), name.rsplit("/", 1)[-1], "JP2OpenJPEG")


def _cloud(files: ProductFiles, granule: str) -> tuple[CloudReader | None, list[RasterFile]]:
    """Return a reader of the cloud mask of Level-1C, in whichever form the product has it, and its files."""
    raster, polygons = f"{granule}/{CLOUD_RASTER}", f"{granule}/{CLOUD_POLYGONS}"
    if raster in files.names:
        file = _file(files, raster)

        def from_raster(target: GeoBox) -> npt.NDArray[np.bool_]:
            if file.dataset.count < max(CLOUD_BANDS):
                raise InputError(f"{file.label} has no bands for opaque cloud and cirrus; fetch the product again.")
            layers = [Band(file, index).nearest(target) > 0 for index in CLOUD_BANDS]
            return np.asarray(np.logical_or.reduce(layers))

        return from_raster, [file]
    if polygons in files.names:
        outlines = parse_mask(files.read(polygons), polygons)
        return lambda target: _rasterise(outlines, target), []
    return None, []


def _rasterise(outlines: Sequence[Polygon], target: GeoBox) -> npt.NDArray[np.bool_]:
    """Return where the centres of ``target``'s pixels lie in ``outlines``; a CRS that is not stated is the target's."""
    code = epsg_of(target)
    shapes = []
    for outline in outlines:
        polygon = shapely.Polygon(outline.exterior, outline.interiors)
        shapes.append(polygon if outline.epsg in (None, code) else reproject(polygon, outline.epsg, code))
    if not shapes:
        return np.zeros(target.shape, bool)
    burnt = rasterio.features.rasterize(
        [mapping(shape) for shape in shapes], out_shape=target.shape, transform=target.transform, dtype="uint8"
    )
    return np.asarray(burnt > 0)


def _disagreements(tile: Tile, resolution: int, grid: GeoBox) -> list[str]:
    """Return a sentence where metadata and image state different grids."""
    shape, pixel = tile.shape.get(resolution), tile.pixel_m.get(resolution)
    own = float(grid.transform.a)
    if shape in (None, tuple(grid.shape)) and (pixel is None or abs(own - pixel) <= SIZE_TOLERANCE * pixel):
        return []
    stated = f"{shape[0]} × {shape[1]} pixels" if shape else "pixels"
    size = f" of {pixel:g} m" if pixel else ""
    return [
        f"The metadata states {stated}{size}, the images have {grid.shape[0]} × {grid.shape[1]} of {own:.6g} m; "
        "the images' own grid is used."
    ]
