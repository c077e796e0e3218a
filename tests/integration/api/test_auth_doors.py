"""Every door, with every wrong credential; and two people who see nothing of each other through any of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from app.settings import Settings
from tests.support.accounts import ALL, browser, execute, make_account, make_key, program
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running

COMPLETION = {"model": "memocha", "messages": [{"role": "user", "content": "Hello"}]}
INPUT = {"input": {"messages": [{"type": "human", "content": "Hello"}]}}
PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
NOBODY = "00000000-0000-7000-8000-000000000009"

DOORS: list[tuple[str, str, Any, str]] = [
    ("GET", "/api/me", None, "account"),
    ("PATCH", "/api/me", {"about_me": "x"}, "account"),
    ("DELETE", "/api/me/data", None, "account"),
    ("GET", "/api/export", None, "account"),
    ("POST", "/api/import", None, "account"),
    ("GET", f"/api/jobs/{NOBODY}", None, "account"),
    ("GET", "/api/keys", None, "account"),
    ("POST", "/api/keys", {"name": "x", "scopes": ["chat"]}, "account"),
    ("GET", "/api/auth/sign-ins", None, "account"),
    ("DELETE", "/api/auth/sign-ins", None, "account"),
    ("GET", "/api/users", None, "users"),
    ("POST", "/api/users", {"login": "made"}, "users"),
    ("PATCH", f"/api/users/{NOBODY}", {"role": "admin"}, "users"),
    ("DELETE", f"/api/users/{NOBODY}", None, "users"),
    ("GET", "/api/sessions", None, "chat"),
    ("POST", "/api/sessions", {}, "chat"),
    ("GET", "/api/events", None, "chat"),
    ("POST", "/api/chat", {"message": "Hello"}, "chat"),
    ("GET", f"/api/runs/{NOBODY}/events", None, "chat"),
    ("POST", f"/api/runs/{NOBODY}/cancel", None, "chat"),
    ("GET", "/api/memories", None, "memories:read"),
    ("GET", "/api/memories/search?q=x", None, "memories:read"),
    ("POST", "/api/memories", {"text": "x"}, "memories:write"),
    ("DELETE", "/api/memories", None, "memories:write"),
    ("POST", "/api/memories/bulk", {"ids": [NOBODY], "action": "delete"}, "memories:write"),
    ("GET", "/v1/models", None, "chat"),
    ("POST", "/v1/chat/completions", COMPLETION, "chat"),
    ("POST", "/chat", {"message": "Hello"}, "chat"),
    ("POST", "/chat/invoke", INPUT, "chat"),
    ("POST", "/chat/stream", INPUT, "chat"),
    ("POST", "/chat/stream_events", INPUT, "chat"),
    ("POST", "/chat/stream_log", INPUT, "chat"),
    ("POST", "/chat/batch", {"inputs": [INPUT["input"]]}, "chat"),
    ("POST", "/mcp", PING, "memories:read"),
]
IDS = [f"{method} {path}" for method, path, _, _ in DOORS]


@pytest.fixture(scope="module")
async def settings(settings: Settings) -> Settings:
    # Of one address more wrong credentials come here than are taken in a minute.
    return settings.model_copy(update={"auth": "accounts", "address_requests_per_minute": 0})


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


@pytest.fixture(scope="module")
async def bad(service: Client, settings: Settings) -> dict[str, dict[str, str]]:
    """By what is wrong with it, the headers of a request that is to be refused with 401."""
    await make_account(settings, "ann")
    await make_account(settings, "gone")
    async with browser(service, "ann") as ann, browser(service, "gone") as gone:
        keys = {name: await make_key(ann, name=name) for name in ("revoked", "expired")}
        keys["disabled"] = await make_key(gone)
        assert (await ann.delete(f"/api/keys/{keys['revoked']['id']}")).status_code == 204
        await execute(settings, "UPDATE api_keys SET expires_at = now() WHERE id = %s", keys["expired"]["id"])
        ended = dict(gone.cookies)["memocha"]
        await execute(settings, "UPDATE users SET disabled_at = now() WHERE login = 'gone'")
        [(digest,)] = await execute(settings, "SELECT encode(digest, 'hex') FROM api_keys LIMIT 1")
    wrong = {"nothing": {}, "wrong": {"authorization": "Bearer mem_wrong"}, "no key": {"authorization": "Basic YTph"}}
    wrong["the digest"] = {"authorization": f"Bearer mem_{digest}"}
    wrong |= {name: {"authorization": f"Bearer {key['key']}"} for name, key in keys.items()}
    origin = str(service.base_url).rstrip("/")
    wrong["a disabled one's cookie"] = {"cookie": f"memocha={ended}", "origin": origin}
    wrong["no cookie of ours"] = {"cookie": "memocha=wrong", "origin": origin}
    return wrong


@pytest.mark.parametrize(("method", "path", "body", "scope"), DOORS, ids=IDS)
async def test_no_credential_that_is_none(
    service: Client, bad: dict[str, dict[str, str]], method: str, path: str, body: Any, scope: str
) -> None:
    for name, headers in bad.items():
        answer = await service.request(method, path, json=body, headers=headers)
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"].startswith("Bearer"), name
        if path.startswith("/v1/"):
            assert answer.json()["error"]["type"] == "authentication_error"


@pytest.fixture(scope="module")
async def keys(service: Client, settings: Settings) -> dict[str, str]:
    """By scope, a key of an admin's that has all others."""
    await make_account(settings, "boss", role="admin")
    everything = [*ALL, "users"]
    async with browser(service, "boss") as boss:
        return {
            scope: (await make_key(boss, [each for each in everything if each != scope]))["key"] for scope in everything
        }


