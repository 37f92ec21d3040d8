"""A printable sheet: facts, tables and notes, as Markdown and as an HTML page for A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """Rows of text under a heading; ``right`` names the columns that are figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """One sheet of paper."""

    title: str
    facts: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]

    def markdown(self) -> str:
        """Return the sheet as Markdown."""
        blocks = [f"# {self.title}", "\n".join(f"- {fact}" for fact in self.facts)]
        blocks += [f"## {table.title}\n\n{markdown_table(table)}" for table in self.tables]
        blocks += [f"> {note}" for note in self.notes]
        return "\n\n".join(blocks) + "\n"

    def html(self) -> str:
        """Return the sheet as a page that prints on A4, landscape."""
        facts = "".join(f"<li>{escape(fact)}</li>" for fact in self.facts)
        tables = "".join(f"<h2>{escape(table.title)}</h2>\n{_html_table(table)}\n" for table in self.tables)
        notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in self.notes)
        return (
            f'<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>{escape(self.title)}</title>\n'
            f"<style>{_STYLE}</style></head>\n<body>\n<h1>{escape(self.title)}</h1>\n<ul>{facts}</ul>\n{tables}{notes}"
            "</body>\n</html>\n"
        )


def markdown_table(table: Table) -> str:
    """Return the table as Markdown."""
    lines = [_row(table.columns), _row(["--:" if column in table.right else "---" for column in table.columns])]
    return "\n".join([*lines, *(_row(row) for row in table.rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _html_table(table: Table) -> str:
    head = "".join(f'<th class="{_align(table, column)}">{escape(column)}</th>' for column in table.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{_align(table, column)}">{escape(cell)}</td>'
            for column, cell in zip(table.columns, row, strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


def _align(table: Table, column: str) -> str:
    return "figure" if column in table.right else "text"


_STYLE = """
@page { size: A4 landscape; margin: 12mm }
body { font: 11pt/1.4 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; color: #111 }
h1 { font-size: 17pt; margin: 0 0 4mm } h2 { font-size: 13pt; margin: 5mm 0 2mm }
ul { margin: 0; padding-left: 5mm }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: 0.3mm solid #555; padding: 1mm 2mm; text-align: left; vertical-align: top; word-break: keep-all }
th { background: #e8eef2 } .figure { text-align: right; font-variant-numeric: tabular-nums }
p.note { font-size: 9.5pt; color: #444; margin: 2mm 0 0 }
"""
