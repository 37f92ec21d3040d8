"""``greentide daily``: the whole day."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import DayOption, SiteOption, parse_day
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide daily --site configs/rushan.yaml

greentide daily --scene S2B_MSIL1C_20260618T023551_N0511_R089_T51SUA_20260618T050000.SAFE
"""


def daily(
    site: SiteOption = DEFAULT_SITE,
    scene: Annotated[
        Path | None,
        typer.Option(help="The scene of the day. None: a simulated one."),
    ] = None,
    day: DayOption = None,
    runs: Annotated[Path, typer.Option(help="The folder that holds a folder a day.")] = Path("runs"),
) -> None:
    """Make a whole day: patches, tracks, the planning problem, and the papers of each desk, in runs/<business day>/.

    A day that cannot be finished leaves the one made before as it was.
    """
    from service.daily import make_day, make_demo
    from service.summary import print_summary

    chosen = parse_day(day)
    with shown_steps() as steps:
        path = scene if scene is not None else make_demo(site, runs, steps)
        made = make_day(site, path, chosen, runs, steps, simulated=scene is None)
    print_summary(made.day, made.folder, stdout())


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(daily)
