"""A running Memocha, started as a user starts it, and a client that follows its turns through lost connections.

    async with running_instance() as memocha:
        turn = await memocha.chat("My dog is called Biscuit.")
        await memocha.kill("service")
        ...

Its parts are real. The language model is the scripted one (`memocha.model`, for control over time) or the local one.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx
from httpx_sse import aconnect_sse

from app.embedded.environment import FILE
from app.embedded.net import pick_port
from tests.support.embedded import minilm, models_dir, scratch
from tests.support.model_server import Behaviour, ModelServer

ROOT = Path(__file__).parents[2]
KEY = "scripted-model-key"
LAST = ("done", "error")
POLL = 0.03
PATIENCE = 45.0
"""Seconds within which everything must have come back after a fault, on busy cores."""

T = TypeVar("T")
PartName = Literal["supervisor", "service", "postgres", "milvus", "model", "worker", "redis"]
COMMANDS: dict[str, str] = {
    "service": "app.cli serve --migrate",
    "postgres": "bin/postgres -D",
    "milvus": "milvus_child server",
    "model": "app.embedded.llama_child",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a run, as it was received."""

    id: int
    name: str
    data: dict[str, Any]


class Refused(Exception):
    """The service answered with a problem."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code')}")
        self.status = status
        self.body = body


async def until(look: Callable[[], Awaitable[T] | T], what: str, seconds: float = PATIENCE, every: float = POLL) -> T:
    """The first true thing that `look` gives, or an AssertionError that says what did not come to pass."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        value = await found if isinstance(found, Awaitable) else found
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(every)


