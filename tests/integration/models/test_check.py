"""What the check at start tells the operator."""

import asyncio
import socket
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from graphs.errors import (
    MemochaError,
    ModelCredential,
    ModelOverloaded,
    ModelUnavailable,
    ModelUnknown,
)
from graphs.models.check import AWAY, CachedCheck, check
from graphs.models.config import ModelConfig
from tests.integration.models.conftest import KEY
from tests.support.model_server import Behaviour, ModelServer, overloaded


async def test_all_is_well(config: ModelConfig, server: ModelServer) -> None:
    report = await check(config)
    assert report.ok, report
    assert report.models == ("scripted",)
    assert server.requests == [], "nothing is generated where the list says enough"


async def test_a_wrong_key(config: ModelConfig) -> None:
    report = await check(config.model_copy(update={"api_key": SecretStr("wrong")}))
    assert report.error is ModelCredential
    assert "refuses the key" in report.problem
    assert "MEMOCHA_LLM_API_KEY" in report.advice
    assert "wrong" not in str(report)


async def test_no_key_where_one_is_wanted(config: ModelConfig) -> None:
    report = await check(config.model_copy(update={"api_key": None}))
    assert report.error is ModelCredential
    assert "none is set" in report.problem


async def test_an_unknown_model_names_those_that_exist(config: ModelConfig, server: ModelServer) -> None:
    server.models = ("scripted", "other-model")
    report = await check(config.model_copy(update={"name": "openai:scriptd"}))
    assert report.error is ModelUnknown
    assert "'scriptd'" in report.problem
    assert "scripted" in report.advice


async def test_a_model_that_is_not_listed_but_answers(config: ModelConfig, server: ModelServer) -> None:
    # Gateways with wildcards list less than they serve.
    server.behaviour = lambda _: Behaviour()  # type: ignore[method-assign]
    assert (await check(config.model_copy(update={"name": "openai:hidden"}))).ok
    assert len(server.requests) == 1


async def test_nobody_listens(config: ModelConfig) -> None:
    report = await check(config.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}))
    assert report.error is ModelUnavailable
    assert "cannot be reached" in report.problem
    assert "http://127.0.0.1:9/v1" in report.problem


async def test_silence(config: ModelConfig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        report = await check(config.model_copy(update={"base_url": url}), deadline=0.2)
    assert report.error is ModelUnavailable
    assert "did not answer within 0.2 s" in report.problem


async def test_another_kind_of_server(config: ModelConfig, server: ModelServer) -> None:
    async with ModelServer() as other:
        report = await check(config.model_copy(update={"base_url": f"{other.root}/wrong"}))
    assert report.error is ModelUnknown
    assert "/v1" in report.advice


async def test_a_model_that_loads_still(config: ModelConfig, server: ModelServer) -> None:
    server.models = ("another",)
    server.behaviour = lambda _: Behaviour(status=503, error={"message": "Loading model"})  # type: ignore[method-assign]
    report = await check(config)
    assert report.error is ModelUnavailable
    assert "still loading" in report.problem


async def test_llama_cpp_shows_its_list_to_anyone_but_not_its_props() -> None:
    async with ModelServer(llama=True, api_key=KEY) as llama:
        right = ModelConfig(name="openai:any-name", base_url=llama.base_url, api_key=SecretStr(KEY))
        assert (await check(right)).ok
        wrong = right.model_copy(update={"api_key": SecretStr("wrong")})
        assert (await check(wrong)).error is ModelCredential
        assert llama.requests == []


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [(Behaviour(), None), (overloaded(), ModelOverloaded)],
    ids=["answers", "over its limit"],
)
async def test_azure_is_asked_for_a_token(
    server: ModelServer, behaviour: Behaviour, error: type[MemochaError] | None
) -> None:
    server.api_key = None
    server.will(behaviour)
    config = ModelConfig(
        name="azure_openai:scripted",
        base_url=server.root,
        api_key=SecretStr("k"),
        api_version="2024-10-21",
    )
    assert (await check(config)).error is error


async def test_asking_often_generates_once(config: ModelConfig, server: ModelServer) -> None:
    server.behaviour = lambda _: Behaviour()  # type: ignore[method-assign]
    cached = CachedCheck(config.model_copy(update={"name": "openai:hidden"}), seconds=0)
    for _ in range(3):
        assert (await cached.report()).ok
    assert len(server.requests) == 1
    server.stop()
    assert not (await cached.report()).ok


async def test_openai_without_a_key_is_not_asked() -> None:
    report = await check(ModelConfig(name="openai:gpt-4o"))
    assert report.error is ModelCredential


async def test_many_may_ask_and_one_check_is_made(config: ModelConfig, server: ModelServer) -> None:
    cached = CachedCheck(config)
    reports = await asyncio.gather(*(cached.report() for _ in range(10)))
    assert all(report.ok for report in reports)
    asked: Callable[[], int] = lambda: len(server.side_requests)  # noqa: E731
    before = asked()
    await cached.report()
    assert asked() == before == 2


async def test_a_server_that_was_away_is_looked_for_sooner(config: ModelConfig, server: ModelServer) -> None:
    cached = CachedCheck(config, seconds=600)
    server.stop()
    assert (await cached.report()).error is ModelUnavailable
    server.start()
    async with asyncio.timeout(10 * AWAY):
        while not (await cached.report()).ok:
            await asyncio.sleep(0.05)
