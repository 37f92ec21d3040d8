"""Metadata of a simulated Sentinel-2 product: what a reader needs, where real products of the level have it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from lxml import etree
from odc.geo.geobox import GeoBox
from pyproj import CRS, Transformer

from documents.scene import Level
from training.endmembers import BANDS, WAVELENGTH_NM
from training.simulate.safe_jp2 import ADD_OFFSET, HIGHEST, NO_DATA, QUANTIFICATION
from training.simulate.safe_names import BASELINE, CENTRE, IMAGES, SafeNames
from training.simulate.scene import VIEW_AZIMUTH_DEG, VIEW_ZENITH_DEG
from training.simulate.sensor import RESOLUTION_M
from training.simulate.sky import sun_position

SCHEMA = "https://psd-15.sentinel2.eo.esa.int/PSD/{}.xsd"
"""Namespaces since baseline 05.00."""

ANGLE_STEP_M = 5_000
"""Step of the grid of sun angles, as in real products."""

SPECIAL_VALUES = {"NODATA": NO_DATA, "SATURATED": HIGHEST}

NOTE = " Simulated by Greentide; not a Copernicus product. "


@dataclass(frozen=True)
class Facts:
    """What the metadata tell of a product."""

    names: SafeNames
    grid: GeoBox
    """10 m."""
    cloudy_percent: float

    @cached_property
    def _to_lonlat(self) -> Transformer:
        return Transformer.from_crs(str(self.grid.crs), 4326, always_xy=True)

    def sun(self, x: float, y: float) -> tuple[float, float]:
        """Return the sun's zenith and azimuth at a point of the grid's projection, degrees."""
        return sun_position(self.names.sensing_time, *self._to_lonlat.transform(x, y))

    def footprint(self) -> str:
        """Return latitude and longitude of the corners, closed, as the product's metadata list them."""
        left, bottom, right, top = self.grid.boundingbox.bbox
        corners = ((left, top), (left, bottom), (right, bottom), (right, top), (left, top))
        points = (self._to_lonlat.transform(x, y) for x, y in corners)
        return " ".join(f"{lat:.9f} {lon:.9f}" for lon, lat in points) + " "


