"""The site files: they hold, their money makes sense, and a fault is named in a sentence."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from shapely.geometry import Point

from documents.coast import Coast
from documents.errors import InputError
from documents.site import Site, Sourced, read_site
from tests.conftest import REPOSITORY
from tests.documents.test_problem import put, twice

FILE = REPOSITORY / "configs" / "rushan.yaml"
OYSTER = REPOSITORY / "configs" / "rushan-oyster.yaml"


@pytest.fixture(scope="module", params=[FILE, OYSTER], ids=lambda path: path.stem)
def either(request: pytest.FixtureRequest) -> Site:
    return read_site(request.param)


def test_read_again_from_what_it_says(either: Site):
    assert Site.model_validate(either.model_dump(mode="json")) == either
    assert Site.model_validate_json(either.model_dump_json()) == either


def test_quays_and_protected_places_lie_at_sea_and_plants_on_land(either: Site, coast: Coast):
    for thing in [*either.docks, *either.assets, *(s for ship in either.platforms for s in ship.stations)]:
        assert coast.sea.contains(Point(thing.lon, thing.lat)), thing.id
    for plant in either.plants:
        assert coast.land.contains(Point(plant.lon, plant.lat)), plant.id


def _entries(site: Site) -> Iterator[Sourced]:
    for field in Site.model_fields:
        value = getattr(site, field)
        yield from (entry for entry in (value if isinstance(value, tuple) else ()) if isinstance(entry, Sourced))
    for yard in site.yards:
        yield from (*yard.stores, *yard.units, *yard.tasks)
    for ship in site.platforms:
        yield from ship.stations
    yield from (dock.tide for dock in site.docks if dock.tide is not None)


def test_every_entry_names_its_source(either: Site):
    entries = list(_entries(either))
    assert len(entries) > 130
    assert all(entry.source for entry in entries)
    assert all(vessel.is_example for vessel in either.vessels)


def test_energy_is_told_only_where_somebody_measured_it(either: Site):
    assert all(task.energy_kwh_per_t is None for yard in either.yards for task in yard.tasks)


def test_wet_algae_go_in_by_twenty_tonnes(either: Site):
    wet = {"wet-fresh", "wet-stale", "wet-sand"}
    tasks = [task for yard in either.yards for task in yard.tasks if wet & set(task.inputs[0].materials)]
    assert len(tasks) == 5
    assert all(task.batch_min_t >= 20 for task in tasks)


def test_chain_from_wet_algae_to_polysaccharide(site: Site):
    haide = next(plant for plant in site.plants if plant.id == "haide-polysaccharide")
    low = mid = high = 1.0
    tonnes_in = "wet-fresh"
    for task in haide.tasks:
        assert task.inputs[0].materials == (tonnes_in,)
        first = task.outputs[0]
        tonnes_in = first.material
        if task.id == "enzymolysis":
            assert mid == pytest.approx(0.1, rel=0.03)  # Dry about 10:1.
            low = mid = high = 1.0
        low, mid, high = low * first.yield_low, mid * first.yield_mid, high * first.yield_high
    assert tonnes_in == "polysaccharide"
    assert (low, mid, high) == pytest.approx((0.04, 0.10, 0.25), rel=0.01)


class Money:
    """What a tonne leads to, full batches and full vehicles taken, where there is room on every machine."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.yards = {yard.id: yard for yard in site.yards}

    def at_work(self, place: str, material: str, gain: Callable[[str, str], float | None]) -> list[float]:
        """Return what each task at ``place`` makes of a tonne, its outputs counted as ``gain`` has them."""
        found = []
        for task in self.yards[place].tasks:
            if material in task.inputs[0].materials:
                made = [(output.yield_mid, gain(place, output.material)) for output in task.outputs]
                sold = sum(tonnes * value for tonnes, value in made if value is not None)
                if any(value is not None for _, value in made):
                    found.append(sold - task.cost_cny_per_t - task.cost_cny_per_batch / task.batch_max_t)
        return found

    def moved(self, place: str, material: str, gain: Callable[[str, str], float | None]) -> list[float]:
        """Return what each link from ``place`` makes of a tonne."""
        found = []
        for link in self.site.links:
            if link.origin == place and material in link.materials:
                value = gain(link.target, material)
                if value is not None:
                    found.append(value - link.cost_cny_per_t - link.cost_cny_per_trip / link.payload_t)
        return found

    def sold(self, place: str, material: str) -> float | None:
        """Return what a tonne is sold for."""
        prices = [c.price_cny_per_t for c in self.site.contracts if (c.place, c.material) == (place, material)]
        return max(prices, default=None)

    def end_value(self, place: str, material: str) -> float | None:
        """Return what a tonne left at the end is worth."""
        stores = self.yards[place].stores
        return next((s.end_value_cny_per_t[material] for s in stores if material in s.end_value_cny_per_t), None)

    def left(self, place: str, material: str) -> list[float]:
        """Return what each thing that can be done with a tonne gives, what comes of it left at its end value."""
        price = self.sold(place, material)
        here = self.at_work(place, material, self.end_value) + self.moved(place, material, self.end_value)
        return here if price is None else [*here, price]

    def through(self, place: str, material: str, plant: str) -> float | None:
        """Return the contribution of a tonne that is worked up at ``plant``, sold product less all costs till then."""

        def here(place: str, material: str) -> float | None:
            price = self.sold(place, material)
            return max([*self.at_work(place, material, here), *([] if price is None else [price])], default=None)

        def there(place: str, material: str) -> float | None:
            if place == plant:
                return here(place, material)
            return max(self.moved(place, material, there), default=None)

        return there(place, material)


