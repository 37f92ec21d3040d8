"""How figures, times and positions are written on paper: in Chinese, in Beijing time."""

import math
from datetime import date, datetime
from zoneinfo import ZoneInfo

from documents.geodesy import compass_zh
from documents.patches import Biomass, Kind, Patch
from documents.plan import StopKind
from documents.scene import SceneInfo
from documents.site import EXAMPLE, Sourced

BEIJING = ZoneInfo("Asia/Shanghai")

NONE = "无"
"""Written where there is nothing to report."""
NOT_COUNTED = "未计"
"""Written where nobody measured."""

KINDS = {Kind.ULVA: "浒苔", Kind.SARGASSUM: "马尾藻", Kind.UNKNOWN: "种类未定"}
STOPS = {StopKind.DEPART: "离港", StopKind.COLLECT: "采收", StopKind.UNLOAD: "卸载", StopKind.RETURN: "返港"}


def clock(moment: datetime) -> str:
    """Return the Beijing time of ``moment`` as 04:05."""
    return f"{moment.astimezone(BEIJING):%H:%M}"


def day_clock(moment: datetime) -> str:
    """Return the Beijing date and time of ``moment`` as 06-19 04:05."""
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"


def span(start: datetime, end: datetime) -> str:
    """Return the Beijing times of a span as 06-19 04:05–06:10, with the second date where it is another."""
    same = start.astimezone(BEIJING).date() == end.astimezone(BEIJING).date()
    return f"{day_clock(start)}–{clock(end) if same else day_clock(end)}"


def short_day(moment: datetime) -> str:
    """Return the Beijing date of ``moment`` as 06-19."""
    return f"{moment.astimezone(BEIJING):%m-%d}"


def dated(moment: datetime) -> str:
    """Return the Beijing date and time of ``moment`` as 6月19日4时05分."""
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def long_day(day: date) -> str:
    """Return ``day`` as 2026年6月18日."""
    return f"{day.year}年{day.month}月{day.day}日"


def long_time(moment: datetime) -> str:
    """Return the Beijing date and time of ``moment`` as 2026年6月18日 10:35（北京时间）."""
    local = moment.astimezone(BEIJING)
    return f"{long_day(local.date())} {local:%H:%M}（北京时间）"


def degrees_minutes(lon: float, lat: float) -> str:
    """Return a position in degrees and decimal minutes, latitude first, as 36°45.123′N 121°30.456′E."""
    return f"{_angle(lat, 'N', 'S', 2)} {_angle(lon, 'E', 'W', 3)}"


def _angle(value: float, positive: str, negative: str, digits: int) -> str:
    thousandths = round(abs(value) * 60_000)  # of a minute, so that 59.9996′ becomes the next degree
    degrees, rest = divmod(thousandths, 60_000)
    return f"{degrees:0{digits}d}°{rest / 1000:06.3f}′{positive if value >= 0 else negative}"


def area(km2: float) -> str:
    """Return an area with as many decimals as it bears."""
    return f"{km2:.2f} km²" if km2 >= 1 else f"{km2:.3f} km²"


def tonnes(value: float) -> str:
    """Return a mass with a decimal below 100 t."""
    return f"{value:,.0f} t" if value >= 100 else f"{value:.1f} t"


def biomass(mass: Biomass) -> str:
    """Return a biomass as low–mid–high."""
    return f"{mass.low_t:,.0f}–{mass.mid_t:,.0f}–{mass.high_t:,.0f} t"


def grams(kg: float) -> str:
    """Return a mass of carbon or nutrients to three digits, in kg below a tonne."""
    value, unit = (kg / 1000.0, "t") if kg >= 1000 else (kg, "kg")
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f} {unit}" if value > 0 else "0 kg"


def percent(share: float) -> str:
    """Return a share in per cent; one decimal where a rounded figure would claim all or nothing."""
    return f"{share:.1%}" if 0 < share < 0.1 or 0.99 < share < 1 else f"{share:.0%}"


def seen_from(place: str, bearing_deg: float, km: float) -> str:
    """Return 'so far from the place in that direction', as 银滩东南 3.2 km."""
    return f"{place}{compass_zh(bearing_deg)} {km:.1f} km"


def patch_place(patch: Patch) -> str:
    """Return where a patch lies, from the nearest named place."""
    if patch.nearest_place == "—":
        return "—"
    return seen_from(patch.nearest_place, patch.nearest_place_bearing_deg, patch.nearest_place_km)


def mark(item: Sourced) -> str:
    """Return （示例） where the item's figures are editable defaults, else nothing."""
    return f"（{EXAMPLE}）" if item.is_example else ""


def sensor(scene: SceneInfo) -> str:
    """Return satellite and level in words."""
    satellites = {"S2A": "哨兵-2A", "S2B": "哨兵-2B", "S2C": "哨兵-2C"}
    return f"{satellites.get(scene.sensor, '传感器未注明')}（{scene.level.value}）"
