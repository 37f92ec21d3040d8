"""A raster file, opened when first read, by windows and by resolution level; its faults told in one sentence."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from documents.errors import InputError

GDAL_OPTIONS = {"GDAL_NUM_THREADS": "2", "GDAL_CACHEMAX": 512}
"""示例: two decoding threads, and 512 MB for decoded blocks (GDAL takes the latter at its first use in a process)."""

SQUARE_TOLERANCE = 1e-6
"""Relative difference between width and height of a pixel that rounding in a file may cause."""

# What GDAL says reaches people as one InputError; without a handler Python would print it to stderr as well.
logging.getLogger("rasterio").addHandler(logging.NullHandler())


@contextmanager
def gdal(label: str) -> Iterator[None]:
    """Set GDAL up for reading ``label``; what fails inside becomes an InputError that names it."""
    try:
        with rasterio.Env(**GDAL_OPTIONS), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            yield
    except RasterioError as error:
        raise InputError(f"{label} cannot be read: it is damaged, incomplete or of another format.") from error


class RasterFile:
    """One file of one or more bands; the handles of its levels stay open until :meth:`close`.

    Level k is the image halved k times, ceil(size / 2^k) pixels; pixel (r, c) of it lies over [r 2^k, (r + 1) 2^k) of
    the file's own. ``driver`` is the only GDAL driver that may open it, so that no file passes for something else.
    """

    def __init__(self, path: str, label: str, driver: str) -> None:
        self.path = path
        self.label = label
        self.driver = driver
        self._levels: dict[int, DatasetReader] = {}

    @property
    def dataset(self) -> DatasetReader:
        """Return the open file at its own resolution."""
        return self._open(0)

    @cached_property
    def epsg(self) -> int:
        """Return the code of the file's CRS; raise InputError unless that is projected, in metres, and has one."""
        crs = self.dataset.crs
        if crs is None:
            raise InputError(f"{self.label} states no coordinate reference system; give it one (gdal_edit -a_srs).")
        code = crs.to_epsg()
        if code is None or not crs.is_projected or abs(crs.linear_units_factor[1] - 1.0) > SQUARE_TOLERANCE:
            raise InputError(f"{self.label} is not in a projected, metric CRS with an EPSG code; reproject it to UTM.")
        return int(code)

    @cached_property
    def grid(self) -> GeoBox:
        """Return the file's grid; raise InputError unless it is north-up with square pixels in a metric CRS."""
        transform = self.dataset.transform
        turned = transform.b != 0.0 or transform.d != 0.0 or transform.a <= 0.0 or transform.e >= 0.0
        code = self.epsg
        if turned or abs(transform.a + transform.e) > SQUARE_TOLERANCE * transform.a:
            raise InputError(f"{self.label} has pixels that are not square or not north-up; resample it to a UTM grid.")
        return GeoBox(self.dataset.shape, transform, f"EPSG:{code}")

    @cached_property
    def stored_levels(self) -> tuple[int, ...]:
        """Return the levels above 0 that the file itself holds (overviews, JPEG 2000 resolutions), ascending."""
        factors = self.dataset.overviews(1)
        return tuple(sorted(int(np.log2(factor)) for factor in factors if factor & (factor - 1) == 0))

    def shape(self, level: int) -> tuple[int, int]:
        """Return rows and columns of ``level``."""
        rows, cols = self.dataset.shape
        return -(-rows // 2**level), -(-cols // 2**level)

    def read(self, index: int, rows: slice, cols: slice, level: int = 0) -> npt.NDArray[Any]:
        """Return band ``index`` (from 1) of a stored level, in the file's own numbers."""
        window = Window(cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start)
        dataset = self._open(level)
        with gdal(self.label):
            return np.asarray(dataset.read(index, window=window))

    def close(self) -> None:
        """Close all handles."""
        for dataset in self._levels.values():
            dataset.close()
        self._levels.clear()

    def _open(self, level: int) -> DatasetReader:
        if level not in self._levels:
            options: dict[str, int] = {}
            if level:
                options["overview_level"] = self.dataset.overviews(1).index(2**level)
            with gdal(self.label):
                self._levels[level] = rasterio.open(self.path, driver=self.driver, **options)
        return self._levels[level]
