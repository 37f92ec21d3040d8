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
        str | None, typer.Option(help="A scene to hold out: no pixel of it is read.", show_default="none")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs to train for.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of everything that is drawn.")] = None,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Train the segmenter: writes segmenter.safetensors, its course as tables and pictures, and a checkpoint.

    The same command takes a killed training up again at its last epoch.
    """
    from dataclasses import replace

    from documents.site import read_site
    from training.recipe import Recipe
    from training.train import train as run

    changes = {"held_out": fold, "epochs": epochs, "seed": seed}
    recipe = replace(Recipe(), **{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]
    where = read_site(site)
    with shown_steps() as shown, shown.step("train", "Train") as report:
        weights = run(data, where, out, recipe, report)
    stdout().print(f"Written {weights}.", highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(train)