def test_what_is_left_is_worth_a_little_less_than_what_it_leads_to(either: Site):
    """Neither is it better to leave something lying than to go on, nor is a tonne left for tomorrow given away."""
    money, seen = Money(either), 0
    for yard in either.plants:
        for store in yard.stores:
            for material, value in store.end_value_cny_per_t.items():
                uses = money.left(yard.id, material)
                if material.startswith("wet"):
                    assert 0 < value < max(uses), (yard.id, material)
                else:
                    assert 0.9 * min(uses) <= value < max(uses), (yard.id, material, uses)
                seen += 1
    assert seen >= 20


def test_cake_on_a_quay_is_worth_what_fertilizer_makes_of_it_at_most(site: Site):
    money = Money(site)
    for quay in (*site.docks, *site.platforms):
        value = money.end_value(quay.id, "cake")
        if value is not None:
            assert 0 < value < min(money.left(quay.id, "cake")), quay.id


@pytest.mark.parametrize("quay", ["rushankou", "nankuang", "langnuankou"])
def test_branches_are_worth_it_in_the_order_of_the_trade(site: Site, quay: str):
    money = Money(site)
    polysaccharide, feed, fertilizer = (
        money.through(quay, "wet-fresh", plant)
        for plant in ("haide-polysaccharide", "rushankou-feed", "yintan-fertilizer")
    )
    disposal = -next(m.disposal_cny_per_t for m in site.materials if m.id == "wet-fresh")
    assert polysaccharide is not None
    assert fertilizer is not None
    assert (feed is None) == (quay == "langnuankou")
    assert polysaccharide > (fertilizer if feed is None else feed) >= fertilizer > 100 > 0 > disposal
    stale = money.through(quay, "wet-stale", "yintan-fertilizer")
    assert stale == pytest.approx(fertilizer)
    assert money.through("yintan-fertilizer", "wet-sand", "yintan-fertilizer") == pytest.approx(0.1 * 1850 - 55)


def test_every_branch_of_the_shells_earns(site: Site):
    money = Money(read_site(OYSTER))
    peptide, other = money.left("shell-works", "shell-grit"), money.left("shell-works", "shell-spent")
    assert len(peptide) == 3
    assert len(other) == 2
    assert min(*peptide, *other) > 400
    assert min(money.left("shell-yard", "shell")) > 300
    assert {plant.id for plant in site.plants} < {plant.id for plant in read_site(OYSTER).plants}


