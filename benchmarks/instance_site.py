"""The places of a benchmark instance and how large each is."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.instance_chain import PlaceKind, chain
from benchmarks.instance_data import SizeData, charts
from documents.base import LonLat
from documents.problem import Problem


@dataclass(frozen=True)
class Site:
    """A place before it is sized."""

    id: str
    name: str
    kind: str
    where: LonLat
    flow_t_per_h: float
    """Wet tonnes an hour that it is there for."""

    @property
    def is_dock(self) -> bool:
        """Say whether it is a dock, with or without a barge's calls."""
        return self.kind in ("dock", "barge-dock")

    @property
    def is_plant(self) -> bool:
        """Say whether it is neither a dock nor a platform."""
        return not self.is_dock and self.kind != "platform"

    @property
    def data(self) -> PlaceKind:
        """Return what there is at its kind of place."""
        return chain().kinds[self.kind]


def sites_of(size: SizeData, problem: Problem, flow: float) -> Iterator[Site]:
    """Return the docks and platforms of ``problem`` and the plants of ``size``, for a wet flow of ``flow`` t/h."""
    kinds = chain().kinds
    berths = sum(dock.berths for dock in problem.docks)
    for d, dock in enumerate(problem.docks):
        kind = "barge-dock" if problem.platforms and d == 0 else "dock"
        share = kinds[kind].wet_share * dock.berths / berths
        yield Site(dock.id, dock.name, kind, (dock.lon, dock.lat), flow * share)
    for platform in problem.platforms:
        first = platform.stations[0]
        share = kinds["platform"].wet_share / len(problem.platforms)
        yield Site(platform.id, platform.name, "platform", (first.lon, first.lat), flow * share)
    plants = [plant for plant in charts()[size.chart].plants if plant.id in size.plants]
    for plant in plants:
        share = kinds[plant.kind].wet_share / sum(other.kind == plant.kind for other in plants)
        yield Site(plant.id, plant.name, plant.kind, (plant.lon, plant.lat), flow * share)
