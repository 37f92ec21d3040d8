"""Which papers lie on the disk."""

from pathlib import Path

import pytest

from documents.coast import Coast
from documents.site import Site
from service.papers import write
from tests.service.handmade import make_day, make_scene, write_observed


def test_every_plant_and_platform_has_its_sheet_by_its_id(
    site: Site, coast: Coast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene()
    write_observed(tmp_path, scene)
    monkeypatch.setattr(write, "write_map", lambda *_: None)
    write.write_papers(make_day(site, coast), scene, tmp_path, lambda *_: None)
    places, vessels = ("haide", "yintan", "rushankou-feed", "ruqing-1"), ("lu-01", "lu-02", "lu-04")
    assert {path.name for path in (tmp_path / "intake").iterdir()} == {
        f"{place}.{kind}" for place in places for kind in ("md", "html")
    }
    assert {path.name for path in (tmp_path / "routes").iterdir()} == {
        *(f"{vessel}.{kind}" for vessel in vessels for kind in ("md", "html")),
        "lu-04.gpx",
    }
    assert "# 乳清平台一号（ruqing-1）平台安排" in (tmp_path / "intake" / "ruqing-1.md").read_text(encoding="utf-8")
