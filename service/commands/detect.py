"""``greentide detect``: from one scene to cover map, observed map and patches."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import OutOption, parse_day
from service.console import shown_steps, stderr, stdout

EPILOG = """Examples:

greentide detect S2B_MSIL1C_20260618T023551_N0511_R089_T51SUA_20260618T050000.SAFE.zip --out today

greentide detect mosaic.tif --scale 0.0001 --offset -0.1 --out found
"""


def detect(
    scene: Annotated[Path, typer.Argument(help="A Sentinel-2 .SAFE folder, its zip, or a multi-band GeoTIFF.")],
    out: OutOption,
    site: Annotated[
        Path | None, typer.Option("--site", help="The site file; without it, land comes from the image alone.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(help="Reflectance per digital number, for an integer GeoTIFF without tags.")
    ] = None,
    offset: Annotated[float | None, typer.Option(help="Reflectance at digital number 0, likewise.")] = None,
    day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of an image that does not say when it was taken.")
    ] = None,
) -> None:
    """Find floating algae in one scene: writes cover.tif, observed.tif and patches.geojson.

    Exit code 3: the scene is sound, but no water was seen clear in it.
    """
    from detection.detect import detect as find
    from detection.open_scene import open_scene
    from documents.errors import NoDataError
    from documents.site import read_site
    from service.papers.words import BEIJING
    from service.staging import staged_files
    from service.timing import UNDATED, date_scene, leave_undated

    where, chosen = read_site(site) if site is not None else None, parse_day(day)
    with staged_files(out) as stage, shown_steps() as steps:
        with steps.step("detect", "Detect") as report, open_scene(scene, scale, offset) as opened:
            if opened.info.sensing_time is None and chosen is not None:
                date_scene(opened, chosen, where.zone if where is not None else BEIJING)
            elif opened.info.sensing_time is None:
                leave_undated(opened)
            patches = find(opened, where, stage, report)
        if patches.clear_share == 0.0:
            raise NoDataError(f"{opened.info.id} shows no clear water at all; take another image.")
    if patches.sensing_time == UNDATED:
        stderr().print(
            f"[yellow]Note:[/] {opened.info.id} does not say when it was taken: its patches are dated "
            f"{UNDATED:%Y-%m-%d}. Give --day before anything is made of them.",
            soft_wrap=True,
            highlight=False,
        )
    if patches.lacking_bands:
        stderr().print(
            f"[yellow]Note:[/] {opened.info.id} lacks {', '.join(patches.lacking_bands)}: what is said of it is less "
            "sure.",
            soft_wrap=True,
            highlight=False,
        )
    mass = patches.biomass
    stdout().print(
        f"{len(patches.patches)} patches, {patches.coverage_area_km2:.3f} km² covered, "
        f"{mass.low_t:.0f}–{mass.mid_t:.0f}–{mass.high_t:.0f} t wet; "
        f"{patches.clear_share:.0%} of the sea in the image seen clear. Written to {out}.",
        highlight=False,
        soft_wrap=True,
    )


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(detect)
