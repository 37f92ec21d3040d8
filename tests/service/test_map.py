"""What the map shows of a plan, and that it shows nothing of one that was refused."""

import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from documents.coast import Coast
from documents.site import Site
from service.papers.day import Day
from service.papers.map import write_map
from service.papers.map_layers import vessel_colours
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
