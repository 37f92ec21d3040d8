"""Opening a scene by what it is."""

from pathlib import Path

from detection.archive import folder_files, zip_files
from detection.geotiff import open_geotiff
from detection.raster_scene import GridScene
from detection.safe import open_safe
from documents.errors import InputError

TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""First bytes of a TIFF and of a BigTIFF, little- and big-endian (TIFF 6.0, section 2; BigTIFF design)."""

ZIP_MAGIC = b"PK\3\4"
"""First bytes of a zip file with members (PKWARE APPNOTE 4.3.7)."""


def open_scene(path: Path, scale: float | None = None, offset: float | None = None) -> GridScene:
    """Open the Sentinel-2 ``.SAFE`` folder, its zip, or the multi-band GeoTIFF at ``path``, told by its content.

    ``scale`` and ``offset`` (reflectance = number × scale + offset) are for a GeoTIFF alone. Only metadata is read
    here. Raise InputError, in one sentence, for anything that cannot be a scene.
    """
    try:
        start = b"" if path.is_dir() else _first_bytes(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if start in TIFF_MAGIC:
        return open_geotiff(path, scale, offset)
    if scale is not None or offset is not None:
        raise InputError(f"--scale and --offset are for a GeoTIFF; {path.name} is not one.")
    if path.is_dir():
        return open_safe(folder_files(path))
    if start == ZIP_MAGIC:
        return open_safe(zip_files(path))
    raise InputError(f"{path.name} is neither a Sentinel-2 .SAFE folder, nor its zip, nor a GeoTIFF.")


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
