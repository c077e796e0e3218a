"""Loopback ports, and the smallest HTTP request that a probe needs."""

import asyncio
import errno
import json
import random
import socket
from typing import Any
from urllib.request import ProxyHandler, build_opener

LOOPBACK = "127.0.0.1"


def pick_port() -> int:
    """A free loopback port below the range that the system hands to outgoing connections.

    A part that was killed comes back on its port; a port from that range could be taken meanwhile.
    """
    for candidate in random.sample(range(20_000, 32_000), 100):
        if port_is_free(LOOPBACK, candidate):
            return candidate
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. An address that this machine lacks raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


async def http_status(host: str, port: int, path: str, *, timeout: float = 2.0) -> int | None:  # noqa: ASYNC109
    """The status that GET `path` answers with; None where nobody answers within `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                shown = f"[{host}]" if ":" in host else host
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {shown}:{port}\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
                words = (await reader.readline()).split()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None


async def http_json(host: str, port: int, path: str, *, timeout: float = 2.0) -> dict[str, Any]:  # noqa: ASYNC109
    """The JSON object that GET `path` answers with, whatever its status; empty where none comes in time."""
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
    opener = build_opener(ProxyHandler({}))
    try:
        answer = await asyncio.to_thread(opener.open, address, timeout=timeout)
        found: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return found
