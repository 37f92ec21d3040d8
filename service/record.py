"""``run.json``: what a day was made from, and how."""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

from documents.errors import InputError
from documents.run import Run
from documents.site import Site
from service.files import PLAN_LOG, RUN

LIBRARIES = (
    "torch",
    "torchvision",
    "numpy",
    "scipy",
    "opencv-python",
    "rasterio",
    "odc-geo",
    "shapely",
    "pyproj",
    "pydantic",
    "PuLP",
    "highspy",
    "numba",
    "matplotlib",
    "gpxpy",
    "pystac",
)
"""What a result depends on."""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files with their names, in order."""
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        total = hashlib.sha256()
        for name in sorted(entry.relative_to(path).as_posix() for entry in path.rglob("*") if entry.is_file()):
            total.update(f"{name} {hash_of(path / name)}\n".encode())
        return total.hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def versions() -> dict[str, str]:
    """Return the versions of Greentide, Python and the libraries that a result depends on."""
    return {
        "greentide": version("greentide"),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def make_run(
    site: Site,
    day: date,
    scenes: Iterable[str],
    inputs: Mapping[str, Path],
    land_rule: str,
    folder: Path,
    notes: Iterable[str],
    timings_s: Mapping[str, float],
) -> Run:
    """Return the record of the day whose other files all lie in ``folder`` already."""
    outputs = sorted(entry for entry in folder.rglob("*") if entry.is_file() and entry.name not in (RUN, PLAN_LOG))
    return Run(
        site_id=site.id,
        day=day.isoformat(),
        scenes=tuple(scenes),
        inputs_sha256={name: hash_of(path) for name, path in inputs.items()},
        versions=versions(),
        land_rule=land_rule,
        outputs_sha256={entry.relative_to(folder).as_posix(): hash_of(entry) for entry in outputs},
        notes=tuple(notes),
        timings_s=dict(timings_s),
    )
