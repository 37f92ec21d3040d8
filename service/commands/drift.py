"""``greentide drift``: from patches to tracks."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import OutOption, SiteOption
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Example:

greentide drift today/patches.geojson --site configs/rushan.yaml --out today
"""


def drift(
    patches: Annotated[Path, typer.Argument(help="patches.geojson, as detect wrote it.")],
    out: OutOption,
    site: SiteOption = DEFAULT_SITE,
) -> None:
    """Forecast where each patch will be, hour by hour, and what it threatens: writes tracks.geojson."""
    from documents.patches import Patches
    from drift.forecast import forecast
    from service.commands.options import load_site
    from service.files import TRACKS
    from service.staging import staged_files

    where, coast = load_site(site)
    found = Patches.read(patches)
    with staged_files(out) as stage, shown_steps() as steps, steps.step("drift", "Drift"):
        tracks = forecast(found, where, coast)
        tracks.write(stage / TRACKS)
    threatened = {arrival.asset_id for arrival in tracks.arrivals}
    stdout().print(
        f"{len(found.patches)} patches over {len(tracks.times) - 1} h; "
        f"{len(threatened)} of {len(where.assets)} assets within reach. Written to {out / TRACKS}.",
        highlight=False,
        soft_wrap=True,
    )


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(drift)
