"""Tracks: where each patch may be, hour by hour, and what taking a tonne out is worth there and then."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from documents.base import Document, Id, Part, UtcTime


class Member(Part):
    """One ensemble member of one patch; the lists run along ``Tracks.times``."""

    patch_id: Id
    member: int = Field(ge=0)
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    remaining: tuple[float, ...]
    """Mass relative to that at sensing time (growth makes it exceed 1)."""
    stranded_from: int | None = None
    """Index of the first hour ashore; from there on the position stays."""
    value_cny_per_t: tuple[float, ...]
    """Worth of removing a tonne at that hour: the damage it would still do."""


class Arrival(Part):
    """The chance that a patch reaches an asset within the forecast."""

    patch_id: Id
    asset_id: Id
    probability: float = Field(ge=0, le=1)
    """Share of members that arrive."""
    tonnes: float = Field(ge=0)
    """Expected wet tonnes arriving, mid biomass, over all members."""
    first_h: float = Field(ge=0)
    """Hours after ``times[0]`` of the earliest member."""
    median_h: float = Field(ge=0)
    """Median over the members that arrive."""


class Weather(Part):
    """The sea state of one hour; None means that nobody forecast it."""

    time: UtcTime
    wave_m: float | None = None
    """Significant wave height."""
    wind_m_s: float | None = None


class Tracks(Document):
    """The ensemble of all patches on one hourly list of times."""

    version: Literal["tracks/1"] = "tracks/1"
    site_id: Id
    sensing_time: UtcTime
    times: tuple[UtcTime, ...] = Field(min_length=2)
    """Hourly; ``times[0]`` is the sensing time."""
    members: tuple[Member, ...]
    arrivals: tuple[Arrival, ...]
    weather: tuple[Weather, ...]
    """One entry an hour of ``times``."""
    forcing: tuple[str, ...]
    """What drove each hour of ``times``."""
    method: str
    """How the ensemble was made, in a sentence."""

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        hours = len(self.times)
        lists = [series for m in self.members for series in (m.lon, m.lat, m.remaining, m.value_cny_per_t)]
        if any(len(series) != hours for series in [*lists, self.weather, self.forcing]):
            raise ValueError(f"every series must have {hours} hours, one a time")
        return self

    def of_patch(self, patch_id: str) -> list[Member]:
        """Return the members of one patch, in order."""
        return [member for member in self.members if member.patch_id == patch_id]

    def to_jsonable(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection: a LineString a patch and member."""
        own = self.model_dump(mode="json", exclude={"members"})
        return {"type": "FeatureCollection", **own, "features": [_feature(member) for member in self.members]}

    @model_validator(mode="before")
    @classmethod
    def _from_geojson(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
            return data
        rest = {key: value for key, value in data.items() if key not in ("type", "features")}
        return {**rest, "members": [_unfeature(feature) for feature in data.get("features", [])]}


def _feature(member: Member) -> dict[str, Any]:
    properties = member.model_dump(mode="json", exclude={"lon", "lat"})
    line = {"type": "LineString", "coordinates": [list(point) for point in zip(member.lon, member.lat, strict=True)]}
    return {"type": "Feature", "properties": properties, "geometry": line}


def _unfeature(feature: Any) -> Any:
    try:
        lon, lat = zip(*feature["geometry"]["coordinates"], strict=True)
        return {"lon": lon, "lat": lat, **feature["properties"]}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"a track feature does not hold: {error}") from error
