"""What every room's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import settings
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin

from documents.coast import Coast
from documents.scene import Level
from documents.site import Site, read_site, site_coast
from optimizer import continuous
from training.simulate import product
from training.simulate.extent import Extent

settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")

REPOSITORY = Path(__file__).resolve().parents[1]
PLANT = "yintan-fertilizer"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is cached away from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def site() -> Site:
    """Return the site of Rushan."""
    return read_site(REPOSITORY / "configs" / "rushan.yaml")


@pytest.fixture(scope="session")
def coast(site: Site) -> Coast:
    """Return the coast of Rushan."""
    return site_coast(site)


@pytest.fixture(scope="session")
def quick_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site file of Rushan with two vessels, one plant, few patches, and a short search."""
    folder = REPOSITORY / "configs"
    told = yaml.safe_load((folder / "rushan.yaml").read_text(encoding="utf-8"))
    told["coastline"] = str(folder / told["coastline"])
    told["vessels"] = [vessel for vessel in told["vessels"] if vessel["home_dock"] == "nankuang"]
    others = {plant["id"] for plant in told["plants"]} - {PLANT}
    told["plants"] = [plant for plant in told["plants"] if plant["id"] == PLANT]
    told["links"] = [link for link in told["links"] if others.isdisjoint((link["origin"], link["target"]))]
    told["contracts"] = [contract for contract in told["contracts"] if contract["place"] == PLANT]
    told["planning"] |= {"work": 1, "max_patches": 3}
    path = tmp_path_factory.mktemp("site") / "rushan.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rough_bounds() -> Iterator[None]:
    """Bound plans in continuous time with a hundredth of the work, where a test is not about that bound."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ROUND_WORK", "LAST_WORK", "ALL_WORK"):
            patch.setattr(continuous, name, getattr(continuous, name) / 100.0)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data, or skip."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the real data of ../shared are absent")
    return folder


SEA_GRID = GeoBox((360, 360), from_origin(382_980, 4_063_980, 10, 10), "EPSG:32651")
"""3.6 km of open sea off Rushan."""


@pytest.fixture(scope="session", params=[Level.L1C, Level.L2A])
def safe_product(
    request: pytest.FixtureRequest, site: Site, coast: Coast, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a small simulated product, in either level, with its truth beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(product, "scene_grid", lambda *_: ("51SUA", SEA_GRID))
        return product.simulate(site, coast, 3, Extent.DEMO, request.param, tmp_path_factory.mktemp("product"))
