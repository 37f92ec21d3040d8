"""What a parcel is as it ages: a material up to its shelf life, from then on what that becomes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from documents.plan import Parcel
from optimizer.check.register import Register
from optimizer.check.rules import TIME_H


@dataclass(frozen=True)
class Stage:
    """A parcel as one material; times in hours from the problem's start."""

    material: str
    start: float
    end: float
    """Infinite where it keeps."""


def stages(register: Register, parcel: Parcel) -> Iterator[Stage]:
    """Yield what ``parcel`` is, one material after another; after the end of the last it is nothing that may lie.

    A material that the problem does not know keeps.
    """
    start, name = -math.inf, parcel.material
    while True:
        material = register.materials.get(name)
        life = None if material is None else material.shelf_life_h
        end = math.inf if life is None else register.hour(parcel.born) + life
        yield Stage(name, start, end)
        if material is None or material.becomes is None:
            return
        start, name = end, material.becomes


def materials_at(register: Register, parcel: Parcel, hour: float) -> set[str]:
    """Return what ``parcel`` may be at ``hour``: two materials within a second of its ageing, none once spoilt."""
    return {stage.material for stage in stages(register, parcel) if stage.start - TIME_H <= hour <= stage.end + TIME_H}


def priced_at(register: Register, parcel: Parcel, hour: float, grace_h: float = TIME_H) -> str:
    """Return the material that ``parcel`` counts as at ``hour``: what has spoilt counts as what it was last.

    Ageing counts ``grace_h`` late, so that what happens at that very second still finds the younger material; a grace
    below 0 tells the other reading.
    """
    told = list(stages(register, parcel))
    return next((stage.material for stage in told if hour <= stage.end + grace_h), told[-1].material)
