"""One band read onto any grid of its CRS: the right resolution level first, then interpolation where pixels differ."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox

from detection.raster import RasterFile

Float = npt.NDArray[np.float32]
Index = npt.NDArray[np.intp]

ALIGNED_PX = 1e-3
"""Pixels that agree to this share of their size are taken as the same: no interpolation."""

STRIP_ROWS = 256
"""Rows of the halved image that are averaged at a time where the file holds no such level; bounds the memory."""


@dataclass(frozen=True)
class Band:
    """A band of a file and what its numbers mean: value = number × ``scale`` + ``offset``; ``nodata`` is no value."""

    file: RasterFile
    index: int
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None

    def values(self, target: GeoBox) -> Float:
        """Return values on ``target``, (rows, cols), NaN where there is none.

        A target coarser than the file is served from the level of the nearest pixel size: the file's own overview or
        JPEG 2000 resolution where it has one, else means of 2^k × 2^k pixels, half of which must hold data. Where
        pixels then still differ, values are interpolated bilinearly between pixel centres, and kept constant beyond the
        outermost centres.
        """
        scale, left, top = _placement(self.file.grid, target)
        level = max(0, round(math.log2(scale)))
        shape = self.file.shape(level)
        rows = _Axis(scale / 2**level, top / 2**level, target.shape[0], shape[0])
        cols = _Axis(scale / 2**level, left / 2**level, target.shape[1], shape[1])
        pixels = self._read(level, rows.span, cols.span)
        if not (rows.aligned and cols.aligned):
            pixels = _interpolate(pixels, rows, cols)
        pixels *= np.float32(self.scale)
        pixels += np.float32(self.offset)
        return pixels

    def nearest(self, target: GeoBox) -> npt.NDArray[Any]:
        """Return the file's own numbers at the centres of ``target``'s pixels; for classes, which have no means."""
        scale, left, top = _placement(self.file.grid, target)
        height, width = self.file.shape(0)
        rows = np.clip(np.floor(scale * (np.arange(target.shape[0]) + 0.5) + top).astype(int), 0, height - 1)
        cols = np.clip(np.floor(scale * (np.arange(target.shape[1]) + 0.5) + left).astype(int), 0, width - 1)
        pixels = self.file.read(self.index, slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1))
        return np.asarray(pixels[np.ix_(rows - rows[0], cols - cols[0])])

    def _read(self, level: int, rows: slice, cols: slice) -> Float:
        """Return the file's numbers at ``level`` as float32, NaN where there is none."""
        stored = max((have for have in self.file.stored_levels if have <= level), default=0)
        if stored == level:
            return self._numbers(stored, rows, cols)
        step = 2 ** (level - stored)
        result = np.empty((rows.stop - rows.start, cols.stop - cols.start), np.float32)
        height, width = self.file.shape(stored)
        wide = slice(cols.start * step, min(cols.stop * step, width))
        for top in range(rows.start, rows.stop, STRIP_ROWS):
            bottom = min(top + STRIP_ROWS, rows.stop)
            strip = self._numbers(stored, slice(top * step, min(bottom * step, height)), wide)
            result[top - rows.start : bottom - rows.start] = _block_means(strip, step)
        return result

    def _numbers(self, level: int, rows: slice, cols: slice) -> Float:
        numbers = self.file.read(self.index, rows, cols, level)
        values = numbers.astype(np.float32)
        missing = ~np.isfinite(values)
        if self.nodata is not None:
            missing |= numbers == self.nodata
        values[missing] = np.nan
        return values


class _Axis:
    """Where the ``size`` pixels of one axis of a target fall among the ``available`` pixels of a source.

    Edge u of the target lies at source coordinate ``scale`` u + ``start``.
    """

    def __init__(self, scale: float, start: float, size: int, available: int) -> None:
        first = round(start)
        drift = abs(start - first) + abs(scale - 1.0) * size
        self.aligned = drift < ALIGNED_PX and first >= 0 and first + size <= available
        if self.aligned:
            self.span = slice(first, first + size)
            return
        centres = np.clip(scale * (np.arange(size) + 0.5) + start - 0.5, 0.0, available - 1.0)
        lower = np.minimum(np.floor(centres).astype(np.intp), max(available - 2, 0))
        upper = np.minimum(lower + 1, available - 1)
        self.span = slice(int(lower[0]), int(upper[-1]) + 1)
        self.lower: Index = lower - lower[0]
        self.upper: Index = upper - lower[0]
        self.weight = (centres - lower).astype(np.float32)
        """Of the upper neighbour."""

    def along_rows(self, pixels: Float) -> Float:
        """Return ``pixels`` interpolated along their first axis."""
        if self.aligned:
            return pixels
        result = pixels[self.lower]
        result += (pixels[self.upper] - result) * self.weight[:, np.newaxis]
        return result


def _interpolate(pixels: Float, rows: _Axis, cols: _Axis) -> Float:
    missing = np.isnan(pixels)
    if not missing.any():
        return _bilinear(pixels, rows, cols)
    # Beside a gap the neighbours that do exist carry the value; nearer the gap than half, there is none.
    share = _bilinear((~missing).astype(np.float32), rows, cols)
    values = _bilinear(np.where(missing, np.float32(0.0), pixels), rows, cols)
    known = share >= 0.5
    return np.divide(values, share, out=np.full_like(values, np.nan), where=known)


def _bilinear(pixels: Float, rows: _Axis, cols: _Axis) -> Float:
    return np.ascontiguousarray(cols.along_rows(rows.along_rows(pixels).T).T)


def _block_means(values: Float, step: int) -> Float:
    """Return means over blocks of ``step`` × ``step`` pixels; NaN where fewer than half of a block's pixels hold data.

    Blocks are cut off at the lower and right edge.
    """
    starts = [np.arange(0, size, step) for size in values.shape]
    known = np.isfinite(values)
    count, total = (
        np.add.reduceat(np.add.reduceat(part, starts[0], axis=0), starts[1], axis=1)
        for part in (known.astype(np.float64), np.where(known, values, 0.0).astype(np.float64))
    )
    heights, widths = (np.diff(start, append=size) for start, size in zip(starts, values.shape, strict=True))
    whole = np.outer(heights, widths)
    means = np.divide(total, count, out=np.full_like(total, np.nan), where=2 * count >= whole)
    return means.astype(np.float32)


def _placement(source: GeoBox, target: GeoBox) -> tuple[float, float, float]:
    """Return the target's pixel size, left and top edge in pixels of ``source``."""
    to_source = ~source.transform * target.transform
    return to_source.a, to_source.c, to_source.f
