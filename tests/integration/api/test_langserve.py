"""The door for LangChain's clients."""

import asyncio
import json

import httpx
import psycopg
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langserve import RemoteRunnable

from app.db.engine import libpq_url
from app.settings import Settings
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running


def remote(service: Client) -> RemoteRunnable:
    return RemoteRunnable(f"{service.base_url}/chat/")


async def test_a_turn_goes_through_a_remote_runnable(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Good morning to you."))
    assert await remote(service).ainvoke({"messages": [HumanMessage("Good morning.")]}) == "Good morning to you."


async def test_tokens_come_one_by_one(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="one two three", rate=20))
    pieces = [piece async for piece in remote(service).astream({"messages": [HumanMessage("Count.")]})]
    # The first is empty: the turn is taken.
    assert pieces == ["", "one", " two", " three"]


async def test_a_client_that_waits_may_use_it_too(service: Client, model_server: ModelServer) -> None:
    """RemoteRunnable's own calls that are not asynchronous."""
    model_server.will(Behaviour(text="At once."), Behaviour(text="piece by piece", rate=50))
    asked = {"messages": [HumanMessage("Are you there?")]}
    assert await asyncio.to_thread(remote(service).invoke, asked) == "At once."
    assert await asyncio.to_thread(lambda: [*remote(service).stream(asked)]) == ["", "piece", " by", " piece"]


