"""The real small model: what a scripted server cannot vouch for."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import pytest
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from graphs.errors import ModelCredential, PromptTooLong
from graphs.models.chat import ChatModel
from graphs.models.check import check
from graphs.models.config import ModelConfig, Parameters
from graphs.models.tokens import ModelTokenCounter
from tests.support.embedded import CONTEXT, Llama

pytestmark = pytest.mark.model
ASK = [HumanMessage("What is the capital of France? Answer with one word.")]


@pytest.fixture
def config(llama: Llama) -> ModelConfig:
    key = SecretStr(llama.api_key)
    return ModelConfig(name=f"openai:{llama.model}", base_url=llama.base_url, api_key=key, temperature=0)


@pytest.fixture
async def model(config: ModelConfig) -> AsyncIterator[ChatModel]:
    model = ChatModel(config)
    await model.connect()
    yield model
    await model.close()


async def test_it_is_found_and_its_context_known(config: ModelConfig, model: ChatModel) -> None:
    assert (await check(config)).ok
    assert model.context == CONTEXT
    wrong = config.model_copy(update={"api_key": SecretStr("wrong")})
    assert (await check(wrong)).error is ModelCredential


async def test_it_answers_with_its_usage(config: ModelConfig, model: ChatModel) -> None:
    for _ in range(2):
        pieces = [piece async for piece in model.stream(ASK, Parameters(max_tokens=8))]
    assert "Paris" in "".join(str(piece.content) for piece in pieces)
    usage = pieces[-1].usage_metadata
    assert usage is not None
    assert usage["input_token_details"]["cache_read"] > 0
    # The count that budgets rest on, with the system prompt that the model's template adds by itself.
    counter = ModelTokenCounter(config)
    (tokens,) = await counter.count_messages(ASK)
    assert tokens < usage["input_tokens"] < tokens + counter.per_answer + 40
    await counter.close()


async def test_a_prompt_beyond_its_context_is_refused(model: ChatModel) -> None:
    with pytest.raises(PromptTooLong):
        _ = [piece async for piece in model.stream([HumanMessage("a b c d " * 2000)])]


async def test_closing_the_answer_stops_the_generation(config: ModelConfig, model: ChatModel) -> None:
    async with aclosing(model.stream([HumanMessage("Count from one to two hundred.")])) as pieces:
        async for _ in pieces:
            break
    deadline = time.monotonic() + 5
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {config.key}"}) as http:
        while any(slot["is_processing"] for slot in (await http.get(f"{config.root}/slots")).json()):
            assert time.monotonic() < deadline, "it goes on generating for nobody"
            await asyncio.sleep(0.05)
