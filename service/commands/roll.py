"""``greentide roll``: the problem as it stands at a moment of the plan that is carried out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from documents.errors import InputError
from service.console import stdout

EPILOG = """Examples:

greentide roll today/problem.json today/plan.json --at 2026-06-18T09:00+08:00 -o noon/problem.json --rest noon/rest.json

greentide plan noon/problem.json --previous noon/rest.json --out noon
"""


def roll(
    problem: Annotated[Path, typer.Argument(help="problem.json.")],
    plan: Annotated[Path, typer.Argument(help="plan.json, made from that problem and being carried out.")],
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="TIME",
            help="Whole hours after the start, with its zone: 2026-06-18T09:00+08:00.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the problem as it stands then.")],
    rest: Annotated[
        Path | None, typer.Option("--rest", help="Where to write what is left of the plan, for plan --previous.")
    ] = None,
) -> None:
    """Roll on: write the problem as it stands at a moment of the plan that is carried out.

    What has begun by then is done to its end as planned, and no longer planned: voyages that have left home, batches,
    hauls. What they hold, use and will give, what was sold and what lies where and how old, the problem tells.
    """
    from service.planning import roll_file

    rolled = roll_file(problem, plan, _time(at), out, rest)
    begun, left = len(rolled.begun.voyages), len(rolled.rest.voyages)
    written = out if rest is None else f"{out} and {rest}"
    stdout().print(
        f"{begun} voyages begun, {left} still to begin; {rolled.problem.horizon_h} h left, and the rest of the plan"
        f" is worth {rolled.rest.objective.total_cny:,.0f} CNY. Written to {written}.",
        highlight=False,
        soft_wrap=True,
    )


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text} is no time; write it as 2026-06-18T09:00+08:00.") from error
    if time.tzinfo is None:
        raise InputError(f"{text} needs a zone; write it as 2026-06-18T09:00+08:00.")
    return time


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(roll)
