"""Names on disk, the same for a day and for a command's ``--out``."""

import os
from pathlib import Path

from documents.cover import COVER_NAME as COVER
from documents.cover import OBSERVED_NAME as OBSERVED

PATCHES = "patches.geojson"
TRACKS = "tracks.geojson"
PROBLEM = "problem.json"
PLAN = "plan.json"
REFUSED_PLAN = "plan.refused.json"
"""A plan that the checker refused: kept for those who look for the reason, published to nobody."""
PLAN_LOG = "plan.log"
EXPLANATIONS = "explanations.json"
BULLETIN = "bulletin.md"
MAP = "map.png"
ROUTES = "routes"
INTAKE = "intake"
ITEM = "item.json"
RUN = "run.json"

__all__ = [
    "BULLETIN",
    "COVER",
    "EXPLANATIONS",
    "INTAKE",
    "ITEM",
    "MAP",
    "OBSERVED",
    "PATCHES",
    "PLAN",
    "PLAN_LOG",
    "PROBLEM",
    "REFUSED_PLAN",
    "ROUTES",
    "RUN",
    "TRACKS",
    "cache_folder",
]


def cache_folder() -> Path:
    """Return where what can be told again is kept: in ``$XDG_CACHE_HOME``, or ``~/.cache``, as XDG has it."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "greentide"
