"""Bad input is answered as a problem with a stable code, never as a fault, and leaves nothing behind."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from pydantic import SecretStr

from app.settings import Settings
from tests.support.running import Client, running

UNKNOWN = "01890000-0000-7000-8000-000000000000"
HOSTILE = ['"', "*", "' or 1==1", "%", "\\", "\u202e", '") or user_id != ("', "[]", "a" * 5_000, "\ud83d", "{{7*7}}"]


async def counts(settings: Settings) -> list[int]:
    assert settings.database_url is not None
    # Of the jobs, those that follow from a turn: others come by the clock.
    tables = ("sessions", "messages", "runs", "memories", "usage", "procrastinate_jobs WHERE task_name ~ 'message'")
    async with await psycopg.AsyncConnection.connect(settings.database_url.get_secret_value()) as connection:
        rows = [await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone() for table in tables]
    return [row[0] for row in rows if row]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({}, 422, "invalid_request", id="nothing"),
        pytest.param({"message": ""}, 422, "invalid_request", id="an empty message"),
        pytest.param({"message": " \n\t "}, 422, "invalid_request", id="only blanks"),
        pytest.param({"message": "x" * 1_000_001}, 422, "invalid_request", id="1 MB"),
        pytest.param({"message": "x" * 40_000}, 422, "invalid_request", id="over the deployment's limit"),
        pytest.param({"message": "a\x00b"}, 422, "invalid_request", id="a NUL"),
        pytest.param({"message": 5}, 422, "invalid_request", id="a number"),
        pytest.param({"message": ["hi"]}, 422, "invalid_request", id="a list"),
        pytest.param({"message": "hi", "user_id": "bob"}, 422, "invalid_request", id="a user"),
        pytest.param({"message": "hi", "session_id": "nope"}, 422, "invalid_request", id="a malformed session"),
        pytest.param({"message": "hi", "session_id": UNKNOWN}, 404, "session_not_found", id="an unknown session"),
        pytest.param({"message": "hi", "temperature": 99}, 422, "invalid_request", id="too hot"),
        pytest.param({"message": "hi", "max_tokens": 0}, 422, "invalid_request", id="no tokens"),
        pytest.param({"message": "hi", "max_tokens": -5}, 422, "invalid_request", id="fewer than none"),
        pytest.param({"message": "hi", "stop": ["\x00"]}, 422, "invalid_request", id="a NUL to stop at"),
        pytest.param({"message": "hi", "model": "openai:other"}, 422, "invalid_request", id="another model"),
        pytest.param({"message": "hi", "regenerate": UNKNOWN}, 422, "invalid_request", id="both kinds"),
        pytest.param({"regenerate": UNKNOWN}, 422, "invalid_request", id="an answer of no session"),
        pytest.param(
            {"session_id": UNKNOWN, "message": "x", "temporary": True}, 422, "invalid_request", id="temporary too late"
        ),
    ],
)
async def test_a_bad_turn_is_refused_and_leaves_nothing(
    service: Client, settings: Settings, body: dict[str, Any], status: int, code: str
) -> None:
    before = await counts(settings)
    answer = await service.post("/api/chat", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert await counts(settings) == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"\xff\xfe not json", "application/json", id="no UTF-8"),
        pytest.param(b'{"message": "\xff"}', "application/json", id="UTF-8 that breaks inside a string"),
        pytest.param(b'{"message": "hi"', "application/json", id="JSON that ends too soon"),
        pytest.param(b'{"message": "\\ud800"}', "application/json", id="half of a surrogate pair"),
        pytest.param(b"message=hi", "application/x-www-form-urlencoded", id="a form"),
        pytest.param(b'{"message": "hi"}', "text/plain", id="what another origin's page may send unasked"),
    ],
)
async def test_a_bad_body_is_refused(service: Client, settings: Settings, content: bytes, kind: str) -> None:
    before = await counts(settings)
    answer = await service.post("/api/chat", content=content, headers={"content-type": kind})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"
    assert await counts(settings) == before


async def test_a_huge_body_is_refused_unread(service: Client) -> None:
    async def endless() -> Any:
        for _ in range(300):
            yield b"x" * 10_000

    for content in (b"x" * 3_000_000, endless()):
        answer = await service.post("/api/chat", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["code"] == "request_too_large"


async def test_what_was_sent_is_not_sent_back(service: Client) -> None:
    answer = await service.post("/api/chat", json={"message": ["my secret word"], "hush": "another secret"})
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "query", ["q=x&k=-1", "q=x&k=0", "q=x&k=1000000", "q=x&k=ten", "q=", "k=5", "q=x&kind=' or 1==1"]
)
async def test_a_bad_search_is_refused(service: Client, query: str) -> None:
    answer = await service.get(f"/api/memories/search?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"


@pytest.mark.parametrize("name", ["since", "until"])
async def test_a_time_without_a_zone_is_refused(service: Client, name: str) -> None:
    answer = await service.get("/api/memories/search", params={"q": "x", name: "2026-05-01T00:00:00"})
    assert answer.status_code == 422


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_words_are_only_words(service: Client, value: str) -> None:
    escaped = quote(value.encode("utf-8", "surrogatepass"))
    answer = await service.get(f"/api/memories/search?q={escaped}&k=5")
    assert answer.status_code in (200, 422)
    listed = await service.get(f"/api/sessions?search={escaped}")
    assert listed.status_code in (200, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/api/memories/nope",
        "/api/sessions/%22%20or%20true/messages",
        "/api/sessions?cursor=nope",
        "/api/memories?cursor=nope",
        "/api/runs/nope/events",
        "/api/sessions?limit=-1",
        "/api/memories?limit=100000",
    ],
)
async def test_bad_paths_and_cursors_are_refused(service: Client, path: str) -> None:
    answer = await service.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/sessions/{id}", "session_not_found"),
        ("GET", "/api/sessions/{id}/messages", "session_not_found"),
        ("PATCH", "/api/sessions/{id}", "session_not_found"),
        ("DELETE", "/api/sessions/{id}", "session_not_found"),
        ("POST", "/api/sessions/{id}/reset", "session_not_found"),
        ("GET", "/api/memories/{id}", "memory_not_found"),
        ("PATCH", "/api/memories/{id}", "memory_not_found"),
        ("DELETE", "/api/memories/{id}", "memory_not_found"),
        ("GET", "/api/runs/{id}/events", "run_not_found"),
        ("POST", "/api/runs/{id}/cancel", "run_not_found"),
        ("GET", "/api/nothing/{id}", "not_found"),
    ],
)
async def test_what_is_not_there_is_404(service: Client, method: str, path: str, code: str) -> None:
    body = {} if method == "PATCH" else None
    answer = await service.request(method, path.format(id=uuid4()), json=body)
    assert answer.status_code == 404
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/sessions", "GET, POST"),
        ("OPTIONS", "/api/memories", "GET, POST, DELETE"),
        ("PUT", f"/api/memories/{UNKNOWN}", "GET, PATCH, DELETE"),
        ("GET", "/api/chat", "POST"),
        ("DELETE", "/v1/models", "GET"),
        ("PUT", "/chat/invoke", "POST"),
    ],
)
async def test_what_cannot_be_done_somewhere_is_told_with_all_that_can(
    service: Client, method: str, path: str, allowed: str
) -> None:
    answer = await service.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
async def test_a_memory_holds_from_a_time_that_an_export_can_tell(service: Client, year: str) -> None:
    body = {"text": f"I was born in {year}.", "valid_from": f"{year}-01-01T00:00:00Z"}
    assert (await service.post("/api/memories", json=body)).status_code == 422
    assert (await service.get("/api/export")).status_code == 200


async def test_a_page_of_another_origin_gets_nothing(service: Client) -> None:
    """DNS rebinding: a page's own name made to point here."""
    answer = await service.get("/api/sessions", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    answer = await service.get("/api/sessions", headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/api/chat", "/chat", "/chat/invoke", "/chat/stream_log", "/api/memories"])
async def test_a_page_of_another_origin_cannot_write(
    service: Client, settings: Settings, path: str, origin: str
) -> None:
    """As a browser sends a simple request, unasked: no preflight comes before it."""
    before = await counts(settings)
    body = b'{"message": "hi", "input": {"messages": [{"type": "human", "content": "hi"}]}, "text": "hi"}'
    answer = await service.post(path, content=body, headers={"origin": origin, "content-type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert await counts(settings) == before


@pytest.mark.parametrize("headers", [{"host": "[::1"}, {"host": "["}, {"origin": "http://["}, {"origin": "\xff"}])
async def test_what_is_no_address_is_that_of_another(service: Client, headers: dict[str, str]) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await service.post("/api/sessions", json={}, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


async def test_our_own_pages_can_write(service: Client) -> None:
    origin = str(service.base_url).rstrip("/")
    answer = await service.post("/api/memories", json={"text": "My own page said so."}, headers={"origin": origin})
    assert answer.status_code == 201


async def test_with_a_key_only_who_has_it_is_served(settings: Settings) -> None:
    locked = settings.model_copy(update={"api_key": SecretStr("k" * 24), "worker": False})
    async with running(locked) as client:
        assert (await client.get("/api/sessions")).status_code == 200
        for wrong in ("", "Bearer wrong", "Bearer " + "k" * 23, "Basic " + "k" * 24):
            answer = await client.get("/api/sessions", headers={"authorization": wrong})
            assert answer.status_code == 401
            assert answer.json()["code"] == "unauthorized"
        assert (await client.post("/chat/invoke", json={}, headers={"authorization": "no"})).status_code in (401, 422)
        assert (await client.get("/health", headers={"authorization": ""})).status_code == 200
