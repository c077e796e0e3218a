"""Turns whose client comes and goes, or whose model or memory is away."""

import asyncio
import random

import httpx
import pytest

from tests.chaos.ledger import Clock, answer_with, check_messages, free, in_step, next_turn, run_ended, settle
from tests.chaos.words import Words
from tests.support.instance import Instance, Turn, until
from tests.support.model_server import Behaviour

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]


async def test_leaving_does_not_stop_a_turn(memocha: Instance, dice: random.Random, words: Words) -> None:
    answer = answer_with(memocha, words)
    turn = memocha.say(words.question())
    await turn.saw(dice.randrange(20))
    await turn.leave()
    assert turn.end is None
    await until(lambda: free(memocha, turn.session_id), "the run ends without anybody there")
    listed = await memocha.all_of(f"/api/sessions/{turn.session_id}/messages")
    assert [message["content"] for message in listed] == [turn.message, answer]
    assert not memocha.model.requests[-1].disconnected


async def test_coming_back_gives_the_rest_and_nothing_twice(
    memocha: Instance, dice: random.Random, words: Words
) -> None:
    answer = answer_with(memocha, words)
    turn = memocha.say(words.question())
    for _ in range(3):
        await turn.saw(turn.tokens + dice.randrange(1, 5))
        await turn.leave()
        await turn.come_back()
    await turn.ended()
    assert turn.connections == 4
    assert turn.done
    assert turn.text == answer
    assert [event.id for event in turn.events] == list(range(1, len(turn.events) + 1)), "nothing twice, nothing missing"
    assert sum(event.name == "run" for event in turn.events) == 1, "the answer does not start over"
    # After the end: what was missed of it, and nothing for one who missed nothing.
    middle = len(turn.events) // 2
    assert await memocha.events(turn.run_id, turn.events[middle].id) == turn.events[middle + 1 :]
    response = await memocha.http.get(f"/api/runs/{turn.run_id}/events", headers={"last-event-id": str(turn.last_id)})
    assert response.status_code == 200
    assert "event:" not in response.text


async def test_coming_back_after_the_api_was_killed_starts_the_answer_over(
    memocha: Instance, dice: random.Random, words: Words, clocks: list[Clock]
) -> None:
    answer = answer_with(memocha, words)
    turn = memocha.say(words.question())
    await turn.saw(dice.randrange(1, 20))
    before, clock = turn.last_id, Clock("service, its client comes back")
    clocks.append(clock)
    await memocha.kill("service")
    await turn.ended()
    clock.mark("turn ended")
    again = [event for event in turn.events if event.id > before]
    starts = [event for event in again if event.name == "run"]
    assert starts, "a run event says that the answer starts over"
    assert {event.data["run_id"] for event in starts} == {turn.run_id}
    assert {event.data["message_id"] for event in starts} == {turn.run["message_id"]}
    assert turn.done
    assert turn.text == answer
    await settle(memocha, [turn], clock, words)


async def test_of_two_messages_at_once_one_is_taken(memocha: Instance, words: Words) -> None:
    answer_with(memocha, words, rate=300.0)
    session_id = (await memocha.chat(words.question())).session_id
    answer_with(memocha, words)
    rivals = [memocha.say(words.question(), session_id) for _ in range(4)]
    await asyncio.gather(*(turn.ended() for turn in rivals))
    (winner,) = (turn for turn in rivals if turn.acknowledged)
    assert winner.done
    losers = [turn for turn in rivals if turn is not winner]
    for turn in losers:
        assert turn.refused is not None
        assert (turn.refused.status, turn.refused.body["code"]) == (409, "run_active")
        assert turn.refused.body["run_id"] == winner.run_id
    listed = await memocha.all_of(f"/api/sessions/{session_id}/messages")
    said = [message["content"] for message in listed]
    assert not {turn.message for turn in losers} & set(said), "what was refused was not stored"
    await check_messages(memocha, session_id, [winner])


