"""The next model answers where one cannot begin."""

from collections.abc import AsyncIterator, Callable

import pytest
from langchain_core.messages import HumanMessage

from graphs.errors import ModelRejected, ModelUnavailable
from graphs.models.chat import ChatModel
from graphs.models.fallback import FallbackModel
from tests.support.model_server import Behaviour, ModelServer, broken, too_long, unauthorized

ASK = [HumanMessage("Hello?")]


@pytest.fixture
async def second() -> AsyncIterator[ModelServer]:
    async with ModelServer(models=("spare",), default=Behaviour(text="The spare one")) as server:
        yield server


@pytest.fixture
def both(make_model: Callable[..., ChatModel], second: ModelServer) -> FallbackModel:
    spare = make_model(name="openai:spare", base_url=second.base_url, context=2048)
    return FallbackModel([make_model(attempts=1), spare])


async def ask(model: FallbackModel) -> tuple[str, str]:
    pieces = [piece async for piece in model.stream(ASK)]
    return "".join(str(piece.content) for piece in pieces), pieces[-1].response_metadata["answered_by"]


async def test_the_first_answers_while_it_can(both: FallbackModel, second: ModelServer) -> None:
    assert await ask(both) == ("You said: Hello?", "openai:scripted")
    assert second.requests == []
    assert (both.name, both.context) == ("openai:scripted", 2048)


@pytest.mark.parametrize("behaviour", [broken(), unauthorized()], ids=["500", "401"])
async def test_the_next_answers_where_it_cannot(both: FallbackModel, server: ModelServer, behaviour: Behaviour) -> None:
    server.will(behaviour)
    assert await ask(both) == ("The spare one", "openai:spare")


async def test_what_the_request_is_to_blame_for_is_not_passed_on(
    both: FallbackModel, server: ModelServer, second: ModelServer
) -> None:
    server.will(too_long())
    with pytest.raises(ModelRejected):
        await ask(both)
    assert second.requests == []


async def test_an_answer_that_began_is_never_begun_again(
    both: FallbackModel, server: ModelServer, second: ModelServer
) -> None:
    server.will(Behaviour(cut_after=2))
    with pytest.raises(ModelUnavailable):
        await ask(both)
    assert second.requests == []


async def test_the_last_error_is_raised(both: FallbackModel, server: ModelServer, second: ModelServer) -> None:
    server.will(broken())
    second.default = unauthorized()
    with pytest.raises(ModelRejected):
        await ask(both)
