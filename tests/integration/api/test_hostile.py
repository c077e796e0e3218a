"""What no well-meaning client sends, byte by byte: it is refused, quickly, and the service goes on."""

import asyncio
import time

import pytest

from tests.support.running import Client

DEADLINE = 10.0
"""Seconds."""
DOORS = {
    "/api/chat": b'{"message": %b}',
    "/api/memories": b'{"text": %b}',
    "/v1/chat/completions": b'{"model": "memocha", "messages": [{"role": "user", "content": %b}]}',
    "/chat/invoke": b'{"input": {"messages": [{"type": "human", "content": %b}]}}',
    "/chat/stream": b'{"input": {"messages": [{"type": "human", "content": %b}]}}',
    "/mcp": b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "add_memory", "arguments": {"text": %b}}}',
}
WORDS = {
    "a NUL": b'"a\\u0000b"',
    "a NUL as it is": b'"a\x00b"',
    "half of a surrogate pair": b'"\\ud800"',
    "no UTF-8": b'"\xff\xfe"',
    "100,000 lists in one another": b"[" * 100_000 + b"]" * 100_000,
    "20,000 objects in one another": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "a number of 5,000 digits": b"9" * 5_000,
    "a number beyond all": b"1e999",
    "no number": b"NaN",
    "nothing": b"null",
    "1 MB of words": b'"' + b"word " * 200_000 + b'"',
}
HEAD = b"host: 127.0.0.1\r\naccept: application/json, text/event-stream\r\nconnection: close\r\n"


async def ask(service: Client, request: bytes) -> int:
    """The status of the answer; 0: the connection was closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.base_url.port)
    try:
        async with asyncio.timeout(DEADLINE):
            writer.write(request)
            await writer.drain()
            line = await reader.readline()
        return int(line.split()[1]) if line else 0
    finally:
        writer.close()


def post(path: str, body: bytes, kind: str = "application/json") -> bytes:
    start = f"POST {path} HTTP/1.1\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n"
    return start.encode() + HEAD + b"\r\n" + body


def get(path: bytes, *headers: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n" + b"".join(each + b"\r\n" for each in headers) + HEAD + b"\r\n"


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
@pytest.mark.parametrize("path", DOORS)
async def test_a_body_that_means_harm_is_refused(service: Client, path: str, words: bytes) -> None:
    status = await ask(service, post(path, DOORS[path] % words))
    # The protocol tells what is wrong with a tool's arguments in an answer of its own.
    assert 400 <= status < 500 or (path == "/mcp" and status == 200)


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", DOORS)
async def test_a_body_of_another_kind_is_no_fault(service: Client, path: str, kind: str) -> None:
    assert await ask(service, post(path, b"\xff\xfe" + DOORS[path] % b'"hi"', kind)) < 500


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(get(b"/api/me", *(b"x-%d: y" % number for number in range(10_000))), id="10,000 headers"),
        pytest.param(get(b"/api/me", b"x-h: " + b"y" * 1_000_000), id="a header of 1 MB"),
        pytest.param(get(b"/api/me", b"authorization: Bearer \xff\xfe"), id="a key that is no text"),
        pytest.param(get(b"/api/me", b"x-request-id: " + b"a" * 5_000), id="an id of 5,000 characters"),
        pytest.param(get(b"/api/sessions?search=\xff"), id="bytes in a query"),
        pytest.param(get(b"/api/sessions?search=%ff%fe"), id="a query that is no UTF-8"),
        pytest.param(get(b"/api/sessions?search=%00"), id="a NUL in a query"),
        pytest.param(get(b"/api/sessions?cursor=%00"), id="a NUL in a cursor"),
        pytest.param(get(b"/api/sessions?cursor=" + b"9" * 200), id="a number for a cursor"),
        pytest.param(get(b"/api/sessions?limit=" + b"9" * 400), id="a limit of 400 digits"),
        pytest.param(get(b"/api/memories/search?q=%ED%A0%80"), id="half of a pair in a query"),
        pytest.param(get(b"/api/memories?since=0001-01-01T00:00:00%2B14:00"), id="before the first day"),
        pytest.param(get(b"/api/memories?until=9999-12-31T23:59:59-14:00"), id="after the last day"),
        pytest.param(get(b"/api/memories/search?q=x&since=0001-01-01T00:00:00%2B14:00"), id="a search before it"),
        pytest.param(get(b"/api/sessions/%00"), id="a NUL in a path"),
        pytest.param(get(b"/%ff"), id="a path that is no UTF-8"),
        pytest.param(get(b"/" + b"..%2f" * 300 + b"etc/passwd"), id="a way out"),
        pytest.param(get(b"/chat/c/" + b"A" * 9_000 + b"/input_schema"), id="a configuration that is none"),
        pytest.param(post("/mcp", b'{"jsonrpc":"2.0","id":1e400,"method":"tools/list"}'), id="an endless id"),
        pytest.param(post("/mcp", b"[{}, null, 5]"), id="a list for a call"),
        pytest.param(b"POST /api/chat HTTP/1.1\r\ncontent-length: -5\r\n" + HEAD + b"\r\n{}", id="less than nothing"),
        pytest.param(b"POST /api/chat HTTP/1.1\r\ncontent-length: 1e3\r\n" + HEAD + b"\r\n{}", id="no length"),
        pytest.param(
            b"POST /api/chat HTTP/1.1\r\ntransfer-encoding: chunked\r\n" + HEAD + b"\r\nZZ\r\nx", id="no chunk"
        ),
    ],
)
async def test_a_request_that_means_harm_is_no_fault(service: Client, request_: bytes) -> None:
    assert await ask(service, request_) < 500
    assert (await service.get("/health")).status_code == 200


async def test_the_last_of_two_values_of_a_name_counts(service: Client) -> None:
    body = b'{"title": "first", "title": "second"}'
    answer = await service.post("/api/sessions", content=body, headers={"content-type": "application/json"})
    assert answer.json()["title"] == "second"


async def test_10_mb_are_refused_without_waiting_for_them(service: Client) -> None:
    for path, form in DOORS.items():
        began = time.monotonic()
        answer = await service.post(path, content=form % (b'"' + b"x" * 10_000_000 + b'"'))
        assert answer.status_code == 413, path
        assert time.monotonic() - began < DEADLINE


async def test_who_sends_slowly_is_waited_for(service: Client) -> None:
    request = post("/api/sessions", b'{"title": "Slowly."}')
    reader, writer = await asyncio.open_connection("127.0.0.1", service.base_url.port)
    for position in range(0, len(request), 7):
        writer.write(request[position : position + 7])
        await writer.drain()
        await asyncio.sleep(0.005)
    async with asyncio.timeout(DEADLINE):
        assert (await reader.readline()).split()[1] == b"201"
    writer.close()
