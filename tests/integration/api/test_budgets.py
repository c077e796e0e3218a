"""What answers may cost: a turn that might go over is refused before its model is asked, and nothing of it is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.settings import Settings
from tests.support.accounts import execute
from tests.support.model_server import Behaviour, ModelServer, broken
from tests.support.running import Client, running


@asynccontextmanager
async def bounded(settings: Settings, name: str, **budgets: Any) -> AsyncIterator[Client]:
    """A service with budgets, whose user has spent nothing yet."""
    changes = {"milvus_collection": f"{settings.milvus_collection}_{name}", "max_tokens": 50, **budgets}
    async with running(settings.model_copy(update=changes)) as service:
        (await service.delete("/api/me/data")).raise_for_status()
        yield service


async def test_a_day_has_so_many_tokens(settings: Settings, model_server: ModelServer) -> None:
    async with bounded(settings, "day", tokens_per_day=1_600) as service:
        model_server.will(Behaviour(text="Good morning."))
        first = await service.say("Good morning!")
        took = first.of("usage")
        (left,) = (await service.get("/api/usage")).json()["budgets"]
        assert (left["whose"], left["unit"], left["limit"]) == ("user", "tokens", 1_600)
        assert left["left"] == 1_600 - took["prompt_tokens"] - took["completion_tokens"]
        asked = len(model_server.requests)
        # Its words alone would take more than is left.
        refused = await service.post(
            "/api/chat", json={"session_id": str(first.session_id), "message": "Tell me about kettles. " * 300}
        )
        assert refused.status_code == 429
        problem = refused.json()
        assert (problem["code"], problem["whose"], problem["unit"]) == ("budget_spent", "user", "tokens")
        assert (problem["limit"], problem["left"]) == (1_600, left["left"])
        assert "1,600 tokens a day" in problem["detail"]
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
        assert abs(int(refused.headers["retry-after"]) - (midnight - datetime.now(UTC)).total_seconds()) < 60
        for stream in ("stream", "stream_events"):
            words = [{"type": "human", "content": "Tell me about kettles. " * 300}]
            streamed = await service.post(f"/chat/{stream}", json={"input": {"messages": words}})
            assert (streamed.status_code, streamed.json()["code"]) == (429, "budget_spent")
            assert int(streamed.headers["retry-after"]) > 0
        assert len(model_server.requests) == asked
        assert len(await service.history(first.session_id)) == 2
        assert (await service.get(f"/api/sessions/{first.session_id}")).json()["active_run_id"] is None


async def test_a_month_has_so_much_money_whoever_spends_it(settings: Settings, model_server: ModelServer) -> None:
    prices = {"openai:scripted": (0.0, 10_000.0)}
    # A cent a token, and 50 tokens an answer at the most.
    async with bounded(settings, "month", total_usd_per_month=0.6, prices=prices) as service:
        model_server.will(Behaviour(text="One two three four five six seven eight nine ten eleven."))
        assert (await service.say("Count.")).of("usage")["cost_usd"] > 0.1
        refused = await service.post("/api/chat", json={"message": "Count on."})
        assert refused.status_code == 429
        assert (refused.json()["whose"], refused.json()["unit"]) == ("deployment", "usd")
        cheaper = await service.post(
            "/api/chat", json={"message": "Count.", "max_tokens": 5}, headers={"accept": "application/json"}
        )
        assert cheaper.status_code == 200, "what fits into what is left is answered"


async def test_of_two_at_once_that_do_not_fit_together_one_is_refused(
    settings: Settings, model_server: ModelServer
) -> None:
    async with bounded(settings, "rivals", tokens_per_day=1_800) as service:
        model_server.will(*[Behaviour(text="Slowly does it.", rate=4.0)] * 2)
        answers = await asyncio.gather(
            *(
                service.post("/api/chat", json={"message": "Hello."}, headers={"accept": "application/json"})
                for _ in range(2)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 429]


async def test_an_answer_that_is_stopped_is_counted_as_it_was_estimated(
    settings: Settings, model_server: ModelServer
) -> None:
    prices = {"openai:scripted": (1_000.0, 10_000.0)}
    async with bounded(settings, "stopped", tokens_per_day=3_000, usd_per_month=50, prices=prices) as service:
        model_server.will(Behaviour(text="A very long story " * 20, rate=20.0))
        async with service.stream("POST", "/api/chat", json={"message": "Tell me a story."}) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:") and "run_id" in line:
                    run_id = line.split('"run_id":"')[1][:36]
                if line.startswith("event: token"):
                    break
            assert (await service.post(f"/api/runs/{run_id}/cancel")).status_code == 200
        spent = (await service.get("/api/usage")).json()["today"]
        assert spent["answers"] == 1
        assert spent["prompt_tokens"] > 400
        assert 0 < spent["completion_tokens"] < 60
        assert spent["cost_usd"] == pytest.approx(spent["prompt_tokens"] / 1_000 + spent["completion_tokens"] / 100)


@pytest.mark.parametrize(("name", "budgets"), [("asked", {"tokens_per_day": 3_000}), ("free", {})])
async def test_an_answer_that_is_stopped_before_its_first_word_has_cost_its_prompt(
    name: str, budgets: dict[str, int], settings: Settings, model_server: ModelServer
) -> None:
    prices = {"openai:scripted": (1_000.0, 10_000.0)}
    async with bounded(settings, name, prices=prices, **budgets) as service:
        await _stopped_while_it_thinks(service, model_server)
        told = (await service.get("/api/usage")).json()
        spent = told["today"]
        assert (spent["answers"], spent["completion_tokens"]) == (1, 0)
        assert spent["prompt_tokens"] > 400
        assert spent["cost_usd"] == pytest.approx(spent["prompt_tokens"] / 1_000)
        for left in told["budgets"]:
            assert left["left"] == 3_000 - spent["prompt_tokens"]


async def test_whoever_stops_each_answer_does_not_go_on_for_ever(settings: Settings, model_server: ModelServer) -> None:
    async with bounded(settings, "stops", tokens_per_day=3_000) as service:
        for _ in range(2):
            await _stopped_while_it_thinks(service, model_server)
        assert (await service.post("/api/chat", json={"message": "Hello."})).status_code == 429


async def test_an_answer_that_failed_before_its_first_word_has_cost_nothing(
    settings: Settings, model_server: ModelServer
) -> None:
    async with bounded(settings, "failed", llm_attempts=1) as service:
        model_server.will(broken())
        assert (await service.say("Hello.")).names[-1] == "error"
        assert (await service.get("/api/usage")).json()["today"]["answers"] == 0


async def _stopped_while_it_thinks(service: Client, model_server: ModelServer) -> None:
    asked = len(model_server.requests)
    model_server.will(Behaviour(text="Never said.", think=60.0))
    async with service.stream("POST", "/api/chat", json={"message": "Think."}) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:") and "run_id" in line:
                run_id = line.split('"run_id":"')[1][:36]
                break
        async with asyncio.timeout(20):
            while len(model_server.requests) == asked:
                await asyncio.sleep(0.01)
        assert (await service.post(f"/api/runs/{run_id}/cancel")).json()["kept"] is False


async def test_two_processes_together_let_no_more_begin_than_fits(
    settings: Settings, model_server: ModelServer
) -> None:
    """Whatever they admit at once: what all of it may take is never more than there is."""
    limit, answers = 4_000, 10
    async with (
        bounded(settings, "pair", total_tokens_per_day=limit) as one,
        running(settings.model_copy(update={"max_tokens": 50, "total_tokens_per_day": limit})) as two,
    ):
        model_server.will(*[Behaviour(text="Slowly does it.", think=60.0)] * answers)
        said = {"json": {"message": "Hello there."}, "headers": {"accept": "text/event-stream"}}
        streams = [service.stream("POST", "/api/chat", **said) for _ in range(answers // 2) for service in (one, two)]
        async with AsyncExitStack() as open_ones:
            begun = await asyncio.gather(*(open_ones.enter_async_context(stream) for stream in streams))
            [(held, live)] = await execute(
                settings,
                "SELECT sum(reserved_prompt_tokens + reserved_completion_tokens)::int, count(*) FROM runs"
                " WHERE state = 'running'",
            )
            statuses = sorted(each.status_code for each in begun)
            assert statuses == [200] * live + [429] * (answers - live)
            assert 0 < held <= limit
            assert limit - held < held / live, "one more would not have fitted"
            (left,) = (await two.get("/api/usage")).json()["budgets"]
            assert left["left"] == limit - held
            (await one.delete("/api/me/data")).raise_for_status()


async def test_so_many_turns_at_once(settings: Settings, model_server: ModelServer) -> None:
    async with bounded(settings, "at_once", runs_per_user=1) as service:
        model_server.will(Behaviour(text="Slowly does it, said the snail.", rate=2.0))
        async with service.stream("POST", "/api/chat", json={"message": "Hello."}) as stream:
            lines = stream.aiter_lines()
            while not (await anext(lines)).startswith("event: token"):
                pass
            asked = {"model": "memocha", "messages": [{"role": "user", "content": "Me too."}]}
            refused = await service.post("/v1/chat/completions", json=asked)
            assert refused.status_code == 429
            assert refused.json()["error"]["code"] == "too_many_runs"
            assert int(refused.headers["retry-after"]) >= 1
            assert "event: done" in [line async for line in lines]
        assert (await service.say("And now?")).names[-1] == "done"
