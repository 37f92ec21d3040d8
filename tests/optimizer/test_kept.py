"""Tables kept on disk: the same with and without, never taken from a file that does not bear them out, and bounded."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.random_problem import random_problem
from documents.plan import Plan
from documents.problem import Problem
from optimizer import fine_clock, sailing
from optimizer.effort import Effort
from optimizer.fine_clock import FineClock
from optimizer.grid import Grid
from optimizer.kept import Kept, Tables
from optimizer.sailing import SailingTable, sailing_table
from optimizer.sea import Sea
from optimizer.solve import solve
from tests.optimizer.handmade import SHA256, make_problem

NUMBERS: Tables = {"steps": np.arange(6, dtype=np.int32).reshape(2, 3), "miles": np.array([0.5, np.nan, -np.inf])}


def fail() -> Tables:
    raise AssertionError("told again")


def numbers() -> Tables:
    return NUMBERS


def same(one: Tables, other: Tables) -> bool:
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and one[name].tobytes() == other[name].tobytes() for name in one
    )


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_was_told_is_kept(tmp_path: Path):
    kept = Kept(tmp_path / "new" / "folder")
    assert same(kept.told(["a", 1, np.arange(3)], numbers), NUMBERS)
    assert same(Kept(kept.folder).told(["a", 1, np.arange(3)], fail), NUMBERS)


@pytest.mark.parametrize("other", [["a", 1], ["a", 1, np.arange(4)], ["a", 1, np.arange(3.0)], ["a1", np.arange(3)]])
def test_what_is_told_from_something_else_is_told_by_itself(tmp_path: Path, other: list[object]):
    kept = Kept(tmp_path)
    kept.told(["a", 1, np.arange(3)], numbers)
    with pytest.raises(AssertionError, match="told again"):
        kept.told(other, fail)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda content: content[:-1],
    "a bit": lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
    "head": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "foreign": lambda _: b"PK\x03\x04 something else",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: Callable[[bytes], bytes]):
    kept = Kept(tmp_path)
    kept.told(["a"], numbers)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert same(kept.told(["a"], numbers), NUMBERS)
    assert file.read_bytes() == whole
    assert same(kept.told(["a"], fail), NUMBERS)


def test_a_file_under_the_name_of_another_is_not_taken(tmp_path: Path):
    kept = Kept(tmp_path)
    kept.told(["a"], numbers)
    first = only_file(tmp_path)
    kept.told(["b"], lambda: {"steps": np.zeros(1)})
    (second,) = set(tmp_path.iterdir()) - {first}
    second.write_bytes(first.read_bytes())
    with pytest.raises(AssertionError, match="told again"):
        kept.told(["b"], fail)


def test_the_folder_keeps_what_was_used_last(tmp_path: Path):
    each = len(_written(tmp_path / "one"))
    kept = Kept(tmp_path / "all", 3 * each)
    for number in range(3):
        kept.told([number], numbers)
    for age, file in enumerate(sorted(kept.folder.iterdir())):
        os.utime(file, (1_000 + age, 1_000 + age))
    kept.told([0], fail)  # used again
    kept.told([3], numbers)
    assert sum(file.stat().st_size for file in kept.folder.iterdir()) <= kept.most_bytes
    for number in (0, 3):
        assert same(kept.told([number], fail), NUMBERS)


def _written(folder: Path) -> bytes:
    Kept(folder).told(["x"], numbers)
    return only_file(folder).read_bytes()


def test_what_is_too_large_or_has_no_folder_is_told_all_the_same(tmp_path: Path):
    kept = Kept(tmp_path / "full", len(_written(tmp_path / "one")))
    kept.told(["a"], numbers)
    kept.told(["b"], lambda: {"large": np.zeros(10_000)})
    assert same(kept.told(["a"], fail), NUMBERS)  # nothing goes for what does not fit
    assert same(Kept(tmp_path / "small", 10).told(["a"], numbers), NUMBERS)
    assert [*(tmp_path / "small").iterdir()] == []
    (tmp_path / "file").write_text("no folder")
    assert same(Kept(tmp_path / "file").told(["a"], numbers), NUMBERS)


def tables_of(problem: Problem, kept: Kept | None) -> list[Tables]:
    grid, sea = Grid(problem), Sea(problem, kept)
    tables: list[SailingTable] = [sailing_table(grid, sea, vessel) for vessel in problem.vessels]
    clock = FineClock(grid, sea.again(), 20)
    return [
        *(vars(table) for table in tables),
        {"mark": clock.mark_nm, "quay": clock.quay_nm, "quays": clock.quays_nm},
    ]


@pytest.mark.parametrize("seed", range(4))
def test_tables_are_the_same_kept_and_told(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch):
    problem, kept = random_problem(seed), Kept(tmp_path)
    told, first = tables_of(problem, None), tables_of(problem, kept)
    monkeypatch.setattr(sailing, "_sailing_table", lambda *_: fail())
    monkeypatch.setattr(fine_clock.FineClock, "_sail", lambda *_: fail())
    again = tables_of(problem, kept)
    for one, *others in zip(told, first, again, strict=True):
        assert all(same(one, other) for other in others)
    # What boats cost, carry or are to do is told without the sea.
    dearer = tuple(vessel.model_copy(update={"cost_per_nm_cny": 1.0, "capacity_t": 7.0}) for vessel in problem.vessels)
    assert all(map(same, told, tables_of(problem.model_copy(update={"vessels": dearer}), kept)))


def _drifted(problem: Problem) -> dict[str, object]:
    patch = problem.patches[0]
    return {"patches": (patch.model_copy(update={"lon": (*patch.lon[:-1], 122.2)}), *problem.patches[1:])}


CHANGES: dict[str, Callable[[Problem], dict[str, object]]] = {
    "patch": _drifted,
    "land": lambda problem: {"closed_areas": problem.land},
    "speed": lambda problem: {"vessels": tuple(v.model_copy(update={"speed_kn": 3.0}) for v in problem.vessels)},
    "shift": lambda problem: {"vessels": tuple(v.model_copy(update={"shifts": v.shifts[1:]}) for v in problem.vessels)},
    "dock": lambda problem: {"docks": tuple(d.model_copy(update={"lon": 121.99}) for d in problem.docks)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_where_waters_tracks_or_boats_differ_tables_are_told(
    tmp_path: Path, change: Callable[[Problem], dict[str, object]], monkeypatch: pytest.MonkeyPatch
):
    problem = make_problem()
    sailing_table(Grid(problem), Sea(problem, Kept(tmp_path)), problem.vessels[0])
    monkeypatch.setattr(sailing, "_sailing_table", lambda *_: fail())
    other = problem.model_copy(update=change(problem))
    with pytest.raises(AssertionError, match="told again"):
        sailing_table(Grid(other), Sea(other, Kept(tmp_path)), other.vessels[0])


@pytest.mark.usefixtures("rough_bounds")
def test_a_plan_is_the_same_with_and_without(tmp_path: Path):
    problem = make_problem()

    def plan(kept: Kept | None) -> Plan:
        return solve(problem, SHA256, io.StringIO(), lambda *_: None, Effort(1e9, 1), kept=kept)

    plans = [plan(kept) for kept in (None, Kept(tmp_path), Kept(tmp_path))]
    assert [*tmp_path.iterdir()] != []
    assert len({each.model_dump_json() for each in plans}) == 1
