"""So many requests and turns a minute: at every door, refused before anything is done, in the form of that door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from langserve import RemoteRunnable
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client
from openai import AsyncOpenAI, RateLimitError
from pydantic import SecretStr

from app.settings import Settings
from tests.integration.api.test_auth_doors import COMPLETION, DOORS, INPUT, PING
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running

KEY = "a-key-of-this-test-alone"
TURNS: list[tuple[str, Any]] = [
    ("/api/chat", {"message": "Hello"}),
    ("/chat", {"message": "Hello"}),
    ("/v1/chat/completions", COMPLETION),
    ("/chat/invoke", INPUT),
    ("/chat/stream", INPUT),
    ("/chat/stream_events", INPUT),
    ("/chat/batch", {"inputs": [INPUT["input"]]}),
]


@asynccontextmanager
async def limited(settings: Settings, name: str, **limits: Any) -> AsyncIterator[Client]:
    changes = {"api_key": SecretStr(KEY), "milvus_collection": f"{settings.milvus_collection}_{name}", **limits}
    async with running(settings.model_copy(update=changes)) as service:
        yield service


@pytest.fixture(scope="module")
async def three(settings: Settings) -> AsyncIterator[Client]:
    """A service whose user has three requests a minute."""
    async with limited(settings, "spent", requests_per_minute=3, address_requests_per_minute=2) as service:
        for left in (2, 1, 0):
            answer = await service.get("/api/me")
            assert answer.headers["ratelimit-policy"] == '"requests";q=3;w=60'
            assert answer.headers["ratelimit"].startswith(f'"requests";r={left};t=')
        yield service


@pytest.fixture
async def spent(three: Client) -> Client:
    """The same, which has used them up: a minute may have passed since the first test."""
    while (await three.get("/api/me")).status_code != 429:
        pass
    return three


@pytest.mark.parametrize(("method", "path", "body", "_scope"), DOORS, ids=[f"{m} {p}" for m, p, _, _ in DOORS])
async def test_every_door_is_closed_then(
    spent: Client, model_server: ModelServer, method: str, path: str, body: Any, _scope: str
) -> None:
    answer = await spent.request(method, path, json=body)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["ratelimit"].startswith('"requests";r=0;t=')
    told = answer.json()
    if path.startswith("/v1/"):
        assert told["error"]["type"] == "rate_limit_error"
        assert answer.headers["x-ratelimit-remaining-requests"] == "0"
        problem = {"code": told["error"]["code"]}
    elif path == "/mcp":
        assert (told["jsonrpc"], told["id"]) == ("2.0", None)
        problem = told["error"]["data"]
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = told
        assert (problem["limit"], problem["left"], problem["unit"], problem["whose"]) == (3, 0, "requests", "user")
        assert "3 requests a minute" in problem["detail"]
    assert problem["code"] == "rate_limited"
    assert model_server.requests == []


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/", "/docs", "/openapi.json", "/chat/playground/"])
async def test_what_does_nothing_is_not_counted(spent: Client, path: str) -> None:
    answer = await spent.get(path)
    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


async def test_what_is_no_route_is_counted_too(spent: Client) -> None:
    assert (await spent.get("/api/nothing")).status_code == 429


async def test_clients_of_each_kind_read_it(spent: Client) -> None:
    base = str(spent.base_url).rstrip("/")
    async with AsyncOpenAI(base_url=f"{base}/v1", api_key=KEY, max_retries=0) as openai:
        with pytest.raises(RateLimitError) as raised:
            await openai.models.list()
        assert raised.value.code == "rate_limited"
    remote = RemoteRunnable(f"{base}/chat", headers={"authorization": f"Bearer {KEY}"})
    with pytest.raises(Exception, match="429"):
        await remote.ainvoke({"messages": [{"type": "human", "content": "Hello"}]})
    async with httpx2.AsyncClient(headers={"authorization": f"Bearer {KEY}"}) as http:
        with pytest.raises(BaseException) as caught:
            async with McpClient(streamable_http_client(f"{base}/mcp", http_client=http)) as mcp:
                await mcp.list_tools()
        assert "3 requests a minute" in _all_of(caught.value)


async def test_who_is_not_signed_in_is_counted_by_address_and_keeps_nobody_out(settings: Settings) -> None:
    async with limited(settings, "strangers", requests_per_minute=0, address_requests_per_minute=2) as service:
        wrong = {"authorization": "Bearer wrong"}
        assert (await service.get("/api/me", headers=wrong)).status_code == 401
        answer = await service.get("/api/auth", headers={"authorization": ""})
        assert (answer.status_code, answer.headers["ratelimit"].split(";t=")[0]) == (200, '"requests";r=0')
        for path in ("/api/me", "/api/auth", "/v1/models", "/api/nothing"):
            refused = await service.get(path, headers=wrong)
            assert refused.status_code == 429, path
        assert (await service.get("/api/me", headers=wrong)).json()["whose"] == "address"
        assert (await service.get("/api/me")).status_code == 200, "the key is good, whatever else comes from there"


async def test_a_tool_counts_as_the_one_request_that_it_is(settings: Settings) -> None:
    async with limited(settings, "tool", requests_per_minute=10) as service:
        call = {**PING, "method": "tools/call", "params": {"name": "list_memories", "arguments": {}}}
        accept = {"accept": "application/json, text/event-stream"}
        answer = await service.post("/mcp", json=call, headers=accept)
        assert answer.status_code == 200
        assert "memories" in answer.json()["result"]["structuredContent"]
        assert answer.headers["ratelimit"].startswith('"requests";r=9;')


@pytest.mark.parametrize(("path", "body"), TURNS, ids=[path for path, _ in TURNS])
async def test_turns_have_a_bound_of_their_own_at_every_door(
    turned: Client, model_server: ModelServer, path: str, body: Any
) -> None:
    answer = await turned.post(path, json=body)
    assert answer.status_code == 429
    assert answer.headers["ratelimit-policy"] == '"turns";q=2;w=60'
    told = answer.json()
    assert "2 turns a minute" in (told["error"]["message"] if path.startswith("/v1/") else told["detail"])
    assert model_server.requests == []
    assert (await turned.get("/api/sessions")).json()["items"] == []


@pytest.fixture(scope="module")
async def two(settings: Settings) -> AsyncIterator[Client]:
    """A service whose user has two turns a minute."""
    async with limited(settings, "turned", turns_per_minute=2) as service:
        yield service


@pytest.fixture
async def turned(two: Client, model_server: ModelServer) -> Client:
    """The same, which has used them up, and has no session."""
    while (await two.post("/api/chat", json={"message": "Hello"})).status_code != 429:
        pass
    (await two.delete("/api/me/data")).raise_for_status()
    model_server.reset()
    return two


async def test_several_turns_at_once_are_begun_all_or_none(settings: Settings, model_server: ModelServer) -> None:
    async with limited(settings, "several", turns_per_minute=3) as service:
        model_server.will(*[Behaviour(text="Yes.")] * 2)
        two = {"inputs": [INPUT["input"]] * 2}
        assert (await service.post("/chat/batch", json=two)).status_code == 200
        assert len(model_server.requests) == 2
        refused = await service.post("/chat/batch", json=two)
        assert (refused.status_code, refused.json()["left"]) == (429, 1)
        assert len(model_server.requests) == 2
        requests, turns = (await service.get("/api/usage")).json()["rates"]
        assert (requests["unit"], requests["limit"], requests["left"]) == ("requests", 600, 597)
        assert (turns["unit"], turns["limit"], turns["left"], turns["window"]) == ("turns", 3, 1, 60)
        assert 0 < turns["more_in"] <= 60


async def test_of_many_at_once_as_many_as_fit_are_answered(settings: Settings) -> None:
    async with limited(settings, "many", requests_per_minute=20) as service:
        answers = await asyncio.gather(*(service.get("/api/me") for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] * 20 + [429] * 30


async def test_where_nobody_signs_in_nothing_is_counted(service: Client) -> None:
    answer = await service.get("/api/me")
    assert "ratelimit" not in answer.headers


def _all_of(error: BaseException) -> str:
    """Its words, and those of all that it holds."""
    return " ".join([str(error), *(_all_of(each) for each in getattr(error, "exceptions", ()))])
