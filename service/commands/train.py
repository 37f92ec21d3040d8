"""``greentide train``: the segmenter's weights from real and simulated scenes."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import OutOption, SiteOption
from service.console import DEFAULT_SITE, shown_steps, stdout

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

EPILOG = """Examples:

greentide train --data ../shared/data --out training-runs/first

greentide train --data ../shared/data --fold S2_27-1-19_16PCC --out training-runs/fold
"""


def train(
    out: OutOption,
    data: Annotated[Path, typer.Option(help="The folder that holds marida/ and spectra/.")] = DEFAULT_DATA,
    fold: Annotated[
        str | None, typer.Option(help="The scene to hold out.", show_default="that of the shipped weights")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=20, help="Batches to train on.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Train the segmenter: writes segmenter.safetensors, loss.csv and a checkpoint from which a killed run goes on."""
    from dataclasses import replace

    from documents.site import read_site
    from training.train import Recipe
    from training.train import train as run

    recipe = Recipe()
    if fold is not None:
        recipe = replace(recipe, held_out=fold)
    if steps is not None:
        recipe = replace(recipe, steps=steps)
    where = read_site(site)
    with shown_steps() as shown, shown.step("train", "Train") as report:
        weights = run(data, where, out, recipe, report)
    stdout().print(f"Written {weights}.", highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(train)
