"""A day at Rushan made by hand: an image that shows little, three patches, one vessel out and the others in port."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from documents.base import LonLat
from documents.coast import Coast
from documents.cover import OBSERVED_NAME, Observed, raster_profile
from documents.patches import Biomass, Kind, Patch, Patches
from documents.plan import Batch, Left, Lot, Objective, Plan, Status, Stop, StopKind, Voyage
from documents.scene import Level, SceneInfo
from documents.site import Site
from drift.forecast import forecast
from models.unet import BANDS
from optimizer.build import build_problem
from service.papers.day import Day
from training.array_scene import ArrayScene

DAY = date(2026, 6, 18)
SENSED = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)
DOCK: LonLat = (121.6470, 36.7330)
"""南夼码头."""
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


def make_day(site: Site, coast: Coast, patches: Patches | None = None, *, simulated: bool = False) -> Day:
    """Return the day; its plan sends lu-04 to the first patch where there is one, and is not meant to be optimal."""
    patches = patches if patches is not None else make_patches()
    tracks = forecast(patches, site, coast)
    problem = build_problem(patches, tracks, site, coast, DAY)
    plan = _trip(problem.start, problem.day) if problem.patches else _nothing(problem.day)
    return Day(
        site=site,
        coast=coast,
        day=DAY,
        patches=patches,
        tracks=tracks,
        problem=problem,
        plan=plan,
        violations=(),
        simulated=simulated,
        notes=(),
    )


def _nothing(day: str) -> Plan:
    return Plan(
        site_id="rushan",
        day=day,
        problem_sha256="0" * 64,
        status=Status.NOTHING_TO_DO,
        solver="by hand",
        voyages=(),
        lots=(),
        batches=(),
        left=(),
        objective=_objective(0.0),
        bound_cny=0.0,
        bound_of="nothing",
        gap=0.0,
    )


def _objective(total: float) -> Objective:
    return Objective(
        damage_avoided_cny=total,
        product_value_cny=0,
        processing_cny=0,
        hauling_cny=0,
        disposal_cny=0,
        sailing_cny=0,
        total_cny=total,
    )


def _trip(start: datetime, day: str) -> Plan:
    """Return a plan in which lu-04 takes 30 t and 12 t, rounding a headland, and two plants share them."""

    def at(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    bend, first, second = (121.66, 36.72), (121.702, 36.745), (121.722, 36.735)
    stops = (
        Stop(kind=StopKind.DEPART, arrive=at(0), start=at(0), end=at(0), lon=DOCK[0], lat=DOCK[1]),
        _work(StopKind.COLLECT, (at(30), at(45), at(135)), (DOCK, bend, first), 30, 30, patch_id="p-0000000a"),
        _work(StopKind.COLLECT, (at(145), at(160), at(196)), (first, second), 12, 42, patch_id="p-0000000b"),
        _work(
            StopKind.UNLOAD,
            (at(240), at(240), at(306)),
            (second, bend, DOCK),
            42,
            0,
            dock_id="nankuang",
            berth=0,
            lot_id="lu-04-0",
        ),
        _work(StopKind.RETURN, (at(306), at(306), at(306)), (DOCK, DOCK), 0, 0),
    )
    lot = Lot(
        id="lu-04-0",
        vessel_id="lu-04",
        dock_id="nankuang",
        tonnes=42,
        available=at(306),
        oldest_collected=at(45),
        disposed_t=2,
    )
    batches = (
        _batch("haide-polysaccharide", "polysaccharide", at(306), at(366), at(486), 16),
        _batch("yintan-fertilizer", "fertilizer", at(306), at(351), at(447), 24),
    )
    return Plan(
        site_id="rushan",
        day=day,
        problem_sha256="0" * 64,
        status=Status.FEASIBLE,
        solver="by hand",
        voyages=(Voyage(vessel_id="lu-04", shift=0, stops=stops),),
        lots=(lot,),
        batches=batches,
        left=(Left(patch_id="p-0000000a", tonnes=30, reason="运力不足"),),
        objective=_objective(50_000),
        bound_cny=60_000,
        bound_of="by hand",
        gap=0.1667,
    )


def _work(
    kind: StopKind,
    times: tuple[datetime, datetime, datetime],
    way: tuple[LonLat, ...],
    tonnes: float,
    load: float,
    **more: object,
) -> Stop:
    arrive, start, end = times
    return Stop(
        kind=kind,
        arrive=arrive,
        start=start,
        end=end,
        lon=way[-1][0],
        lat=way[-1][1],
        waypoints=way,
        distance_nm=0.0 if way[0] == way[-1] else 3.2,
        tonnes=tonnes,
        load_t=load,
        **more,
    )


def _batch(plant: str, line: str, leave: datetime, start: datetime, end: datetime, tonnes: float) -> Batch:
    return Batch(
        lot_id="lu-04-0",
        plant_id=plant,
        line_id=line,
        leave_dock=leave,
        start=start,
        end=end,
        tonnes=tonnes,
        age_at_end_h=8,
    )
