"""``greentide check``: replay a plan against its problem."""

from pathlib import Path
from typing import Annotated

import typer

from service.console import VIOLATIONS, stdout

EPILOG = """Example:

greentide check runs/2026-06-18/problem.json runs/2026-06-18/plan.json
"""


def check(
    problem: Annotated[Path, typer.Argument(help="problem.json.")],
    plan: Annotated[Path, typer.Argument(help="plan.json, made from that problem.")],
) -> None:
    """Replay a plan in continuous time and name every rule that it breaks.

    Exit code 1: at least one rule is broken.
    """
    from rich.table import Table

    from service.planning import check_files

    violations = check_files(problem, plan)
    console = stdout()
    if not violations:
        console.print("No violations.")
        return
    table = Table("rule", "where", "what", title=f"{len(violations)} violations", title_justify="left")
    for violation in violations:
        table.add_row(str(violation.rule), violation.where, violation.message)
    console.print(table)
    raise typer.Exit(VIOLATIONS)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(check)
