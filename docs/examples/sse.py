"""A turn as it happens, over plain HTTP: server-sent events of POST /api/chat."""

import asyncio
from os import getenv as env

import httpx
from httpx_sse import aconnect_sse


async def main() -> None:
    url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
    http = httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=60)
    said = {"message": "What do you know about me?"}
    async with http, aconnect_sse(http, "POST", "/api/chat", json=said) as source:
        source.response.raise_for_status()
        async for event in source.aiter_sse():
            match event.event:
                case "memories":
                    print("given:", [memory["text"] for memory in event.json()["items"]])
                case "token":
                    print(event.json()["text"], end="", flush=True)
                case "done" | "error":
                    print(f"\n{event.event}: {event.data}")


asyncio.run(main())
