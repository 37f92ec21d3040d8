"""``greentide daily``: the whole day."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import DayOption, SiteOption, parse_day
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide daily --site configs/rushan.yaml

greentide daily --scene S2B_MSIL1C_20260618T023551_N0511_R089_T51SUA_20260618T050000.SAFE

greentide daily --scene west.tif --scene east.tif
"""


def daily(
    site: SiteOption = DEFAULT_SITE,
    scene: Annotated[
        list[Path] | None,
        typer.Option(help="The scene of the day, or each of one pass. None: a simulated one."),
    ] = None,
    day: DayOption = None,
    runs: Annotated[Path, typer.Option(help="The folder that holds a folder a day.")] = Path("runs"),
) -> None:
    """Make a whole day: patches, tracks, the plan, and the papers of each desk, in runs/<business day>/.

    A day that cannot be finished leaves the one made before as it was.
    """
    from service.daily import make_day, make_demo
    from service.summary import print_summary

    chosen = parse_day(day)
    with shown_steps() as steps:
        paths = scene or [make_demo(site, runs, steps)]
        made = make_day(site, paths, chosen, runs, steps, simulated=not scene)
    print_summary(made.day, made.folder, stdout())


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(daily)
