"""The planner's steps from file to file: pose the problem, solve it, check the plan."""

import hashlib
from datetime import date
from pathlib import Path

from documents.base import read_bytes
from documents.coast import Coast
from documents.errors import InputError
from documents.patches import Patches
from documents.plan import Plan
from documents.problem import Problem
from documents.site import Site
from documents.tracks import Tracks
from optimizer.build import build_problem
from optimizer.check import Violation, check
from optimizer.solve import solve
from service.console import Report
from service.files import PLAN, PLAN_LOG, PROBLEM


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


def solve_file(problem: Path, out: Path, report: Report) -> Plan:
    """Solve the problem at ``problem``; write the plan and the solver's log into ``out``."""
    content = read_bytes(problem)
    with (out / PLAN_LOG).open("w", encoding="utf-8") as log:
        plan = solve(
            Problem.from_json(content, str(problem)), hashlib.sha256(content).hexdigest(), log=log, progress=report
        )
    plan.write(out / PLAN)
    return plan


def check_files(problem: Path, plan: Path) -> list[Violation]:
    """Return every rule that the plan at ``plan`` breaks."""
    content = read_bytes(problem)
    return check(Problem.from_json(content, str(problem)), Plan.read(plan), hashlib.sha256(content).hexdigest())
