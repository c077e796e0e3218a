"""`memocha up`: starts an embedded part for whatever has no address configured, then the service, and minds them all.

This process stays light: it imports no LangChain, no pymilvus, no database driver.
"""

import asyncio
import json
import os
import signal
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO, cast

import structlog

from app.embedded import weights
from app.embedded.environment import remove_environment, write_environment
from app.embedded.errors import AlreadyRunning, DataUnusable, EmbeddedError, PartFailed, WeightsUnavailable
from app.embedded.files import FileLock, private_folder
from app.embedded.llama import LlamaPart, check_gguf
from app.embedded.milvus import MilvusPart
from app.embedded.net import port_is_free
from app.embedded.part import Part, State
from app.embedded.postgres import PostgresPart
from app.embedded.process import cut_log, open_log
from app.embedded.screen import Screen
from app.embedded.service import ServicePart
from app.embedded.status import PartStatus, write_status
from app.embedded.weights import Weight
from app.settings import Settings

log = structlog.get_logger(__name__)

RETRY_FIRST, RETRY_MOST = 15.0, 600.0
"""Seconds until a part that the service can do without is tried again."""
STATUS_EVERY = 0.5
LOCAL_MODEL_TIMEOUT = 300.0
SWEEP_AFTER = 10.0
"""Minutes. Somebody who deletes one thing often deletes more."""
LOCAL_MODELS = {"0.5b": weights.QWEN_05B, "1.5b": weights.QWEN_15B}


def main(settings: Settings) -> int:
    """Run everything until SIGINT or SIGTERM; gives the exit code of the command."""
    screen = Screen()
    lock = FileLock(settings.data_dir / "lock")
    code = 0
    try:
        private_folder(settings.data_dir)
        claim(lock, settings)
        log_to(private_folder(settings.data_dir / "logs") / "supervisor.log")
        asyncio.run(Supervisor(settings, screen).run())
    except* EmbeddedError as errors:
        for error in _each(errors):
            screen.fail(str(error))
        code = 1
    finally:
        lock.release()
    return code


def log_to(path: Path) -> None:
    """Write our own log to a file: the terminal is for what a person must see."""
    cut_log(path)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        logger_factory=structlog.BytesLoggerFactory(file=cast("BinaryIO", _Lossy(open_log(path)))),
    )


class _Lossy:
    """A log on a disk that may be full: what cannot be written is lost. What writes it minds the parts, and goes on."""

    def __init__(self, file: FileIO) -> None:
        self._file = file

    def write(self, line: bytes) -> None:
        with suppress(OSError):
            self._file.write(line)

    def flush(self) -> None:
        """Nothing is held back: the file has no buffer."""


def _json(event: object, **_options: object) -> bytes:
    return json.dumps(event, default=str).encode()