@dataclass
class Turn:
    """One turn as a client sees it: what it was told, over however many connections that took."""

    http: httpx.AsyncClient
    body: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    """Everything received, in order; after a reconnection the events that followed the last one seen."""
    connections: int = 0
    refused: Refused | None = None
    """A problem in place of a stream."""
    _reader: asyncio.Task[None] | None = None

    def begin(self) -> "Turn":
        """Send the message and read what comes, coming back when the connection breaks."""
        self._reader = asyncio.create_task(self._read_on())
        return self

    @property
    def message(self) -> str:
        return str(self.body.get("message", ""))

    @property
    def acknowledged(self) -> bool:
        """Whether the client was told that its message is kept."""
        return any(event.name == "run" for event in self.events)

    @property
    def run(self) -> dict[str, Any]:
        """The last `run` event's data."""
        return next(event.data for event in reversed(self.events) if event.name == "run")

    @property
    def run_id(self) -> str:
        return str(self.run["run_id"])

    @property
    def session_id(self) -> str:
        return str(self.run["session_id"])

    @property
    def last_id(self) -> int:
        return self.events[-1].id if self.events else 0

    @property
    def text(self) -> str:
        """The answer so far: it starts over with each `run` event."""
        pieces: list[str] = []
        for event in self.events:
            if event.name == "run":
                pieces.clear()
            elif event.name == "token":
                pieces.append(event.data["text"])
        return "".join(pieces)

    @property
    def tokens(self) -> int:
        return sum(event.name == "token" for event in self.events)

    @property
    def end(self) -> Event | None:
        """The `done` or `error` event."""
        return next((event for event in self.events if event.name in LAST), None)

    @property
    def done(self) -> bool:
        return self.end is not None and self.end.name == "done"

    def of(self, name: str) -> dict[str, Any]:
        """The data of the last event of that name."""
        return next(event.data for event in reversed(self.events) if event.name == name)

    async def saw(self, count: int, seconds: float = PATIENCE) -> None:
        """Wait for so many pieces of the answer (0: for the `run` event), or for its end."""
        await until(
            lambda: self._over or (self.acknowledged and self.tokens >= count), f"{count} tokens", seconds, 0.005
        )

    async def ended(self, seconds: float = PATIENCE) -> "Turn":
        """Wait for the end, or for a refusal."""
        assert self._reader is not None
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(self._reader)
        except TimeoutError:
            raise AssertionError(f"no end within {seconds:.0f} s; the last event: {self.events[-1:]}") from None
        return self

    async def leave(self) -> None:
        """Close the connection."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def come_back(self) -> "Turn":
        """Join the run again, after the last event that was seen."""
        self._reader = asyncio.create_task(self._read_on())
        return self

    @property
    def _over(self) -> bool:
        return self.end is not None or self.refused is not None

    async def _read_on(self) -> None:
        while not self._over:
            try:
                await self._connect()
            except httpx.TransportError:
                if not self.acknowledged:
                    # Nobody said that it was taken: what became of it is not ours to know.
                    self.refused = Refused(0, {"code": "connection_lost"})
            except Refused as problem:
                if not self.acknowledged or problem.status < 500:
                    self.refused = problem
            await asyncio.sleep(POLL)

    async def _connect(self) -> None:
        self.connections += 1
        if not self.acknowledged:
            await self._receive("POST", "/api/chat", json=self.body)
        else:
            headers = {"last-event-id": str(self.last_id)}
            await self._receive("GET", f"/api/runs/{self.run_id}/events", headers=headers)

    async def _receive(self, method: str, path: str, **options: Any) -> None:
        async with aconnect_sse(self.http, method, path, **options) as source:
            if source.response.is_error:
                await source.response.aread()
                raise Refused(source.response.status_code, source.response.json())
            async for received in source.aiter_sse():
                if not received.data:
                    continue  # httpx-sse makes an empty event of a comment that follows an id
                self.events.append(Event(int(received.id), received.event, json.loads(received.data)))
                if self._over:
                    return


class Instance:
    """A Memocha of its own: data folder, port, processes."""

    supervisor: tuple[str, ...] = ("app.cli", "up")
    """The module that is run, and its arguments."""

    def __init__(self, data_dir: Path, *, model: ModelServer | None, own_worker: bool, more: dict[str, str]) -> None:
        self.data_dir = data_dir
        self.model_server = model
        self.own_worker = own_worker
        self.port = pick_port()
        self._more = more
        self._up: asyncio.subprocess.Process | None = None
        self._worker: asyncio.subprocess.Process | None = None
        self.http = self.client(self.port)

    @property
    def model(self) -> ModelServer:
        """The scripted model."""
        assert self.model_server is not None, "this one runs on the local model"
        return self.model_server

    @property
    def environment(self) -> dict[str, str]:
        """Where the embedded parts are."""
        noted: dict[str, str] = json.loads((self.data_dir / FILE).read_text())
        return noted

    @staticmethod
    def client(port: int) -> httpx.AsyncClient:
        """An HTTP client of a service on this machine."""
        timeout = httpx.Timeout(30.0, connect=5.0)
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=0)
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=timeout, limits=limits, trust_env=False)

    # --- its life

    async def start(self) -> float:
        """`memocha up`, until it is ready; seconds."""
        began = time.monotonic()
        await self.start_up()
        if self.own_worker:
            await self.start_worker()
        return time.monotonic() - began

    async def start_up(self) -> None:
        """`memocha up` alone; a worker beside it lives on by itself."""
        self._up = await self._spawn(*self.supervisor, log="up")
        await self.wait_ready()

    async def start_worker(self) -> None:
        """`memocha worker` beside it, which finds the parts by the data folder."""
        log = self.data_dir / "logs" / "worker.log"
        said = log.read_text().count("worker is ready") if log.exists() else 0
        self._worker = await self._spawn("app.cli", "worker", log="worker")
        await until(lambda: log.read_text().count("worker is ready") > said, "the worker is ready")

    async def stop(self, seconds: float = 40.0) -> None:
        """Stop it in order."""
        for process in (self._worker, self._up):
            if process is not None and process.returncode is None:
                process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(seconds):
                    await process.wait()

    async def restart(self) -> float:
        """Stop and start it; the seconds that the start took."""
        await self.stop()
        return await self.start()

    async def close(self) -> None:
        """End it, in order if it can."""
        await self.http.aclose()
        try:
            await self.stop()
        finally:
            for process in (self._worker, self._up):
                if process is not None and process.returncode is None:
                    process.kill()
                    await process.wait()

    async def kill(self, part: PartName) -> None:
        """kill -9, at once; returns when the process is gone."""
        if part == "model" and self.model_server is not None:
            await asyncio.to_thread(self.model_server.stop)
            return
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        own = {"supervisor": self._up, "worker": self._worker}.get(part)
        if own is not None:
            await own.wait()
        await until(lambda: not _is_running(pid), f"{part} is gone", 10.0, 0.002)
        if part == "supervisor":
            await until(lambda: not self.members(), "all parts end with the supervisor", 30.0)

    def pid(self, part: PartName) -> int:
        """The process of a part; for Postgres the postmaster, for the service the API with its worker."""
        own = {"supervisor": self._up, "worker": self._worker}.get(part)
        if own is not None:
            return own.pid
        found = [pid for pid, command in self.members().items() if COMMANDS[part] in command]
        assert len(found) == 1, f"{part}: {found} of {self.members()}"
        return found[0]

    def members(self) -> dict[int, str]:
        """The supervisor's parts that run: those whose environment names the data folder, and their commands."""
        mine = f"MEMOCHA_DATA_DIR={self.data_dir}".encode()
        own = {process.pid for process in (self._up, self._worker) if process is not None}
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) in own:
                continue
            try:
                if mine in (entry / "environ").read_bytes() and _is_running(int(entry.name)):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    async def wait_ready(self, *dependencies: str, seconds: float = PATIENCE) -> None:
        """Wait until it is ready, and these dependencies (default: Postgres and memory) are `ok`."""
        wanted = dependencies or ("postgres", "memory")

        async def look() -> bool:
            if self._up is not None and self._up.returncode is not None:
                raise AssertionError(f"memocha up ended with {self._up.returncode}:\n{self.log('up')}")
            try:
                answer = await self.http.get("/ready")
            except httpx.TransportError:
                return False
            found = answer.json().get("dependencies", {})
            return answer.status_code == 200 and all(found[name]["state"] == "ok" for name in wanted)

        await until(look, f"ready with {wanted}", seconds)

    def log(self, name: str) -> str:
        """A part's log."""
        path = self.data_dir / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # --- what a client does

    def say(self, message: str, session_id: str | None = None, **more: Any) -> Turn:
        """Begin a turn, and follow it in the background."""
        body = {"message": message, **({"session_id": session_id} if session_id else {}), **more}
        return Turn(self.http, body).begin()

    def regenerate(self, message_id: str, session_id: str) -> Turn:
        """Begin another answer to a message."""
        return Turn(self.http, {"session_id": session_id, "regenerate": message_id}).begin()

    async def chat(self, message: str, session_id: str | None = None) -> Turn:
        """A whole turn."""
        return await self.say(message, session_id).ended()

    async def events(self, run_id: str, after: int = 0, seconds: float = PATIENCE) -> list[Event]:
        """A run's events after that id, to its end."""
        began = Event(after, "run", {"run_id": run_id})
        turn = Turn(self.http, {}, events=[began])
        await (await turn.come_back()).ended(seconds)
        if turn.refused is not None:
            raise turn.refused
        return turn.events[1:]

    async def get(self, path: str, seconds: float = PATIENCE, **params: Any) -> dict[str, Any]:
        """GET, again and again while the service is away or says that a try later may do. Raises `Refused`."""

        async def look() -> httpx.Response | None:
            try:
                answer = await self.http.get(path, params=params)
            except httpx.TransportError:
                return None
            return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

        answer = await until(look, f"GET {path}", seconds)
        if answer.is_error:
            raise Refused(answer.status_code, answer.json())
        body: dict[str, Any] = answer.json()
        return body

    async def all_of(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """The items of all pages."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while True:
            page = await self.get(path, **params, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    def settings(self) -> dict[str, str]:
        """The environment of its processes."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MEMOCHA_", "OPENAI_", "AZURE_"))}
        settings = {
            "MEMOCHA_DATA_DIR": str(self.data_dir),
            "MEMOCHA_MODELS_DIR": str(models_dir()),
            "MEMOCHA_PORT": str(self.port),
            "MEMOCHA_LOG_LEVEL": "debug",
            "MEMOCHA_LOG_FORMAT": "json",
        }
        if self.model_server is not None:
            settings |= {
                "MEMOCHA_LLM": "openai:scripted",
                "MEMOCHA_LLM_BASE_URL": self.model_server.base_url,
                "MEMOCHA_LLM_API_KEY": KEY,
                "MEMOCHA_LLM_CONTEXT": "8192",
                # The scripted model answers turns; who wants facts of it asks for them.
                "MEMOCHA_FACTS": "off",
                "MEMOCHA_TITLES": "off",
            }
        if self.own_worker:
            settings["MEMOCHA_WORKER"] = "false"
        return {**inherited, **settings, **self._more}

    async def _spawn(self, *program: str, log: str) -> asyncio.subprocess.Process:
        (self.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "logs" / f"{log}.log").open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *program),
                cwd=ROOT,
                env=self.settings(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@asynccontextmanager
async def running_instance(
    *, model: Literal["scripted", "local"] = "scripted", own_worker: bool = False, **more: str
) -> AsyncIterator[Instance]:
    """A ready Memocha for the time of the block; `own_worker`: its jobs are done by a `memocha worker` of their own.

    `more`: settings, by the names of their variables.
    """
    await minilm()  # fetched before any clock runs
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(scratch())
        server = None
        if model == "scripted":
            server = await stack.enter_async_context(
                ModelServer(api_key=KEY, default=Behaviour(text="I see.", rate=200.0))
            )
        instance = Instance(folder / "data", model=server, own_worker=own_worker, more=more)
        stack.push_async_callback(instance.close)
        await instance.start()
        yield instance


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
