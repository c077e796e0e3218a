"""What has to start fast imports nothing that it does not need: the supervisor, the client, the command line."""

import subprocess
import sys

import memocha

HEAVY = (
    "langchain",
    "langgraph",
    "pymilvus",
    "milvus_lite",
    "grpc",
    "sqlalchemy",
    "psycopg",
    "httpx",
    "fastapi",
    "numpy",
)


def loaded(code: str) -> set[str]:
    """The top-level modules that running the code loads, in a process of its own."""
    code = f"import sys\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return set(output.splitlines()[-1].split())


def heavy(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith(HEAVY)}


def test_the_supervisor_imports_nothing_heavy() -> None:
    assert not heavy(loaded("import app.cli, app.embedded.supervisor"))


def test_the_client_imports_httpx_alone() -> None:
    assert heavy(loaded("import memocha.client")) == {"httpx", "httpx_sse"}


def test_the_commands_are_listed_without_what_they_work_with() -> None:
    names = loaded("from app.cli import cli\ncli(['--help'], standalone_mode=False)")
    assert not heavy(names)
    assert not names & {"pydantic", "asyncio", "app.settings"}


def test_every_public_name_is_there() -> None:
    assert all(getattr(memocha, name) is not None for name in memocha.__all__)
    assert set(memocha.__all__) == {*memocha._HOMES, "minilm"}
