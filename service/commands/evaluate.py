"""``greentide evaluate``: detection beside its peers on the same pixels, and against known truth."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import OutOption, SiteOption, load_site
from service.commands.train import DEFAULT_DATA
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide evaluate --data ../shared/data --out scores

greentide evaluate --weights training-runs/first/segmenter.safetensors --quick --out scores
"""


def evaluate(
    out: OutOption,
    data: Annotated[Path, typer.Option(help="The folder that holds marida/ and crops/.")] = DEFAULT_DATA,
    weights: Annotated[
        Path | None,
        typer.Option(help="Weights to score everywhere.", show_default="each fold's own, else those that are shipped"),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer scenes and seeds, for a first look.")] = False,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Score detection, run as a user runs it: writes table.md, table.csv and gallery.html, and prints the tables."""
    from training.evaluation.run import QUICK, WHOLE
    from training.evaluation.run import evaluate as run
    from training.evaluation.table import markdown

    where, coast = load_site(site)
    with shown_steps() as steps:
        tables = run(data, where, coast, out, weights, QUICK if quick else WHOLE, steps.step)
    stdout().print(markdown(tables), highlight=False, soft_wrap=True, markup=False)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(evaluate)