async def test_cancel_keeps_the_part_and_frees_the_session(
    memocha: Instance, dice: random.Random, words: Words
) -> None:
    answer = answer_with(memocha, words)
    turn = memocha.say(words.question())
    await turn.saw(dice.randrange(1, 20))
    cancelled = await memocha.http.post(f"/api/runs/{turn.run_id}/cancel")
    assert cancelled.status_code == 200
    assert cancelled.json()["kept"] is True
    await turn.ended()
    assert turn.done
    assert turn.of("done")["finish_reason"] == "stopped"
    assert turn.text
    assert answer.startswith(turn.text)
    assert len(turn.text) < len(answer)
    assert await free(memocha, turn.session_id)
    await until(lambda: memocha.model.requests[-1].disconnected, "the model is told to stop", 5)
    listed = await memocha.all_of(f"/api/sessions/{turn.session_id}/messages")
    assert [message["content"] for message in listed] == [turn.message, turn.text]
    assert listed[-1]["finish_reason"] == "stopped"
    again = await memocha.http.post(f"/api/runs/{turn.run_id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "not_running")
    await run_ended(memocha, turn)
    await settle(memocha, [turn], Clock("cancel"), words)


async def test_while_milvus_is_away_answers_come_and_say_so(
    memocha: Instance, words: Words, clocks: list[Clock]
) -> None:
    """Its folder is moved aside so that it cannot come back before it may."""
    answer_with(memocha, words, rate=300.0)
    known = await memocha.chat(words.question())
    await settle(memocha, [known], Clock("none"), words)
    sockets = memocha.data_dir / "run"
    await memocha.kill("milvus")
    # A file where the folder of its socket must be: every start fails until it is gone.
    aside = sockets.rename(sockets.with_name("run-aside"))
    sockets.touch()
    try:
        answer = answer_with(memocha, words, rate=300.0)
        turn = await memocha.chat(f"Do you remember this? {known.message}")
        assert turn.done, (turn.end, turn.refused)
        assert turn.text == answer
        given = turn.of("memories")
        assert given["degraded"] is True
        assert known.run["user_message_id"] in {
            source["message_id"] for item in given["items"] for source in item["sources"]
        }, "words alone find it"
        ready = (await memocha.http.get("/ready")).json()
        assert ready["dependencies"]["memory"]["state"] == "degraded"
    finally:
        sockets.unlink()
        aside.rename(sockets)
    clock = Clock("milvus is let back")
    clocks.append(clock)
    await memocha.wait_ready("memory", seconds=90)
    clock.mark("ready")
    await until(lambda: in_step(memocha), "the index catches up", 90, every=0.2)
    clock.mark("index whole")
    after = await next_turn(memocha, turn.session_id, words)
    assert after.of("memories")["degraded"] is False
    stored = (await memocha.http.get(f"/api/sessions/{turn.session_id}/messages")).json()["items"]
    assert [message["degraded"] for message in stored] == [False, True, False, False]
    await settle(memocha, [after], clock, words)


async def test_while_the_model_is_away_messages_are_kept_and_answered_later(memocha: Instance, words: Words) -> None:
    await memocha.kill("model")
    try:
        turn = await memocha.chat(words.question())
        assert turn.end is not None
        assert turn.end.name == "error"
        problem = turn.end.data
        assert (problem["code"], problem["retryable"]) == ("model_unavailable", True)
        assert "Traceback" not in problem["title"]
        assert memocha.model.root.rpartition(":")[2] not in problem["title"], "no address"
        assert await free(memocha, turn.session_id)
        listed = await memocha.all_of(f"/api/sessions/{turn.session_id}/messages")
        assert [message["content"] for message in listed] == [turn.message]
        whole = await memocha.http.post(
            "/api/chat",
            json={"session_id": turn.session_id, "regenerate": turn.run["user_message_id"]},
            headers={"accept": "application/json"},
        )
        assert (whole.status_code, whole.json()["code"]) == (503, "model_unavailable")
    finally:
        await asyncio.to_thread(memocha.model.start)
    answer = answer_with(memocha, words)
    second = await memocha.regenerate(turn.run["user_message_id"], turn.session_id).ended()
    assert second.done, (second.end, second.refused)
    assert second.text == answer
    second.body["message"] = turn.message
    await settle(memocha, [second], Clock("model away"), words)


@pytest.mark.parametrize(
    "fault",
    [Behaviour(cut_after=5, rate=100.0), Behaviour(garbage_after=5, rate=100.0), Behaviour(finish=None, rate=100.0)],
    ids=["cut", "garbage", "no end"],
)
async def test_an_answer_that_breaks_off_is_kept_and_given_anew(
    fault: Behaviour, memocha: Instance, words: Words
) -> None:
    memocha.model.will(fault)
    turn: Turn = await memocha.chat(words.question())
    assert turn.end is not None
    assert (turn.end.name, turn.end.data["code"]) == ("error", "model_unavailable")
    listed = await memocha.all_of(f"/api/sessions/{turn.session_id}/messages")
    assert [(message["content"], message["finish_reason"]) for message in listed] == [
        (turn.message, None),
        (turn.text, "interrupted"),
    ]
    answer = answer_with(memocha, words)
    second = await memocha.regenerate(turn.run["message_id"], turn.session_id).ended()
    assert second.done
    assert second.text == answer
    second.body["message"] = turn.message
    await settle(memocha, [second], Clock("broke off"), words)


async def test_a_stop_in_order_leaves_nothing_undone(memocha: Instance, words: Words, clocks: list[Clock]) -> None:
    """SIGTERM in the middle of a turn: the turn is seen to its end first, and the next start finds it whole."""
    answer = answer_with(memocha, words)
    turn = memocha.say(words.question())
    await turn.saw(3)
    clock = Clock("stop and start")
    clocks.append(clock)
    started = await memocha.restart()
    print(f"second start: {started:.1f} s")
    await turn.ended()
    clock.mark("turn ended")
    assert turn.done
    assert turn.text == answer
    assert turn.connections == 1, "it was not cut off"
    await settle(memocha, [turn], clock, words)


async def test_a_refused_connection_is_no_acknowledgement(memocha: Instance) -> None:
    """The client under test knows the difference."""
    gone = Turn(httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False), {"message": "hello"}).begin()
    await gone.ended()
    assert not gone.acknowledged
    assert gone.refused is not None
