"""Tables that are told once and kept on disk: the same waters, tracks and boats need no second telling.

A file is named by the hash of all that its tables are told from, the code that tells them included, and begins with a
hash of that name and its own content. What does not bear it out, damaged or not one of ours, is told anew. Files are
written aside and renamed; those used longest ago go when the folder grows too large.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Tables = Mapping[str, npt.NDArray[Any]]

MOST_BYTES = 2**30
"""Of all files: those of a Rushan day take 30 MB."""
PACKAGES = ("numpy", "pyproj", "scipy", "shapely")
"""By whose versions the last digits may differ."""
SUFFIX = ".tables"


@dataclass(frozen=True)
class Kept:
    """Tables in a folder, of which nobody needs to take care: what is lost is told anew."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def told(self, told_from: Iterable[object], tell: Callable[[], Tables]) -> Tables:
        """Return what ``tell`` tells, which nothing but ``told_from`` decides: as it was kept, where it was."""
        key = _digest([_teller(), *told_from])
        path = self.folder / f"{key.hex()}{SUFFIX}"
        kept = _read(path, key)
        if kept is None:
            kept = tell()
            self._write(path, key, kept)
        return kept

    def _write(self, path: Path, key: bytes, tables: Tables) -> None:
        """Keep ``tables`` if the disk lets us: they are as good without."""
        packed = BytesIO()
        np.savez(packed, allow_pickle=False, **tables)
        content = packed.getbuffer()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if len(content) > self.most_bytes:
                return
            self._make_room(len(content))
            handle, aside = tempfile.mkstemp(dir=self.folder, suffix=SUFFIX)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest([key, content]))
                    file.write(content)
                Path(aside).replace(path)
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise
        except OSError:
            return

    def _make_room(self, more: int) -> None:
        """Remove the files used longest ago until ``more`` bytes fit."""
        known = [(path.stat(), path) for path in self.folder.glob(f"*{SUFFIX}")]
        total = more + sum(stat.st_size for stat, _ in known)
        for stat, path in sorted(known, key=lambda pair: pair[0].st_mtime):
            if total <= self.most_bytes:
                break
            path.unlink(missing_ok=True)
            total -= stat.st_size


def _read(path: Path, key: bytes) -> Tables | None:
    """Return the tables at ``path``, None where there are none that can be trusted."""
    try:
        whole = memoryview(path.read_bytes())
        size = hashlib.sha256().digest_size
        if whole[:size] != _digest([key, whole[size:]]):
            return None
        os.utime(path)
    except OSError:
        return None
    with np.load(BytesIO(whole[size:]), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _digest(parts: Iterable[object]) -> bytes:
    """Return a hash of ``parts``: arrays by type, shape and content, bytes as they are, all else by its ``repr``."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            head, content = f"{part.dtype.str}{part.shape}".encode(), memoryview(part.tobytes())
        elif isinstance(part, bytes | memoryview):
            head, content = b"bytes", memoryview(part)
        else:
            head, content = b"repr", memoryview(repr(part).encode())
        whole.update(b"%d %b %d " % (len(head), head, len(content)))
        whole.update(content)
    return whole.digest()


@cache
def _teller() -> bytes:
    """Return a hash of the code that tells tables, and of what it stands on."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), *sorted((here.parent / "documents").glob("*.py"))]
    return _digest([*(path.read_bytes() for path in files), *(version(name) for name in PACKAGES)])
