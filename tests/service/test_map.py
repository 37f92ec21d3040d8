"""What the map shows of a plan, and that it shows nothing of one that was refused."""

import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from documents.coast import Coast
from documents.plan import Mooring
from documents.site import Site
from service.papers.day import Day
from service.papers.map import write_map
from service.papers.map_layers import vessel_colours
from service.papers.map_spots import SpotKind, spots
from tests.service.handmade import make_day, make_scene, write_observed

CHANCE = 20
"""So many pixels may have a colour by blending of others."""


def drawn(day: Day, folder: Path) -> npt.NDArray[np.float32]:
    """Return the picture of the map, (rows, cols, RGB), 0–1."""
    folder.mkdir()
    scene = make_scene()
    write_observed(folder, scene)
    write_map(day, scene, folder)
    return np.asarray(imread(folder / "map.png"))[..., :3]


def pixels_of(picture: npt.NDArray[np.float32], colour: str) -> int:
    """Return how many pixels of the picture have just that colour."""
    return int((np.abs(picture - np.array(to_rgb(colour))).max(axis=2) < 1 / 255).sum())


def test_routes_are_drawn_in_their_vessels_colour_and_only_those_of_an_accepted_plan(
    site: Site, coast: Coast, tmp_path: Path
) -> None:
    day, colours = make_day(site, coast), vessel_colours(site)
    picture = drawn(day, tmp_path / "planned")
    assert pixels_of(picture, colours["lu-04"]) > 2000
    assert pixels_of(picture, colours["lu-01"]) < CHANCE, "stays in port"
    refused = drawn(dataclasses.replace(day, plan=None, violations=("x",)), tmp_path / "refused")
    assert pixels_of(refused, colours["lu-04"]) < CHANCE


def test_docks_plants_and_platforms_stand_where_they_are_with_the_days_on_which_they_lie_there(
    site: Site, coast: Coast
) -> None:
    day = make_day(site, coast)
    found = spots(day)
    assert [spot.kind for spot in found] == [SpotKind.DOCK] * 2 + [SpotKind.PLATFORM] + [SpotKind.PLANT] * 3
    platform, plant = found[2], found[3]
    assert platform.name == "乳清平台一号（示例）\n泊于银滩外　06-19"
    assert (platform.lon, platform.lat) == (121.740, 36.740)
    assert (plant.name, plant.lon, plant.lat) == ("海德浒苔多糖厂（示例）", 121.545, 36.905)


def test_a_station_of_two_days_stands_once_and_one_of_no_day_not_at_all(site: Site, coast: Coast) -> None:
    day = make_day(site, coast)
    assert day.plan is not None
    again = Mooring(platform_id="ruqing-1", day=1, station_id="yintan")
    both = dataclasses.replace(day, plan=day.plan.model_copy(update={"moorings": (*day.plan.moorings, again)}))
    assert [s.name for s in spots(both) if s.kind is SpotKind.PLATFORM] == [
        "乳清平台一号（示例）\n泊于银滩外　06-19、06-20"
    ]
    refused = dataclasses.replace(day, plan=None, violations=("x",))
    assert SpotKind.PLATFORM not in {spot.kind for spot in spots(refused)}
