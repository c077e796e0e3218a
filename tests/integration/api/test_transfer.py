"""Import, export and jobs over HTTP, on the real index."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg

from app.settings import Settings
from tests.support.running import Client

NDJSON = {"content-type": "application/x-ndjson"}
UNKNOWN = "01890000-0000-7000-8000-000000000000"


def lines(*parts: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(part).encode() + b"\n" for part in parts)


def said(content: str, role: str = "user", **fields: Any) -> dict[str, Any]:
    return {"message": {"role": role, "content": content, **fields}}


async def imported(service: Client, body: bytes) -> dict[str, Any]:
    """Import, and wait for the job."""
    answer = await service.post("/api/import", content=body, headers=NDJSON)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    async with asyncio.timeout(30):
        while job["state"] in ("queued", "running"):
            await asyncio.sleep(0.05)
            job = (await service.get(f"/api/jobs/{job['id']}")).json()
    return job


async def test_when_the_job_has_succeeded_all_can_be_found(service: Client) -> None:
    body = lines(
        {"session": {"id": "otters", "title": "Otters", "created_at": "2023-05-08T13:56:00Z"}},
        said("My otter is called Ludovico", id="D1:1", name="Caroline"),
        said("Ludovico is a fine name", "assistant", id="D1:2", name="Melanie"),
        *(said(f"On day {n} Ludovico ate {n} fish", id=f"D2:{n}") for n in range(150)),
        {"memory": {"text": "Caroline would rather have a heron", "pinned": True}},
    )
    job = await imported(service, body)
    assert {**job, "id": ""} == {
        "id": "", "kind": "import", "state": "succeeded", "processed": 154, "total": 154, "error": None,
        "skipped": {}, "imported": 154,
    }  # fmt: skip
    found = (await service.get("/api/memories/search", params={"q": "What is the otter called?", "k": 3})).json()
    [otter] = [item for item in found["items"] if item["text"] == "My otter is called Ludovico"]
    assert (otter["speaker"], otter["created_at"]) == ("Caroline", "2023-05-08T13:56:00Z")
    assert [source["external_id"] for source in otter["sources"]] == ["D1:1"]
    assert "On day 149 Ludovico ate 149 fish" in await service.search("day 149", k=5)
    [session] = (await service.get("/api/sessions", params={"search": "Otters"})).json()["items"]
    history = await service.history(session["id"])
    assert history[-1]["content"] == "On day 149 Ludovico ate 149 fish"
    turn = await service.say("What is my otter called?", session_id=session["id"])
    assert turn.names[-1] == "done"


async def test_an_export_can_be_imported_and_changes_nothing_here(service: Client) -> None:
    await service.say("The export is about walruses.")
    before = await service.get("/api/export")
    assert before.headers["content-type"].startswith("application/x-ndjson")
    assert "attachment" in before.headers["content-disposition"]
    assert any("walruses" in line for line in before.text.splitlines())
    assert (await imported(service, before.content))["state"] == "succeeded"
    assert (await service.get("/api/export")).text == before.text


async def test_what_is_not_taken(service: Client) -> None:
    before = (await service.get("/api/export")).text
    for body, kind, status, code, said_why in (
        (b"PK", "application/gzip", 415, "unsupported_media_type", "application/x-ndjson"),
        (b"{}", "application/json", 415, "unsupported_media_type", "application/x-ndjson"),
        (lines({"session": {}}) + b"\n{", "application/x-ndjson", 422, "invalid_line", "line 3: Invalid JSON"),
        (lines(said("x")), "application/x-ndjson", 422, "invalid_line", "line 1: message: a session line"),
    ):
        answer = await service.post("/api/import", content=body, headers={"content-type": kind})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code)
        assert said_why in problem["detail"]
    assert problem["line"] == 1
    assert (await service.get("/api/export")).text == before


async def test_a_body_longer_than_others_may_be_is_read_as_it_comes(service: Client) -> None:
    async def large() -> AsyncIterator[bytes]:
        yield lines({"session": {}})
        for _ in range(3_000):
            yield lines(said("word " * 400))
        yield b"oops\n"

    answer = await service.post("/api/import", content=large(), headers=NDJSON)
    assert (answer.status_code, answer.json().get("line")) == (422, 3_002)


async def test_an_empty_file_is_a_file(service: Client) -> None:
    job = await imported(service, b"\n")
    assert (job["state"], job["total"]) == ("succeeded", 0)


async def test_jobs_are_their_owners_alone(service: Client, settings: Settings) -> None:
    job_id = (await imported(service, lines({"session": {"id": "mine"}})))["id"]
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("INSERT INTO users (id, name) VALUES (%s, 'another')", (UUID(UNKNOWN),))
        await connection.execute("UPDATE jobs SET user_id = %s WHERE id = %s", (UUID(UNKNOWN), UUID(job_id)))
    for other in (job_id, UNKNOWN):
        answer = await service.get(f"/api/jobs/{other}")
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")


async def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(service: Client) -> None:
    url = service.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST /api/import HTTP/1.1\r\nhost: {url.host}\r\ncontent-length: {2**41}\r\nconnection: close\r\n\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(10):
        status = await reader.readline()
    writer.close()
    assert status.startswith(b"HTTP/1.1 413")
