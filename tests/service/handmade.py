"""A day at Rushan made by hand: an image that shows little, three patches, one vessel out and the others in port."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from documents.base import LonLat
from documents.coast import Coast
from documents.cover import OBSERVED_NAME, Observed, raster_profile
from documents.network import PlaceSpec
from documents.patches import Biomass, Kind, Patch, Patches
from documents.scene import Level, SceneInfo
from documents.site import EXAMPLE, Contract, Plant, Platform, Site
from documents.site_sea import Station
from drift.forecast import forecast
from models.unet import BANDS
from service.papers.day import Day
from tests.service.handmade_plan import make_plan
from tests.service.handmade_problem import make_problem
from training.array_scene import ArrayScene

DAY = date(2026, 6, 18)
SENSED = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)
SIDE, PIXEL_M = 200, 100.0


def make_scene(west: float = 368_000.0, north: float = 4_078_000.0, epsg: int = 32651) -> ArrayScene:
    """Return a 20 km scene with a bright bar in the near infrared; by default off Rushan."""
    grid = GeoBox((SIDE, SIDE), from_origin(west, north, PIXEL_M, PIXEL_M), f"EPSG:{epsg}")
    rng = np.random.default_rng(3)
    values = rng.uniform(0.01, 0.05, (len(BANDS), SIDE, SIDE)).astype(np.float32)
    values[BANDS.index("B08"), 100:104, 40:160] = 0.3
    return ArrayScene(values, grid)


def write_observed(folder: Path, scene: ArrayScene, code: Observed = Observed.CLEAR) -> None:
    """Write ``observed.tif``: ``code``, with a cloud in one corner and land along the top."""
    codes = np.full(scene.grid.shape, code, np.uint8)
    codes[150:, 150:] = Observed.CLOUD
    codes[:20] = Observed.LAND
    with rasterio.open(folder / OBSERVED_NAME, "w", **raster_profile(scene.grid, "uint8", None)) as target:
        target.write(codes, 1)


def make_patch(name: str, centre: LonLat, mid_t: float, kind: Kind = Kind.ULVA, *, own: bool = True) -> Patch:
    """Return a patch about 300 m across."""
    lon, lat = centre
    ring = tuple(
        (lon + dx, lat + dy) for dx, dy in ((-2e-3, 0.0), (0.0, -1e-3), (2e-3, 0.0), (0.0, 1e-3), (-2e-3, 0.0))
    )
    return Patch(
        id=name,
        polygons=((ring,),),
        centre=centre,
        coverage_area_km2=0.02,
        mean_cover=0.3,
        pixels=200,
        biomass=Biomass(low_t=mid_t / 2, mid_t=mid_t, high_t=mid_t * 2),
        confidence=0.9,
        kind=kind,
        nearest_place="银滩",
        nearest_place_km=3.24,
        nearest_place_bearing_deg=135.0,
        sensing_time=SENSED,
        in_own_waters=own,
    )


OWN = (
    make_patch("p-0000000a", (121.70, 36.70), 60.0),
    make_patch("p-0000000b", (121.72, 36.69), 40.0, Kind.UNKNOWN),
    make_patch("p-0000000c", (121.66, 36.64), 1.0, Kind.UNKNOWN),
)


def make_patches(
    found: tuple[Patch, ...] = OWN, observed: float | None = 0.4, clear: float = 0.9, near_km2: float = 6.0
) -> Patches:
    """Return the document that holds ``found``."""
    info = SceneInfo(
        id="S2B_HANDMADE",
        sensor="S2B",
        level=Level.L1C,
        sensing_time=SENSED,
        bands=BANDS,
        epsg=32651,
        shape=(SIDE, SIDE),
        pixel_size_m=PIXEL_M,
    )
    own = [patch for patch in found if patch.in_own_waters]
    mass = [sum(getattr(patch.biomass, end) for patch in found) for end in ("low_t", "mid_t", "high_t")]
    return Patches(
        site_id="rushan",
        sensing_time=SENSED,
        scenes=(info,),
        patches=found,
        coverage_area_km2=sum(patch.coverage_area_km2 for patch in found),
        own_coverage_area_km2=sum(patch.coverage_area_km2 for patch in own),
        distribution_area_km2=12.5 if found else 0.0,
        own_distribution_area_km2=12.5 if own else 0.0,
        near_shore_distribution_area_km2=near_km2 if own else 0.0,
        distribution_rule="手工",
        biomass=Biomass(low_t=mass[0], mid_t=mass[1], high_t=mass[2]),
        observed_share=observed,
        clear_share=clear,
        land_rule="陆地取自岸线资料，并外扩 150 m；离岸 150 m 以内的水面因此不作判断",
        network="handmade",
    )


def make_site(site: Site) -> Site:
    """Return ``site`` with the platform and plants of the problem made by hand, 示例 but for the feed plant."""
    problem = make_problem(())
    spec = {place.id: place for place in problem.places}
    (platform,) = problem.platforms
    platforms = (
        Platform(
            **_yard(spec[platform.id], EXAMPLE),
            **platform.model_dump(exclude={"id", "name", "days", "stations", "held", "lies"}),
            stations=tuple(Station(**station.model_dump(), source=EXAMPLE) for station in platform.stations),
            open=(time(4), time(20)),
        ),
    )
    plants = tuple(
        Plant(**_yard(place, "实测" if place.id == "rushankou-feed" else EXAMPLE), lon=place.lon, lat=place.lat)
        for place in problem.places
        if place.lon is not None
    )
    contracts = tuple(
        Contract(**contract.model_dump(exclude={"window"}), source=EXAMPLE) for contract in problem.contracts
    )
    update = {"platforms": platforms, "plants": plants, "contracts": contracts, "fleets": (), "materials": ()}
    return site.model_copy(update=update)


def _yard(place: PlaceSpec, source: str) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "source": source,
        "stores": [{**store.model_dump(), "source": source} for store in place.stores],
        "units": [{**unit.model_dump(exclude={"windows", "free_from"}), "source": source} for unit in place.units],
        "tasks": [{**task.model_dump(), "source": source} for task in place.tasks],
    }


def make_day(site: Site, coast: Coast, patches: Patches | None = None, *, simulated: bool = False) -> Day:
    """Return the day with the plan of :mod:`tests.service.handmade_plan`, where its patches are among ``patches``."""
    patches = patches if patches is not None else make_patches()
    problem = make_problem(patches.patches)
    return Day(
        site=make_site(site),
        coast=coast,
        day=DAY,
        patches=patches,
        tracks=forecast(patches, site, coast),
        problem=problem,
        plan=make_plan(problem),
        violations=(),
        simulated=simulated,
        notes=(),
    )