def _each(errors: BaseExceptionGroup[EmbeddedError]) -> list[EmbeddedError]:
    found: list[EmbeddedError] = []
    for error in errors.exceptions:
        found += _each(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found


def claim(lock: FileLock, settings: Settings) -> None:
    """Take the data folder and check that the port is free. Raises AlreadyRunning or PartFailed."""
    service = ServicePart(settings)
    try:
        free = lock.acquire()
    except OSError as error:
        raise DataUnusable(f"{lock.path} cannot be written ({error.strerror}): another user made it?") from error
    if not free:
        raise AlreadyRunning(_who_holds(lock))
    lock.write(json.dumps({"pid": os.getpid(), "address": service.address}))
    try:
        port_free = port_is_free(settings.host, settings.port)
    except OSError as error:
        raise PartFailed(f"This machine cannot listen on MEMOCHA_HOST={settings.host} ({error}).") from error
    if not port_free:
        raise PartFailed(
            f"Port {settings.port} on {settings.host} is taken by another program. "
            f"Stop it, or choose another port: MEMOCHA_PORT={settings.port + 1} memocha up"
        )


def _who_holds(lock: FileLock) -> str:
    try:
        holder = json.loads(lock.read())
        words = f"process {holder['pid']}, on {holder['address']}"
    except (json.JSONDecodeError, KeyError):  # it holds the lock and has not written yet
        words = "it is just starting"
    return f"already running with the data in {lock.path.parent} ({words}). Stop that one first, or just use it."


class Supervisor:
    """All parts of one `memocha up`."""

    def __init__(self, settings: Settings, screen: Screen) -> None:
        self._settings = settings
        self._screen = screen
        data = settings.data_dir
        self._weight = LOCAL_MODELS[settings.local_model]
        self._postgres = PostgresPart(data) if settings.database_url is None else None
        self._milvus = MilvusPart(data) if settings.index == "milvus" and settings.milvus_uri is None else None
        self._model = (
            LlamaPart(data, alias=self._alias, context=settings.local_model_context) if settings.llm is None else None
        )
        self._service = ServicePart(settings)
        self._details: dict[str, PartStatus] = {}
        self._status_written = 0.0
        self._began = time.monotonic()
        for part in self._parts:
            part.on_change = self._changed

    @property
    def _alias(self) -> str:
        path = self._settings.local_model_path
        return path.stem.lower() if path is not None else self._weight.name

    @property
    def _parts(self) -> list[Part]:
        every = (self._postgres, self._milvus, self._model, self._service)
        return [part for part in every if part is not None]

    async def run(self) -> None:
        """Start, serve until a signal, stop. Raises EmbeddedError, or a group of them, where the start fails."""
        stop, signals = asyncio.Event(), 0

        def told_to_stop() -> None:
            nonlocal signals
            signals += 1
            stop.set()
            if signals > 1:
                for part in self._parts:
                    part.hurry()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks
                loop.add_signal_handler(number, told_to_stop)
        work = asyncio.create_task(self._serve())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()  # it only ends by failing
        finally:
            stopped.cancel()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self._stop()

    async def _serve(self) -> None:
        """Bring everything up, then mind it for ever; ends only by an error or by being cancelled."""
        async with asyncio.TaskGroup() as group:
            if self._milvus is not None:
                group.create_task(self._bring(self._milvus))
            if self._model is not None:
                group.create_task(self._bring_model(self._model))
            await self._bring_service()
            await asyncio.Event().wait()

    async def _bring_service(self) -> None:
        """What the service cannot do without first: Postgres and the embedding model's files."""
        async with asyncio.TaskGroup() as needed:
            if self._postgres is not None:
                needed.create_task(self._postgres.start())
            for weight in self._embedding_weights:
                needed.create_task(self._fetch(weight))
        self._service.environment = self._environment()
        write_environment(self._settings.data_dir, self._service.environment)
        if self._postgres is not None:
            self._postgres.keep()
        await self._service.start()
        self._service.keep()
        await self._say_what_is_missing()
        took = time.monotonic() - self._began
        self._screen.say(f"[bold green]Memocha is ready[/] on [bold]{self._service.address}[/] after {took:.1f} s")

    async def _say_what_is_missing(self) -> None:
        """What the service leans on and does not reach, but for embedded parts, which say so themselves."""
        index = self._milvus if self._settings.index == "milvus" else self._postgres
        ours = {"memory": index, "model": self._model, "postgres": self._postgres}
        for name, detail in (await self._service.missing()).items():
            if ours.get(name) is None:
                self._screen.say(f"  [yellow]{name}: {detail}[/] For why, and what to do: memocha doctor")

    @property
    def _embedding_weights(self) -> tuple[Weight, ...]:
        return weights.EMBEDDERS.get(self._settings.embeddings, ())

    def _environment(self) -> dict[str, str]:
        """Where the embedded parts are, in the service's own settings."""
        variables = {
            "MEMOCHA_DATA_DIR": str(self._settings.data_dir),
            "MEMOCHA_MODELS_DIR": str(self._settings.models_dir),
        }
        if self._postgres is not None:
            variables["MEMOCHA_DATABASE_URL"] = self._postgres.url
            if "sweep_after" not in self._settings.model_fields_set:
                variables["MEMOCHA_SWEEP_AFTER"] = str(SWEEP_AFTER)
        if self._milvus is not None:
            variables["MEMOCHA_MILVUS_URI"] = self._milvus.uri
        if self._model is not None:
            variables |= {
                "MEMOCHA_LLM": f"openai:{self._model.alias}",
                "MEMOCHA_LLM_BASE_URL": self._model.base_url,
                "MEMOCHA_LLM_API_KEY": self._model.api_key,
                "MEMOCHA_LLM_CONTEXT": str(self._model.context),
                # Two cores read 100 tokens a second: the longest message that is taken, or a full window after a
                # restart, is minutes of silence before the first token.
                "MEMOCHA_LLM_TIMEOUT": str(max(self._settings.llm_timeout, LOCAL_MODEL_TIMEOUT)),
                "MEMOCHA_LLM_CHECK": "false",  # the name and the key are ours, and the model may still be loading
            }
        return variables

    async def _bring(self, part: Part) -> None:
        """Start a part that the service can do without, as often as it takes, and mind it."""
        delay = RETRY_FIRST
        while True:
            try:
                await part.start()
            except EmbeddedError as error:
                self._screen.fail(f"{error}\nIt is tried again in {delay:.0f} s; until then the service does without.")
                await asyncio.sleep(delay)
                delay = min(RETRY_MOST, delay * 2)
            else:
                part.keep()
                return

    async def _bring_model(self, model: LlamaPart) -> None:
        model.model = await self._model_file()
        await self._bring(model)

    async def _model_file(self) -> Path:
        """The chat model's file: the one that the settings name, or the fetched one, tried as often as it takes."""
        override = self._settings.local_model_path
        if override is not None:
            check_gguf(override)
            return override
        delay = RETRY_FIRST
        while True:
            try:
                return await self._fetch(self._weight)
            except WeightsUnavailable as error:
                self._screen.fail(f"{error}\nIt is tried again in {delay:.0f} s; until then nothing is answered.")
                self._tell(
                    PartStatus("model", State.FAILED, "The weights were not found; see the terminal."),
                    now=True,
                )
                await asyncio.sleep(delay)
                delay = min(RETRY_MOST, delay * 2)

    async def _fetch(self, weight: Weight) -> Path:
        """The weight's file, with progress on the screen and in the status file while it comes down."""
        if weights.is_here(weight, self._settings.models_dir):
            return weights.path_of(weight, self._settings.models_dir)
        name = "model" if weight is self._weight else weight.name

        def progress(weight: Weight, done: int, total: int, source: str) -> None:
            self._screen.fetching(weight, done, total, source)
            self._tell(PartStatus(name, "fetching", source, done, total))

        try:
            path = await weights.fetch(weight, self._settings.models_dir, progress)
        finally:
            self._screen.fetched(weight)
        self._tell(PartStatus(name, State.READY if name == weight.name else State.WAITING), now=True)
        return path

    def _changed(self, part: Part) -> None:
        """A part's state is another: say it, to the person and in the status file."""
        if part.state is State.READY and part.took is not None:
            again = "is back" if part.restarts else "runs"
            self._screen.say(f"  {part.name:<9} {again}, {part.took:.1f} s, {part.address}")
        elif part.state is State.RESTARTING:
            self._screen.say(f"  [yellow]{part.name:<9} ended by itself and is started again[/]")
        self._tell(PartStatus(part.name, part.state), now=True)

    def _tell(self, status: PartStatus, *, now: bool = False) -> None:
        """Keep the status file up to date; progress goes there a few times a second at most."""
        self._details[status.name] = status
        if now or time.monotonic() - self._status_written > STATUS_EVERY:
            self._status_written = time.monotonic()
            try:
                write_status(self._settings.data_dir, list(self._details.values()))
            except OSError as error:  # it is for people to look at; the parts are minded without it
                log.warning("status_not_written", reason=str(error))

    async def _stop(self) -> None:
        """The service first, so that it can finish what it does; Postgres last."""
        self._screen.close()
        self._screen.say("Stopping ...")
        remove_environment(self._settings.data_dir)
        await self._service.stop()
        await asyncio.gather(*(part.stop() for part in (self._model, self._milvus) if part is not None))
        if self._postgres is not None:
            await self._postgres.stop()