def utc(moment: datetime) -> str:
    """Return ``moment`` as the metadata write it: 2026-06-18T02:35:51.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def add(parent: etree._Element, tag: str, text: object = None, **attributes: object) -> etree._Element:
    """Append and return an element; None leaves its text empty."""
    element = etree.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})
    element.text = None if text is None else str(text)
    return element


def to_bytes(root: etree._Element) -> bytes:
    """Return the file of ``root``, marked as simulated."""
    root.insert(0, etree.Comment(NOTE))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def product_metadata(facts: Facts) -> bytes:
    """Return MTD_MSIL1C.xml or MTD_MSIL2A.xml."""
    names = facts.names
    digits = names.level.value[1:]
    root, n1 = _root(f"Level-{digits}_User_Product", f"User_Product_Level-{digits}")
    general = add(root, n1 + "General_Info")
    info = add(general, "Product_Info")
    add(info, "PRODUCT_START_TIME", utc(names.sensing_time))
    add(info, "PRODUCT_STOP_TIME", utc(names.sensing_time))
    add(info, "PRODUCT_URI", names.product)
    add(info, "PROCESSING_LEVEL", f"Level-{digits}")
    add(info, "PRODUCT_TYPE", f"S2MSI{digits}")
    add(info, "PROCESSING_BASELINE", BASELINE)
    add(info, "GENERATION_TIME", utc(names.generation_time))
    _add_datatake(info, "Datatake", names)
    add(add(info, "Query_Options", completeSingleTile="true"), "PRODUCT_FORMAT", "SAFE_COMPACT")
    granules = add(add(info, "Product_Organisation"), "Granule_List")
    granule = add(
        granules,
        "Granule",
        datastripIdentifier=names.datastrip_id,
        granuleIdentifier=names.tile_id,
        imageFormat="JPEG2000",
    )
    for band, resolution in IMAGES[names.level]:
        add(granule, "IMAGE_FILE", names.image(band, resolution))
    _add_image_characteristics(general, names.level)
    geometry = add(root, n1 + "Geometric_Info")
    footprint = add(geometry, "Product_Footprint")
    add(add(add(footprint, "Product_Footprint"), "Global_Footprint"), "EXT_POS_LIST", facts.footprint())
    quality = add(root, n1 + "Quality_Indicators_Info")
    add(quality, "Cloud_Coverage_Assessment", f"{facts.cloudy_percent:.6f}")
    return to_bytes(root)


def tile_metadata(facts: Facts) -> bytes:
    """Return MTD_TL.xml; its grids are those of the images."""
    names = facts.names
    digits = names.level.value[1:]
    root, n1 = _root(f"Level-{digits}_Tile_ID", f"S2_PDI_Level-{digits}_Tile_Metadata")
    general = add(root, n1 + "General_Info")
    add(general, "TILE_ID", names.tile_id, metadataLevel="Brief")
    add(general, "DATASTRIP_ID", names.datastrip_id, metadataLevel="Standard")
    add(general, "SENSING_TIME", utc(names.sensing_time), metadataLevel="Standard")
    geometry = add(root, n1 + "Geometric_Info")
    _add_geocoding(geometry, facts.grid)
    _add_angles(geometry, facts)
    quality = add(root, n1 + "Quality_Indicators_Info", metadataLevel="Standard")
    add(add(quality, "Image_Content_QI"), "CLOUDY_PIXEL_PERCENTAGE", f"{facts.cloudy_percent:.6f}")
    masks = add(quality, "Pixel_Level_QI", geometry="FULL_RESOLUTION")
    add(masks, "MASK_FILENAME", names.cloud_mask, type="MSK_CLASSI")
    return to_bytes(root)


def datastrip_metadata(facts: Facts) -> bytes:
    """Return MTD_DS.xml."""
    names = facts.names
    digits = names.level.value[1:]
    root, n1 = _root(f"Level-{digits}_DataStrip_ID", f"S2_PDI_Level-{digits}_Datastrip_Metadata")
    general = add(root, n1 + "General_Info")
    _add_datatake(general, "Datatake_Info", names)
    times = add(general, "Datastrip_Time_Info", metadataLevel="Brief")
    add(times, "DATASTRIP_SENSING_START", utc(names.sensing_time))
    add(times, "DATASTRIP_SENSING_STOP", utc(names.sensing_time))
    processing = add(general, "Processing_Info", metadataLevel="Expertise")
    add(processing, "PROCESSING_BASELINE", BASELINE)
    add(processing, "PROCESSING_CENTER", CENTRE)
    add(processing, "UTC_DATE_TIME", utc(names.generation_time))
    tiles = add(add(root, n1 + "Image_Data_Info"), "Tiles_Information", metadataLevel="Standard")
    add(add(tiles, "Tile_List"), "Tile", tileId=names.tile_id)
    return to_bytes(root)


def _root(tag: str, schema: str) -> tuple[etree._Element, str]:
    """Return the root element and the prefix of its qualified children; the rest stand in no namespace."""
    space = SCHEMA.format(schema)
    prefix = f"{{{space}}}"
    return etree.Element(prefix + tag, nsmap={"n1": space}), prefix


def _add_datatake(parent: etree._Element, tag: str, names: SafeNames) -> None:
    datatake = add(parent, tag, datatakeIdentifier=names.datatake_id)
    add(datatake, "SPACECRAFT_NAME", names.spacecraft)
    add(datatake, "DATATAKE_TYPE", "INS-NOBS")
    add(datatake, "DATATAKE_SENSING_START", utc(names.sensing_time))
    add(datatake, "SENSING_ORBIT_NUMBER", names.relative_orbit)
    add(datatake, "SENSING_ORBIT_DIRECTION", "DESCENDING")


def _add_image_characteristics(general: etree._Element, level: Level) -> None:
    """Add no data, scale, offsets and bands: what turns digital numbers into reflectance."""
    image = add(general, "Product_Image_Characteristics")
    for text, index in SPECIAL_VALUES.items():
        special = add(image, "Special_Values")
        add(special, "SPECIAL_VALUE_TEXT", text)
        add(special, "SPECIAL_VALUE_INDEX", index)
    if level is Level.L2A:
        scales = add(image, "QUANTIFICATION_VALUES_LIST")
        add(scales, "BOA_QUANTIFICATION_VALUE", QUANTIFICATION, unit="none")
        offsets, name = add(image, "BOA_ADD_OFFSET_VALUES_LIST"), "BOA_ADD_OFFSET"
    else:
        add(image, "QUANTIFICATION_VALUE", QUANTIFICATION, unit="none")
        offsets, name = add(image, "Radiometric_Offset_List"), "RADIO_ADD_OFFSET"
    for number in range(len(BANDS)):
        add(offsets, name, ADD_OFFSET, band_id=number)
    spectral = add(image, "Spectral_Information_List")
    for number, band in enumerate(BANDS):
        physical = "B" + band[1:].lstrip("0")
        entry = add(spectral, "Spectral_Information", bandId=number, physicalBand=physical)
        add(entry, "RESOLUTION", RESOLUTION_M[band])
        add(add(entry, "Wavelength"), "CENTRAL", WAVELENGTH_NM[band], unit="nm")


def _add_geocoding(geometry: etree._Element, grid: GeoBox) -> None:
    geocoding = add(geometry, "Tile_Geocoding", metadataLevel="Brief")
    code = str(grid.crs)
    add(geocoding, "HORIZONTAL_CS_NAME", CRS.from_user_input(code).name.replace("WGS 84", "WGS84"))
    add(geocoding, "HORIZONTAL_CS_CODE", code)
    factors: Sequence[tuple[int, int]] = ((10, 1), (20, 2), (60, 6))
    for resolution, step in factors:
        size = add(geocoding, "Size", resolution=resolution)
        add(size, "NROWS", grid.shape[0] // step)
        add(size, "NCOLS", grid.shape[1] // step)
    for resolution, _ in factors:
        position = add(geocoding, "Geoposition", resolution=resolution)
        add(position, "ULX", round(grid.transform.c))
        add(position, "ULY", round(grid.transform.f))
        add(position, "XDIM", resolution)
        add(position, "YDIM", -resolution)


def _add_angles(geometry: etree._Element, facts: Facts) -> None:
    """Add the sun's angles on a grid and at the middle, and the view's, which are the same for all bands."""
    left, bottom, right, top = facts.grid.boundingbox.bbox
    rows, cols = (math.ceil(length / ANGLE_STEP_M) + 1 for length in (top - bottom, right - left))
    sun = [[facts.sun(left + ANGLE_STEP_M * c, top - ANGLE_STEP_M * r) for c in range(cols)] for r in range(rows)]
    angles = add(geometry, "Tile_Angles", metadataLevel="Standard")
    grids = add(angles, "Sun_Angles_Grid")
    for part, tag in enumerate(("Zenith", "Azimuth")):
        angle = add(grids, tag)
        add(angle, "COL_STEP", ANGLE_STEP_M, unit="m")
        add(angle, "ROW_STEP", ANGLE_STEP_M, unit="m")
        values = add(angle, "Values_List")
        for row in sun:
            add(values, "VALUES", " ".join(f"{point[part]:.4f}" for point in row))
    _add_direction(add(angles, "Mean_Sun_Angle"), *facts.sun((left + right) / 2, (bottom + top) / 2))
    views = add(angles, "Mean_Viewing_Incidence_Angle_List")
    for number in range(len(BANDS)):
        _add_direction(add(views, "Mean_Viewing_Incidence_Angle", bandId=number), VIEW_ZENITH_DEG, VIEW_AZIMUTH_DEG)


def _add_direction(parent: etree._Element, zenith_deg: float, azimuth_deg: float) -> None:
    add(parent, "ZENITH_ANGLE", f"{zenith_deg:.6f}", unit="deg")
    add(parent, "AZIMUTH_ANGLE", f"{azimuth_deg:.6f}", unit="deg")
