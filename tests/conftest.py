"""What every room's tests share."""

from pathlib import Path

import pytest

from documents.coast import Coast
from documents.site import Site, read_site, site_coast

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def site() -> Site:
    """Return the site of Rushan."""
    return read_site(REPOSITORY / "configs" / "rushan.yaml")


@pytest.fixture(scope="session")
def coast(site: Site) -> Coast:
    """Return the coast of Rushan."""
    return site_coast(site)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data, or skip."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the real data of ../shared are absent")
    return folder
