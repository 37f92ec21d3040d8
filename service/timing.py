"""The time of an image that does not say when it was taken."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from detection.scene import Scene
from documents.site import EXAMPLE

PASS_TIME = time(10, 40)
"""Sentinel-2 passes about 10:40 Beijing time: taken for an image of which only the day is known."""

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that nobody knows; nobody takes it for that of a day's image."""


def date_scene(scene: Scene, day: date, zone: ZoneInfo) -> str:
    """Give ``scene``, which has no sensing time, that of the pass on ``day``; return a note on it, in Chinese."""
    taken = datetime.combine(day, PASS_TIME, tzinfo=zone)
    scene.info = scene.info.model_copy(update={"sensing_time": taken})
    return f"影像未注明成像时间：日期取自 --day，时刻按过境时间 {PASS_TIME:%H:%M} 计（{EXAMPLE}）。"


def leave_undated(scene: Scene) -> None:
    """Mark ``scene``, which has no sensing time, as undated: what floats there can be found without it."""
    scene.info = scene.info.model_copy(update={"sensing_time": UNDATED})
