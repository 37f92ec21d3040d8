"""The import arrows of the design: which room may know which."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
ROOMS = ("documents", "models", "detection", "training", "drift", "optimizer", "service", "benchmarks", "tests")
ARROWS: dict[str, set[str]] = {
    "documents": set(),
    "models": set(),
    "detection": {"documents", "models"},
    "training": {"documents", "models", "detection"},
    "drift": {"documents"},
    "optimizer": {"documents"},
    "service": set(ROOMS) - {"benchmarks", "tests"},
    "benchmarks": set(ROOMS) - {"tests"},
}


def imports(path: Path) -> set[str]:
    """Return the dotted names that the module at ``path`` imports, wherever in the file the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(REPOSITORY).parts[: -node.level] if node.level else ()
            base = [*package, *([node.module] if node.module else [])]
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found


def ours(path: Path) -> set[str]:
    """Return the dotted names of our own rooms that the module at ``path`` imports."""
    return {name for name in imports(path) if name.split(".")[0] in ROOMS}


@pytest.mark.parametrize("room", ARROWS)
def test_room_imports_only_what_it_may(room: str) -> None:
    allowed = ARROWS[room] | {room}
    for path in sorted((REPOSITORY / room).rglob("*.py")):
        wrong = {name for name in ours(path) if name.split(".")[0] not in allowed}
        assert not wrong, f"{path.relative_to(REPOSITORY)} imports {sorted(wrong)}"


def test_checker_knows_documents_alone() -> None:
    modules = sorted((REPOSITORY / "optimizer" / "check").rglob("*.py"))
    assert modules
    for path in modules:
        wrong = {name for name in ours(path) if not name.startswith(("documents.", "optimizer.check"))}
        assert not wrong, f"{path.name} imports {sorted(wrong)}"


def test_package_file_of_the_optimizer_pulls_nothing_in() -> None:
    # ``import optimizer.check`` runs ``optimizer/__init__.py`` first, so that file must not import the planner.
    assert not imports(REPOSITORY / "optimizer" / "__init__.py")


def test_checker_imports_nothing_by_name() -> None:
    for path in (REPOSITORY / "optimizer" / "check").rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
        assert not names & {"__import__", "importlib", "exec", "eval"}, path.name


def test_relative_imports_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_arrows.REPOSITORY", tmp_path)
    module = tmp_path / "drift" / "deep" / "module.py"
    module.parent.mkdir(parents=True)
    module.write_text("def late():\n    from ..forecast import x\n    import optimizer.build\n", "utf-8")
    assert ours(module) == {"drift.forecast.x", "optimizer.build"}
