"""What the containers' health checks find, run as the containers run them."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest

from app.db.engine import libpq_url
from app.db.migrate import migrate

SCRIPT = Path(__file__).parents[2] / "deploy" / "healthcheck.py"


async def healthy(role: str, **environment: str) -> bool:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), role, env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL
    )
    return await asyncio.wait_for(process.wait(), 30) == 0


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    """Answers `status` to /health, and 404 to all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(server.status if self.path == "/health" else 404)  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.status = 200  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


async def test_the_api_is_healthy_while_it_answers(service: ThreadingHTTPServer) -> None:
    port = str(service.server_port)
    assert await healthy("api", MEMOCHA_PORT=port, http_proxy="http://127.0.0.1:9")
    service.status = 500  # type: ignore[attr-defined]
    assert not await healthy("api", MEMOCHA_PORT=port)
    await asyncio.to_thread(service.shutdown)
    service.server_close()
    assert not await healthy("api", MEMOCHA_PORT=port)


async def test_a_worker_is_healthy_while_it_gives_signs_of_life(fresh_database_url: str) -> None:
    url = fresh_database_url
    assert not await healthy("worker", MEMOCHA_DATABASE_URL=url), "there are no tables yet"
    await migrate(url)
    assert not await healthy("worker", MEMOCHA_DATABASE_URL=url), "no worker was ever there"
    async with await psycopg.AsyncConnection.connect(libpq_url(url), autocommit=True) as connection:
        await connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert await healthy("worker", MEMOCHA_DATABASE_URL=url)
        await connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
    assert not await healthy("worker", MEMOCHA_DATABASE_URL=url)
