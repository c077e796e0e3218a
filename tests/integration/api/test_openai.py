"""The door for OpenAI's clients, tried with OpenAI's own client and LangChain's."""

import asyncio
from typing import Any

import openai
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, OpenAI

from app.settings import Settings
from graphs.errors import ModelOverloaded, ModelResting, ModelUnavailable, unkept
from tests.support.model_server import Behaviour, ModelServer, overloaded
from tests.support.running import Client, running


@pytest.fixture
async def client(service: Client) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{service.base_url}/v1".replace("//v1", "/v1"), api_key="any", max_retries=0)


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


async def complete(client: AsyncOpenAI, *messages: dict[str, Any], **more: Any) -> Any:
    return await client.chat.completions.create(**{"model": "memocha", "messages": list(messages), **more})


async def sessions_of(service: Client, words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await service.get("/api/sessions", params={"search": words})).json()["items"]
    return found


async def said_in(service: Client, session_id: str) -> list[str]:
    return [message["content"] for message in await service.history(session_id)]


async def test_a_whole_answer(service: Client, client: AsyncOpenAI, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Good morning to you."))
    raw = await client.chat.completions.with_raw_response.create(model="memocha", messages=[user("Good morning.")])
    answer = raw.parse()
    assert answer.choices[0].message.content == "Good morning to you."
    assert (answer.choices[0].finish_reason, answer.object, answer.model) == ("stop", "chat.completion", "memocha")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0
    session = raw.headers["x-memocha-session"]
    assert answer.model_extra is not None
    assert answer.model_extra["memocha"]["session_id"] == session
    assert await said_in(service, session) == ["Good morning.", "Good morning to you."]


async def test_a_stream_with_its_usage(client: AsyncOpenAI, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="one two three", rate=50))
    stream = await complete(client, user("Count, please."), stream=True, stream_options={"include_usage": True})
    chunks = [chunk async for chunk in stream]
    assert [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content] == [
        "one",
        " two",
        " three",
    ]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert (chunks[-1].choices, chunks[-1].usage.completion_tokens) == ([], 3)
    assert len({chunk.id for chunk in chunks}) == 1


