"""One acquisition with its pixels: read lazily, by window and by overview."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from rasterio.windows import Window

from documents.scene import SceneInfo


@dataclass(frozen=True)
class Reflectance:
    """What was read: values with their bands and their grid."""

    values: npt.NDArray[np.float32]
    """(bands, rows, cols), NaN where there is no data."""
    bands: tuple[str, ...]
    grid: GeoBox
    """Of these values."""

    @property
    def valid(self) -> npt.NDArray[np.bool_]:
        """Return (rows, cols): where every band holds data."""
        return np.asarray(np.isfinite(self.values).all(axis=0))


class Scene(ABC):
    """One acquisition; a context manager that closes its files."""

    info: SceneInfo
    grid: GeoBox
    """Of the finest band; the raster's own, not the metadata's."""
    warnings: tuple[str, ...]
    """What a person should know of the product, a sentence each."""

    @abstractmethod
    def read(self, bands: Sequence[str], window: Window | None = None, overview: int = 0) -> Reflectance:
        """Return reflectance of ``bands`` in ``window`` (pixels of ``grid``; None: all), halved ``overview`` times."""

    @abstractmethod
    def read_classification(self, window: Window | None = None, overview: int = 0) -> npt.NDArray[np.uint8] | None:
        """Return the scene classification (SCL) on that grid; None where the product has none."""

    @abstractmethod
    def read_cloud(self, window: Window | None = None, overview: int = 0) -> npt.NDArray[np.bool_] | None:
        """Return the product's own cloud mask on that grid; None where the product has none."""

    @abstractmethod
    def close(self) -> None:
        """Close all files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