@pytest.mark.parametrize(("method", "path", "body", "scope"), DOORS, ids=IDS)
async def test_a_key_without_the_scope(
    service: Client, keys: dict[str, str], method: str, path: str, body: Any, scope: str
) -> None:
    headers = {"authorization": f"Bearer {keys[scope]}"}
    answer = await service.request(method, path, json=body, headers=headers)
    assert answer.status_code == 403
    assert f'scope="{scope}"' in answer.headers["www-authenticate"]
    if not path.startswith("/v1/"):
        told = answer.json()
        assert (told["error"]["data"] if path == "/mcp" else told)["code"] == "out_of_scope"


@pytest.fixture(scope="module")
async def cat(service: Client, settings: Settings) -> AsyncIterator[Client]:
    """A browser that an admin is signed in with, and that says nothing of its page."""
    await make_account(settings, "cat", role="admin")
    async with browser(service, "cat") as client:
        del client.headers["origin"]
        yield client


WRITING = [door for door in DOORS if door[0] != "GET"]


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"), WRITING, ids=[f"{method} {path}" for method, path, _, _ in WRITING]
)
async def test_a_cookie_from_a_page_that_is_not_ours(
    cat: Client, method: str, path: str, body: Any, scope: str
) -> None:
    for sent in ({}, {"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}):
        refused = await cat.request(method, path, json=body, headers=sent)
        assert refused.status_code == 403, sent


async def test_what_is_read_is_not_for_pages_of_other_origins(service: Client, settings: Settings) -> None:
    await make_account(settings, "eva")
    async with browser(service, "eva") as client:
        answer = await client.get("/api/memories", headers={"origin": "https://elsewhere.example"})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


async def test_programs_speak_with_keys_alone_at_mcp(service: Client, settings: Settings) -> None:
    await make_account(settings, "fox")
    async with browser(service, "fox") as client:
        assert (await client.post("/mcp", json=PING)).status_code == 401


@asynccontextmanager
async def tools(service: Client, key: str) -> AsyncIterator[McpClient]:
    address = f"{str(service.base_url).rstrip('/')}/mcp"
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}) as http,
        McpClient(streamable_http_client(address, http_client=http)) as client,
    ):
        yield client


