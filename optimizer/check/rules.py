"""What can be wrong with a plan: the rules by name, and how closely each figure has to hold."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """One rule of the sea, of the quay, of the plants or of the books; the value is its public name."""

    WRONG_PROBLEM = "wrong-problem"
    """The plan belongs to another problem: hash, site or day differ."""
    UNKNOWN_ID = "unknown-id"
    """A vessel, patch, dock, plant, line or lot that the problem (or the plan's lots) does not know."""
    DUPLICATE_ID = "duplicate-id"
    """Two lots, or two entries of what was left, share an id."""
    MALFORMED_STOP = "malformed-stop"
    """A stop out of place in its voyage, without what its kind needs, or off the globe."""
    SECOND_VOYAGE = "second-voyage"
    """A vessel shift serves two voyages."""
    TIME_ORDER = "time-order"
    """Something ends before it starts."""
    OUTSIDE_HORIZON = "outside-horizon"
    OUTSIDE_SHIFT = "outside-shift"
    WAVES_TOO_HIGH = "waves-too-high"
    TELEPORT = "teleport"
    """The waypoints do not lead from where the vessel is to where it stops, or it is in two places at once."""
    OFF_PATCH = "off-patch"
    """Alongside a patch, away from where the patch is."""
    OFF_DOCK = "off-dock"
    """At a dock, away from where the dock is; or leaving from, returning to, another than the home dock."""
    TOO_FAST = "too-fast"
    CROSSES_LAND = "crosses-land"
    CROSSES_CLOSED_AREA = "crosses-closed-area"
    DISTANCE_MISSTATED = "distance-misstated"
    RIGGING_CUT_SHORT = "rigging-cut-short"
    COLLECTING_TOO_FAST = "collecting-too-fast"
    NOT_COLLECTABLE = "not-collectable"
    """Collecting where the patch is stranded, too near the shore or not known any more."""
    MORE_THAN_IS_THERE = "more-than-is-there"
    OVER_CAPACITY = "over-capacity"
    LOAD_MISSTATED = "load-misstated"
    NOT_LANDED = "not-landed"
    """A call that does not empty the hold, or algae still on board at the return."""
    NO_SUCH_BERTH = "no-such-berth"
    BERTH_TAKEN = "berth-taken"
    UNLOADING_TOO_FAST = "unloading-too-fast"
    """Less time at the berth than mooring and unloading need."""
    DOCK_CLOSED = "dock-closed"
    LOT_MISMATCH = "lot-mismatch"
    """A lot and the call that landed it tell different stories."""
    LOT_NOT_BALANCED = "lot-not-balanced"
    """Batches and disposal do not add up to the lot."""
    NO_HAUL = "no-haul"
    """The plant takes nothing from the lot's dock."""
    LEAVES_BEFORE_LANDED = "leaves-before-landed"
    BEFORE_ARRIVAL = "before-arrival"
    """A batch goes in before the haul can have brought it."""
    LINE_OVER_CAPACITY = "line-over-capacity"
    LINE_CLOSED = "line-closed"
    STALE = "stale"
    AGE_MISSTATED = "age-misstated"
    LEFT_MISSTATED = "left-misstated"
    OBJECTIVE_MISSTATED = "objective-misstated"
    BOUND_BELOW_VALUE = "bound-below-value"
    GAP_MISSTATED = "gap-misstated"
    STATUS_MISSTATED = "status-misstated"


@dataclass(frozen=True)
class Violation:
    """One rule broken at one place."""

    rule: Rule
    where: str
    """Path into the plan, such as ``voyages[0].stops[2]``."""
    message: str
    """One sentence: who, the value and the limit."""


# Plans are written with times rounded to seconds, tonnes and miles to three decimals, positions to five or more: each
# tolerance is what such rounding alone can do to the figure, so a plan gains nothing that matters by leaning on it.

TIME_H = 1.0 / 3600.0
"""Hours: two moments, each rounded to a second, differ from their true span by one second at most."""
MASS_T = 1e-3
"""Tonnes, for each rounded figure that enters a sum."""
POSITION_M = 3.0
"""Metres between two statements of one position, each rounded to 1e-5 degrees (0.8 m at most)."""
DISTANCE_NM = 2e-3
"""Nautical miles of one leg: three decimals, and the rounding of its ends."""
SHORE_DEPTH_M = 1.0
"""A leg may graze the shoreline this deep: its waypoints, rounded, may lie on the shoreline itself."""
OBJECTIVE_CNY = 1.0
OBJECTIVE_SHARE = 1e-6
"""A part of the objective may be off by the larger of OBJECTIVE_CNY and this share of it."""
GAP = 1e-5
"""The stated gap, rounded to five decimals or more."""
OPTIMAL_GAP = 1e-4
"""What :attr:`documents.plan.Status.OPTIMAL` promises."""
AGE_H = 2e-3
"""Hours of a stated age: three decimals, and the seconds of both its ends."""
