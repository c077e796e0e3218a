"""What a turn may not cost more of as its window fills: memories asked for, and what is checkpointed."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, BaseMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from graphs.chat import build_chat_graph
from graphs.memory.ports import Recall, RecallQuery
from graphs.memory.records import Memory, MemoryKind, Recalled
from graphs.models.config import Parameters
from graphs.nodes.recall import fit
from graphs.state import Budgets, ChatContext, Turn
from graphs.window import stamp, with_recalled

USER, SESSION = uuid4(), uuid4()
NOW = datetime(2026, 5, 3, tzinfo=UTC)


class Words:
    """A model of one word, which counts words."""

    name = "stub"
    context = 100_000
    per_message = 4
    per_answer = 3

    async def stream(
        self, messages: Sequence[BaseMessage], parameters: Parameters | None = None
    ) -> AsyncGenerator[AIMessageChunk, None]:
        yield AIMessageChunk("Yes.", response_metadata={"finish_reason": "stop"})

    def __init__(self) -> None:
        self.counted: list[str] = []

    async def count(self, texts: Sequence[str]) -> list[int]:
        self.counted += texts
        return [len(text.split()) for text in texts]


class Notes:
    """A memory that finds one thing, and a recorder: both keep what they were given."""

    def __init__(self) -> None:
        self.asked: list[RecallQuery] = []
        self.turns: list[Turn] = []

    async def recall(self, query: RecallQuery) -> Recall:
        self.asked.append(query)
        return Recall([memory("new")])

    async def record(self, turn: Turn) -> None:
        self.turns.append(turn)


def memory(text: str) -> Recalled:
    return Recalled(Memory(uuid4(), USER, MemoryKind.EPISODE, text, NOW), 0.5)


def window(turns: int, each: int) -> list[AnyMessage]:
    """A conversation in which every question had so many memories recalled, and a new question."""
    messages: list[AnyMessage] = []
    for turn in range(turns):
        question = stamp(HumanMessage("Where?", id=str(uuid4())), seq=2 * turn, at=NOW)
        messages.append(with_recalled(question, [memory(f"{turn} {each}") for each in range(each)]))
        messages.append(AIMessage("Here.", id=str(uuid4()), additional_kwargs={"seq": 2 * turn + 1}))
    return [*messages, stamp(HumanMessage("And now?", id=str(uuid4())), seq=2 * turns, at=NOW)]


async def answered(saver: InMemorySaver, messages: list[AnyMessage]) -> tuple[Notes, dict[str, Any]]:
    notes, words = Notes(), Words()
    context = ChatContext(USER, SESSION, model=words, tokens=words, memory=notes, recorder=notes, recall_k=8)
    thread: Any = {"configurable": {"thread_id": str(SESSION)}}
    return notes, await build_chat_graph(saver).ainvoke({"messages": messages}, thread, context=context)


async def test_what_is_in_view_widens_the_search_no_further_than_twofold() -> None:
    asked = {}
    for turns in (0, 1, 10):
        notes, _ = await answered(InMemorySaver(), window(turns, each=8))
        asked[turns] = notes.asked[0].k
    assert asked == {0: 8, 1: 16, 10: 16}


async def test_memory_is_told_what_the_user_said_before() -> None:
    notes, _ = await answered(
        InMemorySaver(), [HumanMessage("My aunt is ill."), AIMessage("Oh."), HumanMessage("Why?")]
    )
    assert (notes.asked[0].text, notes.asked[0].context) == ("Why?", "My aunt is ill.")
    notes, _ = await answered(InMemorySaver(), [HumanMessage("Why?")])
    assert notes.asked[0].context == ""


async def test_short_memories_are_not_counted_at_all() -> None:
    words = Words()
    context = ChatContext(USER, SESSION, model=words, tokens=words, memory=None)
    found = [memory(f"number {number}") for number in range(8)]
    assert await fit(found, context) == found
    assert words.counted == []


async def test_memories_that_fit_are_counted_as_one_text() -> None:
    words = Words()
    context = ChatContext(USER, SESSION, model=words, tokens=words, memory=None)
    found = [memory(f"number {number} {'of many letters' * 10}") for number in range(8)]
    assert await fit(found, context) == found
    assert len(words.counted) == 1


async def test_memories_that_do_not_fit_are_left_out_one_by_one() -> None:
    words = Words()
    small = ChatContext(USER, SESSION, model=words, tokens=words, memory=None, budgets=Budgets(memories=20))
    short, long, other = memory("short"), memory("long " * 30), memory("other")
    assert await fit([short, long, other], small) == [short, other]


async def test_an_answer_is_recorded_with_what_is_in_view() -> None:
    notes, result = await answered(InMemorySaver(), window(3, each=2))
    given = [(item.memory.text, item.in_view) for item in notes.turns[0].recalled]
    assert given == [("new", False), *((f"{turn} {each}", True) for turn in range(3) for each in range(2))]
    assert len(result["in_view"]) == 6


async def test_the_window_is_checkpointed_when_it_changes_and_memories_in_view_once() -> None:
    saver = InMemorySaver()
    await answered(saver, window(3, each=2))
    thread: Any = {"configurable": {"thread_id": str(SESSION)}}
    checkpoints = [item.checkpoint async for item in saver.alist(thread)]
    assert len({str(each["channel_versions"].get("messages")) for each in checkpoints} - {"None"}) == 2
    assert not [each for each in checkpoints if "in_view" in each["channel_values"]]
