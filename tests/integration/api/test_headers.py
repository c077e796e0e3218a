"""What every answer carries, whatever it is an answer to."""

from typing import Any

import httpx
import pytest

from app.api import health
from tests.support.running import Client

HERE = {"accept": "application/json"}
STREAM = {"accept": "text/event-stream"}
RPC = {"accept": "application/json, text/event-stream"}
SAID = {"type": "human", "content": "Hello."}
LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
KINDS: dict[str, tuple[str, str, int, dict[str, Any]]] = {
    "the page": ("GET", "/", 200, {}),
    "no page": ("GET", "/_next/static/nothing.js", 404, {}),
    "the playground": ("GET", "/chat/playground/", 200, {}),
    "the description": ("GET", "/openapi.json", 200, {}),
    "its page": ("GET", "/docs", 200, {}),
    "the figures": ("GET", "/metrics", 200, {}),
    "an object": ("GET", "/api/me", 200, {}),
    "a stream": ("POST", "/api/chat", 200, {"json": {"message": "Hello."}, "headers": STREAM}),
    "a whole answer": ("POST", "/api/chat", 200, {"json": {"message": "Hello."}, "headers": HERE}),
    "an export": ("GET", "/api/export", 200, {}),
    "a completion": ("POST", "/v1/chat/completions", 200, {"json": {"messages": [{"role": "user", "content": "Hi."}]}}),
    "an answer of LangServe's": ("POST", "/chat/invoke", 200, {"json": {"input": {"messages": [SAID]}}}),
    "tools": ("POST", "/mcp", 200, {"json": LIST_TOOLS, "headers": RPC}),
    "a wrong method": ("PUT", "/api/me", 405, {}),
    "no route": ("GET", "/api/nothing", 404, {}),
    "no row": ("GET", "/api/sessions/01890000-0000-7000-8000-000000000000", 404, {}),
    "a wrong body": ("POST", "/api/chat", 422, {"json": {"message": 5}}),
    "a body that is too large": ("POST", "/api/chat", 413, {"content": b"x" * 3_000_000}),
    "another origin": ("POST", "/api/chat", 403, {"json": {"message": "Hi."}, "headers": {"origin": "https://a.example"}}),
    "another name": ("GET", "/api/me", 403, {"headers": {"host": "rebound.example"}}),
}  # fmt: skip


def check(answer: httpx.Response) -> None:
    path = answer.request.url.path
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-request-id"]
    assert "access-control-allow-origin" not in answer.headers
    if path.startswith(("/api/", "/v1/")):
        assert "no-store" in answer.headers["cache-control"]
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", list(KINDS))
async def test_every_kind_of_answer_carries_them(service: Client, kind: str) -> None:
    method, path, status, more = KINDS[kind]
    answer = await service.request(method, path, **more)
    assert answer.status_code == status, answer.text
    check(answer)


async def test_so_does_the_answer_to_what_nobody_foresaw(service: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("a fault of ours, with words of somebody's")

    monkeypatch.setattr(health, "Health", broken)
    answer = await service.get("/health")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "words of somebody's" not in answer.text
    check(answer)