def test_the_business_day_is_the_local_date(site: Site):
    assert site.business_day(datetime(2026, 6, 18, 15, 59, tzinfo=UTC)) == date(2026, 6, 18)
    assert site.business_day(datetime(2026, 6, 18, 16, 0, tzinfo=UTC)) == date(2026, 6, 19)
    assert site.plan_start(date(2026, 6, 18)).astimezone(UTC) == datetime(2026, 6, 18, 20, tzinfo=UTC)


def written(path: Path, **values: object) -> Path:
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return path


def changed(tmp_path: Path, **values: object) -> Path:
    return written(tmp_path / "site.yaml", **{**yaml.safe_load(FILE.read_text(encoding="utf-8")), **values})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"coast_buffer_m": -1}, "coast_buffer_m"),
        ({"unknown": 1}, "unknown"),
        ({"docks": []}, "docks"),
        ({"timezone": "Mars/Olympus"}, "time zone Mars/Olympus is unknown"),
        ({"timezone": "../etc"}, r"time zone \.\./etc is unknown"),
    ],
)
def test_a_fault_is_named_by_its_field(tmp_path: Path, values: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        read_site(changed(tmp_path, **values))


HAIDE, TIDE, SHIP = ("plants", 0), ("docks", 2, "tide"), ("platforms", 0)
SALE = ("contracts", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("vessels", 0, "home_dock", to="press-ship"), "vessel lu-01 names the unknown dock press-ship"),
        (put("landed_material", to="kelp"), "landed_material names the unknown material kelp"),
        (put("materials", 0, "becomes", to="kelp"), "material wet-fresh names the unknown material kelp"),
        (put(*HAIDE, "stores", 1, "materials", to=["kelp"]), "a store of haide-polysaccharide names the unknown"),
        (put(*HAIDE, "tasks", 0, "unit", to="anvil"), "task press of haide-polysaccharide names the unknown unit"),
        (put(*HAIDE, "tasks", 0, "outputs", 0, "material", to="kelp"), "task press of haide-.* material kelp"),
        (put("links", 0, "origin", to="nowhere"), "link rushankou-haide names the unknown place nowhere"),
        (put("links", 0, "fleet", to="camels"), "link rushankou-haide names the unknown fleet camels"),
        (put("links", 0, "materials", to=["kelp"]), "link rushankou-haide names the unknown material kelp"),
        (put("supplies", 0, "place", to="nowhere"), "supply beach-cleaning names the unknown place nowhere"),
        (put("supplies", 0, "material", to="kelp"), "supply beach-cleaning names the unknown material kelp"),
        (put(*SALE, "place", to="nowhere"), "contract polysaccharide-sale names the unknown place nowhere"),
        (put(*SALE, "material", to="kelp"), "contract polysaccharide-sale names the unknown material kelp"),
        (twice("vessels"), "vessel lu-01 is there twice"),
        (twice("materials"), "material wet-fresh is there twice"),
        (twice("contracts"), "contract polysaccharide-sale is there twice"),
        (twice(*SHIP, "stations"), "station of press-ship west is there twice"),
        (twice(*HAIDE, "tasks"), "task of haide-polysaccharide press is there twice"),
        (put(*SHIP, "id", to="rushankou"), "place rushankou is there twice"),
        (put("materials", 4, "becomes", to="powder"), "material dried keeps, so it becomes nothing"),
        (put("materials", 1, "shelf_life_h", to=18), "wet-stale must live longer than wet-fresh, which becomes it"),
        (put("materials", 1, "becomes", to="wet-fresh"), "wet-fresh must live longer than wet-stale"),
        (twice("docks", 0, "stores"), "place rushankou has two stores for wet-fresh"),
        (put("docks", 0, "stores", 0, "materials", to=["dried"]), "rushankou has no store for wet-fresh, which boats"),
        (put(*SHIP, "stores", to=[]), "press-ship has no store for wet-fresh, which boats land there"),
        (put("supplies", 0, "tonnes", to=201), "brings 201 t to yintan-fertilizer, whose store wet-sand holds 200 t"),
        (put("supplies", 0, "place", to="rushankou"), "brings wet-sand to rushankou, which has no store for it"),
        (
            put("links", 0, "target", to="langnuankou"),
            "link rushankou-haide has cake lie at langnuankou, which has no",
        ),
        (put(*HAIDE, "tasks", 0, "outputs", 0, "material", to="feed"), "task press of haide-.* has feed lie at haide"),
        (put(*SALE, "place", to="rushankou"), "contract polysaccharide-sale has polysaccharide lie at rushankou"),
        (put(*HAIDE, "stores", 2, "stock", to={"powder": 1}), "a store of haide-.* holds or values powder"),
        (put(*HAIDE, "stores", 2, "stock", to={"dried": 41}), "of haide-polysaccharide begins with more than its 40 t"),
        (put(*HAIDE, "stores", 2, "stock", to={"dried": -1}), "of haide-polysaccharide begins with less than nothing"),
        (put(*SALE, "min_t", to=7), "contract polysaccharide-sale: max_t lies below min_t"),
        (put(*HAIDE, "tasks", 0, "batch_max_t", to=19), "task press: batch_max_t lies below batch_min_t"),
        (put(*TIDE, "around_h", to=6.3), "around_h of a tide must lie below half its period"),
        (put(*TIDE, "high_water", to="2026-06-19T09:00:00+08:00"), "docks.2.tide.high_water"),
        (put(*SHIP, "stations", to=[]), "platforms.0.stations"),
    ],
)
def test_what_does_not_agree_is_named(tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str):
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    change(data)
    with pytest.raises(InputError, match=message):
        read_site(written(tmp_path / "site.yaml", **data))


