"""What is written down of what goes on: nobody's words, whatever is asked for and whatever goes wrong."""

import io
import logging
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import structlog
from pydantic import BaseModel

from app import logs
from app.db.errors import StatementRefused
from app.tracebacks import traceback_of
from tests.support.instance import Instance, running_instance
from tests.support.model_server import Behaviour, overloaded

WORD = re.compile(r"zq\w+zq", re.IGNORECASE)
"""What somebody said, in whatever form."""
TOLD = "My secret garden is called zqlavenderzq."


@pytest.fixture(scope="module")
async def memocha() -> AsyncIterator[Instance]:
    """At level debug, in JSON, as most tells most."""
    async with running_instance(MEMOCHA_LOG_LEVEL="debug", MEMOCHA_LOG_FORMAT="json", MEMOCHA_FACTS="on") as instance:
        yield instance


def written(memocha: Instance) -> Iterator[tuple[str, str]]:
    """All lines of all logs, those of the embedded parts too."""
    for path in sorted(Path(memocha.data_dir).rglob("*.log")):
        for line in path.read_text(errors="replace").splitlines():
            yield path.name, line


async def ask(memocha: Instance, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {"accept": "application/json", **more.pop("headers", {})}
    return await memocha.http.request(method, path, headers=headers, timeout=60, **more)


@pytest.mark.timeout(200)
async def test_no_log_of_any_part_holds_what_anybody_said(memocha: Instance) -> None:
    model = memocha.model
    model.default = Behaviour(text="I will keep zqanswerzq in mind.", rate=500)
    assert (await ask(memocha, "POST", "/api/chat", json={"message": TOLD})).status_code == 200
    assert (await ask(memocha, "GET", "/api/memories/search", params={"q": "zqlavenderzq"})).status_code == 200
    # A model's server that says again what it was asked, in every way that there is to fail.
    for status in (400, 401, 404, 413, 429, 500, 503):
        model.will(*[Behaviour(status=status, error={"message": f"cannot do: {TOLD}", "type": TOLD[:40]})] * 3)
        await ask(memocha, "POST", "/api/chat", json={"message": f"{TOLD} {status}"})
        model.reset()
    model.will(*[Behaviour(text="zqbrokenzq one two", error_after=1, error={"message": f"broke at {TOLD}"})] * 3)
    await ask(memocha, "POST", "/api/chat", json={"message": TOLD})
    model.will(*[overloaded()] * 6)
    await ask(
        memocha,
        "POST",
        "/v1/chat/completions",
        json={"model": "memocha", "messages": [{"role": "user", "content": TOLD}]},
    )
    # What is refused for its form.
    for path, body in (
        ("/api/chat", {"message": {"a": TOLD}}),
        ("/api/chat", {"message": TOLD, "zqfieldzq": TOLD}),
        ("/api/memories", {"text": [TOLD]}),
        ("/v1/chat/completions", {"model": "zqmodelzq", "messages": [{"role": TOLD, "content": TOLD}]}),
        ("/chat/invoke", {"input": {"messages": [{"type": TOLD, "content": TOLD}]}}),
        (
            "/mcp",
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "tools/call",
                "params": {"name": "add_memory", "arguments": {"text": [TOLD]}},
            },
        ),
    ):
        answer = await ask(memocha, "POST", path, json=body, headers={"accept": "application/json, text/event-stream"})
        assert answer.status_code < 500
    await ask(memocha, "POST", "/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "add_memory", "arguments": {"text": TOLD}}}, headers={"accept": "application/json, text/event-stream"})  # fmt: skip
    lines = f'{{"message": {{"role": "user", "content": "{TOLD}", "zqnewzq": 1}}}}\n{TOLD}\n'
    for body in (lines, lines[10:], TOLD):
        await ask(memocha, "POST", "/api/import", content=body, headers={"content-type": "application/x-ndjson"})
    good = f'{{"session": {{"title": "{TOLD}"}}}}\n{{"message": {{"role": "user", "content": "{TOLD}"}}}}\n'
    await ask(memocha, "POST", "/api/import", content=good, headers={"content-type": "application/x-ndjson"})
    # What Postgres refuses: its words and its log would name the row.
    async with await psycopg.AsyncConnection.connect(
        memocha.environment["MEMOCHA_DATABASE_URL"], autocommit=True
    ) as raw:
        for statement in (
            "SELECT %s::uuid",
            "INSERT INTO users (id, name) VALUES (NULL, %s)",
            "SELECT 1 / length(%s) / 0",
        ):
            with pytest.raises(psycopg.Error):
                await raw.execute(statement.encode(), [TOLD])
    await memocha.chat("And what else?")
    found = [(name, line) for name, line in written(memocha) if WORD.search(line)]
    assert len(list(written(memocha))) > 50
    assert any('"level": "debug"' in line for _, line in written(memocha))
    said = "\n".join(f"{name}: {line}" for name, line in found if name != "postgres.log")
    assert not said, said
    # Postgres says of a value that has not the form asked for what it is; ours are sent with their types.
    assert all("invalid input syntax" in line for name, line in found if name == "postgres.log"), found


class Form(BaseModel):
    size: int


def failures() -> Iterator[BaseException]:
    """Errors whose words are the value that they are about."""
    for break_it in (
        lambda: Form.model_validate({"size": TOLD}),
        lambda: int(TOLD),
        lambda: {}[TOLD],
        lambda: TOLD.encode("ascii") + "é".encode("ascii"),
        lambda: f"{TOLD}é".encode("ascii"),
    ):
        try:
            break_it()
        except (ValueError, KeyError) as error:
            yield error
    yield psycopg.errors.UniqueViolation(f"duplicate key\nDETAIL: Key (text)=({TOLD}) already exists.")
    yield StatementRefused(f"Postgres: duplicate key\nDETAIL: Key (text)=({TOLD}) already exists.")


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_that_nobody_foresaw_tells_where_it_was_and_no_words(
    form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    before = logging.getLogger().handlers[:], logging.getLogger().level, structlog.get_config()
    try:
        logs.configure("info", form)
        for error in failures():
            outer = RuntimeError("the job of an import")
            outer.__cause__ = error
            logging.getLogger("anyone").error("it failed", exc_info=outer)
    finally:
        logging.getLogger().handlers[:], level, config = before
        logging.getLogger().setLevel(level)
        structlog.configure(**config)
    told = stream.getvalue()
    assert not WORD.search(told)
    assert told.count("RuntimeError: the job of an import") == 7
    assert "ValidationError" in told
    assert "test_logs.py" in told


def test_words_of_our_own_and_of_the_machine_are_told() -> None:
    def words(error: Exception) -> str:
        return traceback_of((type(error), error, None)).splitlines()[-1]

    assert words(FileNotFoundError(2, "No such file")) == "FileNotFoundError: [Errno 2] No such file"
    assert words(StatementRefused("Postgres: too long")) == "StatementRefused: Postgres: too long"
    assert words(KeyError("a name")) == "KeyError"
    group = ExceptionGroup("several", [ValueError("a"), TypeError("b is no c")])
    assert words(group) == "ExceptionGroup: ValueError; TypeError: b is no c"
