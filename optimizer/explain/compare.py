"""What changes elsewhere where something is forced: tonnes by patch and by vessel."""

from collections import defaultdict
from collections.abc import Mapping

from documents.explanation import Kind, Other
from optimizer.explain.posed import Posed
from optimizer.response import Fleet, Floats, Responder

LEAST_T = 0.5
"""Less than this is not worth naming."""
MOST = 3
"""Named at most."""


def landed_t(posed: Posed, fleet: Fleet) -> Floats:
    """Return (lots,) what ``fleet`` lands."""
    return Responder(posed.finer, posed.ashore, posed.prices, posed.wishes).landed_t(fleet)


def patches_t(fleet: Fleet) -> Mapping[int, float]:
    """Return what ``fleet`` takes of the patches, at sensing time."""
    taken: dict[int, float] = defaultdict(float)
    for made in fleet.made.values():
        for patch, tonnes in made.column.patch.items():
            taken[patch] += tonnes
    return taken


def vessels_t(posed: Posed, fleet: Fleet) -> Mapping[int, float]:
    """Return what the vessels of ``fleet`` take."""
    taken: dict[int, float] = defaultdict(float)
    for shift, made in fleet.made.items():
        taken[posed.finer.grid.shifts[shift][0]] += sum(made.column.patch.values())
    return taken


def losers(posed: Posed, fleet: Fleet, kind: Kind, own: int) -> tuple[Other, ...]:
    """Return the patches, or the vessels, but for ``own``, of which less comes than in the reference, most first."""
    if kind is Kind.PATCH:
        before, after, specs = patches_t(posed.fleet), patches_t(fleet), posed.problem.patches
    else:
        before, after = vessels_t(posed, posed.fleet), vessels_t(posed, fleet)
        specs = posed.problem.vessels  # type: ignore[assignment]
    lost = sorted((after.get(n, 0.0) - before[n], n) for n in before if n != own)
    named = [(tonnes, specs[n]) for tonnes, n in lost if tonnes <= -LEAST_T][:MOST]
    return tuple(Other(kind=kind, id=spec.id, name=spec.name, tonnes=round(tonnes, 3)) for tonnes, spec in named)
