"""Placing labels so that no text lies on another text, on a marker, or beyond the map's edge."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from matplotlib.axes import Axes
from matplotlib.text import Text
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

ANGLES = tuple(range(0, 360, 15))
REACH_PX = (14, 26, 42, 64, 92, 130)
"""Distances from the anchor that are tried, from the nearest."""

PADDING_PX = 4


@dataclass(frozen=True)
class Label:
    """Text that belongs to a point of the map; the first in a list has the first choice of place."""

    text: str
    x: float
    y: float
    colour: str = "black"
    size: float = 8.5
    boxed: bool = True
    clear_px: float = 7.0
    """Radius of the marker at the anchor, which no text may cover."""
    required: bool = True
    """Placed even where it must lie on a route; otherwise left out."""


@dataclass
class Occupied:
    """What of the picture is taken, in pixels."""

    hard: list[BaseGeometry] = field(default_factory=list)
    """Texts and markers: nothing may lie on them."""
    soft: list[BaseGeometry] = field(default_factory=list)
    """Routes and outlines: better left free."""


def place_labels(axes: Axes, labels: Sequence[Label], occupied: Occupied) -> list[Label]:
    """Draw ``labels`` in order, each at the best free place near its anchor; return those that found none.

    The figure's size and the extent of ``axes`` must be final, for places are found in pixels.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = box(*axes.get_window_extent(renderer).extents).buffer(-PADDING_PX)
    anchors = [Point(axes.transData.transform((label.x, label.y))) for label in labels]
    occupied.hard += [anchor.buffer(label.clear_px) for anchor, label in zip(anchors, labels, strict=True)]
    left_out = []
    for label, anchor in zip(labels, anchors, strict=True):
        text = _draw(axes, label)
        extent = text.get_window_extent(renderer)
        places = _places(anchor, extent.width + 2 * PADDING_PX, extent.height + 2 * PADDING_PX, label.clear_px)
        best = _best(places, anchor, frame, occupied, label)
        if best is None:
            text.remove()
            left_out.append(label)
            continue
        occupied.hard.append(best)
        middle = axes.transData.inverted().transform((best.centroid.x, best.centroid.y))
        text.set_position((float(middle[0]), float(middle[1])))
        leader = _leader(best, anchor)
        if leader.length > label.clear_px + 4:
            _draw_leader(axes, leader, label.colour)
            occupied.soft.append(leader)
    return left_out


def pixel_lines(axes: Axes, lines: Iterable[Sequence[tuple[float, float]]]) -> list[BaseGeometry]:
    """Return polylines of the map in pixels."""
    return [LineString(axes.transData.transform(list(line))) for line in lines if len(line) > 1]


def _draw(axes: Axes, label: Label) -> Text:
    frame = {"boxstyle": "round,pad=0.18", "fc": "white", "ec": label.colour, "lw": 0.7, "alpha": 0.9}
    return axes.text(
        label.x,
        label.y,
        label.text,
        fontsize=label.size,
        color=label.colour,
        ha="center",
        va="center_baseline",
        linespacing=1.15,
        bbox=frame if label.boxed else {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.72},
        zorder=11,
    )


def _places(anchor: Point, width: float, height: float, clear: float) -> list[tuple[float, BaseGeometry]]:
    """Return (distance, rectangle) of every place tried."""
    found: list[tuple[float, BaseGeometry]] = []
    for reach in REACH_PX:
        for angle in ANGLES:
            dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            # The rectangle touches the circle of radius `reach` from outside, whatever its shape.
            x = anchor.x + dx * (reach + clear) + dx * width / 2
            y = anchor.y + dy * (reach + clear) + dy * height / 2
            found.append((float(reach), box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)))
    return found


def _best(
    places: Sequence[tuple[float, BaseGeometry]], anchor: Point, frame: BaseGeometry, occupied: Occupied, label: Label
) -> BaseGeometry | None:
    tree, soft = shapely.STRtree(occupied.hard), shapely.STRtree(occupied.soft)
    best, best_cost = None, math.inf
    for reach, place in places:
        if reach >= best_cost:
            break
        if not frame.contains(place) or len(tree.query(place, predicate="intersects")):
            continue
        leader = _leader(place, anchor)
        if any(leader.intersection(occupied.hard[i]).length > 2 * label.clear_px for i in tree.query(leader)):
            continue
        crossed = len(soft.query(place, predicate="intersects"))
        if crossed and not label.required:
            continue
        cost = reach + 40.0 * crossed
        if cost < best_cost:
            best, best_cost = place, cost
    return best


def _leader(place: BaseGeometry, anchor: Point) -> LineString:
    return shapely.shortest_line(anchor, place)


def _draw_leader(axes: Axes, leader: LineString, colour: str) -> None:
    ends = axes.transData.inverted().transform(list(leader.coords))
    axes.plot(ends[:, 0], ends[:, 1], color=colour, linewidth=0.8, alpha=0.9, zorder=10)
