"""The manifest of a simulated product: the SAFE format's list of files, with sizes and checksums."""

import hashlib
from pathlib import Path

from lxml import etree

from training.simulate.safe_metadata import Facts, add, to_bytes, utc

XFDU = "urn:ccsds:schema:xfdu:1"
SAFE = "http://www.esa.int/safe/sentinel/1.1"
GML = "http://www.opengis.net/gml"

MEDIA_TYPES = {".xml": "text/xml", ".jp2": "application/octet-stream"}

COSPAR = {"S2A": "2015-028A", "S2B": "2017-013A"}
"""International designators of the satellites (COSPAR; NASA Space Science Data Coordinated Archive)."""


def manifest(facts: Facts, folder: Path) -> bytes:
    """Return manifest.safe for the files that lie in ``folder``, in the order of their paths."""
    names = facts.names
    level = names.level.value.lower()
    root = etree.Element(
        f"{{{XFDU}}}XFDU",
        {"version": f"esa/safe/sentinel/1.1/sentinel-2/msi/archive_{level}_user_product"},
        nsmap={"xfdu": XFDU, "safe": SAFE, "gml": GML},
    )
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    unit = f"{{{XFDU}}}contentUnit"
    package = add(add(root, "informationPackageMap"), unit, unitType=f"Product_Level-{level[1:].upper()}")
    for name in files:
        content = add(package, unit, ID=f"{_identifier(name)}_Unit", unitType=_unit_type(name))
        add(content, "dataObjectPointer", dataObjectID=_identifier(name))
    _add_metadata(add(root, "metadataSection"), facts)
    objects = add(root, "dataObjectSection")
    for name in files:
        path = folder / name
        stream = add(
            add(objects, "dataObject", ID=_identifier(name)),
            "byteStream",
            mimeType=MEDIA_TYPES[path.suffix],
            size=path.stat().st_size,
        )
        add(stream, "fileLocation", locatorType="URL", href=f"./{name}")
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        add(stream, "checksum", digest, checksumName="MD5")
    return to_bytes(root)


def _identifier(name: str) -> str:
    """Return an XML identifier for a file: its path without separators."""
    return name.rpartition(".")[0].replace("/", "_")


def _unit_type(name: str) -> str:
    return "Metadata Unit" if name.endswith(".xml") else "Measurement Data Unit"


def _add_metadata(section: etree._Element, facts: Facts) -> None:
    """Add when, on which orbit, by which satellite, and where."""
    names = facts.names
    period = add(_wrapped(section, "acquisitionPeriod"), f"{{{SAFE}}}acquisitionPeriod")
    add(period, f"{{{SAFE}}}startTime", utc(names.sensing_time))
    orbit = add(_wrapped(section, "measurementOrbitReference"), f"{{{SAFE}}}orbitReference")
    absolute, relative = f"{names.absolute_orbit:06d}", f"{names.relative_orbit:03d}"
    add(orbit, f"{{{SAFE}}}orbitNumber", absolute, type="start", groundTrackDirection="descending")
    add(orbit, f"{{{SAFE}}}relativeOrbitNumber", relative, type="start")
    platform = add(_wrapped(section, "platform"), f"{{{SAFE}}}platform")
    add(platform, f"{{{SAFE}}}nssdcIdentifier", COSPAR[names.satellite])
    add(platform, f"{{{SAFE}}}familyName", "SENTINEL")
    add(platform, f"{{{SAFE}}}number", names.satellite[1:])
    instrument = add(platform, f"{{{SAFE}}}instrument")
    add(instrument, f"{{{SAFE}}}familyName", "Multi-Spectral Instrument", abbreviation="MSI")
    frames = add(_wrapped(section, "measurementFrameSet"), f"{{{SAFE}}}frameSet")
    footprint = add(frames, f"{{{SAFE}}}footPrint", srsName="http://www.opengis.net/gml/srs/epsg.xml#4326")
    add(footprint, f"{{{GML}}}coordinates", facts.footprint())


def _wrapped(section: etree._Element, identifier: str) -> etree._Element:
    entry = add(section, "metadataObject", ID=identifier, classification="DESCRIPTION", category="DMD")
    wrap = add(entry, "metadataWrap", vocabularyName="Sentinel-SAFE", mimeType="text/xml")
    return add(wrap, "xmlData")
