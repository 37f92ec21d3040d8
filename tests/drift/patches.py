"""Patches made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime

from documents.base import LonLat
from documents.patches import Biomass, Kind, Patch, Patches
from documents.scene import Level, SceneInfo

SENSED = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)


def make_patch(name: str, centre: LonLat, mid_t: float = 100.0) -> Patch:
    """Return a patch about 200 m across."""
    lon, lat = centre
    ring = tuple((lon + dx, lat + dy) for dx, dy in ((-1e-3, -1e-3), (1e-3, -1e-3), (1e-3, 1e-3), (-1e-3, -1e-3)))
    return Patch(
        id=name,
        polygons=((ring,),),
        centre=centre,
        coverage_area_km2=0.02,
        mean_cover=0.3,
        pixels=200,
        biomass=Biomass(low_t=mid_t / 2, mid_t=mid_t, high_t=mid_t * 2),
        confidence=0.9,
        kind=Kind.ULVA,
        nearest_place="银滩",
        nearest_place_km=3.24,
        nearest_place_bearing_deg=135.0,
        sensing_time=SENSED,
        in_own_waters=True,
    )


def make_patches(patches: Sequence[Patch]) -> Patches:
    """Return the document that holds ``patches``."""
    scene = SceneInfo(
        id="handmade",
        sensor="S2B",
        level=Level.L2A,
        sensing_time=SENSED,
        bands=("B02",),
        epsg=32651,
        shape=(1, 1),
        pixel_size_m=10,
    )
    return Patches(
        site_id="rushan",
        sensing_time=SENSED,
        scenes=(scene,),
        patches=tuple(patches),
        coverage_area_km2=sum(p.coverage_area_km2 for p in patches),
        own_coverage_area_km2=0,
        distribution_area_km2=0,
        own_distribution_area_km2=0,
        near_shore_distribution_area_km2=0,
        distribution_rule="handmade",
        biomass=Biomass(
            low_t=sum(p.biomass.low_t for p in patches),
            mid_t=sum(p.biomass.mid_t for p in patches),
            high_t=sum(p.biomass.high_t for p in patches),
        ),
        observed_share=1.0,
        clear_share=1.0,
        land_rule="none",
        network="none",
    )
