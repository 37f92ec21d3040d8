"""The command line: one file a command in :mod:`service.commands`, gathered here.

Nothing heavy is imported until a command runs, so that ``--help`` answers at once.
"""

import typer

from service.commands import check, daily, detect, drift, evaluate, explain, plan, roll, simulate, train
from service.console import SentenceGroup

app = typer.Typer(
    cls=SentenceGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Find green tide in Sentinel imagery, drift it, and plan the boats and plants that make use of it.",
)


@app.callback()
def _greentide() -> None:
    """Find green tide in Sentinel imagery, drift it, and plan the boats and plants that make use of it.

    Exit codes: 0 done, 1 a check found violations, 2 bad input, 3 no data.
    """


for command in (daily, detect, drift, plan, roll, explain, check, simulate, train, evaluate):
    command.register(app)


def main() -> None:
    """Run the command line."""
    app()
