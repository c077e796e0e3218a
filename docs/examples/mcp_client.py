"""The memory as tools, by the Model Context Protocol."""

import asyncio
from os import getenv as env

from httpx2 import AsyncClient
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main() -> None:
    url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
    http = AsyncClient(headers={"authorization": f"Bearer {key}"})
    async with http, Client(streamable_http_client(f"{url}/mcp", http_client=http)) as memocha:
        print("tools:", [tool.name for tool in (await memocha.list_tools()).tools])
        await memocha.call_tool("add_memory", {"text": "I live in the Rua das Flores."})
        found = await memocha.call_tool("search_memories", {"query": "Where do I live?", "limit": 3})
        print("found:", [memory["text"] for memory in found.structured_content["memories"]])


asyncio.run(main())
