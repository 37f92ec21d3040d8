"""The JSON Schemas of problem, plan and explanations, for programs in other languages.

Run: ``python -m documents.schema documents/schemas`` to write them anew.
"""

import inspect
import sys
from pathlib import Path
from typing import Any

from documents import explanation, plan, problem
from documents.base import Document, dumps, write_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect that pydantic writes."""


def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``problem.json``; its description holds the rules that a plan keeps."""
    return _schema(problem.Problem, problem)


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``plan.json``."""
    return _schema(plan.Plan, plan)


def explanations_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``explanations.json``."""
    return _schema(explanation.Explanations, explanation)


def _schema(document: type[Document], module: Any) -> dict[str, Any]:
    body = document.model_json_schema(mode="validation")
    return {"$schema": DIALECT, **body, "description": inspect.getdoc(module) or ""}


def write_schemas(folder: Path) -> None:
    """Write all schemas to ``folder``."""
    write_text(folder / "problem.schema.json", dumps(problem_schema()))
    write_text(folder / "plan.schema.json", dumps(plan_schema()))
    write_text(folder / "explanations.schema.json", dumps(explanations_schema()))


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
