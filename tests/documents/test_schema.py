"""The committed JSON Schemas are what the models say."""

import json
from pathlib import Path

import pytest

from documents import problem
from documents.schema import explanations_schema, plan_schema, problem_schema, write_schemas

SCHEMAS = Path(__file__).resolve().parents[2] / "documents" / "schemas"


@pytest.mark.parametrize("name", ["problem.schema.json", "plan.schema.json", "explanations.schema.json"])
def test_committed_schemas_are_current(name: str, tmp_path: Path):
    write_schemas(tmp_path)
    committed, made = ((folder / name).read_text("utf-8") for folder in (SCHEMAS, tmp_path))
    assert json.loads(committed) == json.loads(made), "run: python -m documents.schema documents/schemas"


def test_the_schemas_name_their_version_and_the_rules():
    assert problem_schema()["properties"]["version"]["const"] == "problem/2"
    assert plan_schema()["properties"]["version"]["const"] == "plan/2"
    assert explanations_schema()["properties"]["version"]["const"] == "explanations/1"
    rules = " ".join(problem_schema()["description"].split())
    assert "Everything happens within [start, start + horizon_h]." in rules
    assert rules == " ".join(str(problem.__doc__).split())


def test_the_schemas_tell_what_a_field_means():
    assert plan_schema()["$defs"]["Stop"]["properties"]["load_t"]["description"] == "On board at ``end``."
    assert problem_schema()["properties"]["landed_material"]["description"] == "What boats land."


def test_every_reference_of_a_schema_leads_somewhere():
    for schema in (problem_schema(), plan_schema(), explanations_schema()):
        text = json.dumps(schema)
        named = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
        assert named == set(schema["$defs"])
