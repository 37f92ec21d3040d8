"""The city's alarm levels, by the distribution area near the shore."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AlarmLevel:
    """One level of the plan."""

    name: str
    colour: str
    from_km2: float
    """Distribution area in near-shore waters from which it holds."""


ALARM_LEVELS = (
    AlarmLevel("Ⅰ级（特别重大）", "红色", 100.0),
    AlarmLevel("Ⅱ级（重大）", "橙色", 20.0),
    AlarmLevel("Ⅲ级（较大）", "黄色", 5.0),
    AlarmLevel("Ⅳ级（一般）", "蓝色", 0.0),
)
"""威海市绿潮灾害应急预案 (an undated copy): Ⅰ ≥ 100 km², Ⅱ 20–100, Ⅲ 5–20, Ⅳ < 5; the colours are those of the plan."""


def alarm_level(near_shore_distribution_km2: float) -> AlarmLevel | None:
    """Return the level of an area; None where there are no algae near the shore at all."""
    if near_shore_distribution_km2 <= 0:
        return None
    return next(level for level in ALARM_LEVELS if near_shore_distribution_km2 >= level.from_km2)
