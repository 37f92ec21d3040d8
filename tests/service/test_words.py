"""Figures, times and positions on paper."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.papers.alarm import alarm_level
from service.papers.bulletin_drift import amount_word
from service.papers.map_legend import wrapped
from service.papers.words import area, day_clock, degrees_minutes, grams, long_time, percent, tonnes


def test_times_are_written_in_beijing_time() -> None:
    moment = datetime(2026, 6, 18, 20, 5, tzinfo=UTC)
    assert day_clock(moment) == "06-19 04:05"
    assert long_time(moment) == "2026年6月19日 04:05（北京时间）"


def test_positions_are_written_in_degrees_and_decimal_minutes() -> None:
    assert degrees_minutes(121.5076, 36.75205) == "36°45.123′N 121°30.456′E"
    assert degrees_minutes(-87.5, -0.25) == "00°15.000′S 087°30.000′W"


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_positions_read_back_to_a_thousandth_of_a_minute(lon: float, lat: float) -> None:
    texts = degrees_minutes(lon, lat).split()
    for text, value, signs in ((texts[0], lat, "NS"), (texts[1], lon, "EW")):
        degrees, minutes = text[:-1].rstrip("′").split("°")
        assert 0 <= float(minutes) < 60
        back = (int(degrees) + float(minutes) / 60) * (1 if text[-1] == signs[0] else -1)
        assert back == pytest.approx(value, abs=0.0006 / 60)


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.5, 0.996, 1.0)] == ["0%", "0.4%", "50%", "99.6%", "100%"]


def test_masses_and_areas() -> None:
    assert (tonnes(7.26), tonnes(1234.5)) == ("7.3 t", "1,234 t")
    assert (area(0.0214), area(12.345)) == ("0.021 km²", "12.35 km²")
    assert (grams(17302.0), grams(746.2), grams(0.105), grams(0)) == ("17.3 t", "746 kg", "0.105 kg", "0 kg")


@pytest.mark.parametrize(
    ("km2", "name"), [(0.001, "Ⅳ"), (4.99, "Ⅳ"), (5.0, "Ⅲ"), (19.9, "Ⅲ"), (20.0, "Ⅱ"), (99.9, "Ⅱ"), (100.0, "Ⅰ")]
)
def test_alarm_levels_change_at_the_limits_of_the_plan(km2: float, name: str) -> None:
    level = alarm_level(km2)
    assert level is not None
    assert level.name.startswith(name)


def test_no_algae_near_the_shore_is_no_level() -> None:
    assert alarm_level(0.0) is None


def test_amounts_in_words() -> None:
    assert [amount_word(mass) for mass in (1, 10, 100, 1000)] == ["零星", "少量", "较多", "大面积"]


def columns_of(line: str) -> int:
    return sum(2 if character in "海苔，。" else 1 for character in line)


def test_wrapping_leaves_latin_words_whole() -> None:
    assert wrapped("岸线 full resolution only", 16) == ["岸线 full", "resolution only"]


@given(st.text("海苔，。ab ", min_size=1, max_size=60), st.integers(8, 30))
def test_wrapping_keeps_the_text_and_the_width(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns_of(line.rstrip("，。")) <= columns for line in lines)
    assert not any(line[0] in "，。" for line in lines[1:])
