import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from documents.base import Document, Id, UtcTime, dumps, format_utc, write_text
from documents.errors import InputError


class Note(Document):
    at: UtcTime
    id: Id


values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(values)
def test_what_is_written_reads_back(value: object):
    assert json.loads(dumps(value)) == value


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-14, 14))
def test_times_are_written_in_utc_with_z(moment: datetime, hours: int):
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    text = format_utc(moment)
    assert text.endswith("Z")
    assert datetime.fromisoformat(text) == moment.astimezone(UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(InputError, match="zone"):
        Note.from_json('{"at": "2026-06-18T00:00:00", "id": "a"}')


@pytest.mark.parametrize("bad", ["", "A", "a_b", "-a", "a--b", "ä", "a" * 81])
def test_ids_are_plain(bad: str):
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(bad)


def test_an_unknown_field_is_named():
    with pytest.raises(InputError, match="extra"):
        Note.from_json('{"at": "2026-06-18T00:00:00Z", "id": "a", "extra": 1}')


def test_text_that_is_no_json_is_a_sentence(tmp_path: Path):
    (tmp_path / "n.json").write_text("{")
    with pytest.raises(InputError, match="is not JSON"):
        Note.read(tmp_path / "n.json")


def test_a_failed_write_leaves_what_was_there(tmp_path: Path):
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "\ud800")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_document_survives_the_disk(tmp_path: Path):
    note = Note(at=datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC), id="p-1")
    note.write(tmp_path / "n.json")
    assert Note.read(tmp_path / "n.json") == note