async def test_a_tool_may_what_the_key_may(service: Client, settings: Settings) -> None:
    await make_account(settings, "ged")
    async with browser(service, "ged") as client:
        key = (await make_key(client, ["memories:read"]))["key"]
        async with tools(service, key) as mcp:
            assert not (await mcp.call_tool("list_memories", {})).is_error
            refused = await mcp.call_tool("add_memory", {"text": "I keep alpacas."})
            assert refused.is_error
            assert "key is not for that" in str(refused.content)
        assert (await client.get("/api/memories")).json()["items"] == []


async def everything_of(service: Client, key: str) -> str:
    """All that somebody gets through every door."""
    heard = []
    async with program(service, key) as client:
        for path in (
            "/api/me",
            "/api/memories",
            "/api/memories/search?q=zorblax",
            "/api/sessions",
            "/api/sessions?q=zorblax",
            "/api/export",
            "/api/keys",
            "/api/auth/sign-ins",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            heard.append(answer.text)
        said = {"role": "user", "content": "What of the zorblax?"}
        completion = await client.post("/v1/chat/completions", json={"model": "memocha-readonly", "messages": [said]})
        assert completion.status_code == 200
        heard.append(completion.text)
    async with tools(service, key) as mcp:
        for name, arguments in (("list_memories", {}), ("search_memories", {"query": "zorblax"})):
            heard.append(str((await mcp.call_tool(name, arguments)).structured_content))
    return "\n".join(heard)


async def test_two_people_see_nothing_of_each_other(
    service: Client, settings: Settings, model_server: ModelServer
) -> None:
    for login in ("ruth", "saul"):
        await make_account(settings, login)
    model_server.will(Behaviour(text="So it is green."))
    async with browser(service, "ruth") as ruth, browser(service, "saul") as saul:
        theirs, key = (await make_key(ruth))["key"], (await make_key(saul))["key"]
        turn = await ruth.say("My zorblax is green.")
        await ruth.remembered("My zorblax is green.")
        made = (await ruth.post("/api/memories", json={"text": "I keep a zorblax."})).json()
        assert "My zorblax is green." in await everything_of(service, theirs), "so it would be seen"
        model_server.reset()
        heard = (await everything_of(service, key)).replace("What of the zorblax?", "").replace("q=zorblax", "")
        assert "zorblax" not in heard.casefold()
        assert "zorblax is green" not in str([request.messages for request in model_server.requests])

        run = turn.of("run")
        for method, path, body in (
            ("GET", f"/api/memories/{made['id']}", None),
            ("PATCH", f"/api/memories/{made['id']}", {"text": "Mine now."}),
            ("DELETE", f"/api/memories/{made['id']}", None),
            ("GET", f"/api/sessions/{turn.session_id}", None),
            ("GET", f"/api/sessions/{turn.session_id}/messages", None),
            ("PATCH", f"/api/sessions/{turn.session_id}", {"title": "Mine now."}),
            ("POST", f"/api/sessions/{turn.session_id}/reset", None),
            ("DELETE", f"/api/sessions/{turn.session_id}", None),
            ("GET", f"/api/runs/{run['run_id']}/events", None),
            ("POST", f"/api/runs/{run['run_id']}/cancel", None),
            ("POST", "/api/chat", {"message": "And?", "session_id": turn.session_id}),
            ("POST", "/chat/invoke", {**INPUT, "config": {"configurable": {"session_id": turn.session_id}}}),
        ):
            assert (await saul.request(method, path, json=body)).status_code == 404, f"{method} {path}"
        headers = {"x-memocha-session": turn.session_id}
        assert (await saul.post("/v1/chat/completions", json=COMPLETION, headers=headers)).status_code == 404
        forged = {**INPUT, "config": {"configurable": {"memocha_user_id": (await ruth.get("/api/me")).json()["id"]}}}
        assert (await saul.post("/chat/invoke", json=forged)).status_code == 200
        assert len((await ruth.get("/api/sessions")).json()["items"]) == 1
        async with tools(service, key) as mcp:
            assert (await mcp.call_tool("delete_memory", {"memory_id": made["id"]})).is_error
        assert (await saul.delete("/api/me/data")).status_code == 200
        assert (await saul.get("/api/me")).status_code == 200, "the account stays"
        assert "My zorblax is green." in await ruth.search("My zorblax is green.")
