"""What every document has in common: strict fields, UTC times, an id rule and one way to the disk."""

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    model_validator,
)

from documents.errors import InputError


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs a zone; write UTC with a Z")
    return value.astimezone(UTC)


def format_utc(value: datetime) -> str:
    """Return ``value`` as ISO 8601 UTC with ``Z``; milliseconds only where there are any."""
    text = value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


UtcTime = Annotated[datetime, AfterValidator(_to_utc), PlainSerializer(format_utc, return_type=str)]
"""A moment in UTC; written as ``2026-06-18T02:35:51Z``."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""An ASCII identifier, apart from any display name."""

LonLat = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""


class Part(BaseModel):
    """A frozen piece of a document; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


class Window(Part):
    """A span of time, start before end."""

    start: UtcTime
    end: UtcTime

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a window must end after it starts")
        return self


class Document(Part):
    """A document that stands in a file of its own."""

    @classmethod
    def from_json(cls, text: str | bytes, name: str = "the document") -> Self:
        """Parse JSON ``text``; raise InputError with the first fault, by field, when it does not hold."""
        try:
            return cls.model_validate(json.loads(text))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(step) for step in first["loc"]) or "the top level"
            raise InputError(f"{name} is not a valid {cls.__name__}: {first['msg']} at {place}.") from error
        except ValueError as error:
            raise InputError(f"{name} is not JSON: {error}.") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the document at ``path``; raise InputError when it is absent or does not hold."""
        return cls.from_json(read_bytes(path), str(path))

    def to_jsonable(self) -> dict[str, Any]:
        """Return the document as plain JSON values."""
        return self.model_dump(mode="json")

    def write(self, path: Path) -> None:
        """Write the document to ``path`` whole or not at all."""
        write_text(path, dumps(self.to_jsonable()))


def dumps(value: Any) -> str:
    """Return ``value`` as JSON that opens well in an editor: two levels indented, the leaves on one line."""
    return _indent(value, 0) + "\n"


def _indent(value: Any, depth: int) -> str:
    if depth >= 4 or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    pad, end = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        if not any(isinstance(item, dict | list) for item in value):
            return json.dumps(value, ensure_ascii=False)
        return "[\n" + ",\n".join(pad + _indent(item, depth + 1) for item in value) + f"\n{end}]"
    rows = (f"{pad}{json.dumps(key, ensure_ascii=False)}: {_indent(item, depth + 1)}" for key, item in value.items())
    return "{\n" + ",\n".join(rows) + f"\n{end}}}"


def read_bytes(path: Path) -> bytes:
    """Return the content of ``path``; raise InputError in one sentence when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 ``text`` to ``path`` by rename, so that nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
