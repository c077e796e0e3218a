"""What answers cost, told with each and summed up."""

import pytest

from app.settings import Settings
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running


@pytest.mark.parametrize("name", ["openai:scripted", "scripted"])
async def test_an_answer_tells_its_cost_where_its_models_price_is_known(
    name: str, settings: Settings, model_server: ModelServer
) -> None:
    changes = {
        "prices": {name: (2.0, 1_000_000.0)},
        "milvus_collection": f"{settings.milvus_collection}_priced_{len(name)}",
    }
    async with running(settings.model_copy(update=changes)) as service:
        before = (await service.get("/api/usage")).json()["month"]
        model_server.will(Behaviour(text="Four words are here."))
        turn = await service.say("What does this cost?")
        took = turn.of("usage")
        assert took["cost_usd"] == pytest.approx(4 + 2e-6 * took["prompt_tokens"])
        _, answer = await service.history(turn.session_id)
        assert answer["usage"]["cost_usd"] == pytest.approx(took["cost_usd"])
        after = (await service.get("/api/usage")).json()
        assert after["month"]["answers"] == before["answers"] + 1
        assert after["month"]["completion_tokens"] == before["completion_tokens"] + 4
        assert after["month"]["unpriced"] == before["unpriced"]
        assert after["month"]["cost_usd"] - (before["cost_usd"] or 0) == pytest.approx(took["cost_usd"])
        assert sum(day["answers"] for day in after["days"]) == sum(each["answers"] for each in after["models"]) >= 1
        assert after["today"]["answers"] <= after["month"]["answers"]


async def test_without_a_price_tokens_alone_are_told(service: Client, model_server: ModelServer) -> None:
    before = (await service.get("/api/usage")).json()["month"]
    model_server.will(Behaviour(text="Nobody knows."))
    turn = await service.say("And this?")
    assert turn.of("usage")["cost_usd"] is None
    after = (await service.get("/api/usage")).json()["month"]
    assert after["unpriced"] == before["unpriced"] + 1


@pytest.mark.parametrize("days", ["0", "367", "many"])
async def test_days_are_bounded(days: str, service: Client) -> None:
    assert (await service.get("/api/usage", params={"days": days})).status_code == 422
