"""The run: what a day was made from, and how."""

from typing import Literal

from documents.base import Document, Id


class Run(Document):
    """``run.json``. Everything but ``timings_s`` is the same when the day is made again from the same inputs."""

    version: Literal["run/1"] = "run/1"
    site_id: Id
    day: str
    """Business day, YYYY-MM-DD, Asia/Shanghai."""
    scenes: tuple[str, ...]
    inputs_sha256: dict[str, str]
    """Site file, coastline, weights and scenes, by name."""
    versions: dict[str, str]
    """Greentide, Python and the libraries that a result depends on."""
    land_rule: str
    outputs_sha256: dict[str, str]
    """Every other file of the folder, by name, the log apart."""
    notes: tuple[str, ...]
    """Warnings that belong on the day's record."""
    timings_s: dict[str, float]
    """Wall time by step."""
