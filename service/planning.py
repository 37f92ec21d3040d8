"""The planner's steps from file to file: pose the problem, solve it, roll it on, explain and check the plan."""

import hashlib
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from documents.base import read_bytes
from documents.coast import Coast
from documents.errors import InputError
from documents.explanation import Explanations
from documents.patches import Patches
from documents.plan import Plan
from documents.problem import Problem, Solver
from documents.site import Site
from documents.tracks import Tracks
from optimizer.build import build_problem
from optimizer.check import Violation, check, stands
from optimizer.check.rules import STATED
from optimizer.effort import Effort
from optimizer.explain.explain import ANSWER_WORK, About, explain
from optimizer.kept import Kept
from optimizer.roll import Rolled, roll
from optimizer.solve import solve
from service.console import Report
from service.files import PLAN, PLAN_LOG, PROBLEM, cache_folder

NO_CLOCK_S, NO_END = 86_400.0, 1_000_000
"""A day, and more rounds than any search tries: in place of a limit that is not given."""


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether Ctrl-C was pressed; pressed twice it interrupts as ever.

    Outside of the main thread nothing is caught.
    """
    pressed: list[bool] = []

    def press(_number: int, _frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(True)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def pose(patches: Path, tracks: Path, site: Site, coast: Coast, day: date | None, out: Path) -> Path:
    """Write the problem of ``day`` (None: the local date of the image) into ``out`` and return its path."""
    found, forecast = Patches.read(patches), Tracks.read(tracks)
    known = {patch.id for patch in found.patches}
    unknown = sorted({member.patch_id for member in forecast.members} - known)
    if unknown:
        raise InputError(f"{tracks} tracks {unknown[0]}, a patch that {patches} does not have; make the tracks again.")
    problem = build_problem(found, forecast, site, coast, day or site.business_day(found.sensing_time))
    problem.write(out / PROBLEM)
    return out / PROBLEM


def solve_file(
    problem: Path,
    out: Path,
    report: Report,
    time_limit_s: float | None = None,
    work: int | None = None,
    before: Path | None = None,
    solver: Solver | None = None,
) -> Plan:
    """Solve the problem at ``problem``; write the plan and the solver's log into ``out``.

    The plan at ``before``, where there is one, is what it starts from, and changes no more of than is worth it.
    With a ``time_limit_s`` alone the clock ends the search, with ``work`` alone the work does; with neither the
    problem's own; so it is with the ``solver``. Ctrl-C ends it too, with the best plan so far.
    """
    content = read_bytes(problem)
    posed = Problem.from_json(content, str(problem))
    posed = posed if solver is None else posed.model_copy(update={"solver": solver})
    old = None if before is None else Plan.read(before)
    if old is not None and old.site_id != posed.site_id:
        raise InputError(f"{before} is a plan for the site {old.site_id}, {problem} a problem of {posed.site_id}.")
    limit_s, tries = posed.time_limit_s, posed.work
    if time_limit_s is not None or work is not None:
        limit_s, tries = time_limit_s or NO_CLOCK_S, NO_END if work is None else work
    with (out / PLAN_LOG).open("w", encoding="utf-8") as log, interruptible() as stopped:
        effort = Effort(limit_s, tries, stopped)
        still = old is not None and stands(posed, old)
        sha256 = hashlib.sha256(content).hexdigest()
        plan = solve(posed, sha256, log, report, effort, old, stands=still, kept=Kept(cache_folder()))
    plan.write(out / PLAN)
    return plan


def explain_files(
    problem: Path,
    plan: Path,
    about: About,
    report: Report,
    time_limit_s: float | None = None,
    work: int | None = None,
) -> Explanations:
    """Return answers ``about`` the plan at ``plan``, made from the problem at ``problem``.

    Each answer ends by the clock with a ``time_limit_s`` alone, else by ``work``; with Ctrl-C all are cut short.
    """
    content = read_bytes(problem)
    posed, made = Problem.from_json(content, str(problem)), Plan.read(plan)
    rounds = NO_END if time_limit_s is not None else ANSWER_WORK
    with interruptible() as stopped:

        def effort() -> Effort:
            return Effort(time_limit_s or NO_CLOCK_S, rounds if work is None else work, stopped)

        sha256 = hashlib.sha256(content).hexdigest()
        return explain(posed, sha256, made, about, effort, report, kept=Kept(cache_folder()))


def roll_file(problem: Path, plan: Path, at: datetime, out: Path, rest: Path | None) -> Rolled:
    """Write to ``out`` the problem at ``problem`` as it stands ``at`` a moment of the plan at ``plan``.

    What is left of the plan is written to ``rest``, where that is given, as a plan for the file at ``out``.
    """
    posed, made = Problem.read(problem), Plan.read(plan)
    broken = [violation for violation in check(posed, made) if violation.rule not in STATED]
    if broken:
        raise InputError(f"{plan} cannot be carried out in {problem}: {broken[0].message}")
    rolled = roll(posed, made, at)
    rolled.problem.write(out)
    if rest is not None:
        sha256 = hashlib.sha256(read_bytes(out)).hexdigest()
        rolled.rest.model_copy(update={"problem_sha256": sha256}).write(rest)
    return rolled


def check_files(problem: Path, plan: Path) -> list[Violation]:
    """Return every rule that the plan at ``plan`` breaks."""
    content = read_bytes(problem)
    return check(Problem.from_json(content, str(problem)), Plan.read(plan), hashlib.sha256(content).hexdigest())
