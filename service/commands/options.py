"""Options that several commands take, and how their text is read."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from documents.errors import InputError

if TYPE_CHECKING:
    from documents.coast import Coast
    from documents.site import Site

SiteOption = Annotated[Path, typer.Option("--site", help="The site file (YAML).", show_default="configs/rushan.yaml")]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to write into; made if it is not there.")]
DayOption = Annotated[
    str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="The business day; by default that of the image.")
]


def parse_day(text: str | None) -> date | None:
    """Return the date that ``text`` writes as YYYY-MM-DD; raise InputError when it does not."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text} is not a day; write it as YYYY-MM-DD.") from error


def load_site(path: Path) -> "tuple[Site, Coast]":
    """Return the site at ``path`` with its coast."""
    from documents.site import read_site, site_coast

    site = read_site(path)
    return site, site_coast(site)
