"""The benchmark that plans problem after problem tells what it finds."""

import sys

import pytest

from benchmarks import checked as benchmark
from benchmarks.checked import checked, main
from documents.errors import InputError

pytestmark = pytest.mark.usefixtures("rough_bounds")


def test_plans_hold():
    one = checked(4, 0)
    assert (one.refused, one.faults) == ("", ())
    assert one.voyages


def test_what_breaks_the_planner_off_is_a_fault_and_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("nothing comes of it")

    def refused(*_: object) -> None:
        raise InputError("There is no sea.")

    monkeypatch.setattr(benchmark, "solve", broken)
    (fault,) = checked(0, 0).faults
    assert "nothing comes of it" in fault
    monkeypatch.setattr(benchmark, "solve", refused)
    assert checked(0, 0).refused == "There is no sea."


def test_what_the_checker_finds_is_told(monkeypatch: pytest.MonkeyPatch):
    solve = benchmark.solve

    def vain(*given: object) -> object:
        plan = solve(*given)  # type: ignore[arg-type]
        return plan.model_copy(update={"voyages": ()})

    monkeypatch.setattr(benchmark, "solve", vain)
    assert any("parcel" in fault for fault in checked(4, 0).faults)


def test_the_command_tells_how_many_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "argv", ["checked", "2", "--first", "4", "--work", "0"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("Seeds 4 to 5: 2 problems, 0 of them refused;")
