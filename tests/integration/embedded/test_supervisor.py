"""`memocha up`: one at a time, everything comes back, everything ends with it."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.embedded.net import http_status, pick_port
from app.embedded.status import read_status
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from tests.support.embedded import minilm, models_dir, scratch

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def data_dir() -> AsyncIterator[Path]:
    await minilm()  # fetched before the clock runs
    with scratch() as folder:
        yield folder / "data"
        await until(lambda: not members(folder))


async def until(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        await asyncio.sleep(0.02)


@dataclass
class Up:
    """A running `memocha up`."""

    process: asyncio.subprocess.Process
    data_dir: Path
    port: int
    lines: list[str] = field(default_factory=list)

    async def read_until(self, words: str, seconds: float = 60.0) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while not any(words in line for line in self.lines):
                line = await self.process.stdout.readline()
                assert line, f"it ended without saying {words!r}:\n" + "".join(self.lines)
                self.lines.append(line.decode())

    async def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        async with asyncio.timeout(60):
            output, _ = await self.process.communicate()
        self.lines.append(output.decode())
        assert self.process.returncode is not None
        return self.process.returncode

    @property
    def given(self) -> dict[str, Any]:
        """What the service was given in its environment, and its pid."""
        return dict(json.loads((self.data_dir / "given.json").read_text()))


@asynccontextmanager
async def up(data_dir: Path, *, port: int | None = None, **more: str) -> AsyncIterator[Up]:
    """`memocha up` with Postgres and Milvus, no language model, and a small service; killed at the end."""
    port = port or pick_port()
    environment = {
        **os.environ, "MEMOCHA_DATA_DIR": str(data_dir), "MEMOCHA_MODELS_DIR": str(models_dir()),
        "MEMOCHA_PORT": str(port), "MEMOCHA_LLM": "openai:none", **more,
    }  # fmt: skip
    for name in ("MEMOCHA_DATABASE_URL", "MEMOCHA_MILVUS_URI", "MEMOCHA_PGVECTOR_URL", "MEMOCHA_HOST"):
        environment.pop(name, None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.supervised"),
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Up(process, data_dir, port)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def members(data_dir: Path) -> dict[int, str]:
    """Processes whose command line or environment names the data folder: the supervisor and all that it started."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if str(data_dir).encode() in words and state != "Z":
                found[int(entry.name)] = command
    return found


def pid_of(data_dir: Path, words: str) -> int:
    (pid,) = (pid for pid, command in members(data_dir).items() if words in command)
    return pid


POSTGRES, MILVUS = "postgres -D", "milvus_child server"


async def test_with_pgvector_there_is_no_milvus_and_postgres_has_what_it_takes(data_dir: Path) -> None:
    async with up(data_dir, MEMOCHA_INDEX="pgvector") as running:
        await running.read_until("Memocha is ready")
        given = running.given
        assert "MEMOCHA_MILVUS_URI" not in given
        assert not any(MILVUS in command for command in members(data_dir).values())
        index = PgvectorIndex(PgvectorConfig(url=given["MEMOCHA_DATABASE_URL"]), embedder="test", dimensions=4)
        assert await index.prepare() is True
        await index.close()
        assert await running.end() == 0


async def test_it_gives_the_service_what_runs_and_stops_it_before_postgres(data_dir: Path) -> None:
    async with up(data_dir) as running:
        await running.read_until("Memocha is ready")
        assert await http_status("127.0.0.1", running.port, "/ready") == 200
        given = running.given
        assert given["MEMOCHA_MILVUS_URI"].startswith("unix:")
        assert given["MEMOCHA_LLM"] == "openai:none", "what is configured is left alone"
        async with await psycopg.AsyncConnection.connect(given["MEMOCHA_DATABASE_URL"]):
            pass
        await until(lambda: {part.state for part in read_status(data_dir)} == {"ready"})
        assert await running.end() == 0
    assert json.loads((data_dir / "drained.json").read_text()) == {"postgres_up": True}
    assert {part.state for part in read_status(data_dir)} == {"stopped"}
    assert given["MEMOCHA_DATABASE_URL"].split(":")[2].split("@")[0] not in "".join(running.lines), "no password shown"
    for file in (data_dir / "logs").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


async def test_a_second_one_says_who_runs_and_leaves(data_dir: Path) -> None:
    async with up(data_dir) as first:
        await first.read_until("Memocha is ready")
        began = time.monotonic()
        async with up(data_dir, port=first.port) as second:
            assert await second.ended() == 1
        words = "".join(second.lines)
        assert "already running" in words
        assert f"process {first.process.pid}" in words
        assert f"http://127.0.0.1:{first.port}" in words
        assert "Traceback" not in words
        assert time.monotonic() - began < 10
        assert await http_status("127.0.0.1", first.port, "/ready") == 200


