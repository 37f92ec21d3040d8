"""The drift of the next days in dated sentences."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from documents.base import LonLat
from documents.geodesy import bearing_deg, compass_zh, distance_m
from documents.site import EXAMPLE
from service.papers.day import Day
from service.papers.words import dated, percent, seen_from
from service.papers.words import tonnes as written

HOURS = (24, 48, 72)

AMOUNTS = ((1000.0, "大面积"), (100.0, "较多"), (10.0, "少量"), (0.0, "零星"))
"""Expected wet tonnes from which a word is used. The words are those of the city's bulletins; the figures are 示例."""


def amount_word(tonnes: float) -> str:
    """Return the bulletin's word for ``tonnes`` arriving."""
    return next(word for least, word in AMOUNTS if tonnes >= least)


def drift_sentences(day: Day) -> list[str]:
    """Return a sentence for each of the next 24, 48 and 72 hours after the image, as far as the tracks reach."""
    last = len(day.tracks.times) - 1
    return [_sentence(day, hour) for hour in HOURS if hour <= last]


def drift_note() -> str:
    """Return what the words of amount mean."""
    words = "；".join(f"{word} ≥ {least:g} t" for least, word in AMOUNTS[:-1])
    return (
        f"用语按预计抵达湿重的期望值：{words}；不足为{AMOUNTS[-1][1]}（{EXAMPLE}）；"
        "同一斑块可先后影响几个目标，各目标之和可大于总量"
    )


def _sentence(day: Day, hour: int) -> str:
    mass = {patch.id: patch.biomass.mid_t for patch in day.patches.patches}
    members = day.tracks.members
    weight = np.array([mass[member.patch_id] for member in members])
    if weight.sum() == 0:
        weight = np.ones(len(members))
    start, end = (_middle(day, k, weight) for k in (0, hour))
    moved_km = distance_m(start, end) / 1000.0
    ashore = [member.stranded_from is not None and member.stranded_from <= hour for member in members]
    place = min(day.site.places, key=lambda place: distance_m((place.lon, place.lat), end))
    origin = (place.lon, place.lat)
    where = seen_from(place.name, bearing_deg(origin, end), distance_m(origin, end) / 1000.0)
    direction = compass_zh(bearing_deg(start, end))
    return (
        f"预计至{dated(day.tracks.times[hour])}（{hour} h），较成像时总体向{direction}漂移约 {moved_km:.1f} km，"
        f"中心位于{where}；{_arrivals(day, hour)}；"
        f"漂至岸边搁浅的约占 {percent(float(np.average(ashore, weights=weight)))}。"
    )


def _middle(day: Day, hour: int, weight: npt.NDArray[np.float64]) -> LonLat:
    """Return the middle of all members at ``hour``, weighted by mass."""
    lon = np.average([member.lon[hour] for member in day.tracks.members], weights=weight)
    lat = np.average([member.lat[hour] for member in day.tracks.members], weights=weight)
    return float(lon), float(lat)


def _arrivals(day: Day, hour: int) -> str:
    expected: dict[str, float] = defaultdict(float)
    for arrival in day.tracks.arrivals:
        if arrival.median_h <= hour:
            expected[arrival.asset_id] += arrival.tonnes
    names = {asset.id: asset.name for asset in day.site.assets}
    parts = [
        f"{amount_word(tonnes)}抵达{names[asset_id]}（期望 {written(tonnes)}）"
        for asset_id, tonnes in sorted(expected.items(), key=lambda item: -item[1])
        if tonnes >= 0.05  # what would be printed as 0.0 t
    ]
    return "、".join(parts) if parts else "未见抵达重点保护目标"
