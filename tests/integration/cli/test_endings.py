"""How commands end where something gets in between: a service that is away, breaks off or is another; Ctrl-C; a reader
that leaves; a terminal."""

import asyncio
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from fcntl import ioctl
from pathlib import Path
from typing import Literal
from uuid import uuid4
from zipfile import ZIP_STORED

import psycopg
import pytest

from app.cli.exits import ExitCode
from tests.integration.cli.conftest import SERVICE_KEY
from tests.support.command import PATIENCE, ROOT, Command, ended, interrupted
from tests.support.instance import Instance, until
from tests.unit.transfer.archives.support import ROOT as ROOT_NODE
from tests.unit.transfer.archives.support import chatgpt, node, zipped

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
BUSY = {"type": "about:blank", "title": "Not now.", "status": 503, "code": "database_unavailable"}


def answer(status: str, body: str, kind: str = "application/json") -> Answer:
    """A whole answer."""

    async def write(to: asyncio.StreamWriter) -> None:
        raw = body.encode()
        to.write(f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(raw)}\r\n\r\n".encode() + raw)

    return write


async def part(to: asyncio.StreamWriter) -> None:
    """The beginning of an answer."""
    to.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n")


async def part_and_then_nothing(to: asyncio.StreamWriter) -> None:
    await part(to)
    await to.drain()
    await asyncio.sleep(PATIENCE)


@asynccontextmanager
async def serving(write: Answer) -> AsyncIterator[str]:
    """A server that answers each request so, and closes; its address."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await write(writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.fixture
def alone(tmp_path: Path) -> Command:
    """The command where no service runs."""
    return Command(tmp_path, {"MEMOCHA_DATA_DIR": str(tmp_path / "data")})


@pytest.mark.parametrize("words", ["memories list", "export", "export --out x", "key list", "import x.jsonl", "chat"])
async def test_nothing_at_the_address(alone: Command, words: str) -> None:
    (alone.folder / "x.jsonl").write_text("")
    said = await alone(*words.split(), "--url", "http://127.0.0.1:9")
    assert (said.code, said.out) == (ExitCode.UNREACHABLE, "")
    assert "http://127.0.0.1:9" in said.err
    told = await alone(*words.split(), "--json", MEMOCHA_PORT="9")
    assert (told.code, told.problem["code"]) == (ExitCode.UNREACHABLE, "unreachable")
    assert [each.name for each in alone.folder.iterdir()] == ["x.jsonl"]


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "302 Found"])
async def test_another_server_at_the_address(alone: Command, status: str) -> None:
    async with serving(answer(status, "<h1>Welcome</h1>", "text/html")) as url:
        ended = await alone("memories", "search", "x", "--url", url)
    assert ended.code == ExitCode.UNREACHABLE
    assert "is not Memocha" in ended.err


async def test_a_service_that_is_busy(alone: Command) -> None:
    async with serving(answer("503 Service Unavailable", json.dumps(BUSY))) as url:
        assert (await alone("memories", "list", "--url", url)).code == ExitCode.BUSY
        told = await alone("sessions", "list", "--url", url, "--json")
    assert (told.code, told.problem) == (ExitCode.BUSY, BUSY)


async def test_an_export_that_breaks_off_leaves_what_was_there(alone: Command) -> None:
    (alone.folder / "all.jsonl").write_text("the last one")
    async with serving(part) as url:
        written = await alone("export", "--out", "all.jsonl", "--url", url, "--json")
        printed = await alone("export", "--url", url)
    assert (written.code, written.problem["code"]) == (ExitCode.FAILED, "connection_lost")
    assert (printed.code, printed.out) == (ExitCode.FAILED, "abcde")
    assert "before all had come" in printed.err
    assert {each.name: each.read_text() for each in alone.folder.iterdir()} == {"all.jsonl": "the last one"}


async def test_an_export_that_is_interrupted_leaves_nothing(alone: Command) -> None:
    async with serving(part_and_then_nothing) as url:
        process = await alone.start("export", "--out", "all.jsonl", "--url", url)
        await until(lambda: list(alone.folder.iterdir()), "it has begun to write")
        stopped = await interrupted(process)
    assert (stopped.code, stopped.err) == (ExitCode.INTERRUPTED, "")
    assert not list(alone.folder.iterdir())


async def test_an_export_to_where_nothing_can_be_written(memocha: Command) -> None:
    for arguments in (("no/such/folder/x",), ("x", "--json")):
        if "--json" in arguments:
            (memocha.folder / "x").mkdir()
        ended = await memocha("export", "--out", *arguments)
        assert (ended.code, ended.out) == (ExitCode.FAILED, "")
    assert json.loads(ended.err)["code"] == "file"


async def test_an_export_to_a_pipe_or_a_device_goes_there(memocha: Command) -> None:
    assert (await memocha("export", "--out", "/dev/null")).code == 0
    assert not Path("/dev/null").is_file()


async def test_an_import_whose_input_still_comes_is_interrupted_at_once(alone: Command) -> None:
    begun = asyncio.Event()

    async def wait(_: asyncio.StreamWriter) -> None:
        begun.set()
        await asyncio.sleep(PATIENCE)

    async with serving(wait) as url:
        process = await alone.start("import", "-", "--url", url)
        assert process.stdin is not None
        process.stdin.write(b'{"memory": {"text": "Half an import."}}\n')
        await process.stdin.drain()
        await asyncio.wait_for(begun.wait(), PATIENCE)
        stopped = await interrupted(process)
    assert (stopped.code, stopped.err) == (
        ExitCode.INTERRUPTED,
        "-: nothing was imported. The same command begins it again.\n",
    )


async def test_an_import_that_is_interrupted_while_it_is_looked_through_imports_nothing(
    memocha: Command, instance: Instance
) -> None:
    words = f"is grey. {'x' * 900}"
    lines = [json.dumps({"memory": {"text": f"Whelk {n} {words}"}}) for n in range(30_000)]
    (memocha.folder / "large.jsonl").write_text("\n".join(lines))
    talks = [chatgpt(f"t{n}", [node("q", ROOT_NODE, f"Whelk {n} {words}")], "q") for n in range(15_000)]
    (memocha.folder / "large.zip").write_bytes(zipped({"conversations.json": talks}, compression=ZIP_STORED))
    before = await counted(instance, "jobs")
    for name in ("large.jsonl", "large.zip"):
        process = await memocha.start("import", name)
        await until(lambda: counted(instance, "import_lines"), "some of it is put aside")
        stopped = await interrupted(process)
        assert stopped.code == ExitCode.INTERRUPTED
        assert stopped.err == f"{name}: nothing was imported. The same command begins it again.\n"
        await until(lambda: given_up(instance, before), "it is given up")
    assert "Whelk" not in (await memocha("export")).out


async def counted(instance: Instance, table: Literal["jobs", "import_lines"]) -> int:
    """Rows of the service's."""
    url = instance.environment["MEMOCHA_DATABASE_URL"].replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        found = await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone()
    assert found is not None
    return int(found[0])


