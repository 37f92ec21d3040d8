"""A problem whose names do not agree is refused when it is read."""

from typing import Any

import pytest

from documents.base import dumps
from documents.errors import InputError
from documents.problem import Problem
from tests.optimizer.handmade import make_problem


def _rename(data: dict[str, Any], place: str) -> None:
    if place == "home":
        data["vessels"][0]["home_dock"] = "nowhere"
    elif place == "haul":
        data["plants"][0]["hauls"][0]["dock"] = "nowhere"
    elif place == "twins":
        data["vessels"][1]["id"] = data["vessels"][0]["id"]
    elif place == "overlap":
        data["vessels"][0]["shifts"][1]["start"] = data["vessels"][0]["shifts"][0]["start"]
    elif place == "series":
        data["patches"][0]["lon"].pop()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("home", "vessel alpha has the unknown home dock nowhere"),
        ("haul", "plant mill hauls from the unknown dock nowhere"),
        ("twins", "two vessels share an id"),
        ("overlap", "vessel alpha has shifts that overlap"),
        ("series", "every series needs horizon_h"),
    ],
)
def test_names_and_lengths_must_agree(place: str, sentence: str):
    data = make_problem().to_jsonable()
    assert Problem.from_json(dumps(data)) == make_problem()
    _rename(data, place)
    with pytest.raises(InputError, match=sentence):
        Problem.from_json(dumps(data), "problem.json")
