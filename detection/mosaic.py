"""Several scenes of one datatake as one: neighbouring tiles over their union, the overlap counted once."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from odc.geo.geobox import GeoBox

from detection.raster_scene import Codes, Float, GridScene, Mask
from documents.errors import InputError
from documents.scene import SceneInfo

DATATAKE_S = 60.0
"""Scenes taken further apart than this are not of one pass.

示例: neighbouring tiles are seen within some ten seconds of each other, the next orbit comes about 100 minutes later.
"""

ALIGNED_PX = 1e-3
"""How far the pixels of two scenes may lie off each other, in pixels, for rounding in their files."""


def mosaic(scenes: Sequence[GridScene]) -> GridScene:
    """Return ``scenes`` as one over their union; where several hold data, the first does. Closing it closes them all.

    Bands are those that all have. Raise InputError unless satellite and level are the same, the times lie within 60 s,
    and all pixels lie on one grid.
    """
    if not scenes:
        raise InputError("No scene was handed in; name at least one.")
    first, *others = scenes
    for other in others:
        _require_match(first, other)
    return _Mosaic(scenes) if others else first


def _require_match(first: GridScene, other: GridScene) -> None:
    a, b = first.info, other.info
    pair = f"{a.id} and {b.id}"
    if (a.sensor, a.level) != (b.sensor, b.level):
        raise InputError(f"{pair} differ in satellite or level; hand in the tiles of one pass at one level.")
    if a.sensing_time is None or b.sensing_time is None:
        raise InputError(f"{pair} cannot be joined, as one does not say when it was taken; set its tag datetime.")
    if abs((a.sensing_time - b.sensing_time).total_seconds()) > DATATAKE_S:
        raise InputError(f"{pair} were taken more than {DATATAKE_S:.0f} s apart; hand in the tiles of one pass.")
    if a.epsg != b.epsg:
        raise InputError(f"{pair} lie in different zones (EPSG {a.epsg} and {b.epsg}); detect them one by one.")
    offset = ~first.grid.transform * other.grid.transform
    drift = abs(offset.a - 1.0) * max(other.grid.shape)
    if max(drift, abs(offset.c - round(offset.c)), abs(offset.f - round(offset.f))) > ALIGNED_PX:
        raise InputError(f"{pair} have pixels that do not lie on one grid; resample one onto the grid of the other.")


class _Mosaic(GridScene):
    def __init__(self, scenes: Sequence[GridScene]) -> None:
        self._scenes = tuple(scenes)
        self.grid = _union([scene.grid for scene in scenes])
        infos = [scene.info for scene in scenes]
        baselines = {info.processing_baseline for info in infos}
        self.info = SceneInfo(
            id=" + ".join(info.id for info in infos),
            sensor=infos[0].sensor,
            level=infos[0].level,
            sensing_time=min(info.sensing_time for info in infos if info.sensing_time is not None),
            processing_baseline=baselines.pop() if len(baselines) == 1 else None,
            bands=tuple(band for band in infos[0].bands if all(band in info.bands for info in infos)),
            epsg=infos[0].epsg,
            shape=(self.grid.shape[0], self.grid.shape[1]),
            pixel_size_m=infos[0].pixel_size_m,
        )
        self.warnings = tuple(f"{scene.info.id}: {text}" for scene in scenes for text in scene.warnings)

    def values_on(self, band: str, target: GeoBox) -> Float:
        """Return reflectance of the first scene with data; see :meth:`GridScene.values_on`."""
        values = np.full(target.shape, np.nan, np.float32)
        for scene, part in self._parts(target):
            known = values[part]
            np.copyto(known, scene.values_on(band, target[part]), where=np.isnan(known))
        return values

    def classes_on(self, target: GeoBox) -> Codes | None:
        """Return the class of the first scene with data (0 is no data); None where none of them has classes."""
        classes: Codes | None = None
        for scene, part in self._parts(target):
            new = scene.classes_on(target[part])
            if new is not None:
                classes = np.zeros(target.shape, np.uint8) if classes is None else classes
                np.copyto(classes[part], new, where=classes[part] == 0)
        return classes

    def cloud_on(self, target: GeoBox) -> Mask | None:
        """Return where any scene's own mask sees cloud; None where none of them has a mask."""
        cloud: Mask | None = None
        for scene, part in self._parts(target):
            new = scene.cloud_on(target[part])
            if new is not None:
                cloud = np.zeros(target.shape, bool) if cloud is None else cloud
                cloud[part] |= new
        return cloud

    def close(self) -> None:
        """Close all scenes."""
        for scene in self._scenes:
            scene.close()

    def _parts(self, target: GeoBox) -> Iterator[tuple[GridScene, tuple[slice, slice]]]:
        """Yield each scene with the rows and columns of ``target`` whose pixels it covers, if only in part."""
        for scene in self._scenes:
            within = ~target.transform * scene.grid.transform
            rows, cols = (
                _touched(start, start + step * size, available)
                for start, step, size, available in (
                    (within.f, within.e, scene.grid.shape[0], target.shape[0]),
                    (within.c, within.a, scene.grid.shape[1], target.shape[1]),
                )
            )
            if rows.start < rows.stop and cols.start < cols.stop:
                yield scene, (rows, cols)


def _touched(start: float, stop: float, available: int) -> slice:
    """Return the pixels of 0 … ``available`` that overlap [start, stop) by more than rounding."""
    first, last = math.floor(start + ALIGNED_PX), math.ceil(stop - ALIGNED_PX)
    return slice(max(first, 0), min(last, available))


def _union(grids: Sequence[GeoBox]) -> GeoBox:
    """Return the smallest grid that holds the pixels of all ``grids``, which lie on one grid."""
    transform = grids[0].transform
    corners = [~transform * grid.transform for grid in grids]
    tops, lefts = ([round(v) for v in side] for side in ([c.f for c in corners], [c.c for c in corners]))
    bottom = max(top + grid.shape[0] for top, grid in zip(tops, grids, strict=True))
    right = max(left + grid.shape[1] for left, grid in zip(lefts, grids, strict=True))
    shape = (bottom - min(tops), right - min(lefts))
    return GeoBox(shape, transform * transform.translation(min(lefts), min(tops)), grids[0].crs)
