from collections.abc import AsyncIterator, Callable

import pytest
from pydantic import SecretStr

from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig
from tests.support.model_server import ModelServer

KEY = "a key that no log may hold"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(api_key=KEY) as server:
        yield server


@pytest.fixture
def config(server: ModelServer) -> ModelConfig:
    return ModelConfig(
        name="openai:scripted",
        base_url=server.base_url,
        api_key=SecretStr(KEY),
        context=4096,
        timeout=10,
        patience=10,
    )


@pytest.fixture
async def make_model(config: ModelConfig) -> AsyncIterator[Callable[..., ChatModel]]:
    made: list[ChatModel] = []

    def make(**changes: object) -> ChatModel:
        made.append(ChatModel(config.model_copy(update=changes)))
        return made[-1]

    yield make
    for model in made:
        await model.close()


@pytest.fixture
def model(make_model: Callable[..., ChatModel]) -> ChatModel:
    return make_model()
