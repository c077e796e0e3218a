"""What the documentation names is there: files, links, settings, commands, routes, tables."""

import re
from pathlib import Path

import pytest

from app.cli import cli
from app.db.models import Base
from app.main import create_app
from app.secret_files import is_secret
from app.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
OTHER_VARIABLES = {"MEMOCHA_PUBLISH", "MEMOCHA_IMAGE_TAG", "MEMOCHA_ISOLATION_SEED"}
OTHER_ROUTES = {"/metrics"}

pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))


def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_named_files_exist(page: Path) -> None:
    """Anything in backticks with a slash that begins like a folder of ours."""
    folders = "app|graphs|prompts|memocha|migrations|tests|docs|deploy|bench|evals"
    for name in re.findall(rf"`((?:{folders})/[\w./*-]*)(?::\w+)?`", page.read_text()):
        assert list(ROOT.glob(name.rstrip("/"))), name


def test_named_settings_exist(page: Path) -> None:
    known = {f"MEMOCHA_{name.upper()}" for name in Settings.model_fields} | OTHER_VARIABLES
    known |= {f"MEMOCHA_{name.upper()}_FILE" for name, field in Settings.model_fields.items() if is_secret(field)}
    assert set(re.findall(r"\bMEMOCHA_[A-Z_]+\b", page.read_text())) <= known


def test_named_commands_exist(page: Path) -> None:
    known = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    known |= {name.removesuffix("_command") for name in known}
    known |= {group.typer_instance.info.name for group in cli.registered_groups if group.typer_instance}
    told = re.findall(r"(?:`|^ {4}|bin/)memocha ([a-z]+)", page.read_text(), re.MULTILINE)
    assert set(told) <= known


def test_named_routes_exist(page: Path) -> None:
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]  # type: ignore[call-arg]
    for method, path in re.findall(r"`(GET|POST|PATCH|DELETE) (/[\w/{}-]*)`", page.read_text()):
        assert path in OTHER_ROUTES or method.lower() in paths.get(path, {}), f"{method} {path}"


def test_python_is_an_example_that_tests_run(page: Path) -> None:
    """Each block is a whole file of docs/examples, and every one of those is run by name in a test. Those of
    clients.md, the shortest that do anything, are run from the page itself (`test_examples.py`)."""
    if page.name == "clients.md":
        assert len(page.read_text().splitlines()) <= 125, "fits on a page"
        return
    shown = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    examples = {path.read_text(): path.name for path in (DOCS / "examples").glob("*.py")}
    tests = "".join(path.read_text() for path in (ROOT / "tests" / "integration").rglob("test_*.py"))
    for code in shown:
        assert code in examples, code
        assert f'"{examples[code]}"' in tests, examples[code]
        assert len(code.splitlines()) <= 40, "fits on one screen"


def test_every_program_of_the_examples_is_run_and_shown(page: Path) -> None:
    if page.name == "clients.md":
        tests = "".join(path.read_text() for path in (ROOT / "tests" / "integration").rglob("test_*.py"))
        for path in (DOCS / "examples").glob("*.py"):
            assert f'"{path.name}"' in tests, path.name
            assert f"(examples/{path.name})" in page.read_text(), path.name


def test_every_table_is_described(page: Path) -> None:
    if page.name == "architecture.md":
        for table in Base.metadata.tables:
            assert f"`{table}`" in page.read_text()


def test_pages_are_about_the_project_alone(page: Path) -> None:
    """No path of anybody's machine, and lines short enough to read side by side."""
    text = page.read_text()
    assert not re.search(r"(?<![\w.])/(home|root|work|tmp|opt)/", text)
    assert all(len(line) <= 140 for line in text.splitlines() if not line.startswith("|"))  # rows cannot be broken
