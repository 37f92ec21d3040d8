"""Names on disk, the same for a day and for a command's ``--out``."""

from documents.cover import COVER_NAME as COVER
from documents.cover import OBSERVED_NAME as OBSERVED

PATCHES = "patches.geojson"
TRACKS = "tracks.geojson"
PROBLEM = "problem.json"
PLAN = "plan.json"
REFUSED_PLAN = "plan.refused.json"
"""What a plan is called in which the checker found violations: nobody takes it for a plan."""
PLAN_LOG = "plan.log"
BULLETIN = "bulletin.md"
MAP = "map.png"
ROUTES = "routes"
INTAKE = "intake"
ITEM = "item.json"
RUN = "run.json"

__all__ = [
    "BULLETIN",
    "COVER",
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
]
