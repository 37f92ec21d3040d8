"""A site file that builds on another one: ``extends: rushan.yaml``."""

from pathlib import Path
from typing import Any

import yaml

from documents.base import read_bytes
from documents.errors import InputError


def read_layers(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the YAML mapping at ``path``, laid over the one that it ``extends``, if any.

    The path in ``extends`` counts from the folder of the file that says it, and so does ``coastline``. What the file
    says goes over what it extends: entries are added to a list of entries, mappings are laid over one another in the
    same way, and anything else that both say is replaced. ``above`` are the files that led here.

    Raise InputError when a file cannot be read, is no YAML mapping, or extends itself.
    """
    path = path.resolve()
    if path in above:
        raise InputError(f"{path} extends itself by way of {above[-1].name}: take one of the two extends out.")
    try:
        data = yaml.safe_load(read_bytes(path))
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(data, dict):
        raise InputError(f"{path} is not a site file: write a mapping, one entry a line.")
    if isinstance(data.get("coastline"), str):
        data["coastline"] = str(path.parent / data["coastline"])
    base = data.pop("extends", None)
    if base is None:
        return data
    if not isinstance(base, str):
        raise InputError(f"{path} extends {base!r}: write the name of one site file.")
    merged = _over(read_layers(path.parent / base, (*above, path)), data)
    assert isinstance(merged, dict)
    return merged


def _over(base: Any, own: Any) -> Any:
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{name: _over(base[name], value) if name in base else value for name, value in own.items()}}
    if _has_entries(base) and _has_entries(own):
        return [*base, *own]
    return own


def _has_entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
