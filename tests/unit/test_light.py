"""The supervisor stays light: a second start must not spend its seconds on imports that it does not need."""

import subprocess
import sys

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


def test_the_supervisor_imports_nothing_heavy() -> None:
    code = "import sys, app.cli, app.embedded.supervisor; print(*{name.split('.')[0] for name in sys.modules})"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    loaded = {name for name in output.split() if name.startswith(HEAVY)}
    assert not loaded
