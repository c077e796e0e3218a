"""kill -9 in the middle of a turn, where it leaves more to do than the cells of the matrix: of all parts at once, of the
model, of each part in one conversation."""

import asyncio
import random

import pytest

from tests.chaos.ledger import Clock, answer_with, run_ended, settle
from tests.chaos.words import WORDS as TOKENS
from tests.chaos.words import Words
from tests.support.instance import Instance, PartName, Turn, running_instance, until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

ROUNDS = 2


async def struck(
    instance: Instance,
    part: PartName,
    dice: random.Random,
    words: Words,
    session_id: str | None = None,
    within: int = TOKENS,
) -> tuple[Turn, Clock, str]:
    """A turn in the middle of which (`within` so many tokens) a part was killed, the clock since then, and the answer
    that it should get."""
    answer = answer_with(instance, words)
    turn = instance.say(words.question(), session_id)
    await turn.saw(dice.randrange(within))
    print(f"kill {part} after {turn.tokens} tokens")
    clock = Clock(f"{part} after {turn.tokens} tokens")
    await instance.kill(part)
    return turn, clock, answer


async def recovered(
    instance: Instance, turn: Turn, clock: Clock, answer: str, words: Words, clocks: list[Clock]
) -> None:
    """The turn was answered after all, in full, and everything else is as it should be."""
    clocks.append(clock)
    await turn.ended()
    clock.mark("turn ended")
    assert turn.done, (turn.end, turn.refused)
    assert turn.text == answer
    assert [event.id for event in turn.events] == sorted({event.id for event in turn.events}), "event ids go up"
    await run_ended(instance, turn)
    await settle(instance, [turn], clock, words)


async def test_the_supervisor(memocha: Instance, dice: random.Random, words: Words, clocks: list[Clock]) -> None:
    for _ in range(ROUNDS):
        turn, clock, answer = await struck(memocha, "supervisor", dice, words)
        await memocha.start()
        clock.mark("up again")
        await recovered(memocha, turn, clock, answer, words, clocks)


async def test_the_model_server(memocha: Instance, dice: random.Random, words: Words, clocks: list[Clock]) -> None:
    """An answer that broke off is kept as far as it came, the client is told, and its message can be answered anew."""
    for _ in range(ROUNDS):
        # Not its last tokens: they may be on their way when it dies.
        turn, clock, _ = await struck(memocha, "model", dice, words, within=TOKENS // 2)
        clocks.append(clock)
        await turn.ended()
        await asyncio.to_thread(memocha.model.start)
        clock.mark("turn ended")
        assert turn.end is not None
        assert turn.end.name == "error"
        assert turn.end.data["code"] == "model_unavailable"
        await run_ended(memocha, turn)
        again = answer_with(memocha, words)
        second = await memocha.regenerate(turn.run["user_message_id"], turn.session_id).ended()
        assert second.done, (second.end, second.refused)
        assert second.text == again
        second.body["message"] = turn.message
        clock.mark("answered anew")
        await settle(memocha, [second], clock, words)


async def test_a_session_through_all_faults(
    memocha: Instance, dice: random.Random, words: Words, clocks: list[Clock]
) -> None:
    """One conversation, a part killed in each turn: it stays whole and in order."""
    turns: list[Turn] = []
    parts: list[PartName] = ["postgres", "milvus", "service"]
    dice.shuffle(parts)
    for part in parts:
        session_id = turns[0].session_id if turns else None
        turn, clock, answer = await struck(memocha, part, dice, words, session_id)
        await turn.ended()
        assert turn.done, (part, turn.end, turn.refused)
        assert turn.text == answer
        turns.append(turn)
    await settle(memocha, turns, clock, words)
    listed = await memocha.all_of(f"/api/sessions/{turns[0].session_id}/messages")
    expected = [words for turn in turns for words in (turn.message, turn.text)]
    assert [message["content"] for message in listed][: len(expected)] == expected


@pytest.mark.model
async def test_the_local_model(words: Words, clocks: list[Clock]) -> None:
    """The real one: its process comes back, and the message that it left is answered."""
    async with running_instance(model="local", MEMOCHA_MAX_TOKENS="24") as instance:
        await instance.wait_ready("postgres", "memory", "model", seconds=120)
        turn = instance.say("Count from one to forty, in words, one after the other.")
        await turn.saw(3, 120)
        assert turn.end is None
        clock = Clock(f"local model after {turn.tokens} tokens")
        clocks.append(clock)
        await instance.kill("model")
        await turn.ended()
        clock.mark("turn ended")
        assert turn.end is not None
        assert turn.end.data.get("code") == "model_unavailable"
        await until(lambda: "llama_child" in "".join(instance.members().values()), "the model is started again")
        clock.mark("started again")

        async def answered() -> Turn | None:
            second = await instance.regenerate(turn.run["user_message_id"], turn.session_id).ended(120)
            return second if second.done else None

        second = await until(answered, "the message is answered", 120, every=0.2)
        clock.mark("answered anew")
        assert second.text
        listed = await instance.all_of(f"/api/sessions/{turn.session_id}/messages")
        assert [message["content"] for message in listed] == [turn.message, second.text]
