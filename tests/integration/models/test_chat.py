"""The chat model against a server that has every fault of the trade."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
from pydantic import SecretStr

from graphs.errors import (
    MemochaError,
    ModelCredential,
    ModelOverloaded,
    ModelRejected,
    ModelUnavailable,
    ModelUnknown,
    PromptTooLong,
)
from graphs.models.chat import ChatModel
from graphs.models.config import Parameters
from tests.integration.models.conftest import KEY
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    broken,
    overloaded,
    too_long,
    unauthorized,
    unknown_model,
)

ASK = [HumanMessage("Where is the tea?")]
Make = Callable[..., ChatModel]


async def answer(model: ChatModel, parameters: Parameters | None = None) -> tuple[str, AIMessageChunk]:
    pieces = [piece async for piece in model.stream(ASK, parameters)]
    return "".join(str(piece.content) for piece in pieces), pieces[-1]


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.005)


async def test_an_answer_comes_in_pieces_and_ends_with_its_usage(model: ChatModel, server: ModelServer) -> None:
    server.will(Behaviour(text="It is in the kitchen."))
    pieces = [piece async for piece in model.stream([SystemMessage("Be kind."), *ASK])]
    assert [piece.content for piece in pieces] == ["It", " is", " in", " the", " kitchen.", ""]
    assert pieces[-1].response_metadata == {
        "finish_reason": "stop",
        "answered_by": "openai:scripted",
        "model_name": "scripted",
    }
    usage = pieces[-1].usage_metadata
    assert usage is not None
    assert (usage["input_tokens"], usage["output_tokens"]) == (8, 5)
    assert [message["role"] for message in server.requests[0].messages] == ["system", "user"]


async def test_the_first_piece_goes_out_before_those_that_came_with_it_are_read(
    model: ChatModel, server: ModelServer
) -> None:
    server.will(Behaviour(text=" ".join(["word"] * 400)))
    first, come = asyncio.Event(), 0

    async def sent() -> int:
        """As many hops as an event of a run takes to the socket, and how many pieces had been read by then."""
        await first.wait()
        for _ in range(8):
            await asyncio.sleep(0)
        return come

    sending = asyncio.create_task(sent())
    async for _ in model.stream(ASK):
        come += 1
        first.set()
    assert await sending == 1


async def test_cached_tokens_are_told(model: ChatModel, server: ModelServer) -> None:
    await answer(model)
    longer = [*ASK, AIMessage("Here."), HumanMessage("And the milk?")]
    pieces = [piece async for piece in model.stream(longer)]
    usage = pieces[-1].usage_metadata
    assert usage is not None
    assert usage["input_token_details"]["cache_read"] == 5


@pytest.mark.parametrize("size", [1, 3, 7, 50, 4096], ids=lambda size: f"{size}-bytes")
async def test_pieces_of_any_size_make_the_same_answer(model: ChatModel, server: ModelServer, size: int) -> None:
    text = "Le thé 茶 est là 🍵 — voilà."
    server.will(Behaviour(text=text, piece=size))
    assert (await answer(model))[0] == text


async def test_parameters_reach_the_server_and_keep_their_bounds(make_model: Make, server: ModelServer) -> None:
    model = make_model(temperature=0.3, top_p=0.9, max_tokens=100)
    await answer(model, Parameters(temperature=1.5, max_tokens=5000, stop=("END",), seed=7))
    sent = server.requests[0].body
    assert {key: sent[key] for key in ("temperature", "top_p", "max_tokens", "stop", "seed")} == {
        "temperature": 1.5,
        "top_p": 0.9,
        "max_tokens": 100,
        "stop": ["END"],
        "seed": 7,
    }
    assert sent["model"] == "scripted"


async def test_a_limit_on_tokens_ends_with_length(make_model: Make, server: ModelServer) -> None:
    server.will(Behaviour(text="one two three four"))
    text, last = await answer(make_model(max_tokens=2))
    assert text == "one two"
    assert last.response_metadata["finish_reason"] == "length"


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (unauthorized(), ModelCredential),
        (Behaviour(status=403, error={"message": "Country not supported"}), ModelCredential),
        (Behaviour(status=429, error={"message": "Quota", "code": "insufficient_quota"}), ModelCredential),
        (unknown_model(), ModelUnknown),
        (too_long(), PromptTooLong),
        # llama.cpp names it by type
        (Behaviour(status=400, error={"message": "x", "type": "exceed_context_size_error"}), PromptTooLong),
        (Behaviour(status=400, error={"message": "No such parameter"}), ModelRejected),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value.status),
)
async def test_what_will_fail_again_is_asked_once(
    model: ChatModel, server: ModelServer, behaviour: Behaviour, error: type[MemochaError]
) -> None:
    server.will(behaviour, behaviour)
    with pytest.raises(error) as raised:
        await answer(model)
    assert type(raised.value) is error
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "behaviour",
    [broken(), overloaded(), Behaviour(hang=True), Behaviour(stall_after=0), Behaviour(cut_after=0)],
    ids=["500", "429", "no headers", "no token", "cut before a token"],
)
async def test_what_fails_before_the_first_token_is_tried_again(
    make_model: Make, server: ModelServer, behaviour: Behaviour
) -> None:
    server.will(behaviour, behaviour)
    assert (await answer(make_model(timeout=1)))[0] == "You said: Where is the tea?"
    assert len(server.requests) == 3


async def test_tries_are_bounded_in_number(make_model: Make, server: ModelServer) -> None:
    server.default = broken()
    with pytest.raises(ModelUnavailable):
        await answer(make_model(attempts=2))
    assert len(server.requests) == 2


async def test_tries_are_bounded_in_time(make_model: Make, server: ModelServer) -> None:
    server.default = broken()
    began = time.monotonic()
    with pytest.raises(ModelUnavailable):
        await answer(make_model(attempts=10, patience=0.6))
    assert time.monotonic() - began < 4
    assert len(server.requests) < 10


async def test_retry_after_is_waited_for(model: ChatModel, server: ModelServer) -> None:
    server.will(overloaded(retry_after=1))
    assert (await answer(model))[0]
    first, second = server.requests
    assert 1.0 <= second.at - first.at < 2.0


async def test_a_longer_wait_than_patience_is_handed_up(model: ChatModel, server: ModelServer) -> None:
    server.will(overloaded(retry_after=60))
    with pytest.raises(ModelOverloaded) as raised:
        await answer(model)
    assert raised.value.retry_after == 60
    assert len(server.requests) == 1


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(cut_after=3),
        Behaviour(stall_after=3),
        Behaviour(garbage_after=3),
        Behaviour(garbage_after=3, garbage="data: 5"),
        Behaviour(garbage_after=3, garbage='data: {"choices": [{"delta": 7}]}'),
        Behaviour(garbage_after=3, garbage='data: {"choices": "none"}'),
        Behaviour(error_after=3, error={"message": "The server had an error", "type": "server_error"}),
        Behaviour(text="You said: Where", finish=None),
        Behaviour(text="You said: Where", finish=None, done=False),
    ],
    ids=["cut", "stall", "not json", "a number", "odd delta", "odd choices", "error", "no end", "bare end"],
)
async def test_a_stream_that_breaks_off_keeps_what_came_and_is_not_tried_again(
    make_model: Make, server: ModelServer, behaviour: Behaviour
) -> None:
    server.will(behaviour)
    pieces: list[str] = []

    async def read() -> None:
        async for piece in make_model(timeout=1).stream(ASK):
            pieces.append(str(piece.content))  # noqa: PERF401 - an error must leave what came

    with pytest.raises(ModelUnavailable):
        await read()
    assert "".join(pieces) == "You said: Where"
    assert len(server.requests) == 1


async def test_bytes_that_are_no_text_end_the_stream(model: ChatModel, server: ModelServer) -> None:
    server.will(Behaviour(garbage_after=2, garbage="data: \udcff".encode("utf-8", "surrogateescape").decode("latin-1")))
    with pytest.raises(ModelUnavailable):
        await answer(model)


async def test_silence_between_tokens_is_bounded_but_slowness_is_not(make_model: Make, server: ModelServer) -> None:
    server.will(Behaviour(text="a b c d e f g h", rate=5))
    began = time.monotonic()
    assert (await answer(make_model(timeout=1)))[0] == "a b c d e f g h"
    assert time.monotonic() - began > 1.2


async def test_a_slow_reader_is_not_the_models_silence(make_model: Make, server: ModelServer) -> None:
    server.will(Behaviour(text="a b c"))
    pieces = []
    async for piece in make_model(timeout=1).stream(ASK):
        if not pieces:
            await asyncio.sleep(1.2)
        pieces.append(piece.content)
    assert pieces == ["a", " b", " c", ""]


async def test_closing_the_iterator_stops_the_server(model: ChatModel, server: ModelServer) -> None:
    server.will(Behaviour(endless=True, rate=200))
    async with aclosing(model.stream(ASK)) as pieces:
        async for _ in pieces:
            break
    # At once, and not when the garbage collector finds the generators within.
    assert model._http._transport._pool.connections == []
    await until(lambda: server.requests[0].disconnected, seconds=1)
    sent = server.requests[0].sent
    await asyncio.sleep(0.1)
    assert server.requests[0].sent == sent


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(endless=True, rate=200), Behaviour(hang=True), Behaviour(think=60), Behaviour(stall_after=2)],
    ids=["generating", "no headers", "thinking", "stalled"],
)
async def test_cancelling_the_task_stops_the_server(
    make_model: Make, server: ModelServer, behaviour: Behaviour
) -> None:
    model = make_model(timeout=30)
    server.will(behaviour)
    task = asyncio.create_task(answer(model))
    await until(lambda: bool(server.requests))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: server.requests[0].disconnected, seconds=1)


async def test_a_connection_is_used_again(model: ChatModel, server: ModelServer) -> None:
    for _ in range(3):
        await answer(model)
    pool = model._http._transport._pool  # the client's own count
    assert len(pool.connections) == 1


async def test_no_server_is_unavailable(make_model: Make) -> None:
    with pytest.raises(ModelUnavailable, match="not reached"):
        await answer(make_model(base_url="http://127.0.0.1:9/v1", attempts=1))


async def test_a_wrong_key_is_named_and_never_shown(make_model: Make, server: ModelServer) -> None:
    wrong = "sk-wrong-but-secret"
    server.will(Behaviour(status=401, error={"message": f"Incorrect API key provided: {wrong}"}))
    server.api_key = None
    with pytest.raises(ModelCredential) as raised:
        await answer(make_model(api_key=SecretStr(wrong)))
    assert wrong not in str(raised.value)
    assert wrong not in repr(make_model(api_key=SecretStr(wrong)).config)
    assert KEY not in str(raised.value)


async def test_the_context_size_comes_from_the_server(make_model: Make) -> None:
    async with ModelServer(llama=True, context=2048) as llama:
        model = make_model(base_url=llama.base_url, context=None, api_key=None)
        assert model.context == 4096
        await model.connect()
        assert model.context == 2048
        await model.connect()
        assert llama.side_requests == ["/props"]


async def test_the_context_size_is_asked_for_when_the_server_was_away_at_start(make_model: Make) -> None:
    llama = ModelServer(llama=True, context=2048)
    async with llama:
        pass
    model = make_model(base_url=llama.base_url, context=None, api_key=None)
    await model.connect()
    assert model.context == 4096
    async with llama:
        model._context._next_try = 0.0
        await answer(model)
        assert model.context == 2048


async def test_azure_is_asked_in_its_own_way(make_model: Make, server: ModelServer) -> None:
    server.api_key = None
    model = make_model(name="azure_openai:scripted", base_url=f"{server.root}", api_version="2024-10-21", max_tokens=9)
    assert (await answer(model))[0] == "You said: Where is the tea?"
    assert server.requests[0].path == "/openai/deployments/scripted/chat/completions"
    assert server.requests[0].body["max_completion_tokens"] == 9


async def test_many_streams_at_once(model: ChatModel, server: ModelServer) -> None:
    answers = await asyncio.gather(*(answer(model) for _ in range(50)))
    assert {text for text, _ in answers} == {"You said: Where is the tea?"}
