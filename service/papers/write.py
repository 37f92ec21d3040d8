"""All papers of a day into its folder."""

from pathlib import Path

from detection.scene import Scene
from documents.base import write_text
from service.console import Report
from service.files import BULLETIN, INTAKE, ROUTES
from service.papers.bulletin import bulletin
from service.papers.day import Day
from service.papers.intake_sheet import intake_sheet
from service.papers.map import write_map
from service.papers.platform_sheet import platform_sheet
from service.papers.route_gpx import route_gpx
from service.papers.route_sheet import route_sheet
from service.papers.sheet import Sheet


def write_papers(day: Day, scene: Scene, folder: Path, report: Report) -> None:
    """Write bulletin, sheets, routes and map of ``day`` into ``folder``, where its ``observed.tif`` lies."""
    report("bulletin", 0.0)
    write_text(folder / BULLETIN, bulletin(day, folder))
    report("sheets", 0.1)
    for vessel in day.problem.vessels:
        _write_sheet(route_sheet(day, vessel), folder / ROUTES, vessel.id)
        gpx = route_gpx(day, vessel)
        if gpx is not None:
            write_text(folder / ROUTES / f"{vessel.id}.gpx", gpx)
    for plant in day.plants:
        _write_sheet(intake_sheet(day, plant), folder / INTAKE, plant.id)
    for platform in day.problem.platforms:
        _write_sheet(platform_sheet(day, platform), folder / INTAKE, platform.id)
    report("map", 0.2)
    write_map(day, scene, folder)


def _write_sheet(sheet: Sheet, folder: Path, name: str) -> None:
    write_text(folder / f"{name}.md", sheet.markdown())
    write_text(folder / f"{name}.html", sheet.html())
