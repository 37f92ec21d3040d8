"""The bulletin (绿潮卫星遥感监测信息快报) as Markdown. What nobody saw or measured is never given a figure."""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from documents.cover import LABELS_ZH
from documents.geodesy import bearing_deg, distance_m
from documents.patches import Kind, Patch
from documents.site import EXAMPLE
from service.files import MAP, OBSERVED
from service.papers.alarm import alarm_level
from service.papers.bulletin_drift import drift_note, drift_sentences
from service.papers.bulletin_plan import plan_lines, removed_lines
from service.papers.day import Day
from service.papers.observed import observed_shares
from service.papers.sheet import Table, markdown_table
from service.papers.words import (
    KINDS,
    NONE,
    area,
    biomass,
    degrees_minutes,
    long_day,
    long_time,
    patch_place,
    percent,
    seen_from,
    sensor,
)

LISTED = 10
"""So many of the largest patches are listed."""

ENOUGH_SEEN = 0.8
"""Below this observed share of the own waters the bulletin opens with a warning. 示例."""


def bulletin(day: Day, folder: Path) -> str:
    """Return the bulletin of ``day``, whose ``observed.tif`` lies in ``folder``."""
    sections = [
        ("一、观测情况", _observation(day, folder)),
        ("二、分布与面积", _field(day)),
        ("三、漂移预测", _drift(day)),
        ("四、预警级别", [_alarm(day)]),
        ("五、清理情况", ["当日清理量：无（未报送）；累计清理量：无（未报送）。与上期比较：未计。"]),
        ("六、采收与利用计划", plan_lines(day)),
        ("七、移出量", removed_lines(day)),
        ("八、方法与说明", _method(day)),
    ]
    blocks = [*_head(day), *(f"## {title}\n\n" + "\n\n".join(lines) for title, lines in sections), _foot()]
    return "\n\n".join(blocks) + "\n"


def _head(day: Day) -> list[str]:
    blocks = ["# 绿潮卫星遥感监测信息快报", f"{day.site.region}·{day.site.name}　{long_day(day.day)}　第 ____ 期"]
    if day.simulated:
        blocks.append("> **演示：所用影像由程序模拟，并非真实观测；一切数字仅供演示。**")
    return [*blocks, *(f"**{sentence}**" for sentence in conclusions(day)), f"![监测与采收计划图]({MAP})"]


def conclusions(day: Day) -> list[str]:
    """Return what a reader must know first: what was not seen comes before what was found."""
    patches, said = day.patches, []
    taken = day.site.business_day(patches.sensing_time)
    if taken != day.day:
        said.append(f"影像成像于{long_day(taken)}，早于业务日 {(day.day - taken).days} 天，不是当日影像。")
    if not day.anything_seen:
        return [*said, "无有效数据：影像内的海面全部未能观测（云、云影、耀斑或无数据），不能据此判断有无浒苔。"]
    if not day.touches_own_waters:
        said.append(f"本次影像未覆盖{day.site.name}管辖水域，不能据此判断本站水域有无浒苔；以下为影像全幅的结果。")
        return [*said, _found(day.patches.patches, "影像全幅已观测海面")]
    share = patches.observed_share or 0.0
    if share == 0:
        return [*said, f"无有效数据：{day.site.name}管辖水域全部未能观测，不能据此判断有无浒苔。"]
    if share < ENOUGH_SEEN:
        said.append(f"注意：{day.site.name}管辖水域仅观测到 {percent(share)}，其余未能观测，不能视为无浒苔。")
    own = [patch for patch in patches.patches if patch.in_own_waters]
    return [*said, _found(own, f"已观测到的{day.site.name}管辖水域（{percent(share)}）")]


def _found(patches: list[Patch] | tuple[Patch, ...], where: str) -> str:
    if not patches:
        return f"{where}内未发现浒苔。"
    counts = Counter(patch.kind for patch in patches)
    kinds = "、".join(f"{KINDS[kind]} {counts[kind]} 处" for kind in Kind if counts[kind])
    return f"{where}内发现漂浮藻类 {len(patches)} 处（{kinds}）。"


def _observation(day: Day, folder: Path) -> list[str]:
    patches = day.patches
    rows = [(scene.id, sensor(scene), f"{scene.pixel_size_m:g} m") for scene in patches.scenes]
    own = (
        f"{day.site.name}管辖水域观测率 {percent(patches.observed_share)}"
        if patches.observed_share is not None
        else f"{day.site.name}管辖水域不在影像内"
    )
    shares = observed_shares(folder / OBSERVED)
    hidden = "、".join(f"{LABELS_ZH[code]} {percent(share)}" for code, share in shares.items() if share > 0)
    return [
        f"成像时间：{long_time(patches.sensing_time)}",
        markdown_table(Table("", ("影像", "传感器", "像元"), tuple(rows))),
        f"{own}；影像全幅海面观测率 {percent(patches.clear_share)}（{hidden}）。未观测不等于无浒苔。",
        *(f"备注：{note}" for note in day.notes),
    ]


def _field(day: Day) -> list[str]:
    if not day.anything_seen:
        return ["无有效数据，未计。"]
    patches = day.patches
    whole = f"影像全幅：分布面积 {area(patches.distribution_area_km2)}，覆盖面积 {area(patches.coverage_area_km2)}"
    lines = [f"{whole}；生物量（湿重，低–中–高）{biomass(patches.biomass)}。"]
    if not day.touches_own_waters:
        lines.append(f"{day.site.name}管辖水域：影像未覆盖，未计。")
    elif patches.observed_share == 0:
        lines.append(f"{day.site.name}管辖水域：无有效数据，未计。")
    else:
        lines.append(_own(day))
    if patches.patches:
        lines += [_edge(day), markdown_table(_largest(day))]
    return lines


