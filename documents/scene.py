"""What is known of one acquisition, apart from its pixels."""

from enum import StrEnum

from documents.base import Part, UtcTime


class Level(StrEnum):
    """What the reflectance of a scene has been corrected for."""

    L1C = "L1C"
    """Top of atmosphere."""
    L2A = "L2A"
    """Bottom of atmosphere, with a scene classification (SCL)."""
    UNKNOWN = "unknown"
    """A GeoTIFF that does not say."""


class SceneInfo(Part):
    """One acquisition: who saw it, when, and how it was processed."""

    id: str
    """The product's own name (a file's stem for a GeoTIFF)."""
    sensor: str
    """``S2A``, ``S2B``, ``S2C``, or ``unknown``."""
    level: Level
    sensing_time: UtcTime | None
    """None where the file does not say; the day must then be given by hand."""
    processing_baseline: str | None = None
    bands: tuple[str, ...]
    """Names as in the product, zero-padded: B02, B03, …, B8A."""
    epsg: int
    shape: tuple[int, int]
    """Rows and columns of the finest band."""
    pixel_size_m: float