async def given_up(instance: Instance, jobs: int) -> bool:
    return await counted(instance, "jobs") == jobs and not await counted(instance, "import_lines")


async def test_an_import_that_was_taken_can_be_left_and_followed_again(alone: Command) -> None:
    job = {"id": str(uuid4()), "kind": "import", "state": "running", "processed": 1, "total": 2}
    seen = 0

    async def running(to: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        await answer("200 OK", json.dumps(job))(to)

    (alone.folder / "x.jsonl").write_text("{}\n")
    async with serving(running) as url:
        process = await alone.start("import", "x.jsonl", "--url", url)
        await until(lambda: seen >= 3, "it looks at the job again and again")
        stopped = await interrupted(process)
        assert stopped.code == ExitCode.INTERRUPTED
        assert f"memocha import --follow {job['id']}" in stopped.err
        job |= {"state": "failed", "error": "The archive is broken."}
        told = await alone("import", "--follow", str(job["id"]), "--url", url, "--json")
    assert (told.code, told.problem["title"]) == (ExitCode.FAILED, "The archive is broken.")
    assert told.problem["job"]["processed"] == 1


async def test_a_reader_that_leaves_ends_it_in_silence(memocha: Command) -> None:
    lines = "".join(json.dumps({"memory": {"text": f"Pebble {n} is round. {'x' * 300}"}}) + "\n" for n in range(300))
    assert (await memocha("import", "-", said=lines)).code == 0
    for words in ("memories list --json", "memories list --all", "export", "--help"):
        read, write = os.pipe()
        process = await memocha.start(*words.split(), out=write)
        os.close(write)
        os.close(read)
        left = await ended(process)
        assert (left.code, left.err) == (ExitCode.CUT_OFF, ""), words


async def test_usage_is_told_in_words_or_as_a_problem(alone: Command) -> None:
    for words in (
        "memories liss",
        "memories list --nothing",
        "memories add",
        "sessions show",
        "memories list --since x",
    ):
        said = await alone(*words.split())
        assert said.code == ExitCode.USAGE
        assert "Usage: " in said.err or "Invalid" in said.err
        told = await alone(*words.split(), "--json")
        assert (told.code, told.problem["code"]) == (ExitCode.USAGE, "usage")
    assert (await alone("memories", "add", " ")).code == ExitCode.USAGE
    assert (await alone("memories", "add", "-", said=b"\xff\xfe")).code == ExitCode.USAGE


async def test_a_shell_is_told_how_to_complete(alone: Command) -> None:
    script = await alone("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert script.code == 0
    assert "complete" in script.out
    words = {"COMP_WORDS": "memocha memories s", "COMP_CWORD": "2"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'memocha'; from app.cli import main; main()",
        env={**os.environ, "PYTHONPATH": str(ROOT), "_MEMOCHA_COMPLETE": "complete_bash", **words},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=alone.folder,
    )
    completed = await ended(process)
    assert completed.out.split() == ["search", "show"]


TAKES_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
"""So that Ctrl-C reaches the command, as a shell has it."""


class Terminal:
    """A command in a terminal of so many columns, on whose keyboard answers are typed."""

    def __init__(self, command: Command, columns: int) -> None:
        self._command = command
        self._columns = columns

    def run(self, *arguments: str, keys: dict[str, str] | None = None, **changes: str) -> tuple[int, str]:
        """Its exit code, and all that was shown. `keys`: by the words that they answer."""
        screen, keyboard = pty.openpty()
        ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", 30, self._columns, 0, 0))
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MEMOCHA_") and name not in ("COLUMNS", "LINES")
        }
        environment = {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **self._command.environment}
        # Not by a fork of our own: this process has threads, and what they hold at that moment nobody lets go of in the
        # child, which then never begins.
        process = subprocess.Popen(
            [sys.executable, "-c", TAKES_TERMINAL, sys.executable, "-m", "app.cli", *arguments],
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            start_new_session=True,
            cwd=self._command.folder,
            env={**environment, **changes},
        )
        os.close(keyboard)
        shown, waiting = "", dict(keys or {})
        for piece in self._pieces(screen):
            shown += piece
            for words in [words for words in waiting if words in shown]:
                os.write(screen, waiting.pop(words).encode())
        os.close(screen)
        return process.wait(PATIENCE), shown.replace("\r\n", "\n")

    @staticmethod
    def _pieces(screen: int) -> Iterator[str]:
        while True:
            if not select.select([screen], [], [], PATIENCE)[0]:
                raise TimeoutError("the command shows nothing more, and does not end")
            try:
                piece = os.read(screen, 65_536)
            except OSError:
                return
            if not piece:
                return
            yield piece.decode(errors="replace")


async def test_a_terminal_shows_bars_and_asks_first(memocha: Command, instance: Instance) -> None:
    terminal = Terminal(memocha, 40)
    (memocha.folder / "one.jsonl").write_text('{"memory": {"text": "我的自行车是绿色的我每天骑它去上班风雨无阻。"}}\n')
    code, shown = await asyncio.to_thread(terminal.run, "import", "one.jsonl")
    assert code == 0
    assert "Remembering" in shown
    assert shown.endswith("one.jsonl: 1 line imported.\n")
    assert (await memocha("import", "one.jsonl")).out == "one.jsonl: 1 line, which was there already.\n"

    code, shown = await asyncio.to_thread(terminal.run, "memories", "list", "--limit", "1", NO_COLOR="1")
    assert "\x1b[3" not in shown, "no colours"
    lines = [line for line in shown.splitlines() if line.startswith("    ")]
    assert "".join(line.strip() for line in lines) == "我的自行车是绿色的我每天骑它去上班风雨无阻。"
    assert all(len(line.strip()) <= 18 for line in lines), "wrapped by columns, of which these take two"

    one = (await memocha("memories", "list", "--json")).lines[0]["id"]
    for key in ("n\n", "\x03"):
        code, shown = await asyncio.to_thread(terminal.run, "memories", "rm", one, keys={"[y/N]": key})
        assert code == ExitCode.FAILED
        assert "Nothing was changed." in shown
    code, shown = await asyncio.to_thread(terminal.run, "memories", "rm", one, keys={"[y/N]": "y\n"})
    assert code == 0
    assert "我的自行车是绿色的" in shown, "what is asked about"
    assert (await memocha("memories", "show", one, MEMOCHA_API_KEY=SERVICE_KEY)).code == ExitCode.NOT_FOUND
