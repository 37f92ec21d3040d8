"""From tonnes a lot and line to batches: every line works its lots in the order of their deadlines, at its full rate.

What a linear program has found feasible in shares, earliest deadline first keeps feasible one lot at a time (Horn 1974,
"Some simple scheduling algorithms", Naval Research Logistics Quarterly 21).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.problem import Problem
from optimizer.allotment import Landing, opening, window_of

LEAST_T = 0.05
"""示例. A smaller batch is not worth a lorry: it is disposed of."""


@dataclass(frozen=True)
class Run:
    """One lot on one line without a break, seconds from the problem's start."""

    lot: int
    plant: int
    line: int
    start_s: int
    end_s: int
    tonnes: float


def runs(
    problem: Problem, landings: Sequence[Landing], fed_t: Sequence[dict[tuple[int, int], float]]
) -> tuple[Run, ...]:
    """Return the batches of all lines, by plant, line and time."""
    found: list[Run] = []
    for p, plant in enumerate(problem.plants):
        for q, _ in enumerate(plant.lines):
            waiting = {c: lot[p, q] for c, lot in enumerate(fed_t) if lot.get((p, q), 0.0) >= LEAST_T}
            found.extend(run for run in _line(problem, landings, p, q, waiting) if run.tonnes >= LEAST_T)
    return tuple(found)


def _line(problem: Problem, landings: Sequence[Landing], p: int, q: int, tonnes: dict[int, float]) -> list[Run]:
    plant = problem.plants[p]
    line = plant.lines[q]
    times = {c: window_of(problem, plant, line, landings[c]) for c in tonnes}
    left_s = {c: amount / line.capacity_t_per_h * 3600 for c, amount in tonnes.items()}
    done: list[Run] = []
    for opens, closes in opening(problem, line.windows):
        now = float(opens)
        while now < closes:
            due = [(span[1], c) for c, span in times.items() if span is not None and span[0] <= now and left_s[c] > 0]
            later = [span[0] for c, span in times.items() if span is not None and span[0] > now and left_s[c] > 0]
            if not due:
                now = min((float(moment) for moment in later), default=float(closes))
                continue
            _, c = min(due)
            until = min([now + left_s[c], float(closes), *map(float, later)])
            _append(done, Run(c, p, q, round(now), round(until), (until - now) / 3600 * line.capacity_t_per_h))
            left_s[c] = max(left_s[c] - (until - now), 0.0)
            if left_s[c] < 1e-3:
                left_s[c] = 0.0
            now = until
    return done


def _append(done: list[Run], run: Run) -> None:
    """Add ``run``, joined to the last one where it goes on with the same lot."""
    last = done[-1] if done else None
    if last is not None and (last.lot, last.end_s) == (run.lot, run.start_s):
        done[-1] = Run(last.lot, last.plant, last.line, last.start_s, run.end_s, last.tonnes + run.tonnes)
    else:
        done.append(run)
