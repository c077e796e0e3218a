"""`memocha mcp`: the tools over standard input and output, for programs that start their servers themselves."""

import asyncio

import httpx
from pydantic import SecretStr

from app.mcp.memories import Memories
from app.mcp.server import build_server
from app.settings import is_loopback

TIMEOUT = 60.0
"""Seconds; deleting much takes some."""


def mcp(url: str, key: SecretStr | None) -> int:
    """Serve until the input ends; the command's exit code. Nothing but the protocol goes to standard output."""
    asyncio.run(_serve(url, key))
    return 0


async def _serve(url: str, key: SecretStr | None) -> None:
    headers = {"authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
    local = is_loopback(httpx.URL(url).host)
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=not local) as http:
        await build_server(lambda _: Memories(http, headers)).run_stdio_async()