async def test_a_taken_port_is_said_before_anything_is_started(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with up(data_dir, port=other.getsockname()[1]) as running:
            assert await running.ended() == 1
    words = "".join(running.lines)
    assert "is taken by another program" in words
    assert "MEMOCHA_PORT=" in words
    assert not (data_dir / "postgres").exists()


async def test_a_service_that_does_not_start_is_quoted_and_everything_is_stopped(data_dir: Path) -> None:
    async with up(data_dir, TEST_SERVICE_BREAKS="1") as running:
        assert await running.ended() == 1
        words = "".join(running.lines)
        assert "service ended with code 1" in words
        assert "the service broke on purpose" in words
        assert "Traceback" not in words
        assert not members(data_dir)


@pytest.mark.parametrize("victim", [POSTGRES, MILVUS, "--service"])
async def test_a_killed_part_comes_back_where_it_was(victim: str, data_dir: Path) -> None:
    async with up(data_dir) as running:
        await running.read_until("Memocha is ready")
        await running.read_until("milvus    runs")
        before = running.given
        os.kill(pid_of(data_dir, victim), signal.SIGKILL)
        await running.read_until("is started again")
        await running.read_until("is back")
        async with await psycopg.AsyncConnection.connect(before["MEMOCHA_DATABASE_URL"]):
            pass
        assert {**running.given, "pid": 0} == {**before, "pid": 0}
        assert await http_status("127.0.0.1", running.port, "/ready") == 200
        assert await running.end(signal.SIGTERM) == 0


async def test_it_goes_on_when_nobody_reads_its_words_any_more(data_dir: Path) -> None:
    async with up(data_dir) as running:
        await running.read_until("Memocha is ready")
        running.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
        killed = running.given["pid"]
        os.kill(killed, signal.SIGKILL)
        await until(lambda: running.given["pid"] != killed)
        running.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await running.process.wait() == 0


async def test_everything_dies_with_a_killed_supervisor_and_the_next_one_recovers(data_dir: Path) -> None:
    async with up(data_dir) as first:
        await first.read_until("Memocha is ready")
        await first.read_until("milvus    runs")
        async with await psycopg.AsyncConnection.connect(first.given["MEMOCHA_DATABASE_URL"]) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
            await connection.commit()
            first.process.kill()
            await first.process.wait()
            await until(lambda: not members(data_dir), 10)
    async with up(data_dir) as second:
        await second.read_until("Memocha is ready")
        async with await psycopg.AsyncConnection.connect(second.given["MEMOCHA_DATABASE_URL"]) as connection:
            assert await (await connection.execute("SELECT number FROM kept")).fetchone() == (1,)
        assert await second.end() == 0


async def test_the_next_start_need_not_wait_for_the_killed_one(data_dir: Path) -> None:
    async with up(data_dir) as first:
        await first.read_until("Memocha is ready")
        first.process.kill()
        async with up(data_dir) as second:
            await second.read_until("Memocha is ready")
            assert await second.end() == 0


async def test_a_second_interrupt_hurries(data_dir: Path) -> None:
    async with up(data_dir, TEST_SERVICE_DRAINS="15") as running:
        await running.read_until("Memocha is ready")
        running.process.send_signal(signal.SIGINT)
        await running.read_until("Stopping")
        began = time.monotonic()
        assert await running.end(signal.SIGINT) == 0
        assert time.monotonic() - began < 8
        assert not members(data_dir)


async def test_an_interrupt_while_starting_leaves_nothing(data_dir: Path) -> None:
    async with up(data_dir) as running:
        await until(lambda: members(data_dir).keys() - {running.process.pid})
        assert await running.end() == 0
        assert not members(data_dir)
    async with up(data_dir) as again:
        await again.read_until("Memocha is ready")
        assert await again.end() == 0


async def test_a_model_file_that_is_none_is_refused_in_words(data_dir: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_text("not a model")
    async with up(data_dir, MEMOCHA_LLM="", MEMOCHA_LOCAL_MODEL_PATH=str(wrong)) as running:
        assert await running.ended() == 1
        assert "not in GGUF format" in "".join(running.lines)


async def test_without_weights_it_serves_and_says_what_to_do(data_dir: Path, tmp_path: Path) -> None:
    """No source has the language model: the service comes up all the same."""
    for weight in models_dir().iterdir():
        if weight.is_dir() and not any(file.suffix == ".gguf" for file in weight.iterdir()):
            (tmp_path / weight.name).symlink_to(weight)
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "MEMOCHA_LLM": ""}
    async with up(data_dir, MEMOCHA_MODELS_DIR=str(tmp_path), **nowhere) as running:
        await running.read_until("Memocha is ready")
        await running.read_until("MEMOCHA_LOCAL_MODEL_PATH")
        (model,) = (part for part in read_status(data_dir) if part.name == "model")
        assert model.state == "failed"
        assert running.given["MEMOCHA_LLM"] == "openai:qwen2.5-coder-0.5b"
        assert await running.end() == 0
