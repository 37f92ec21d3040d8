"""What all commands share: messages on stderr, progress, exit codes, and where things lie by default."""

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
import typer.core
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from documents.errors import GreentideError

Report = Callable[[str, float], None]
"""Told what is being done and which share of the step is done, 0–1."""

DEFAULT_SITE = Path(__file__).resolve().parents[1] / "configs" / "rushan.yaml"

VIOLATIONS = 1
"""Exit code of a check that found violations."""


class StepError(GreentideError):
    """A step of the day failed; the sentence says which, why, and what still stands."""


class SentenceGroup(typer.core.TyperGroup):
    """A command group that turns a GreentideError into one sentence on stderr and the error's exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a fault of the program itself still shows its traceback, below the sentence."""
        try:
            return super().invoke(ctx)
        except GreentideError as error:
            console = stderr()
            console.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True, highlight=False)
            if isinstance(error, StepError) and not isinstance(error.__cause__, GreentideError):
                console.print(escape("".join(traceback.format_exception(error.__cause__))), soft_wrap=True)
            raise typer.Exit(error.exit_code) from error


def stderr() -> Console:
    """Return a console on today's stderr."""
    return Console(stderr=True)


def stdout() -> Console:
    """Return a console on today's stdout."""
    return Console()


class Steps:
    """Shows the steps of a job as they are done, and keeps how long each took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.timings_s: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[Report]:
        """Time the step ``name`` and yield what its work reports to."""
        task = self._progress.add_task(title, total=1.0, doing="")
        started = time.perf_counter()
        yield self._reporter(task)
        self._progress.update(task, completed=1.0, doing="")
        self.timings_s[name] = round(time.perf_counter() - started, 3)

    def _reporter(self, task: TaskID) -> Report:
        def report(doing: str, share: float) -> None:
            self._progress.update(task, completed=share, doing=doing)

        return report


@contextmanager
def shown_steps() -> Iterator[Steps]:
    """Yield the steps of a job, shown on stderr."""
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[doing]}"),
    )
    with Progress(*columns, console=stderr()) as progress:
        yield Steps(progress)