def _own(day: Day) -> str:
    own = [patch.biomass for patch in day.patches.patches if patch.in_own_waters]
    low, mid, high = (sum(getattr(mass, end) for mass in own) for end in ("low_t", "mid_t", "high_t"))
    return (
        f"{day.site.name}管辖水域：分布面积 {area(day.patches.own_distribution_area_km2)}，"
        f"覆盖面积 {area(day.patches.own_coverage_area_km2)}；生物量 {low:,.0f}–{mid:,.0f}–{high:,.0f} t。"
    )


def _edge(day: Day) -> str:
    """Return the extremes of the field and the point of it that comes nearest to a named place."""
    outlines = [shapely.geometry.Polygon(rings[0]) for patch in day.patches.patches for rings in patch.polygons]
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    points = shapely.get_coordinates(outlines)
    # Which vertex is nearest is decided on a plane, how far it is on the ellipsoid.
    shrink = np.array([math.cos(math.radians((south + north) / 2)), 1.0])
    nearest = [
        (place, points[np.argmin(np.square((points - (place.lon, place.lat)) * shrink).sum(axis=1))].tolist())
        for place in day.site.places
    ]
    box = f"外缘范围：{_degrees(south, 'NS')}–{_degrees(north, 'NS')}，{_degrees(west, 'EW')}–{_degrees(east, 'EW')}"
    if not day.touches_own_waters:
        return f"{box}。"
    km, place, point = min(
        ((distance_m((place.lon, place.lat), (x, y)) / 1000.0, place, (x, y)) for place, (x, y) in nearest),
        key=lambda item: item[0],
    )
    near = seen_from(place.name, bearing_deg((place.lon, place.lat), point), km)
    return f"{box}；距命名地点最近的外缘位于{near}（地名坐标为{EXAMPLE}）。"


def _degrees(value: float, signs: str) -> str:
    return f"{abs(value):.3f}°{signs[0] if value >= 0 else signs[1]}"


def _largest(day: Day) -> Table:
    largest = sorted(day.patches.patches, key=lambda patch: (-patch.biomass.mid_t, patch.id))[:LISTED]
    columns = ("斑块", "位置", "种类", "覆盖面积 km²", "生物量 t（低–中–高）", "置信度")
    rows = tuple(
        (
            patch.id,
            patch_place(patch) if day.touches_own_waters else degrees_minutes(*patch.centre),
            KINDS[patch.kind],
            f"{patch.coverage_area_km2:.3f}",
            biomass(patch.biomass).removesuffix(" t"),
            f"{patch.confidence:.2f}",
        )
        for patch in largest
    )
    return Table("", columns, rows, frozenset(columns[3:]))


def _drift(day: Day) -> list[str]:
    if not day.patches.patches:
        return ["未发现可供推算的斑块，未作预测。" if day.anything_seen else "无有效数据，未作预测。"]
    if not day.touches_own_waters:
        return ["影像远离本站，本站的海流参数不适用，未作预测。"]
    return [*(f"- {sentence}" for sentence in drift_sentences(day)), f"（{day.tracks.method}{drift_note()}。）"]


def _alarm(day: Day) -> str:
    if not day.anything_seen or not day.patches.observed_share:
        return "本站水域无有效观测，未定级。"
    km2 = day.patches.near_shore_distribution_area_km2
    level = alarm_level(km2)
    basis = "定级依据：近岸分布面积；分级取自未注明日期的《威海市绿潮灾害应急预案》文本，近岸水域界线为示例。"
    seen = "未观测部分未计入，实际可能更高。" if day.patches.observed_share < 1 else ""
    if level is None:
        return f"已观测的近岸水域未发现浒苔，未达预警级别。{seen}{basis}"
    return f"近岸分布面积 {area(km2)}：**{level.name}，{level.colour}预警**。{seen}{basis}"


def _lacking(bands: Sequence[str]) -> str:
    return f"；影像缺 {'、'.join(bands)} 波段，判别较不可靠" if bands else ""


def _method(day: Day) -> list[str]:
    site, patches = day.site, day.patches
    examples = [
        ("船舶", site.vessels),
        ("码头", site.docks),
        ("平台", site.platforms),
        ("加工厂", site.plants),
        ("重点保护目标", site.assets),
        ("地名坐标", site.places),
    ]
    marked = "、".join(name for name, items in examples if any(item.is_example for item in items))
    lines = [
        f"- 陆地与岸线缓冲：{patches.land_rule}。",
        f"- 分布面积规则：{patches.distribution_rule}。覆盖面积为各像元覆盖度与其椭球面积乘积之和。",
        "- 生物量由漂浮藻类指数估算（Opt. Express 27:18620，总不确定度约 36 %）；饱和后厚度不可见，高值为上限估计。",
        f"- 识别网络：{patches.network}{_lacking(patches.lacking_bands)}。水域界线：{site.waters_source}。",
        f"- 标注“{EXAMPLE}”的为可修改的默认值：{marked or NONE}。",
        f"- 数据来源：{'模拟影像（哨兵-2 格式）' if day.simulated else '含改编的 Copernicus Sentinel 数据'}；"
        f"岸线 {day.coast.attribution.rstrip('.。')}。时间均为北京时间。",
    ]
    return ["\n".join(lines)]


def _foot() -> str:
    return "---\n\n编制：____________　审核：____________　签发：____________"
