"""Outputs that appear whole or not at all."""

from pathlib import Path

import pytest

from service.staging import staged_files


@pytest.mark.parametrize("name", [".", "inner/..", "out"])
def test_files_come_into_a_folder_by_any_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "inner").mkdir()
    (tmp_path / "kept").touch()
    monkeypatch.chdir(tmp_path)
    with staged_files(Path(name)) as stage:
        (stage / "new").write_text("here", encoding="utf-8")
    assert (Path(name) / "new").read_text(encoding="utf-8") == "here"
    assert {path.name for path in tmp_path.iterdir()} >= {"inner", "kept"}
    assert not [path for path in tmp_path.iterdir() if ".new." in path.name]


def test_nothing_changes_where_it_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError), staged_files(Path()) as stage:
        (stage / "new").touch()
        raise RuntimeError
    assert not [*tmp_path.iterdir()]
