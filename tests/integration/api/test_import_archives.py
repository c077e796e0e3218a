"""Archives of other chats over HTTP, on the real index."""

import asyncio
import json
from typing import Any

from tests.support.running import Client
from tests.unit.transfer.archives.support import ROOT, chatgpt, claude, node, told, zipped

ZIP = {"content-type": "application/zip"}
NDJSON = {"content-type": "application/x-ndjson"}
GOOD = zipped({"conversations.json": [claude("c", [told("q", "Is it a heron?")])]})


async def imported(service: Client, body: bytes) -> dict[str, Any]:
    """Import, and wait for the job."""
    answer = await service.post("/api/import", content=body, headers=ZIP)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    async with asyncio.timeout(30):
        while job["state"] in ("queued", "running"):
            await asyncio.sleep(0.05)
            job = (await service.get(f"/api/jobs/{job['id']}")).json()
    return job


async def test_what_was_said_elsewhere_is_recalled_here(service: Client) -> None:
    talk = chatgpt(
        "walks",
        [
            node("q", ROOT, "My ferret Balthazar is afraid of umbrellas", at=1700000001.0),
            node("a", "q", "Poor Balthazar!", "assistant", at=1700000002.0),
            node("b", "q", "Umbrellas are large.", "assistant", at=1700000003.0, metadata={"attachments": [{}]}),
        ],
        "b",
    )
    archive = zipped({"conversations.json": [talk], "chat.html": "<html></html>"})
    job = await imported(service, archive)
    assert {**job, "id": ""} == {
        "id": "", "kind": "import", "state": "succeeded", "processed": 4, "total": 4, "error": None,
        "skipped": {"attachments": 1}, "imported": 4,
    }  # fmt: skip
    found = (await service.get("/api/memories/search", params={"q": "What is Balthazar afraid of?", "k": 3})).json()
    assert found["items"][0]["text"] == "My ferret Balthazar is afraid of umbrellas"
    assert found["items"][0]["sources"][0]["external_id"] == "q"
    assert "Poor Balthazar!" not in await service.search("Balthazar", k=10)
    [session] = (await service.get("/api/sessions", params={"search": "About walks"})).json()["items"]
    history = await service.history(session["id"])
    assert [message["content"] for message in history][1:] == ["Umbrellas are large."]
    assert len(history[1]["siblings"]) == 2


async def test_an_archive_that_is_wrong_is_refused_at_once(service: Client) -> None:
    before = (await service.get("/api/export")).text
    broken = json.dumps([claude("c", [told("q", "canary")])])[:-3]
    for body, status, code in (
        (b"", 422, "invalid_archive"),
        (b"GIF89a", 422, "invalid_archive"),
        (b"PK", 422, "invalid_archive"),
        (zipped({"conversations.json": []}), 422, "empty_archive"),
        (GOOD[:-30], 422, "invalid_archive"),
        (zipped({"conversations.json": broken}), 422, "invalid_archive"),
        (zipped({"photos.json": []}), 422, "unknown_archive"),
        (zipped({"conversations.json": "[" + " " * 40_000_000 + "]"}), 413, "archive_too_large"),
        (bytes(GOOD).replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00"), 422, "encrypted_archive"),
    ):
        for headers in (ZIP, NDJSON) if body.startswith(b"PK") else (ZIP,):
            answer = await service.post("/api/import", content=body, headers=headers)
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (status, code), problem
            assert answer.headers["content-type"] == "application/problem+json"
            assert "Nothing was imported" in problem["title"]
            assert "canary" not in answer.text
    assert (await service.get("/api/export")).text == before
