from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from shapely.geometry import Point

from documents.coast import Coast
from documents.errors import InputError
from documents.site import Site, read_site
from tests.conftest import REPOSITORY

FILE = REPOSITORY / "configs" / "rushan.yaml"


def test_docks_and_protected_places_lie_at_sea_and_plants_on_land(site: Site, coast: Coast):
    for thing in [*site.docks, *site.assets]:
        assert coast.sea.contains(Point(thing.lon, thing.lat)), thing.id
    for plant in site.plants:
        assert coast.land.contains(Point(plant.lon, plant.lat)), plant.id


def test_every_entry_names_its_source(site: Site):
    for thing in [*site.places, *site.assets, *site.docks, *site.vessels, *site.plants]:
        assert thing.source
    assert all(vessel.is_example for vessel in site.vessels)


def test_the_business_day_is_the_local_date(site: Site):
    assert site.business_day(datetime(2026, 6, 18, 15, 59, tzinfo=UTC)) == date(2026, 6, 18)
    assert site.business_day(datetime(2026, 6, 18, 16, 0, tzinfo=UTC)) == date(2026, 6, 19)
    assert site.plan_start(date(2026, 6, 18)).astimezone(UTC) == datetime(2026, 6, 18, 20, tzinfo=UTC)


def changed(tmp_path: Path, **values: object) -> Path:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump({**data, **values}, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"coast_buffer_m": -1}, "coast_buffer_m"),
        ({"unknown": 1}, "unknown"),
        ({"docks": []}, "docks"),
        ({"timezone": "Mars/Olympus"}, "Mars"),
    ],
)
def test_a_fault_is_named_by_its_field(tmp_path: Path, values: dict[str, object], message: str):
    with pytest.raises((InputError, Exception), match=message):
        read_site(changed(tmp_path, **values))


def test_an_unknown_home_dock_is_named(tmp_path: Path):
    vessels = yaml.safe_load(FILE.read_text(encoding="utf-8"))["vessels"]
    vessels[0]["home_dock"] = "nowhere"
    with pytest.raises(InputError, match="nowhere"):
        read_site(changed(tmp_path, vessels=vessels))


def test_two_vessels_of_one_id_are_refused(tmp_path: Path):
    vessels = yaml.safe_load(FILE.read_text(encoding="utf-8"))["vessels"]
    with pytest.raises(InputError, match="share an id"):
        read_site(changed(tmp_path, vessels=[vessels[0], vessels[0]]))


def test_no_yaml_and_no_file_are_sentences(tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(InputError, match="not YAML"):
        read_site(tmp_path / "bad.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        read_site(tmp_path / "none.yaml")
