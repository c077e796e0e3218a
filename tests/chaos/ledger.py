"""What the service owes its client after a fault: all that it acknowledged, once and remembered, and a free session.

What counts as acknowledged is decided by what the client saw: its message by the `run` event, the answer by `done`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from pymilvus import MilvusClient, MilvusException

from tests.chaos.words import Words
from tests.support.instance import PATIENCE, Event, Instance, Refused, Turn, until
from tests.support.model_server import Behaviour

RATE = 30.0
"""Tokens a second."""


@dataclass
class Clock:
    """Seconds from a fault until things were well again."""

    fault: str
    began: float = field(default_factory=time.monotonic)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, what: str) -> None:
        self.marks[what] = round(time.monotonic() - self.began, 1)

    def __str__(self) -> str:
        return f"{self.fault:<34} " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in self.marks.items())


def answer_with(instance: Instance, words: Words, rate: float = RATE) -> str:
    """Have the model answer with new words, until it is told another thing."""
    text = words.answer()
    instance.model.default = Behaviour(text=text, rate=rate)
    return text


async def settle(instance: Instance, turns: Sequence[Turn], clock: Clock, words: Words) -> None:
    """Check all that is owed for these turns of one session, then take another one in it."""
    (session_id,) = {turn.session_id for turn in turns}
    await until(lambda: free(instance, session_id), "the session is free")
    await check_messages(instance, session_id, turns)
    clock.mark("free")
    after = await next_turn(instance, session_id, words)
    clock.mark("next turn")
    await check_messages(instance, session_id, [*turns, after])
    await check_index(instance, session_id, [*turns, after])
    clock.mark("index whole")


async def free(instance: Instance, session_id: str) -> bool:
    return (await instance.get(f"/api/sessions/{session_id}"))["active_run_id"] is None


async def next_turn(instance: Instance, session_id: str, words: Words) -> Turn:
    """A turn after the fault. A service that says to try again is asked again, as its clients do."""
    answer = answer_with(instance, words, rate=200.0)
    deadline = time.monotonic() + PATIENCE
    while True:
        turn = await instance.chat(words.question(), session_id)
        if turn.done or time.monotonic() > deadline:
            break
        assert turn.end is None, f"taken and then failed: {turn.end}"
        await asyncio.sleep(0.2)
    assert turn.done, (turn.refused, turn.end)
    assert turn.text == answer
    return turn


async def check_messages(instance: Instance, session_id: str, turns: Sequence[Turn]) -> None:
    """What was acknowledged is there once, as it was said; nothing is there twice."""
    messages = await instance.all_of(f"/api/sessions/{session_id}/messages", limit=200)
    ids = Counter(message["id"] for message in messages)
    assert not [each for each, times in ids.items() if times > 1], "a message twice"
    said = Counter(message["content"] for message in messages)
    assert not [each for each, times in said.items() if times > 1], "the same words twice"
    by_id = {message["id"]: message for message in messages}
    for turn in turns:
        if not turn.acknowledged:
            continue
        assert by_id[turn.run["user_message_id"]]["content"] == turn.message, "an acknowledged message is missing"
        if turn.done:
            answer = by_id[turn.run["message_id"]]
            assert answer["content"] == turn.text, "the answer is not what was streamed"
            assert answer["parent_id"] == turn.run["user_message_id"]
            assert answer["finish_reason"] == turn.of("done")["finish_reason"]


async def check_index(instance: Instance, session_id: str, turns: Sequence[Turn]) -> None:
    """In time every message of the session is found by its words, each memory once; the index holds just the rows."""
    messages = await instance.all_of(f"/api/sessions/{session_id}/messages", limit=200)

    async def remembered() -> bool:
        memories = await instance.all_of("/api/memories", session_id=session_id, limit=200)
        sources = Counter(source["message_id"] for memory in memories for source in memory["sources"])
        ids = Counter(memory["id"] for memory in memories)
        assert set(ids.values()) <= {1}, "a memory twice"
        assert set(sources.values()) <= {1}, "two memories of one message"
        return sources.keys() == {message["id"] for message in messages}

    await until(remembered, "each message has its memory", every=0.1)
    await until(lambda: in_step(instance), "the index holds just the rows", every=0.2)
    for turn in turns:
        if turn.acknowledged:
            await found(instance, turn.message, turn.run["user_message_id"])
        if turn.done:
            await found(instance, turn.text, turn.run["message_id"])


async def found(instance: Instance, text: str, message_id: str) -> None:
    """The index, and not only the rows, finds the message by a word of its own; it comes once."""
    # Words said only here: the answer's first, the question's name.
    word = text.split()[4] if text.startswith("My locker") else text.split()[0]

    async def look() -> bool:
        answer = await instance.get("/api/memories/search", q=word, k=10)
        sources = [source["message_id"] for item in answer["items"] for source in item["sources"]]
        assert len(sources) == len(set(sources)), "found twice"
        return not answer["degraded"] and message_id in sources

    await until(look, f"a search finds {word!r}", every=0.1)


async def in_step(instance: Instance, *, aloud: bool = True) -> bool:
    """Whether the index holds each memory's id once, and no other; what is amiss is printed."""
    # Milvus forgets over a restart what it had loaded, until the service asks it for something.
    await instance.get("/api/memories/search", q="locker")
    try:
        held = Counter(await asyncio.to_thread(held_ids, instance.environment["MEMOCHA_MILVUS_URI"]))
    except MilvusException:  # it is not back yet
        return False
    rows = Counter(await row_ids(instance))
    if held != rows and aloud:
        print(f"index: missing {rows - held}, too many {held - rows}")
    return held == rows


def held_ids(uri: str) -> list[str]:
    """All ids in the index."""
    client = MilvusClient(uri=uri, timeout=10)
    try:
        return [row["id"] for row in client.query("memories", filter="", output_fields=["id"], limit=10_000)]
    finally:
        client.close()


async def row_ids(instance: Instance) -> list[str]:
    """The ids of the memories' rows."""
    rows = await query(instance, "SELECT id::text FROM memories")
    return sorted(row[0] for row in rows)


async def query(instance: Instance, statement: str) -> list[tuple[Any, ...]]:
    """Ask Postgres."""
    url = instance.environment["MEMOCHA_DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(statement)).fetchall()  # type: ignore[arg-type]


async def run_ended(instance: Instance, turn: Turn) -> None:
    """Asked again from the first event on, the run tells itself whole and how it ended, as the client saw it."""
    try:
        events = await instance.events(turn.run_id)
    except Refused as problem:
        raise AssertionError(f"an acknowledged run is gone: {problem}") from problem
    names = [event.name for event in events]
    assert names[-1] in ("done", "error"), names
    assert names[0] == "run", names
    if turn.done:
        assert names[-1] == "done", (names, events[-1], turn.end)
        pieces: list[str] = []
        for event in events:
            if event.name == "run":
                pieces.clear()
            elif event.name == "token":
                pieces.append(event.data["text"])
        assert "".join(pieces) == turn.text, (
            f"told again it is another answer: {_outline(events)}, and was {_outline(turn.events)}"
        )


def _outline(events: Sequence[Event]) -> list[tuple[int, str]]:
    """Where runs began and ended, and how many tokens there were on the way."""
    tokens = [(sum(event.name == "token" for event in events), "tokens in all")]
    return [(event.id, event.name) for event in events if event.name != "token"] + tokens
