"""``item.json``: the day as a STAC item, so that catalogues and QGIS find its files."""

from pathlib import Path

import pystac
import shapely
from shapely.geometry import mapping

from detection.scene import Scene
from documents.base import dumps, write_text
from documents.geodesy import reproject
from service.files import BULLETIN, COVER, ITEM, MAP, OBSERVED, PATCHES, PLAN, PROBLEM, TRACKS
from service.papers.day import Day

ASSETS = {
    COVER: ("覆盖度", "image/tiff; application=geotiff", "data"),
    OBSERVED: ("观测状态", "image/tiff; application=geotiff", "data-mask"),
    PATCHES: ("斑块", "application/geo+json", "data"),
    TRACKS: ("漂移轨迹", "application/geo+json", "data"),
    PROBLEM: ("调度问题", "application/json", "data"),
    PLAN: ("调度计划", "application/json", "data"),
    BULLETIN: ("监测快报", "text/markdown", "overview"),
    MAP: ("监测与采收计划图", "image/png", "overview"),
}
"""Title, media type and role by file."""


def write_item(day: Day, scene: Scene, folder: Path) -> None:
    """Write the STAC item of ``day`` into ``folder``; links between files are relative."""
    footprint = reproject(shapely.segmentize(scene.grid.extent.geom, 20_000.0), str(scene.grid.crs), 4326)
    footprint = shapely.set_precision(footprint, 1e-6)
    patches = day.patches
    item = pystac.Item(
        id=f"{day.site.id}-{day.day.isoformat()}",
        geometry=mapping(footprint),
        bbox=[round(value, 6) for value in footprint.bounds],
        datetime=patches.sensing_time,
        properties={
            "title": f"{day.site.name}绿潮监测 {day.day.isoformat()}",
            "platform": scene.info.sensor,
            "gsd": scene.info.pixel_size_m,
            "greentide:business_day": day.day.isoformat(),
            "greentide:observed_share": patches.observed_share,
            "greentide:clear_share": patches.clear_share,
            "greentide:coverage_area_km2": patches.coverage_area_km2,
            "greentide:distribution_area_km2": patches.distribution_area_km2,
            "greentide:simulated": day.simulated,
        },
    )
    for name, (title, media_type, role) in ASSETS.items():
        if (folder / name).exists():
            item.add_asset(name.split(".")[0], pystac.Asset(f"./{name}", title, media_type=media_type, roles=[role]))
    write_text(folder / ITEM, dumps(item.to_dict(include_self_link=False, transform_hrefs=False)))
