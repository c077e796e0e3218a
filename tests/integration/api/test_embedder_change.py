"""A service that is started with another embedder: it goes on recalling, says so, and is done some time later."""

import asyncio
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.support.model_server import ModelServer
from tests.support.running import Client, running

FILL = 150
"""Memories beside those that are asked for: some seconds of embedding, in which the test asks."""


async def memory_of(service: Client) -> dict[str, Any]:
    found: dict[str, Any] = (await service.get("/ready")).json()["dependencies"]["memory"]
    return found


async def test_e5_in_place_of_minilm(settings: Settings, model_server: ModelServer, e5_file: Path) -> None:
    del model_server, e5_file
    async with running(settings) as service:
        for number in range(FILL):
            text = f"On trip number {number} I stayed in a small town by the river and walked along it for an hour."
            assert (await service.post("/api/memories", json={"text": text})).is_success
        await service.post("/api/memories", json={"text": "My dog is called Biscuit."})
        await service.remembered("My dog is called Biscuit.")
        await service.remembered(
            f"On trip number {FILL - 1} I stayed in a small town by the river and walked along it for an hour."
        )

    seen: set[str] = set()
    async with running(settings.model_copy(update={"embeddings": "e5"})) as service:
        async with asyncio.timeout(90):
            while True:
                state = await memory_of(service)
                detail = state.get("detail") or ""
                found = (await service.get("/api/memories/search", params={"q": "What is my dog called?"})).json()
                assert found["items"][0]["text"] == "My dog is called Biscuit."
                if "embedded anew" in detail:
                    seen.add(detail)
                    assert 0 <= state["progress"]["processed"] <= state["progress"]["total"]
                    assert state["progress"]["total"] > FILL
                    assert state["state"] == "ok"
                    assert not found["degraded"]
                    if len(seen) == 1:
                        await service.post("/api/memories", json={"text": "I keep three bees."})
                elif (
                    seen
                    and state["progress"] is None
                    and "memocha_index_rebuild_memories" in (await service.get("/metrics")).text
                ):
                    break
                await asyncio.sleep(0.05)
        assert len(seen) > 1
        assert (await service.search("Wie heißt mein Hund?"))[0] == "My dog is called Biscuit."
        await service.remembered("I keep three bees.")
