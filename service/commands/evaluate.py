"""``greentide evaluate``: detection beside its peers on the same pixels, and against simulated truth."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import OutOption, SiteOption, load_site
from service.commands.train import DEFAULT_DATA
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide evaluate --data ../shared/data --out scores

greentide evaluate --weights training-runs/first/segmenter.safetensors --seeds 2 --out scores
"""

FIRST_SEED = 9001
"""Seeds from here on are for evaluation; training draws its own from 101 on."""


def evaluate(
    out: OutOption,
    data: Annotated[Path, typer.Option(help="The folder that holds marida/.")] = DEFAULT_DATA,
    weights: Annotated[
        Path | None, typer.Option(help="The weights to score.", show_default="those that are shipped")
    ] = None,
    seeds: Annotated[int, typer.Option(min=0, help="Simulated scenes to score, by turns L1C and L2A.")] = 5,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Score detection, run as a user runs it: writes table.md, and prints it."""
    from documents.base import write_text
    from documents.scene import Level
    from models.weights import DEFAULT
    from training.evaluate import scene_table, score_scene, score_synthetic, synthetic_table
    from training.train import HELD_OUT

    chosen = weights or DEFAULT
    where, coast = load_site(site)
    with shown_steps() as steps:
        with steps.step("real", f"Real scene {HELD_OUT}") as report:
            table = scene_table(score_scene(data / "marida", HELD_OUT, report, chosen))
        simulated = []
        for index in range(seeds):
            seed, level = FIRST_SEED + index, (Level.L1C, Level.L2A)[index % 2]
            with steps.step(f"seed-{seed}", f"Simulated scene {seed} {level}") as report:
                simulated.append(score_synthetic(where, coast, seed, level, report, chosen))
    if simulated:
        table += "\n" + synthetic_table(simulated)
    write_text(out / "table.md", table)
    stdout().print(table, highlight=False, soft_wrap=True, markup=False)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(evaluate)
