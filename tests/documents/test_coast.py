import json
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, Polygon

from documents.coast import Coast, polygonise, read_coast
from documents.errors import InputError

BOX = (0.0, 0.0, 10.0, 10.0)


def test_an_open_line_across_the_box_splits_it_into_land_and_sea():
    land = polygonise([LineString([(-1, 6), (5, 5), (11, 6)])], BOX, (5, 1))
    assert land.contains(Point(5, 8))
    assert not land.contains(Point(5, 2))


def test_islands_are_land_and_their_ponds_sea_again():
    shore = LineString([(-1, 8), (11, 8)])
    island = Polygon([(2, 2), (6, 2), (6, 6), (2, 6)]).exterior
    pond = Polygon([(3, 3), (5, 3), (5, 5), (3, 5)]).exterior
    land = polygonise([shore, LineString(island), LineString(pond)], BOX, (9, 1))
    assert land.area == pytest.approx(20 + 16 - 4)
    assert not land.contains(Point(4, 4))


def test_a_sea_point_on_the_other_side_turns_land_and_sea_round():
    line = [LineString([(-1, 6), (11, 6)])]
    assert polygonise(line, BOX, (5, 1)).area == pytest.approx(40)
    assert polygonise(line, BOX, (5, 9)).area == pytest.approx(60)


def test_land_and_sea_fill_the_box(coast: Coast):
    assert coast.land.area + coast.sea.area == pytest.approx(coast.extent.area)
    assert coast.land.contains(Point(121.54, 36.91)), "Rushan city is on land"
    assert coast.sea.contains(Point(121.7, 36.5))
    assert "GSHHG" in coast.attribution


@pytest.mark.parametrize(
    "text", ["", "{}", '{"features": [], "bbox": [1, 2]}', '{"features": [{}], "bbox": [0,0,1,1]}']
)
def test_a_damaged_coastline_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "coast.geojson"
    path.write_text(text)
    with pytest.raises(InputError, match="coast"):
        read_coast(path, (0.5, 0.5))


def test_a_sea_point_outside_the_box_is_refused(tmp_path: Path):
    path = tmp_path / "coast.geojson"
    path.write_text(json.dumps({"features": [], "bbox": [0, 0, 1, 1]}))
    with pytest.raises(InputError, match="outside"):
        read_coast(path, (5, 5))
