"""The metadata of a Sentinel-2 product: what its digital numbers mean, when it was taken, what grid it claims."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from detection.bands import BAND_IDS
from documents.errors import InputError
from documents.scene import Level

LEVELS = {"Level-1C": Level.L1C, "Level-2A": Level.L2A}

QUANTIFICATION = {Level.L1C: "QUANTIFICATION_VALUE", Level.L2A: "BOA_QUANTIFICATION_VALUE"}

ADD_OFFSET = {Level.L1C: "RADIO_ADD_OFFSET", Level.L2A: "BOA_ADD_OFFSET"}


@dataclass(frozen=True)
class Product:
    """What ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml`` says: reflectance = (number + add offset) ÷ quantification."""

    id: str | None
    level: Level
    sensor: str
    baseline: str | None
    sensing_time: datetime
    quantification: float
    add_offset: Mapping[str, float]
    """By band; a band that is not there has 0."""
    nodata: int


@dataclass(frozen=True)
class Tile:
    """What ``MTD_TL.xml`` says of the grid; by nominal pixel size in metres."""

    shape: Mapping[int, tuple[int, int]]
    pixel_m: Mapping[int, float]


@dataclass(frozen=True)
class Polygon:
    """A polygon of a GML mask: rings of x, y in the CRS ``epsg`` (None: not stated)."""

    epsg: int | None
    exterior: tuple[tuple[float, float], ...]
    interiors: tuple[tuple[tuple[float, float], ...], ...]


def parse_xml(data: bytes, name: str) -> Element:
    """Return the root of the XML document ``data``; raise InputError when it is not XML or declares a DOCTYPE."""
    try:
        root: Element = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            f"{name} declares a DOCTYPE or entities, which product metadata never does; refused."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{name} is not well-formed XML; fetch the product again.") from error
    return root


def parse_product(data: bytes, name: str) -> Product:
    """Return what the product's metadata file ``name`` says; raise InputError when it lacks something."""
    root = parse_xml(data, name)
    text = _text(root, "PROCESSING_LEVEL", name)
    if text not in LEVELS:
        raise InputError(f"{name} states the level {text!r}; hand in a Level-1C or Level-2A product.")
    level = LEVELS[text]
    quantification = _number(_text(root, QUANTIFICATION[level], name), name)
    if quantification <= 0.0:
        raise InputError(f"{name} states {QUANTIFICATION[level]} {quantification:g}; fetch the product again.")
    offsets = {}
    for element in root.iter(ADD_OFFSET[level]):
        position = element.get("band_id", "")
        if not position.isdecimal() or int(position) >= len(BAND_IDS):
            raise InputError(f"{name} states {ADD_OFFSET[level]} of an unknown band {position!r}.")
        offsets[BAND_IDS[int(position)]] = _number(element.text, name)
    special = {
        (item.findtext("SPECIAL_VALUE_TEXT") or "").strip(): item.findtext("SPECIAL_VALUE_INDEX")
        for item in root.iter("Special_Values")
    }
    uri = root.findtext(".//PRODUCT_URI")
    spacecraft = re.fullmatch(r"Sentinel-(2[A-D])", (root.findtext(".//SPACECRAFT_NAME") or "").strip())
    return Product(
        id=uri.strip().removesuffix(".SAFE") if uri and uri.strip() else None,
        level=level,
        sensor=f"S{spacecraft[1]}" if spacecraft else "unknown",
        baseline=(root.findtext(".//PROCESSING_BASELINE") or "").strip() or None,
        sensing_time=_time(_text(root, "PRODUCT_START_TIME", name), name),
        quantification=quantification,
        add_offset=offsets,
        nodata=int(_number(special.get("NODATA", "0"), name)),
    )


def parse_tile(data: bytes, name: str) -> Tile:
    """Return what the granule's metadata file ``name`` says of its grid; raise InputError when it is damaged."""
    root = parse_xml(data, name)
    shape = {
        _resolution(size, name): (
            int(_number(size.findtext("NROWS"), name)),
            int(_number(size.findtext("NCOLS"), name)),
        )
        for size in root.iter("Size")
    }
    pixel = {_resolution(place, name): _number(place.findtext("XDIM"), name) for place in root.iter("Geoposition")}
    return Tile(shape, pixel)


def parse_mask(data: bytes, name: str) -> list[Polygon]:
    """Return the polygons of the GML mask ``name``, none where it marks nothing."""
    root = parse_xml(data, name)
    gml = "{http://www.opengis.net/gml/3.2}"
    envelope = root.find(f".//{gml}Envelope")
    everywhere = None if envelope is None else envelope.get("srsName")
    polygons = []
    for polygon in root.iter(f"{gml}Polygon"):
        exterior = [_ring(ring, name) for ring in polygon.findall(f"{gml}exterior//{gml}posList")]
        interiors = [_ring(ring, name) for ring in polygon.findall(f"{gml}interior//{gml}posList")]
        if len(exterior) != 1:
            raise InputError(f"{name} holds a polygon without an outline; fetch the product again.")
        polygons.append(Polygon(_epsg(polygon.get("srsName") or everywhere), exterior[0], tuple(interiors)))
    return polygons


def _ring(element: Element, name: str) -> tuple[tuple[float, float], ...]:
    numbers = [_number(text, name) for text in (element.text or "").split()]
    dimension = int(_number(element.get("srsDimension", "2"), name))
    points = tuple(zip(numbers[0::dimension], numbers[1::dimension], strict=False)) if dimension >= 2 else ()
    if len(points) < 4 or len(numbers) % dimension:
        raise InputError(f"{name} holds a damaged polygon; fetch the product again.")
    return points


def _epsg(name: str | None) -> int | None:
    """Return the code at the end of a CRS name such as ``urn:ogc:def:crs:EPSG:8.7:32651``."""
    match = re.search(r"EPSG:.*?(\d+)$", name or "")
    return int(match[1]) if match else None


def _text(root: Element, tag: str, name: str) -> str:
    text = (root.findtext(f".//{tag}") or "").strip()
    if not text:
        raise InputError(f"{name} does not state {tag}; fetch the product again.")
    return text


def _number(text: str | None, name: str) -> float:
    try:
        return float(text or "")
    except ValueError as error:
        raise InputError(f"{name} holds {text!r} where a number belongs; fetch the product again.") from error


def _resolution(element: Element, name: str) -> int:
    return int(_number(element.get("resolution"), name))


def _time(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{name} states a time that is not ISO 8601: {text!r}.") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
