"""Patches: where the algae are, how much cover, how many tonnes."""

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from documents.base import Document, Id, LonLat, Part, UtcTime
from documents.scene import SceneInfo


class Kind(StrEnum):
    """What floats there; never guessed where the cover is too low to tell."""

    ULVA = "ulva"
    SARGASSUM = "sargassum"
    UNKNOWN = "floating-unknown"


class Biomass(Part):
    """Wet tonnes as an interval; ``mid`` is the best single figure."""

    low_t: float = Field(ge=0)
    mid_t: float = Field(ge=0)
    high_t: float = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low_t <= self.mid_t <= self.high_t:
            raise ValueError("biomass must be low ≤ mid ≤ high")
        return self


class Patch(Part):
    """One floating patch."""

    id: Id
    """From the patch's content: it stays with it from day to day."""
    polygons: tuple[tuple[tuple[LonLat, ...], ...], ...]
    """MultiPolygon coordinates: polygons of rings (outer first), degrees."""
    centre: LonLat
    """A point of the patch: its cover-weighted centre, moved onto the patch where that lies outside."""
    coverage_area_km2: float = Field(ge=0)
    """覆盖面积: Σ cover fraction × pixel area on the ellipsoid."""
    mean_cover: float = Field(ge=0, le=1)
    pixels: int = Field(ge=1)
    biomass: Biomass
    confidence: float = Field(ge=0, le=1)
    """Mean probability of floating algae over the patch's pixels, weighted by cover."""
    kind: Kind
    nearest_place: str
    nearest_place_km: float = Field(ge=0)
    nearest_place_bearing_deg: float
    """From the place to the patch."""
    sensing_time: UtcTime
    in_own_waters: bool


class Patches(Document):
    """All patches of one observation, and what was seen and not seen."""

    version: Literal["patches/1"] = "patches/1"
    site_id: Id
    sensing_time: UtcTime
    scenes: tuple[SceneInfo, ...]
    patches: tuple[Patch, ...]
    coverage_area_km2: float = Field(ge=0)
    """Of the whole scene."""
    own_coverage_area_km2: float = Field(ge=0)
    distribution_area_km2: float = Field(ge=0)
    """分布面积 of the whole scene: the envelope of all patches less land; not a sum over patches."""
    own_distribution_area_km2: float = Field(ge=0)
    near_shore_distribution_area_km2: float = Field(ge=0)
    distribution_rule: str
    biomass: Biomass
    """Of all patches together; errors are shared between patches, so the ends add up."""
    observed_share: float | None = Field(default=None, ge=0, le=1)
    """Clear ÷ (all but land) inside ``own_waters``; None where the scene does not touch them."""
    clear_share: float = Field(ge=0, le=1)
    """Clear ÷ (all but land) of the whole scene."""
    land_rule: str
    """Which test made land, and what the coast buffer hides."""
    lacking_bands: tuple[str, ...] = ()
    """Bands that the network could use and the scene did not have: what it says is then less sure."""
    network: str
    """Name and SHA-256 of the weights."""

    def to_jsonable(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection with the document's own fields as foreign members."""
        own = self.model_dump(mode="json", exclude={"patches"})
        return {"type": "FeatureCollection", **own, "features": [_feature(patch) for patch in self.patches]}

    @model_validator(mode="before")
    @classmethod
    def _from_geojson(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
            return data
        rest = {key: value for key, value in data.items() if key not in ("type", "features")}
        return {**rest, "patches": [_unfeature(feature) for feature in data.get("features", [])]}


def _feature(patch: Patch) -> dict[str, Any]:
    properties = patch.model_dump(mode="json", exclude={"polygons", "id"})
    geometry = {"type": "MultiPolygon", "coordinates": patch.model_dump(mode="json")["polygons"]}
    return {"type": "Feature", "id": patch.id, "properties": properties, "geometry": geometry}


def _unfeature(feature: Any) -> Any:
    try:
        return {"id": feature["id"], "polygons": feature["geometry"]["coordinates"], **feature["properties"]}
    except (KeyError, TypeError) as error:
        raise ValueError(f"a patch feature lacks {error}") from error
