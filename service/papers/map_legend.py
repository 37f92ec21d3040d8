"""The legend of the map and the text beside it."""

import re
import unicodedata
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch as Swatch

from documents.plan import StopKind, Voyage
from documents.site import EXAMPLE
from service.papers.bulletin import conclusions
from service.papers.day import Day
from service.papers.map_layers import (
    ASSETS,
    BUFFER_COLOUR,
    COAST_COLOUR,
    DRIFT_LINE,
    WATERS_COLOUR,
    vessel_colours,
)
from service.papers.map_spots import SIGNS, spots
from service.papers.words import sensor, tonnes

LEFT, TOP = 0.765, 0.935
LINE = 44
"""Columns a line of the text below the legend; a Chinese character takes two."""


def draw_legend(figure: Figure, day: Day) -> None:
    """Draw signs, routes and sources to the right of the map."""
    signs = _signs(day) + _route_signs(day)
    legend = figure.legend(
        handles=signs,
        loc="upper left",
        bbox_to_anchor=(LEFT, TOP),
        fontsize=8.6,
        frameon=False,
        borderaxespad=0,
        labelspacing=0.45,
        handlelength=2.4,
        title="图例",
        title_fontsize=11,
        alignment="left",
    )
    bottom = legend.get_window_extent().transformed(figure.transFigure.inverted()).y0
    figure.text(LEFT + 0.004, bottom - 0.012, _text(day), fontsize=8, va="top", linespacing=1.45, color="#222222")


def _line(label: str, **style: Any) -> Line2D:
    return Line2D([], [], label=label, **style)


def _marker(label: str, marker: str, colour: str, size: float) -> Line2D:
    return _line(label, marker=marker, color=colour, linestyle="none", markersize=size, markeredgecolor="white")


def _signs(day: Day) -> list[Any]:
    shown = {spot.kind for spot in spots(day)}
    buffer = f"岸线缓冲 {day.site.coast_buffer_m:.0f} m（{EXAMPLE}）：其内水面不作判断"
    return [
        Swatch(facecolor="#ffe14d66", edgecolor="black", linewidth=1.2, label="漂浮藻类斑块（成像时位置；湿重中值）"),
        Swatch(
            facecolor="#b9cfdd",
            edgecolor="#3a4f63",
            linewidth=0.5,
            hatch="////",
            label="未观测（云、云影、耀斑、无影像），不等于无浒苔",
        ),
        _line("岸线（GSHHG 2.3.7）", color=COAST_COLOUR, linewidth=0.9),
        _line(buffer, color=BUFFER_COLOUR, linewidth=0.8, linestyle=(0, (4, 2))),
        _line(f"管辖水域界线（{EXAMPLE}）", color=WATERS_COLOUR, linewidth=1.2, linestyle=(0, (7, 2, 1.5, 2))),
        *(_marker(kind.value, s.marker, s.colour, s.size) for kind, s in SIGNS.items() if kind in shown),
        *(_marker(f"{name}（虚线圈为受害范围）", "D", colour, 6) for name, colour in ASSETS.values()),
    ]


def _route_signs(day: Day) -> list[Any]:
    if day.plan is None or not day.plan.voyages:
        return []
    colours, names = vessel_colours(day.site), {vessel.id: vessel.name for vessel in day.problem.vessels}
    by_vessel: dict[str, list[Voyage]] = {}
    for voyage in day.plan.voyages:
        by_vessel.setdefault(voyage.vessel_id, []).append(voyage)
    signs = [
        _line("斑块自成像至采收的漂移（推算）", **DRIFT_LINE),
        _line("航线与采收点（采收时位置，按漂移推算）：", linestyle="none"),
    ]
    for vessel_id, voyages in by_vessel.items():
        mass = sum(stop.tonnes for v in voyages for stop in v.stops if stop.kind is StopKind.COLLECT)
        label = f"{names[vessel_id]}{day.marks.vessel(vessel_id)}　采收 {tonnes(mass)}"
        signs.append(_line(label, color=colours[vessel_id], linewidth=2.4, marker="o", markersize=8, mec="white"))
    return signs


def _text(day: Day) -> str:
    source = "模拟影像（哨兵-2 格式）" if day.simulated else "含改编的 Copernicus Sentinel 数据"
    paragraphs = [
        *conclusions(day),
        f"底图：{'、'.join(sensor(scene) for scene in day.patches.scenes)} 假彩色 B08/B04/B03，{source}。",
        f"岸线：{day.coast.attribution.rstrip('.。')}。坐标 WGS-84，图面为 UTM 投影；时间均为北京时间。",
        f"标“{EXAMPLE}”者为可修改的默认值，非公开数据。",
    ]
    return "\n".join(line for paragraph in paragraphs for line in wrapped(paragraph, LINE))


def wrapped(text: str, columns: int) -> list[str]:
    """Return ``text`` in lines of at most ``columns``; Chinese breaks anywhere but before a closing mark.

    Latin words stay whole, and the space at which a line breaks is dropped.
    """
    lines, width = [""], 0
    for word in re.findall(rf"[!-~]{{1,{columns}}}|.", text):
        wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in word)
        if width + wide > columns and word not in "，。；：、）？！”":
            if word == " ":
                continue
            lines.append("")
            width = 0
        lines[-1] += word
        width += wide
    return [line.rstrip(" ") for line in lines]
