"""``greentide simulate``: a Sentinel-2 product off the site's coast, with its truth."""

from enum import StrEnum
from typing import Annotated

import typer

from service.commands.options import OutOption, SiteOption, load_site
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide simulate --seed 7 --extent demo --level L1C --out scenes/7

greentide simulate --seed 7 --extent full --level L2A --out scenes/7-full
"""


class ExtentChoice(StrEnum):
    """How much is simulated (the choices of :class:`training.simulate.extent.Extent`, without importing it)."""

    DEMO = "demo"
    FULL = "full"


class LevelChoice(StrEnum):
    """Which product is simulated."""

    L1C = "L1C"
    L2A = "L2A"


def simulate(
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")],
    out: OutOption,
    extent: Annotated[ExtentChoice, typer.Option(help="Part of a tile off the coast, or a whole tile.")] = (
        ExtentChoice.DEMO
    ),
    level: Annotated[LevelChoice, typer.Option(help="Top of atmosphere, or bottom with a classification.")] = (
        LevelChoice.L1C
    ),
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Make a Sentinel-2 product with algae in it: writes <product>.SAFE and truth/."""
    from documents.scene import Level
    from service.staging import staged_files
    from training.simulate.extent import Extent
    from training.simulate.product import simulate as make

    where, coast = load_site(site)
    with (
        staged_files(out) as stage,
        shown_steps() as steps,
        steps.step("simulate", "Simulate") as report,
    ):
        product = make(where, coast, seed, Extent(extent.value), Level(level.value), stage, progress=report)
    stdout().print(f"Written {out / product.name} and its truth in {out / 'truth'}.", highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(simulate)
