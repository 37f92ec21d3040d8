"""What equipment does at most in a stretch of time, whatever the moments of a network: rows for a bound.

An optimistic network takes a unit for the whole steps of a batch alone: one of an hour and a half could run every hour.
But all that a unit begins from a moment on is done by the end of its window, and all that it has begun up to a moment
fits between the start of the window and the end of the last.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pulp

from documents.base import Window
from optimizer.clock import TINY_H, joined, span_of
from optimizer.network import Network


class Turn(NamedTuple):
    """What may begin in the step of a moment."""

    moment: int
    hours: float
    """For which it takes equipment."""
    variable: Any
    """How often it begins."""


def turns(
    network: Network, batches: Mapping[tuple[int, int], Any], trips: Mapping[tuple[int, int], Any]
) -> Iterator[Any]:
    """Yield the rows, as constraints of PuLP, for units and fleets on which something takes no whole steps.

    ``batches`` by work and moment, ``trips`` by way and moment are the variables that count them.
    """
    problem = network.problem
    on_unit: dict[tuple[int, int], list[Turn]] = defaultdict(list)
    of_fleet: dict[int, list[Turn]] = defaultdict(list)
    for (w, moment), count in batches.items():
        work = network.works[w]
        on_unit[work.unit].append(Turn(moment, work.spec.hours, count))
    for (number, moment), count in trips.items():
        way = network.ways[number]
        of_fleet[way.fleet].append(Turn(moment, way.spec.turnaround_h, count))
    for (place, u), begun in sorted(on_unit.items()):
        unit = problem.places[place].units[u]
        yield from _rows(network, begun, unit.number, unit.windows, is_done=True)
    for f, begun in sorted(of_fleet.items()):
        fleet = problem.fleets[f]
        yield from _rows(network, begun, fleet.number, fleet.windows, is_done=False)


def _rows(
    network: Network, begun: Sequence[Turn], number: int, windows: Sequence[Window], *, is_done: bool
) -> Iterator[Any]:
    """Yield rows for ``number`` pieces of equipment; ``is_done``: within the windows in which it begins."""
    if all(abs(turn.hours / network.step_h - round(turn.hours / network.step_h)) < TINY_H for turn in begun):
        return
    spans = joined(span_of(network.problem, window) for window in windows)
    for start_h, end_h in spans:
        own = [turn for turn in begun if _overlap(network, turn, (start_h, end_h))]
        # What may as well begin in another window is left out.
        own = [turn for turn in own if sum(_overlap(network, turn, span) for span in spans) == 1]
        longest_h = max((turn.hours for turn in own), default=0.0)
        for moment in sorted({turn.moment for turn in own}):
            at_h = moment * network.step_h
            later = [turn for turn in own if turn.moment >= moment]
            yield _row(later, number, end_h - max(at_h, start_h) + (0.0 if is_done else longest_h))
            sooner = [turn for turn in own if turn.moment <= moment]
            yield _row(sooner, number, min(at_h + network.step_h, end_h) - start_h + longest_h)


def _overlap(network: Network, turn: Turn, span: tuple[float, float]) -> bool:
    begins_h = turn.moment * network.step_h
    return begins_h <= span[1] + TINY_H and span[0] <= begins_h + network.step_h + TINY_H


def _row(begun: Sequence[Turn], number: int, room_h: float) -> Any:
    """Return that one after another they take no more than ``room_h`` on each of ``number``."""
    shortest_h = min(turn.hours for turn in begun)
    if all(turn.hours == shortest_h for turn in begun):
        room_h = shortest_h * math.floor(room_h / shortest_h + TINY_H)
    return pulp.LpAffineExpression([(turn.variable, turn.hours) for turn in begun]) <= number * room_h