async def test_what_was_told_here_is_recalled_in_another_chat_and_shown(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    told = "My parrot is called Admiral Quince."
    await complete(client, user(told))
    await service.remembered(told)
    answer = await complete(client, user("What is my parrot called?"))
    assert told in [memory["text"] for memory in answer.model_extra["memocha"]["memories"]]
    stream = await complete(client, user("My parrot: what is its name?"), stream=True)
    ours = [chunk.model_extra["memocha"] async for chunk in stream if "memocha" in (chunk.model_extra or {})]
    assert told in [memory["text"] for memory in ours[0]["memories"]]


async def test_a_client_that_tells_its_history_stays_in_its_session(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    history: list[dict[str, str]] = []
    for question in ("I sail a dinghy named Pelican.", "She is green.", "And she leaks."):
        model_server.will(Behaviour(text=f"Noted: {question}\n"))
        answer = await complete(client, *history, user(question))
        # As programs do, it keeps the words without the blanks around them.
        history += [user(question), assistant(answer.choices[0].message.content.strip())]
    [session] = await sessions_of(service, "Pelican")
    assert [m.strip() for m in await said_in(service, session["id"])] == [m["content"] for m in history]


async def test_what_was_said_before_it_came_here_is_stored_too(service: Client, client: AsyncOpenAI) -> None:
    before = [user("I collect brass astrolabes."), assistant("How lovely."), user("I own nine."), assistant("Nine!")]
    await complete(client, *before, user("Which was the last?"))
    [session] = await sessions_of(service, "astrolabes")
    assert await said_in(service, session["id"]) == [
        *(message["content"] for message in before),
        "Which was the last?",
        "I see, thank you.",
    ]
    await service.remembered("I collect brass astrolabes.")


async def test_a_history_whose_beginning_was_let_go_of_is_known(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    model_server.will(*(Behaviour(text=words) for words in ("A fine zither.", "Four strings then.", "I wonder.")))
    await complete(client, user("I build zithers."))
    first = [user("I build zithers."), assistant("A fine zither.")]
    second = [user("With four strings."), assistant("Four strings then.")]
    await complete(client, *first, second[0])
    await complete(client, *second, user("What wood, do you think?"))
    [session] = await sessions_of(service, "zithers")
    assert len(await said_in(service, session["id"])) == 6


async def test_the_same_question_again_is_another_answer_and_another_question_a_branch(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    model_server.will(*(Behaviour(text=words) for words in ("Hello gardener.", "Prune it.", "Water it.", "Sell it.")))
    begin = [user("I keep a bonsai, a juniper."), assistant("Hello gardener.")]
    await complete(client, begin[0])
    for question in ("What does it need?", "What does it need?", "What is it worth?"):
        await complete(client, *begin, user(question))
    [session] = await sessions_of(service, "juniper")
    shown = await service.history(session["id"])
    assert [m["content"] for m in shown] == [*(m["content"] for m in begin), "What is it worth?", "Sell it."]
    assert len(shown[2]["siblings"]) == 2
    older = next(each for each in shown[2]["siblings"] if each != shown[2]["id"])
    await service.patch(f"/api/sessions/{session['id']}", json={"head": older})
    other = await service.history(session["id"])
    assert [m["content"] for m in other[2:]] == ["What does it need?", "Water it."]
    assert len(other[3]["siblings"]) == 2


async def test_of_two_that_began_alike_the_one_goes_on_that_ends_there(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    begin = [user("Hello, I am the twin."), assistant("I see, thank you.")]
    await complete(client, begin[0])
    await complete(client, *begin, user("I am the elder."))
    await complete(client, begin[0])
    await complete(client, *begin, user("I am the younger."))
    said = [await said_in(service, session["id"]) for session in await sessions_of(service, "the twin")]
    assert sorted(words[2] for words in said) == ["I am the elder.", "I am the younger."]
    assert [len(words) for words in said] == [4, 4]


async def test_a_session_is_gone_on_with_by_its_id(service: Client, client: AsyncOpenAI) -> None:
    session = (await service.post("/api/sessions", json={})).json()["id"]
    for question in ("First of all.", "Second."):
        await complete(client, user(question), extra_headers={"X-Memocha-Session": session})
    assert (await said_in(service, session))[::2] == ["First of all.", "Second."]
    unknown = "00000000-0000-7000-8000-000000000000"
    with pytest.raises(openai.NotFoundError) as refused:
        await complete(client, user("Third."), extra_headers={"X-Memocha-Session": unknown})
    assert refused.value.code == "session_not_found"


async def test_read_only_recalls_and_leaves_nothing(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    told = "My canoe is called Ottoline."
    await complete(client, user(told))
    await service.remembered(told)
    before = (await service.get("/api/sessions")).json()["items"]
    answer = await complete(
        client, user("Hello."), assistant("Hi."), user("What is my canoe called?"), model="memocha-readonly"
    )
    assert told in [memory["text"] for memory in answer.model_extra["memocha"]["memories"]]
    assert answer.model_extra["memocha"]["session_id"] is None
    assert "assistant: Hi." in model_server.requests[-1].prompt
    await complete(client, user(f"Forget that {told}"), model="memocha-readonly")
    assert told in await service.search("canoe")
    assert (await service.get("/api/sessions")).json()["items"] == before
    with pytest.raises(openai.BadRequestError):
        await complete(
            client,
            user("Go on."),
            model="memocha-readonly",
            extra_headers={"X-Memocha-Session": before[0]["id"]},
        )


async def test_the_programs_own_prompt_and_parameters_reach_the_model(
    client: AsyncOpenAI, model_server: ModelServer
) -> None:
    parts = [{"type": "text", "text": "Rhyme me"}, {"type": "text", "text": "a couplet."}]
    await complete(
        client,
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "user", "content": parts},
        temperature=0.3,
        max_completion_tokens=77,
        stop=["THE END"],
        seed=2**40,
        user="whoever",
        parallel_tool_calls=False,
    )
    received = model_server.requests[-1]
    assert "Speak like a pirate." in received.messages[0]["content"]
    assert received.messages[-1]["content"].endswith("Rhyme me\na couplet.")
    sent = received.body
    assert (sent["temperature"], sent["stop"]) == (0.3, ["THE END"])
    assert 77 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))


async def test_langchains_client_gains_memory(service: Client, client: AsyncOpenAI, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Ahoy, glassblower."))
    model = ChatOpenAI(base_url=str(client.base_url), api_key="any", model="memocha", max_retries=0)  # type: ignore[arg-type]
    answer = await model.ainvoke([SystemMessage("Be brief."), HumanMessage("I blow glass for a living.")])
    assert answer.text == "Ahoy, glassblower."
    assert answer.usage_metadata is not None
    await service.remembered("I blow glass for a living.")
    pieces = [piece.text async for piece in model.astream([HumanMessage("What do I do for a living?")])]
    assert "".join(pieces) == "I see, thank you."


async def test_clients_that_wait_may_use_it_too(client: AsyncOpenAI, model_server: ModelServer) -> None:
    """OpenAI's and LangChain's own calls that are not asynchronous."""
    waiting = OpenAI(base_url=str(client.base_url), api_key="any", max_retries=0)
    langchain = ChatOpenAI(base_url=str(client.base_url), api_key="any", model="memocha", max_retries=0)  # type: ignore[arg-type]

    def ask() -> None:
        asked: Any = [user("Do you wait too?")]
        whole = waiting.chat.completions.create(model="memocha", messages=asked)
        assert whole.choices[0].message.content == "I do."
        chunks = waiting.chat.completions.create(model="memocha", messages=asked, stream=True)
        pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        assert "".join(pieces) == "one two three"
        assert langchain.invoke("And LangChain?").text == "As well."
        assert "".join(piece.text for piece in langchain.stream("Piece by piece?")) == "four five"

    model_server.will(*(Behaviour(text=text) for text in ("I do.", "one two three", "As well.", "four five")))
    await asyncio.to_thread(ask)


async def test_the_models(client: AsyncOpenAI) -> None:
    names = [model.id async for model in client.models.list()]
    assert names == ["memocha", "memocha-readonly", "memocha/openai:scripted", "memocha-readonly/openai:scripted"]
    assert (await client.models.retrieve("memocha/openai:scripted")).owned_by == "memocha"
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("gpt-4o")


@pytest.mark.parametrize(
    ("body", "param", "rule"),
    [
        ({"messages": []}, "messages", "messages must not be empty; a list of 0 was given."),
        ({"messages": "Hello."}, "messages", 'messages must be a list; "Hello." was given.'),
        ({"messages": [user("x")], "stream": "yes"}, "stream", 'stream must be true or false; "yes" was given.'),
        ({"messages": [user("x")], "stream": 1}, "stream", "stream must be true or false; 1 was given."),
        (
            {"messages": [assistant("I speak last.")]},
            "messages",
            "messages: the last message must be the user's, and hold words.",
        ),
        ({"messages": [user("  ")]}, "messages", "messages: the last message must be the user's, and hold words."),
        (
            {"messages": [{"role": "tool", "content": "42"}]},
            "messages[0].role",
            "messages[0].role must be 'system', 'developer', 'user' or 'assistant'; \"tool\" was given.",
        ),
        ({"n": 2}, "n", "n must be 1; 2 was given."),
        ({"logprobs": True}, "logprobs", "logprobs must be false; true was given."),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            "tools",
            "tools must be empty, since nothing is called here; a list of 1 was given.",
        ),
        (
            {"response_format": {"type": "json_object"}},
            "response_format.type",
            "response_format.type must be 'text'; \"json_object\" was given.",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            "messages[0].content[0].type",
            "messages[0].content[0].type must be 'text', 'input_text', 'output_text' or 'refusal';"
            ' "image_url" was given.',
        ),
        (
            {"messages": [user("a canary \x00")]},
            "messages[0].content[0].text",
            "messages[0].content[0].text: contains a NUL or half of a surrogate pair, which cannot be stored.",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": {"a": "canary"}}]}]},
            "messages[0].content[0].text",
            "messages[0].content[0].text must be a string; an object was given.",
        ),
        ({"temperature": 3}, "temperature", "temperature must be 2 or less; 3 was given."),
        ({"temperature": "hot"}, "temperature", 'temperature must be a number; "hot" was given.'),
        ({"max_tokens": 0}, "max_tokens", "max_tokens must be 1 or more; 0 was given."),
        ({"stop": 5}, "stop", "stop must be a list; 5 was given."),
        ({"stop": [""]}, "stop[0]", 'stop[0] must not be empty; "" was given.'),
        ({"stop": ["a"] * 5}, "stop", "stop must hold 4 at the most; a list of 5 was given."),
        (
            {"max_tokens": 5, "max_completion_tokens": 6},
            None,
            "max_tokens and max_completion_tokens are the same thing; give one.",
        ),
    ],
)
async def test_what_cannot_be_done_is_refused_by_parameter_value_and_rule(
    service: Client, body: dict[str, Any], param: str | None, rule: str
) -> None:
    asked = {"model": "memocha", "messages": [user("Hello.")], **body}
    answer = await service.post("/v1/chat/completions", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "message": f"The request is not valid. {rule}",
        "type": "invalid_request_error",
        "code": "invalid_request",
        "param": param,
    }


async def test_a_session_that_is_no_id_is_told_of_too(service: Client) -> None:
    asked = {"model": "memocha", "messages": [user("Hello.")]}
    answer = await service.post("/v1/chat/completions", json=asked, headers={"x-memocha-session": "mine"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "x-memocha-session"
    assert 'x-memocha-session must be a UUID; "mine" was given.' in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "messages",
    [[user("x" * 40_000)], [user("x" * 40_000), assistant("y"), user("z")]],
    ids=["the turn", "what came before"],
)
async def test_what_is_too_long_is_refused_in_openais_words(
    client: AsyncOpenAI, messages: list[dict[str, Any]]
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await complete(client, *messages)
    assert refused.value.type == "invalid_request_error"
    assert refused.value.code == "invalid_request"
    assert "characters" in refused.value.message


async def test_other_refusals_are_in_openais_form_too(service: Client, client: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        await complete(client, user("Hello."), model="gpt-4o")
    assert unknown.value.code == "model_not_found"
    for answer in (
        await service.post("/v1/chat/completions", content=b"{"),
        await service.post("/v1/chat/completions", content=b" " * 3_000_000),
        await service.get("/v1/chat/completions"),
        await service.get("/v1/nowhere"),
        await service.post("/v1/chat/completions", json={}, headers={"origin": "http://elsewhere.example"}),
    ):
        assert answer.status_code >= 400
        assert answer.json()["error"]["message"], answer.text


async def test_without_the_key_nothing_is_answered(settings: Settings) -> None:
    with_key = settings.model_copy(update={"api_key": type(settings.openai_key or settings.database_url)("secret")})
    async with running(with_key) as service:
        base = f"{str(service.base_url).rstrip('/')}/v1"
        with pytest.raises(openai.AuthenticationError):
            await complete(AsyncOpenAI(base_url=base, api_key="wrong", max_retries=0), user("Hello."))
        answer = await complete(AsyncOpenAI(base_url=base, api_key="secret", max_retries=0), user("Hello."))
        assert answer.choices[0].message.content == "I see, thank you."


async def test_a_failing_model_is_told_as_it_is(client: AsyncOpenAI, model_server: ModelServer) -> None:
    model_server.will(*[overloaded()] * 4)
    with pytest.raises(openai.APIStatusError) as failed:
        await complete(client, user("Are you there?"))
    assert failed.value.code == "model_overloaded"
    model_server.will(Behaviour(text="one two three", error_after=1, error={"message": "broke"}))
    with pytest.raises(openai.APIError):
        async for _ in await complete(client, user("Are you there now?"), stream=True):
            pass


async def test_who_keeps_nothing_is_not_told_that_it_is_kept(client: AsyncOpenAI, model_server: ModelServer) -> None:
    await complete(client, user("Are you there again?"))  # or it is not asked, having failed too often before
    model_server.will(*[overloaded()] * 2)
    with pytest.raises(openai.APIError) as failed:
        async for _ in await complete(client, user("And now?"), model="memocha-readonly", stream=True):
            pass
    await complete(client, user("Good."))
    assert "Try again in a moment." in str(failed.value)
    titles = [ModelUnavailable.title, ModelOverloaded.title, ModelResting("a", 3).title]
    assert all("kept" in title and "kept" not in unkept(title) for title in titles)
    assert unkept(titles[0]) == "The language model did not answer. Try again."


async def test_to_leave_is_to_stop_and_what_came_is_kept(
    service: Client, client: AsyncOpenAI, model_server: ModelServer
) -> None:
    model_server.will(Behaviour(text="and so on", rate=20, endless=True))
    stream = await complete(client, user("Tell me the endless tale of the heron."), stream=True)
    seen = 0
    async for _ in stream:
        seen += 1
        if seen == 6:
            break
    await stream.close()
    [session] = await sessions_of(service, "heron")
    async with asyncio.timeout(10):
        while len(said := await service.history(session["id"])) < 2:
            await asyncio.sleep(0.02)
    assert said[1]["finish_reason"] == "stopped"
    assert said[1]["content"].startswith("and so")
