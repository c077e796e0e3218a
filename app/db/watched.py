"""A connection that does not wait for ever for a server that has fallen silent.

A server that is stopped (a paused container, a machine that hangs) keeps its sockets open: the kernel goes on
acknowledging what is sent, so neither TCP nor a `statement_timeout`, which is the server's own, ever ends the wait. Nor
would a bound of ours do: a statement may take long. So while an answer is waited for, the server is asked on a new
connection whether it is there; who does not answer that does not answer anything.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator
from typing import Any, TypeVar

import structlog
from psycopg import AsyncConnection, Notify
from psycopg.abc import PQGen

log = structlog.get_logger(__name__)

ASK_AFTER = 5.0
"""Seconds without an answer after which the server is asked whether it is there; so often, too."""
ANSWERS_WITHIN = 3.0
"""Seconds. To be asked takes a server no work: it answers before it knows who asks."""
ARE_YOU_THERE = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""Postgres' SSLRequest, the first thing that it is asked on a connection; the answer is one byte."""

RV = TypeVar("RV")


class WatchedConnection(AsyncConnection[Any]):
    """Raises `psycopg.OperationalError` within `ASK_AFTER + ANSWERS_WITHIN` seconds of waiting on a silent server."""

    _listens = False

    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:  # noqa: ASYNC109
        if timeout is not None or self._listens:
            return await super().wait(gen, interval, timeout)
        watch = _Watch(self)
        try:
            return await super().wait(gen, interval)
        finally:
            watch.end()

    async def notifies(self, *, timeout: float | None = None, stop_after: int | None = None) -> AsyncGenerator[Notify]:  # noqa: ASYNC109
        """Who listens waits for what may never come."""
        self._listens = True
        try:
            async with contextlib.aclosing(super().notifies(timeout=timeout, stop_after=stop_after)) as heard:
                async for notice in heard:
                    yield notice
        finally:
            self._listens = False


class _Watch:
    """Over one wait. Costs a timer where the answer comes soon."""

    def __init__(self, connection: WatchedConnection) -> None:
        self._connection = connection
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(ASK_AFTER, self._begin)

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._look(), name="look after a silent connection")

    async def _look(self) -> None:
        info = self._connection.info
        while await answers(info.host, info.port):  # noqa: ASYNC110 (nothing tells when it falls silent)
            await asyncio.sleep(ASK_AFTER)
        log.warning("Postgres is silent; a connection to it is given up", host=info.host, port=info.port)
        self._hang_up()

    def _hang_up(self) -> None:
        """Whoever waits on the connection sees its end, as if the server had closed it."""
        with contextlib.suppress(OSError), socket.socket(fileno=self._connection.fileno()) as ours:
            try:
                ours.shutdown(socket.SHUT_RDWR)
            finally:
                ours.detach()  # libpq closes it


async def answers(host: str, port: int) -> bool:
    """Whether a Postgres server says anything there. One that refuses does; only silence counts as none."""
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            if host.startswith("/"):
                reader, writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            else:
                reader, writer = await asyncio.open_connection(host, port)
            writer.write(ARE_YOU_THERE)
            await reader.read(1)
    except TimeoutError:
        return False
    except OSError:
        return True
    finally:
        if writer is not None:
            writer.transport.abort()
    return True
