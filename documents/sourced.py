"""What says where its figures come from, and the hours of a local day."""

from datetime import time

from documents.base import Part

EXAMPLE = "示例"
"""The mark of a figure that is only an editable default; it is printed wherever the figure is."""

LocalHours = tuple[time, time]
"""From and to, local; an end at or before the start falls on the next day."""

DAY_AND_NIGHT: LocalHours = (time(0), time(0))


class Sourced(Part):
    """Something of the site that says where its figures come from."""

    source: str
    """A citation, or 示例 for an editable default."""

    @property
    def is_example(self) -> bool:
        """Say whether the figures are editable defaults rather than public facts."""
        return EXAMPLE in self.source
