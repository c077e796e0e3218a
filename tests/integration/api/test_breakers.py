"""A model that is down costs one turn in a few seconds: the others are told at once, in words, and all goes on by itself."""

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY

from app.breakers import open_breakers
from app.redis import SharedRedis, connect
from app.settings import Settings
from graphs.errors import ModelUnavailable
from graphs.models.guarded import model_breaker
from tests.support.instance import until
from tests.support.model_server import Behaviour, ModelServer, broken
from tests.support.redis import running_redis
from tests.support.running import Client, running

BREAKER = "model:openai:scripted"
WHOLE = {"accept": "application/json"}


async def dependency(service: Client, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await service.get("/ready")).json()["dependencies"][name]
    return found


async def refusal(service: Client) -> tuple[dict[str, Any], int]:
    """The error of the first turn for which the model is not asked, and how many tried it before: on busy cores the five
    seconds may be over."""
    for tried in range(5):
        error = (await service.say("And now?")).of("error")
        if error["retry_after"] is not None:
            return error, tried
    raise AssertionError("every turn tries it")


async def is_down(service: Client) -> bool:
    """Whether it is told, a turn having just been refused or having tried it."""
    await service.say("Still not?")
    told = await dependency(service, "model")
    return (told["state"], told["breaker"], told["code"]) == ("down", "open", "model_unavailable")


def state() -> float | None:
    return REGISTRY.get_sample_value("memocha_breaker_state", {"name": BREAKER})


async def test_turns_of_a_model_that_is_down_end_at_once_and_it_heals_by_itself(
    service: Client, model_server: ModelServer
) -> None:
    assert (await dependency(service, "model"))["breaker"] == "closed"
    await asyncio.to_thread(model_server.stop)
    try:
        for _ in range(3):
            turn = await service.say("Is anybody there?")
            assert turn.of("error")["retry_after"] is None
        await until(lambda: state() == 2, "the breaker opens", 5)
        refused, _ = await refusal(service)
        assert (refused["code"], refused["retryable"]) == ("model_unavailable", True)
        assert 0 < refused["retry_after"] <= 5
        assert "it is asked again in" in refused["title"]
        assert "Your message is kept." in refused["title"]
        whole = await service.post("/api/chat", json={"message": "And whole?"}, headers=WHOLE)
        assert (whole.status_code, whole.json()["code"]) == (503, "model_unavailable")
        assert 1 <= int(whole.headers["retry-after"]) <= 5
        openai = await service.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "Hi?"}]})
        assert openai.status_code == 503
        assert 1 <= int(openai.headers["retry-after"]) <= 5
        await until(lambda: is_down(service), "it is told that it is down", 15, every=0.2)
    finally:
        await asyncio.to_thread(model_server.start)
    # Nobody asks meanwhile: what looks at it from beside sees that it is back.
    await until(lambda: state() == 0, "it is seen to be back", 15)
    assert (await service.say("Hello again?")).of("done")["finish_reason"] == "stop"


async def test_what_answers_looks_and_fails_at_turns_is_tried_by_one_turn(
    service: Client, model_server: ModelServer
) -> None:
    model_server.default = broken()
    try:
        for _ in range(3):
            await service.say("Are you well?")
        asked = len(model_server.requests)
        assert asked == 6, "two tries each"
        _, tried = await refusal(service)
        assert len(model_server.requests) == asked + 2 * tried, "what is refused does not reach the server"
        await until(lambda: is_down(service), "it is told that it fails", 15, every=0.2)
    finally:
        model_server.default = Behaviour(text="I see, thank you.")

    async def told_as(state: str) -> bool:
        return (await dependency(service, "model"))["breaker"] == state

    await until(lambda: told_as("half-open"), "its time is over", 15, every=0.2)
    assert (await service.say("Once more?")).of("done")["finish_reason"] == "stop"
    assert state() == 0
    await until(lambda: told_as("closed"), "what is told is a second old at the most", 5)


async def test_what_another_process_found_out_holds_here_and_without_redis_all_goes_on(
    settings: Settings,
) -> None:
    async with running_redis() as redis:
        shared = settings.model_copy(update={"redis_url": redis.url, "worker": False})
        async with running(shared) as service, connect(redis.url) as client:
            assert (await dependency(service, "redis"))["state"] == "ok"
            async with open_breakers(SharedRedis(client)) as others:
                other = others.keep(model_breaker("openai:scripted"))
                for _ in range(3):
                    with pytest.raises(ModelUnavailable), other.calling():
                        raise ModelUnavailable("away")

                async def refused() -> bool:
                    turn = await service.say("Are you there?")
                    return "error" in turn.names and turn.of("error")["retry_after"] is not None

                await until(refused, "a turn is refused here", 4, every=0.1)
            redis.kill()
            await until(lambda: redis_is("degraded", service), "it is told that Redis is away", 15, every=0.2)

            async def answered() -> bool:
                return (await service.say("And now?")).names[-1] == "done"

            await until(answered, "turns are answered without it", 15, every=0.5)
            await redis.start()
            await until(lambda: redis_is("ok", service), "it is told that it is back", 15, every=0.2)


async def redis_is(state: str, service: Client) -> bool:
    return bool((await dependency(service, "redis"))["state"] == state)
