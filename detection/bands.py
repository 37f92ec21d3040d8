"""What the bands of Sentinel-2's instrument are called, and what the classes of its scene classification mean."""

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

import yaml

_BANDS = yaml.safe_load(files("detection").joinpath("bands.yaml").read_bytes())

BAND_IDS: tuple[str, ...] = tuple(_BANDS)
"""Bands in the order of ``band_id`` in the metadata; all their figures, with sources, stand in ``bands.yaml``."""

RESOLUTION_M: Mapping[str, int] = MappingProxyType({name: band["resolution_m"] for name, band in _BANDS.items()})
"""Native pixel size by band, m."""

WAVELENGTH_NM: Mapping[str, float] = MappingProxyType({name: band["centre_nm"] for name, band in _BANDS.items()})
"""Centre wavelength by band, nm."""

CLASSIFICATION = "SCL"
"""Name of the scene classification among the bands of a file."""

SCL_CLOUD = (8, 9, 10)
"""Classes of the scene classification: cloud of medium and of high probability, thin cirrus (ESA, Sentinel-2 products
specification document)."""

_NAME = re.compile(r"B0?(\d{1,2}|8A)", re.IGNORECASE)


def band_name(text: str | None) -> str | None:
    """Return the band that ``text`` names (B2, B02, b02, B8A, SCL, …) in the product's own spelling; None for none."""
    text = (text or "").strip()
    if text.upper() == CLASSIFICATION:
        return CLASSIFICATION
    match = _NAME.fullmatch(text)
    if match is None:
        return None
    name = f"B{match[1].upper().zfill(2)}"
    return name if name in RESOLUTION_M else None
