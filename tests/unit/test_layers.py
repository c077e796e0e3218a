"""Imports go one way: app -> graphs -> prompts, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "prompts": set(),
    "graphs": {"prompts"},
    "memocha": {"app", "graphs", "prompts"},
    "app": {"graphs", "prompts", "migrations"},
    "evals": {"app", "graphs", "prompts"},
}
EDGES = {"app/cli/eval.py": {"evals"}, "app/cli/": {"memocha"}}
"""A command may start what stands beside the service, and commands are clients of it; they import it when they run."""


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_lower_layer_never_imports_a_higher_one(layer: str) -> None:
    files = sorted((ROOT / layer).rglob("*.py"))
    assert files
    allowed = MAY_IMPORT[layer] | {layer}
    for path in files:
        name = str(path.relative_to(ROOT))
        edge = next((names for part, names in EDGES.items() if name.startswith(part)), set())
        wrong = (imported(path) & MAY_IMPORT.keys()) - allowed - edge
        assert not wrong, f"{path.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"
