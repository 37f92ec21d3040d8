"""Tables of scores: cells, some with an interval, written as Markdown for people and as CSV for programs."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A figure with its bootstrap 95 % interval."""

    value: float
    low: float
    high: float
    percent: bool = False

    def __str__(self) -> str:
        """Return "0.991 (0.972–1.000)", or the same in per cent."""
        return f"{self._text(self.value)} ({self._text(self.low)} – {self._text(self.high)})"

    def _text(self, value: float) -> str:
        if math.isnan(value):
            return "—"
        return f"{100 * value:.3g} %" if self.percent else f"{value:.3f}"


Cell = str | int | float | Estimate


@dataclass(frozen=True)
class Table:
    """One table; the first ``keys`` columns say what a row is about."""

    name: str
    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: int = 1


def markdown(tables: Sequence[Table]) -> str:
    """Return the tables as Markdown, each with its title above and its notes below."""
    parts = []
    for table in tables:
        lines = [f"## {table.title}", "", _row(table.columns), _row(["---"] * len(table.columns))]
        lines += [_row([_shown(cell) for cell in row]) for row in table.rows]
        lines += ["", *(f"- {note}" for note in table.notes)]
        parts.append("\n".join(lines).rstrip() + "\n")
    return "\n".join(parts)


def comma_separated(tables: Sequence[Table]) -> str:
    """Return one line for each figure of all tables: table, what it is about, measure, value, low, high."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "of", "measure", "value", "low", "high"])
    for table in tables:
        for row in table.rows:
            about = " / ".join(str(cell) for cell in row[: table.keys])
            for column, cell in zip(table.columns[table.keys :], row[table.keys :], strict=True):
                figures = [cell.value, cell.low, cell.high] if isinstance(cell, Estimate) else [cell, "", ""]
                writer.writerow([table.name, about, column, *(_rounded(figure) for figure in figures)])
    return out.getvalue()


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return "—" if math.isnan(cell) else f"{cell:.3f}"
    return str(cell)


def _rounded(figure: object) -> object:
    return round(figure, 6) if isinstance(figure, float) else figure