class TestExtends:
    def test_entries_are_added_and_the_rest_is_replaced(self, site: Site):
        oyster = read_site(OYSTER)
        assert oyster.id == "rushan-oyster"
        assert oyster.materials[: len(site.materials)] == site.materials
        assert oyster.plants[: len(site.plants)] == site.plants
        assert (oyster.docks, oyster.vessels, oyster.planning) == (site.docks, site.vessels, site.planning)
        assert oyster.own_waters == site.own_waters

    def test_mappings_are_laid_over_and_figures_replaced(self, tmp_path: Path, site: Site):
        short = written(tmp_path / "short.yaml", extends=str(FILE), planning={"horizon_h": 24}, sea_point=[122.0, 36.3])
        middle = read_site(short)
        assert middle.planning == site.planning.model_copy(update={"horizon_h": 24})
        assert middle.sea_point == (122.0, 36.3)
        last = read_site(written(tmp_path / "last.yaml", extends="short.yaml", coast_buffer_m=1))
        assert last == middle.model_copy(update={"coast_buffer_m": 1})

    def test_the_coastline_lies_beside_the_file_that_names_it(self, tmp_path: Path, site: Site):
        assert read_site(written(tmp_path / "a.yaml", extends=str(FILE))).coastline == site.coastline
        own = read_site(written(tmp_path / "b.yaml", extends=str(FILE), coastline="own.geojson"))
        assert own.coastline == (tmp_path / "own.geojson").resolve()

    def test_what_cannot_be_extended(self, tmp_path: Path):
        written(tmp_path / "one.yaml", extends="two.yaml")
        two = written(tmp_path / "two.yaml", extends="one.yaml")
        with pytest.raises(InputError, match=r"two\.yaml extends itself by way of one\.yaml"):
            read_site(two)
        with pytest.raises(InputError, match=r"none\.yaml cannot be read"):
            read_site(written(tmp_path / "lost.yaml", extends="none.yaml"))
        with pytest.raises(InputError, match="write the name of one site file"):
            read_site(written(tmp_path / "many.yaml", extends=["one.yaml", "two.yaml"]))


def test_no_yaml_and_no_file_are_sentences(tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(InputError, match="not YAML"):
        read_site(tmp_path / "bad.yaml")
    (tmp_path / "list.yaml").write_text("- a\n- b\n")
    with pytest.raises(InputError, match="is not a site file"):
        read_site(tmp_path / "list.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        read_site(tmp_path / "none.yaml")
