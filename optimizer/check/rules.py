"""What can be wrong with a plan: the rules by name, and how closely each figure has to hold."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """One rule of the sea, of the quays, of the network ashore or of the books; the value is its public name."""

    WRONG_PROBLEM = "wrong-problem"
    """The plan belongs to another problem: hash, site or day differ."""
    UNKNOWN_ID = "unknown-id"
    """Something that the problem (or the plan's list of parcels) does not know."""
    DUPLICATE_ID = "duplicate-id"
    """Two parcels, batches, hauls, or two entries of what was left, share an id."""
    TIME_ORDER = "time-order"
    """Something ends before it starts."""
    OUTSIDE_HORIZON = "outside-horizon"

    MALFORMED_STOP = "malformed-stop"
    """A stop out of place in its voyage, without what its kind needs or with what it cannot have, or off the globe."""
    SECOND_VOYAGE = "second-voyage"
    """A vessel shift serves two voyages."""
    OUTSIDE_SHIFT = "outside-shift"
    WAVES_TOO_HIGH = "waves-too-high"
    TELEPORT = "teleport"
    """The waypoints do not lead from where the vessel is to where it stops, or it is in two places at once."""
    OFF_PATCH = "off-patch"
    """Alongside a patch, away from where the patch is."""
    OFF_QUAY = "off-quay"
    """At a dock or a platform, away from where that is; or leaving from, returning to, another than the home dock."""
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

    MOORED_TWICE = "moored-twice"
    """A platform has two stations on one day, one of them perhaps since before the start."""
    NOT_MOORED = "not-moored"
    """A call at a platform that is in harbour that day."""
    PLATFORM_AWAY = "platform-away"
    """A batch on a platform, or a haul that leaves it or comes to it, not within a day on which it lies out."""
    NO_SUCH_BERTH = "no-such-berth"
    BERTH_TAKEN = "berth-taken"
    UNLOADING_TOO_FAST = "unloading-too-fast"
    """Less time at the berth than mooring and unloading need."""
    QUAY_CLOSED = "quay-closed"
    """A call outside the dock's windows, or not within one day of the platform."""

    PARCEL_UNACCOUNTED = "parcel-unaccounted"
    """A parcel that comes from nowhere or from two origins, or an origin whose tonnes no parcel holds."""
    PARCEL_MISMATCH = "parcel-mismatch"
    """A parcel and its origin tell different stories."""
    WRONG_PLACE = "wrong-place"
    """Tonnes are drawn from a parcel that lies elsewhere."""
    DRAWN_EARLY = "drawn-early"
    """Tonnes leave a parcel before it is available."""
    OVERDRAWN = "overdrawn"
    """More leaves a parcel than it holds."""
    TONNES_MISSTATED = "tonnes-misstated"
    """A batch or a haul that states other tonnes than its draws add up to."""
    WRONG_MATERIAL = "wrong-material"
    """A batch, a haul or a sale takes what is not, at that moment, of a material that it may take."""
    SPOILT = "spoilt"
    """Something lies beyond its last shelf life."""
    NO_STORE = "no-store"
    """Something lies, or is brought, where no store takes it."""
    STORE_OVER_CAPACITY = "store-over-capacity"
    LEFT_OVER = "left-over"
    """Something is left at the end of the horizon that its store gives no end value."""

    NO_SUCH_UNIT = "no-such-unit"
    UNIT_TAKEN = "unit-taken"
    """Two batches on one unit at one time."""
    UNIT_CLOSED = "unit-closed"
    BATCH_DURATION = "batch-duration"
    BATCH_SIZE = "batch-size"
    BATCH_SHARES = "batch-shares"
    """An input of the task has less or more than its share."""

    NO_SUCH_VEHICLE = "no-such-vehicle"
    VEHICLE_AWAY = "vehicle-away"
    """A vehicle leaves before it is back from another trip."""
    FLEET_CLOSED = "fleet-closed"
    """A vehicle leaves outside the windows of its fleet."""
    HAUL_DURATION = "haul-duration"
    OVER_PAYLOAD = "over-payload"

    OUTSIDE_CONTRACT = "outside-contract"
    """A sale outside the window of its contract."""
    CONTRACT_QUANTITY = "contract-quantity"
    """Less or more is sold under a contract than it says."""

    LOCK_BROKEN = "lock-broken"
    """A lock of the dispatchers is not kept."""
    FORBIDDEN_STOP = "forbidden-stop"

    LEFT_MISSTATED = "left-misstated"
    OBJECTIVE_MISSTATED = "objective-misstated"
    BOUND_BELOW_VALUE = "bound-below-value"
    GAP_MISSTATED = "gap-misstated"
    STATUS_MISSTATED = "status-misstated"


STATED = frozenset(
    {
        Rule.WRONG_PROBLEM,
        Rule.LEFT_MISSTATED,
        Rule.OBJECTIVE_MISSTATED,
        Rule.BOUND_BELOW_VALUE,
        Rule.GAP_MISSTATED,
        Rule.STATUS_MISSTATED,
    }
)
"""What a plan only says: what it does can be done all the same."""


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

TIME_H = 1.001 / 3600.0
"""Hours: two moments, each rounded to a second, differ from their true span by one second at most; the thousandth is
for the arithmetic."""
BALANCE_T = 1e-6
"""Tonnes: figures in kilograms add up to one another exactly, but for the arithmetic."""
MASS_T = 1e-3
"""Tonnes, for each rounded figure that enters a comparison with a limit, a share or a yield: where a product is no
whole number of kilograms, rounding forces up to this."""
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
