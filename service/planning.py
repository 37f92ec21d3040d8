"""Checking a plan from file to file."""

import hashlib
from pathlib import Path

from documents.base import read_bytes
from documents.plan import Plan
from documents.problem import Problem
from optimizer.check import Violation, check


def check_files(problem: Path, plan: Path) -> list[Violation]:
    """Return every rule that the plan at ``plan`` breaks."""
    content = read_bytes(problem)
    return check(Problem.from_json(content, str(problem)), Plan.read(plan), hashlib.sha256(content).hexdigest())
