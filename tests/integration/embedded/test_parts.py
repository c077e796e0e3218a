"""Postgres and Milvus Lite as children: kept data, kills, leftovers, rights."""

import asyncio
import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psycopg
import pytest
import structlog
from pymilvus import MilvusClient

from app.embedded import part as part_module
from app.embedded import supervisor
from app.embedded.errors import DataUnusable, PartFailed
from app.embedded.milvus import SOCKET_PATH_LIMIT, MilvusPart
from app.embedded.part import Part
from app.embedded.postgres import PostgresPart
from app.embedded.postgres_leftovers import server_processes
from app.embedded.process import Command
from app.embedded.screen import Screen
from app.settings import Settings
from tests.support.embedded import Llama, running_milvus, running_postgres, scratch

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def data_dir() -> AsyncIterator[Path]:
    with scratch() as folder:
        yield folder / "data"


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        await asyncio.sleep(0.02)


async def rows(url: str) -> int:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        await connection.execute("INSERT INTO kept VALUES (1)")
        await connection.commit()
        row = await (await connection.execute("SELECT count(*) FROM kept")).fetchone()
    assert row is not None
    return int(row[0])


async def test_postgres_keeps_its_data_and_password_over_a_restart(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        assert await rows(part.url) == 1
        password = part.url.split("@")[0]
    async with running_postgres(data_dir) as part:
        assert await rows(part.url) == 2
        assert part.url.split("@")[0] == password


class Sleeper(Part):
    """A part that does nothing."""

    name = "sleeper"
    address = ""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def command(self) -> Command:
        return Command(argv=(sys.executable, "-c", "import time; time.sleep(60)"), log=self._log)

    async def probe(self) -> bool:
        return True


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
async def test_a_part_is_started_again_while_nothing_can_be_written(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the supervisor's log nor its status; both would end what minds the part."""

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(supervisor, "write_status", no_space)
    monkeypatch.setattr(part_module, "shorten_log", no_space)
    monkeypatch.setattr(part_module, "LOG_CHECK", 0.05)
    data_dir.mkdir()
    part = Sleeper(data_dir / "sleeper.log")
    settings = Settings(_env_file=None, data_dir=data_dir)  # type: ignore[call-arg]
    part.on_change = supervisor.Supervisor(settings, Screen())._changed
    supervisor.log_to(Path("/dev/full"))
    try:
        await part.start()
        part.keep()
        await asyncio.sleep(0.2)  # the log is looked after some times
        for times in (2, 3):
            assert part.pid is not None
            os.kill(part.pid, signal.SIGKILL)
            await until(lambda times=times: part.starts == times)  # type: ignore[misc]
    finally:
        structlog.reset_defaults()
        await part.stop()


async def test_postgres_trusts_nobody_without_the_password(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        assert stat.S_IMODE((data_dir / "postgres.password").stat().st_mode) == 0o600
        for user in ("memocha", "postgres"):
            for password in ("", "wrong"):
                with pytest.raises(psycopg.OperationalError):
                    await psycopg.AsyncConnection.connect(
                        host="127.0.0.1", port=part.port, user=user, password=password, dbname="memocha"
                    )


async def test_the_role_is_no_superuser_and_acknowledged_writes_are_synced(data_dir: Path) -> None:
    async with (
        running_postgres(data_dir) as part,
        await psycopg.AsyncConnection.connect(part.url) as connection,
    ):
        for setting, value in {"is_superuser": "off", "fsync": "on", "synchronous_commit": "on"}.items():
            row = await (await connection.execute("SELECT current_setting(%s)", (setting,))).fetchone()
            assert row == (value,), setting


async def test_the_log_repeats_no_words_of_a_failed_statement(data_dir: Path) -> None:
    async with (
        running_postgres(data_dir) as part,
        await psycopg.AsyncConnection.connect(part.url) as connection,
    ):
        await connection.execute("CREATE TABLE said (words text UNIQUE)")
        for _ in range(2):
            with pytest.raises(psycopg.Error):
                await connection.execute("INSERT INTO said VALUES (%s), (%s)", ("canary-17", "canary-17"))
            await connection.rollback()
    assert "canary-17" not in (data_dir / "logs" / "postgres.log").read_text()


async def test_a_killed_postgres_comes_back_on_the_same_port_with_every_row(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        part.keep()
        url = part.url
        for kill in range(1, 4):
            assert await rows(url) == kill
            assert part.pid is not None
            os.kill(part.pid, signal.SIGKILL)
            await until(lambda expected=kill: part.restarts == expected)  # type: ignore[misc]
        assert await rows(url) == 4


async def test_backends_that_outlive_a_killed_postgres_do_not_stop_the_next(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        connection = await psycopg.AsyncConnection.connect(part.url)
        # A backend stopped in the middle of its work notices nothing, and holds the shared memory.
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        assert part.pid is not None
        os.kill(part.pid, signal.SIGKILL)
        await until(lambda: part.pid is None)
        label = part._label
        assert backend in server_processes(label)
        second = PostgresPart(data_dir)
        try:
            await second.start()
            assert backend not in server_processes(label)
            assert await rows(second.url) == 1
        finally:
            await second.stop()


async def test_a_pid_file_that_names_another_program_is_no_obstacle(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        assert part.pid is not None
        stale = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    owner = (data_dir / "postgres").stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **identity)  # type: ignore[call-overload]
    try:
        pid_file = data_dir / "postgres" / "postmaster.pid"
        pid_file.write_text("\n".join([str(other.pid), *stale[1:]]) + "\n")
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        async with running_postgres(data_dir) as part:
            assert await rows(part.url) == 1
    finally:
        other.kill()
        other.wait()


async def test_an_initdb_that_was_cut_off_is_made_anew(data_dir: Path) -> None:
    half = data_dir / ".postgres-1" / "cluster"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    async with running_postgres(data_dir) as part:
        assert await rows(part.url) == 1
    assert not list(data_dir.glob(".postgres-*"))


async def test_a_lost_password_file_is_replaced(data_dir: Path) -> None:
    async with running_postgres(data_dir) as part:
        assert await rows(part.url) == 1
    (data_dir / "postgres.password").unlink()
    async with running_postgres(data_dir) as part:
        assert await rows(part.url) == 2


async def test_data_of_another_major_version_is_refused_in_words(data_dir: Path) -> None:
    async with running_postgres(data_dir):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataUnusable, match=r"written by PostgreSQL 16; this Memocha brings 18"):
        await PostgresPart(data_dir).start()


async def test_a_start_that_fails_quotes_the_log(data_dir: Path) -> None:
    async with running_postgres(data_dir):
        pass
    (data_dir / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PartFailed, match="no_such_setting"):
        await PostgresPart(data_dir).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to have a folder that only root may enter")
async def test_as_root_under_a_folder_that_only_root_may_enter(data_dir: Path) -> None:
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    async with running_postgres(closed / "data") as part:
        assert await rows(part.url) == 1
        assert part.pid is not None
        status = Path(f"/proc/{part.pid}/status").read_text()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    fields = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split()
    assert int(fields["CapEff"], 16).bit_count() == 1
    assert int(fields["CapPrm"], 16).bit_count() == 1


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
async def test_as_a_normal_user(data_dir: Path) -> None:
    script = (
        "import asyncio, os, pathlib, sys\n"
        "from tests.support.embedded import running_milvus, running_postgres\n"
        "async def main(folder):\n"
        "    async with running_postgres(folder) as postgres, running_milvus(folder) as milvus:\n"
        "        assert os.stat(folder / 'postgres').st_uid == os.getuid() != 0\n"
        "        print('both run')\n"
        "asyncio.run(main(pathlib.Path(sys.argv[1])))\n"
    )
    python = _open_python()
    if python is None or not _others_may_enter(ROOT):
        pytest.skip("the checkout or Python lies where only root may enter")
    folder = Path(tempfile.mkdtemp(prefix="memocha-user-"))
    os.chown(folder, 65534, 65534)
    try:
        process = await asyncio.create_subprocess_exec(
            *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"),
            *(python, "-c", script, str(folder / "data")),
            cwd=ROOT, env={**os.environ, "HOME": str(folder), "PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        assert b"both run" in output
    finally:
        shutil.rmtree(folder)


def _open_python() -> str | None:
    """An interpreter of our version that every user may run."""
    ours = Path(sys.executable)
    for candidate in (ours, Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")):
        if candidate.exists() and all(_others_may_enter(path) for path in (candidate.parent, candidate.resolve())):
            return str(candidate)
    return None


def _others_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


async def test_milvus_keeps_every_acknowledged_row_over_kills(data_dir: Path) -> None:
    async with running_milvus(data_dir) as part:
        part.keep()
        client = MilvusClient(part.uri)
        client.create_collection("kept", dimension=4)
        for kill in range(1, 3):
            client.insert("kept", [{"id": kill * 10 + row, "vector": [0.1] * 4} for row in range(10)])
            assert part.pid is not None
            os.kill(part.pid, signal.SIGKILL)
            await until(lambda expected=kill: part.restarts == expected)  # type: ignore[misc]
            client.close()
            client = MilvusClient(part.uri)
            client.load_collection("kept")
            (counted,) = client.query("kept", filter="", output_fields=["count(*)"])
            assert counted["count(*)"] == kill * 10
        client.close()


async def test_milvus_is_out_of_reach_of_other_users(data_dir: Path) -> None:
    async with running_milvus(data_dir) as part:
        socket = Path(part.uri.removeprefix("unix:"))
        assert stat.S_ISSOCK(socket.stat().st_mode)
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


async def test_milvus_finds_a_short_place_for_its_socket(data_dir: Path) -> None:
    deep = data_dir / ("d" * SOCKET_PATH_LIMIT)
    async with running_milvus(deep) as part:
        socket = Path(part.uri.removeprefix("unix:"))
        assert socket.exists()
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert not socket.parent.exists()


@pytest.mark.parametrize("kind", [PostgresPart, MilvusPart])
async def test_children_die_with_a_killed_parent(kind: type[Part], data_dir: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        f"from {kind.__module__} import {kind.__name__}\n"
        "async def main():\n"
        f"    part = {kind.__name__}(pathlib.Path(sys.argv[1]))\n"
        "    await part.start()\n"
        "    print('pid', part.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(data_dir), cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    try:
        while not (line := await parent.stdout.readline()).startswith(b"pid "):
            assert line, "the parent ended"
    finally:
        parent.kill()
        await parent.wait()
    child = int(line.split()[1])
    await until(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))
    again = kind(data_dir)
    try:
        await again.start()
    finally:
        await again.stop()


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.model
async def test_the_model_server_answers_and_asks_for_its_key(llama: Llama) -> None:
    bare = httpx.AsyncClient(base_url=llama.base_url.removesuffix("/v1"), timeout=120)
    async with bare:
        assert (await bare.get("/health")).status_code == 200
        for path in ("/tokenize", "/v1/chat/completions"):
            assert (await bare.post(path, json={"content": "hi"})).status_code == 401
        bare.headers["Authorization"] = f"Bearer {llama.api_key}"
        tokens = (await bare.post("/tokenize", json={"content": "Hello there"})).json()["tokens"]
        assert len(tokens) == 2
        asked = {"model": llama.model, "max_tokens": 8, "temperature": 0}
        asked["messages"] = [{"role": "user", "content": "Say only the word: yes"}]
        answer = (await bare.post("/v1/chat/completions", json=asked)).json()
        assert answer["model"] == llama.model
        assert "yes" in answer["choices"][0]["message"]["content"].lower()
