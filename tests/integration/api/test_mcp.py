"""The memory as tools, tried with the protocol's own client: over HTTP and over standard input."""

import json
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client as McpClient
from mcp import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr

from app.settings import Settings
from memocha import Client as Memocha
from memocha.client import SaidMessage
from tests.support.model_server import ModelServer
from tests.support.running import Client, running

TOOLS = {"search_memories", "list_memories", "add_memory", "delete_memory"}


def address(service: Client) -> str:
    return f"{str(service.base_url).rstrip('/')}/mcp"


async def call(client: McpClient, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
    return result.structured_content


async def refusal(client: McpClient, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


@pytest.fixture(params=["http", "stdio"])
async def client(service: Client, request: pytest.FixtureRequest, tmp_path: Path) -> McpClient:
    if request.param == "http":
        return McpClient(address(service))
    command = ["-m", "app.cli", "mcp", "--url", str(service.base_url)]
    return McpClient(StdioServerParameters(command=sys.executable, args=command, env={"HOME": str(tmp_path)}))


async def test_the_tools_say_what_they_do(client: McpClient) -> None:
    async with client:
        assert client.server_info is not None
        assert client.server_info.name == "memocha"
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == TOOLS
    for name, tool in tools.items():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is (name in {"search_memories", "list_memories"})
        assert tool.annotations.open_world_hint is False
        assert "context" not in tool.input_schema["properties"]
        assert tool.output_schema is not None
    assert tools["delete_memory"].annotations.destructive_hint  # type: ignore[union-attr]
    assert tools["search_memories"].input_schema["required"] == ["query"]


async def test_what_is_added_is_found_listed_and_forgotten(client: McpClient) -> None:
    text = "I keep three alpacas: Ada, Bob and Cleo."
    async with client:
        added = await call(client, "add_memory", text=text)
        found = await call(client, "search_memories", query="Which alpacas do I keep?", kind="fact")
        assert text in [memory["text"] for memory in found["memories"]]
        assert found["degraded"] is False
        listed = await call(client, "list_memories", limit=1)
        assert [memory["text"] for memory in listed["memories"]] == [text]
        gone = await call(client, "delete_memory", memory_id=added["id"])
        assert gone["memories"] == 1
        assert "no such memory" in await refusal(client, "delete_memory", memory_id=added["id"])
        listed = await call(client, "list_memories", kind="fact")
    assert text not in [memory["text"] for memory in listed["memories"]]


async def test_what_a_person_said_is_found_with_its_conversation(
    service: Client, client: McpClient, model_server: ModelServer
) -> None:
    told = "On Sundays I row on the lake with my brother."
    await service.say(told)
    await service.remembered(told)
    async with client:
        found = await call(client, "search_memories", query="When do I row on the lake?")
        later = await call(client, "search_memories", query="When do I row?", since="2100-01-01T00:00:00Z")
    [memory] = [memory for memory in found["memories"] if memory["text"] == told]
    assert (memory["role"], memory["kind"], memory["relevant"]) == ("user", "episode", True)
    assert memory["session_title"]
    assert later["memories"] == []


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [
        ("2021-03-04", "2021-03-05", True),
        ("2021-03-04T11:00", "2021-03-04T13:00", True),
        ("2021-03-04T11:00:00Z", "2021-03-04 13:00:00+00:00", True),
        ("2021-03-04T14:30:00+02:00", None, False),
        ("2021-03-04T13:30:00+02:00", None, True),
        ("2021-03-05", None, False),
        (None, "2021-03-04", False),
    ],
)
async def test_dates_and_times_are_taken_as_models_write_them(
    service: Client, client: McpClient, since: str | None, until: str | None, there: bool
) -> None:
    """Without a zone they are UTC."""
    said = "At noon I planted the pear tree."
    async with Memocha(str(service.base_url)) as memocha:
        message: SaidMessage = {"role": "user", "content": said, "id": "1", "created_at": "2021-03-04T12:00:00Z"}
        await memocha.memories.add([message], session="pear")
    when = {name: value for name, value in (("since", since), ("until", until)) if value is not None}
    async with client:
        found = await call(client, "search_memories", query="When did I plant the pear tree?", **when)
        listed = await call(client, "list_memories", limit=200, **when)
    assert (said in [memory["text"] for memory in found["memories"]]) is there
    assert (said in [memory["text"] for memory in listed["memories"]]) is there


@pytest.mark.parametrize("since", ["last spring", "2026", "1767225600", "2026-13-01"])
async def test_what_is_no_date_is_told_the_form(client: McpClient, since: str) -> None:
    async with client:
        said = await refusal(client, "search_memories", query="x", since=since)
    assert "since" in said
    assert "write 2026-01-31, or 2026-01-31T09:30:00Z; without a zone it is UTC" in said


async def test_what_the_service_refuses_is_told_with_its_reason(client: McpClient) -> None:
    async with client:
        assert "text: " in await refusal(client, "add_memory", text="   ")
        assert "text: " in await refusal(client, "add_memory", text="nul \x00")


async def test_bad_arguments_are_refused_in_words(client: McpClient) -> None:
    async with client:
        for tool, arguments in (
            ("search_memories", {"query": ""}),
            ("search_memories", {"query": "x", "limit": 1_000}),
            ("search_memories", {"query": "x", "user_id": "somebody"}),
            ("add_memory", {"text": "  "}),
            ("add_memory", {"text": "nul \x00"}),
            ("delete_memory", {"memory_id": "' or 1=1"}),
        ):
            if "user_id" in arguments:
                await client.call_tool(tool, arguments)  # it names nobody: what is not an argument is not looked at
            else:
                said = await refusal(client, tool, **arguments)
                assert f"{next(iter(arguments))}: " in said or "limit: " in said
                assert "pydantic" not in said.lower()
                assert "validation error" not in said


async def test_without_the_key_there_is_nothing(settings: Settings) -> None:
    async with running(settings.model_copy(update={"api_key": SecretStr("secret")})) as service:
        for headers in ({}, {"authorization": "Bearer wrong"}):
            answer = await service.post("/mcp", json={}, headers={"authorization": "", **headers})
            assert answer.status_code == 401
        async with (
            httpx2.AsyncClient(headers={"authorization": "Bearer secret"}) as http,
            McpClient(streamable_http_client(address(service), http_client=http)) as client,
        ):
            assert "memories" in await call(client, "list_memories")


async def test_pages_of_other_origins_are_kept_out(service: Client) -> None:
    answer = await service.post("/mcp", json={}, headers={"origin": "http://elsewhere.example"})
    assert answer.status_code == 403


async def test_a_service_that_is_away_is_told_of(tmp_path: Path) -> None:
    command = ["-m", "app.cli", "mcp", "--url", "http://127.0.0.1:9"]
    server = StdioServerParameters(command=sys.executable, args=command, env={"HOME": str(tmp_path)})
    async with McpClient(server) as client:
        assert "make up" in await refusal(client, "list_memories")