async def test_several_at_once_and_every_event(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Yes."), Behaviour(text="Yes."))
    asked = [{"messages": [HumanMessage(words)]} for words in ("Is it one?", "Is it two?")]
    assert await remote(service).abatch(asked) == ["Yes.", "Yes."]
    model_server.will(Behaviour(text="one two"))
    events = [event async for event in remote(service).astream_events(asked[0], version="v2")]
    pieces = [
        event["data"]["chunk"] for event in events if event["event"].endswith("_stream") and not event["parent_ids"]
    ]
    assert "".join(pieces) == "one two"


async def test_the_programs_own_prompt_reaches_the_model(service: Client, model_server: ModelServer) -> None:
    asked = {"messages": [SystemMessage("Answer like a pirate."), HumanMessage("Where is the ship?")]}
    await remote(service).ainvoke(asked)
    await remote(service).abatch([asked])
    assert "".join([piece async for piece in remote(service).astream(asked)])
    assert len(model_server.requests) == 3
    assert all("Answer like a pirate." in request.prompt for request in model_server.requests)


async def test_a_session_is_gone_on_with(service: Client, model_server: ModelServer) -> None:
    session = (await service.post("/api/sessions", json={})).json()["id"]
    config = {"configurable": {"session_id": session}}
    await remote(service).ainvoke({"messages": [HumanMessage("First.")]}, config)
    await remote(service).ainvoke({"messages": [HumanMessage("Second.")]}, config)
    assert [m["content"] for m in await service.history(session) if m["role"] == "user"] == ["First.", "Second."]


async def test_a_client_that_resends_its_history_stays_in_its_session(
    service: Client, model_server: ModelServer
) -> None:
    model_server.will(Behaviour(text="Pleased to meet you."))
    await remote(service).ainvoke({"messages": [HumanMessage("I am the playground, hello.")]})
    history = [HumanMessage("I am the playground, hello."), AIMessage("Pleased to meet you.")]
    await remote(service).ainvoke({"messages": [*history, HumanMessage("And here is more.")]})
    [session] = (await service.get("/api/sessions", params={"search": "I am the playground"})).json()["items"]
    assert len(await service.history(session["id"])) == 4


async def test_a_client_cannot_name_a_user(service: Client, model_server: ModelServer) -> None:
    body = {
        "input": {"messages": [{"type": "human", "content": "Who am I? A stranger called Odysseus."}]},
        "config": {"configurable": {"memocha_user_id": "00000000-0000-0000-0000-000000000000"}},
    }
    answer = await service.post("/chat/invoke", json=body)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        found = (await service.get("/api/sessions", params={"search": "Odysseus"})).json()["items"]
        assert len(found) == 1  # the turn is ours, whoever the client said it was


async def test_bad_input_is_refused(service: Client) -> None:
    for messages in ([], [{"type": "ai", "content": "I speak last."}], "hello", [{"type": "human", "content": " "}]):
        answer = await service.post("/chat/invoke", json={"input": {"messages": messages}})
        assert answer.status_code == 422, messages


HELLO = {"type": "human", "content": "Hello."}


@pytest.mark.parametrize(
    ("messages", "detail"),
    [
        (
            [HELLO, {"type": "tool", "content": "42", "tool_call_id": "1"}, HELLO],
            "messages[1] is of type tool; messages of type human, ai and system are taken, with text",
        ),
        (
            [{"role": "assistant", "content": "Hello."}, HELLO],
            "messages[0] has a role and no type; messages of type human, ai and system are taken, with text",
        ),
        (
            [
                {
                    "type": "human",
                    "content": [{"type": "text", "text": "Look."}, {"type": "image_url", "image_url": "x"}],
                }
            ],
            "messages[0].content[1] is of type image_url; text alone is taken",
        ),
        (
            [{"type": "human", "content": 5}],
            "messages[0].content must be a string, or a list of parts of type text",
        ),
        ([{"type": "human", "content": " "}], "the last message holds no words"),
        ([{"type": "ai", "content": "I speak last."}], "the last of messages must be the user's, of type human"),
        ([{"type": "human", "content": "\x00"}], "what is said contains a NUL"),
        ([{"type": "a canary in a coal mine", "content": "x"}], "messages[0] is of type none that is known"),
        ([], 'the body must be JSON of the form {"input": {"messages": [{"type": "human", "content": "Hello."}]}}'),
        ("Hello.", "the body must be JSON of the form"),
    ],
)
async def test_a_refusal_says_what_is_taken(service: Client, messages: object, detail: str) -> None:
    answer = await service.post("/chat/invoke", json={"input": {"messages": messages}})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(detail)
    many = await service.post("/chat/batch", json={"inputs": [{"messages": [HELLO]}, {"messages": messages}]})
    assert many.status_code == 422
    assert detail.startswith("the body") or many.json()["detail"].startswith(detail)


async def test_a_session_or_a_configuration_that_is_none_is_told_of(service: Client) -> None:
    for config, detail in (
        ({"configurable": {"session_id": "mine"}}, "session_id must be the UUID of a session"),
        ("N4XyA", 'config must be of the form {"configurable": {"session_id": "..."}}'),
    ):
        answer = await service.post("/chat/invoke", json={"input": {"messages": [HELLO]}, "config": config})
        assert (answer.status_code, answer.json()["detail"]) == (422, detail)


@pytest.mark.parametrize("route", ["invoke", "stream", "stream_log", "stream_events", "batch"])
async def test_bad_input_is_a_problem_at_every_route_and_is_not_logged(
    service: Client, route: str, capfd: pytest.CaptureFixture[str]
) -> None:
    one = "inputs" if route == "batch" else "input"

    def body(messages: object, session_id: str | None = None) -> bytes:
        given = {"messages": messages}
        config = {"configurable": {"session_id": session_id}} if session_id else {}
        return json.dumps({one: [given] if route == "batch" else given, "config": config}).encode()

    said = [{"type": "human", "content": "a canary in a coal mine"}]
    given = {one: [{"messages": said}] if route == "batch" else {"messages": said}}
    bad = {
        json.dumps(given | {"config": None}).encode(): 422,
        json.dumps(given | {"config": "N4XyA"}).encode(): 422,
        json.dumps(given | {"config": [None]}).encode(): 422,
        b"\xff\xfe": 422,
        b"[]": 422,
        b"{}": 422,
        b"[" * 100_000 + b"]" * 100_000: 422,
        body("a canary in a coal mine"): 422,
        body([]): 422,
        body([{"type": "human", "content": ""}]): 422,
        body([{"type": "ai", "content": "a canary in a coal mine"}]): 422,
        body([{"type": "human", "content": "a canary in a coal mine " * 2_000}]): 422,
        body([{"type": "system", "content": "a canary in a coal mine\x00"}, *said]): 422,
        body([{"type": "ai", "content": "a canary in a coal mine\ud800"}, *said]): 422,
        body([{"type": "human", "content": "a canary in a coal mine " * 2_000}, *said]): 422,
        body([{**said[0], "additional_kwargs": {"a canary in a coal mine": 2**70}}]): 422,
        body([{**said[0], "additional_kwargs": {"a": "a canary in a coal mine\ud800"}}]): 422,
        body(said, "nope"): 422,
        body(said, "01890000-0000-7000-8000-000000000000"): 404,
    }
    for content, status in bad.items():
        answer = await service.post(f"/chat/{route}", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == status, content
        assert answer.headers["content-type"] == "application/problem+json"
        assert "canary" not in answer.text
    out = capfd.readouterr()
    assert "canary" not in out.out + out.err


RESTING = "The language model does not answer at the moment; it is asked again in"


async def test_a_model_that_is_away_is_told_as_that_at_every_route(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = {"input": {"messages": [{"type": "human", "content": "Are you away?"}]}, "config": {}}
    away = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_attempts": 1, "worker": False}
    async with running(settings.model_copy(update=away)) as service:
        whole = await service.post("/chat/invoke", json=asked)
        assert (whole.status_code, whole.json()["code"]) == (503, "model_unavailable")
        for route in ("stream", "stream_log", "stream_events", "c/N4XyA/stream"):
            answer = await service.post(f"/chat/{route}", json=asked)
            *_, last = answer.text.strip().replace("\r", "").split("\n\n")
            event, data = last.split("\n")
            assert event == "event: error", route
            told = json.loads(data.removeprefix("data: "))
            assert (told["status_code"], told["code"]) == (503, "model_unavailable"), route
            # Of the first, and of those after which it is not asked for some seconds.
            assert told["message"].startswith(("The language model did not answer.", RESTING)), route
        with pytest.raises(httpx.HTTPStatusError) as failed:
            [piece async for piece in remote(service).astream({"messages": [HumanMessage("Are you away?")]})]
    assert failed.value.response.status_code == 503
    assert str(failed.value).startswith(RESTING)
    out = capfd.readouterr()
    assert "Traceback" not in out.out + out.err


async def test_resent_history_of_a_deleted_session_begins_another(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Noted, armadillo."))
    await remote(service).ainvoke({"messages": [HumanMessage("Mark the armadillo.")]})
    [session] = (await service.get("/api/sessions", params={"search": "armadillo"})).json()["items"]
    await service.delete(f"/api/sessions/{session['id']}")
    history = [HumanMessage("Mark the armadillo."), AIMessage("Noted, armadillo.")]
    assert await remote(service).ainvoke({"messages": [*history, HumanMessage("Go on.")]}) == "I see, thank you."


async def test_the_playground_is_there(service: Client) -> None:
    page = await service.get("/chat/playground/")
    assert page.status_code == 200
    assert "<script" in page.text


@pytest.mark.parametrize("name", ["%00", "a" * 5_000, "..%2f..%2f..%2fserver.py", "%ff", "assets"])
async def test_a_file_that_the_playground_does_not_have_is_not_there(service: Client, name: str) -> None:
    answer = await service.get(f"/chat/playground/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_who_leaves_before_the_end_of_what_it_says_is_no_fault(
    service: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    for route in ("/chat/invoke", "/api/chat", "/v1/chat/completions"):
        _, writer = await asyncio.open_connection("127.0.0.1", service.base_url.port)
        writer.write(f"POST {route} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 50\r\n\r\n{{".encode())
        writer.close()
        await writer.wait_closed()
    # The requests after those that were left are answered when they have been looked at.
    assert (await service.get("/health")).status_code == 200
    out = capfd.readouterr()
    assert "Traceback" not in out.out + out.err


async def test_who_leaves_while_a_turn_is_taken_leaves_one_that_goes_on(
    service: Client, settings: Settings, model_server: ModelServer, capfd: pytest.CaptureFixture[str]
) -> None:
    assert settings.database_url is not None
    session = (await service.post("/api/sessions", json={})).json()["id"]
    said = {"input": {"messages": [{"type": "human", "content": "I am off."}]}}
    asked = json.dumps(said | {"config": {"configurable": {"session_id": session}}})
    head = f"POST /chat/stream HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(asked)}\r\n\r\n"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    url = libpq_url(settings.database_url.get_secret_value())
    async with await psycopg.AsyncConnection.connect(url) as holder:
        await holder.execute("SELECT id FROM sessions WHERE id = %s FOR UPDATE", [session])
        _, writer = await asyncio.open_connection("127.0.0.1", service.base_url.port)
        writer.write((head + asked).encode())
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as looking, asyncio.timeout(10):
            while (await (await looking.execute(waiting)).fetchone()) == (0,):
                await asyncio.sleep(0.05)
        writer.transport.abort()
        # It is looked at after the connection that was left.
        assert (await service.get("/health")).status_code == 200
    async with asyncio.timeout(10):
        while [m["role"] for m in await service.history(session)] != ["user", "assistant"]:
            await asyncio.sleep(0.05)
    out = capfd.readouterr()
    assert "query cancellation" not in out.out + out.err


async def test_what_the_playground_asks_for_is_answered(service: Client, model_server: ModelServer) -> None:
    """As its own script does: the log of a run, and the schemas of a configuration that is packed into the address."""
    model_server.will(Behaviour(text="Here I am."))
    body = {"input": {"messages": [{"type": "human", "content": "Are you there, playground?"}]}, "config": {}}
    answer = await service.post("/chat/stream_log", json=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "Here" in answer.text
    assert answer.text.rstrip().endswith("event: end")
    for schema in ("input_schema", "output_schema"):
        assert (await service.get(f"/chat/c/N4XyA/{schema}")).status_code == 200  # {} in lz-string, as it packs it
