"""Lorries and the barge of a benchmark instance."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import mean

from benchmarks.instance_chain import chain
from benchmarks.instance_site import Site
from benchmarks.instance_time import daily
from documents.geodesy import distance_m
from documents.network import FleetSpec, LinkSpec

WET, GOODS, BARGE = "tippers", "lorries", "barge"


@dataclass
class Hauling:
    """Fleets and the ways that they go."""

    fleets: list[FleetSpec] = field(default_factory=list)
    links: list[LinkSpec] = field(default_factory=list)


def hauling(sites: Sequence[Site], flow_t_per_h: float, payload_t: float, horizon_h: int) -> Hauling:
    """Return the links, and the fleets on them, that together move a wet flow of ``flow_t_per_h``."""
    data = chain()
    links = [*_from_docks(sites, payload_t), *_between_plants(sites, payload_t), *_by_barge(sites)]
    lorries = flow_t_per_h * mean(link.turnaround_h for link in links if link.fleet == WET) / payload_t
    windows = daily(data.lorries.hours, horizon_h)
    fleets = [
        FleetSpec(id=WET, name="湿料自卸车队", number=max(math.ceil(lorries * data.lorries.share), 2), windows=windows),
        FleetSpec(
            id=GOODS, name="厂际货车队", number=max(math.ceil(lorries * data.lorries.goods_share), 2), windows=windows
        ),
        FleetSpec(id=BARGE, name="驳船", number=1, windows=daily(data.barge.window, horizon_h)),
    ]
    used = {link.fleet for link in links}
    return Hauling([fleet for fleet in fleets if fleet.id in used], links)


def _from_docks(sites: Sequence[Site], payload_t: float) -> Iterator[LinkSpec]:
    for dock in sites:
        if not dock.is_dock:
            continue
        stored = {material for store in dock.data.stores for material in store.materials}
        for plant in sites:
            materials = tuple(material for material in plant.data.takes if material in stored)
            if materials:
                yield _by_road(dock, plant, WET, materials, payload_t)


def _between_plants(sites: Sequence[Site], payload_t: float) -> Iterator[LinkSpec]:
    for origin in sites:
        for send in origin.data.sends:
            for target in sites:
                if target.kind == send.to:
                    yield _by_road(origin, target, GOODS, send.materials, payload_t)


def _by_barge(sites: Sequence[Site]) -> Iterator[LinkSpec]:
    barge = chain().barge
    for platform in sites:
        for dock in sites:
            if platform.kind == "platform" and dock.kind == "barge-dock":
                yield LinkSpec(
                    id=f"{platform.id}-to-{dock.id}",
                    origin=platform.id,
                    target=dock.id,
                    fleet=BARGE,
                    materials=("cake",),
                    hours=barge.hours,
                    turnaround_h=barge.turnaround_h,
                    payload_t=barge.payload_t,
                    cost_cny_per_trip=barge.trip_cny,
                    cost_cny_per_t=barge.cny_per_t,
                )


def _by_road(origin: Site, target: Site, fleet: str, materials: tuple[str, ...], payload_t: float) -> LinkSpec:
    data = chain().lorries
    km = data.road_factor * distance_m(origin.where, target.where) / 1000.0
    hours = 2 * math.ceil((km / data.km_per_h + data.loading_h) / 2.0)
    return LinkSpec(
        id=f"{origin.id}-to-{target.id}",
        origin=origin.id,
        target=target.id,
        fleet=fleet,
        materials=materials,
        hours=hours,
        turnaround_h=2 * hours,
        payload_t=payload_t,
        cost_cny_per_trip=round(data.trip_cny_per_payload_t * payload_t + data.trip_cny_per_km * km),
        cost_cny_per_t=data.cny_per_t,
    )
