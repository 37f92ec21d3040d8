"""The files of a ``.SAFE`` product, in a folder or in a zip, by their names inside the product."""

import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from documents.errors import InputError

MAX_MEMBERS = 10_000
"""示例: a product has some hundred files (the real L1C one under test 109)."""

MAX_BYTES = 16 * 2**30
"""示例: the files of a product take about 1 GB; what unpacks to more than this is no product."""

MAX_XML_BYTES = 64 * 2**20
"""示例: the largest metadata file of a product takes a few MB."""


@dataclass(frozen=True)
class ProductFiles:
    """The files of one product; names are relative to its root, with slashes."""

    name: str
    """Of the root, with ``.SAFE`` where it has that."""
    names: tuple[str, ...]
    gdal_path: Callable[[str], str]
    """From a name to what GDAL opens."""
    _read: Callable[[str], bytes]

    def read(self, name: str) -> bytes:
        """Return the content of the small file ``name``; raise InputError when it is absent or cannot be read."""
        if name not in self.names:
            raise InputError(f"{self.name} lacks {name}; fetch the product again.")
        return self._read(name)


def folder_files(root: Path) -> ProductFiles:
    """Return the files under the folder ``root``."""
    root = root.resolve()
    names = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()))

    def read(name: str) -> bytes:
        try:
            if (root / name).stat().st_size > MAX_XML_BYTES:
                raise InputError(f"{name} in {root.name} is too large for a metadata file.")
            return (root / name).read_bytes()
        except OSError as error:
            raise InputError(f"{root / name} cannot be read: {error.strerror or error}.") from error

    return ProductFiles(root.name, names, lambda name: str(root / name), read)


def zip_files(path: Path) -> ProductFiles:
    """Return the files under the one ``.SAFE`` folder inside the zip at ``path``; nothing is unpacked.

    Raise InputError for a damaged zip, for one without a product or with two, and for one whose list of members is
    unsafe (see :func:`require_safe`).
    """
    members = {info.filename: info for info in _members(path) if not info.is_dir()}
    roots = {_root(name) for name in members} - {None}
    if not roots:
        raise InputError(f"{path.name} holds no .SAFE folder; hand in the zip as it was downloaded.")
    if len(roots) > 1:
        raise InputError(f"{path.name} holds {len(roots)} .SAFE folders; hand in one product at a time.")
    root = str(roots.pop())
    names = tuple(sorted(name.removeprefix(f"{root}/") for name in members if name.startswith(f"{root}/")))

    def read(name: str) -> bytes:
        member = members[f"{root}/{name}"]
        if member.file_size > MAX_XML_BYTES:
            raise InputError(f"{name} in {path.name} is too large for a metadata file.")
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(member)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise InputError(f"{name} in {path.name} cannot be unpacked; fetch the product again.") from error

    # Braces keep GDAL from guessing where the name of the zip ends.
    vsizip = f"/vsizip/{{{path.resolve()}}}/{root}/"
    return ProductFiles(PurePosixPath(root).name, names, lambda name: vsizip + name, read)


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path.name} is not a sound zip file; fetch it again.") from error
    require_safe(members, path.name)
    return members


def require_safe(members: list[zipfile.ZipInfo], archive: str) -> None:
    """Raise InputError for members that lead out of the archive, are links or encrypted, too many or too large."""
    if len(members) > MAX_MEMBERS:
        raise InputError(f"{archive} holds {len(members)} files, more than a product has; it is refused.")
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise InputError(f"{archive} would unpack to more than {MAX_BYTES // 2**30} GiB; it is refused.")
    if len({member.filename for member in members}) < len(members):
        raise InputError(f"{archive} holds two files of one name; it is refused.")
    for member in members:
        name = PurePosixPath(member.orig_filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.orig_filename or "\0" in member.orig_filename:
            raise InputError(f"{archive} holds a file that leads out of it ({member.filename!r}); it is refused.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(f"{archive} holds a link ({member.filename!r}); it is refused.")
        if member.flag_bits & 0x1:
            raise InputError(f"{archive} is encrypted; unpack it first.")


def _root(name: str) -> str | None:
    """Return the path down to the first folder that ends in ``.SAFE``, or None."""
    parts = PurePosixPath(name).parts
    for count, part in enumerate(parts[:-1], start=1):
        if part.endswith(".SAFE"):
            return "/".join(parts[:count])
    return None
