"""Who adds and searches in one breath finds it; who adds while the index does not take it waits a bounded time."""

import time

import httpx
from pydantic import SecretStr

from app.db.migrate import migrate
from app.indexed import LONGEST, WITHIN
from app.settings import Settings
from tests.support.running import Client, running

BIRDS = ("heron", "kestrel", "wren", "plover", "dunlin", "siskin", "avocet", "fulmar")


async def test_what_is_added_is_found_at_once(service: Client) -> None:
    for bird in BIRDS:
        text = f"The {bird} is the bird that I drew on a Monday."
        (await service.post("/api/memories", json={"text": text})).raise_for_status()
        found = await service.get("/api/memories/search", params={"q": f"Did I draw the {bird}?", "k": 3})
        assert text in [item["text"] for item in found.json()["items"]], bird
        assert not found.json()["degraded"]


async def test_what_is_put_differently_is_found_at_once_as_that(service: Client) -> None:
    added = (await service.post("/api/memories", json={"text": "My desk stands in the cellar."})).json()
    for town in ("Bergen", "Cork", "Delft", "Evora"):
        text = f"The train that I take goes to {town}."
        (await service.patch(f"/api/memories/{added['id']}", json={"text": text})).raise_for_status()
        found = await service.get("/api/memories/search", params={"q": f"Does my train go to {town}?", "k": 1})
        assert [(item["text"], item["relevant"]) for item in found.json()["items"]] == [(text, True)]


async def test_what_nobody_indexes_is_answered_for_all_the_same(settings: Settings, fresh_database_url: str) -> None:
    await migrate(fresh_database_url)
    alone = {"worker": False, "database_url": SecretStr(fresh_database_url), "milvus_collection": "nobodys"}
    async with running(settings.model_copy(update=alone)) as service:
        began = time.monotonic()
        answer = await service.post("/api/memories", json={"text": "I whittle spoons of lime wood."})
        took = time.monotonic() - began
        assert answer.status_code == httpx.codes.CREATED
        assert WITHIN - LONGEST <= took < WITHIN + 3
        path = f"/api/memories/{answer.json()['id']}"
        began = time.monotonic()
        assert (await service.patch(path, json={"pinned": True})).status_code == httpx.codes.OK
        assert time.monotonic() - began < WITHIN, "nothing for the index to take"
        assert (await service.patch(path, json={"text": "I whittle bowls."})).json()["text"] == "I whittle bowls."
        assert (await service.delete(path)).json()["memories"] == 1
