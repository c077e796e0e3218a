"""A model that is down is left alone: what reaches its server tells, not time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest
from langchain_core.messages import HumanMessage
from prometheus_client import REGISTRY

from graphs.errors import MemochaError, ModelCredential, ModelResting, ModelUnavailable, PromptTooLong
from graphs.models.chat import ChatModel, Model
from graphs.models.fallback import FallbackModel
from graphs.models.guarded import GuardedModel
from tests.support.model_server import Behaviour, ModelServer, broken, too_long, unauthorized

ASK = [HumanMessage("Hello?")]
NAME = "openai:scripted"


@pytest.fixture
def guarded(make_model: Callable[..., ChatModel]) -> GuardedModel:
    return GuardedModel(make_model(attempts=1))


@pytest.fixture
async def spare_server() -> AsyncIterator[ModelServer]:
    async with ModelServer(models=("spare",), default=Behaviour(text="The spare one")) as server:
        yield server


async def ask(model: Model) -> str:
    """The answer, or the code of what came instead."""
    try:
        return "".join([str(piece.content) async for piece in model.stream(ASK)])
    except MemochaError as error:
        return f"{type(error).__name__}"


def metric(name: str, /, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_after_so_many_failures_the_server_is_not_asked(guarded: GuardedModel, server: ModelServer) -> None:
    server.default = broken()
    for _ in range(3):
        assert await ask(guarded) == "ModelUnavailable"
    assert len(server.requests) == 3
    with pytest.raises(ModelResting, match="asked again in") as refused:
        await anext(guarded.stream(ASK))
    assert len(server.requests) == 3
    assert 4 < (refused.value.retry_after or 0) <= 5
    assert "it is asked again in 5 s. Your message is kept." in refused.value.title
    assert refused.value.code == ModelUnavailable.code
    assert metric("memocha_breaker_state", name=f"model:{NAME}") == 2


async def test_the_next_answers_at_once_and_is_no_more_asked_when_the_first_is_back(
    guarded: GuardedModel, make_model: Callable[..., ChatModel], server: ModelServer, spare_server: ModelServer
) -> None:
    spare = GuardedModel(make_model(name="openai:spare", base_url=spare_server.base_url, attempts=1))
    both = FallbackModel([guarded, spare])
    passed = metric("memocha_models_passed_over_total", model=NAME, code="model_unavailable")
    server.default = broken()
    for _ in range(5):
        assert await ask(both) == "The spare one"
    assert (len(server.requests), len(spare_server.requests)) == (3, 5)
    assert metric("memocha_models_passed_over_total", model=NAME, code="model_unavailable") == passed + 5
    server.default = Behaviour()
    guarded.breaker.looked(well=False)
    guarded.breaker.looked(well=True)
    assert await ask(both) == "You said: Hello?"
    assert (len(server.requests), len(spare_server.requests)) == (4, 5)


async def test_what_the_server_refuses_opens_nothing(guarded: GuardedModel, server: ModelServer) -> None:
    for behaviour, error in ((unauthorized(), ModelCredential), (too_long(), PromptTooLong)):
        server.will(*[behaviour] * 4)
        for _ in range(4):
            assert await ask(guarded) == error.__name__
    assert len(server.requests) == 8
    assert guarded.breaker.state == "closed"


async def test_who_leaves_is_no_failure(guarded: GuardedModel, server: ModelServer) -> None:
    server.default = Behaviour(hang=True)
    for _ in range(4):
        asked = asyncio.create_task(ask(guarded))
        before = len(server.requests)
        async with asyncio.timeout(10):
            while len(server.requests) == before:
                await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    server.default = Behaviour(text="one two three")
    for _ in range(4):
        async with aclosing(guarded.stream(ASK)) as pieces:
            await anext(pieces)
    assert guarded.breaker.state == "closed"
    assert await ask(guarded) == "one two three"


async def test_answers_that_break_off_count(guarded: GuardedModel, server: ModelServer) -> None:
    server.default = Behaviour(text="one two three four", cut_after=2)
    for _ in range(3):
        assert await ask(guarded) == "ModelUnavailable"
    assert await ask(guarded) == "ModelResting"
    assert len(server.requests) == 3
