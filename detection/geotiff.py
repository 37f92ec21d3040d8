"""Multi-band GeoTIFF (or COG) as a scene: bands by their descriptions, radiometry by their scale and offset tags."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from detection.band import Band
from detection.bands import CLASSIFICATION, band_name
from detection.raster import RasterFile
from detection.raster_scene import RasterScene
from documents.errors import InputError
from documents.scene import Level, SceneInfo

PRODUCT_NAME = re.compile(r"(S2[A-D])_MSI(L1C|L2A)_")
"""How the names of Sentinel-2 products begin (ESA, Sentinel-2 products specification document)."""


def open_geotiff(path: Path, scale: float | None, offset: float | None) -> RasterScene:
    """Open the GeoTIFF at ``path``: reflectance = number × scale + offset of each band's tags.

    Arguments, where given, go before the tags. A raster of floats without tags holds reflectance. An integer raster
    that states no nodata value follows Sentinel-2's own convention: 0 is no data, in each band. Raise InputError for
    bands without names, and for integers of which neither tags nor arguments say what they mean.
    """
    if (scale is None) != (offset is None):
        raise InputError(f"Give both --scale and --offset for {path.name}, or neither.")
    file = RasterFile(str(path.resolve()), path.name, "GTiff")
    try:
        return _open(path, file, None if scale is None or offset is None else (scale, offset))
    except InputError:
        file.close()
        raise


def _open(path: Path, file: RasterFile, given: tuple[float, float] | None) -> RasterScene:
    dataset, grid = file.dataset, file.grid
    indexes = _indexes(file)
    spectral = [name for name in indexes if name != CLASSIFICATION]
    if not spectral:
        raise InputError(f"{path.name} names no Sentinel-2 band; set its band descriptions (B02, B03, …).")
    tagged = {name: (dataset.scales[index - 1], dataset.offsets[index - 1]) for name, index in indexes.items()}
    integer = {name: np.issubdtype(dataset.dtypes[index - 1], np.integer) for name, index in indexes.items()}
    unclear = [name for name in spectral if integer[name] and tagged[name] == (1.0, 0.0)]
    if unclear and given is None:
        raise InputError(
            f"{path.name} holds integers whose scale and offset are not set ({', '.join(unclear)}); "
            "say what they mean with --scale and --offset (reflectance = number × scale + offset)."
        )
    warnings = []
    if given is not None and any(tagged[name] not in ((1.0, 0.0), given) for name in spectral):
        warnings.append(
            f"--scale {given[0]:g} and --offset {given[1]:g} replace other values that are set in {path.name}."
        )
    bands = {}
    for name in spectral:
        factor, constant = given or tagged[name]
        bands[name] = Band(file, indexes[name], factor, constant, _nodata(file, indexes[name], integer[name]))
    tags = dataset.tags()
    product = PRODUCT_NAME.match(tags.get("scene_id", "")) or PRODUCT_NAME.match(path.name)
    level = Level(product[2]) if product else Level.L2A if CLASSIFICATION in indexes else Level.UNKNOWN
    info = SceneInfo(
        id=path.stem,
        sensor=product[1] if product else "unknown",
        level=level,
        sensing_time=_sensing_time(path, tags),
        bands=tuple(spectral),
        epsg=file.epsg,
        shape=(grid.shape[0], grid.shape[1]),
        pixel_size_m=float(grid.transform.a),
    )
    classes = Band(file, indexes[CLASSIFICATION]) if CLASSIFICATION in indexes else None
    return RasterScene(info, grid, bands, classes, None, warnings, file.close)


def _indexes(file: RasterFile) -> dict[str, int]:
    """Return the index (from 1) of every band with a name, in the file's order."""
    indexes: dict[str, int] = {}
    for index, description in enumerate(file.dataset.descriptions, start=1):
        name = band_name(description)
        if name in indexes:
            raise InputError(f"{file.label} names {name} twice; correct its band descriptions.")
        if name is not None:
            indexes[name] = index
    return indexes


def _nodata(file: RasterFile, index: int, integer: bool) -> float | None:
    stated = file.dataset.nodatavals[index - 1]
    return 0.0 if stated is None and integer else stated


def _sensing_time(path: Path, tags: Mapping[str, str]) -> datetime | None:
    """Return the time of the tag ``datetime``, of the JSON file beside ``path``, or of TIFFTAG_DATETIME, in this order.

    A time without a zone is UTC.
    """
    if "datetime" in tags:
        try:
            return _utc(datetime.fromisoformat(tags["datetime"]))
        except ValueError as error:
            raise InputError(f"{path.name} has a tag datetime that is not ISO 8601: {tags['datetime']!r}.") from error
    try:
        return _utc(datetime.fromisoformat(json.loads(path.with_suffix(".json").read_bytes())["datetime"]))
    except (OSError, ValueError, TypeError, KeyError):
        pass  # no such file, or one that is about something else
    try:
        return _utc(datetime.strptime(tags.get("TIFFTAG_DATETIME", ""), "%Y:%m:%d %H:%M:%S"))
    except ValueError:
        return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
