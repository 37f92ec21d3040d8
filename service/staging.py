"""Outputs that appear whole or not at all: made in a folder beside the target, then moved over it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from documents.errors import InputError


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``target`` when the block ends well; else ``target`` stays."""
    target = _named(target)
    with _stage_beside(target) as stage:
        yield stage
        replace(stage, target)


@contextmanager
def staged_files(target: Path) -> Iterator[Path]:
    """Yield an empty folder whose entries are moved into ``target`` when the block ends well; else nothing changes.

    Entries of ``target`` with other names stay.
    """
    target = _named(target)
    with _stage_beside(target) as stage:
        yield stage
        target.mkdir(exist_ok=True)
        for entry in sorted(stage.iterdir()):
            replace(entry, target / entry.name)


def replace(new: Path, target: Path) -> None:
    """Move ``new`` (on the same file system) to ``target``, in place of what is there."""
    if not target.is_dir() or target.is_symlink():
        new.replace(target)
        return
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.old.")) / target.name
    target.replace(aside)
    try:
        new.replace(target)
    except BaseException:
        aside.replace(target)
        raise
    finally:
        shutil.rmtree(aside.parent, ignore_errors=True)


def _named(target: Path) -> Path:
    """Return ``target`` by its own name: the folder one is in may be called a dot."""
    return target if target.name.strip(".") else target.resolve()


@contextmanager
def _stage_beside(target: Path) -> Iterator[Path]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise InputError(f"{target} is a file; name a folder to write into.")
        holder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.new."))
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    stage = holder / target.name
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(holder, ignore_errors=True)
