"""Names inside a Sentinel-2 product: of the product, its granule, its datastrip and its images.

All follow ESA's Sentinel-2 Products Specification Document (S2-PDGS-TAS-DI-PSD), compact naming, as read off real
products of both levels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from documents.scene import Level
from training.endmembers import BANDS
from training.simulate.sensor import RESOLUTION_M

BASELINE = "05.09"
"""The processing baseline imitated: since 04.00 digital numbers carry an offset."""

CENTRE = "SIM_"
"""Where it was processed, four characters: no centre of ESA's, as nobody should take the product for a real one."""

PROCESSING_TIME = timedelta(hours=3)
"""示例: from sensing to the product's own time, the last part of its name."""

TRUE_COLOUR, CLASSIFICATION = "TCI", "SCL"

Image = tuple[str, int]
"""Band (or TCI, SCL) and pixel size in metres."""

IMAGES: Mapping[Level, tuple[Image, ...]] = MappingProxyType(
    {
        Level.L1C: (*((band, RESOLUTION_M[band]) for band in BANDS), (TRUE_COLOUR, 10)),
        Level.L2A: (
            *((band, 10) for band in ("B02", "B03", "B04", "B08", TRUE_COLOUR)),
            *((band, 20) for band in ("B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12", CLASSIFICATION)),
            *((band, 60) for band in ("B01", "B09")),
        ),
    }
)
"""What a product of each level holds; real L2A products repeat more bands at coarser sizes, and add AOT and WVP."""

ORBITS_A_CYCLE, CYCLE = 143, timedelta(days=10)
"""A satellite flies the same 143 orbits every ten days (ESA, Sentinel-2 MSI user guide, revisit and coverage)."""

KNOWN_ORBIT: Mapping[str, tuple[datetime, int, int]] = MappingProxyType(
    {
        "S2A": (datetime(2018, 6, 29, 0, 2, 41, tzinfo=UTC), 15_757, 30),
        "S2B": (datetime(2022, 4, 13, 15, 7, 59, tzinfo=UTC), 26_649, 25),
    }
)
"""Sensing time, absolute and relative orbit of one real product by satellite, from that product's metadata."""


def compact(moment: datetime) -> str:
    """Return ``moment`` as it stands in names: 20260618T023551."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S")


@dataclass(frozen=True)
class SafeNames:
    """What identifies a product of one tile; every name follows from it."""

    level: Level
    satellite: str
    """``S2A`` or ``S2B``."""
    sensing_time: datetime
    tile: str
    """Without the T: ``51SUA``."""
    relative_orbit: int

    @property
    def generation_time(self) -> datetime:
        """Return when the product says it was made: PROCESSING_TIME after sensing, so that names don't change."""
        return self.sensing_time + PROCESSING_TIME

    @property
    def absolute_orbit(self) -> int:
        """Return the orbit's number since launch: of those on ``relative_orbit``, the nearest to the sensing time."""
        moment, absolute, relative = KNOWN_ORBIT[self.satellite]
        ahead = self.relative_orbit - relative
        flown = (self.sensing_time - moment) / CYCLE * ORBITS_A_CYCLE
        return absolute + ahead + ORBITS_A_CYCLE * round((flown - ahead) / ORBITS_A_CYCLE)

    @property
    def spacecraft(self) -> str:
        """Return the satellite's full name: Sentinel-2B."""
        return f"Sentinel-{self.satellite[1:]}"

    @property
    def product(self) -> str:
        """Return the product's folder."""
        baseline = "N" + BASELINE.replace(".", "")
        sensed, made = compact(self.sensing_time), compact(self.generation_time)
        orbit = f"R{self.relative_orbit:03d}"
        return f"{self.satellite}_MSI{self.level}_{sensed}_{baseline}_{orbit}_T{self.tile}_{made}.SAFE"

    @property
    def metadata(self) -> str:
        """Return the product's own metadata file."""
        return f"MTD_MSI{self.level}.xml"

    @property
    def granule(self) -> str:
        """Return the granule's folder, relative to the product."""
        return f"GRANULE/{self.level}_T{self.tile}_A{self.absolute_orbit:06d}_{compact(self.sensing_time)}"

    @property
    def datastrip(self) -> str:
        """Return the datastrip's folder, relative to the product."""
        return f"DATASTRIP/DS_{CENTRE}_{compact(self.generation_time)}_S{compact(self.sensing_time)}"

    @property
    def datatake_id(self) -> str:
        """Return the identifier of the datatake."""
        return f"G{self.satellite}_{compact(self.sensing_time)}_{self.absolute_orbit:06d}_N{BASELINE}"

    @property
    def datastrip_id(self) -> str:
        """Return the identifier of the datastrip."""
        made, sensed = compact(self.generation_time), compact(self.sensing_time)
        return f"{self.satellite}_OPER_MSI_{self.level}_DS_{CENTRE}_{made}_S{sensed}_N{BASELINE}"

    @property
    def tile_id(self) -> str:
        """Return the identifier of the granule."""
        made, orbit = compact(self.generation_time), f"A{self.absolute_orbit:06d}"
        return f"{self.satellite}_OPER_MSI_{self.level}_TL_{CENTRE}_{made}_{orbit}_T{self.tile}_N{BASELINE}"

    def image(self, band: str, resolution_m: int) -> str:
        """Return the path of an image, relative to the product and without its suffix."""
        name = f"T{self.tile}_{compact(self.sensing_time)}_{band}"
        if self.level is Level.L2A:
            return f"{self.granule}/IMG_DATA/R{resolution_m}m/{name}_{resolution_m}m"
        return f"{self.granule}/IMG_DATA/{name}"

    @property
    def cloud_mask(self) -> str:
        """Return the path of the classification mask: opaque cloud, cirrus, snow and ice."""
        return f"{self.granule}/QI_DATA/MSK_CLASSI_B00.jp2"
