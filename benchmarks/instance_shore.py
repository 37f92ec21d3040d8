"""The network ashore of a benchmark instance, sized to the fleet."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.instance_chain import SellData, StoreData, chain
from benchmarks.instance_data import SizeData
from benchmarks.instance_haul import Hauling, hauling
from benchmarks.instance_site import Site, sites_of
from benchmarks.instance_time import daily, moment, windows
from documents.network import ContractSpec, MaterialSpec, PlaceSpec, StoreSpec, SupplySpec, UnitSpec
from documents.problem import Problem

WORKED_H_PER_DAY = 18.0
"""示例. The wet flow is what the fleet carries over so many hours of every day: boats land from a few hours after their
start until 20:00, and the last landings are worked off by night."""
PRICE_SPREAD = 0.1
"""示例. Prices are drawn within this share of those of the chain."""


@dataclass
class Shore:
    """What a problem holds of the network."""

    materials: tuple[MaterialSpec, ...]
    places: list[PlaceSpec] = field(default_factory=list)
    supplies: list[SupplySpec] = field(default_factory=list)
    contracts: list[ContractSpec] = field(default_factory=list)
    hauling: Hauling = field(default_factory=Hauling)


def make_shore(size: SizeData, problem: Problem, carried_t: float, rng: np.random.Generator) -> Shore:
    """Return the network for the docks and platforms of ``problem``, whose fleet carries ``carried_t``."""
    flow = carried_t / (problem.horizon_h / 24.0 * WORKED_H_PER_DAY)
    sites = list(sites_of(size, problem, flow))
    used = {material for site in sites for store in site.data.stores for material in store.materials}
    shore = Shore(tuple(material for material in chain().materials if material.id in used))
    for site in sites:
        place = _place(site, problem.horizon_h, rng)
        shore.places.append(place)
        shore.supplies.extend(_supplies(site, problem.horizon_h))
        shore.contracts.extend(_contract(place, sell, carried_t, problem.horizon_h, rng) for sell in site.data.sells)
    shore.hauling = hauling(sites, flow, size.payload_t, problem.horizon_h)
    return shore


def _place(site: Site, horizon_h: int, rng: np.random.Generator) -> PlaceSpec:
    return PlaceSpec(
        id=site.id,
        name=site.name,
        lon=site.where[0] if site.is_plant else None,
        lat=site.where[1] if site.is_plant else None,
        stores=tuple(_store(store, site.flow_t_per_h, rng) for store in site.data.stores),
        units=tuple(
            UnitSpec(
                id=unit.id,
                name=unit.name,
                number=max(round(site.flow_t_per_h * unit.share / unit.wet_t_per_h), 1),
                windows=daily(unit.hours, horizon_h),
            )
            for unit in site.data.units
        ),
        tasks=site.data.tasks,
    )


def _store(store: StoreData, flow: float, rng: np.random.Generator) -> StoreSpec:
    capacity = max(10.0 * math.ceil(store.flow_h * flow / 10.0), store.least_t)
    stock = {name: round(capacity * float(rng.uniform(*shares)), 1) for name, shares in store.stock.items()}
    return StoreSpec(
        materials=store.materials,
        capacity_t=capacity,
        stock={name: tonnes for name, tonnes in stock.items() if tonnes > 0},
        end_value_cny_per_t=store.end_value_cny_per_t,
    )


def _supplies(site: Site, horizon_h: int) -> Iterator[SupplySpec]:
    for supply in site.data.supplies:
        for number, hour in enumerate(range(supply.hour, horizon_h, 24)):
            yield SupplySpec(
                id=f"{site.id}-{supply.id}-{number + 1}",
                place=site.id,
                material=supply.material,
                time=moment(hour),
                tonnes=max(5.0 * round(supply.per_flow_h * site.flow_t_per_h / 5.0), 5.0),
            )


def _contract(
    place: PlaceSpec, sell: SellData, carried_t: float, horizon_h: int, rng: np.random.Generator
) -> ContractSpec:
    least = math.floor(10.0 * sell.least_of_stock * makeable_t(place, sell.material)) / 10.0
    return ContractSpec(
        id=f"{place.id}-{sell.material}",
        name=sell.name,
        place=place.id,
        material=sell.material,
        price_cny_per_t=round(sell.price_cny_per_t * float(rng.uniform(1.0 - PRICE_SPREAD, 1.0 + PRICE_SPREAD))),
        min_t=least,
        max_t=max(round(sell.most_per_wet_t * carried_t, 1), math.ceil(1.5 * least), 1.0),
        window=windows([(0, horizon_h)], horizon_h)[0],
    )


def makeable_t(place: PlaceSpec, material: str) -> float:
    """Return the tonnes of ``material`` in hand and to be had by one task at ``place`` from its stock at the start."""
    stock: Mapping[str, float] = {name: tonnes for store in place.stores for name, tonnes in store.stock.items()}
    made = stock.get(material, 0.0)
    for task in place.tasks:
        taken = min(sum(stock.get(name, 0.0) for name in part.materials) / part.share for part in task.inputs)
        if taken >= task.batch_min_t:
            made += taken * sum(output.yield_mid for output in task.outputs if output.material == material)
    return made
